#include "relay/pictures/client.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "spool-free/base/buf.h"
#include "spool-free/base/event.h"
#include "relay/pictures/wire.h"

enum {
	WAITS = 3, /* times a picture's time: others may be before it, and the program may just begin */
	NUMBERS = 5,
	NUMBER_ROOM = 24,
	POLL_MAX_MS = 60 * 1000,
};

struct pictures {
	int control;
	uint64_t time_ms;
	_Atomic bool is_down; /* said so in the log */
};

/* --- the program --- */

/* "/usr/bin/pagepost" and what is to be tried instead of its name. */
static bool find_program(char path[PICTURES_PATH_MAX])
{
	static const char *const places[] = {"/pagepost-pictures",
					     "/../libexec/pagepost/pagepost-pictures"};
	ssize_t n = readlink("/proc/self/exe", path, PICTURES_PATH_MAX);
	size_t end = n > 0 && n < PICTURES_PATH_MAX ? (size_t)n : 0;
	while (end > 0 && path[end - 1] != '/') {
		end--;
	}
	for (size_t i = 0; end > 0 && i < COUNT_OF(places); i++) {
		size_t len = strlen(places[i]) + 1;
		if (end - 1 + len <= PICTURES_PATH_MAX) {
			memcpy(path + end - 1, places[i], len);
			if (access(path, X_OK) == 0) {
				return true;
			}
		}
	}
	return false;
}

static void put_number(uint64_t number, char into[NUMBER_ROOM])
{
	char digits[NUMBER_ROOM];
	size_t n = sizeof(digits);
	digits[--n] = '\0';
	do {
		digits[--n] = (char)('0' + number % 10);
		number /= 10;
	} while (number > 0);
	memcpy(into, digits + n, sizeof(digits) - n);
}

/* In the child: the socket becomes the descriptor that the program expects. */
static void become(const char *path, char *const argv[], int control)
{
	static char *const environment[] = {(char *)"LANG=C.UTF-8", (char *)"HOME=/nonexistent",
					    (char *)"PATH=/usr/bin:/bin",
					    (char *)"RAYON_NUM_THREADS=1", NULL};
	sigset_t none;
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	bool placed = control == PICTURES_CONTROL_FD
			      ? fcntl(control, F_SETFD, 0) == 0
			      : dup2(control, PICTURES_CONTROL_FD) == PICTURES_CONTROL_FD;
	if (placed) {
		execve(path, argv, environment);
	}
	_exit(127);
}

static enum fault run(const char *path, const struct pictures_params *p, int control)
{
	char numbers[NUMBERS][NUMBER_ROOM];
	char *argv[NUMBERS + 2] = {(char *)"pagepost-pictures"};
	const uint64_t values[NUMBERS] = {p->memory, p->time_ms, p->at_once,
					  (p->landlock_may_lack ? 1U : 0U) |
						  (p->seccomp_may_lack ? 2U : 0U) |
						  (p->memory_may_lack ? 4U : 0U),
					  p->logs ? event_manner() : 0};
	for (size_t i = 0; i < NUMBERS; i++) {
		put_number(values[i], numbers[i]);
		argv[i + 1] = numbers[i];
	}
	pid_t pid = fork();
	if (pid == 0) {
		become(path, argv, control);
	}
	return pid > 0 ? FAULT_NONE : FAULT_SYSTEM;
}

enum fault pictures_start(const struct pictures_params *p, struct pictures **out_pictures)
{
	char found[PICTURES_PATH_MAX];
	const char *path = p->program;
	int pair[2];
	if (path == NULL && find_program(found)) {
		path = found;
	}
	if (path == NULL || access(path, X_OK) != 0) {
		return FAULT_NOT_FOUND;
	}
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) != 0) {
		return FAULT_SYSTEM;
	}
	enum fault f = run(path, p, pair[1]);
	close(pair[1]);
	if (f != FAULT_NONE) {
		close(pair[0]);
		return f;
	}
	return pictures_adopt(pair[0], p->time_ms, out_pictures);
}

enum fault pictures_adopt(int control_fd, uint64_t time_ms, struct pictures **out_pictures)
{
	struct pictures *p = calloc(1, sizeof(*p));
	if (p == NULL) {
		close(control_fd);
		return FAULT_NO_MEMORY;
	}
	p->control = control_fd;
	p->time_ms = time_ms;
	*out_pictures = p;
	return FAULT_NONE;
}

void pictures_stop(struct pictures **p)
{
	if (*p != NULL) {
		close((*p)->control);
		free(*p);
		*p = NULL;
	}
}

/* --- one picture --- */

static enum fault wait_for(int fd, short events, struct instant until)
{
	struct pollfd wait = {.fd = fd, .events = events};
	for (;;) {
		uint64_t left = instant_left_ms(until, instant_now());
		if (left == 0) {
			return FAULT_DEADLINE;
		}
		int n = poll(&wait, 1, left < POLL_MAX_MS ? (int)left : POLL_MAX_MS);
		if (n > 0) {
			return FAULT_NONE;
		}
		if (n < 0 && errno != EINTR) {
			return FAULT_SYSTEM;
		}
	}
}

