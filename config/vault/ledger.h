/*
 * NAME     ledger - the tenants' own keys, wrapped: what is struck out here can be opened by nobody again, from no backup
 * HOLDS    for each owner (a tenant, as the vault names it) a key for its records and, when the tenant keeps half of
 *          the key itself, one for its secrets; of no owner the key that the vault finds its records by
 * HALVES   a key for secrets is wrapped under the tenant's half, then under the vault's root, so that neither opens it
 *          alone. Two halves may fit for a while, so that one can follow the other without an interruption
 * LAYOUT   (numbers big-endian) one or two sections, then the SHA-256 of all of them. Two while the master key changes: each is
 *          sealed by its own. A section
 *          head      magic 8, format 4, length 4 (of all of it), UUID of the vault 16, generation 8, keys 4
 *          key       owner 16, number 4, kind 1, wraps 1, born 8, until 8, then each wrap: salt 32, inner salt 32, sealed 48,
 *                    outer tag 16
 *          MAC       HMAC-SHA-256 over all of the section above
 * LIVES    from the generation of the ledger that it was born in up to that before `until`, as the vault's head names it: what
 *          a change that was cut off left behind is no key of the vault that stayed
 * OWNS     its lines; what it opens is the caller's
 * LIMIT    LEDGER_FILE_MAX; LEDGER_WRAPS_MAX halves
 * FAULTS   VAULT_DAMAGED, VAULT_VERSION, VAULT_FULL, KEY_HALF (none was given, or it does not fit), with a sentence
 * THREADS  one owner at a time
 */
#ifndef CONFIG_VAULT_LEDGER_H
#define CONFIG_VAULT_LEDGER_H

#include "config/vault/format.h"

enum {
	LEDGER_FORMAT = 1,
	LEDGER_HALF = 32, /* bytes of a tenant's half, all of them random */
	LEDGER_WRAPS_MAX = 2,
	LEDGER_SEALED = VAULT_KEY + VAULT_TAG,
	LEDGER_FILE_MAX = VAULT_FILE_MAX,
};

enum ledger_kind {
	LEDGER_INDEX = 1,   /* of no owner */
	LEDGER_RECORDS = 2, /* opens a tenant's records */
	LEDGER_SECRETS = 3, /* opens what holds its secrets, with the tenant's half */
};

struct ledger_wrap {
	unsigned char salt[VAULT_SALT];
	unsigned char inner_salt[VAULT_SALT]; /* of the half; zeros when there is none */
	unsigned char sealed[LEDGER_SEALED];
	unsigned char tag[VAULT_TAG];
};

struct ledger_key {
	unsigned char owner[VAULT_OWNER];
	uint32_t number;
	enum ledger_kind kind;
	uint64_t born;	/* in which generation of the ledger; 0: the next that is written */
	uint64_t until; /* since which one it is of no use; 0: it is */
	unsigned wrap_count;
	struct ledger_wrap wraps[LEDGER_WRAPS_MAX];
	bool is_retired; /* opens what the file before holds, and nothing of the next one */
};

struct ledger {
	uint64_t generation;
	struct ledger_key *keys; /* by owner and number, ascending */
	size_t count;
	size_t room;
};

/* What a master key makes of itself for its ledger. */
struct ledger_root {
	unsigned char uuid[VAULT_UUID];
	struct secret *wrap;
	struct secret *mac;
};

MUST_USE enum fault ledger_root_derive(const struct secret *master,
				       const unsigned char uuid[VAULT_UUID],
				       struct ledger_root *out_root);
void ledger_root_deinit(struct ledger_root *r);

void ledger_deinit(struct ledger *l); /* an all-zero one is empty */

/* The section that this root sealed. */
MUST_USE enum fault ledger_read(struct slice file, const struct ledger_root *root,
				struct ledger *out_ledger, struct problem *p);
/* Appends a section; with `all`, those that are retired too. */
MUST_USE enum fault ledger_write(const struct ledger *l, const struct ledger_root *root, bool all,
				 struct buf *out);
/* The checksum behind the last section. */
MUST_USE enum fault ledger_finish(struct buf *out);

struct ledger_fresh {
	const unsigned char *owner; /* VAULT_OWNER bytes */
	enum ledger_kind kind;
	const struct secret *half;  /* NULL: the root alone opens it */
	const struct secret *given; /* what it is to be; NULL: random */
};

/* A key under the owner's next number. */
MUST_USE enum fault ledger_add(struct ledger *l, const struct ledger_root *root,
			       const struct ledger_fresh *fresh, uint32_t *out_number,
			       struct problem *p);
/* NULL: there is none. The pointer stands until the next key is added or dropped. */
struct ledger_key *ledger_find(const struct ledger *l, const unsigned char owner[VAULT_OWNER],
			       uint32_t number);
/* What new records of this owner are sealed with. */
struct ledger_key *ledger_current(const struct ledger *l, const unsigned char owner[VAULT_OWNER],
				  enum ledger_kind kind);

MUST_USE enum fault ledger_open(const struct ledger_root *root, const struct ledger_key *key,
				const struct secret *half, struct secret **out_key,
				struct problem *p);
/* `fresh` fits from now on besides `half`; a third one goes. */
MUST_USE enum fault ledger_add_half(const struct ledger_root *root, struct ledger_key *key,
				    const struct secret *half, const struct secret *fresh,
				    struct problem *p);
/* Only `half` fits from now on. */
MUST_USE enum fault ledger_keep_half(const struct ledger_root *root, struct ledger_key *key,
				     const struct secret *half, struct problem *p);
/* The same keys under another root; halves are not needed. `key` is as before on a fault. */
MUST_USE enum fault ledger_rewrap(struct ledger_key *key, const struct ledger_root *from,
				  const struct ledger_root *to);

/* All keys of an owner are struck out, retired or not. */
void ledger_strike(struct ledger *l, const unsigned char owner[VAULT_OWNER]);
/* What is retired goes. */
void ledger_sweep(struct ledger *l);
/* What is new, and what is retired, is so from this generation on. */
void ledger_stamp(struct ledger *l, uint64_t generation);
/*
 * Keeps what a vault of this generation of the ledger uses, without an end to it; true: that is not what was written, which
 * is not to be believed by the next generation of the vault.
 */
bool ledger_keep_live(struct ledger *l, uint64_t generation);

#endif
