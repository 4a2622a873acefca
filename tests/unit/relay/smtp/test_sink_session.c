#include "relay/smtp/sink_session.h"

#include "tests/support/check_main.h"
#include "tests/support/chunks.h"
#include "tests/support/oom.h"
#include "tests/support/sink_talk.h"

#define HELLO "EHLO me\r\n"
#define MAIL  "MAIL FROM:<a@b.example>\r\n"
#define RCPT  "RCPT TO:<c@d.example>\r\nRCPT TO:<e@f.example>\r\n"
#define BEGIN HELLO MAIL RCPT "DATA\r\n"
#define BEGUN " 220 250 250 250 250 354"

/* Content, and what was taken of it. The largest size is 100 bytes here. */
static const struct {
	const char *name, *input, *codes, *taken;
	enum sink_want want;
	enum fault fault;
} rows[] = {
	{"a message", BEGIN "Subject: x\r\n\r\ny\r\n.\r\n", BEGUN " 250",
	 "a@b.example|c@d.example,e@f.example|17|Subject: x\r\n\r\ny\r\n\n", SINK_WANTS_INPUT,
	 FAULT_NONE},
	{"nothing in it", BEGIN ".\r\n", BEGUN " 250", "a@b.example|c@d.example,e@f.example|0|\n",
	 SINK_WANTS_INPUT, FAULT_NONE},
	{"dots", BEGIN "..\r\n...\r\n.\r\n", BEGUN " 250",
	 "a@b.example|c@d.example,e@f.example|7|.\r\n..\r\n\n", SINK_WANTS_INPUT, FAULT_NONE},
	{"commands in it", BEGIN "QUIT\r\nRSET\r\n.\r\nQUIT\r\n", BEGUN " 250 221",
	 "a@b.example|c@d.example,e@f.example|12|QUIT\r\nRSET\r\n\n", SINK_WANTS_END, FAULT_NONE},
	{"the next mail knows nothing of it",
	 BEGIN "x\r\n.\r\nMAIL FROM:<>\r\nRCPT TO:<g@h.example>\r\nDATA\r\ny\r\n.\r\n",
	 BEGUN " 250 250 250 354 250",
	 "a@b.example|c@d.example,e@f.example|3|x\r\n\n|g@h.example|3|y\r\n\n", SINK_WANTS_INPUT,
	 FAULT_NONE},
	{"a lone LF", BEGIN "a\nb\r\n.\r\nNOOP\r\n", BEGUN " 550 250", "", SINK_WANTS_INPUT,
	 FAULT_NONE},
	{"a lone CR", BEGIN "a\rb\r\n.\r\nNOOP\r\n", BEGUN " 550 250", "", SINK_WANTS_INPUT,
	 FAULT_NONE},
	{"LF.LF ends nothing", BEGIN "a\n.\nMAIL FROM:<x@y.example>\r\n.\r\n", BEGUN " 550", "",
	 SINK_WANTS_INPUT, FAULT_NONE},
	{"too large",
	 BEGIN
	 "0123456789012345678901234567890123456789\r\n0123456789012345678901234567890123456789\r\n"
	 "01234567890123\r\n\r\n.\r\nNOOP\r\n",
	 BEGUN " 552 250", "", SINK_WANTS_INPUT, FAULT_NONE},
	{"just not too large",
	 BEGIN
	 "0123456789012345678901234567890123456789\r\n0123456789012345678901234567890123456789\r\n"
	 "01234567890123\r\n.\r\nNOOP\r\n",
	 BEGUN " 250 250",
	 "a@b.example|c@d.example,e@f.example|100|0123456789012345678901234567890123456789\r\n"
	 "0123456789012345678901234567890123456789\r\n01234567890123\r\n\n",
	 SINK_WANTS_INPUT, FAULT_NONE},
	{"cut off", BEGIN "x\r\n.", BEGUN, "", SINK_WANTS_INPUT, FAULT_NONE},
	{"STARTTLS forgets the mail", HELLO MAIL "STARTTLS\r\n<TLS>" HELLO "DATA\r\n",
	 " 220 250 250 220 250 503", "", SINK_WANTS_INPUT, FAULT_NONE},
	{"STARTTLS twice", HELLO "STARTTLS\r\n<TLS>" HELLO "STARTTLS\r\n", " 220 250 220 250 503",
	 "", SINK_WANTS_INPUT, FAULT_NONE},
	/* What ends the session. */
	{"bytes behind STARTTLS", HELLO "STARTTLS\r\nMAIL FROM:<a@b.example>\r\n", " 220 250 220",
	 "", SINK_WANTS_END, FAULT_MALFORMED},
	{"bytes behind QUIT", "QUIT\r\n" HELLO, " 220 221", "", SINK_WANTS_END, FAULT_NONE},
	{"a line that ends in LF", "EHLO me\nNOOP\r\n", " 220 500", "", SINK_WANTS_END, FAULT_NONE},
	{"a CR inside", "EHLO\rme\r\nNOOP\r\n", " 220 500", "", SINK_WANTS_END, FAULT_NONE},
	{"two CRs", "NOOP\r\r\nNOOP\r\n", " 220 500", "", SINK_WANTS_END, FAULT_NONE},
	{"half a line", "EHLO me", " 220", "", SINK_WANTS_INPUT, FAULT_NONE},
};

static void start(struct sink_talk *t)
{
	sink_talk_init(t);
	t->policy.user = (struct slice){0};
	t->policy.size_max = 100;
}