/* One byte and a descriptor. The socket is shared: it may be full at the moment. */
static enum fault hand_over(const struct pictures *p, int fd, struct instant until)
{
	char byte = 'p';
	struct iovec bytes = {.iov_base = &byte, .iov_len = 1};
	union {
		struct cmsghdr head;
		char room[CMSG_SPACE(sizeof(int))];
	} more;
	struct msghdr m = {.msg_iov = &bytes,
			   .msg_iovlen = 1,
			   .msg_control = &more,
			   .msg_controllen = sizeof(more)};
	memset(&more, 0, sizeof(more));
	struct cmsghdr *c = CMSG_FIRSTHDR(&m);
	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(sizeof(fd));
	memcpy(CMSG_DATA(c), &fd, sizeof(fd));
	for (;;) {
		if (sendmsg(p->control, &m, MSG_DONTWAIT | MSG_NOSIGNAL) == 1) {
			return FAULT_NONE;
		}
		if (errno != EAGAIN && errno != EINTR) {
			return FAULT_SYSTEM;
		}
		enum fault f = wait_for(p->control, POLLOUT, until);
		if (f != FAULT_NONE) {
			return f;
		}
	}
}

/* BAD_PICTURE: the process is gone, or wants no more. */
static enum fault send_all(int fd, struct slice bytes, struct instant until)
{
	while (bytes.len > 0) {
		ssize_t n = send(fd, bytes.ptr, bytes.len, MSG_DONTWAIT | MSG_NOSIGNAL);
		if (n > 0) {
			bytes = slice_skip(bytes, (size_t)n);
			continue;
		}
		if (errno != EAGAIN && errno != EINTR) {
			return FAULT_BAD_PICTURE;
		}
		enum fault f = wait_for(fd, POLLOUT, until);
		if (f != FAULT_NONE) {
			return f;
		}
	}
	return FAULT_NONE;
}

static enum fault receive_all(int fd, char *into, size_t len, struct instant until)
{
	for (size_t have = 0; have < len;) {
		ssize_t n = recv(fd, into + have, len - have, MSG_DONTWAIT);
		if (n > 0) {
			have += (size_t)n;
			continue;
		}
		if (n == 0 || (errno != EAGAIN && errno != EINTR)) {
			return FAULT_BAD_PICTURE;
		}
		enum fault f = wait_for(fd, POLLIN, until);
		if (f != FAULT_NONE) {
			return f;
		}
	}
	return FAULT_NONE;
}

static enum fault take_answer(int fd, size_t most, struct instant until, struct arena *arena,
			      struct slice *out_bytes)
{
	struct pictures_answer a;
	enum fault f = receive_all(fd, (char *)&a, sizeof(a), until);
	if (f != FAULT_NONE) {
		return f;
	}
	if (a.magic != PICTURES_ANSWER || a.verdict != PICTURES_DONE || a.len == 0) {
		return a.verdict == PICTURES_TOO_LARGE ? FAULT_TOO_LARGE : FAULT_BAD_PICTURE;
	}
	if (a.len > most) {
		return FAULT_TOO_LARGE;
	}
	char *bytes = arena_bytes(arena, a.len);
	if (bytes == NULL) {
		return FAULT_NO_MEMORY;
	}
	f = receive_all(fd, bytes, a.len, until);
	if (f == FAULT_NONE) {
		*out_bytes = slice_of(bytes, a.len);
	}
	return f;
}

static enum fault exchange(int fd, const struct render_conversion *wanted, struct instant until,
			   struct arena *arena, struct slice *out_bytes)
{
	const struct pictures_request r = {.magic = PICTURES_REQUEST,
					   .longest_side = wanted->longest_side,
					   .most = (uint32_t)wanted->most,
					   .len = (uint32_t)wanted->bytes.len};
	enum fault f = send_all(fd, slice_of(&r, sizeof(r)), until);
	if (f == FAULT_NONE) {
		f = send_all(fd, wanted->bytes, until);
	}
	return f == FAULT_NONE ? take_answer(fd, wanted->most, until, arena, out_bytes) : f;
}

static void tell_down(struct pictures *p, enum fault f)
{
	if (f == FAULT_SYSTEM && !atomic_exchange(&p->is_down, true)) {
		event_log(EVENT_PICTURES_DOWN, EVENT_FAULT(f));
	}
}

enum fault pictures_convert(struct pictures *p, const struct render_conversion *wanted,
			    struct instant until, struct arena *arena, struct slice *out_bytes)
{
	int pair[2];
	struct instant own = instant_after(instant_now(), WAITS * p->time_ms);
	until = own.ms < until.ms ? own : until;
	if (wanted->bytes.len > PICTURES_SOURCE_MAX) {
		return FAULT_TOO_LARGE;
	}
	if (atomic_load(&p->is_down)) {
		return FAULT_SYSTEM;
	}
	struct render_conversion bounded = *wanted;
	bounded.most = wanted->most < PICTURES_RESULT_MAX ? wanted->most : PICTURES_RESULT_MAX;
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0) {
		return FAULT_NO_MEMORY;
	}
	enum fault f = hand_over(p, pair[1], until);
	close(pair[1]);
	if (f == FAULT_NONE) {
		f = exchange(pair[0], &bounded, until, arena, out_bytes);
	}
	close(pair[0]);
	tell_down(p, f);
	return f;
}
