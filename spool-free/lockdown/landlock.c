#include "spool-free/lockdown/landlock.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/*
 * As in <linux/landlock.h> of Linux 6.15. Debian 12's headers end at ABI 2, and the kernel that runs may be newer or
 * older than any header.
 */
enum { CREATE_RULESET_VERSION = 1, RULE_PATH_BENEATH = 1 };

struct ruleset {
	uint64_t fs;
	uint64_t net;	 /* from ABI 4 */
	uint64_t scoped; /* from ABI 6 */
};

struct __attribute__((packed)) path_beneath {
	uint64_t allowed;
	int32_t parent_fd;
};

enum fs_right {
	FS_EXECUTE = 1 << 0,
	FS_WRITE_FILE = 1 << 1,
	FS_READ_FILE = 1 << 2,
	FS_READ_DIR = 1 << 3,
	FS_REMOVE_DIR = 1 << 4,
	FS_REMOVE_FILE = 1 << 5,
	FS_MAKE_CHAR = 1 << 6,
	FS_MAKE_DIR = 1 << 7,
	FS_MAKE_REG = 1 << 8,
	FS_MAKE_SOCK = 1 << 9,
	FS_MAKE_FIFO = 1 << 10,
	FS_MAKE_BLOCK = 1 << 11,
	FS_MAKE_SYM = 1 << 12,
	FS_REFER = 1 << 13,	/* ABI 2 */
	FS_TRUNCATE = 1 << 14,	/* ABI 3 */
	FS_IOCTL_DEV = 1 << 15, /* ABI 5 */
	FS_OF_FILES = FS_EXECUTE | FS_WRITE_FILE | FS_READ_FILE | FS_TRUNCATE | FS_IOCTL_DEV,
	FS_READ = FS_READ_FILE | FS_READ_DIR,
	FS_REPLACE = FS_READ | FS_WRITE_FILE | FS_REMOVE_FILE | FS_MAKE_REG | FS_TRUNCATE,
};

enum { NET_BIND_TCP = 1, NET_CONNECT_TCP = 2, SCOPE_ABSTRACT_UNIX = 1, SCOPE_SIGNAL = 2 };

enum { NEWEST_ABI = 7 };

/* By ABI: all the rights it knows, and how much of `struct ruleset` it reads. */
static const struct {
	uint64_t fs;
	size_t size;
} abis[NEWEST_ABI + 1] = {
	[1] = {FS_REFER - 1, 8},      [2] = {FS_TRUNCATE - 1, 8}, [3] = {FS_IOCTL_DEV - 1, 8},
	[4] = {FS_IOCTL_DEV - 1, 16}, [5] = {0xFFFF, 16},	  [6] = {0xFFFF, 24},
	[7] = {0xFFFF, 24},
};

/*
 * What libraries read while they run: resolver files (replaced in place by their owners, hence whole folders),
 * certificates, modules of the C library, how many processors there are.
 */
static const char *const system_readable[] = {
	"/etc",
	"/usr/lib",
	"/usr/share/ca-certificates",
	"/usr/local/share/ca-certificates",
	"/usr/share/zoneinfo",
	"/run/systemd/resolve",
	"/run/resolvconf",
	"/run/NetworkManager",
	"/proc/sys/vm/overcommit_memory",
	"/proc/sys/kernel/ngroups_max",
	"/sys/devices/system/cpu",
	"/dev/urandom",
	"/dev/null",
};

int landlock_abi(void)
{
	long abi = syscall(SYS_landlock_create_ruleset, NULL, 0, CREATE_RULESET_VERSION);
	if (abi < 1) {
		return 0;
	}
	return abi < NEWEST_ABI ? (int)abi : NEWEST_ABI;
}

/* False only when the rule was refused: a path that is not there needs none. */
static bool allow(int rules, const char *path, uint64_t rights)
{
	struct stat about;
	struct path_beneath rule = {.allowed = rights};
	rule.parent_fd = open(path, O_PATH | O_CLOEXEC);
	if (rule.parent_fd < 0) {
		return true;
	}
	if (fstat(rule.parent_fd, &about) == 0 && !S_ISDIR(about.st_mode)) {
		rule.allowed &= FS_OF_FILES;
	}
	bool added = rule.allowed == 0 ||
		     syscall(SYS_landlock_add_rule, rules, RULE_PATH_BENEATH, &rule, 0) == 0;
	close(rule.parent_fd);
	return added;
}

static bool allow_all(int rules, const struct lockdown_params *p, uint64_t known)
{
	bool added = true;
	bool needs_system = p->role == LOCKDOWN_GATEWAY || p->role == LOCKDOWN_KEEPER;
	for (size_t i = 0; needs_system && added && i < COUNT_OF(system_readable); i++) {
		added = allow(rules, system_readable[i], FS_READ);
	}
	for (size_t i = 0; added && i < p->readable_count; i++) {
		added = allow(rules, p->readable[i], FS_READ);
	}
	if (added && p->writable_folder != NULL) {
		added = allow(rules, p->writable_folder, FS_REPLACE & known);
	}
	if (added && p->backup_folder != NULL) {
		added = allow(rules, p->backup_folder, FS_REPLACE & known);
	}
	if (added && p->socket_folder != NULL) {
		added = allow(rules, p->socket_folder, FS_REMOVE_FILE);
	}
	return added;
}

enum lockdown_result landlock_confine(const struct lockdown_params *p)
{
	int abi = landlock_abi();
	if (abi == 0) {
		return LOCKDOWN_LACKING;
	}
	bool is_local = p->role != LOCKDOWN_GATEWAY;
	struct ruleset set = {
		.fs = abis[abi].fs,
		/* The gateway's connections go anywhere; the others have none. */
		.net = is_local ? NET_BIND_TCP | NET_CONNECT_TCP : 0,
		.scoped = SCOPE_SIGNAL | (is_local ? SCOPE_ABSTRACT_UNIX : 0),
	};
	int rules = (int)syscall(SYS_landlock_create_ruleset, &set, abis[abi].size, 0);
	if (rules < 0) {
		return LOCKDOWN_FAILED;
	}
	bool done = allow_all(rules, p, abis[abi].fs) &&
		    syscall(SYS_landlock_restrict_self, rules, 0) == 0;
	close(rules);
	return done ? LOCKDOWN_DONE : LOCKDOWN_FAILED;
}
