#include "config/vault/backup.h"

#include <string.h>
#include <unistd.h>

#include "config/vault/commit.h"

enum {
	/* Of a ledger (ledger.h): how it begins, and the UUID of its vault behind format and length. */
	MAGIC = 8,
	UUID_AT = 16,
};

static enum fault too_long(struct problem *p)
{
	return problem_set(p, FAULT_VAULT_IO, "The path of a backup folder is too long.");
}

static enum fault join(char out[PATH_MAX], const struct slice *parts, size_t count,
		       struct problem *p)
{
	size_t len = 0;
	for (size_t i = 0; i < count; i++) {
		if (parts[i].len >= PATH_MAX - len) {
			return too_long(p);
		}
		memcpy(out + len, parts[i].ptr, parts[i].len);
		len += parts[i].len;
	}
	out[len] = '\0';
	return FAULT_NONE;
}

static struct slice base_name(const char *path)
{
	const char *slash = strrchr(path, '/');
	return slice_of_text(slash != NULL ? slash + 1 : path);
}

enum fault backup_ledger_path(const char *vault, const char *folder, char out[PATH_MAX],
			      struct problem *p)
{
	const struct slice parts[] = {slice_of_text(folder), SLICE_LIT("/"), base_name(vault),
				      SLICE_LIT(COMMIT_LEDGER_ENDING)};
	return join(out, parts, COUNT_OF(parts), p);
}

static enum fault list_path(const char *vault, char out[PATH_MAX], struct problem *p)
{
	const struct slice parts[] = {slice_of_text(vault), SLICE_LIT(BACKUP_FOLDERS_ENDING)};
	return join(out, parts, COUNT_OF(parts), p);
}

/* No list is an empty one. */
static enum fault read_list(const char *path, struct buf *into, struct problem *p)
{
	struct vault_stamp stamp;
	if (access(path, F_OK) != 0) {
		return FAULT_NONE;
	}
	return vault_store_read(path, into, &stamp, p);
}

static bool next_folder(struct slice *rest, struct slice *out_folder)
{
	if (rest->len == 0) {
		return false;
	}
	*out_folder = slice_first(*rest, slice_find_byte(*rest, '\n'));
	*rest = slice_skip(*rest, out_folder->len + 1);
	return true;
}

static enum fault write_list(const char *vault, const char *path, struct slice list,
			     struct slice more, struct problem *p)
{
	CLEANUP(buf_deinit) struct buf b;
	buf_init(&b, list.len + more.len + 1);
	enum fault f = buf_add(&b, list);
	if (f == FAULT_NONE) {
		f = buf_add(&b, more);
	}
	if (f == FAULT_NONE) {
		f = buf_add_byte(&b, '\n');
	}
	return f == FAULT_NONE ? vault_store_replace_ledger(path, vault, buf_view(&b), NULL, p) : f;
}

enum fault backup_add_folder(const char *vault, const char *folder, struct problem *p)
{
	CLEANUP(buf_deinit) struct buf list = {0};
	char path[PATH_MAX];
	struct slice known;
	size_t count = 0;
	struct slice fresh = slice_of_text(folder);
	if (fresh.len == 0 || fresh.ptr[0] != '/' || slice_find_byte(fresh, '\n') < fresh.len) {
		return problem_set(p, FAULT_VAULT_IO,
				   "A backup folder must have an absolute path of one line.");
	}
	enum fault f = list_path(vault, path, p);
	if (f == FAULT_NONE) {
		f = read_list(path, &list, p);
	}
	if (f != FAULT_NONE) {
		return f;
	}
	for (struct slice rest = buf_view(&list); next_folder(&rest, &known); count++) {
		if (slice_eq(known, fresh)) {
			return FAULT_NONE;
		}
	}
	if (count >= BACKUP_FOLDERS_MAX) {
		return problem_set(
			p, FAULT_VAULT_FULL,
			"The vault has backups in 16 folders already; the file beside it "
			"that ends in .copies names them.");
	}
	return write_list(vault, path, buf_view(&list), fresh, p);
}

static bool is_of_same(struct slice a, struct slice b)
{
	return a.len > UUID_AT + VAULT_UUID && b.len > UUID_AT + VAULT_UUID &&
	       memcmp(a.ptr, b.ptr, MAGIC) == 0 &&
	       memcmp(a.ptr + UUID_AT, b.ptr + UUID_AT, VAULT_UUID) == 0;
}

/* Nothing that is not this vault's own is overwritten. */
static enum fault replace(const char *vault, const char *path, struct slice ledger,
			  struct problem *p)
{
	CLEANUP(buf_deinit) struct buf copy = {0};
	struct vault_stamp stamp;
	enum fault f = vault_store_read(path, &copy, &stamp, p);
	if (f != FAULT_NONE) {
		return f;
	}
	if (!is_of_same(buf_view(&copy), ledger)) {
		return problem_set(p, FAULT_CONFLICT,
				   "The key ledger in the backup folder is another vault's, or is "
				   "damaged; it was left as it is.");
	}
	return slice_eq(buf_view(&copy), ledger)
		       ? FAULT_NONE
		       : vault_store_replace_ledger(path, vault, ledger, NULL, p);
}

enum fault backup_put_ledger(const char *vault, const char *folder, struct slice ledger,
			     struct problem *p)
{
	char path[PATH_MAX];
	enum fault f = backup_ledger_path(vault, folder, path, p);
	if (f != FAULT_NONE) {
		return f;
	}
	f = replace(vault, path, ledger, p);
	return f == FAULT_VAULT_MISSING ? vault_store_replace_ledger(path, vault, ledger, NULL, p)
					: f;
}

static enum fault follow(const char *vault, struct slice name, struct slice ledger)
{
	char folder[PATH_MAX];
	char path[PATH_MAX];
	enum fault f = join(folder, &name, 1, NULL);
	if (f == FAULT_NONE) {
		f = backup_ledger_path(vault, folder, path, NULL);
	}
	if (f == FAULT_NONE) {
		f = replace(vault, path, ledger, NULL);
	}
	return f == FAULT_VAULT_MISSING ? FAULT_NONE : f;
}

enum fault backup_follow_ledger(const char *vault, struct slice ledger, struct problem *p)
{
	CLEANUP(buf_deinit) struct buf list = {0};
	char path[PATH_MAX];
	struct slice folder;
	enum fault f = list_path(vault, path, p);
	if (f == FAULT_NONE) {
		f = read_list(path, &list, p);
	}
	for (struct slice rest = buf_view(&list); next_folder(&rest, &folder);) {
		enum fault one = follow(vault, folder, ledger);
		f = one != FAULT_NONE ? one : f;
	}
	return f == FAULT_NONE
		       ? f
		       : problem_set(
				 p, f,
				 "The change was saved, but a copy of the key ledger in a "
				 "backup folder could not be replaced: until it is, by 'pagepost "
				 "vault backup', what was shredded opens from the backups there.");
}
