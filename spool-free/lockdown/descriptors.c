#include "spool-free/lockdown/descriptors.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

static bool is_writable_file(int fd)
{
	struct stat about;
	int flags = fcntl(fd, F_GETFL);
	if (flags < 0 || fstat(fd, &about) != 0) {
		return false;
	}
	bool writes = (flags & O_PATH) == 0 && (flags & O_ACCMODE) != O_RDONLY;
	return (writes && (S_ISREG(about.st_mode) || S_ISBLK(about.st_mode))) ||
	       S_ISDIR(about.st_mode);
}

static bool put_away(int fd)
{
	if (fd > STDERR_FILENO) {
		return close(fd) == 0;
	}
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	bool done = null >= 0 && dup2(null, fd) == fd;
	if (null > STDERR_FILENO) {
		close(null);
	}
	return done;
}

enum lockdown_result descriptors_confine(UNUSED const struct lockdown_params *p)
{
	bool done = true;
	DIR *all = opendir("/proc/self/fd");
	if (all == NULL) {
		return LOCKDOWN_FAILED;
	}
	for (const struct dirent *e = readdir(all); e != NULL; e = readdir(all)) {
		uint64_t fd;
		if (slice_to_u64(slice_of_text(e->d_name), INT32_MAX, &fd) &&
		    (int)fd != dirfd(all) && is_writable_file((int)fd)) {
			done = put_away((int)fd) && done;
		}
	}
	closedir(all);
	return done ? LOCKDOWN_DONE : LOCKDOWN_FAILED;
}
