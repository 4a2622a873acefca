#include "spool-free/lockdown/memory.h"

#include <fcntl.h>
#include <linux/capability.h>
#include <malloc.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/sysinfo.h>
#include <unistd.h>

enum { FILE_ROOM = 4096, PATH_ROOM = 4096 };

/* The file's beginning; empty when it cannot be read. */
static struct slice read_file(const char *path, char room[FILE_ROOM])
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd >= 0 ? read(fd, room, FILE_ROOM) : -1;
	if (fd >= 0) {
		close(fd);
	}
	return n > 0 ? slice_of(room, (size_t)n) : (struct slice){0};
}

/* Not /proc/swaps, which ProcSubset=pid hides from a unit. */
bool memory_machine_has_no_swap(void)
{
	struct sysinfo about;
	return sysinfo(&about) == 0 && about.totalswap == 0;
}

bool memory_swap_limit_is_zero(struct slice swap_max)
{
	return slice_eq(slice_trim(swap_max), SLICE_LIT("0"));
}

struct slice memory_group_path(struct slice proc_cgroup)
{
	static const struct slice unified = SLICE_INIT("0::");
	struct slice line;
	while (slice_cut_to(&proc_cgroup, '\n', &line)) {
		if (slice_starts(line, unified)) {
			return slice_skip(line, unified.len);
		}
	}
	return slice_starts(proc_cgroup, unified) ? slice_skip(proc_cgroup, unified.len)
						  : (struct slice){0};
}

/* Of the group at root + path, whose length is `len` without its end. */
static bool group_has_no_swap(const char *root, struct slice path)
{
	char room[FILE_ROOM];
	char at[PATH_ROOM];
	const struct slice parts[] = {slice_of_text(root), path, SLICE_LIT("/memory.swap.max")};
	size_t len = 0;
	for (size_t i = 0; i < COUNT_OF(parts); i++) {
		if (parts[i].len >= PATH_ROOM - len) {
			return false;
		}
		memcpy(at + len, parts[i].ptr, parts[i].len);
		len += parts[i].len;
	}
	at[len] = '\0';
	return memory_swap_limit_is_zero(read_file(at, room));
}

/* A limit of a group holds for all below it. */
static bool groups_have_no_swap(void)
{
	static const char *const roots[] = {"/sys/fs/cgroup", "/sys/fs/cgroup/unified"};
	char room[FILE_ROOM];
	struct slice path = memory_group_path(read_file("/proc/self/cgroup", room));
	bool none = false;
	while (!none && path.len > 0) {
		for (size_t i = 0; !none && i < COUNT_OF(roots); i++) {
			none = group_has_no_swap(roots[i], path.len > 1 ? path : SLICE_LIT(""));
		}
		do {
			path.len--;
		} while (path.len > 0 && path.ptr[path.len] != '/');
	}
	return none;
}

bool memory_may_lock(void)
{
	struct rlimit limit;
	struct __user_cap_header_struct head = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = {0};
	if (getrlimit(RLIMIT_MEMLOCK, &limit) == 0 && limit.rlim_cur == RLIM_INFINITY) {
		return true;
	}
	return syscall(SYS_capget, &head, data) == 0 &&
	       (data[CAP_TO_INDEX(CAP_IPC_LOCK)].effective & CAP_TO_MASK(CAP_IPC_LOCK)) != 0;
}

bool memory_lock(void)
{
	return mlockall(MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT) == 0;
}

enum lockdown_result memory_confine(UNUSED const struct lockdown_params *p)
{
	if (memory_may_lock() && memory_lock()) {
		return LOCKDOWN_DONE;
	}
	return memory_machine_has_no_swap() || groups_have_no_swap() ? LOCKDOWN_NOT_NEEDED
								     : LOCKDOWN_LACKING;
}

void memory_give_back(size_t kept, bool locked)
{
	/* A locked page is kept whatever the heap says of it. What is free was wiped. */
	bool unlocked = locked && munlockall() == 0;
	(void)malloc_trim(kept);
	if (unlocked && !memory_lock()) {
		/* The limit was none when it was locked, and nobody here can set one. */
		__builtin_trap();
	}
}
