/*
 * NAME     slots - the ways to a vault's master key: each wraps it under a passphrase or a credential
 * OWNS     nothing; the master key it gives out is the caller's
 * LIMIT    scrypt's cost is bounded before it is run; a credential has at least VAULT_CREDENTIAL_MIN bytes
 * FAULTS   VAULT_LOCKED (this key opens no slot), VAULT_DAMAGED (a cost out of bounds), with a sentence
 * THREADS  safe from any thread
 */
#ifndef CONFIG_VAULT_SLOTS_H
#define CONFIG_VAULT_SLOTS_H

#include "config/vault/format.h"

enum {
	VAULT_LOG_N = 17,     /* 128 MiB and a third of a second: libraries.md section 7 */
	VAULT_LOG_N_MIN = 15, /* less is not taken from a file; tests say otherwise */
	VAULT_LOG_N_MAX = 20,
	VAULT_CREDENTIAL_MIN = 32, /* bytes of a credential, all of them random */
	VAULT_CREDENTIAL_MAX = 4096,
};

/* What opens a slot. */
struct vault_unlock {
	enum vault_slot_kind kind;
	const struct secret *bytes;
	uint8_t log_n_min; /* 0: VAULT_LOG_N_MIN */
};

extern const struct vault_kdf vault_kdf_usual;

/* A slot with a fresh salt, bound to the file by its UUID. */
MUST_USE enum fault vault_slot_make(const unsigned char uuid[VAULT_UUID],
				    const struct secret *master, const struct vault_unlock *unlock,
				    struct vault_kdf kdf, struct vault_slot *out_slot,
				    struct problem *p);
/* The master key behind the first slot that `unlock` opens. Whether it is the right one, the file's seal tells. */
MUST_USE enum fault vault_slots_open(const struct vault_head *head,
				     const struct vault_unlock *unlock, struct secret **out_master,
				     struct problem *p);

#endif
