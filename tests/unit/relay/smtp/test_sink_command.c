#include "relay/smtp/sink_session.h"

#include "tests/support/check_main.h"
#include "tests/support/chunks.h"
#include "tests/support/sink_talk.h"

#define HELLO "EHLO me\r\n"
#define MAIL  "MAIL FROM:<a@b.example>\r\n"
#define RCPT  "RCPT TO:<c@d.example>\r\n"

static const struct slice refused[] = {SLICE_INIT("no@d.example")};
static const struct slice deferred[] = {SLICE_INIT("later@d.example")};

/* Without a user, so that commands can be said at once. */
static const struct {
	const char *name, *input, *codes;
} rows[] = {
	{"a whole mail", HELLO MAIL RCPT "DATA\r\nx\r\n.\r\nQUIT\r\n",
	 " 220 250 250 250 354 250 221"},
	{"two mails", HELLO MAIL RCPT "DATA\r\n.\r\n" MAIL RCPT "DATA\r\n.\r\n",
	 " 220 250 250 250 354 250 250 250 354 250"},
	{"HELO is enough", "HELO me\r\n" MAIL RCPT, " 220 250 250 250"},
	{"lower case", "ehlo me\r\nmail from:<a@b.example>\r\nrcpt to:<c@d.example>\r\n",
	 " 220 250 250 250"},
	{"the null sender", HELLO "MAIL FROM:<>\r\n" RCPT, " 220 250 250 250"},
	{"every parameter", HELLO "MAIL FROM:<a@b.example> SIZE=10 BODY=8BITMIME SMTPUTF8\r\n",
	 " 220 250 250"},
	{"7BIT", HELLO "MAIL FROM:<a@b.example> body=7bit\r\n", " 220 250 250"},
	{"the largest size", HELLO "MAIL FROM:<a@b.example> SIZE=1048576\r\n", " 220 250 250"},
	{"RSET forgets", HELLO MAIL RCPT "RSET\r\nDATA\r\n", " 220 250 250 250 250 503"},
	{"EHLO forgets", HELLO MAIL HELLO RCPT, " 220 250 250 250 503"},
	{"NOOP, VRFY", "NOOP\r\nNOOP x y\r\nVRFY me\r\n", " 220 250 250 252"},
	{"UTF-8 addresses",
	 HELLO "MAIL FROM:<\xc3\xbc@b.example> SMTPUTF8\r\nRCPT TO:<\xc3\xa4@d.example>\r\n",
	 " 220 250 250 250"},
	{"one refused, one deferred",
	 HELLO MAIL "RCPT TO:<No@D.example>\r\nRCPT TO:<later@d.example>\r\n" RCPT "DATA\r\n.\r\n",
	 " 220 250 250 550 450 250 354 250"},
	{"nobody left", HELLO MAIL "RCPT TO:<no@d.example>\r\nDATA\r\n", " 220 250 250 550 554"},
	/* What is refused. */
	{"MAIL before EHLO", MAIL, " 220 503"},
	{"RCPT before MAIL", HELLO RCPT, " 220 250 503"},
	{"DATA before MAIL", HELLO "DATA\r\n", " 220 250 503"},
	{"DATA before RCPT", HELLO MAIL "DATA\r\n", " 220 250 250 554"},
	{"MAIL twice", HELLO MAIL MAIL, " 220 250 250 503"},
	{"EHLO without a name", "EHLO\r\n", " 220 501"},
	{"EHLO with a blank for a name", "EHLO \r\n", " 220 501"},
	{"parameters after HELO", "HELO me\r\nMAIL FROM:<a@b.example> SIZE=1\r\n", " 220 250 555"},
	{"DATA with an argument", HELLO MAIL RCPT "DATA now\r\n", " 220 250 250 250 501"},
	{"RSET with an argument", "RSET now\r\n", " 220 501"},
	{"a blank after FROM:", HELLO "MAIL FROM: <a@b.example>\r\n", " 220 250 501"},
	{"no angle brackets", HELLO "MAIL FROM:a@b.example\r\n", " 220 250 501"},
	{"no closing bracket", HELLO "MAIL FROM:<a@b.example\r\n", " 220 250 501"},
	{"no FROM", HELLO "MAIL TO:<a@b.example>\r\n", " 220 250 501"},
	{"something glued to the address", HELLO "MAIL FROM:<a@b.example>SIZE=1\r\n",
	 " 220 250 501"},
	{"no domain", HELLO "MAIL FROM:<a@>\r\n", " 220 250 553"},
	{"no local part", HELLO "MAIL FROM:<@b.example>\r\n", " 220 250 553"},
	{"no at", HELLO "MAIL FROM:<a>\r\n", " 220 250 553"},
	{"a blank inside", HELLO "MAIL FROM:<a b@c.example>\r\n", " 220 250 553"},
	{"a control character", HELLO "MAIL FROM:<a\x01@c.example>\r\n", " 220 250 553"},
	{"a comma", HELLO "MAIL FROM:<a,b@c.example>\r\n", " 220 250 553"},
	{"UTF-8 that was not announced", HELLO "MAIL FROM:<\xc3\xbc@b.example>\r\n",
	 " 220 250 553"},
	{"bytes that are no UTF-8", HELLO "MAIL FROM:<\xff@b.example> SMTPUTF8\r\n",
	 " 220 250 553"},
	{"a UTF-8 recipient that was not announced", HELLO MAIL "RCPT TO:<\xc3\xa4@d.example>\r\n",
	 " 220 250 250 553"},
	{"the null recipient", HELLO MAIL "RCPT TO:<>\r\n", " 220 250 250 553"},
	{"a parameter of RCPT that nobody offered", HELLO MAIL "RCPT TO:<c@d.example> BY=1\r\n",
	 " 220 250 250 555"},
	{"a size too large", HELLO "MAIL FROM:<a@b.example> SIZE=1048577\r\n" RCPT,
	 " 220 250 552 503"},
	{"a size that is none", HELLO "MAIL FROM:<a@b.example> SIZE=x\r\n", " 220 250 501"},
	{"a size without a number", HELLO "MAIL FROM:<a@b.example> SIZE\r\n", " 220 250 501"},
	{"a size past all sizes", HELLO "MAIL FROM:<a@b.example> SIZE=99999999999999999999\r\n",
	 " 220 250 501"},
	{"BINARYMIME", HELLO "MAIL FROM:<a@b.example> BODY=BINARYMIME\r\n", " 220 250 501"},
	{"SMTPUTF8 with a value", HELLO "MAIL FROM:<a@b.example> SMTPUTF8=yes\r\n", " 220 250 501"},
	{"AUTH= without a login", HELLO "MAIL FROM:<a@b.example> AUTH=<>\r\n", " 220 250 503"},
	{"a parameter nobody offered", HELLO "MAIL FROM:<a@b.example> BY=1\r\n", " 220 250 555"},
	{"two blanks between parameters", HELLO "MAIL FROM:<a@b.example>  SIZE=1\r\n",
	 " 220 250 555"},
	{"a command nobody knows", "HELP\r\nEXPN list\r\n\r\n", " 220 500 500 500"},
	{"STARTTLS before EHLO", "STARTTLS\r\n", " 220 503"},
	{"STARTTLS with an argument", HELLO "STARTTLS now\r\n", " 220 250 501"},
};

