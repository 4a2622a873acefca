#include "relay/command/haystack.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "tests/support/check_main.h"
#include "tests/support/child.h"

static struct canaries *c;
static char value[CANARY_LEN + 1];

struct seen {
	size_t hits;
	char where[4096];
	const char *wanted; /* part of the place that counts; NULL: all */
};

static void note(void *ctx, const struct canary_hit *hit, const char *where)
{
	struct seen *s = ctx;
	ck_assert_str_eq(hit->place, "note");
	if (s->wanted == NULL || strstr(where, s->wanted) != NULL) {
		s->hits++;
		snprintf(s->where, sizeof(s->where), "%s", where);
	}
}

static void setup(void)
{
	ck_assert_int_eq(canaries_new(&c), FAULT_NONE);
	ck_assert_int_eq(canary_letters(value), FAULT_NONE);
	ck_assert_int_eq(canaries_add(c, "note", slice_of_text(value)), FAULT_NONE);
}

static void teardown(void)
{
	canaries_free(&c);
}

/* Over the seam of two pieces, and in the middle of one. */
START_TEST(test_own_memory)
{
	static const size_t places[] = {0, 1024 * 1024 - 20, 2 * 1024 * 1024 + 7};
	size_t size = 3 * 1024 * 1024;
	int fd = memfd_create("of-this-test", MFD_CLOEXEC);
	struct seen seen = {.wanted = "of-this-test"};
	struct haystack h = {.canaries = c, .hit = note, .ctx = &seen};
	ck_assert_int_eq(ftruncate(fd, (off_t)size), 0);
	char *block = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	ck_assert_ptr_ne(block, MAP_FAILED);
	memset(block, 1, size);
	ck_assert_int_eq(haystack_search_memory(&h, getpid()), FAULT_NONE);
	ck_assert_uint_gt(h.bytes, size);
	ck_assert_uint_eq(seen.hits, 0);
	memcpy(block + places[_i], value, CANARY_LEN);
	ck_assert_int_eq(haystack_search_memory(&h, getpid()), FAULT_NONE);
	ck_assert_uint_ge(seen.hits, 2); /* its two parts, one of them in both pieces */
	munmap(block, size);
	close(fd);
}
END_TEST

START_TEST(test_no_such_process)
{
	struct seen seen = {0};
	struct haystack h = {.canaries = c, .hit = note, .ctx = &seen};
	ck_assert_int_eq(haystack_search_memory(&h, 0x7FFFFFFF), FAULT_SYSTEM);
}
END_TEST

START_TEST(test_files_that_changed)
{
	char folder[] = "/tmp/pagepost-haystack-XXXXXX";
	char path[sizeof(folder) + 8];
	struct seen seen = {0};
	struct haystack h = {.canaries = c, .hit = note, .ctx = &seen};
	struct timespec since;
	ck_assert_ptr_nonnull(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/file", folder);
	int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	ck_assert_int_eq(write(fd, value, CANARY_LEN), CANARY_LEN);
	close(fd);
	ck_assert_int_eq(clock_gettime(CLOCK_REALTIME, &since), 0);
	since.tv_sec -= 5;
	ck_assert_int_eq(haystack_search_folder(&h, folder, since), FAULT_NONE);
	ck_assert_uint_eq(seen.hits, 2);
	ck_assert_uint_eq(h.files, 1);
	struct stat own;
	ck_assert_int_eq(stat(path, &own), 0);
	h.spared = &own;
	ck_assert_int_eq(haystack_search_folder(&h, folder, since), FAULT_NONE);
	ck_assert_uint_eq(seen.hits, 2);
	own.st_ino++; /* another file */
	ck_assert_int_eq(haystack_search_folder(&h, folder, since), FAULT_NONE);
	ck_assert_uint_eq(seen.hits, 4);
	since.tv_sec += 3600;
	ck_assert_int_eq(haystack_search_folder(&h, folder, since), FAULT_NONE);
	ck_assert_uint_eq(seen.hits, 4);
	unlink(path);
	rmdir(folder);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("haystack");
	TCase *t = tcase_create("haystack");
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_loop_test(t, test_own_memory, 0, 3);
	tcase_add_test(t, test_no_such_process);
	tcase_add_test(t, test_files_that_changed);
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	if (child_is_watched()) {
		puts("skip: haystack: under an instrument a process's memory is the instrument's "
		     "too");
		puts("0 passed, 0 failed, 1 skipped");
		return 0;
	}
	return check_main(suite());
}
