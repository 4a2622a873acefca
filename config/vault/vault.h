/*
 * NAME     vault - the opened vault: master key and sealed records; a record is opened when it is asked for
 * OWNS     its keys (secrets) and the records' ciphertexts. Nothing opened stays inside
 * FINDS    by id = HMAC(index key, kind, tenant, name): no record is opened to look for another, ids tell
 *          a thief nothing, and what a search compares is no secret
 * KEYS     RFC 5869 with fixed labels from the master key: the seal over head and list, the index, and
 *          for each write of a record one of its own by a fresh salt
 * LIMIT    as in format.h
 * FAULTS   VAULT_LOCKED, VAULT_DAMAGED, VAULT_VERSION, VAULT_ROLLBACK, VAULT_FULL, NOT_FOUND, BAD_RECORD,
 *          with a sentence
 * THREADS  one owner at a time
 */
#ifndef CONFIG_VAULT_VAULT_H
#define CONFIG_VAULT_VAULT_H

#include "config/vault/format.h"
#include "config/vault/record.h"
#include "config/vault/slots.h"

struct vault;

MUST_USE enum fault vault_create(const struct vault_unlock *unlock, struct vault_kdf kdf,
				 struct vault **out_vault, struct problem *p);
MUST_USE enum fault vault_open(struct slice file, const struct vault_unlock *unlock,
			       struct vault **out_vault, struct problem *p);
/*
 * The same vault as it is in a newer file, opened with the same master key. An older generation,
 * another content under the same one, or another vault is VAULT_ROLLBACK; `v` is as before on any
 * fault.
 */
MUST_USE enum fault vault_refresh(struct vault *v, struct slice file, struct problem *p);
void vault_free(struct vault **v);

uint64_t vault_generation(const struct vault *v);
size_t vault_count(const struct vault *v);
bool vault_has_slot(const struct vault *v, enum vault_slot_kind kind);

/* The record is the caller's: its slices lie in the arena, vault_record_deinit() frees a password.
 */
MUST_USE enum fault vault_find(const struct vault *v, struct vault_key_name name,
			       struct arena *into, struct vault_record *out_record,
			       struct problem *p);
/* In no order that means anything. */
MUST_USE enum fault vault_at(const struct vault *v, size_t index, struct arena *into,
			     struct vault_record *out_record, struct problem *p);
enum vault_kind vault_kind_at(const struct vault *v, size_t index);

/* Adds, or writes anew what has this name. */
MUST_USE enum fault vault_put(struct vault *v, const struct vault_record *r, struct problem *p);
MUST_USE enum fault vault_remove(struct vault *v, struct vault_key_name name);
/* The one slot of its kind, replaced or added; records are not touched. */
MUST_USE enum fault vault_set_slot(struct vault *v, const struct vault_unlock *unlock,
				   struct vault_kdf kdf, struct problem *p);

/* The file of the next generation; it was read and checked once before it is given out. */
MUST_USE enum fault vault_encode(struct vault *v, struct buf *out, struct problem *p);

#endif
