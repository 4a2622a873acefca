#include "relay/smtp/auth.h"

#include <string.h>

#include "spool-free/base/base64.h"
#include "tests/support/check_main.h"
#include "tests/support/oom.h"

#define NONCE "fyko+d2lbbFgONRv9qkxdawL"
#define BOUND                                                                                      \
	"AUTH SCRAM-SHA-256-PLUS "                                                                 \
	"cD10bHMtZXhwb3J0ZXIsLG49bWUscj1meWtvK2QybGJiRmdPTlJ2OXFreGRhd0w=\r\n"
#define COULD  "eSwsbj1tZSxyPWZ5a28rZDJsYmJGZ09OUnY5cWt4ZGF3TA==\r\n"
#define CANNOT "biwsbj1tZSxyPWZ5a28rZDJsYmJGZ09OUnY5cWt4ZGF3TA==\r\n"
#define ALL                                                                                        \
	"SCRAM-SHA-256-PLUS SCRAM-SHA-256 SCRAM-SHA-1-PLUS SCRAM-SHA-1 CRAM-MD5 PLAIN LOGIN "      \
	"OAUTHBEARER XOAUTH2"
#define UNPREPARED "u\xCC\x88" /* a letter and its mark apart */

struct exchange {
	struct smtp_login login;
	struct smtp_auth auth;
	struct secret *password, *token;
};

static unsigned bits(const char *names)
{
	unsigned all = 0;
	struct slice rest = slice_of_text(names);
	struct slice name;
	while (rest.len > 0) {
		if (!slice_cut_to(&rest, ' ', &name)) {
			name = rest;
			rest.len = 0;
		}
		all |= smtp_auth_bit(name);
	}
	return all;
}

static void set_up(struct exchange *x, const char *offered, bool binds, const char *username,
		   const char *password, const char *token)
{
	struct scram_binding binding = {.len = 0};
	unsigned char chance[SCRAM_CHANCE_LEN];
	size_t len;
	*x = (struct exchange){.login = {.username = slice_of_text(username),
					 .host = SLICE_LIT("mail.test"),
					 .port = 587}};
	if (binds) {
		binding = (struct scram_binding){
			.type = SLICE_LIT("tls-exporter"), .len = 8, .bytes = "exported"};
	}
	if (token != NULL) {
		ck_assert_int_eq(secret_new(slice_of_text(token), &x->token), FAULT_NONE);
	}
	ck_assert_int_eq(secret_new(slice_of_text(password), &x->password), FAULT_NONE);
	x->login.password = x->password;
	x->login.token = x->token;
	ck_assert_int_eq(base64_decode(SLICE_LIT(NONCE), (char *)chance, &len), FAULT_NONE);
	smtp_auth_init(&x->auth, &x->login, bits(offered), &binding, chance);
}

static void clear_up(struct exchange *x)
{
	smtp_auth_end(&x->auth);
	secret_free(&x->password);
	secret_free(&x->token);
}

