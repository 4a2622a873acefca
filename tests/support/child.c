#include "tests/support/child.h"

#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
static const bool is_sanitized = true;
#else
static const bool is_sanitized = false;
#endif

bool child_is_watched(void)
{
	const char *preloaded = getenv("LD_PRELOAD"); /* valgrind puts itself there */
	return is_sanitized || (preloaded != NULL && strstr(preloaded, "vgpreload") != NULL);
}

static void run(int (*fn)(void *, unsigned char *), void *ctx, unsigned char *room, size_t size,
		int to)
{
	int status = fn(ctx, room);
	size_t at = 0;
	while (at < size) {
		ssize_t n = write(to, room + at, size - at);
		if (n <= 0) {
			_exit(99);
		}
		at += (size_t)n;
	}
	_exit(status);
}

struct child_end child_run(int (*fn)(void *ctx, unsigned char *room), void *ctx,
			   unsigned char *room, size_t size)
{
	int ends[2];
	int how = 0;
	ssize_t n;
	struct child_end end = {.status = -1};
	if (pipe(ends) != 0) {
		abort();
	}
	pid_t child = fork();
	if (child < 0) {
		abort();
	}
	if (child == 0) {
		close(ends[0]);
		run(fn, ctx, room, size, ends[1]);
	}
	close(ends[1]);
	while (end.len < size && (n = read(ends[0], room + end.len, size - end.len)) > 0) {
		end.len += (size_t)n;
	}
	close(ends[0]);
	if (waitpid(child, &how, 0) != child) {
		abort();
	}
	end.status = WIFEXITED(how) ? WEXITSTATUS(how) : -1;
	end.signal = WIFSIGNALED(how) ? WTERMSIG(how) : 0;
	return end;
}
