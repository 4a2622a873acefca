#include "relay/command/inherited.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "tests/support/check_main.h"
#include "tests/support/child.h"

static const struct {
	const char *pid;
	const char *fds;
	unsigned count;
} rows[] = {
	{"42", "1", 1},	 {"42", "2", 2},  {"42", "0", 0},  {"41", "2", 0}, {"", "2", 0},
	{NULL, NULL, 0}, {"42", NULL, 0}, {"42", "-1", 0}, {"42", "x", 0}, {"42", "99999", 0},
};

START_TEST(test_counts)
{
	ck_assert_uint_eq(
		inherited_count(slice_of_text(rows[_i].pid), slice_of_text(rows[_i].fds), 42),
		rows[_i].count);
}
END_TEST

static int close_all(UNUSED void *ctx, UNUSED unsigned char *room)
{
	int one = fcntl(STDIN_FILENO, F_DUPFD, 100);
	int other = fcntl(STDIN_FILENO, F_DUPFD, 700);
	unsetenv("LISTEN_PID");
	if (one < 0 || other < 0 || inherited_close() != FAULT_NONE) {
		return 1;
	}
	return fcntl(one, F_GETFD) < 0 && fcntl(other, F_GETFD) < 0 &&
			       fcntl(STDERR_FILENO, F_GETFD) >= 0
		       ? 0
		       : 2;
}

START_TEST(test_strangers_are_closed)
{
	ck_assert_int_eq(child_run(close_all, NULL, NULL, 0).status, 0);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("inherited");
	TCase *t = tcase_create("inherited");
	tcase_add_loop_test(t, test_counts, 0, COUNT_OF(rows));
	tcase_add_test(t, test_strangers_are_closed);
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	return check_main(suite());
}