/* What is said first, by what the server offers and the login holds. */
static const struct {
	const char *name, *offered;
	bool binds;
	const char *username, *password, *token;
	enum fault fault;
	const char *line;
} begins[] = {
	{"all, bound", ALL, true, "me", "secret", NULL, FAULT_NONE, BOUND},
	{"all, not bound", ALL, false, "me", "secret", NULL, FAULT_NONE,
	 "AUTH SCRAM-SHA-256 " CANNOT},
	{"bound, but it is not offered", "PLAIN SCRAM-SHA-256", true, "me", "secret", NULL,
	 FAULT_NONE, "AUTH SCRAM-SHA-256 " COULD},
	{"bound, with SHA-1", "SCRAM-SHA-1 SCRAM-SHA-1-PLUS LOGIN", true, "me", "secret", NULL,
	 FAULT_NONE,
	 "AUTH SCRAM-SHA-1-PLUS "
	 "cD10bHMtZXhwb3J0ZXIsLG49bWUscj1meWtvK2QybGJiRmdPTlJ2OXFreGRhd0w=\r\n"},
	{"bound by the weaker digest, before the stronger that is not bound",
	 "SCRAM-SHA-256 SCRAM-SHA-1-PLUS SCRAM-SHA-1", true, "me", "secret", NULL, FAULT_NONE,
	 "AUTH SCRAM-SHA-1-PLUS "
	 "cD10bHMtZXhwb3J0ZXIsLG49bWUscj1meWtvK2QybGJiRmdPTlJ2OXFreGRhd0w=\r\n"},
	{"PLUS is offered, and there is nothing to bind to", "SCRAM-SHA-1 SCRAM-SHA-256-PLUS",
	 false, "me", "secret", NULL, FAULT_NONE, "AUTH SCRAM-SHA-1 " CANNOT},
	{"SHA-1", "LOGIN CRAM-MD5 SCRAM-SHA-1", false, "me", "secret", NULL, FAULT_NONE,
	 "AUTH SCRAM-SHA-1 " CANNOT},
	{"CRAM-MD5 before PLAIN", "LOGIN PLAIN CRAM-MD5", true, "me", "secret", NULL, FAULT_NONE,
	 "AUTH CRAM-MD5\r\n"},
	{"PLAIN before LOGIN", "LOGIN PLAIN", true, "test", "1234", NULL, FAULT_NONE,
	 "AUTH PLAIN AHRlc3QAMTIzNA==\r\n"},
	{"PLAIN without password", "PLAIN", false, "me", "", NULL, FAULT_NONE,
	 "AUTH PLAIN AG1lAA==\r\n"},
	{"LOGIN", "LOGIN", false, "test", "1234", NULL, FAULT_NONE, "AUTH LOGIN\r\n"},
	{"UTF-8 that SASLprep keeps", "PLAIN SCRAM-SHA-256", false, "me", "p\xC3\xA4ss", NULL,
	 FAULT_NONE, "AUTH SCRAM-SHA-256 " CANNOT},
	{"UTF-8 that it does not keep", ALL, true, "me", UNPREPARED, NULL, FAULT_NONE,
	 "AUTH PLAIN AG1lAHXMiA==\r\n"},
	{"the same in the user name", "CRAM-MD5 LOGIN", true, UNPREPARED, "secret", NULL,
	 FAULT_NONE, "AUTH LOGIN\r\n"},
	{"a token", ALL, true, "me", "secret", "tok-1", FAULT_NONE,
	 "AUTH OAUTHBEARER "
	 "bixhPW1lLAFob3N0PW1haWwudGVzdAFwb3J0PTU4NwFhdXRoPUJlYXJlciB0b2stMQEB\r\n"},
	{"a token, XOAUTH2", "PLAIN XOAUTH2", false, "me", "", "tok-1", FAULT_NONE,
	 "AUTH XOAUTH2 dXNlcj1tZQFhdXRoPUJlYXJlciB0b2stMQEB\r\n"},
	{"a token without a user", "OAUTHBEARER", false, "", "", "t", FAULT_NONE,
	 "AUTH OAUTHBEARER biwsAWhvc3Q9bWFpbC50ZXN0AXBvcnQ9NTg3AWF1dGg9QmVhcmVyIHQBAQ==\r\n"},
	{"a token, separators in the name", "OAUTHBEARER", false, "a,b=c", "", "t", FAULT_NONE,
	 "AUTH OAUTHBEARER "
	 "bixhPWE9MkNiPTNEYywBaG9zdD1tYWlsLnRlc3QBcG9ydD01ODcBYXV0aD1CZWFyZXIgdAEB\r\n"},
	/* what is refused */
	{"nothing is offered", "", true, "me", "secret", NULL, FAULT_UPSTREAM_NO_AUTH, NULL},
	{"a password where tokens are asked for", "XOAUTH2 OAUTHBEARER", true, "me", "secret", NULL,
	 FAULT_UPSTREAM_NO_AUTH, NULL},
	{"a token where passwords are asked for",
	 "SCRAM-SHA-256-PLUS SCRAM-SHA-256 CRAM-MD5 PLAIN LOGIN", true, "me", "secret", "tok-1",
	 FAULT_UPSTREAM_NO_AUTH, NULL},
	{"PLUS alone, and no binding", "SCRAM-SHA-256-PLUS SCRAM-SHA-1-PLUS", false, "me", "secret",
	 NULL, FAULT_UPSTREAM_NO_AUTH, NULL},
	{"SCRAM alone, and a password it has no form of", "SCRAM-SHA-256", false, "me", UNPREPARED,
	 NULL, FAULT_UPSTREAM_NO_AUTH, NULL},
	{"a control byte in a token", "XOAUTH2", false, "me", "", "a\1b", FAULT_BAD_FIELD, NULL},
	{"a blank in a token", "OAUTHBEARER", false, "me", "", "a b", FAULT_BAD_FIELD, NULL},
	{"a control byte in a token's user", "XOAUTH2", false, "me\1auth=x", "", "t",
	 FAULT_BAD_FIELD, NULL},
};

