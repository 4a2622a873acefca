#include "relay/command/log_outlet.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "tests/support/check_main.h"

static bool blocks(int fd)
{
	return (fcntl(fd, F_GETFL) & O_NONBLOCK) == 0;
}

/* The other users of the pipe go on blocking: it is no flag of theirs that was set. */
START_TEST(a_pipe_is_opened_once_more)
{
	int ends[2];
	char got[3];
	struct event_sink sink;
	ck_assert_int_eq(pipe(ends), 0);
	const struct log_outlet_params params = {.form = EVENT_FORM_JSON, .fd = ends[1]};
	ck_assert(log_outlet_find(&params, &sink));
	ck_assert_int_ne(sink.fd, ends[1]);
	ck_assert(!blocks(sink.fd));
	ck_assert(blocks(ends[1]));
	ck_assert(!sink.is_socket);
	ck_assert_uint_eq(sink.form, EVENT_FORM_JSON);
	ck_assert_int_eq(write(sink.fd, "abc", 3), 3);
	ck_assert_int_eq(read(ends[0], got, sizeof(got)), 3);
	close(sink.fd);
	close(ends[0]);
	close(ends[1]);
}
END_TEST

/* As systemd gives it: a stream to the journal. */
START_TEST(a_socket_is_sent_to)
{
	int pair[2];
	struct event_sink sink;
	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	const struct log_outlet_params params = {.form = EVENT_FORM_TEXT, .fd = pair[1]};
	ck_assert(log_outlet_find(&params, &sink));
	ck_assert_int_eq(sink.fd, pair[1]);
	ck_assert(sink.is_socket);
	ck_assert(blocks(pair[1]));
	close(pair[0]);
	close(pair[1]);
}
END_TEST

/* It is one only when it is the one that $JOURNAL_STREAM names. */
START_TEST(a_stream_to_journald_is_known)
{
	int pair[2];
	char own[64], other[64];
	struct stat is;
	struct event_sink sink;
	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	ck_assert_int_eq(fstat(pair[1], &is), 0);
	snprintf(own, sizeof(own), "%ju:%ju", (uintmax_t)is.st_dev, (uintmax_t)is.st_ino);
	snprintf(other, sizeof(other), "%ju:%ju", (uintmax_t)is.st_dev, (uintmax_t)is.st_ino + 1);
	const struct {
		const char *stream;
		bool expected;
	} rows[] = {{own, true},  {other, false}, {NULL, false}, {"", false},
		    {"8", false}, {":", false},	  {"a:b", false}};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		const struct log_outlet_params params = {
			.fd = pair[1], .stream = rows[i].stream, .journal = "/nowhere"};
		ck_assert(log_outlet_find(&params, &sink));
		ck_assert_int_eq(sink.is_prioritized, rows[i].expected);
	}
	const struct log_outlet_params lost = {
		.form = EVENT_FORM_JOURNAL, .fd = pair[1], .stream = own, .journal = "/nowhere"};
	ck_assert(!log_outlet_find(&lost, &sink));
	ck_assert(sink.is_prioritized);
	close(pair[0]);
	close(pair[1]);
}
END_TEST

static int listen_at(const char *path)
{
	struct sockaddr_un name = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_DGRAM, 0);
	memcpy(name.sun_path, path, strlen(path) + 1);
	ck_assert_int_eq(bind(fd, (const struct sockaddr *)&name, sizeof(name)), 0);
	return fd;
}

START_TEST(the_journal_gets_datagrams)
{
	char folder[] = "/tmp/pagepost-log-XXXXXX";
	char path[64];
	char got[EVENT_LINE_MAX * 2];
	struct event_sink sink;
	ck_assert_ptr_nonnull(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/journal", folder);
	const struct log_outlet_params params = {
		.form = EVENT_FORM_JOURNAL, .journal = path, .fd = STDERR_FILENO};
	/* Nobody is there: as text to standard error. */
	ck_assert(!log_outlet_find(&params, &sink));
	ck_assert_uint_eq(sink.form, EVENT_FORM_TEXT);
	int journal = listen_at(path);
	ck_assert(log_outlet_find(&params, &sink));
	ck_assert_uint_eq(sink.form, EVENT_FORM_JOURNAL);
	ck_assert(sink.is_socket);
	event_open(&sink, SLICE_LIT("gateway"));
	event_log(EVENT_START, EVENT_NUMBER("lanes", 2));
	event_start(-1, (struct slice){0});
	ssize_t n = recv(journal, got, sizeof(got), 0);
	ck_assert_int_gt(n, 0);
	ck_assert(
		slice_starts(slice_of(got, (size_t)n), SLICE_LIT("SYSLOG_IDENTIFIER=pagepost\n")));
	ck_assert(slice_ends(slice_of(got, (size_t)n), SLICE_LIT("\nPAGEPOST_LANES=2\n")));
	close(sink.fd);
	close(journal);
	unlink(path);
	rmdir(folder);
}
END_TEST

START_TEST(a_path_that_is_too_long_is_no_journal)
{
	char path[200];
	struct event_sink sink;
	memset(path, 'a', sizeof(path) - 1);
	path[sizeof(path) - 1] = '\0';
	const struct log_outlet_params params = {
		.form = EVENT_FORM_JOURNAL, .journal = path, .fd = STDERR_FILENO};
	ck_assert(!log_outlet_find(&params, &sink));
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("command/log_outlet");
	TCase *t = tcase_create("log_outlet");
	tcase_add_test(t, a_pipe_is_opened_once_more);
	tcase_add_test(t, a_socket_is_sent_to);
	tcase_add_test(t, a_stream_to_journald_is_known);
	tcase_add_test(t, the_journal_gets_datagrams);
	tcase_add_test(t, a_path_that_is_too_long_is_no_journal);
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	return check_main(suite());
}
