#include "config/vault/store.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "spool-free/base/wipe.h"
#include "config/vault/format.h"

enum { LOCK_PAUSE_MS = 20, VERIFY_CHUNK = 16 * 1024 };

static void close_fd(int *fd)
{
	if (*fd >= 0) {
		close(*fd);
		*fd = -1;
	}
}

static struct vault_stamp stamp_of(const struct stat *st)
{
	return (struct vault_stamp){
		.device = st->st_dev,
		.inode = st->st_ino,
		.size = st->st_size,
		.changed_ns = st->st_mtim.tv_sec * INT64_C(1000000000) + st->st_mtim.tv_nsec,
	};
}

enum fault vault_store_stamp(const char *path, struct vault_stamp *out_stamp)
{
	struct stat st;
	if (stat(path, &st) != 0) {
		return errno == ENOENT ? FAULT_VAULT_MISSING : FAULT_VAULT_IO;
	}
	*out_stamp = stamp_of(&st);
	return FAULT_NONE;
}

bool vault_stamp_eq(struct vault_stamp a, struct vault_stamp b)
{
	return a.device == b.device && a.inode == b.inode && a.size == b.size &&
	       a.changed_ns == b.changed_ns;
}

static enum fault io_failed(struct problem *p, const char *sentence)
{
	return problem_set_errno(p, FAULT_VAULT_IO, sentence);
}

static enum fault read_all(int fd, size_t size, struct buf *into, struct problem *p)
{
	char *room;
	buf_init(into, size);
	enum fault f = buf_reserve(into, size, &room);
	if (f != FAULT_NONE) {
		return f;
	}
	while (into->len < size) {
		ssize_t n = read(fd, into->ptr + into->len, size - into->len);
		if (n < 0 && errno != EINTR) {
			return io_failed(p, "The vault file cannot be read");
		}
		if (n == 0) {
			return problem_set(p, FAULT_VAULT_DAMAGED, "The vault file is cut short.");
		}
		buf_grew(into, n > 0 ? (size_t)n : 0);
	}
	return FAULT_NONE;
}

enum fault vault_store_read(const char *path, struct buf *into, struct vault_stamp *out_stamp,
			    struct problem *p)
{
	struct stat st;
	CLEANUP(close_fd) int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (fd < 0 && errno == ENOENT) {
		return problem_set(
			p, FAULT_VAULT_MISSING,
			"There is no vault file at this place; 'pagepost vault init' makes one.");
	}
	if (fd < 0 || fstat(fd, &st) != 0) {
		return io_failed(p, "The vault file cannot be opened");
	}
	if (!S_ISREG(st.st_mode)) {
		return problem_set(p, FAULT_VAULT_IO, "The vault must be a regular file.");
	}
	if (st.st_size > VAULT_FILE_MAX) {
		return problem_set(p, FAULT_VAULT_FULL,
				   "The file is larger than a vault may be (256 MiB).");
	}
	enum fault f = read_all(fd, (size_t)st.st_size, into, p);
	if (f == FAULT_NONE) {
		*out_stamp = stamp_of(&st);
	}
	return f;
}

/* The vault's path with an ending, in the caller's room. */
static bool path_with(char out[PATH_MAX], const char *path, const char *ending)
{
	size_t len = strlen(path);
	size_t more = strlen(ending) + 1;
	if (len + more > PATH_MAX) {
		return false;
	}
	memcpy(out, path, len);
	memcpy(out + len, ending, more);
	return true;
}

/* A root that administers must leave a file that the keeper's user can read: it takes over the old
 * owner. */
static void give_owner(int fd, const char *like)
{
	struct stat st;
	if (geteuid() == 0 && stat(like, &st) == 0 && fchown(fd, st.st_uid, st.st_gid) != 0) {
		errno = 0; /* the file stays root's; a keeper that cannot read it says so */
	}
}

static const char *folder_of(char room[PATH_MAX], const char *path)
{
	return path_with(room, path, "") ? dirname(room) : ".";
}

enum fault vault_store_lock(const char *path, uint64_t timeout_ms, int *out_lock, struct problem *p)
{
	char name[PATH_MAX];
	char folder[PATH_MAX];
	if (!path_with(name, path, ".lock")) {
		return problem_set(p, FAULT_VAULT_IO, "The path of the vault file is too long.");
	}
	CLEANUP(close_fd)
	int fd = open(name, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY, 0600);
	if (fd < 0 && errno == ENOENT) {
		return problem_set(p, FAULT_VAULT_IO,
				   "The vault's folder does not exist; make it first, for the "
				   "keeper's user alone (mode 700).");
	}
	if (fd < 0) {
		return io_failed(p, "The lock file beside the vault cannot be made");
	}
	give_owner(fd, folder_of(folder, path));
	for (uint64_t waited = 0; flock(fd, LOCK_EX | LOCK_NB) != 0; waited += LOCK_PAUSE_MS) {
		if (errno != EWOULDBLOCK && errno != EINTR) {
			return io_failed(p, "The vault cannot be locked");
		}
		if (waited >= timeout_ms) {
			return problem_set(p, FAULT_CONFLICT,
					   "Another command is changing this vault; try again when "
					   "it is done.");
		}
		poll(NULL, 0, LOCK_PAUSE_MS);
	}
	*out_lock = fd;
	fd = -1;
	return FAULT_NONE;
}