START_TEST(begins_with)
{
	struct exchange x;
	CLEANUP(secret_free) struct secret *line = NULL;
	set_up(&x, begins[_i].offered, begins[_i].binds, begins[_i].username, begins[_i].password,
	       begins[_i].token);
	ck_assert_msg(smtp_auth_begin(&x.auth, &x.login, &line) == begins[_i].fault, "%s",
		      begins[_i].name);
	struct slice said = secret_view(line);
	ck_assert_msg(slice_eq(said, slice_of_text(begins[_i].line)), "%s: %.*s", begins[_i].name,
		      (int)said.len, said.ptr);
	clear_up(&x);
}
END_TEST

/* Each 334 and its answer, in turn; "!" is UPSTREAM_PROTOCOL, and the end. `sure`: what a 235 then gives. */
static const struct {
	const char *name, *offered, *password, *token;
	const char *steps[7]; /* NULL behind the last */
	enum fault sure;
} answers[] = {
	{"PLAIN", "PLAIN", "1234", NULL, {NULL}, FAULT_NONE},
	{"PLAIN, asked for again", "PLAIN", "1234", NULL, {"", "AG1lADEyMzQ="}, FAULT_NONE},
	{"PLAIN, asked for something", "PLAIN", "1234", NULL, {"bW9yZQ==", "!"}, FAULT_NONE},
	{"PLAIN, asked twice", "PLAIN", "1234", NULL, {"", "AG1lADEyMzQ=", "", "!"}, FAULT_NONE},
	{"LOGIN",
	 "LOGIN",
	 "1234",
	 NULL,
	 {"VXNlcm5hbWU6", "bWU=", "UGFzc3dvcmQ6", "MTIzNA=="},
	 FAULT_NONE},
	{"LOGIN, in other words",
	 "LOGIN",
	 "a\r\nQUIT",
	 NULL,
	 {"what?", "bWU=", "", "YQ0KUVVJVA=="},
	 FAULT_NONE},
	{"LOGIN, a third time",
	 "LOGIN",
	 "1234",
	 NULL,
	 {"", "bWU=", "", "MTIzNA==", "", "!"},
	 FAULT_NONE},
	{"CRAM-MD5",
	 "CRAM-MD5",
	 "secret",
	 NULL,
	 {"PDFAc3J2Pg==", "bWUgN2U0ZGFhOTQ0YmQ2ZDQ5OWI4M2ZhNjVkZjMzOWZkMmE="},
	 FAULT_NONE},
	{"CRAM-MD5, no base64", "CRAM-MD5", "secret", NULL, {"<1@srv>", "!"}, FAULT_NONE},
	{"CRAM-MD5, asked twice",
	 "CRAM-MD5",
	 "secret",
	 NULL,
	 {"PDFAc3J2Pg==", "bWUgN2U0ZGFhOTQ0YmQ2ZDQ5OWI4M2ZhNjVkZjMzOWZkMmE=", "PDFAc3J2Pg==", "!"},
	 FAULT_NONE},
	{"SCRAM",
	 "SCRAM-SHA-256",
	 "secret",
	 NULL,
	 {"cj1meWtvK2QybGJiRmdPTlJ2OXFreGRhd0xTRVJWRVIscz1jMkZzZEhrZ2MyRnNkQT09LGk9NDA5Ng==",
	  "Yz1iaXdzLHI9ZnlrbytkMmxiYkZnT05Sdjlxa3hkYXdMU0VSVkVSLHA9WlcyR2tNQlc4L0kyNTZudnA0b2VvRWZQ"
	  "VXBFVTNuK05oa0NUbHlmNjJZUT0=",
	  "dj1YOFQ5RWlvVWJpUGNoN0QrODhMVWhLUXdjbFB6RG04REd1bXdra2RqZGI4PQ==", ""},
	 FAULT_NONE},
	{"SCRAM, three turns",
	 "SCRAM-SHA-256",
	 "secret",
	 NULL,
	 {"cj1meWtvK2QybGJiRmdPTlJ2OXFreGRhd0xTRVJWRVIscz1jMkZzZEhrZ2MyRnNkQT09LGk9MTAwMDAw",
	  "Yz1iaXdzLHI9ZnlrbytkMmxiYkZnT05Sdjlxa3hkYXdMU0VSVkVSLHA9MkxUSnBkeWR6ZEswV09yV1RDUTZibnpI"
	  "SEYwcDhxdUJBdy84TFpKWXdKTT0="},
	 FAULT_UPSTREAM_PROTOCOL},
	{"SCRAM, believed too early",
	 "SCRAM-SHA-1",
	 "secret",
	 NULL,
	 {NULL},
	 FAULT_UPSTREAM_PROTOCOL},
	{"SCRAM, believed without the proof",
	 "SCRAM-SHA-1",
	 "secret",
	 NULL,
	 {"cj1meWtvK2QybGJiRmdPTlJ2OXFreGRhd0xTRVJWRVIscz1jMkZzZEhrZ2MyRnNkQT09LGk9NDA5Ng==",
	  "Yz1iaXdzLHI9ZnlrbytkMmxiYkZnT05Sdjlxa3hkYXdMU0VSVkVSLHA9YUIwMUhXcUpWbm1sNHpEaHp3RmZ6SG5s"
	  "L3RrPQ=="},
	 FAULT_UPSTREAM_PROTOCOL},
	{"SCRAM, believed after e=",
	 "SCRAM-SHA-1",
	 "secret",
	 NULL,
	 {"cj1meWtvK2QybGJiRmdPTlJ2OXFreGRhd0xTRVJWRVIscz1jMkZzZEhrZ2MyRnNkQT09LGk9NDA5Ng==",
	  "Yz1iaXdzLHI9ZnlrbytkMmxiYkZnT05Sdjlxa3hkYXdMU0VSVkVSLHA9YUIwMUhXcUpWbm1sNHpEaHp3RmZ6SG5s"
	  "L3RrPQ==",
	  "ZT1pbnZhbGlkLXByb29m", ""},
	 FAULT_UPSTREAM_PROTOCOL},
	{"SCRAM, another server's proof",
	 "SCRAM-SHA-1",
	 "secret",
	 NULL,
	 {"cj1meWtvK2QybGJiRmdPTlJ2OXFreGRhd0xTRVJWRVIscz1jMkZzZEhrZ2MyRnNkQT09LGk9NDA5Ng==",
	  "Yz1iaXdzLHI9ZnlrbytkMmxiYkZnT05Sdjlxa3hkYXdMU0VSVkVSLHA9YUIwMUhXcUpWbm1sNHpEaHp3RmZ6SG5s"
	  "L3RrPQ==",
	  "dj1ybUY5cHFWOFM3c3VBb1pXamE0ZEpSa0ZzS1E9", "!"},
	 FAULT_NONE},
	{"SCRAM, no base64", "SCRAM-SHA-1", "secret", NULL, {"what?", "!"}, FAULT_NONE},
	{"SCRAM, asked for again",
	 "SCRAM-SHA-1",
	 "secret",
	 NULL,
	 {"", "biwsbj1tZSxyPWZ5a28rZDJsYmJGZ09OUnY5cWt4ZGF3TA==", "", "!"},
	 FAULT_NONE},
	{"a token, asked for again",
	 "XOAUTH2",
	 "",
	 "tok-1",
	 {"", "dXNlcj1tZQFhdXRoPUJlYXJlciB0b2stMQEB"},
	 FAULT_NONE},
	{"a token refused",
	 "XOAUTH2",
	 "",
	 "tok-1",
	 {"eyJzdGF0dXMiOiI0MDEifQ==", ""},
	 FAULT_UPSTREAM_PROTOCOL},
	{"a token refused, OAUTHBEARER",
	 "OAUTHBEARER",
	 "",
	 "tok-1",
	 {"eyJzdGF0dXMiOiI0MDEifQ==", "AQ=="},
	 FAULT_UPSTREAM_PROTOCOL},
	{"a token refused in other words",
	 "OAUTHBEARER",
	 "",
	 "tok-1",
	 {"no!", "AQ=="},
	 FAULT_UPSTREAM_PROTOCOL},
	{"a token refused twice", "XOAUTH2", "", "tok-1", {"e30=", "", "e30=", "!"}, FAULT_NONE},
};

