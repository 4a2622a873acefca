#include "relay/command/haystack.h"

#include <errno.h>
#include <fcntl.h>
#include <fts.h>
#include <mntent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { ROOM = 1024 * 1024, PATH_ROOM = 64, LINE_ROOM = 4096, OVERLAP = CANARY_NEEDLE_MAX - 1 };

static void look(struct haystack *h, struct slice bytes, const char *where)
{
	struct canary_hit hit;
	size_t at = 0;
	while (canaries_find(h->canaries, bytes, &at, &hit)) {
		h->hit(h->ctx, &hit, where);
	}
}

/* From `fd`, piece by piece, each with the end of the one before. A hole ends it. */
static void look_through(struct haystack *h, int fd, uint64_t from, uint64_t to, char *room,
			 const char *where)
{
	size_t kept = 0;
	while (from < to) {
		size_t most = to - from < ROOM ? (size_t)(to - from) : ROOM;
		ssize_t n = pread(fd, room + kept, most, (off_t)from);
		if (n <= 0) {
			return;
		}
		from += (uint64_t)n;
		h->bytes += (uint64_t)n;
		size_t len = kept + (size_t)n;
		look(h, slice_of(room, len), where);
		kept = len < OVERLAP ? len : OVERLAP;
		memmove(room, room + len - kept, kept);
	}
}

/* --- memory --- */

struct mapping {
	uint64_t begin, end;
	char name[LINE_ROOM];
};

static struct slice next_word(struct slice *line)
{
	*line = slice_trim(*line);
	struct slice word = slice_first(*line, slice_find_byte(*line, ' '));
	*line = slice_skip(*line, word.len);
	return word;
}

/* A line of /proc/PID/maps (proc(5)); false for one that nothing can have been put into. */
static bool read_mapping(const char *text, struct mapping *m)
{
	enum { HEX = 16 };
	char *end;
	struct slice line = slice_of_text(text);
	struct slice place = next_word(&line);
	struct slice may = next_word(&line);
	(void)next_word(&line); /* offset */
	(void)next_word(&line); /* device */
	struct slice inode = next_word(&line);
	struct slice name = slice_trim(line);
	if (may.len < 2 || slice_find_byte(place, '-') == place.len) {
		return false;
	}
	m->begin = strtoull(text, &end, HEX);
	m->end = strtoull(end + 1, &end, HEX);
	snprintf(m->name, sizeof(m->name), "%.*s", (int)slice_first(name, LINE_ROOM - 1).len,
		 name.len > 0 ? name.ptr : "");
	bool is_kernels = slice_starts(name, SLICE_LIT("[vvar")) ||
			  slice_starts(name, SLICE_LIT("[vsyscall"));
	bool has_file = !slice_eq(inode, SLICE_LIT("0"));
	return may.ptr[0] == 'r' && (!has_file || may.ptr[1] == 'w') && !is_kernels;
}

enum fault haystack_search_memory(struct haystack *h, pid_t pid)
{
	char path[PATH_ROOM];
	struct mapping m;
	char *line = NULL;
	size_t line_room = 0;
	char *room = malloc(ROOM + OVERLAP);
	snprintf(path, sizeof(path), "/proc/%d/mem", (int)pid);
	int mem = open(path, O_RDONLY | O_CLOEXEC);
	int why = errno;
	snprintf(path, sizeof(path), "/proc/%d/maps", (int)pid);
	FILE *maps = fopen(path, "re");
	enum fault f = room == NULL ? FAULT_NO_MEMORY : FAULT_NONE;
	if (f == FAULT_NONE && (mem < 0 || maps == NULL)) {
		f = why == EACCES || why == EPERM ? FAULT_FORBIDDEN : FAULT_SYSTEM;
	}
	while (f == FAULT_NONE && getline(&line, &line_room, maps) > 0) {
		if (read_mapping(line, &m)) {
			look_through(h, mem, m.begin, m.end, room,
				     m.name[0] != '\0' ? m.name : "memory without a name");
		}
	}
	if (mem >= 0) {
		close(mem);
	}
	if (maps != NULL) {
		fclose(maps);
	}
	free(line);
	free(room);
	return f;
}

/* --- files --- */

/* Of the kernel's own making: what is in them is in no storage. */
static bool is_kernels_view(const char *type)
{
	static const char *const views[] = {
		"proc",	       "sysfs",	  "cgroup",  "cgroup2",	 "devpts",  "securityfs",
		"bpf",	       "tracefs", "debugfs", "configfs", "fusectl", "mqueue",
		"binfmt_misc", "autofs",  "pstore",  "efivarfs", "nsfs",    "rpc_pipefs"};
	for (size_t i = 0; i < COUNT_OF(views); i++) {
		if (strcmp(views[i], type) == 0) {
			return true;
		}
	}
	return false;
}

static bool is_since(struct timespec at, struct timespec since)
{
	return at.tv_sec > since.tv_sec ||
	       (at.tv_sec == since.tv_sec && at.tv_nsec >= since.tv_nsec);
}

static bool is_spared(const struct haystack *h, const struct stat *s)
{
	return h->spared != NULL && s->st_dev == h->spared->st_dev &&
	       s->st_ino == h->spared->st_ino;
}

static void look_at_file(struct haystack *h, const char *path, char *room)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (fd >= 0) {
		h->files++;
		look_through(h, fd, 0, UINT64_MAX, room, path);
		close(fd);
	}
}

enum fault haystack_search_folder(struct haystack *h, const char *folder, struct timespec since)
{
	char *const roots[] = {(char *)folder, NULL};
	char *room = malloc(ROOM + OVERLAP);
	FTS *walk = room != NULL ? fts_open(roots, FTS_PHYSICAL | FTS_XDEV | FTS_NOCHDIR, NULL)
				 : NULL;
	if (walk == NULL) {
		free(room);
		return FAULT_NO_MEMORY;
	}
	for (const FTSENT *e = fts_read(walk); e != NULL; e = fts_read(walk)) {
		if (e->fts_info == FTS_F && S_ISREG(e->fts_statp->st_mode) &&
		    (is_since(e->fts_statp->st_mtim, since) ||
		     is_since(e->fts_statp->st_ctim, since)) &&
		    !is_spared(h, e->fts_statp)) {
			look_at_file(h, e->fts_path, room);
		}
	}
	fts_close(walk);
	free(room);
	return FAULT_NONE;
}

enum fault haystack_search_files(struct haystack *h, struct timespec since)
{
	enum fault f = FAULT_NONE;
	FILE *mounts = setmntent("/proc/self/mounts", "re");
	if (mounts == NULL) {
		return FAULT_SYSTEM;
	}
	for (const struct mntent *m = getmntent(mounts); m != NULL && f == FAULT_NONE;
	     m = getmntent(mounts)) {
		if (hasmntopt(m, "rw") != NULL && !is_kernels_view(m->mnt_type)) {
			f = haystack_search_folder(h, m->mnt_dir, since);
		}
	}
	endmntent(mounts);
	return f;
}
