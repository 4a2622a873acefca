#include "tests/support/attempts.h"

#include <fcntl.h>
#include <ftw.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <check.h>

#include "tests/support/child.h"

const struct attempts_row attempts_rows[PROBE_ATTEMPTS] = {
	{"fopen for writing", true, true, false},
	{"temporary file", true, true, false},
	{"file without a name", true, true, true},
	{"tmpfile", true, true, true},
	{"shared memory", true, true, true},
	{"creat", true, true, false},
	{"open for writing", true, true, false},
	{"open for reading and writing", true, true, false},
	{"mkdir", true, true, false},
	{"symlink", true, true, false},
	{"rename", true, true, false},
	{"link", true, true, false},
	{"fifo", true, true, false},
	{"UNIX socket in a folder", true, true, false},
	{"file in memory", false, true, false},
	{"extended attribute", false, true, true},
	{"chmod", false, true, false},
	{"chown", false, true, false},
	{"times", false, true, false},
	{"io_uring", false, true, true},
	{"write to an inherited descriptor", false, false, false},
	{"shared mapping of an inherited descriptor", false, true, false},
	{"ftruncate of an inherited descriptor", false, true, false},
	{"fork", false, true, false},
	{"run a program", false, true, false},
	{"writable code", false, true, false},
	{"trace a process", false, true, false},
	{"packet socket", false, true, true},
	{"open that truncates", true, true, false},
	{"truncate", true, true, false},
	{"unlink", true, true, false},
};

static char folder[] = "/tmp/pagepost-probe-XXXXXX";
static char victim[sizeof(folder) + 8];
static struct probe_params probe = {.folder = folder, .victim = victim, .inherited = -1};

void attempts_setup(void)
{
	static const char start[] = "/tmp/pagepost-probe-XXXXXX";
	memcpy(folder, start, sizeof(start));
	ck_assert_ptr_nonnull(mkdtemp(folder));
	memcpy(victim, folder, sizeof(folder) - 1);
	memcpy(victim + sizeof(folder) - 1, "/victim", 8);
	probe.inherited = open(victim, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	ck_assert_int_ge(probe.inherited, 0);
	ck_assert_int_eq(write(probe.inherited, "content", 7), 7);
}

static int drop(const char *path, UNUSED const struct stat *about, UNUSED int type,
		UNUSED struct FTW *where)
{
	return remove(path);
}

void attempts_teardown(void)
{
	close(probe.inherited);
	nftw(folder, drop, 8, FTW_DEPTH | FTW_PHYS);
}

struct task {
	attempts_confine_fn *confine;
	size_t attempt;
};

/* The confinement closes a file's descriptor, but not what is under way in a socket: the layers behind it are tried too. */
static bool send_inherited(int to, int fd)
{
	char byte = 0;
	union {
		struct cmsghdr head;
		char room[CMSG_SPACE(sizeof(fd))];
	} more = {0};
	struct iovec bytes = {.iov_base = &byte, .iov_len = 1};
	struct msghdr m = {.msg_iov = &bytes,
			   .msg_iovlen = 1,
			   .msg_control = &more,
			   .msg_controllen = sizeof(more)};
	more.head.cmsg_level = SOL_SOCKET;
	more.head.cmsg_type = SCM_RIGHTS;
	more.head.cmsg_len = CMSG_LEN(sizeof(fd));
	memcpy(CMSG_DATA(&more.head), &fd, sizeof(fd));
	return sendmsg(to, &m, 0) == 1;
}

static bool receive_inherited(int from, int *out_fd)
{
	char byte;
	union {
		struct cmsghdr head;
		char room[CMSG_SPACE(sizeof(*out_fd))];
	} more = {0};
	struct iovec bytes = {.iov_base = &byte, .iov_len = 1};
	struct msghdr m = {.msg_iov = &bytes,
			   .msg_iovlen = 1,
			   .msg_control = &more,
			   .msg_controllen = sizeof(more)};
	if (recvmsg(from, &m, 0) != 1 || CMSG_FIRSTHDR(&m) == NULL) {
		return false;
	}
	memcpy(out_fd, CMSG_DATA(&more.head), sizeof(*out_fd));
	return true;
}

static int attempt(void *ctx, unsigned char *room)
{
	const struct task *t = ctx;
	int pair[2];
	if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) != 0 ||
	    !send_inherited(pair[0], probe.inherited)) {
		return 2;
	}
	if (t->confine != NULL && !t->confine()) {
		return 1;
	}
	/* Who may receive none keeps what was closed. */
	if (fcntl(probe.inherited, F_GETFD) < 0) {
		(void)receive_inherited(pair[1], &probe.inherited);
	}
	room[0] = (unsigned char)probe_try(t->attempt, &probe);
	return 0;
}

enum probe_result attempts_result(attempts_confine_fn *confine, size_t which)
{
	struct task t = {.confine = confine, .attempt = which};
	unsigned char room[1] = {0};
	struct child_end end = child_run(attempt, &t, room, sizeof(room));
	ck_assert_msg(end.status == 0 && end.len == 1, "%s: status %d, signal %d",
		      attempts_rows[which].name, end.status, end.signal);
	return (enum probe_result)room[0];
}

bool attempts_are_watched(void)
{
	if (!child_is_watched()) {
		return false;
	}
	puts("skip: confinement cannot be tested under a sanitizer or valgrind");
	puts("0 passed, 0 failed, 1 skipped");
	return true;
}
