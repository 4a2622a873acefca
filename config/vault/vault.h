/*
 * NAME     vault - the opened vault: master key, tenants' keys and sealed records; a record is opened when it is asked for
 * OWNS     its keys (secrets) and the records' ciphertexts. Nothing opened stays inside
 * FINDS    by id = HMAC(index key, kind, tenant, name): no record is opened to look for another, ids tell
 *          a thief nothing but which records are of one tenant, and what a search compares is no secret
 * KEYS     RFC 5869 with fixed labels. From the master key: the seal over head and list, and what wraps the ledger
 *          (ledger.h). From a tenant's key of the ledger, or for the operator's records from the master key: for each
 *          write of a record one of its own by a fresh salt
 * HALF     32 bytes that a tenant keeps for itself: without them what holds its secrets (servers) opens for nobody
 * SHRED    a tenant whose keys were struck out of the ledger is gone from this file and from every older copy of it
 * LIMIT    as in format.h
 * FAULTS   VAULT_LOCKED, VAULT_DAMAGED, VAULT_VERSION, VAULT_ROLLBACK, VAULT_FULL, VAULT_MISSING (the ledger), KEY_HALF,
 *          NOT_FOUND, BAD_RECORD, with a sentence
 * THREADS  one owner at a time
 */
#ifndef CONFIG_VAULT_VAULT_H
#define CONFIG_VAULT_VAULT_H

#include "config/vault/format.h"
#include "config/vault/record.h"
#include "config/vault/slots.h"

enum { VAULT_HALF = 32 };

struct vault;

MUST_USE enum fault vault_create(const struct vault_unlock *unlock, struct vault_kdf kdf,
				 struct vault **out_vault, struct problem *p);
/* Without a ledger, for taking one tenant elsewhere: one file is all of it, and halves are not needed. */
MUST_USE enum fault vault_create_portable(const struct vault_unlock *unlock, struct vault_kdf kdf,
					  struct vault **out_vault, struct problem *p);
/* `ledger`: the file beside it; empty when there is none. */
MUST_USE enum fault vault_open(struct slice file, struct slice ledger,
			       const struct vault_unlock *unlock, struct vault **out_vault,
			       struct problem *p);
/*
 * The same vault as it is in newer files; `unlock`, which may be NULL, lets it follow a change of the master key. An
 * older generation, another content under the same one, or another vault is VAULT_ROLLBACK; `v` serves on after any
 * fault.
 */
MUST_USE enum fault vault_refresh(struct vault *v, struct slice file, struct slice ledger,
				  const struct vault_unlock *unlock, struct problem *p);
/* As it is in its files, whatever was done to `v` since: a change that could not be saved is undone. */
MUST_USE enum fault vault_revert(struct vault *v, struct slice file, struct slice ledger,
				 const struct vault_unlock *unlock, struct problem *p);
void vault_free(struct vault **v);

uint64_t vault_generation(const struct vault *v);
size_t vault_count(const struct vault *v);
size_t vault_lost(
	const struct vault *v); /* records of tenants that were shredded; gone at the next change */
bool vault_has_slot(const struct vault *v, enum vault_slot_kind kind);

/* --- records --- */

/*
 * The record is the caller's: its slices lie in the arena, vault_record_deinit() frees its secrets. `half`: the tenant's, or
 * NULL; needed for the secrets of a tenant that has one.
 */
MUST_USE enum fault vault_find(const struct vault *v, struct vault_key_name name,
			       const struct secret *half, struct arena *into,
			       struct vault_record *out_record, struct problem *p);
/* Becomes another one with each write of the record, and tells nothing else; 0: there is no record. It is not opened. */
uint32_t vault_version(const struct vault *v, struct vault_key_name name);
/* In no order that means anything. */
MUST_USE enum fault vault_at(const struct vault *v, size_t index, const struct secret *half,
			     struct arena *into, struct vault_record *out_record,
			     struct problem *p);
enum vault_kind vault_kind_at(const struct vault *v, size_t index);
bool vault_needs_half_at(const struct vault *v, size_t index);
/* The tenant's records alone: the next index from `from` on, or vault_count(). */
size_t vault_next_of(const struct vault *v, struct slice tenant, size_t from);
size_t vault_bytes_of(const struct vault *v, struct slice tenant); /* of their bodies, sealed */

/* Adds, or writes anew what has this name. A tenant's record comes before all others of it: NOT_FOUND. */
MUST_USE enum fault vault_put(struct vault *v, const struct vault_record *r,
			      const struct secret *half, struct problem *p);
MUST_USE enum fault vault_remove(struct vault *v, struct vault_key_name name);

/* --- keys; after a fault of these the vault in memory may be half changed: vault_revert() --- */

/* The one slot of its kind, replaced or added; records are not touched. */
MUST_USE enum fault vault_set_slot(struct vault *v, const struct vault_unlock *unlock,
				   struct vault_kdf kdf, struct problem *p);
/* All records and keys of the tenant, for good, once the ledger is saved. NOT_FOUND when there are none. */
MUST_USE enum fault vault_shred(struct vault *v, struct slice tenant, size_t *out_records);
bool vault_is_split(const struct vault *v, struct slice tenant);
/* Its secrets are sealed with `half` from now on; with other keys than before, so that no older copy opens. CONFLICT: they are. */
MUST_USE enum fault vault_split(struct vault *v, struct slice tenant, const struct secret *half,
				struct problem *p);
/* Its secrets are sealed without a half again. */
MUST_USE enum fault vault_unsplit(struct vault *v, struct slice tenant, const struct secret *half,
				  struct problem *p);
/* `fresh` fits besides `half`; then `half` alone fits. */
MUST_USE enum fault vault_add_half(struct vault *v, struct slice tenant, const struct secret *half,
				   const struct secret *fresh, struct problem *p);
MUST_USE enum fault vault_keep_half(struct vault *v, struct slice tenant, const struct secret *half,
				    struct problem *p);
/* Whether this half fits; FAULT_NONE as well for a tenant that has none. */
MUST_USE enum fault vault_check_half(const struct vault *v, struct slice tenant,
				     const struct secret *half, struct problem *p);
/*
 * A new master key and new keys for all tenants; every record is sealed anew, but the secrets of those who have a half:
 * their key, which nobody could open, is only wrapped anew. The slots are those of `unlocks`.
 */
MUST_USE enum fault vault_rotate(struct vault *v, const struct vault_unlock *unlocks, size_t count,
				 struct vault_kdf kdf, struct problem *p);

/* --- files; commit.h writes them in the order that a power cut may interrupt --- */

/* The file of the next generation; it was read and checked once before it is given out. */
MUST_USE enum fault vault_encode(struct vault *v, struct buf *out, struct problem *p);
/* Before the vault is written: keys of before and of now. After: only those of now. */
MUST_USE enum fault vault_encode_ledger(struct vault *v, bool is_after, struct buf *out,
					struct problem *p);
bool vault_needs_ledger(const struct vault *v);
bool vault_has_retired_keys(const struct vault *v);
/* No file of format 1, which the master key alone opens, may stay as the one before: the vault is written twice. */
bool vault_forgets_old(const struct vault *v);
bool vault_has_struck_keys(const struct vault *v); /* since the ledger was encoded last */
/* The next file is of a generation above this one; for a file of before that takes a newer one's place. */
void vault_raise(struct vault *v, uint64_t generation);

#endif