static void talk(struct slice input, size_t chunk, const char *codes, const char *name)
{
	struct sink_talk t;
	char got[400];
	sink_talk_init(&t);
	t.policy.user = (struct slice){0};
	t.policy.refused = refused;
	t.policy.refused_count = COUNT_OF(refused);
	t.policy.deferred = deferred;
	t.policy.deferred_count = COUNT_OF(deferred);
	ck_assert_int_eq(sink_talk(&t, false, input, chunk), FAULT_NONE);
	sink_talk_codes(&t, got, sizeof(got));
	ck_assert_msg(strcmp(got, codes) == 0, "%s in chunks of %zu: %s", name, chunk, got);
	sink_talk_deinit(&t);
}

START_TEST(test_rows)
{
	for (size_t chunk = 1; chunk <= CHUNKS_MAX; chunk++) {
		talk(slice_of_text(rows[_i].input), chunk, rows[_i].codes, rows[_i].name);
	}
	talk(slice_of_text(rows[_i].input), SIZE_MAX, rows[_i].codes, rows[_i].name);
}
END_TEST

START_TEST(test_address_length)
{
	/* 254 bytes are the most (RFC 5321 4.5.3.1.3). */
	char input[600] = HELLO "MAIL FROM:<";
	size_t start = strlen(input);
	memset(input + start, 'a', 254 + (size_t)_i);
	memcpy(input + start + 240, "@example.net", 12);
	memcpy(input + start + 254 + (size_t)_i, ">\r\n", 4);
	talk(slice_of_text(input), SIZE_MAX, _i == 0 ? " 220 250 250" : " 220 250 553", "length");
}
END_TEST