static enum fault step(struct exchange *x, const char *challenge, struct secret **out_line)
{
	enum fault f = smtp_auth_answer(&x->auth, &x->login, slice_of_text(challenge), out_line);
	while (f == FAULT_NONE && x->auth.works) {
		f = smtp_auth_turn(&x->auth, &x->login, out_line);
	}
	return f;
}

START_TEST(answers_with)
{
	struct exchange x;
	CLEANUP(secret_free) struct secret *command = NULL;
	set_up(&x, answers[_i].offered, false, "me", answers[_i].password, answers[_i].token);
	ck_assert_int_eq(smtp_auth_begin(&x.auth, &x.login, &command), FAULT_NONE);
	bool refused = false;
	for (size_t i = 0; answers[_i].steps[i] != NULL && !refused; i += 2) {
		CLEANUP(secret_free) struct secret *line = NULL;
		struct slice expected = slice_of_text(answers[_i].steps[i + 1]);
		enum fault f = step(&x, answers[_i].steps[i], &line);
		refused = slice_eq(expected, SLICE_LIT("!"));
		ck_assert_msg(f == (refused ? FAULT_UPSTREAM_PROTOCOL : FAULT_NONE), "%s, step %zu",
			      answers[_i].name, i);
		struct slice said = slice_trim(secret_view(line));
		ck_assert_msg(refused || slice_eq(said, expected), "%s: %.*s", answers[_i].name,
			      (int)said.len, said.ptr);
		ck_assert(refused || slice_ends(secret_view(line), SLICE_LIT("\r\n")));
	}
	ck_assert_msg(refused || smtp_auth_confirm(&x.auth) == answers[_i].sure, "%s",
		      answers[_i].name);
	clear_up(&x);
}
END_TEST

