#include "relay/command/input_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/support/check_main.h"

enum { LEN = 200 * 1000 };

static char folder[32];
static char path[48];
static char bytes[LEN];

static void setup(void)
{
	memset(bytes, 'a', LEN);
	bytes[LEN - 1] = 'z';
	snprintf(folder, sizeof(folder), "/tmp/pagepost-input-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/file", folder);
	int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	ck_assert_int_eq(write(fd, bytes, LEN), LEN);
	close(fd);
}

static void teardown(void)
{
	unlink(path);
	rmdir(folder);
}

START_TEST(all_of_it_behind_what_is_there)
{
	CLEANUP(buf_deinit) struct buf into;
	buf_init(&into, LEN + 128 * 1024);
	ck_assert_int_eq(buf_add_text(&into, "before"), FAULT_NONE);
	ck_assert_int_eq(input_file_read(path, &into), FAULT_NONE);
	ck_assert_uint_eq(into.len, 6 + LEN);
	ck_assert_int_eq(memcmp(into.ptr, "before", 6), 0);
	ck_assert_int_eq(memcmp(into.ptr + 6, bytes, LEN), 0);
}
END_TEST

START_TEST(standard_input)
{
	CLEANUP(buf_deinit) struct buf into;
	int ends[2];
	int kept = dup(STDIN_FILENO);
	ck_assert_int_eq(pipe(ends), 0);
	ck_assert_int_eq(write(ends[1], "words", 5), 5);
	close(ends[1]);
	ck_assert_int_eq(dup2(ends[0], STDIN_FILENO), STDIN_FILENO);
	close(ends[0]);
	buf_init(&into, 128 * 1024);
	ck_assert_int_eq(input_file_read("-", &into), FAULT_NONE);
	ck_assert(slice_eq(buf_view(&into), SLICE_LIT("words")));
	ck_assert_int_ge(fcntl(STDIN_FILENO, F_GETFD), 0); /* it stays open */
	dup2(kept, STDIN_FILENO);
	close(kept);
}
END_TEST

START_TEST(what_is_too_large)
{
	CLEANUP(buf_deinit) struct buf into;
	buf_init(&into, LEN - 1);
	ck_assert_int_eq(input_file_read(path, &into), FAULT_TOO_LARGE);
}
END_TEST

static const struct {
	const char *path;
	int why;
} bad[] = {{"/nowhere/file", ENOENT}, {"/", EISDIR}};

START_TEST(what_cannot_be_read)
{
	CLEANUP(buf_deinit) struct buf into;
	buf_init(&into, LEN);
	ck_assert_int_eq(input_file_read(bad[_i].path, &into), FAULT_NOT_FOUND);
	ck_assert_int_eq(errno, bad[_i].why);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("input_file");
	TCase *t = tcase_create("input_file");
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, all_of_it_behind_what_is_there);
	tcase_add_test(t, standard_input);
	tcase_add_test(t, what_is_too_large);
	tcase_add_loop_test(t, what_cannot_be_read, 0, COUNT_OF(bad));
	suite_add_tcase(s, t);
	return check_main(s);
}
