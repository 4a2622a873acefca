#include "relay/smtp/auth.h"

#include <string.h>

#include "tests/support/check_main.h"
#include "tests/support/oom.h"

enum { PLAIN = 1, LOGIN = 2 };

static const struct {
	const char *name;
	unsigned mechanism;
	unsigned step;
	struct slice username;
	struct slice password;
	enum fault fault;
	struct slice line;
} rows[] = {
	{"plain", PLAIN, 0, SLICE_INIT("test"), SLICE_INIT("1234"), FAULT_NONE,
	 SLICE_INIT("AUTH PLAIN AHRlc3QAMTIzNA==\r\n")},
	{"plain in UTF-8", PLAIN, 0, SLICE_INIT("me"), SLICE_INIT("p\xC3\xA4ss"), FAULT_NONE,
	 SLICE_INIT("AUTH PLAIN AG1lAHDDpHNz\r\n")},
	{"plain without password", PLAIN, 0, SLICE_INIT("me"), SLICE_INIT(""), FAULT_NONE,
	 SLICE_INIT("AUTH PLAIN AG1lAA==\r\n")},
	{"login, command", LOGIN, 0, SLICE_INIT("test"), SLICE_INIT("1234"), FAULT_NONE,
	 SLICE_INIT("AUTH LOGIN\r\n")},
	{"login, user", LOGIN, 1, SLICE_INIT("test"), SLICE_INIT("1234"), FAULT_NONE,
	 SLICE_INIT("dGVzdA==\r\n")},
	{"login, password", LOGIN, 2, SLICE_INIT("test"), SLICE_INIT("1234"), FAULT_NONE,
	 SLICE_INIT("MTIzNA==\r\n")},
	{"login, CRLF stays inside", LOGIN, 2, SLICE_INIT("u"), SLICE_INIT("a\r\nQUIT"), FAULT_NONE,
	 SLICE_INIT("YQ0KUVVJVA==\r\n")},
	{"plain has no second line",
	 PLAIN,
	 1,
	 SLICE_INIT("test"),
	 SLICE_INIT("1234"),
	 FAULT_UPSTREAM_PROTOCOL,
	 {NULL, 0}},
	{"plain has no third line",
	 PLAIN,
	 2,
	 SLICE_INIT("test"),
	 SLICE_INIT("1234"),
	 FAULT_UPSTREAM_PROTOCOL,
	 {NULL, 0}},
	{"login has no fourth line",
	 LOGIN,
	 3,
	 SLICE_INIT("test"),
	 SLICE_INIT("1234"),
	 FAULT_UPSTREAM_PROTOCOL,
	 {NULL, 0}},
	{"NUL in the user name",
	 PLAIN,
	 0,
	 SLICE_INIT("a\0b"),
	 SLICE_INIT("x"),
	 FAULT_BAD_FIELD,
	 {NULL, 0}},
	{"NUL in the password",
	 PLAIN,
	 0,
	 SLICE_INIT("a"),
	 SLICE_INIT("x\0y"),
	 FAULT_BAD_FIELD,
	 {NULL, 0}},
	{"NUL with login",
	 LOGIN,
	 0,
	 SLICE_INIT("a"),
	 SLICE_INIT("x\0y"),
	 FAULT_BAD_FIELD,
	 {NULL, 0}},
	{"no mechanism", 0, 0, SLICE_INIT("a"), SLICE_INIT("b"), FAULT_UPSTREAM_NO_AUTH, {NULL, 0}},
	{"unknown mechanism",
	 1U << 20,
	 0,
	 SLICE_INIT("a"),
	 SLICE_INIT("b"),
	 FAULT_UPSTREAM_NO_AUTH,
	 {NULL, 0}},
};

START_TEST(says)
{
	CLEANUP(secret_free) struct secret *password = NULL;
	CLEANUP(secret_free) struct secret *line = NULL;
	ck_assert_int_eq(secret_new(rows[_i].password, &password), FAULT_NONE);
	struct smtp_login login = {.username = rows[_i].username, .password = password};
	ck_assert_int_eq(
		smtp_auth_line(rows[_i].mechanism, &login, rows[_i].step, SLICE_LIT(""), &line),
		rows[_i].fault);
	ck_assert_msg(slice_eq(secret_view(line), rows[_i].line), "%s", rows[_i].name);
}
END_TEST

START_TEST(long_plain_waits_for_the_challenge)
{
	CLEANUP(secret_free) struct secret *password = NULL;
	CLEANUP(secret_free) struct secret *first = NULL;
	CLEANUP(secret_free) struct secret *second = NULL;
	CLEANUP(secret_free) struct secret *third = NULL;
	char *at;
	ck_assert_int_eq(secret_new_room(600, &password, &at), FAULT_NONE);
	memset(at, 'x', 600);
	struct smtp_login login = {.username = SLICE_LIT("u"), .password = password};
	ck_assert_int_eq(smtp_auth_line(PLAIN, &login, 0, SLICE_LIT(""), &first), FAULT_NONE);
	ck_assert(slice_eq(secret_view(first), SLICE_LIT("AUTH PLAIN\r\n")));
	ck_assert_int_eq(smtp_auth_line(PLAIN, &login, 1, SLICE_LIT(""), &second), FAULT_NONE);
	ck_assert_uint_eq(secret_view(second).len, (600 + 3 + 2) / 3 * 4 + 2);
	ck_assert_int_eq(smtp_auth_line(PLAIN, &login, 2, SLICE_LIT(""), &third),
			 FAULT_UPSTREAM_PROTOCOL);
}
END_TEST

START_TEST(picks_the_strongest)
{
	ck_assert_uint_eq(smtp_auth_bit(SLICE_LIT("PLAIN")), PLAIN);
	ck_assert_uint_eq(smtp_auth_bit(SLICE_LIT("login")), LOGIN);
	ck_assert_uint_eq(smtp_auth_bit(SLICE_LIT("PLAIN-CLIENTTOKEN")), 0);
	ck_assert_uint_eq(smtp_auth_bit(SLICE_LIT("")), 0);
	ck_assert_uint_eq(smtp_auth_strongest(PLAIN | LOGIN), PLAIN);
	ck_assert_uint_eq(smtp_auth_strongest(LOGIN), LOGIN);
	ck_assert_uint_eq(smtp_auth_strongest(0), 0);
}
END_TEST

START_TEST(survives_no_memory)
{
	CLEANUP(secret_free) struct secret *password = NULL;
	ck_assert_int_eq(secret_new(SLICE_LIT("secret"), &password), FAULT_NONE);
	struct smtp_login login = {.username = SLICE_LIT("u"), .password = password};
	for (unsigned n = 1;; n++) {
		CLEANUP(secret_free) struct secret *line = NULL;
		oom_arm(n);
		enum fault f = smtp_auth_line(PLAIN, &login, 0, SLICE_LIT(""), &line);
		bool failed = oom_disarm();
		ck_assert_int_eq(f, failed ? FAULT_NO_MEMORY : FAULT_NONE);
		if (!failed) {
			break;
		}
	}
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("smtp auth");
	TCase *t = tcase_create("auth");
	tcase_set_timeout(t, 60); /* the machine may be busy; nothing is judged by time */
	tcase_add_loop_test(t, says, 0, COUNT_OF(rows));
	tcase_add_test(t, long_plain_waits_for_the_challenge);
	tcase_add_test(t, picks_the_strongest);
	tcase_add_test(t, survives_no_memory);
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	return check_main(suite());
}