/* RFC 4954 4: what is too long for the command waits to be asked for, by whichever mechanism. */
static const struct {
	const char *offered;
	size_t password, token;
	const char *command;
	enum fault fault; /* of the answer */
} long_ones[] = {
	{"PLAIN", 600, 0, "AUTH PLAIN\r\n", FAULT_NONE},
	{"XOAUTH2", 0, 2500, "AUTH XOAUTH2\r\n", FAULT_NONE},
	{"OAUTHBEARER", 0, 9000, "AUTH OAUTHBEARER\r\n", FAULT_NONE},
	{"OAUTHBEARER", 0, 12000, "AUTH OAUTHBEARER\r\n", FAULT_BAD_FIELD},
	{"PLAIN", 20000, 0, "AUTH PLAIN\r\n", FAULT_BAD_FIELD},
};

START_TEST(long_ones_wait_for_the_challenge)
{
	static char letters[32 * 1024];
	struct exchange x;
	CLEANUP(secret_free) struct secret *command = NULL;
	CLEANUP(secret_free) struct secret *line = NULL;
	memset(letters, 'x', sizeof(letters) - 1);
	size_t cut = sizeof(letters) - 1 - long_ones[_i].password;
	const char *token = letters + sizeof(letters) - 1 - long_ones[_i].token;
	set_up(&x, long_ones[_i].offered, false, "u", letters + cut,
	       long_ones[_i].token > 0 ? token : NULL);
	ck_assert_int_eq(smtp_auth_begin(&x.auth, &x.login, &command), FAULT_NONE);
	ck_assert(slice_eq(secret_view(command), slice_of_text(long_ones[_i].command)));
	ck_assert_int_eq(smtp_auth_answer(&x.auth, &x.login, SLICE_LIT(""), &line),
			 long_ones[_i].fault);
	ck_assert((line != NULL) == (long_ones[_i].fault == FAULT_NONE));
	ck_assert_uint_le(secret_view(line).len, 12288);
	if (line != NULL) {
		ck_assert_uint_gt(secret_view(line).len,
				  (long_ones[_i].password + long_ones[_i].token) * 4 / 3);
	}
	clear_up(&x);
}
END_TEST

