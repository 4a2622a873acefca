#include "relay/smtp/auth_token.h"

#include <string.h>

#include "relay/smtp/auth.h"
#include "tests/support/check_main.h"
#include "tests/support/oom.h"

/* The first of each is the example of RFC 7628 and of Google's description. */
static const struct {
	const char *name;
	bool bearer;
	const char *username, *host;
	uint16_t port;
	const char *token, *message;
} rows[] = {
	{"RFC 7628", true, "user@example.com", "server.example.com", 143,
	 "vF9dft4qmTc2Nvb3RlckBhbHRhdmlzdGEuY29tCg==",
	 "n,a=user@example.com,\1host=server.example.com\1port=143\1"
	 "auth=Bearer vF9dft4qmTc2Nvb3RlckBhbHRhdmlzdGEuY29tCg==\1\1"},
	{"XOAUTH2", false, "someuser@example.com", "", 0,
	 "ya29.vF9dft4qmTc2Nvb3RlckBhdHRhdmlzdGEuY29tCg",
	 "user=someuser@example.com\1"
	 "auth=Bearer ya29.vF9dft4qmTc2Nvb3RlckBhdHRhdmlzdGEuY29tCg\1\1"},
	{"separators", true, "a,b=c,", "h", 65535, "t",
	 "n,a=a=2Cb=3Dc=2C,\1host=h\1port=65535\1auth=Bearer t\1\1"},
	{"nobody", true, "", "h", 25, "t", "n,,\1host=h\1port=25\1auth=Bearer t\1\1"},
	{"nobody, XOAUTH2", false, "", "h", 25, "t", "user=\1auth=Bearer t\1\1"},
};

static enum fault say(size_t i, const struct secret *token, struct secret **out_message)
{
	struct smtp_login login = {.username = slice_of_text(rows[i].username),
				   .token = token,
				   .host = slice_of_text(rows[i].host),
				   .port = rows[i].port};
	return rows[i].bearer ? auth_token_say_oauthbearer(&login, out_message)
			      : auth_token_say_xoauth2(&login, out_message);
}

START_TEST(says)
{
	CLEANUP(secret_free) struct secret *token = NULL;
	CLEANUP(secret_free) struct secret *message = NULL;
	ck_assert_int_eq(secret_new(slice_of_text(rows[_i].token), &token), FAULT_NONE);
	ck_assert_int_eq(say((size_t)_i, token, &message), FAULT_NONE);
	ck_assert_msg(slice_eq(secret_view(message), slice_of_text(rows[_i].message)), "%s",
		      rows[_i].name);
}
END_TEST

START_TEST(survives_no_memory)
{
	CLEANUP(secret_free) struct secret *token = NULL;
	ck_assert_int_eq(secret_new(SLICE_LIT("t"), &token), FAULT_NONE);
	for (unsigned n = 1;; n++) {
		CLEANUP(secret_free) struct secret *message = NULL;
		oom_arm(n);
		enum fault f = say((size_t)_i, token, &message);
		bool failed = oom_disarm();
		ck_assert_int_eq(f, failed ? FAULT_NO_MEMORY : FAULT_NONE);
		if (!failed) {
			break;
		}
	}
}
END_TEST

#define TOKEN "eyJhbGciOiJub25lIn0.eyJzdWIiOiJtZSJ9."
#define FIFTY "12345678901234567890123456789012345678901234567890"

static const struct {
	const char *name, *said, *sentence;
} refusals[] = {
	{"RFC 7628",
	 "{\"status\":\"invalid_token\",\"scope\":\"example_scope\",\"openid-configuration\":"
	 "\"https://x/\"}",
	 " It does not take the token: status 'invalid_token', it wants the scope "
	 "'example_scope'."},
	{"a number", "{\"schemes\":\"Bearer\",\"status\":400,\"nested\":{\"status\":\"no\"}}",
	 " It does not take the token: status '400'."},
	{"the scope alone", "{\"scope\":\"mail\"}",
	 " It does not take the token: it wants the scope 'mail'."},
	{"what is to be seen of it alone", "{\"status\":\"a\\u0007\\r\\nb<c>\"}",
	 " It does not take the token: status 'a???b?c?'."},
	{"nothing", "", " It does not take the token."},
	{"no JSON", "go away", " It does not take the token."},
	{"another kind of JSON", "[\"status\",\"401\"]", " It does not take the token."},
	{"another kind of status", "{\"status\":[401],\"scope\":\"mail\"}",
	 " It does not take the token."},
	{"JSON cut short", "{\"status\":\"401\",\"sco",
	 " It does not take the token: status '401'."},
	{"an empty status", "{\"status\":\"\"}", " It does not take the token."},
	{"a status too long", "{\"status\":\"" FIFTY FIFTY "\"}", " It does not take the token."},
	{"the token come back", "{\"status\":\"" TOKEN "\"}", " It does not take the token."},
	{"a piece of it", "{\"status\":\"401\",\"scope\":\"bad eyJzdWIi\"}",
	 " It does not take the token: status '401'."},
	{"a piece of it, in escapes", "{\"scope\":\"\\u0065yJzdWIi\"}",
	 " It does not take the token."},
};

START_TEST(keeps_what_is_said_of_a_token)
{
	char bytes[256];
	struct auth_refusal r = {0};
	struct problem p;
	size_t len = strlen(refusals[_i].said);
	memcpy(bytes, refusals[_i].said, len);
	auth_token_refused(&r, SLICE_LIT(TOKEN), bytes, len);
	ck_assert(r.came);
	problem_set(&p, FAULT_UPSTREAM_AUTH, "");
	auth_token_explain(&r, &p);
	struct slice said = problem_text(&p);
	ck_assert_msg(slice_eq(said, slice_of_text(refusals[_i].sentence)), "%s: %.*s",
		      refusals[_i].name, (int)said.len, said.ptr);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("smtp auth_token");
	TCase *t = tcase_create("auth_token");
	tcase_add_loop_test(t, says, 0, COUNT_OF(rows));
	tcase_add_loop_test(t, survives_no_memory, 0, COUNT_OF(rows));
	tcase_add_loop_test(t, keeps_what_is_said_of_a_token, 0, COUNT_OF(refusals));
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	return check_main(suite());
}
