#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "config/vault/commit.h"
#include "relay/command/vault_backups.h"

/* `vault restore`: a backup in the vault's place, as its next generation, so that a running keeper takes it. */

struct present {
	bool is_there;
	bool is_readable;
	bool is_old_format; /* all of it is under the master key: no ledger takes anything from it */
	uint64_t generation; /* of what is there, or was before it */
	unsigned char uuid[VAULT_UUID];
};

/* Only its head, which needs no key. */
static bool look_at(const char *path, struct present *out)
{
	CLEANUP(buf_deinit) struct buf file = {0};
	struct vault_format format;
	struct vault_stamp stamp;
	enum fault f = vault_store_read(path, &file, &stamp, NULL);
	out->is_there = f != FAULT_VAULT_MISSING;
	if (f == FAULT_NONE) {
		f = vault_format_read(buf_view(&file), &format, NULL);
	}
	if (f != FAULT_NONE) {
		return false;
	}
	out->is_readable = true;
	out->is_old_format = format.head.format == VAULT_FORMAT_OLDEST;
	out->generation = format.head.generation;
	memcpy(out->uuid, format.head.uuid, VAULT_UUID);
	return true;
}

/* A vault that is damaged is judged by the one before it. */
static void look(const struct vault_session *s, struct present *out)
{
	char path[PATH_MAX];
	struct present before = {0};
	if (look_at(s->path, out)) {
		return;
	}
	int n = snprintf(path, sizeof(path), "%s.prev", s->path);
	if (n > 0 && (size_t)n < sizeof(path) && look_at(path, &before)) {
		out->generation = before.generation + 1;
	}
}

static enum fault refuse_older(uint64_t there, uint64_t backup, struct problem *p)
{
	problem_set(p, FAULT_VAULT_ROLLBACK, "The vault at this place is of generation ");
	problem_add_number(p, there);
	problem_add(p, ", the backup of generation ");
	problem_add_number(p, backup);
	problem_add(p,
		    ": tokens that were revoked since would be good again, and tenants that were "
		    "added since would be lost, from newer backups as well. --allow-rollback does "
		    "it all the same.");
	return FAULT_VAULT_ROLLBACK;
}

static enum fault judge(const struct vault_session *s, const struct present *there,
			const struct vault *backup, struct problem *p)
{
	struct present file = {0};
	bool is_known = there->is_readable && look_at(s->name, &file);
	if (is_known && memcmp(there->uuid, file.uuid, VAULT_UUID) != 0) {
		return problem_set(
			p, FAULT_CONFLICT,
			"The vault at this place is another one than the backup's; it was "
			"left as it is.");
	}
	if (is_known && file.is_old_format && !there->is_old_format) {
		return problem_set(
			p, FAULT_CONFLICT,
			"The backup is from before tenants had keys of their own: what was "
			"shredded since would open again.");
	}
	bool is_newer = there->generation > vault_generation(backup);
	return is_newer && s->options[OPTION_ALLOW_ROLLBACK] == NULL
		       ? refuse_older(there->generation, vault_generation(backup), p)
		       : FAULT_NONE;
}

/* The copy that was beside the backup, where the vault's own is gone. */
static enum fault put_ledger(const struct vault_session *s, struct slice ledger, struct problem *p)
{
	char path[PATH_MAX];
	int n = snprintf(path, sizeof(path), "%s%s", s->path, COMMIT_LEDGER_ENDING);
	if (ledger.len == 0) {
		return FAULT_NONE;
	}
	return n > 0 && (size_t)n < sizeof(path)
		       ? vault_store_replace_ledger(path, s->path, ledger, NULL, p)
		       : problem_set(p, FAULT_VAULT_IO, "The path of the vault file is too long.");
}

static enum fault restore(struct vault_session *s, struct problem *p)
{
	CLEANUP(buf_deinit) struct buf ledger;
	struct present there = {0};
	buf_init(&ledger, VAULT_FILE_MAX);
	enum fault f = vault_backups_open(s, s->name, &ledger, &s->vault, p);
	if (f != FAULT_NONE) {
		return f;
	}
	look(s, &there);
	f = judge(s, &there, s->vault, p);
	if (f == FAULT_NONE) {
		f = vault_verify(s, p); /* says what it holds, and what was shredded since */
	}
	if (f == FAULT_NONE) {
		f = put_ledger(s, buf_view(&ledger), p);
	}
	if (f == FAULT_NONE) {
		vault_raise(s->vault, there.generation);
		f = vault_session_save(s, p);
	}
	return f;
}

enum fault vault_restore(struct vault_session *s, struct problem *p)
{
	struct vault_stamp stamp;
	if (vault_store_stamp(s->name, &stamp) == FAULT_VAULT_MISSING) {
		return problem_set(p, FAULT_VAULT_MISSING,
				   "There is no backup file at this place.");
	}
	enum fault f = vault_session_key(s, p);
	if (f == FAULT_NONE) {
		f = vault_session_lock(s, p);
	}
	if (f == FAULT_NONE) {
		f = restore(s, p);
	}
	if (f == FAULT_NONE) {
		fprintf(stderr, "pagepost %s: it is the vault now, as generation %llu.\n",
			s->command, (unsigned long long)vault_generation(s->vault));
	}
	return f;
}
