#include "relay/command/selfcheck_process.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "spool-free/lockdown/memory.h"

enum {
	FILE_MAX = 16 * 1024 * 1024,
	CHUNK = 64 * 1024,
	SECCOMP_FILTER = 2,
	PROC_NAME = 300,
	PROC_PATH = 340
};

/* --- reading --- */

/* What follows `name` on the line that begins with it. */
static bool find_line(struct slice text, struct slice name, struct slice *out_rest)
{
	struct slice line;
	while (text.len > 0) {
		if (!slice_cut_to(&text, '\n', &line)) {
			line = text;
			text.len = 0;
		}
		if (slice_starts(line, name)) {
			*out_rest = slice_trim(slice_skip(line, name.len));
			return true;
		}
	}
	return false;
}

static struct slice next_word(struct slice *text)
{
	*text = slice_trim(*text);
	struct slice word = slice_first(*text, slice_find_byte(*text, ' '));
	*text = slice_skip(*text, word.len);
	return word;
}

bool selfcheck_process_number(struct slice text, struct slice name, uint64_t *out_number)
{
	struct slice rest;
	return find_line(text, name, &rest) && slice_starts(rest, SLICE_LIT(":")) &&
	       (rest = slice_trim(slice_skip(rest, 1)),
		slice_to_u64(next_word(&rest), UINT64_MAX, out_number));
}

bool selfcheck_process_limit(struct slice text, struct slice name, uint64_t *out_limit)
{
	struct slice rest;
	if (!find_line(text, name, &rest)) {
		return false;
	}
	(void)next_word(&rest); /* the soft one, which the process may raise */
	struct slice hard = next_word(&rest);
	if (slice_eq(hard, SLICE_LIT("unlimited"))) {
		*out_limit = UINT64_MAX;
		return true;
	}
	return slice_to_u64(hard, UINT64_MAX, out_limit);
}

static bool has_word(struct slice words, struct slice wanted)
{
	while (words.len > 0) {
		struct slice word = next_word(&words);
		if (word.len == 0 || slice_eq(word, wanted)) {
			return word.len > 0;
		}
	}
	return false;
}

bool selfcheck_process_has_flags(struct slice smaps, const struct slice *flags, size_t count)
{
	struct slice line;
	while (slice_cut_to(&smaps, '\n', &line)) {
		static const struct slice head = SLICE_INIT("VmFlags:");
		size_t has = 0;
		for (size_t i = 0; i < count && slice_starts(line, head); i++) {
			has += has_word(slice_skip(line, head.len), flags[i]) ? 1 : 0;
		}
		if (has == count) {
			return true;
		}
	}
	return false;
}

static bool read_file(const char *path, struct buf *into)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = -1;
	char *room;
	buf_clear(into);
	while (fd >= 0 && buf_reserve(into, CHUNK, &room) == FAULT_NONE &&
	       (n = read(fd, room, CHUNK)) > 0) {
		buf_grew(into, (size_t)n);
	}
	if (fd >= 0) {
		close(fd);
	}
	return n == 0;
}

static bool read_proc(pid_t pid, const char *name, struct buf *into)
{
	char path[PROC_PATH];
	snprintf(path, sizeof(path), "/proc/%d/%s", (int)pid, name);
	return read_file(path, into);
}

/* --- rows --- */

static void add(struct selfcheck_report *r, const struct selfcheck_process *p, const char *what,
		enum selfcheck_result result, const char *detail)
{
	selfcheck_report_add(r, p->whose, slice_of_text(what), result, slice_of_text(detail));
}

static void add_number(struct selfcheck_report *r, const struct selfcheck_process *p,
		       const char *what, bool known, uint64_t number, bool right)
{
	char detail[SELFCHECK_DETAIL_MAX];
	if (!known) {
		add(r, p, what, SELFCHECK_NOT_TRIED, "the kernel does not tell");
		return;
	}
	snprintf(detail, sizeof(detail), number == UINT64_MAX ? "unlimited" : "%llu",
		 (unsigned long long)number);
	add(r, p, what, right ? SELFCHECK_PASSED : SELFCHECK_FAILED, detail);
}