START_TEST(what_fits_into_512_bytes_goes_at_once)
{
	static const size_t lengths[] = {369, 370}; /* 509 and 513 bytes of command */
	for (size_t i = 0; i < COUNT_OF(lengths); i++) {
		char password[400] = "";
		struct exchange x;
		CLEANUP(secret_free) struct secret *command = NULL;
		memset(password, 'x', lengths[i]);
		set_up(&x, "PLAIN", false, "u", password, NULL);
		ck_assert_int_eq(smtp_auth_begin(&x.auth, &x.login, &command), FAULT_NONE);
		ck_assert_uint_eq(secret_view(command).len, i == 0 ? 509 : 12);
		clear_up(&x);
	}
}
END_TEST

START_TEST(goes_on_only_where_the_name_is_unknown)
{
	struct exchange x;
	CLEANUP(secret_free) struct secret *first = NULL;
	CLEANUP(secret_free) struct secret *second = NULL;
	CLEANUP(secret_free) struct secret *answer = NULL;
	set_up(&x, "LOGIN PLAIN", false, "me", "secret", NULL);
	ck_assert_int_eq(smtp_auth_begin(&x.auth, &x.login, &first), FAULT_NONE);
	ck_assert(smtp_auth_can_go_on(&x.auth));
	ck_assert_int_eq(smtp_auth_begin(&x.auth, &x.login, &second), FAULT_NONE);
	ck_assert(slice_eq(secret_view(second), SLICE_LIT("AUTH LOGIN\r\n")));
	ck_assert(!smtp_auth_can_go_on(&x.auth)); /* none is left */
	clear_up(&x);
	secret_free(&first);
	set_up(&x, "CRAM-MD5 PLAIN", false, "me", "secret", NULL);
	ck_assert_int_eq(smtp_auth_begin(&x.auth, &x.login, &first), FAULT_NONE);
	ck_assert_int_eq(smtp_auth_answer(&x.auth, &x.login, SLICE_LIT("PDFAc3J2Pg=="), &answer),
			 FAULT_NONE);
	ck_assert(!smtp_auth_can_go_on(&x.auth)); /* it knows the name: it has asked */
	clear_up(&x);
}
END_TEST

