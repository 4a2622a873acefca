#include "spool-free/lockdown/memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include "tests/support/attempts.h"
#include "tests/support/check_main.h"
#include "tests/support/child.h"

/* Beside what a process sees that may look: a line of heads, then one for each device. */
START_TEST(test_swap_of_the_machine)
{
	char line[256];
	size_t lines = 0;
	FILE *f = fopen("/proc/swaps", "re");
	while (f != NULL && fgets(line, sizeof(line), f) != NULL) {
		lines++;
	}
	if (f != NULL) {
		fclose(f);
	}
	if (lines > 0) {
		ck_assert_int_eq(memory_machine_has_no_swap(), lines == 1);
	}
}
END_TEST

static const struct {
	const char *text;
	bool zero;
} limits[] = {{"0\n", true}, {"0", true},	{"max\n", false}, {"", false},
	      {"00", false}, {"4096\n", false}, {"10\n", false}};

START_TEST(test_limits)
{
	ck_assert_int_eq(memory_swap_limit_is_zero(slice_of_text(limits[_i].text)),
			 limits[_i].zero);
}
END_TEST

static const struct {
	const char *text;
	const char *path;
} groups[] = {
	{"0::/system.slice/pagepost-gateway.service\n", "/system.slice/pagepost-gateway.service"},
	{"0::/\n", "/"},
	{"0::/a", "/a"},
	{"12:memory:/x\n1:name=systemd:/y\n0::/z\n", "/z"},
	{"12:memory:/x\n", ""},
	{"10::/x\n", ""},
	{"", ""},
};

START_TEST(test_groups)
{
	ck_assert(slice_eq(memory_group_path(slice_of_text(groups[_i].text)),
			   slice_of_text(groups[_i].path)));
}
END_TEST

/* What is locked of this process, in KiB. */
static unsigned long locked_kib(void)
{
	unsigned long kib = 0;
	char line[256];
	FILE *f = fopen("/proc/self/status", "re");
	while (f != NULL && fgets(line, sizeof(line), f) != NULL) {
		if (strncmp(line, "VmLck:", 6) == 0) {
			kib = strtoul(line + 6, NULL, 10);
		}
	}
	if (f != NULL) {
		fclose(f);
	}
	return kib;
}

static int confine(UNUSED void *ctx, UNUSED unsigned char *room)
{
	const struct lockdown_params p = {.role = LOCKDOWN_GATEWAY};
	bool may = memory_may_lock();
	enum lockdown_result r = memory_confine(&p);
	if (!may) {
		return r == LOCKDOWN_NOT_NEEDED || r == LOCKDOWN_LACKING ? 0 : 1;
	}
	if (r != LOCKDOWN_DONE || locked_kib() == 0) {
		return 2;
	}
	/* What comes later is locked as well, also once free pages went back. */
	unsigned long before = locked_kib();
	void *page = mmap(NULL, 1 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1,
			  0);
	if (page == MAP_FAILED || locked_kib() < before + 1024) {
		return 3;
	}
	memory_give_back(0, true);
	return locked_kib() >= 1024 ? 0 : 4;
}

START_TEST(test_is_locked_where_it_may)
{
	ck_assert_int_eq(child_run(confine, NULL, NULL, 0).status, 0);
}
END_TEST

static int confine_under_a_limit(UNUSED void *ctx, UNUSED unsigned char *room)
{
	const struct rlimit little = {64 * 1024, 64 * 1024};
	const struct lockdown_params p = {.role = LOCKDOWN_GATEWAY};
	if (setrlimit(RLIMIT_MEMLOCK, &little) != 0) {
		return 1;
	}
	if (geteuid() == 0 && setresuid(65534, 65534, 65534) != 0) {
		return 2;
	}
	enum lockdown_result r = memory_confine(&p);
	if (memory_may_lock() || (r != LOCKDOWN_NOT_NEEDED && r != LOCKDOWN_LACKING)) {
		return 3;
	}
	void *page = mmap(NULL, 1 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1,
			  0);
	return page != MAP_FAILED && locked_kib() == 0 ? 0 : 4;
}

START_TEST(test_a_limit_does_not_come_back_later)
{
	ck_assert_int_eq(child_run(confine_under_a_limit, NULL, NULL, 0).status, 0);
}
END_TEST

static Suite *suite(void)
{
	Suite *all = suite_create("memory");
	TCase *t = tcase_create("memory");
	tcase_add_test(t, test_swap_of_the_machine);
	tcase_add_loop_test(t, test_limits, 0, COUNT_OF(limits));
	tcase_add_loop_test(t, test_groups, 0, COUNT_OF(groups));
	tcase_add_test(t, test_is_locked_where_it_may);
	tcase_add_test(t, test_a_limit_does_not_come_back_later);
	suite_add_tcase(all, t);
	return all;
}

int main(void)
{
	return attempts_are_watched() ? 0 : check_main(suite());
}
