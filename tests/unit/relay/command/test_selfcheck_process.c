#include "relay/command/selfcheck_process.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "tests/support/check_main.h"

#define STATUS                                                                                     \
	"Name:\tpagepost\nVmLck:\t    4096 kB\nVmSwap:\t       0 "                                 \
	"kB\nNoNewPrivs:\t1\nSeccomp:\t2\n"                                                        \
	"Seccomp_filters:\t3\n"
#define LIMITS                                                                                     \
	"Limit                     Soft Limit           Hard Limit           Units     \n"         \
	"Max cpu time              unlimited            unlimited            seconds   \n"         \
	"Max file size             0                    4096                 bytes     \n"         \
	"Max core file size        0                    0                    bytes     \n"

static const struct {
	const char *name;
	bool there;
	uint64_t number;
} numbers[] = {
	{"VmLck", true, 4096}, {"VmSwap", true, 0},	     {"NoNewPrivs", true, 1},
	{"Seccomp", true, 2},  {"Seccomp_filters", true, 3}, {"Name", false, 0},
	{"Vm", false, 0},      {"Other", false, 0},
};

START_TEST(test_numbers)
{
	uint64_t number = 0;
	ck_assert_int_eq(selfcheck_process_number(SLICE_LIT(STATUS),
						  slice_of_text(numbers[_i].name), &number),
			 numbers[_i].there);
	ck_assert(!numbers[_i].there || number == numbers[_i].number);
}
END_TEST

START_TEST(test_limits)
{
	uint64_t limit = 7;
	ck_assert(selfcheck_process_limit(SLICE_LIT(LIMITS), SLICE_LIT("Max file size"), &limit));
	ck_assert_uint_eq(limit, 4096);
	ck_assert(selfcheck_process_limit(SLICE_LIT(LIMITS), SLICE_LIT("Max cpu time"), &limit));
	ck_assert(limit == UINT64_MAX);
	ck_assert(selfcheck_process_limit(SLICE_LIT(LIMITS), SLICE_LIT("Max core file size"),
					  &limit));
	ck_assert_uint_eq(limit, 0);
	ck_assert(!selfcheck_process_limit(SLICE_LIT(LIMITS), SLICE_LIT("Max open files"), &limit));
	ck_assert(!selfcheck_process_limit(SLICE_LIT("Max file size\n"), SLICE_LIT("Max file size"),
					   &limit));
}
END_TEST

static const struct {
	const char *smaps;
	bool has;
} maps[] = {
	{"7f00-7f01 rw-p\nVmFlags: rd wr mr mw me lo ac dd \n", true},
	{"VmFlags: rd wr lo \nVmFlags: rd dd \n", false},
	{"VmFlags: rd wr lo dd2 \n", false},
	{"Flags: lo dd \n", false},
	{"VmFlags: \n", false},
	{"", false},
};

START_TEST(test_flags)
{
	static const struct slice flags[] = {SLICE_INIT("lo"), SLICE_INIT("dd")};
	ck_assert_int_eq(selfcheck_process_has_flags(slice_of_text(maps[_i].smaps), flags, 2),
			 maps[_i].has);
}
END_TEST

static const struct selfcheck_row *find(const struct selfcheck_report *r, const char *what)
{
	for (size_t i = 0; i < r->count; i++) {
		if (slice_eq(r->rows[i].what, slice_of_text(what))) {
			return &r->rows[i];
		}
	}
	ck_abort_msg("no row %s", what);
	return NULL;
}

/* This process is not confined, and has a file open for writing. */
START_TEST(test_a_process_that_is_not_confined_fails)
{
	static struct selfcheck_report r;
	const struct selfcheck_process p = {.whose = "gateway", .pid = getpid()};
	int fd = open("/tmp", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	selfcheck_process_look(&p, &r);
	ck_assert_int_eq(find(&r, "filter of system calls (2)")->result, SELFCHECK_FAILED);
	ck_assert_int_eq(find(&r, "no new privileges")->result, SELFCHECK_FAILED);
	ck_assert_int_eq(find(&r, "largest file, bytes")->result, SELFCHECK_FAILED);
	ck_assert_int_eq(find(&r, "secrets locked and in no dump")->result, SELFCHECK_FAILED);
	if (fd >= 0) {
		ck_assert_int_eq(find(&r, "open files")->result, SELFCHECK_FAILED);
	}
	close(fd);
}
END_TEST

START_TEST(test_nobody_is_not_passed)
{
	static struct selfcheck_report r;
	const struct selfcheck_process p = {.whose = "keeper", .pid = 0x7FFFFFFF};
	selfcheck_process_look(&p, &r);
	for (size_t i = 0; i < r.count; i++) {
		/* The machine's swap is not the process's. */
		ck_assert(r.rows[i].result != SELFCHECK_PASSED ||
			  slice_eq(r.rows[i].what, SLICE_LIT("no way into swap")));
	}
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("selfcheck_process");
	TCase *t = tcase_create("selfcheck_process");
	tcase_add_loop_test(t, test_numbers, 0, COUNT_OF(numbers));
	tcase_add_test(t, test_limits);
	tcase_add_loop_test(t, test_flags, 0, COUNT_OF(maps));
	tcase_add_test(t, test_a_process_that_is_not_confined_fails);
	tcase_add_test(t, test_nobody_is_not_passed);
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	return check_main(suite());
}