/* A PLUS that the server does not know after all: the next one tells it what we thought. */
START_TEST(says_what_it_thought_of_binding)
{
	struct exchange x;
	CLEANUP(secret_free) struct secret *first = NULL;
	CLEANUP(secret_free) struct secret *second = NULL;
	set_up(&x, "SCRAM-SHA-256-PLUS SCRAM-SHA-256", true, "me", "secret", NULL);
	ck_assert_int_eq(smtp_auth_begin(&x.auth, &x.login, &first), FAULT_NONE);
	ck_assert_int_eq(smtp_auth_begin(&x.auth, &x.login, &second), FAULT_NONE);
	ck_assert(slice_eq(secret_view(second), SLICE_LIT("AUTH SCRAM-SHA-256 " COULD)));
	clear_up(&x);
}
END_TEST

START_TEST(nul_is_refused)
{
	static const struct slice nul = SLICE_INIT("a\0b");
	static const char *const offered[] = {"PLAIN", "LOGIN"};
	for (size_t i = 0; i < 2 * COUNT_OF(offered); i++) {
		struct exchange x;
		CLEANUP(secret_free) struct secret *line = NULL;
		set_up(&x, offered[i / 2], false, "a", "b", NULL);
		if (i % 2 == 0) {
			x.login.username = nul;
		} else {
			secret_free(&x.password);
			ck_assert_int_eq(secret_new(nul, &x.password), FAULT_NONE);
			x.login.password = x.password;
		}
		ck_assert_int_eq(smtp_auth_begin(&x.auth, &x.login, &line), FAULT_BAD_FIELD);
		ck_assert_ptr_null(line);
		clear_up(&x);
	}
}
END_TEST

static const struct {
	const char *name;
	unsigned place;
} names[] = {
	{"SCRAM-SHA-256-PLUS", 0},
	{"SCRAM-SHA-1-PLUS", 1},
	{"scram-sha-256", 2},
	{"Scram-Sha-1", 3},
	{"CRAM-MD5", 4},
	{"PLAIN", 5},
	{"login", 6},
	{"OAUTHBEARER", 7},
	{"XOAUTH2", 8},
};

START_TEST(knows_names)
{
	static const char *const unknown[] = {
		"",	  "PLAIN-CLIENTTOKEN", "XOAUTH",   "SCRAM-SHA-512", "DIGEST-MD5", "NTLM",
		"GSSAPI", "ANONYMOUS",	       "EXTERNAL", "PLAI",	    "PLAINX"};
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		ck_assert_uint_eq(smtp_auth_bit(slice_of_text(names[i].name)),
				  1U << names[i].place);
	}
	for (size_t i = 0; i < COUNT_OF(unknown); i++) {
		ck_assert_uint_eq(smtp_auth_bit(slice_of_text(unknown[i])), 0);
	}
}
END_TEST

static const struct {
	const char *offered, *password, *token, *challenge, *sentence;
} sentences[] = {
	{"SCRAM-SHA-256", UNPREPARED, NULL, NULL, "with such characters."},
	{"LOGIN", "x", NULL, "", "no way in."},
	{"XOAUTH2", "", "tok-1",
	 "eyJzdGF0dXMiOiJpbnZhbGlkX3Rva2VuIiwic2NoZW1lcyI6ImJlYXJlciIsInNjb3BlIjoiaHR0cHM6Ly9tYWlsL"
	 "nRlc3QvIn0=",
	 "no way in. It does not take the token: status 'invalid_token', it wants the scope "
	 "'https???mail.test?'."},
	{"OAUTHBEARER", "", "tok-1", "no!", "no way in. It does not take the token."},
	{"SCRAM-SHA-1", "x", NULL, "ZT1pbnZhbGlkLXByb29m", "do not follow SCRAM."},
};

