#include "spool-free/base/local_socket.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/support/check_main.h"

static char folder[] = "/tmp/pagepost-local-XXXXXX";
static char path[128];
static struct problem problem;

static void setup(void)
{
	ck_assert_ptr_nonnull(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/a.sock", folder);
	problem = (struct problem){0};
}

static void teardown(void)
{
	unlink(path);
	rmdir(folder);
}

static int listen_at(mode_t mode)
{
	const struct local_socket s = {.path = path, .whose = "gateway", .mode = mode};
	int fd = -1;
	ck_assert_int_eq(local_socket_listen(&s, &fd, &problem), FAULT_NONE);
	return fd;
}

static void says(const char *sentence)
{
	struct slice text = problem_text(&problem);
	ck_assert_uint_eq(text.len, strlen(sentence));
	ck_assert_mem_eq(text.ptr, sentence, text.len);
}

START_TEST(it_is_made_and_connected_to)
{
	struct stat st;
	uid_t uid = 12345;
	int connected = -1;
	const struct local_socket s = {.path = path, .whose = "gateway"};
	int fd = listen_at(0660);
	ck_assert_int_eq(stat(path, &st), 0);
	ck_assert_uint_eq(st.st_mode & 0777, 0660);
	ck_assert_int_ne(fcntl(fd, F_GETFL) & O_NONBLOCK, 0);
	ck_assert_int_eq(local_socket_connect(&s, &connected, &problem), FAULT_NONE);
	ck_assert_int_eq(fcntl(connected, F_GETFL) & O_NONBLOCK, 0);
	ck_assert_int_ne(fcntl(connected, F_GETFD) & FD_CLOEXEC, 0);
	ck_assert(local_socket_peer(connected, &uid));
	ck_assert_uint_eq(uid, geteuid());
	close(connected);
	close(fd);
}
END_TEST

START_TEST(what_was_left_over_is_taken)
{
	close(listen_at(0600)); /* as after a kill: the name stays */
	ck_assert_int_eq(access(path, F_OK), 0);
	close(listen_at(0600));
}
END_TEST

START_TEST(a_live_one_is_not_taken)
{
	const struct local_socket s = {.path = path, .whose = "gateway", .mode = 0600};
	int second = -1;
	int fd = listen_at(0600);
	ck_assert_int_eq(local_socket_listen(&s, &second, &problem), FAULT_SYSTEM);
	says("The gateway's socket is in use: another gateway runs, or a file is in its place.");
	ck_assert_int_eq(second, -1);
	ck_assert_int_eq(local_socket_connect(&s, &second, &problem), FAULT_NONE);
	close(second);
	close(fd);
}
END_TEST

START_TEST(a_file_is_not_taken)
{
	const struct local_socket s = {.path = path, .whose = "keeper", .mode = 0600};
	int fd = open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
	ck_assert_int_ge(fd, 0);
	close(fd);
	ck_assert_int_eq(local_socket_listen(&s, &fd, &problem), FAULT_SYSTEM);
	says("The keeper's socket is in use: another keeper runs, or a file is in its place.");
}
END_TEST

static const struct {
	const char *path;
	bool connects;
	const char *sentence;
} refused[] = {
	{"", false, "The path of the gateway's socket must have 1 to 107 bytes."},
	{"", true, "The path of the gateway's socket must have 1 to 107 bytes."},
	{"/1234567890123456789012345678901234567890123456789012345678901234567890123456789012345678"
	 "901234567890123456789",
	 false, "The path of the gateway's socket must have 1 to 107 bytes."},
	{"/nonexistent/a.sock", false,
	 "The gateway's socket cannot be made (No such file or directory)."},
	{"/nonexistent/a.sock", true,
	 "The gateway does not answer at its socket (No such file or directory)."},
};

START_TEST(a_refusal_says_why)
{
	const struct local_socket s = {.path = refused[_i].path, .whose = "gateway"};
	int fd = -1;
	enum fault f = refused[_i].connects ? local_socket_connect(&s, &fd, &problem)
					    : local_socket_listen(&s, &fd, &problem);
	ck_assert_int_eq(f, FAULT_SYSTEM);
	ck_assert_int_eq(fd, -1);
	says(refused[_i].sentence);
}
END_TEST

START_TEST(what_is_no_socket_has_no_peer)
{
	uid_t uid;
	int fds[2];
	ck_assert_int_eq(pipe(fds), 0);
	ck_assert(!local_socket_peer(fds[0], &uid));
	close(fds[0]);
	close(fds[1]);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("base/local_socket");
	TCase *t = tcase_create("local_socket");
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, it_is_made_and_connected_to);
	tcase_add_test(t, what_was_left_over_is_taken);
	tcase_add_test(t, a_live_one_is_not_taken);
	tcase_add_test(t, a_file_is_not_taken);
	tcase_add_loop_test(t, a_refusal_says_why, 0, COUNT_OF(refused));
	tcase_add_test(t, what_is_no_socket_has_no_peer);
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	return check_main(suite());
}
