/*
 * NAME     house_keys - the house's own keys: what tags in the log are keyed by, and what signs receipts
 * VAULT    one record of the operator's holds them (config/vault/record.h). They are made when one is first needed, and stay;
 *          saving the vault is the caller's
 * DAYS     a day's key is derived from the log key (RFC 5869), so that whoever has one day's knows nothing of another's
 * ROTATION a new receipt key signs from then on; the public keys of before are kept, HOUSE_KEYS_BEFORE of them
 * FAULTS   the vault's; NOT_FOUND while there are no keys yet
 * THREADS  as the vault
 */
#ifndef CONFIG_KEEPER_HOUSE_KEYS_H
#define CONFIG_KEEPER_HOUSE_KEYS_H

#include "spool-free/job/receipt_jws.h"
#include "config/vault/vault.h"

enum { HOUSE_DAY_KEY = VAULT_KEY, HOUSE_KEYS_BEFORE = RECEIPT_KEYS_MAX - 1 };

bool house_keys_are_there(const struct vault *v);
/* Unless they are there. */
MUST_USE enum fault house_keys_make(struct vault *v, struct problem *p);
/* Another receipt key. */
MUST_USE enum fault house_keys_rotate(struct vault *v, struct problem *p);

/* `day`: days since 1970-01-01. */
MUST_USE enum fault house_keys_day(const struct vault *v, uint32_t day, struct secret **out_key,
				   struct problem *p);
/* A compact JWS over a claim (receipt_is_claim). */
MUST_USE enum fault house_keys_sign(const struct vault *v, struct slice claim, struct buf *out,
				    struct problem *p);
/* The one that signs, and those of before. */
MUST_USE enum fault house_keys_public(const struct vault *v, struct receipt_keys *out_keys,
				      struct problem *p);

#endif
