#include "relay/command/log_source.h"

#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "relay/command/log_line.h"
#include "tests/support/check_main.h"

static char folder[] = "/tmp/pagepost-source-XXXXXX";
static char path[64];
static char other[64];
static struct log_source source;
static struct problem problem;

static void make_folder(void)
{
	memcpy(strrchr(folder, '-') + 1, "XXXXXX", 6);
	ck_assert_ptr_nonnull(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/log", folder);
	snprintf(other, sizeof(other), "%s/other", folder);
	memset(&problem, 0, sizeof(problem));
}

static void remove_folder(void)
{
	log_source_close(&source);
	unlink(path);
	unlink(other);
	rmdir(folder);
}

static void write_to(const char *file, const char *text, int flags)
{
	int fd = open(file, O_WRONLY | O_CREAT | flags, 0700);
	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	close(fd);
}

static void expect_line(const char *line)
{
	char *bytes;
	size_t len;
	ck_assert_uint_eq(log_source_next(&source, &bytes, &len, &problem), FAULT_NONE);
	ck_assert_msg(slice_eq(slice_of(bytes, len), slice_of_text(line)), "%.*s", (int)len, bytes);
}

static void expect_end(enum fault f)
{
	char *bytes;
	size_t len;
	ck_assert_uint_eq(log_source_next(&source, &bytes, &len, &problem), f);
}

START_TEST(a_file_is_read_line_by_line)
{
	write_to(path, "one\n\ntwo\nno end", O_TRUNC);
	ck_assert_uint_eq(log_source_open(&source, path, false, false, &problem), FAULT_NONE);
	expect_line("one");
	expect_line("");
	expect_line("two");
	expect_line("no end");
	ck_assert_uint_eq(source.line, 4);
	expect_end(FAULT_NOT_FOUND);
}
END_TEST

START_TEST(a_long_line_is_none)
{
	FILE *to = fopen(path, "w");
	for (int i = 0; i < 5 * LOG_LINE_MAX; i++) {
		fputc('a', to);
	}
	fputs("\nshort\n", to);
	fclose(to);
	ck_assert_uint_eq(log_source_open(&source, path, false, false, &problem), FAULT_NONE);
	expect_line("");
	expect_line("short");
	expect_end(FAULT_NOT_FOUND);
}
END_TEST

START_TEST(a_file_that_is_not_there_is_told)
{
	ck_assert_uint_eq(log_source_open(&source, path, false, false, &problem), FAULT_NOT_FOUND);
	ck_assert_uint_gt(problem.len, 0);
	ck_assert_uint_eq(log_source_open(&source, folder, false, false, &problem), FAULT_NONE);
	expect_end(FAULT_SYSTEM);
}
END_TEST

static const char *const additions[] = {"two\n", "thr", "ee\n"};

static void *add_later(void *unused)
{
	for (size_t i = 0; i < COUNT_OF(additions); i++) {
		(void)poll(NULL, 0, 50);
		write_to(path, additions[i], O_APPEND);
	}
	return unused;
}

static void *replace_later(void *unused)
{
	write_to(other, "of the new one\n", O_TRUNC);
	rename(other, path);
	return unused;
}

static void *shorten_later(void *unused)
{
	write_to(path, "x\n", O_TRUNC);
	return unused;
}

static void follow(void *(*change)(void *), const char *const *lines)
{
	pthread_t thread;
	ck_assert_int_eq(pthread_create(&thread, NULL, change, NULL), 0);
	for (; *lines != NULL; lines++) {
		expect_line(*lines);
	}
	pthread_join(thread, NULL);
}

START_TEST(a_file_is_followed)
{
	static const char *const added[] = {"two", "three", NULL};
	static const char *const of_new[] = {"of the new one", NULL};
	static const char *const of_short[] = {"x", NULL};
	write_to(path, "one\n", O_TRUNC);
	ck_assert_uint_eq(log_source_open(&source, path, true, false, &problem), FAULT_NONE);
	expect_line("one");
	follow(add_later, added);
	follow(replace_later, of_new);
	follow(shorten_later, of_short);
}
END_TEST

START_TEST(or_from_its_end_on)
{
	static const char *const added[] = {"two", NULL};
	write_to(path, "one\n", O_TRUNC);
	ck_assert_uint_eq(log_source_open(&source, path, true, true, &problem), FAULT_NONE);
	follow(add_later, added);
}
END_TEST

/* A program that stands for journalctl, and tells how it was called. */
static enum fault open_journal(const char *script, const char *since, bool follows)
{
	static const char *const matches[] = {"U=a", "U=b", NULL};
	const struct log_journal journal = {
		.program = path, .matches = matches, .since = since, .until = "@9"};
	write_to(path, script, O_TRUNC);
	return log_source_open_journal(&source, &journal, follows, &problem);
}

START_TEST(the_journal_is_asked)
{
	ck_assert_uint_eq(open_journal("#!/bin/sh\necho \"$@\"\necho two\n", "@7", false),
			  FAULT_NONE);
	expect_line("--no-pager --quiet --output=json --since @7 --until @9 U=a U=b");
	expect_line("two");
	expect_end(FAULT_NOT_FOUND);
	log_source_close(&source);
	ck_assert_uint_eq(open_journal("#!/bin/sh\necho \"$@\"\n", NULL, true), FAULT_NONE);
	expect_line("--no-pager --quiet --output=json --follow --lines=0 --until @9 U=a U=b");
}
END_TEST

START_TEST(a_journal_that_cannot_be_read_is_told)
{
	ck_assert_uint_eq(open_journal("#!/bin/sh\necho one\nexit 1\n", NULL, false), FAULT_NONE);
	expect_line("one");
	expect_end(FAULT_SYSTEM);
	ck_assert_uint_lt(slice_find(problem_text(&problem), SLICE_LIT("could not read")),
			  problem.len);
	log_source_close(&source);
	ck_assert_uint_eq(open_journal("#!/nowhere/at/all\n", NULL, false), FAULT_NONE);
	expect_end(FAULT_SYSTEM);
	ck_assert_uint_lt(slice_find(problem_text(&problem), SLICE_LIT("no journalctl here")),
			  problem.len);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("command/log_source");
	TCase *t = tcase_create("log_source");
	tcase_add_checked_fixture(t, make_folder, remove_folder);
	tcase_add_test(t, a_file_is_read_line_by_line);
	tcase_add_test(t, a_long_line_is_none);
	tcase_add_test(t, a_file_that_is_not_there_is_told);
	tcase_add_test(t, a_file_is_followed);
	tcase_add_test(t, or_from_its_end_on);
	tcase_add_test(t, the_journal_is_asked);
	tcase_add_test(t, a_journal_that_cannot_be_read_is_told);
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	return check_main(suite());
}