START_TEST(test_too_many_recipients)
{
	struct sink_talk t;
	struct buf input;
	sink_talk_init(&t);
	t.policy.user = (struct slice){0};
	buf_init(&input, 1024 * 1024);
	ck_assert_int_eq(buf_add_text(&input, HELLO MAIL), FAULT_NONE);
	for (unsigned i = 0; i <= SINK_RECIPIENTS_MAX; i++) {
		ck_assert_int_eq(buf_add_text(&input, RCPT), FAULT_NONE);
	}
	ck_assert_int_eq(sink_talk(&t, false, buf_view(&input), SIZE_MAX), FAULT_NONE);
	struct slice said = buf_view(&t.output);
	ck_assert(slice_ends(said, SLICE_LIT("452 4.5.3 Too many recipients in one go\r\n")));
	ck_assert_uint_eq(slice_find(said, SLICE_LIT("452 ")) + 41, said.len);
	buf_deinit(&input);
	sink_talk_deinit(&t);
}
END_TEST

START_TEST(test_too_many_bad_commands)
{
	struct sink_talk t;
	struct buf input;
	sink_talk_init(&t);
	buf_init(&input, 1024 * 1024);
	for (unsigned i = 0; i < SINK_BAD_COMMANDS_MAX + 5; i++) {
		ck_assert_int_eq(buf_add_text(&input, "WHAT\r\n"), FAULT_NONE);
	}
	ck_assert_int_eq(sink_talk(&t, false, buf_view(&input), 7), FAULT_NONE);
	ck_assert_int_eq(t.want, SINK_WANTS_END);
	ck_assert(slice_ends(buf_view(&t.output),
			     SLICE_LIT("421 4.7.0 Too many commands that are none\r\n")));
	buf_deinit(&input);
	sink_talk_deinit(&t);
}
END_TEST

/* What EHLO offers depends on TLS. */
static const struct {
	bool is_tls;
	const char *offered, *not_offered;
} offers[] = {
	{false, "250-STARTTLS\r\n", "250-AUTH"},
	{true, "250-AUTH PLAIN LOGIN\r\n", "250-STARTTLS"},
};

START_TEST(test_offers)
{
	struct sink_talk t;
	sink_talk_init(&t);
	ck_assert_int_eq(sink_talk(&t, offers[_i].is_tls, SLICE_LIT(HELLO), SIZE_MAX), FAULT_NONE);
	struct slice said = buf_view(&t.output);
	ck_assert_uint_lt(slice_find(said, slice_of_text(offers[_i].offered)), said.len);
	ck_assert_uint_eq(slice_find(said, slice_of_text(offers[_i].not_offered)), said.len);
	ck_assert_uint_lt(slice_find(said, SLICE_LIT("250-SIZE 1048576\r\n")), said.len);
	sink_talk_deinit(&t);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("relay/smtp/sink_command");
	TCase *t = tcase_create("sink_command");
	tcase_add_loop_test(t, test_rows, 0, COUNT_OF(rows));
	tcase_add_loop_test(t, test_address_length, 0, 2);
	tcase_add_test(t, test_too_many_recipients);
	tcase_add_test(t, test_too_many_bad_commands);
	tcase_add_loop_test(t, test_offers, 0, COUNT_OF(offers));
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	return check_main(suite());
}