void vault_store_unlock(int *lock)
{
	close_fd(lock);
}

struct replace {
	const char *path;
	const char *
		like; /* whose owner the new file gets, when it is the first one; may be missing too */
	struct slice bytes;
	const struct vault_steps *steps;
	struct problem *problem;
	bool cut; /* the power is gone: nothing may be tidied up */
	char fresh[PATH_MAX];
	char linked[PATH_MAX];
	char previous[PATH_MAX];
	char folder_room[PATH_MAX];
	const char *folder;
};

static bool may(struct replace *r, enum vault_step step)
{
	if (r->steps != NULL && r->steps->step != NULL && !r->steps->step(r->steps->ctx, step)) {
		r->cut = true;
		errno = EIO;
		return false;
	}
	return true;
}

static bool write_all(int fd, struct slice bytes)
{
	while (bytes.len > 0) {
		ssize_t n = write(fd, bytes.ptr, bytes.len);
		if (n < 0 && errno != EINTR) {
			return false;
		}
		bytes = slice_skip(bytes, n > 0 ? (size_t)n : 0);
	}
	return true;
}

static bool reads_back(const char *path, struct slice bytes)
{
	char chunk[VERIFY_CHUNK];
	CLEANUP(close_fd) int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0) {
		return false;
	}
	for (;;) {
		ssize_t n = read(fd, chunk, sizeof(chunk));
		if (n < 0) {
			return false;
		}
		if (n == 0) {
			errno = EIO;
			return bytes.len == 0;
		}
		if (!slice_eq(slice_first(bytes, (size_t)n), slice_of(chunk, (size_t)n))) {
			errno = EIO;
			return false;
		}
		bytes = slice_skip(bytes, (size_t)n);
	}
}

