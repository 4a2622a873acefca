#include "spool-free/lockdown/filter.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "tests/support/attempts.h"
#include "tests/support/check_main.h"
#include "tests/support/child.h"

static bool confine(void)
{
	/* Loading a filter needs this, or a privilege. */
	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
	       filter_confine(LOCKDOWN_GATEWAY) == LOCKDOWN_DONE;
}

START_TEST(test_alone)
{
	const struct attempts_row *row = &attempts_rows[_i];
	enum probe_result r = attempts_result(confine, (size_t)_i);
	ck_assert_msg(r == (row->seccomp ? PROBE_REFUSED : PROBE_DONE), "%s: %d", row->name,
		      (int)r);
}
END_TEST

static bool confine_picture(void)
{
	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
	       filter_confine(LOCKDOWN_PICTURES) == LOCKDOWN_DONE &&
	       filter_confine(LOCKDOWN_PICTURE) == LOCKDOWN_DONE;
}

static bool confine_pictures(void)
{
	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
	       filter_confine(LOCKDOWN_PICTURES) == LOCKDOWN_DONE;
}

/* The one that takes requests may make processes; those it makes may nothing that the gateway may not. */
START_TEST(test_pictures)
{
	const struct attempts_row *row = &attempts_rows[_i];
	enum probe_result expected = row->seccomp ? PROBE_REFUSED : PROBE_DONE;
	enum probe_result r = attempts_result(confine_picture, (size_t)_i);
	ck_assert_msg(r == expected, "%s: %d", row->name, (int)r);
	r = attempts_result(confine_pictures, (size_t)_i);
	bool forks = slice_eq(slice_of_text(row->name), SLICE_LIT("fork"));
	ck_assert_msg(r == (forks ? PROBE_DONE : expected), "%s: %d", row->name, (int)r);
}
END_TEST

/* Calls that neither role has, made straight, with what they fail with. */
static const struct {
	const char *name;
	long call;
	int error;
} refused[] = {
	{"clone3", SYS_clone3, ENOSYS},
	{"openat2", SYS_openat2, ENOSYS},
	{"execve", SYS_execve, EPERM},
	{"execveat", SYS_execveat, EPERM},
	{"memfd_secret", SYS_memfd_secret, EPERM},
	{"process_vm_readv", SYS_process_vm_readv, EPERM},
	{"mount", SYS_mount, EPERM},
	{"setuid", SYS_setuid, EPERM},
	{"setns", SYS_setns, EPERM},
	{"unshare", SYS_unshare, EPERM},
	{"bpf", SYS_bpf, EPERM},
	{"keyctl", SYS_keyctl, EPERM},
	{"splice", SYS_splice, EPERM},
	{"sendfile", SYS_sendfile, EPERM},
	{"copy_file_range", SYS_copy_file_range, EPERM},
	{"fallocate", SYS_fallocate, EPERM},
	{"mknodat", SYS_mknodat, EPERM},
	{"pidfd_getfd", SYS_pidfd_getfd, EPERM},
	{"userfaultfd", SYS_userfaultfd, EPERM},
	{"no such call", 999, EPERM},
};

struct call {
	enum lockdown_role role;
	long number;
};

static int make_call(void *ctx, unsigned char *room)
{
	const struct call *c = ctx;
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
	    filter_confine(c->role) != LOCKDOWN_DONE) {
		return 1;
	}
	errno = 0;
	room[0] = syscall(c->number, -1L, 0L, 0L, 0L, 0L, 0L) < 0 ? (unsigned char)errno : 0;
	return 0;
}

START_TEST(test_refused)
{
	const enum lockdown_role roles[] = {LOCKDOWN_GATEWAY, LOCKDOWN_KEEPER, LOCKDOWN_PICTURES,
					    LOCKDOWN_PICTURE};
	for (size_t i = 0; i < COUNT_OF(roles); i++) {
		struct call c = {.role = roles[i], .number = refused[_i].call};
		unsigned char room[1] = {0};
		ck_assert_int_eq(child_run(make_call, &c, room, sizeof(room)).status, 0);
		ck_assert_msg(room[0] == refused[_i].error, "%s: %d", refused[_i].name, room[0]);
	}
}
END_TEST

