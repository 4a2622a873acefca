#include <dirent.h>
#include <errno.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "config/settings/value.h"
#include "config/vault/backup.h"
#include "config/vault/commit.h"
#include "relay/command/vault_backups.h"

/* `vault backup`: a sealed copy of the vault, the newest key ledger beside it, and what is too old goes. */

#define KEEP_USUAL_MS (UINT64_C(35) * 24 * 3600 * 1000)

struct backup {
	struct vault_session *session;
	uint64_t keep_ms;
	char base[PATH_MAX]; /* the vault's name without folders */
	char folder[PATH_MAX];
	char path[PATH_MAX]; /* of the backup */
	char name[VAULT_BACKUP_NAME_MAX + 1];
	struct buf vault;
	struct buf ledger;
	size_t removed;
};

static void deinit(struct backup *b)
{
	buf_deinit(&b->vault);
	buf_deinit(&b->ledger);
}

static void close_folder(DIR **d)
{
	if (*d != NULL) {
		closedir(*d);
	}
}

static enum fault cannot(struct problem *p, const char *what)
{
	return problem_set_errno(p, FAULT_VAULT_IO, what);
}

static bool copy_text(char out[PATH_MAX], const char *text)
{
	int n = snprintf(out, PATH_MAX, "%s", text);
	return n >= 0 && n < PATH_MAX;
}

/* --- where it goes -------------------------------------------------------------------------------------- */

static enum fault read_keep(struct backup *b, struct problem *p)
{
	const struct vault_session *s = b->session;
	b->keep_ms = s->backup_keep_ms > 0 ? s->backup_keep_ms : KEEP_USUAL_MS;
	if (s->options[OPTION_KEEP] != NULL &&
	    !settings_parse_duration(vault_session_option(s, OPTION_KEEP), &b->keep_ms)) {
		return problem_set(p, FAULT_BAD_FIELD,
				   "--keep must be a time such as 35d or 12h (s, min, h, d).");
	}
	return FAULT_NONE;
}

/* Whoever owns the vault must be able to replace the ledger's copy. */
static enum fault make_folder(const char *folder, const char *like, struct problem *p)
{
	struct stat st;
	if (mkdir(folder, 0700) != 0) {
		return errno == EEXIST ? FAULT_NONE : cannot(p, "The backup folder cannot be made");
	}
	if (geteuid() == 0 && stat(like, &st) == 0 && chown(folder, st.st_uid, st.st_gid) != 0) {
		return cannot(p, "The backup folder cannot be given to the vault's owner");
	}
	return FAULT_NONE;
}

static enum fault name_folder(struct backup *b, struct problem *p)
{
	const struct vault_session *s = b->session;
	char room[PATH_MAX];
	char wanted[PATH_MAX];
	char *whole;
	int n = -1;
	if (s->options[OPTION_TO] != NULL) {
		n = snprintf(wanted, sizeof(wanted), "%s", s->options[OPTION_TO]);
	} else if (s->backups.len > 0) {
		n = snprintf(wanted, sizeof(wanted), "%s", s->backups.ptr);
	} else if (copy_text(room, s->path)) {
		n = snprintf(wanted, sizeof(wanted), "%s/backups", dirname(room));
	}
	if (n <= 0 || (size_t)n >= sizeof(wanted)) {
		return problem_set(p, FAULT_VAULT_IO, "The path of the backup folder is too long.");
	}
	enum fault f = make_folder(wanted, s->path, p);
	if (f != FAULT_NONE) {
		return f;
	}
	whole = realpath(wanted, NULL);
	bool fits = whole != NULL && copy_text(b->folder, whole);
	free(whole);
	return fits ? FAULT_NONE : cannot(p, "The backup folder cannot be found");
}

static enum fault name_file(struct backup *b, struct problem *p)
{
	char room[PATH_MAX];
	uint64_t generation = vault_generation(b->session->vault);
	bool fits = copy_text(room, b->session->path) && copy_text(b->base, basename(room)) &&
		    vault_backup_name(b->base, generation, civil_now(), b->name);
	int n = fits ? snprintf(b->path, sizeof(b->path), "%s/%s", b->folder, b->name) : -1;
	return n > 0 && (size_t)n < sizeof(b->path)
		       ? FAULT_NONE
		       : problem_set(p, FAULT_VAULT_IO, "The path of the backup is too long.");
}

/* --- the copy --------------------------------------------------------------------------------------------- */

/* Under the lock: both are of one moment. A vault of format 1 gets its ledger first. */
static enum fault read_files(struct backup *b, struct problem *p)
{
	struct vault_session *s = b->session;
	char ledger[PATH_MAX];
	struct vault_stamp stamp;
	int n = snprintf(ledger, sizeof(ledger), "%s%s", s->path, COMMIT_LEDGER_ENDING);
	if (n < 0 || (size_t)n >= sizeof(ledger)) {
		return problem_set(p, FAULT_VAULT_IO, "The path of the vault file is too long.");
	}
	enum fault f = vault_needs_ledger(s->vault) ? vault_session_save(s, p) : FAULT_NONE;
	if (f == FAULT_NONE) {
		f = vault_store_read(s->path, &b->vault, &stamp, p);
	}
	return f == FAULT_NONE ? vault_store_read(ledger, &b->ledger, &stamp, p) : f;
}

