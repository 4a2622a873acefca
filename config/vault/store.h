/*
 * NAME     store - the vault's file: lock, read, replace whole or not at all
 * OWNS     a lock while it is held; FILE.lock stays behind, empty, on purpose
 * LEDGER   replaced in the same way, but nothing is kept of the one before: its bytes are overwritten, as far as the disk
 *          lets them be
 * REPLACE  FILE.new (O_EXCL, 0600) -> written -> synced -> read back and compared -> FILE linked as
 *          FILE.prev -> renamed over FILE -> folder synced. A power cut between any two leaves FILE old
 *          or new, whole
 * FAULTS   VAULT_MISSING, VAULT_EXISTS, VAULT_IO, VAULT_FULL (larger than a vault may be), CONFLICT (the
 *          lock is somebody's), with a sentence
 * THREADS  any; the lock excludes other processes and other opens of this one
 */
#ifndef CONFIG_VAULT_STORE_H
#define CONFIG_VAULT_STORE_H

#include <sys/types.h>

#include "spool-free/base/buf.h"
#include "spool-free/base/problem.h"

/* By these the keeper sees that the file is another one than it read. All zero: none. */
struct vault_stamp {
	dev_t device;
	ino_t inode;
	off_t size;
	int64_t changed_ns;
};

MUST_USE enum fault vault_store_stamp(const char *path, struct vault_stamp *out_stamp);
bool vault_stamp_eq(struct vault_stamp a, struct vault_stamp b);

/* `into` gets a ceiling and the file's bytes; the stamp is of the file that was read. */
MUST_USE enum fault vault_store_read(const char *path, struct buf *into,
				     struct vault_stamp *out_stamp, struct problem *p);

/* Waits for another holder for at most `timeout_ms`. */
MUST_USE enum fault vault_store_lock(const char *path, uint64_t timeout_ms, int *out_lock,
				     struct problem *p);
void vault_store_unlock(int *lock); /* -1 is fine */

/* What is about to be done; for tests that cut the power there. */
enum vault_step {
	VAULT_STEP_CREATE,
	VAULT_STEP_WRITE,
	VAULT_STEP_WRITE_REST, /* half of the bytes are out */
	VAULT_STEP_SYNC,
	VAULT_STEP_VERIFY,
	VAULT_STEP_LINK_PREVIOUS,
	VAULT_STEP_KEEP_PREVIOUS,
	VAULT_STEP_RENAME,
	VAULT_STEP_SYNC_FOLDER,
	VAULT_STEP_ERASE, /* the ledger of before; the new one is in its place */
	VAULT_STEP_COUNT
};

/* step() says false: everything stops there and then, nothing is tidied up. step == NULL: no tests.
 */
struct vault_steps {
	bool (*step)(void *ctx, enum vault_step step);
	void *ctx;
};

/* Under the lock. `is_new`: refuses where a file is already. */
MUST_USE enum fault vault_store_replace(const char *path, struct slice bytes, bool is_new,
					const struct vault_steps *steps, struct problem *p);
/* Beside the vault, whose owner it gets. */
MUST_USE enum fault vault_store_replace_ledger(const char *path, const char *vault,
					       struct slice bytes, const struct vault_steps *steps,
					       struct problem *p);

#endif
