#include "relay/command/outlet.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { BLOCK_SIZE = 4096 };

static bool write_all(int fd, const char *bytes, size_t len)
{
	while (len > 0) {
		ssize_t n = write(fd, bytes, len);
		if (n < 0 && errno != EINTR) {
			return false;
		}
		bytes += n > 0 ? n : 0;
		len -= n > 0 ? (size_t)n : 0;
	}
	return true;
}

/* A full disk ends the writing, not the reading: the writers must not die of a broken pipe. */
static void copy(int from, int to)
{
	char block[BLOCK_SIZE];
	bool writes = true;
	for (;;) {
		ssize_t n = read(from, block, sizeof(block));
		if (n == 0 || (n < 0 && errno != EINTR)) {
			return;
		}
		writes = writes && (n < 0 || write_all(to, block, (size_t)n));
	}
}

/* In the child: nothing is kept but the two ends; a signal to the group is for those who write. */
static void become_copier(int from, int to)
{
	sigset_t all;
	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, NULL);
	if (dup2(to, STDERR_FILENO) >= 0 && dup2(from, STDIN_FILENO) >= 0) {
		(void)close(STDOUT_FILENO);
		(void)close_range(STDERR_FILENO + 1, ~0U, 0);
		copy(STDIN_FILENO, STDERR_FILENO);
	}
	_exit(0);
}

static pid_t divert(int fd)
{
	struct stat is;
	int ends[2];
	if (fstat(fd, &is) != 0 || !S_ISREG(is.st_mode) || pipe2(ends, O_CLOEXEC) != 0) {
		return 0;
	}
	pid_t pid = fork();
	if (pid == 0) {
		become_copier(ends[0], fd);
	}
	if (pid > 0) {
		dup2(ends[1], fd);
	}
	close(ends[0]);
	close(ends[1]);
	return pid > 0 ? pid : 0;
}

void outlet_open(struct outlet *out_outlet)
{
	for (int i = 0; i < OUTLET_FDS; i++) {
		out_outlet->copiers[i] = divert(STDOUT_FILENO + i);
	}
}

void outlet_close(struct outlet *o)
{
	for (int i = 0; i < OUTLET_FDS; i++) {
		if (o->copiers[i] > 0) {
			close(STDOUT_FILENO + i);
		}
	}
	for (int i = 0; i < OUTLET_FDS; i++) {
		while (o->copiers[i] > 0 && waitpid(o->copiers[i], NULL, 0) < 0 && errno == EINTR) {
		}
		o->copiers[i] = 0;
	}
}
