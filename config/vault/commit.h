/*
 * NAME     commit - the vault and its ledger as two files that follow each other through every power cut
 * ORDER    a change writes the ledger with the keys of before and of now, then the vault, then the ledger with the keys of now
 *          alone; the first and the last only where keys changed. A tenant that is shredded is gone with the first.
 *          Whoever reads takes the vault, then the ledger, and again when the vault was replaced meanwhile
 * FILES    FILE and FILE.keys, beside FILE.lock and FILE.prev (store.h), and FILE.copies (backup.h)
 * BACKUPS  the ledger's copies among them are replaced with it. Where keys went and a copy could not be replaced, the change is
 *          saved, and commit_save() returns why
 * FAULTS   as vault.h and store.h have them. After a fault of commit_save() the vault in memory is not what the files
 *          hold: commit_revert()
 * THREADS  one owner at a time; commit_save() under the lock of store.h
 */
#ifndef CONFIG_VAULT_COMMIT_H
#define CONFIG_VAULT_COMMIT_H

#include "config/vault/store.h"
#include "config/vault/vault.h"

#define COMMIT_LEDGER_ENDING ".keys"

/* By these a reader sees that there is something new. */
struct commit_stamp {
	struct vault_stamp vault;
	struct vault_stamp ledger; /* all zero: there is none */
};

MUST_USE enum fault commit_look(const char *path, struct commit_stamp *out_stamp);
bool commit_stamp_eq(const struct commit_stamp *a, const struct commit_stamp *b);

MUST_USE enum fault commit_load(const char *path, const struct vault_unlock *unlock,
				struct vault **out_vault, struct commit_stamp *out_stamp,
				struct problem *p);
/* vault_refresh() from the files; the stamp is of what was read, even when it was not taken. */
MUST_USE enum fault commit_reload(const char *path, struct vault *v,
				  const struct vault_unlock *unlock, struct commit_stamp *out_stamp,
				  struct problem *p);
MUST_USE enum fault commit_revert(const char *path, struct vault *v,
				  const struct vault_unlock *unlock, struct commit_stamp *out_stamp,
				  struct problem *p);
/* `steps` may be NULL. `is_new`: refuses where a vault or a ledger is already. */
MUST_USE enum fault commit_save(const char *path, struct vault *v, bool is_new,
				const struct vault_steps *steps, struct problem *p);

#endif