/* What pictures need less than the others: sockets of any kind, other processes, other limits. */
static const struct {
	const char *name;
	long call;
	bool by_pictures; /* the one that takes requests may */
} less[] = {
	{"socket", SYS_socket, false},	     {"socketpair", SYS_socketpair, false},
	{"connect", SYS_connect, false},     {"bind", SYS_bind, false},
	{"listen", SYS_listen, false},	     {"accept4", SYS_accept4, false},
	{"sendmsg", SYS_sendmsg, false},     {"sendto", SYS_sendto, false},
	{"recvmsg", SYS_recvmsg, true},	     {"kill", SYS_kill, true},
	{"wait4", SYS_wait4, true},	     {"pipe2", SYS_pipe2, false},
	{"mlock", SYS_mlock, false},	     {"epoll_ctl", SYS_epoll_ctl, false},
	{"signalfd4", SYS_signalfd4, false},
};

START_TEST(test_less)
{
	const enum lockdown_role roles[] = {LOCKDOWN_PICTURES, LOCKDOWN_PICTURE};
	for (size_t i = 0; i < COUNT_OF(roles); i++) {
		struct call c = {.role = roles[i], .number = less[_i].call};
		unsigned char room[1] = {0};
		if (roles[i] == LOCKDOWN_PICTURES && less[_i].by_pictures) {
			continue;
		}
		ck_assert_int_eq(child_run(make_call, &c, room, sizeof(room)).status, 0);
		ck_assert_msg(room[0] == EPERM, "%s: %d", less[_i].name, room[0]);
	}
}
END_TEST

/* A descriptor that tells its owner of input, by a signal of choice, ends any process of the same user. */
static const struct {
	const char *name;
	long operation;
	int error;
} operations[] = {
	{"F_GETFL", F_GETFL, 0},
	{"F_SETFL", F_SETFL, 0},
	{"F_GETFD", F_GETFD, 0},
	{"F_SETFD", F_SETFD, 0},
	{"F_DUPFD_CLOEXEC", F_DUPFD_CLOEXEC, 0},
	{"F_SETOWN", F_SETOWN, EPERM},
	{"F_SETOWN, as the kernel reads it", 1L << 32 | F_SETOWN, EPERM},
	{"F_SETSIG", 10, EPERM},
	{"F_SETOWN_EX", 15, EPERM},
	{"F_SETLEASE", 1024, EPERM},
	{"F_NOTIFY", 1026, EPERM},
};

static int control_descriptor(void *ctx, unsigned char *room)
{
	const struct call *c = ctx;
	int pair[2];
	if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) != 0 ||
	    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
	    filter_confine(c->role) != LOCKDOWN_DONE) {
		return 1;
	}
	errno = 0;
	room[0] = syscall(SYS_fcntl, pair[0], c->number, 0L) < 0 ? (unsigned char)errno : 0;
	return 0;
}

START_TEST(test_descriptors)
{
	const enum lockdown_role roles[] = {LOCKDOWN_GATEWAY, LOCKDOWN_KEEPER, LOCKDOWN_PICTURES,
					    LOCKDOWN_PICTURE};
	for (size_t i = 0; i < COUNT_OF(roles); i++) {
		struct call c = {.role = roles[i], .number = operations[_i].operation};
		unsigned char room[1] = {0};
		ck_assert_int_eq(child_run(control_descriptor, &c, room, sizeof(room)).status, 0);
		ck_assert_msg(room[0] == operations[_i].error, "%s: %d", operations[_i].name,
			      room[0]);
	}
}
END_TEST

/* x32 and other numberings would pass by the rules: such a call ends the process. */
START_TEST(test_other_numbers_end)
{
	struct call c = {.role = LOCKDOWN_GATEWAY, .number = 0x40000000L + 39};
	unsigned char room[1] = {0};
	struct child_end end = child_run(make_call, &c, room, sizeof(room));
	ck_assert(end.signal != 0 || room[0] == EPERM || room[0] == ENOSYS);
}
END_TEST

static Suite *suite(void)
{
	Suite *all = suite_create("filter");
	TCase *t = tcase_create("filter");
	tcase_add_checked_fixture(t, attempts_setup, attempts_teardown);
	tcase_add_loop_test(t, test_alone, 0, PROBE_ATTEMPTS);
	tcase_add_loop_test(t, test_pictures, 0, PROBE_ATTEMPTS);
	tcase_add_loop_test(t, test_refused, 0, COUNT_OF(refused));
	tcase_add_loop_test(t, test_less, 0, COUNT_OF(less));
	tcase_add_loop_test(t, test_descriptors, 0, COUNT_OF(operations));
	tcase_add_test(t, test_other_numbers_end);
	suite_add_tcase(all, t);
	return all;
}

int main(void)
{
	return attempts_are_watched() ? 0 : check_main(suite());
}
