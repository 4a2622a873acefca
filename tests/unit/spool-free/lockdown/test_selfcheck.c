#include "spool-free/lockdown/selfcheck.h"

#include <fcntl.h>
#include <ftw.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "spool-free/lockdown/landlock.h"
#include "spool-free/lockdown/lockdown.h"
#include "tests/support/attempts.h"
#include "tests/support/check_main.h"
#include "tests/support/child.h"

static char folder[] = "/tmp/pagepost-selfcheck-XXXXXX";

static void setup(void)
{
	static const char start[] = "/tmp/pagepost-selfcheck-XXXXXX";
	char victim[sizeof(folder) + sizeof(SELFCHECK_VICTIM)];
	memcpy(folder, start, sizeof(start));
	ck_assert_ptr_nonnull(mkdtemp(folder));
	memcpy(victim, folder, sizeof(folder) - 1);
	memcpy(victim + sizeof(folder) - 1, SELFCHECK_VICTIM, sizeof(SELFCHECK_VICTIM));
	int fd = open(victim, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	ck_assert_int_eq(write(fd, "content", 7), 7);
	close(fd);
}

static int drop(const char *path, UNUSED const struct stat *about, UNUSED int type,
		UNUSED struct FTW *where)
{
	return remove(path);
}

static void teardown(void)
{
	nftw(folder, drop, 8, FTW_DEPTH | FTW_PHYS);
}

static int look(void *confined, unsigned char *room)
{
	const struct lockdown_params p = {.role = LOCKDOWN_GATEWAY,
					  .landlock_may_lack = landlock_abi() == 0,
					  .memory_may_lack = true};
	struct selfcheck s;
	if (*(const bool *)confined && lockdown_apply(&p, NULL, NULL) != FAULT_NONE) {
		return 1;
	}
	if (selfcheck_run(slice_of_text(folder), &s) != FAULT_NONE) {
		return 2;
	}
	memcpy(room, &s, sizeof(s));
	return 0;
}

static struct selfcheck looked(bool confined)
{
	union {
		struct selfcheck s;
		unsigned char bytes[sizeof(struct selfcheck)];
	} room = {0};
	ck_assert_int_eq(child_run(look, &confined, room.bytes, sizeof(room)).status, 0);
	return room.s;
}

START_TEST(test_confined)
{
	const struct selfcheck s = looked(true);
	ck_assert_uint_gt(s.numbers[SELFCHECK_PID], 0);
	ck_assert_uint_eq(s.numbers[SELFCHECK_DUMPABLE], 0);
	ck_assert_uint_eq(s.numbers[SELFCHECK_NO_NEW_PRIVILEGES], 1);
	ck_assert_uint_eq(s.numbers[SELFCHECK_SECCOMP], 2);
	ck_assert_uint_eq(s.numbers[SELFCHECK_CORE_LIMIT], 0);
	ck_assert_uint_eq(s.numbers[SELFCHECK_FILE_LIMIT], 0);
	ck_assert_uint_eq(s.numbers[SELFCHECK_WRITABLE], 0);
	for (size_t i = 0; i < PROBE_ATTEMPTS; i++) {
		ck_assert_msg(s.attempts[i] == PROBE_REFUSED || s.attempts[i] == PROBE_CLOSED,
			      "%s: %d", probe_name(i).ptr, (int)s.attempts[i]);
	}
}
END_TEST

START_TEST(test_not_confined)
{
	int open_file = open(folder, O_TMPFILE | O_RDWR, 0600);
	const struct selfcheck s = looked(false);
	ck_assert_uint_eq(s.numbers[SELFCHECK_DUMPABLE], 1);
	ck_assert_uint_eq(s.numbers[SELFCHECK_NO_NEW_PRIVILEGES], 0);
	ck_assert_uint_ge(s.numbers[SELFCHECK_WRITABLE], open_file >= 0 ? 1 : 0);
	ck_assert_int_eq(s.attempts[0], PROBE_DONE);
	close(open_file);
}
END_TEST

START_TEST(test_is_read_as_it_was_written)
{
	struct selfcheck s = {.numbers = {1, 0, 1, 2, 0, UINT64_MAX, 0}};
	struct selfcheck read;
	struct buf text;
	for (size_t i = 0; i < PROBE_ATTEMPTS; i++) {
		s.attempts[i] = (enum probe_result)(i % 4);
	}
	buf_init(&text, SELFCHECK_TEXT_MAX);
	ck_assert_int_eq(selfcheck_write(&s, &text), FAULT_NONE);
	ck_assert_int_eq(selfcheck_read(buf_view(&text), &read), FAULT_NONE);
	ck_assert_int_eq(memcmp(s.numbers, read.numbers, sizeof(s.numbers)), 0);
	ck_assert_int_eq(memcmp(s.attempts, read.attempts, sizeof(s.attempts)), 0);
	for (size_t len = 0; len < text.len; len++) {
		ck_assert_int_eq(selfcheck_read(slice_of(text.ptr, len), &read), FAULT_MALFORMED);
	}
	ck_assert_int_eq(buf_add_text(&text, "more\n"), FAULT_NONE);
	ck_assert_int_eq(selfcheck_read(buf_view(&text), &read), FAULT_MALFORMED);
	buf_deinit(&text);
}
END_TEST

START_TEST(test_the_worse_result_counts)
{
	static const enum probe_result order[] = {PROBE_REFUSED, PROBE_CLOSED, PROBE_UNCLEAR,
						  PROBE_DONE};
	for (size_t a = 0; a < COUNT_OF(order); a++) {
		for (size_t b = 0; b < COUNT_OF(order); b++) {
			struct selfcheck one = {.attempts = {order[a]}};
			const struct selfcheck other = {.attempts = {order[b]}};
			selfcheck_merge(&one, &other);
			ck_assert_int_eq(one.attempts[0], order[a > b ? a : b]);
		}
	}
}
END_TEST

START_TEST(test_folders)
{
	char many[SELFCHECK_FOLDER_MAX + 2];
	struct selfcheck s;
	memset(many, '/', sizeof(many));
	ck_assert_int_eq(selfcheck_run(slice_of(many, sizeof(many)), &s), FAULT_BAD_FIELD);
	ck_assert_int_eq(selfcheck_run(SLICE_LIT(""), &s), FAULT_BAD_FIELD);
	ck_assert_int_eq(selfcheck_run(SLICE_LIT("relative"), &s), FAULT_BAD_FIELD);
	ck_assert_int_eq(selfcheck_run(SLICE_LIT("/tmp/pagepost-selfcheck-a\0b"), &s),
			 FAULT_BAD_FIELD);
	ck_assert_int_eq(selfcheck_run(SLICE_LIT("/etc"), &s), FAULT_BAD_FIELD);
	ck_assert_int_eq(selfcheck_run(SLICE_LIT("/tmp/pagepost-selfcheck-a/.."), &s),
			 FAULT_BAD_FIELD);
	for (enum selfcheck_number n = 0; n < SELFCHECK_NUMBERS; n++) {
		ck_assert_uint_gt(selfcheck_number_name(n).len, 0);
	}
}
END_TEST

static Suite *suite(void)
{
	Suite *all = suite_create("selfcheck");
	TCase *t = tcase_create("selfcheck");
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, test_confined);
	tcase_add_test(t, test_not_confined);
	tcase_add_test(t, test_is_read_as_it_was_written);
	tcase_add_test(t, test_the_worse_result_counts);
	tcase_add_test(t, test_folders);
	suite_add_tcase(all, t);
	return all;
}

int main(void)
{
	return attempts_are_watched() ? 0 : check_main(suite());
}
