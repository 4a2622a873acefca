#include "config/vault/commit.h"

#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "config/vault/backup.h"

enum { TRIES = 5 };

/* Both files as they were at one moment. */
struct files {
	struct buf vault;
	struct buf ledger; /* empty: there is none */
	struct commit_stamp stamp;
};

static void deinit_files(struct files *f)
{
	buf_deinit(&f->vault);
	buf_deinit(&f->ledger);
}

static enum fault ledger_path(const char *path, char out[PATH_MAX], struct problem *p)
{
	size_t len = strlen(path);
	if (len + sizeof(COMMIT_LEDGER_ENDING) > PATH_MAX) {
		return problem_set(p, FAULT_VAULT_IO, "The path of the vault file is too long.");
	}
	memcpy(out, path, len);
	memcpy(out + len, COMMIT_LEDGER_ENDING, sizeof(COMMIT_LEDGER_ENDING));
	return FAULT_NONE;
}

enum fault commit_look(const char *path, struct commit_stamp *out_stamp)
{
	struct commit_stamp stamp = {0};
	char ledger[PATH_MAX];
	enum fault f = ledger_path(path, ledger, NULL);
	if (f == FAULT_NONE) {
		f = vault_store_stamp(path, &stamp.vault);
	}
	if (f == FAULT_NONE) {
		f = vault_store_stamp(ledger, &stamp.ledger);
		f = f == FAULT_VAULT_MISSING ? FAULT_NONE : f;
	}
	if (f == FAULT_NONE) {
		*out_stamp = stamp;
	}
	return f;
}

bool commit_stamp_eq(const struct commit_stamp *a, const struct commit_stamp *b)
{
	return vault_stamp_eq(a->vault, b->vault) && vault_stamp_eq(a->ledger, b->ledger);
}

static enum fault read_once(const char *path, const char *ledger, struct files *files,
			    struct problem *p)
{
	deinit_files(files);
	files->stamp = (struct commit_stamp){0};
	struct problem of_ledger = {0};
	enum fault f = vault_store_read(path, &files->vault, &files->stamp.vault, p);
	if (f != FAULT_NONE) {
		return f;
	}
	f = vault_store_read(ledger, &files->ledger, &files->stamp.ledger, &of_ledger);
	if (f == FAULT_VAULT_MISSING) {
		return FAULT_NONE; /* whether it is needed, the vault says */
	}
	if (f != FAULT_NONE && p != NULL) {
		*p = of_ledger;
	}
	return f;
}

/*
 * Not torn: when the vault was replaced while its ledger was read, both are read again; also when the ledger was, since
 * the one before is overwritten where it lies.
 */
static enum fault read_files(const char *path, struct files *files, struct problem *p)
{
	char ledger[PATH_MAX];
	struct commit_stamp behind;
	enum fault f = ledger_path(path, ledger, p);
	for (int i = 0; i < TRIES && f == FAULT_NONE; i++) {
		f = read_once(path, ledger, files, p);
		if (f == FAULT_NONE) {
			f = commit_look(path, &behind);
		}
		if (f == FAULT_NONE && commit_stamp_eq(&behind, &files->stamp)) {
			return FAULT_NONE;
		}
	}
	return f != FAULT_NONE ? f
			       : problem_set(p, FAULT_VAULT_IO,
					     "The vault changes faster than it can be read.");
}

enum fault commit_load(const char *path, const struct vault_unlock *unlock,
		       struct vault **out_vault, struct commit_stamp *out_stamp, struct problem *p)
{
	CLEANUP(deinit_files) struct files files = {0};
	enum fault f = read_files(path, &files, p);
	if (f == FAULT_NONE) {
		f = vault_open(buf_view(&files.vault), buf_view(&files.ledger), unlock, out_vault,
			       p);
	}
	if (f == FAULT_NONE) {
		*out_stamp = files.stamp;
	}
	return f;
}

enum fault commit_reload(const char *path, struct vault *v, const struct vault_unlock *unlock,
			 struct commit_stamp *out_stamp, struct problem *p)
{
	CLEANUP(deinit_files) struct files files = {0};
	enum fault f = read_files(path, &files, p);
	*out_stamp = files.stamp;
	return f == FAULT_NONE ? vault_refresh(v, buf_view(&files.vault), buf_view(&files.ledger),
					       unlock, p)
			       : f;
}

enum fault commit_revert(const char *path, struct vault *v, const struct vault_unlock *unlock,
			 struct commit_stamp *out_stamp, struct problem *p)
{
	CLEANUP(deinit_files) struct files files = {0};
	enum fault f = read_files(path, &files, p);
	*out_stamp = files.stamp;
	return f == FAULT_NONE
		       ? vault_revert(v, buf_view(&files.vault), buf_view(&files.ledger), unlock, p)
		       : f;
}

struct saving {
	const char *path;
	char ledger[PATH_MAX];
	const struct vault_steps *steps;
	enum fault copies;    /* what became of the ledger's copies among the backups */
	struct problem about; /* them */
};

static enum fault save_ledger(struct saving *s, struct vault *v, bool is_after, struct problem *p)
{
	CLEANUP(buf_deinit) struct buf bytes;
	buf_init(&bytes, VAULT_FILE_MAX);
	enum fault f = vault_encode_ledger(v, is_after, &bytes, p);
	if (f == FAULT_NONE) {
		f = vault_store_replace_ledger(s->ledger, s->path, buf_view(&bytes), s->steps, p);
	}
	if (f == FAULT_NONE) {
		s->copies = backup_follow_ledger(s->path, buf_view(&bytes), &s->about);
	}
	return f;
}

static enum fault save_vault(const char *path, struct vault *v, bool is_new,
			     const struct vault_steps *steps, struct problem *p)
{
	CLEANUP(buf_deinit) struct buf bytes;
	buf_init(&bytes, VAULT_FILE_MAX);
	enum fault f = vault_encode(v, &bytes, p);
	return f == FAULT_NONE ? vault_store_replace(path, buf_view(&bytes), is_new, steps, p) : f;
}

enum fault commit_save(const char *path, struct vault *v, bool is_new,
		       const struct vault_steps *steps, struct problem *p)
{
	struct saving s = {.path = path, .steps = steps};
	bool takes_keys = vault_has_struck_keys(v);
	enum fault f = ledger_path(path, s.ledger, p);
	/* A ledger without its vault may be all that is left of it. */
	if (f == FAULT_NONE && is_new && (access(path, F_OK) == 0 || access(s.ledger, F_OK) == 0)) {
		return problem_set(p, FAULT_VAULT_EXISTS,
				   "There is a vault, or the key ledger of one, at this place "
				   "already; it was left as it is.");
	}
	if (f == FAULT_NONE && vault_needs_ledger(v)) {
		f = save_ledger(&s, v, false, p);
	}
	if (f == FAULT_NONE) {
		f = save_vault(path, v, is_new, steps, p);
	}
	if (f == FAULT_NONE && vault_forgets_old(v)) {
		f = save_vault(path, v, false, steps, p);
	}
	if (f == FAULT_NONE && vault_has_retired_keys(v)) {
		takes_keys = true;
		f = save_ledger(&s, v, true, p);
	}
	/* A copy that lacks new keys alone waits for the next backup. */
	if (f == FAULT_NONE && takes_keys && s.copies != FAULT_NONE && p != NULL) {
		*p = s.about;
	}
	return f == FAULT_NONE && takes_keys ? s.copies : f;
}
