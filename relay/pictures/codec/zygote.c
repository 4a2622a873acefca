#include "relay/pictures/codec/zygote.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "spool-free/base/instant.h"
#include "spool-free/lockdown/filter.h"
#include "spool-free/lockdown/memory.h"
#include "relay/pictures/wire.h"
#include "relay/pictures/codec/exchange.h"

enum { PICTURE_FD = 0, DESCRIPTORS = 16 };

struct painter {
	pid_t pid; /* 0: none */
	struct instant until;
};

struct zygote {
	int control;
	struct zygote_params p;
	struct painter painters[PICTURES_AT_ONCE_MAX];
};

static bool set_limit(int resource, uint64_t most)
{
	const struct rlimit limit = {most, most};
	return setrlimit(resource, &limit) == 0;
}

/* Where seccomp is lacking and may, the filter is lacking here as well. */
static int paint(int fd, const struct zygote_params *p)
{
	sigset_t none;
	sigemptyset(&none);
	signal(SIGCHLD, SIG_DFL);
	sigprocmask(SIG_SETMASK, &none, NULL);
	if ((p->locks_memory && !memory_lock()) || dup2(fd, PICTURE_FD) != PICTURE_FD ||
	    close_range(PICTURE_FD + 1, ~0U, 0) != 0 || !set_limit(RLIMIT_AS, p->memory) ||
	    !set_limit(RLIMIT_NOFILE, DESCRIPTORS) ||
	    !set_limit(RLIMIT_CPU, (p->time_ms + 999) / 1000) ||
	    filter_confine(LOCKDOWN_PICTURE) == LOCKDOWN_FAILED) {
		return 1;
	}
	return exchange_run(PICTURE_FD);
}

static struct painter *find(struct zygote *z, pid_t pid)
{
	for (size_t i = 0; i < z->p.at_once; i++) {
		if (z->painters[i].pid == pid) {
			return &z->painters[i];
		}
	}
	return NULL;
}

static void begin(struct zygote *z, int fd)
{
	struct painter *free_one = find(z, 0);
	pid_t pid = fork();
	if (pid == 0) {
		_exit(paint(fd, &z->p));
	}
	if (pid > 0) {
		*free_one = (struct painter){.pid = pid,
					     .until = instant_after(instant_now(), z->p.time_ms)};
	}
}

/* The descriptor that came with a byte; -1 when none did. */
static int take_descriptor(const struct msghdr *m)
{
	int fd = -1;
	const struct cmsghdr *c = CMSG_FIRSTHDR(m);
	if (c != NULL && c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_RIGHTS &&
	    c->cmsg_len == CMSG_LEN(sizeof(fd))) {
		memcpy(&fd, CMSG_DATA(c), sizeof(fd));
	}
	return fd;
}

/* False when the other side is gone. */
static bool take_request(struct zygote *z)
{
	char byte;
	struct iovec bytes = {.iov_base = &byte, .iov_len = 1};
	union {
		struct cmsghdr head;
		char room[CMSG_SPACE(sizeof(int))];
	} more;
	struct msghdr m = {.msg_iov = &bytes,
			   .msg_iovlen = 1,
			   .msg_control = &more,
			   .msg_controllen = sizeof(more)};
	ssize_t n = recvmsg(z->control, &m, MSG_CMSG_CLOEXEC | MSG_DONTWAIT);
	if (n <= 0) {
		return n < 0 && (errno == EAGAIN || errno == EINTR);
	}
	int fd = take_descriptor(&m);
	if (fd >= 0) {
		begin(z, fd);
		close(fd);
	}
	return true;
}

static void reap(struct zygote *z)
{
	for (pid_t pid; (pid = waitpid(-1, NULL, WNOHANG)) > 0;) {
		struct painter *one = find(z, pid);
		if (one != NULL) {
			one->pid = 0;
		}
	}
}

/* Ends those whose time is over; the ms until the next one's is, or -1. */
static int64_t judge(struct zygote *z)
{
	int64_t next = -1;
	struct instant now = instant_now();
	for (size_t i = 0; i < z->p.at_once; i++) {
		struct painter *one = &z->painters[i];
		if (one->pid == 0) {
			continue;
		}
		int64_t left = (int64_t)instant_left_ms(one->until, now);
		if (left == 0) {
			kill(one->pid, SIGKILL);
			left = 100; /* it is reaped at its signal; this is for one that was lost */
		}
		next = next < 0 || left < next ? left : next;
	}
	return next;
}

static void wake(int number)
{
	(void)number;
}

int zygote_run(int control_fd, const struct zygote_params *p)
{
	struct zygote z = {.control = control_fd, .p = *p};
	struct sigaction on_end = {.sa_handler = wake};
	sigset_t blocked, open;
	sigemptyset(&blocked);
	sigemptyset(&open);
	sigaddset(&blocked, SIGCHLD);
	sigprocmask(SIG_BLOCK, &blocked, NULL);
	sigaction(SIGCHLD, &on_end, NULL);
	for (;;) {
		reap(&z);
		int64_t left = judge(&z);
		struct timespec wait = {.tv_sec = left / 1000, .tv_nsec = left % 1000 * 1000000};
		struct pollfd control = {.fd = find(&z, 0) != NULL ? z.control : -1,
					 .events = POLLIN};
		int n = ppoll(&control, 1, left < 0 ? NULL : &wait, &open);
		if (n > 0 && !take_request(&z)) {
			return 0;
		}
	}
}
