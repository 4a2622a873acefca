#include "relay/smtp/sink_session.h"

#include "tests/support/check_main.h"
#include "tests/support/chunks.h"
#include "tests/support/sink_talk.h"

#define HELLO "EHLO me\r\n"
#define MAIL  "MAIL FROM:<a@b.example>\r\n"

/* "\0user\0pass word", and "user" and "pass word" for LOGIN, in base64. */
#define PLAIN "AHVzZXIAcGFzcyB3b3Jk"
#define USER  "dXNlcg=="
#define PASS  "cGFzcyB3b3Jk"

static const struct {
	const char *name;
	bool is_tls;
	const char *input, *codes;
} rows[] = {
	{"PLAIN at once", true, HELLO "AUTH PLAIN " PLAIN "\r\n" MAIL, " 220 250 235 250"},
	{"PLAIN asked for", true, HELLO "AUTH PLAIN\r\n" PLAIN "\r\n" MAIL, " 220 250 334 235 250"},
	{"PLAIN with the same identity", true, HELLO "AUTH PLAIN dXNlcgB1c2VyAHBhc3Mgd29yZA==\r\n",
	 " 220 250 235"},
	{"LOGIN", true, HELLO "AUTH LOGIN\r\n" USER "\r\n" PASS "\r\n" MAIL,
	 " 220 250 334 334 235 250"},
	{"LOGIN with the user at once", true, HELLO "auth login " USER "\r\n" PASS "\r\n",
	 " 220 250 334 235"},
	{"after STARTTLS", false, HELLO "STARTTLS\r\n<TLS>" HELLO "AUTH PLAIN " PLAIN "\r\n" MAIL,
	 " 220 250 220 250 235 250"},
	{"AUTH= with a login", true,
	 HELLO "AUTH PLAIN " PLAIN "\r\nMAIL FROM:<a@b.example> AUTH=<>\r\n", " 220 250 235 250"},
	{"a second try", true, HELLO "AUTH PLAIN AHVzZXIAeA==\r\nAUTH PLAIN " PLAIN "\r\n" MAIL,
	 " 220 250 535 235 250"},
	/* What is refused. */
	{"MAIL without a login", true, HELLO MAIL, " 220 250 530"},
	{"MAIL in the clear", false, HELLO MAIL, " 220 250 530"},
	{"AUTH in the clear", false, HELLO "AUTH PLAIN " PLAIN "\r\n" MAIL, " 220 250 538 530"},
	{"AUTH before EHLO", true, "AUTH PLAIN " PLAIN "\r\n", " 220 503"},
	{"AUTH after HELO", true, "HELO me\r\nAUTH PLAIN " PLAIN "\r\n", " 220 250 503"},
	{"AUTH twice", true, HELLO "AUTH PLAIN " PLAIN "\r\nAUTH PLAIN " PLAIN "\r\n",
	 " 220 250 235 503"},
	{"AUTH within a mail", true,
	 HELLO "AUTH PLAIN " PLAIN "\r\n" MAIL "AUTH PLAIN " PLAIN "\r\n", " 220 250 235 250 503"},
	{"a login does not outlive STARTTLS", false, HELLO "STARTTLS\r\n<TLS>" MAIL HELLO MAIL,
	 " 220 250 220 503 250 530"},
	{"wrong password", true, HELLO "AUTH PLAIN AHVzZXIAcGFzcw==\r\n" MAIL, " 220 250 535 530"},
	{"longer password", true, HELLO "AUTH PLAIN AHVzZXIAcGFzcyB3b3JkMg==\r\n", " 220 250 535"},
	{"wrong user", true, HELLO "AUTH PLAIN AG90aGVyAHBhc3Mgd29yZA==\r\n", " 220 250 535"},
	{"for another", true, HELLO "AUTH PLAIN b3RoZXIAdXNlcgBwYXNzIHdvcmQ=\r\n", " 220 250 535"},
	{"PLAIN with one NUL", true, HELLO "AUTH PLAIN dXNlcgBwYXNzIHdvcmQ=\r\n", " 220 250 535"},
	{"PLAIN with nothing", true, HELLO "AUTH PLAIN =\r\n", " 220 250 535"},
	{"no base64", true, HELLO "AUTH PLAIN a*b\r\n" MAIL, " 220 250 501 530"},
	{"LOGIN, wrong user", true, HELLO "AUTH LOGIN\r\nb3RoZXI=\r\n" PASS "\r\n" MAIL,
	 " 220 250 334 334 535 530"},
	{"LOGIN, wrong password", true, HELLO "AUTH LOGIN\r\n" USER "\r\neA==\r\n" MAIL,
	 " 220 250 334 334 535 530"},
	{"LOGIN, empty password", true, HELLO "AUTH LOGIN\r\n" USER "\r\n\r\n",
	 " 220 250 334 334 535"},
	{"LOGIN, no base64", true, HELLO "AUTH LOGIN\r\nuser!\r\nNOOP\r\n", " 220 250 334 501 250"},
	{"given up", true, HELLO "AUTH LOGIN\r\n*\r\n" MAIL, " 220 250 334 501 530"},
	{"given up half-way", true, HELLO "AUTH LOGIN\r\n" USER "\r\n*\r\nNOOP\r\n",
	 " 220 250 334 334 501 250"},
	{"a mechanism nobody offered", true, HELLO "AUTH CRAM-MD5\r\n", " 220 250 504"},
	{"no mechanism", true, HELLO "AUTH\r\n", " 220 250 504"},
};

START_TEST(test_rows)
{
	char got[400];
	for (size_t chunk = 1; chunk <= CHUNKS_MAX; chunk++) {
		struct sink_talk t;
		sink_talk_init(&t);
		ck_assert_int_eq(
			sink_talk(&t, rows[_i].is_tls, slice_of_text(rows[_i].input), chunk),
			FAULT_NONE);
		sink_talk_codes(&t, got, sizeof(got));
		ck_assert_msg(strcmp(got, rows[_i].codes) == 0, "%s in chunks of %zu: %s",
			      rows[_i].name, chunk, got);
		sink_talk_deinit(&t);
	}
}
END_TEST

START_TEST(test_not_offered)
{
	struct sink_talk t;
	char got[100];
	sink_talk_init(&t);
	t.policy.user = (struct slice){0};
	ck_assert_int_eq(sink_talk(&t, true, SLICE_LIT(HELLO "AUTH PLAIN " PLAIN "\r\n" MAIL), 9),
			 FAULT_NONE);
	sink_talk_codes(&t, got, sizeof(got));
	ck_assert_str_eq(got, " 220 250 503 250");
	sink_talk_deinit(&t);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("relay/smtp/sink_auth");
	TCase *t = tcase_create("sink_auth");
	tcase_add_loop_test(t, test_rows, 0, COUNT_OF(rows));
	tcase_add_test(t, test_not_offered);
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	return check_main(suite());
}