START_TEST(explains)
{
	struct exchange x;
	struct problem p;
	CLEANUP(secret_free) struct secret *command = NULL;
	CLEANUP(secret_free) struct secret *line = NULL;
	set_up(&x, sentences[_i].offered, false, "me", sentences[_i].password, sentences[_i].token);
	enum fault f = smtp_auth_begin(&x.auth, &x.login, &command);
	if (f == FAULT_NONE) {
		f = smtp_auth_answer(&x.auth, &x.login, slice_of_text(sentences[_i].challenge),
				     &line);
	}
	problem_set(&p, f, "no way in.");
	smtp_auth_explain(&x.auth, &p);
	struct slice said = problem_text(&p);
	ck_assert_msg(slice_ends(said, slice_of_text(sentences[_i].sentence)), "%.*s",
		      (int)said.len, said.ptr);
	clear_up(&x);
}
END_TEST

static const struct {
	const char *offered, *token, *challenge;
} hungry[] = {
	{"PLAIN", NULL, NULL},
	{"LOGIN", NULL, ""},
	{"CRAM-MD5", NULL, "PDFAc3J2Pg=="},
	{"SCRAM-SHA-256", NULL,
	 "cj1meWtvK2QybGJiRmdPTlJ2OXFreGRhd0xTRVJWRVIscz1jMkZzZEhrZ2MyRnNkQT09LGk9NDA5Ng=="},
	{"OAUTHBEARER", "tok-1", "e30="},
	{"XOAUTH2", "tok-1", "e30="},
};

static enum fault eat(struct exchange *x, const char *challenge)
{
	CLEANUP(secret_free) struct secret *command = NULL;
	CLEANUP(secret_free) struct secret *line = NULL;
	enum fault f = smtp_auth_begin(&x->auth, &x->login, &command);
	return f == FAULT_NONE && challenge != NULL ? step(x, challenge, &line) : f;
}

START_TEST(survives_no_memory)
{
	for (unsigned n = 0;; n++) { /* the first time OpenSSL sets itself up */
		struct exchange x;
		set_up(&x, hungry[_i].offered, false, "me", "secret", hungry[_i].token);
		if (n > 0) {
			oom_arm(n);
		}
		enum fault f = eat(&x, hungry[_i].challenge);
		bool failed = n > 0 && oom_disarm();
		ck_assert(f == FAULT_NONE || (failed && f == FAULT_NO_MEMORY));
		clear_up(&x);
		if (n > 0 && !failed) {
			break;
		}
	}
}
END_TEST

START_TEST(keeps_nothing)
{
	static const struct smtp_auth empty;
	struct exchange x;
	set_up(&x, hungry[3].offered, true, "me", "secret", NULL);
	ck_assert_int_eq(eat(&x, hungry[3].challenge), FAULT_NONE);
	smtp_auth_end(&x.auth);
	ck_assert_mem_eq(&x.auth, &empty, sizeof(empty));
	clear_up(&x);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("smtp auth");
	TCase *t = tcase_create("auth");
	tcase_set_timeout(t, 60); /* the machine may be busy; nothing is judged by time */
	tcase_add_loop_test(t, begins_with, 0, COUNT_OF(begins));
	tcase_add_loop_test(t, answers_with, 0, COUNT_OF(answers));
	tcase_add_loop_test(t, long_ones_wait_for_the_challenge, 0, COUNT_OF(long_ones));
	tcase_add_test(t, what_fits_into_512_bytes_goes_at_once);
	tcase_add_test(t, goes_on_only_where_the_name_is_unknown);
	tcase_add_test(t, says_what_it_thought_of_binding);
	tcase_add_test(t, nul_is_refused);
	tcase_add_test(t, knows_names);
	tcase_add_loop_test(t, explains, 0, COUNT_OF(sentences));
	tcase_add_loop_test(t, survives_no_memory, 0, COUNT_OF(hungry));
	tcase_add_test(t, keeps_nothing);
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	return check_main(suite());
}