static void look_at_status(const struct selfcheck_process *p, struct buf *text,
			   struct selfcheck_report *r)
{
	uint64_t n = 0;
	(void)read_proc(p->pid, "status", text);
	struct slice status = buf_view(text);
	bool known = selfcheck_process_number(status, SLICE_LIT("NoNewPrivs"), &n);
	add_number(r, p, "no new privileges", known, n, n == 1);
	known = selfcheck_process_number(status, SLICE_LIT("Seccomp"), &n);
	add_number(r, p, "filter of system calls (2)", known, n, n == SECCOMP_FILTER);
	known = selfcheck_process_number(status, SLICE_LIT("VmSwap"), &n);
	add_number(r, p, "memory in swap, KiB", known, n, n == 0);
}

static void look_at_limits(const struct selfcheck_process *p, struct buf *text,
			   struct selfcheck_report *r)
{
	uint64_t n = 0;
	(void)read_proc(p->pid, "limits", text);
	bool known = selfcheck_process_limit(buf_view(text), SLICE_LIT("Max core file size"), &n);
	add_number(r, p, "largest core, bytes", known, n, n == 0);
	known = selfcheck_process_limit(buf_view(text), SLICE_LIT("Max file size"), &n);
	add_number(r, p, "largest file, bytes", known, n, n <= p->file_limit_max);
}

/* A limit of a group holds for all below it. */
static bool group_has_no_swap(struct slice path, struct buf *text)
{
	static const char *const roots[] = {"/sys/fs/cgroup", "/sys/fs/cgroup/unified"};
	char file[PATH_MAX];
	while (path.len > 0) {
		for (size_t i = 0; i < COUNT_OF(roots); i++) {
			snprintf(file, sizeof(file), "%s%.*s/memory.swap.max", roots[i],
				 (int)(path.len > 1 ? path.len : 0), path.ptr);
			if (read_file(file, text) && memory_swap_limit_is_zero(buf_view(text))) {
				return true;
			}
		}
		do {
			path.len--;
		} while (path.len > 0 && path.ptr[path.len] != '/');
	}
	return false;
}

static void look_at_swap(const struct selfcheck_process *p, struct buf *text,
			 struct selfcheck_report *r)
{
	static const char what[] = "no way into swap";
	CLEANUP(buf_deinit) struct buf group;
	uint64_t locked = 0;
	uint64_t resident = 0;
	buf_init(&group, FILE_MAX);
	(void)read_proc(p->pid, "status", text);
	bool known = selfcheck_process_number(buf_view(text), SLICE_LIT("VmLck"), &locked) &&
		     selfcheck_process_number(buf_view(text), SLICE_LIT("VmRSS"), &resident);
	if (known && locked >= resident && resident > 0) {
		add(r, p, what, SELFCHECK_PASSED, "all of its memory is locked");
		return;
	}
	if (memory_machine_has_no_swap()) {
		add(r, p, what, SELFCHECK_PASSED, "the machine has no swap");
		return;
	}
	(void)read_proc(p->pid, "cgroup", &group);
	bool none = group_has_no_swap(memory_group_path(buf_view(&group)), text);
	add(r, p, what, none ? SELFCHECK_PASSED : SELFCHECK_FAILED,
	    none ? "its unit may use none (memory.swap.max)"
		 : "set MemorySwapMax=0 or LimitMEMLOCK=infinity, or switch swap off");
}

static void look_at_secrets(const struct selfcheck_process *p, struct buf *text,
			    struct selfcheck_report *r)
{
	static const char what[] = "secrets locked and in no dump";
	static const struct slice flags[] = {SLICE_INIT("lo"), SLICE_INIT("dd")};
	if (!read_proc(p->pid, "smaps", text)) {
		add(r, p, what, SELFCHECK_NOT_TRIED, "only root may read its mappings");
		return;
	}
	bool has = selfcheck_process_has_flags(buf_view(text), flags, COUNT_OF(flags));
	add(r, p, what, has ? SELFCHECK_PASSED : SELFCHECK_FAILED,
	    has ? "a mapping with the flags lo and dd" : "no mapping has the flags lo and dd");
}