static enum fault write_fresh(struct replace *r)
{
	size_t half = r->bytes.len / 2;
	/* The lock is ours, so a leftover is from a command that was cut off. */
	if (unlink(r->fresh) != 0 && errno != ENOENT) {
		return io_failed(r->problem, "A leftover beside the vault cannot be removed");
	}
	CLEANUP(close_fd) int fd = -1;
	if (may(r, VAULT_STEP_CREATE)) {
		fd = open(r->fresh, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	}
	if (fd < 0) {
		return io_failed(r->problem, "The new vault file cannot be made");
	}
	give_owner(fd, access(r->path, F_OK) == 0   ? r->path
		       : access(r->like, F_OK) == 0 ? r->like
						    : r->folder);
	if (!may(r, VAULT_STEP_WRITE) || !write_all(fd, slice_first(r->bytes, half)) ||
	    !may(r, VAULT_STEP_WRITE_REST) || !write_all(fd, slice_skip(r->bytes, half)) ||
	    !may(r, VAULT_STEP_SYNC) || fsync(fd) != 0) {
		return io_failed(r->problem, "The new vault file cannot be written");
	}
	if (!may(r, VAULT_STEP_VERIFY) || !reads_back(r->fresh, r->bytes)) {
		return io_failed(r->problem,
				 "The new vault file does not read back as it was written");
	}
	return FAULT_NONE;
}

/* By way of a second link, so that FILE.prev is never absent or half. */
static enum fault keep_previous(struct replace *r)
{
	if (unlink(r->linked) != 0 && errno != ENOENT) {
		return io_failed(r->problem, "A leftover beside the vault cannot be removed");
	}
	if (!may(r, VAULT_STEP_LINK_PREVIOUS)) {
		return io_failed(r->problem, "The previous vault file cannot be kept");
	}
	if (link(r->path, r->linked) != 0) {
		return errno == ENOENT
			       ? FAULT_NONE /* the first one has none before it */
			       : io_failed(r->problem, "The previous vault file cannot be kept");
	}
	if (!may(r, VAULT_STEP_KEEP_PREVIOUS) || rename(r->linked, r->previous) != 0) {
		return io_failed(r->problem, "The previous vault file cannot be kept");
	}
	/* Where FILE.prev was this file already (a power cut before its renaming), rename(2) leaves both names. */
	unlink(r->linked);
	return FAULT_NONE;
}

static enum fault put_in_place(struct replace *r)
{
	CLEANUP(close_fd)
	int folder = open(r->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (folder < 0) {
		return io_failed(r->problem, "The vault's folder cannot be opened");
	}
	if (!may(r, VAULT_STEP_RENAME) || rename(r->fresh, r->path) != 0) {
		return io_failed(r->problem, "The vault file cannot be replaced");
	}
	if (!may(r, VAULT_STEP_SYNC_FOLDER) || fsync(folder) != 0) {
		return io_failed(r->problem,
				 "The vault was replaced, but its folder cannot be synced");
	}
	return FAULT_NONE;
}

static enum fault name_files(struct replace *r)
{
	r->folder = folder_of(r->folder_room, r->path);
	if (!path_with(r->fresh, r->path, ".new") || !path_with(r->linked, r->path, ".prev.new") ||
	    !path_with(r->previous, r->path, ".prev")) {
		return problem_set(r->problem, FAULT_VAULT_IO,
				   "The path of the vault file is too long.");
	}
	return FAULT_NONE;
}

static enum fault tidy_up(struct replace *r, enum fault f)
{
	if (f != FAULT_NONE && !r->cut) {
		unlink(r->fresh);
		unlink(r->linked);
	}
	return f;
}

enum fault vault_store_replace(const char *path, struct slice bytes, bool is_new,
			       const struct vault_steps *steps, struct problem *p)
{
	struct replace r = {
		.path = path, .like = path, .bytes = bytes, .steps = steps, .problem = p};
	enum fault f = name_files(&r);
	if (f == FAULT_NONE && is_new && access(path, F_OK) == 0) {
		return problem_set(
			p, FAULT_VAULT_EXISTS,
			"There is a vault file at this place already; it was left as it is.");
	}
	if (f == FAULT_NONE) {
		f = write_fresh(&r);
	}
	if (f == FAULT_NONE) {
		f = keep_previous(&r);
	}
	return tidy_up(&r, f == FAULT_NONE ? put_in_place(&r) : f);
}

/* A file is overwritten where it lies; a disk that writes elsewhere keeps it, as its makers say how long. */
static enum fault erase(struct replace *r, int fd, off_t len)
{
	static const char zeros[VERIFY_CHUNK];
	for (off_t at = 0; at < len;) {
		size_t rest = (size_t)(len - at);
		ssize_t n = pwrite(fd, zeros, rest < sizeof(zeros) ? rest : sizeof(zeros), at);
		if (n < 0 && errno != EINTR) {
			return io_failed(r->problem,
					 "The key ledger of before cannot be overwritten");
		}
		at += n > 0 ? n : 0;
	}
	return fsync(fd) == 0
		       ? FAULT_NONE
		       : io_failed(r->problem, "The key ledger of before cannot be overwritten");
}

/* -1 and FAULT_NONE: there is none. */
static enum fault open_to_erase(struct replace *r, const char *path, int *out_fd, off_t *out_len)
{
	struct stat st;
	CLEANUP(close_fd) int fd = open(path, O_WRONLY | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY);
	if (fd < 0 && errno == ENOENT) {
		return FAULT_NONE;
	}
	if (fd < 0 && errno != ELOOP && errno != EISDIR) {
		return io_failed(r->problem, "The key ledger of before cannot be overwritten");
	}
	if (fd < 0 || fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
		return problem_set(r->problem, FAULT_VAULT_IO,
				   "The key ledger must be a regular file.");
	}
	*out_len = st.st_size;
	*out_fd = fd;
	fd = -1;
	return FAULT_NONE;
}

/* What a command that was cut off left behind holds keys as well. */
static enum fault erase_leftover(struct replace *r)
{
	CLEANUP(close_fd) int fd = -1;
	off_t len;
	enum fault f = open_to_erase(r, r->fresh, &fd, &len);
	return f == FAULT_NONE && fd >= 0 ? erase(r, fd, len) : f;
}

enum fault vault_store_replace_ledger(const char *path, const char *vault, struct slice bytes,
				      const struct vault_steps *steps, struct problem *p)
{
	struct replace r = {
		.path = path, .like = vault, .bytes = bytes, .steps = steps, .problem = p};
	CLEANUP(close_fd) int old = -1;
	off_t len;
	enum fault f = name_files(&r);
	if (f == FAULT_NONE) {
		f = open_to_erase(&r, path, &old, &len);
	}
	if (f == FAULT_NONE) {
		f = erase_leftover(&r);
	}
	if (f == FAULT_NONE) {
		f = write_fresh(&r);
	}
	f = tidy_up(&r, f == FAULT_NONE ? put_in_place(&r) : f);
	if (f != FAULT_NONE || old < 0) {
		return f;
	}
	return may(&r, VAULT_STEP_ERASE)
		       ? erase(&r, old, len)
		       : io_failed(p, "The key ledger of before cannot be overwritten");
}
