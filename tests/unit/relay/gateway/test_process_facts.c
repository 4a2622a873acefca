#include "relay/gateway/process_facts.h"

#include <sys/mman.h>
#include <unistd.h>

#include "tests/support/check_main.h"

START_TEST(they_follow_the_process)
{
	enum { ROOM = 32 * 1024 * 1024 };
	struct process_facts_source s;
	process_facts_open(&s);
	struct process_facts before = process_facts_read(&s);
	int fd = dup(STDIN_FILENO);
	void *room = mmap(NULL, ROOM, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
	ck_assert(room != MAP_FAILED && fd >= 0);
	struct process_facts after = process_facts_read(&s);
	ck_assert_uint_gt(before.fds, 3);
	ck_assert_uint_eq(after.fds, before.fds + 1);
	ck_assert_uint_ge(after.resident, before.resident + ROOM / 2);
	ck_assert_uint_ge(after.fds_most, after.fds);
	ck_assert_uint_ge(after.cpu_us, before.cpu_us);
	ck_assert_uint_gt(after.cpu_us, 0);
	munmap(room, ROOM);
	close(fd);
	process_facts_close(&s);
	process_facts_close(&s);
}
END_TEST

START_TEST(without_a_source_little_is_known)
{
	struct process_facts_source s = {0};
	struct process_facts facts = process_facts_read(&s);
	ck_assert_uint_eq(facts.resident, 0);
	process_facts_close(&s);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("gateway/process_facts");
	TCase *t = tcase_create("process_facts");
	tcase_add_test(t, they_follow_the_process);
	tcase_add_test(t, without_a_source_little_is_known);
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	return check_main(suite());
}
