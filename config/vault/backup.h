/*
 * NAME     backup - the copies of a vault's key ledger among its backups, which follow every change of it
 * FILES    FILE.copies names the folders that hold backups, a line each; in each of them is one copy of the ledger, named as the
 *          vault with .keys behind it. It is replaced, never piled up: so what was shredded opens from no backup
 * RULE     a folder that is away, or holds no copy, is passed over; a file that is no copy of this vault's ledger is not touched
 * FAULTS   VAULT_IO, VAULT_FULL (more folders than BACKUP_FOLDERS_MAX), CONFLICT (the copy is another vault's), with a sentence
 * THREADS  under the lock of store.h
 */
#ifndef CONFIG_VAULT_BACKUP_H
#define CONFIG_VAULT_BACKUP_H

#include <limits.h>

#include "spool-free/base/problem.h"

#define BACKUP_FOLDERS_ENDING ".copies"

enum { BACKUP_FOLDERS_MAX = 16 };

/* Where the ledger's copy is in that folder. */
MUST_USE enum fault backup_ledger_path(const char *vault, const char *folder, char out[PATH_MAX],
				       struct problem *p);
/* From now on this folder is followed; its path is absolute. */
MUST_USE enum fault backup_add_folder(const char *vault, const char *folder, struct problem *p);
/* The ledger's copy in that folder, made or replaced. */
MUST_USE enum fault backup_put_ledger(const char *vault, const char *folder, struct slice ledger,
				      struct problem *p);
/* Every copy there is becomes this ledger. */
MUST_USE enum fault backup_follow_ledger(const char *vault, struct slice ledger, struct problem *p);

#endif
