/*
 * NAME     vault_inside - the opened vault as its own files share it; no other folder includes this
 * ORDER    vault.c the whole, vault_open.c from its files, vault_record.c single records, vault_keys.c tenants' keys and the
 *          master key
 */
#ifndef CONFIG_VAULT_VAULT_INSIDE_H
#define CONFIG_VAULT_VAULT_INSIDE_H

#include "config/vault/ledger.h"
#include "config/vault/vault.h"

/* An entry and, when it was written since the file was read, its own ciphertext. */
struct item {
	struct vault_entry entry;
	char *fresh;
};

struct vault {
	struct vault_head head;
	struct secret *master;
	struct secret *mac_key;
	struct secret *index_key;
	struct ledger_root root;
	struct ledger ledger;
	bool is_portable;    /* no ledger: all is under the master key */
	bool has_struck;     /* a tenant's keys, since the ledger was written */
	bool ledger_changed; /* it is to be written before the vault is */
	struct buf
		old_ledger; /* a section for those who hold the master key of before; else empty */
	unsigned char mac[VAULT_DIGEST]; /* of the file that was read */
	char *bodies;			 /* of the file that was read; entries point into it */
	struct item *items;		 /* by id, ascending; head.entry_count of them */
	size_t room;
	size_t lost;	  /* records whose keys were struck out */
	bool is_from_old; /* the file that was read is of format 1: its master key opens all of it */
	bool forgets_old; /* and nothing of that may stay as the file before */
};

void vault_drop_items(struct vault *v);
MUST_USE enum fault vault_make_master(struct secret **out_master);
/* The keys that follow from the master key. */
MUST_USE enum fault vault_derive(struct vault *v);

/* The key that records are found by: of a vault without a ledger, and of each before it got one. */
MUST_USE enum fault vault_derive_index(struct vault *v);
/* Its first line is the key that records are found by, which outlives the master key: ids stay what they are. */
MUST_USE enum fault vault_start_ledger(struct vault *v, struct problem *p);
/* Takes head, list and bodies of a file whose seal fits, for the ledger that is there. On a fault `v` is as before. */
MUST_USE enum fault vault_take_content(struct vault *v, const struct vault_format *format,
				       struct problem *p);

/* Retires what no record is sealed with, and nothing else of the tenants' own keys. */
void vault_mark_keys(struct vault *v);

/* Zeros for the operator. */
MUST_USE enum fault vault_owner(const struct vault *v, struct slice tenant,
				unsigned char out[VAULT_OWNER]);
/* The record with its secrets is the caller's. */
MUST_USE enum fault vault_open_item(const struct vault *v, const struct item *item,
				    const struct secret *half, struct arena *into,
				    struct vault_record *out_record, struct problem *p);
/* Seals what `item` names by its entry's id, owner, kind and key; version and the rest are set here. */
MUST_USE enum fault vault_seal_item(const struct vault *v, const struct vault_record *r,
				    const struct secret *half, struct item *item,
				    struct problem *p);
/* The same plain text under the key that is current; for a change of keys. */
MUST_USE enum fault vault_reseal(struct vault *v, struct item *item, const struct secret *half,
				 uint32_t key, struct problem *p);
/* Records of format 1 get their tenants' keys, and settings of their own. */
MUST_USE enum fault vault_modernize(struct vault *v, struct problem *p);

#endif
