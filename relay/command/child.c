#include "relay/command/child.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "spool-free/base/instant.h"

enum { ARGUMENTS_MAX = 64, OUTPUT_MAX = 128 * 1024 * 1024, READ_SIZE = 64 * 1024 };

static void become(const char *const *argv, int in_fd, int out_fd, bool is_hushed)
{
	char *args[ARGUMENTS_MAX + 2] = {(char *)"pagepost"};
	size_t n = 1;
	while (n <= ARGUMENTS_MAX && argv[n - 1] != NULL) {
		args[n] = (char *)argv[n - 1];
		n++;
	}
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	dup2(in_fd, STDIN_FILENO);
	if (out_fd >= 0) {
		dup2(out_fd, STDOUT_FILENO);
	}
	int nowhere = is_hushed ? open("/dev/null", O_WRONLY | O_CLOEXEC) : -1;
	if (nowhere >= 0) {
		dup2(nowhere, STDERR_FILENO);
	}
	execv("/proc/self/exe", args);
	_exit(127);
}

enum fault child_start(const char *const *argv, struct slice input, enum child_output output,
		       struct child *out_child)
{
	int in[2];
	int out[2] = {-1, -1};
	/* Who started us may ignore it; then no child's end could be waited for. */
	signal(SIGCHLD, SIG_DFL);
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, in) != 0) {
		return FAULT_SYSTEM;
	}
	if (output != CHILD_TELLS && pipe2(out, O_CLOEXEC) != 0) {
		close(in[0]);
		close(in[1]);
		return FAULT_SYSTEM;
	}
	pid_t pid = fork();
	if (pid == 0) {
		become(argv, in[0], out[1], output == CHILD_HUSHED);
	}
	close(in[0]);
	if (out[1] >= 0) {
		close(out[1]);
	}
	/* What commands take on standard input is a few lines: it fits the socket's buffer. */
	bool given = pid > 0 && (input.len == 0 || send(in[1], input.ptr, input.len,
							MSG_NOSIGNAL) == (ssize_t)input.len);
	close(in[1]);
	*out_child = (struct child){.pid = pid > 0 ? pid : 0, .out_fd = out[0]};
	buf_init(&out_child->read, OUTPUT_MAX);
	if (!given) {
		child_stop(out_child);
		return FAULT_SYSTEM;
	}
	return FAULT_NONE;
}

static enum fault read_more(struct child *c, struct instant until)
{
	struct pollfd wait = {.fd = c->out_fd, .events = POLLIN};
	char *room;
	uint64_t left = instant_left_ms(until, instant_now());
	if (left == 0 || poll(&wait, 1, left > 60000 ? 60000 : (int)left) <= 0) {
		return FAULT_DEADLINE;
	}
	enum fault f = buf_reserve(&c->read, READ_SIZE, &room);
	if (f != FAULT_NONE) {
		return f;
	}
	ssize_t n = read(c->out_fd, room, READ_SIZE);
	if (n <= 0) {
		return FAULT_NOT_FOUND;
	}
	buf_grew(&c->read, (size_t)n);
	return FAULT_NONE;
}

enum fault child_read_line(struct child *c, uint64_t timeout_ms, struct buf *out_line)
{
	struct instant until = instant_after(instant_now(), timeout_ms);
	for (;;) {
		struct slice rest = buf_view(&c->read);
		struct slice line;
		if (slice_cut_to(&rest, '\n', &line)) {
			enum fault f = buf_add(out_line, line);
			buf_drop(&c->read, line.len + 1);
			return f;
		}
		enum fault f = read_more(c, until);
		if (f != FAULT_NONE) {
			return f;
		}
	}
}

enum fault child_read_bytes(struct child *c, size_t count, uint64_t timeout_ms,
			    struct buf *out_bytes)
{
	struct instant until = instant_after(instant_now(), timeout_ms);
	while (c->read.len < count) {
		enum fault f = read_more(c, until);
		if (f != FAULT_NONE) {
			return f;
		}
	}
	enum fault f = buf_add(out_bytes, slice_first(buf_view(&c->read), count));
	if (f == FAULT_NONE) {
		buf_drop(&c->read, count);
	}
	return f;
}

int child_wait(struct child *c)
{
	int status = 0;
	if (c->pid > 0) {
		while (waitpid(c->pid, &status, 0) < 0) {
		}
		c->pid = 0;
	}
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

void child_stop(struct child *c)
{
	if (c->pid > 0) {
		kill(c->pid, SIGTERM);
		(void)child_wait(c);
	}
	if (c->out_fd >= 0) {
		close(c->out_fd);
		c->out_fd = -1;
	}
	buf_deinit(&c->read);
}
