#include "relay/smtp/sink_session.h"

#include "tests/support/check_main.h"
#include "tests/support/sink_talk.h"

#define HELLO "EHLO me\r\n"
#define FROM  "MAIL FROM:<a@b.example>"
#define TO    FROM "\r\nRCPT TO:<c@d.example>"

static const struct {
	const char *input, *codes; /* behind EHLO's 250; under TLS */
	unsigned without;
} rows[] = {
	{FROM " RET=FULL ENVID=ab+2Bc REQUIRETLS", " 250", 0},
	{FROM " ret=hdrs", " 250", 0},
	{TO " NOTIFY=NEVER", " 250 250", 0},
	{TO " NOTIFY=SUCCESS,failure,DELAY ORCPT=rfc822;c+2Bx@d.example", " 250 250", 0},
	/* What is refused. */
	{FROM " RET=SOME", " 501", 0},
	{FROM " RET", " 501", 0},
	{FROM " ENVID=", " 501", 0},
	{FROM " ENVID=a+2", " 501", 0},
	{FROM " ENVID=a+2b", " 501", 0},
	{FROM " ENVID=a=b", " 501", 0},
	{FROM
	 " ENVID=0123456789012345678901234567890123456789012345678901234567890123456789012345678"
	 "90123456789012345678901",
	 " 501", 0},
	{FROM " REQUIRETLS=yes", " 501", 0},
	{FROM " NOTIFY=NEVER", " 555", 0},
	{TO " RET=FULL", " 250 555", 0},
	{TO " NOTIFY=NEVER,DELAY", " 250 501", 0},
	{TO " NOTIFY=DELAY,", " 250 501", 0},
	{TO " NOTIFY=", " 250 501", 0},
	{TO " NOTIFY", " 250 501", 0},
	{TO " ORCPT=c@d.example", " 250 501", 0},
	{TO " ORCPT=;c@d.example", " 250 501", 0},
	{TO " ORCPT=rfc822;", " 250 501", 0},
	{TO " ORCPT=rfc822;c@d.example  NOTIFY=NEVER", " 250 555", 0},
	/* What was not offered. */
	{FROM " BODY=8BITMIME", " 555", SINK_EIGHT_BIT},
	{FROM " SMTPUTF8", " 555", SINK_UTF8},
	{FROM " RET=FULL", " 555", SINK_DSN},
	{FROM " ENVID=a", " 555", SINK_DSN},
	{FROM " REQUIRETLS", " 555", SINK_REQUIRE_TLS},
	{TO " NOTIFY=NEVER", " 250 555", SINK_DSN},
	{TO " ORCPT=rfc822;a@b", " 250 555", SINK_DSN},
};

START_TEST(test_parameters)
{
	struct sink_talk t;
	struct buf input;
	char got[100];
	sink_talk_init(&t);
	t.policy.user = (struct slice){0};
	t.policy.without = rows[_i].without;
	buf_init(&input, 1000);
	ck_assert_int_eq(buf_add_text(&input, HELLO), FAULT_NONE);
	ck_assert_int_eq(buf_add_text(&input, rows[_i].input), FAULT_NONE);
	ck_assert_int_eq(buf_add_text(&input, "\r\n"), FAULT_NONE);
	ck_assert_int_eq(sink_talk(&t, true, buf_view(&input), 7), FAULT_NONE);
	sink_talk_codes(&t, got, sizeof(got));
	ck_assert_msg(strcmp(got + strlen(" 220 250"), rows[_i].codes) == 0, "%s: %s",
		      rows[_i].input, got);
	buf_deinit(&input);
	sink_talk_deinit(&t);
}
END_TEST

START_TEST(test_requiretls_needs_tls)
{
	struct sink_talk t;
	char got[100];
	sink_talk_init(&t);
	t.policy.user = (struct slice){0};
	ck_assert_int_eq(sink_talk(&t, false, SLICE_LIT(HELLO FROM " REQUIRETLS\r\n"), 7),
			 FAULT_NONE);
	sink_talk_codes(&t, got, sizeof(got));
	ck_assert_str_eq(got, " 220 250 501");
	sink_talk_deinit(&t);
}
END_TEST

static const struct {
	const char *name, *line;
} offers[] = {
	{"pipelining", "250-PIPELINING\r\n"},
	{"8bitmime", "250-8BITMIME\r\n"},
	{"SMTPUTF8", "250-SMTPUTF8\r\n"},
	{"chunking", "250-CHUNKING\r\n"},
	{"dsn", "250-DSN\r\n"},
	{"requiretls", "250-REQUIRETLS\r\n"},
};

static bool is_offered(unsigned without, bool is_tls, const char *line)
{
	struct sink_talk t;
	sink_talk_init(&t);
	t.policy.without = without;
	ck_assert_int_eq(sink_talk(&t, is_tls, SLICE_LIT(HELLO), SIZE_MAX), FAULT_NONE);
	struct slice said = buf_view(&t.output);
	bool found = slice_find(said, slice_of_text(line)) < said.len;
	sink_talk_deinit(&t);
	return found;
}

START_TEST(test_offers)
{
	unsigned extension = sink_extension(slice_of_text(offers[_i].name));
	ck_assert_uint_ne(extension, 0);
	ck_assert(is_offered(0, true, offers[_i].line));
	ck_assert(is_offered(~extension, true, offers[_i].line));
	ck_assert(!is_offered(extension, true, offers[_i].line));
	ck_assert(is_offered(0, false, offers[_i].line) != (extension == SINK_REQUIRE_TLS));
}
END_TEST

START_TEST(test_no_such_extension)
{
	ck_assert_uint_eq(sink_extension(SLICE_LIT("")), 0);
	ck_assert_uint_eq(sink_extension(SLICE_LIT("starttls")), 0);
	ck_assert_uint_eq(sink_extension(SLICE_LIT("chunking ")), 0);
}
END_TEST

START_TEST(test_limits)
{
	struct sink_talk t;
	char got[100];
	sink_talk_init(&t);
	t.policy.user = (struct slice){0};
	t.policy.recipients_max = 1;
	ck_assert_int_eq(
		sink_talk(&t, false, SLICE_LIT(HELLO TO "\r\nRCPT TO:<e@d.example>\r\n"), 7),
		FAULT_NONE);
	sink_talk_codes(&t, got, sizeof(got));
	ck_assert_str_eq(got, " 220 250 250 250 452");
	struct slice said = buf_view(&t.output);
	ck_assert_uint_lt(slice_find(said, SLICE_LIT("250-LIMITS RCPTMAX=1\r\n")), said.len);
	sink_talk_deinit(&t);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("relay/smtp/sink_extension");
	TCase *t = tcase_create("sink_extension");
	tcase_add_loop_test(t, test_parameters, 0, COUNT_OF(rows));
	tcase_add_test(t, test_requiretls_needs_tls);
	tcase_add_loop_test(t, test_offers, 0, COUNT_OF(offers));
	tcase_add_test(t, test_no_such_extension);
	tcase_add_test(t, test_limits);
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	return check_main(suite());
}
