/*
 * NAME     format - the sealed file as bytes: read and written purely, nothing opened here
 * LAYOUT   (numbers big-endian)
 *          head      magic 8, format 4, file UUID 16, generation 8, ledger's generation 8, slots 4, records 4
 *          slots     kind 1, log N 1, r 1, p 1, salt 32, wrapped master key 48
 *          list      id 16, owner 16, kind 1, version 4, key 4, salt 32, length 4, tag 16; ids strictly ascending
 *          MAC       HMAC-SHA-256 over all of the above, keyed from the master key
 *          bodies    the records' ciphertexts in the list's order
 *          checksum  SHA-256 over all of the above: tells a bad disk from a wrong passphrase, no more
 * FORMAT 1 has no ledger's generation, no owner and no key: all of it is sealed under the master key. It is read yet
 * ORDER    read() looks at head, slots and checksum; check() proves them; the list is read behind it
 * LIMIT    VAULT_SLOTS_MAX, VAULT_RECORDS_MAX, VAULT_BODY_MAX, VAULT_FILE_MAX
 * FAULTS   VAULT_DAMAGED, VAULT_VERSION, VAULT_FULL, with a sentence
 * THREADS  pure
 */
#ifndef CONFIG_VAULT_FORMAT_H
#define CONFIG_VAULT_FORMAT_H

#include "spool-free/base/buf.h"
#include "spool-free/base/problem.h"
#include "config/vault/crypto.h"

enum {
	VAULT_FORMAT_NUMBER = 2,
	VAULT_FORMAT_OLDEST = 1,
	VAULT_MAGIC = 8,
	VAULT_UUID = 16,
	VAULT_ID = 16,
	VAULT_OWNER = 16, /* stands for a tenant; zeros: the operator */
	VAULT_WRAPPED = VAULT_KEY + VAULT_TAG,
	VAULT_SLOTS_MAX = 8,
	VAULT_RECORDS_MAX = 1000 * 1000,
	VAULT_BODY_MAX = 32 * 1024,
	VAULT_BODY_PAD = 64, /* bodies are whole multiples, so that their length tells little */
	VAULT_FILE_MAX = 256 * 1024 * 1024,
	VAULT_AAD = VAULT_UUID + VAULT_ID + 1 + 4 + VAULT_OWNER + 4,
	VAULT_SLOT_AAD = VAULT_UUID + 4,
};

enum vault_kind {
	VAULT_TENANT = 1,
	VAULT_TOKEN = 2,
	VAULT_SERVER = 3,
	VAULT_SETTINGS = 4,
	VAULT_POLICY = 5,
	VAULT_AWS = 6,
	VAULT_HOUSE = 7,
	VAULT_KINDS /* one past the last */
};

enum vault_slot_kind { VAULT_PASSPHRASE = 1, VAULT_CREDENTIAL = 2 };

/* One way to the master key. A credential's slot has no scrypt: it is random enough as it is. */
struct vault_slot {
	enum vault_slot_kind kind;
	struct vault_kdf kdf;
	unsigned char salt[VAULT_SALT];
	unsigned char wrapped[VAULT_WRAPPED];
};

struct vault_head {
	uint32_t format;
	unsigned char uuid[VAULT_UUID];
	uint64_t generation;
	uint64_t
		ledger_generation; /* the least that a ledger beside it may have; 0: there is none */
	struct vault_slot slots[VAULT_SLOTS_MAX];
	size_t slot_count;
	size_t entry_count;
};

struct vault_entry {
	unsigned char id[VAULT_ID];
	unsigned char owner[VAULT_OWNER];
	enum vault_kind kind;
	uint32_t version; /* the generation that it was written in */
	uint32_t key;	  /* of the owner, by its number in the ledger; 0: the master key */
	unsigned char salt[VAULT_SALT];
	unsigned char tag[VAULT_TAG];
	struct slice body;
};

/* Views into the file's bytes. */
struct vault_format {
	struct vault_head head;
	struct slice signed_part;
	struct slice list;
	struct slice mac;
	struct slice bodies;
};

MUST_USE enum fault vault_format_read(struct slice file, struct vault_format *out_format,
				      struct problem *p);
/* In constant time; VAULT_DAMAGED when anything of head, slots or list is not as it was written. */
MUST_USE enum fault vault_format_check(const struct vault_format *v, const struct secret *mac_key,
				       struct problem *p);
/* After check(): fills head.entry_count entries; their bodies point into the file. */
MUST_USE enum fault vault_format_entries(const struct vault_format *v, struct vault_entry *entries,
					 struct problem *p);

MUST_USE enum fault vault_format_write(const struct vault_head *head,
				       const struct vault_entry *entries,
				       const struct secret *mac_key, struct buf *out);

/* What a record's and a slot's ciphertext is bound to, so that neither can be moved elsewhere. */
struct slice vault_format_aad(const struct vault_head *head, const struct vault_entry *e,
			      char room[VAULT_AAD]);
void vault_format_slot_aad(const unsigned char uuid[VAULT_UUID], const struct vault_slot *s,
			   char out[VAULT_SLOT_AAD]);

#endif