START_TEST(test_rows)
{
	char got[400];
	for (size_t chunk = 1; chunk <= CHUNKS_MAX + 1; chunk++) {
		struct sink_talk t;
		start(&t);
		size_t room = t.room;
		size_t size = chunk <= CHUNKS_MAX ? chunk : SIZE_MAX;
		ck_assert_int_eq(sink_talk(&t, false, slice_of_text(rows[_i].input), size),
				 FAULT_NONE);
		sink_talk_codes(&t, got, sizeof(got));
		ck_assert_msg(strcmp(got, rows[_i].codes) == 0, "%s in chunks of %zu: %s",
			      rows[_i].name, size, got);
		ck_assert(slice_eq(buf_view(&t.taken), slice_of_text(rows[_i].taken)));
		ck_assert_int_eq(t.want, rows[_i].want);
		ck_assert_int_eq(t.fault, rows[_i].fault);
		ck_assert_uint_eq(t.room, room);
		sink_talk_deinit(&t);
	}
}
END_TEST

/* Whichever allocation fails: nothing is taken that was not answered, all room comes back. */
START_TEST(test_no_memory)
{
	for (unsigned n = 1;; n++) {
		struct sink_talk t;
		start(&t);
		size_t room = t.room;
		oom_arm(n);
		enum fault f = sink_talk(&t, false, slice_of_text(rows[_i].input), 16);
		bool more = oom_disarm();
		ck_assert(f == FAULT_NONE || f == FAULT_NO_MEMORY);
		ck_assert_uint_eq(t.room, room);
		ck_assert_uint_le(t.taken.len, strlen(rows[_i].taken));
		sink_talk_deinit(&t);
		if (!more) {
			break;
		}
	}
}
END_TEST

START_TEST(test_no_room)
{
	struct sink_talk t;
	char got[100];
	start(&t);
	t.room = 4;
	ck_assert_int_eq(sink_talk(&t, false, SLICE_LIT(BEGIN "12345\r\n.\r\nNOOP\r\n"), 3),
			 FAULT_NONE);
	sink_talk_codes(&t, got, sizeof(got));
	ck_assert_str_eq(got, BEGUN " 452 250");
	ck_assert_uint_eq(t.room, 4);
	ck_assert_uint_eq(t.count, 0);
	sink_talk_deinit(&t);
}
END_TEST

START_TEST(test_counts_without_keeping)
{
	struct sink_talk t;
	start(&t);
	t.policy.keeps_content = false;
	t.room = 0;
	ck_assert_int_eq(sink_talk(&t, false, SLICE_LIT(BEGIN "12345\r\n.\r\n"), 3), FAULT_NONE);
	ck_assert(slice_eq(buf_view(&t.taken),
			   SLICE_LIT("a@b.example|c@d.example,e@f.example|7|\n")));
	sink_talk_deinit(&t);
}
END_TEST

START_TEST(test_drop_after_dot)
{
	struct sink_talk t;
	char got[100];
	start(&t);
	t.policy.drops_after_dot = true;
	ck_assert_int_eq(sink_talk(&t, false, SLICE_LIT(BEGIN "x\r\n.\r\nNOOP\r\n"), 5),
			 FAULT_NONE);
	sink_talk_codes(&t, got, sizeof(got));
	ck_assert_str_eq(got, BEGUN);
	ck_assert_uint_eq(t.count, 1);
	ck_assert_int_eq(t.want, SINK_WANTS_END);
	sink_talk_deinit(&t);
}
END_TEST

static void talk_lines(struct sink_talk *t, const char *line, unsigned times)
{
	struct buf input;
	buf_init(&input, 64 * 1024 * 1024);
	for (unsigned i = 0; i < times; i++) {
		ck_assert_int_eq(buf_add_text(&input, line), FAULT_NONE);
	}
	ck_assert_int_eq(sink_talk(t, false, buf_view(&input), SIZE_MAX), FAULT_NONE);
	buf_deinit(&input);
}

START_TEST(test_line_too_long)
{
	struct sink_talk t;
	char got[100];
	start(&t);
	talk_lines(&t, "x", SINK_LINE_MAX + 1);
	sink_talk_codes(&t, got, sizeof(got));
	ck_assert_str_eq(got, " 220 500");
	ck_assert_int_eq(t.want, SINK_WANTS_END);
	sink_talk_deinit(&t);
}
END_TEST

/* A client that asks and never reads: the session ends instead of growing. */
START_TEST(test_output_too_long)
{
	struct sink_talk t;
	start(&t);
	talk_lines(&t, "NOOP\r\n", 100000);
	ck_assert_int_eq(t.want, SINK_WANTS_END);
	ck_assert_uint_le(t.output.len, SINK_OUTPUT_MAX + 64); /* and the greeting */
	sink_talk_deinit(&t);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("relay/smtp/sink_session");
	TCase *t = tcase_create("sink_session");
	tcase_set_timeout(t, 60);
	tcase_add_loop_test(t, test_rows, 0, COUNT_OF(rows));
	tcase_add_loop_test(t, test_no_memory, 0, COUNT_OF(rows));
	tcase_add_test(t, test_no_room);
	tcase_add_test(t, test_counts_without_keeping);
	tcase_add_test(t, test_drop_after_dot);
	tcase_add_test(t, test_line_too_long);
	tcase_add_test(t, test_output_too_long);
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	return check_main(suite());
}
