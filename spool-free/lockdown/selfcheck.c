#include "spool-free/lockdown/selfcheck.h"

#include <fcntl.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

enum { DESCRIPTORS_LOOKED_AT = 65536 };

static const struct slice names[SELFCHECK_NUMBERS] = {
	[SELFCHECK_PID] = SLICE_INIT("pid"),
	[SELFCHECK_DUMPABLE] = SLICE_INIT("dumpable"),
	[SELFCHECK_NO_NEW_PRIVILEGES] = SLICE_INIT("no-new-privileges"),
	[SELFCHECK_SECCOMP] = SLICE_INIT("seccomp"),
	[SELFCHECK_CORE_LIMIT] = SLICE_INIT("core-limit"),
	[SELFCHECK_FILE_LIMIT] = SLICE_INIT("file-limit"),
	[SELFCHECK_WRITABLE] = SLICE_INIT("writable-descriptors"),
};

struct slice selfcheck_number_name(enum selfcheck_number n)
{
	return names[n];
}

static uint64_t limit_of(int resource)
{
	struct rlimit limit;
	return getrlimit(resource, &limit) == 0 ? limit.rlim_max : UINT64_MAX;
}

/* What prctl(2) says; a refusal is none of the right answers. */
static uint64_t state_of(int option)
{
	int is = prctl(option, 0, 0, 0, 0);
	return is >= 0 ? (uint64_t)is : UINT64_MAX;
}

static uint64_t count_writable(void)
{
	uint64_t limit = limit_of(RLIMIT_NOFILE);
	uint64_t count = 0;
	for (int fd = 0; fd < DESCRIPTORS_LOOKED_AT && (uint64_t)fd < limit; fd++) {
		struct stat about;
		int flags = fcntl(fd, F_GETFL);
		if (flags >= 0 && (flags & O_ACCMODE) != O_RDONLY && fstat(fd, &about) == 0 &&
		    (S_ISREG(about.st_mode) || S_ISBLK(about.st_mode))) {
			count++;
		}
	}
	return count;
}

static bool is_own_folder(struct slice folder)
{
	struct slice part;
	struct slice name = folder;
	while (slice_cut_to(&name, '/', &part)) {
	}
	return folder.len <= SELFCHECK_FOLDER_MAX && slice_starts(folder, SLICE_LIT("/")) &&
	       slice_starts(name, SLICE_LIT(SELFCHECK_FOLDER)) &&
	       slice_find_byte(folder, '\0') == folder.len;
}

enum fault selfcheck_run(struct slice folder, struct selfcheck *out)
{
	static const struct slice victim = SLICE_INIT(SELFCHECK_VICTIM);
	char path[SELFCHECK_FOLDER_MAX + 1];
	char file[SELFCHECK_FOLDER_MAX + sizeof(SELFCHECK_VICTIM)];
	if (!is_own_folder(folder)) {
		return FAULT_BAD_FIELD;
	}
	memcpy(path, folder.ptr, folder.len);
	path[folder.len] = '\0';
	memcpy(file, folder.ptr, folder.len);
	memcpy(file + folder.len, victim.ptr, victim.len + 1);
	const struct probe_params p = {.folder = path, .victim = file, .inherited = -1};
	*out = (struct selfcheck){
		.numbers = {
			[SELFCHECK_PID] = (uint64_t)getpid(),
			[SELFCHECK_DUMPABLE] = state_of(PR_GET_DUMPABLE),
			[SELFCHECK_NO_NEW_PRIVILEGES] = state_of(PR_GET_NO_NEW_PRIVS),
			[SELFCHECK_SECCOMP] = state_of(PR_GET_SECCOMP),
			[SELFCHECK_CORE_LIMIT] = limit_of(RLIMIT_CORE),
			[SELFCHECK_FILE_LIMIT] = limit_of(RLIMIT_FSIZE),
			[SELFCHECK_WRITABLE] = count_writable(),
		}};
	for (size_t i = 0; i < PROBE_ATTEMPTS; i++) {
		out->attempts[i] = probe_try(i, &p);
	}
	return FAULT_NONE;
}

/* The results of an attempt stand in their order of what they prove, done apart from the rest. */
static bool is_worse(enum probe_result a, enum probe_result b)
{
	return a == PROBE_DONE ? b != PROBE_DONE : b != PROBE_DONE && a > b;
}

void selfcheck_merge(struct selfcheck *into, const struct selfcheck *other)
{
	for (size_t i = 0; i < PROBE_ATTEMPTS; i++) {
		if (is_worse(other->attempts[i], into->attempts[i])) {
			into->attempts[i] = other->attempts[i];
		}
	}
}

enum fault selfcheck_write(const struct selfcheck *s, struct buf *into)
{
	enum fault f = FAULT_NONE;
	for (size_t i = 0; f == FAULT_NONE && i < SELFCHECK_NUMBERS; i++) {
		f = buf_add(into, names[i]);
		f = f == FAULT_NONE ? buf_add_byte(into, ' ') : f;
		f = f == FAULT_NONE ? buf_add_u64(into, s->numbers[i]) : f;
		f = f == FAULT_NONE ? buf_add_byte(into, '\n') : f;
	}
	for (size_t i = 0; f == FAULT_NONE && i < PROBE_ATTEMPTS; i++) {
		f = buf_add_text(into, "attempt ");
		f = f == FAULT_NONE ? buf_add(into, probe_result_name(s->attempts[i])) : f;
		f = f == FAULT_NONE ? buf_add_byte(into, ' ') : f;
		f = f == FAULT_NONE ? buf_add(into, probe_name(i)) : f;
		f = f == FAULT_NONE ? buf_add_byte(into, '\n') : f;
	}
	return f;
}

static bool read_result(struct slice word, enum probe_result *out_result)
{
	for (enum probe_result r = PROBE_REFUSED; r <= PROBE_UNCLEAR; r++) {
		if (slice_eq(word, probe_result_name(r))) {
			*out_result = r;
			return true;
		}
	}
	return false;
}

/* The lines come in the order in which selfcheck_write() writes them, and all of them come. */
enum fault selfcheck_read(struct slice text, struct selfcheck *out)
{
	struct slice line;
	struct slice word;
	for (size_t i = 0; i < SELFCHECK_NUMBERS; i++) {
		if (!slice_cut_to(&text, '\n', &line) || !slice_cut_to(&line, ' ', &word) ||
		    !slice_eq(word, names[i]) ||
		    !slice_to_u64(line, UINT64_MAX, &out->numbers[i])) {
			return FAULT_MALFORMED;
		}
	}
	for (size_t i = 0; i < PROBE_ATTEMPTS; i++) {
		if (!slice_cut_to(&text, '\n', &line) || !slice_cut_to(&line, ' ', &word) ||
		    !slice_eq(word, SLICE_LIT("attempt")) || !slice_cut_to(&line, ' ', &word) ||
		    !read_result(word, &out->attempts[i]) || !slice_eq(line, probe_name(i))) {
			return FAULT_MALFORMED;
		}
	}
	return text.len == 0 ? FAULT_NONE : FAULT_MALFORMED;
}
