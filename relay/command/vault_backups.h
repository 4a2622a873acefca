/*
 * NAME     vault_backups - backups of the vault: their names and folder, and how one is opened
 * NAMES    VAULT-GENERATION-TIME.backup, the time in UTC, such as vault-0000000042-20261129T192200Z.backup
 * LEDGER   a backup opens with the newest key ledger there is: the vault's own, or else the copy beside the backup. What
 *          was struck out of it opens no more
 * FAULTS   VAULT_MISSING, VAULT_DAMAGED, VAULT_VERSION, VAULT_LOCKED, VAULT_IO, with a sentence
 */
#ifndef RELAY_COMMAND_VAULT_BACKUPS_H
#define RELAY_COMMAND_VAULT_BACKUPS_H

#include "spool-free/base/instant.h"
#include "relay/command/vault_session.h"

enum { VAULT_BACKUP_NAME_MAX = 255 };

/* "vault" is the vault's own name, without folders. False when it is too long. */
bool vault_backup_name(const char *vault, uint64_t generation, struct civil at,
		       char out[VAULT_BACKUP_NAME_MAX + 1]);
/* Whether a file of this name is a backup of that vault, and of when. */
bool vault_backup_read_name(const char *vault, const char *name, struct civil *out_at);

/* Opens the file by the session's key. `out_ledger` may be NULL; otherwise it is empty unless the copy was needed. */
MUST_USE enum fault vault_backups_open(struct vault_session *s, const char *file,
				       struct buf *out_ledger, struct vault **out_vault,
				       struct problem *p);

#endif
