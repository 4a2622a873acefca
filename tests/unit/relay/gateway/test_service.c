#include "relay/gateway/service.h"

#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "spool-free/base/slice.h"
#include "tests/support/check_main.h"

/* A service manager's end of NOTIFY_SOCKET, under a name that no file has (unix(7): abstract). */
static int manager_open(void)
{
	struct sockaddr_un at = {.sun_family = AF_UNIX};
	char name[sizeof(at.sun_path)];
	int n = snprintf(name, sizeof(name), "@pagepost-test-%d", (int)getpid());
	memcpy(at.sun_path, name, (size_t)n);
	at.sun_path[0] = '\0';
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	ck_assert_int_ge(fd, 0);
	socklen_t len = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + (size_t)n);
	ck_assert_int_eq(bind(fd, (struct sockaddr *)&at, len), 0);
	ck_assert_int_eq(setenv("NOTIFY_SOCKET", name, 1), 0);
	return fd;
}

static void expect_notice(int manager, struct slice want)
{
	char got[256];
	ssize_t n = recv(manager, got, sizeof(got), 0);
	ck_assert_int_gt(n, 0);
	ck_assert(slice_eq(slice_of(got, (size_t)n), want));
}

START_TEST(the_manager_is_told)
{
	int manager = manager_open();
	service_ready();
	expect_notice(manager, SLICE_LIT("READY=1"));
	service_stopping();
	expect_notice(manager, SLICE_LIT("STOPPING=1"));
	service_status("All is well.");
	expect_notice(manager, SLICE_LIT("STATUS=All is well."));
	service_alive();
	expect_notice(manager, SLICE_LIT("WATCHDOG=1"));
	close(manager);
}
END_TEST

START_TEST(the_manager_is_told_by_a_socket_of_before)
{
	ck_assert_int_eq(unsetenv("NOTIFY_SOCKET"), 0);
	ck_assert_int_eq(service_open(), -1);
	ck_assert_int_eq(setenv("NOTIFY_SOCKET", "@", 1), 0);
	ck_assert_int_eq(service_open(), -1);
	ck_assert_int_eq(setenv("NOTIFY_SOCKET", "/nowhere/at/all", 1), 0);
	ck_assert_int_eq(service_open(), -1);
	char path[200];
	memset(path, 'a', sizeof(path) - 1);
	path[sizeof(path) - 1] = '\0';
	ck_assert_int_eq(setenv("NOTIFY_SOCKET", path, 1), 0);
	ck_assert_int_eq(service_open(), -1);
	int manager = manager_open();
	int fd = service_open();
	ck_assert_int_ge(fd, 0);
	service_alive_by(fd);
	expect_notice(manager, SLICE_LIT("WATCHDOG=1"));
	close(fd);
	close(manager);
}
END_TEST

static uint64_t now_us(void)
{
	struct timespec now;
	ck_assert_int_eq(clock_gettime(CLOCK_MONOTONIC, &now), 0);
	return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}

/* systemd.service(5), Type=notify-reload: the moment of the reload, in microseconds of the monotonic clock. */
START_TEST(a_reload_says_when_it_began)
{
	char got[256];
	uint64_t told = 0;
	int manager = manager_open();
	uint64_t before = now_us();
	service_reloading();
	ssize_t n = recv(manager, got, sizeof(got), 0);
	ck_assert_int_gt(n, 0);
	struct slice rest = slice_of(got, (size_t)n);
	struct slice head = SLICE_LIT("RELOADING=1\nMONOTONIC_USEC=");
	ck_assert(slice_starts(rest, head));
	ck_assert(slice_to_u64(slice_skip(rest, head.len), UINT64_MAX, &told));
	ck_assert_uint_ge(told, before);
	ck_assert_uint_le(told, now_us());
	close(manager);
}
END_TEST

static const struct {
	const char *us;
	bool for_us;
	uint64_t ms;
} watchdogs[] = {
	{"30000000", true, 30000},
	{"30000000", false, 0},
	{"no number", true, 0},
	{NULL, true, 0},
};

START_TEST(the_watchdog_is_ours_or_none)
{
	char pid[16];
	snprintf(pid, sizeof(pid), "%d", (int)getpid() + !watchdogs[_i].for_us);
	setenv("WATCHDOG_PID", pid, 1);
	unsetenv("WATCHDOG_USEC");
	if (watchdogs[_i].us != NULL) {
		setenv("WATCHDOG_USEC", watchdogs[_i].us, 1);
	}
	ck_assert_uint_eq(service_watchdog_ms(), watchdogs[_i].ms);
}
END_TEST

START_TEST(without_a_manager_nothing_happens)
{
	unsetenv("NOTIFY_SOCKET");
	unsetenv("LISTEN_FDS");
	unsetenv("LISTEN_PID");
	service_ready();
	service_stopping();
	service_reloading();
	service_status("Nobody reads this.");
	service_alive();
	ck_assert_int_eq(service_socket(SERVICE_CLIENTS), -1);
}
END_TEST

static const struct {
	const char *count;
	bool for_us;
	int fd;
} rows[] = {
	{"1", true, 3},
	{"0", true, -1},
	{"1", false, -1},
	{"no number", true, -1},
};

START_TEST(a_socket_is_taken_over_if_it_is_ours)
{
	char pid[16];
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);
	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(dup2(fd, 3), 3); /* sd_listen_fds(3): the first one is number 3 */
	snprintf(pid, sizeof(pid), "%d", (int)getpid() + !rows[_i].for_us);
	setenv("LISTEN_PID", pid, 1);
	setenv("LISTEN_FDS", rows[_i].count, 1);
	ck_assert_int_eq(service_socket(SERVICE_CLIENTS), rows[_i].fd);
}
END_TEST

static const struct {
	const char *count, *names;
	int clients, desk;
} named[] = {
	{"2", "desk:pagepost.socket", 4, 3},
	{"2", "pagepost.socket:desk", 3, 4},
	{"1", "desk", -1, 3},
	{"2", "clients:other", 3, -1},
	{"1", NULL, 3, -1},
};

START_TEST(sockets_are_known_by_their_names)
{
	char pid[16];
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);
	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(dup2(fd, 3), 3);
	ck_assert_int_eq(dup2(fd, 4), 4);
	snprintf(pid, sizeof(pid), "%d", (int)getpid());
	setenv("LISTEN_PID", pid, 1);
	setenv("LISTEN_FDS", named[_i].count, 1);
	unsetenv("LISTEN_FDNAMES");
	if (named[_i].names != NULL) {
		setenv("LISTEN_FDNAMES", named[_i].names, 1);
	}
	ck_assert_int_eq(service_socket(SERVICE_DESK), named[_i].desk);
	ck_assert_int_eq(service_socket(SERVICE_CLIENTS), named[_i].clients);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("gateway/service");
	TCase *t = tcase_create("service");
	tcase_add_test(t, the_manager_is_told);
	tcase_add_test(t, the_manager_is_told_by_a_socket_of_before);
	tcase_add_test(t, a_reload_says_when_it_began);
	tcase_add_loop_test(t, the_watchdog_is_ours_or_none, 0, COUNT_OF(watchdogs));
	tcase_add_test(t, without_a_manager_nothing_happens);
	tcase_add_loop_test(t, a_socket_is_taken_over_if_it_is_ours, 0, COUNT_OF(rows));
	tcase_add_loop_test(t, sockets_are_known_by_their_names, 0, COUNT_OF(named));
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	return check_main(suite());
}