/* Of an open file; -1: it is gone meanwhile. */
static int is_written_to(pid_t pid, const char *number, struct buf *text)
{
	char path[PROC_PATH];
	char name[PROC_NAME];
	struct stat about;
	struct slice flags;
	snprintf(path, sizeof(path), "/proc/%d/fd/%s", (int)pid, number);
	if (stat(path, &about) != 0) {
		return -1;
	}
	snprintf(name, sizeof(name), "fdinfo/%s", number);
	if (!read_proc(pid, name, text) ||
	    !find_line(buf_view(text), SLICE_LIT("flags:"), &flags) || flags.len == 0) {
		return -1;
	}
	/* Octal, the way of access in its last digit. */
	bool writes = (flags.ptr[flags.len - 1] & O_ACCMODE) != O_RDONLY;
	return writes && (S_ISREG(about.st_mode) || S_ISBLK(about.st_mode)) ? 1 : 0;
}

static void look_at_descriptors(const struct selfcheck_process *p, struct buf *text,
				struct selfcheck_report *r)
{
	static const char what[] = "open files";
	char path[64];
	char detail[SELFCHECK_DETAIL_MAX];
	size_t all = 0;
	size_t written = 0;
	snprintf(path, sizeof(path), "/proc/%d/fd", (int)p->pid);
	DIR *fds = opendir(path);
	if (fds == NULL) {
		add(r, p, what, SELFCHECK_NOT_TRIED, "only root may read its descriptors");
		return;
	}
	for (const struct dirent *e = readdir(fds); e != NULL; e = readdir(fds)) {
		if (e->d_name[0] != '.') {
			all++;
			written += is_written_to(p->pid, e->d_name, text) == 1 ? 1 : 0;
		}
	}
	closedir(fds);
	snprintf(detail, sizeof(detail), "%zu descriptors, %zu of files open for writing", all,
		 written);
	add(r, p, what, written == 0 ? SELFCHECK_PASSED : SELFCHECK_FAILED, detail);
}

static size_t count_writable_mounts(struct slice mounts)
{
	struct slice line;
	size_t count = 0;
	while (slice_cut_to(&mounts, '\n', &line)) {
		for (int i = 0; i < 3; i++) {
			(void)next_word(&line);
		}
		struct slice options = next_word(&line);
		count += slice_eq(options, SLICE_LIT("rw")) ||
					 slice_starts(options, SLICE_LIT("rw,"))
				 ? 1
				 : 0;
	}
	return count;
}

/* Told for whoever reads the report: what the confinement forbids it forbids on all of them. */
static void look_at_mounts(const struct selfcheck_process *p, struct buf *text,
			   struct selfcheck_report *r)
{
	char detail[SELFCHECK_DETAIL_MAX];
	if (!read_proc(p->pid, "mounts", text)) {
		add(r, p, "mounts", SELFCHECK_NOT_TRIED, "the kernel does not tell");
		return;
	}
	snprintf(detail, sizeof(detail), "%zu that others may write to",
		 count_writable_mounts(buf_view(text)));
	add(r, p, "mounts", SELFCHECK_PASSED, detail);
}

void selfcheck_process_look(const struct selfcheck_process *p, struct selfcheck_report *r)
{
	CLEANUP(buf_deinit) struct buf text;
	buf_init(&text, FILE_MAX);
	look_at_status(p, &text, r);
	look_at_limits(p, &text, r);
	look_at_swap(p, &text, r);
	look_at_secrets(p, &text, r);
	look_at_descriptors(p, &text, r);
	look_at_mounts(p, &text, r);
}