/* The folder is known before a key of the ledger is in it: whatever comes between, shredding reaches it. */
static enum fault write_files(struct backup *b, struct problem *p)
{
	enum fault f = backup_add_folder(b->session->path, b->folder, p);
	if (f == FAULT_NONE) {
		f = backup_put_ledger(b->session->path, b->folder, buf_view(&b->ledger), p);
	}
	if (f == FAULT_NONE) {
		f = vault_store_replace(b->path, buf_view(&b->vault), true, NULL, p);
		f = f == FAULT_VAULT_EXISTS ? FAULT_NONE
					    : f; /* of this second, and is read below */
	}
	return f;
}

/* As who restores it will: from the disk, by the key, record by record. */
static enum fault read_back(struct backup *b, struct problem *p)
{
	CLEANUP(buf_deinit) struct buf file = {0};
	CLEANUP(buf_deinit) struct buf ledger = {0};
	CLEANUP(vault_free) struct vault *v = NULL;
	struct vault_session *s = b->session;
	char path[PATH_MAX];
	struct vault_stamp stamp;
	enum fault f = vault_store_read(b->path, &file, &stamp, p);
	if (f == FAULT_NONE) {
		f = backup_ledger_path(s->path, b->folder, path, p);
	}
	if (f == FAULT_NONE) {
		f = vault_store_read(path, &ledger, &stamp, p);
	}
	if (f == FAULT_NONE) {
		f = vault_open(buf_view(&file), buf_view(&ledger), &s->unlock, &v, p);
	}
	for (size_t i = 0; f == FAULT_NONE && i < vault_count(v); i++) {
		struct vault_record r;
		struct arena_mark mark = arena_mark(&s->arena);
		f = vault_at(v, i, NULL, &s->arena, &r, p);
		if (f == FAULT_NONE) {
			vault_record_deinit(&r);
		}
		f = f == FAULT_KEY_HALF ? FAULT_NONE : f; /* its tenant alone can open it */
		arena_go_back(&s->arena, mark);
	}
	return f;
}

/* What a backup left that was cut off has this ending behind its name (store.h). */
static bool is_leftover(const char *base, const char *name)
{
	struct slice s = slice_of_text(name);
	return slice_starts(s, slice_of_text(base)) && slice_ends(s, SLICE_LIT(".backup.new"));
}

static enum fault remove_old(struct backup *b, struct problem *p)
{
	int64_t now = civil_now().ms;
	CLEANUP(close_folder) DIR *d = opendir(b->folder);
	if (d == NULL) {
		return cannot(p, "The backup folder cannot be read");
	}
	for (const struct dirent *file = readdir(d); file != NULL; file = readdir(d)) {
		struct civil at;
		bool is_old = vault_backup_read_name(b->base, file->d_name, &at) &&
			      at.ms < now - (int64_t)b->keep_ms &&
			      strcmp(file->d_name, b->name) != 0;
		if (!is_old && !is_leftover(b->base, file->d_name)) {
			continue;
		}
		if (unlinkat(dirfd(d), file->d_name, 0) != 0) {
			return cannot(p, "A backup that is too old cannot be removed");
		}
		b->removed++;
	}
	return FAULT_NONE;
}

static enum fault back_up(struct backup *b, struct problem *p)
{
	enum fault f = name_folder(b, p);
	if (f == FAULT_NONE) {
		f = read_files(b, p);
	}
	if (f == FAULT_NONE) {
		f = name_file(b, p);
	}
	if (f == FAULT_NONE) {
		f = write_files(b, p);
	}
	if (f == FAULT_NONE) {
		f = read_back(b, p);
	}
	return f == FAULT_NONE ? remove_old(b, p) : f;
}

enum fault vault_backup(struct vault_session *s, struct problem *p)
{
	CLEANUP(deinit) struct backup b = {.session = s};
	enum fault f = read_keep(&b, p);
	if (f == FAULT_NONE) {
		f = vault_session_key(s, p);
	}
	if (f == FAULT_NONE) {
		f = vault_session_lock(s, p);
	}
	if (f == FAULT_NONE) {
		f = vault_session_open(s, p);
	}
	if (f == FAULT_NONE) {
		f = back_up(&b, p);
	}
	if (f == FAULT_NONE) {
		printf("%s\n", b.path);
		fprintf(stderr,
			"pagepost %s: generation %llu was backed up and read back; %zu backups "
			"that "
			"were too old were removed.\n",
			s->command, (unsigned long long)vault_generation(s->vault), b.removed);
	}
	return f;
}
