#include "relay/smtp/redact.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "spool-free/base/base64.h"
#include "spool-free/base/hex.h"
#include "tests/support/check_main.h"

enum {
	LINE = 4096,
	ROUNDS = 3000,
	SECRET_LEN = 24,
	TELLING = 5,
	TELLING_NUMBERS = 9
}; /* one number may be a time; two in a row are not */

static const struct slice ours = SLICE_INIT("erika@example.org");

static struct slice tag(void *owner UNUSED, struct slice address, char room[REDACT_TAG_MAX])
{
	return address.len > 0 ? slice_of(memcpy(room, "tag7xyz", 7), 7) : address;
}

static bool is_ours(void *owner UNUSED, struct slice address)
{
	return slice_eq_nocase(address, ours);
}

/* The user's name is "server", the password "no-mailbox-ok". */
static bool hides(void *owner UNUSED, struct slice word)
{
	return redact_is_part(SLICE_LIT("server"), word) ||
	       redact_is_part(SLICE_LIT("no-mailbox-ok"), word);
}

static const struct redact_rules rules = {.tag = tag, .is_ours = is_ours, .hides = hides};

static const char *const commands[][2] = {
	{"EHLO gateway.example.com", "EHLO *"},
	{"EHLO mail", "EHLO *"},
	{"STARTTLS", "STARTTLS"},
	{"MAIL FROM:<jo.writer@example.com> SIZE=35882577 BODY=8BITMIME SMTPUTF8",
	 "MAIL FROM:<tag7xyz> SIZE=35882577 BODY=8BITMIME SMTPUTF8"},
	{"MAIL FROM:<> RET=HDRS ENVID=01a22ab873dd", "MAIL FROM:<> RET=HDRS ENVID=*"},
	{"MAIL FROM:<a@b> REQUIRETLS AUTH=<>", "MAIL FROM:<tag7xyz> REQUIRETLS AUTH=*"},
	{"RCPT TO:<erika@example.org> NOTIFY=FAILURE,DELAY ORCPT=rfc822;erika@example.org",
	 "RCPT TO:<tag7xyz> NOTIFY=FAILURE,DELAY ORCPT=*"},
	{"RCPT TO:<mail@example.org> ORCPT=rfc822;a,mail,b@example.org",
	 "RCPT TO:<tag7xyz> ORCPT=*"},
	{"DATA", "DATA"},
	{"BDAT 65536", "BDAT 65536"},
	{"BDAT 12 LAST", "BDAT 12 LAST"},
	{".", "."},
	{"RSET", "RSET"},
	{"QUIT", "QUIT"},
	/* Nothing of these is said, but if it were: */
	{"AUTH PLAIN AG1lAHNlY3JldA==", "AUTH PLAIN *"},
	{"AG1lAHNlY3JldA==", "*"},
	{"Subject: my secret", "*"},
	{"MAIL FROM:<jo.writer@example.com", "MAIL *"},
	{"XSECRET=12345 67", "*"},
	{"NOOP 1234", "NOOP *"},
	{"", "*"},
};

START_TEST(of_commands)
{
	struct redacted out;
	redact_command(&rules, slice_of_text(commands[_i][0]), &out);
	ck_assert_msg(slice_eq(slice_of(out.text, out.len), slice_of_text(commands[_i][1])),
		      "%s: %.*s", commands[_i][0], (int)out.len, out.text);
}
END_TEST

static const struct {
	enum redact_reply kind;
	int code;
	bool more;
	const char *text, *told;
} replies[] = {
	{REDACT_GREETING, 220, false, "mx7.example.com ESMTP Postfix (Debian/GNU)",
	 "220 * esmtp postfix *"},
	{REDACT_GREETING, 250, true,
	 "mx7.example.com Hello gateway [192.0.2.1], pleased to meet you",
	 "250-* hello * to meet you"},
	{REDACT_CAPABILITY, 250, true, "PIPELINING", "250-pipelining"},
	{REDACT_CAPABILITY, 250, true, "SIZE 35882577", "250-size 20000000+"},
	{REDACT_CAPABILITY, 250, true, "SIZE", "250-size"},
	{REDACT_CAPABILITY, 250, true, "SIZE 0", "250-size 0+"},
	{REDACT_CAPABILITY, 250, true, "SIZE 18446744073709551615",
	 "250-size 10000000000000000000+"},
	{REDACT_CAPABILITY, 250, true, "LIMITS RCPTMAX=100 MAILMAX=7 X=9 RCPTMAX=99x",
	 "250-limits rcptmax=100+ mailmax=5+ *"},
	{REDACT_CAPABILITY, 250, true, "AUTH PLAIN LOGIN SCRAM-SHA-256-PLUS XOAUTH2 FOO",
	 "250-auth plain login scram-sha-256-plus xoauth2 *"},
	{REDACT_CAPABILITY, 250, true, "AUTH=PLAIN", "250-auth=plain"},
	{REDACT_CAPABILITY, 250, false, "X-SECRET 12345678", "250 *"},
	{REDACT_CAPABILITY, 250, false, "AUTH 12345678", "250 auth *"},
	{REDACT_CHALLENGE, 334, false, "VXNlcm5hbWU6", "334 (12 bytes)"},
	{REDACT_CHALLENGE, 334, false, "", "334 (0 bytes)"},
	{REDACT_REPLY, 250, false, "2.1.0 Ok", "250 2.1.0 *"}, /* ok: a part of the password */
	{REDACT_REPLY, 250, false, "2.0.0 queued as 4F3K2J1H", "250 2.0.0 queued as *"},
	{REDACT_REPLY, 550, false,
	 "5.1.1 <Erika@example.org>: Recipient address rejected: User unknown",
	 "550 5.1.1 <tag7xyz> recipient address rejected user unknown"},
	{REDACT_REPLY, 550, true, "5.1.1 <other@example.org>: Recipient address rejected",
	 "550-5.1.1 * recipient address rejected"},
	{REDACT_REPLY, 550, false, "<erika@example.org>erika@example.org", "550 *"},
	{REDACT_REPLY, 450, false, "4.7.1 try again in 300 seconds, or 17 minutes, or 300 thanks",
	 "450 4.7.1 try again in 300 seconds or * minutes or * thanks"},
	{REDACT_REPLY, 535, false, "5.7.8 Error: authentication failed: 12345678",
	 "535 5.7.8 error authentication failed *"},
	{REDACT_REPLY, 550, false, "5.9.1 5.1.1", "550 *"},
	{REDACT_REPLY, 550, false, "7.1.1 a 5.1 5.1.1.1 5.1.", "550 * a *"},
	{REDACT_REPLY, 550, false, "no such mailbox on this server", "550 * such * on this *"},
	{REDACT_REPLY, 421, false, "too-many/concurrent=connections,now -x- - a-",
	 "421 "
	 "too-many/concurrent=connections,now *"},
	{REDACT_REPLY, 250, false, "", "250 "},
	{REDACT_REPLY, 250, false, " \t ... !! ", "250 "},
	{REDACT_REPLY, -5, false, "x", "0 *"},
	{REDACT_REPLY, 12345, false, "x", "345 *"},
	{REDACT_REPLY, 250, false, "\xc3\xa9t\xc3\xa9 \x01 queued\x7f", "250 *"},
};

START_TEST(of_replies)
{
	struct redacted out;
	redact_reply(&rules, replies[_i].kind, replies[_i].code, !replies[_i].more,
		     slice_of_text(replies[_i].text), &out);
	ck_assert_msg(slice_eq(slice_of(out.text, out.len), slice_of_text(replies[_i].told)),
		      "%s: '%.*s'", replies[_i].text, (int)out.len, out.text);
}
END_TEST

START_TEST(of_logins_and_content)
{
	struct redacted out;
	redact_login(SLICE_LIT("SCRAM-SHA-256-PLUS"), 42, &out);
	ck_assert(slice_eq(slice_of(out.text, out.len),
			   SLICE_LIT("AUTH SCRAM-SHA-256-PLUS (42 bytes)")));
	redact_login((struct slice){0}, 1, &out);
	ck_assert(slice_eq(slice_of(out.text, out.len), SLICE_LIT("(1 byte)")));
	redact_content(UINT64_MAX, &out);
	ck_assert(slice_eq(slice_of(out.text, out.len),
			   SLICE_LIT("(18446744073709551615 bytes of content)")));
}
END_TEST

START_TEST(a_long_line_is_cut)
{
	char text[LINE];
	struct redacted out;
	for (size_t i = 0; i + 8 <= sizeof(text); i += 8) {
		memcpy(text + i, "message ", 8);
	}
	redact_reply(&rules, REDACT_REPLY, 250, true, slice_of(text, sizeof(text)), &out);
	ck_assert_uint_le(out.len, REDACT_MAX);
	ck_assert(slice_ends(slice_of(out.text, out.len), SLICE_LIT("message ...")));
	memcpy(text, "message authentication authentication a ", 40);
	for (size_t n = 0; n < sizeof(text); n += 7) { /* wherever the end falls */
		redact_reply(&rules, REDACT_REPLY, 250, true, slice_of(text, n), &out);
		ck_assert_uint_le(out.len, REDACT_MAX);
	}
}
END_TEST

static const struct {
	const char *text, *word;
	bool is;
} parts[] = {
	{"secret", "secret", true}, {"SeCret", "secret", true}, {"mysecrets", "secret", true},
	{"secre", "secret", false}, {"", "secret", false},	{"no-one", "no", true},
	{"nothing", "no", false},   {"one.no", "no", true},	{"none no2", "no", false},
	{"a", "a", true},	    {"ab", "a", false},		{"x1000y", "1000", true},
};

START_TEST(what_is_a_part)
{
	ck_assert(redact_is_part(slice_of_text(parts[_i].text), slice_of_text(parts[_i].word)) ==
		  parts[_i].is);
}
END_TEST

static const char *const table[] = {
#define WORD(w) w,
#include "relay/smtp/redact.def"
#undef WORD
};

/* The search needs the order; and a name would be told wherever a server says it. */
START_TEST(the_table_is_in_order_and_has_no_names)
{
	static const char *const names[] = {"will",  "may",    "mark", "bill", "grant", "rich",
					    "frank", "pat",    "art",  "hope", "john",	"dale",
					    "rob",   "sue",    "jack", "anna", "peter", "maria",
					    "erika", "jo",     "max",  "page", "june",	"rose",
					    "dean",  "victor", "earl", "duke", "king",	"harry"};
	for (size_t i = 0; i < COUNT_OF(table); i++) {
		ck_assert_msg(i == 0 || strcmp(table[i - 1], table[i]) < 0, "%s", table[i]);
		ck_assert_uint_eq(strspn(table[i], "abcdefghijklmnopqrstuvwxyz0123456789"),
				  strlen(table[i]));
		for (size_t n = 0; n < COUNT_OF(names); n++) {
			ck_assert_msg(strcmp(table[i], names[n]) != 0, "%s", names[n]);
		}
	}
}
END_TEST

/* --- whatever a server makes of a secret --- */

static uint64_t state;

static uint32_t chance(void)
{
	state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (uint32_t)(state >> 33);
}

static size_t as_base64(const char *secret, char *out)
{
	base64_encode(slice_of(secret, SECRET_LEN), out);
	return SECRET_LEN / 3 * 4;
}

static size_t as_hex(const char *secret, char *out)
{
	hex_encode(slice_of(secret, SECRET_LEN), out);
	return 2 * SECRET_LEN;
}

static size_t reversed(const char *secret, char *out)
{
	for (size_t i = 0; i < SECRET_LEN; i++) {
		char c = secret[SECRET_LEN - 1 - i];
		out[i] = c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
	}
	return SECRET_LEN;
}

static size_t as_is(const char *secret, char *out)
{
	memcpy(out, secret, SECRET_LEN);
	return SECRET_LEN;
}

static size_t as_decimals(const char *secret, char *out)
{
	size_t n = 0;
	for (size_t i = 0; i < SECRET_LEN; i++) {
		n += (size_t)snprintf(out + n, LINE - n, "%u ", (unsigned char)secret[i]);
	}
	return n;
}

static size_t letter_by_letter(const char *secret, char *out)
{
	for (size_t i = 0; i < SECRET_LEN; i++) {
		out[2 * i] = secret[i];
		out[2 * i + 1] = chance() % 2 == 0 ? ' ' : '-';
	}
	return SECRET_LEN * 2;
}

/* Not so many bytes in a row of the secret, as it was said. */
static void check_untold(struct slice told, struct slice said, size_t most, const char *how)
{
	char small[LINE];
	for (size_t i = 0; i < said.len; i++) {
		char c = said.ptr[i];
		small[i] = c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
	}
	for (size_t i = 0; i + most <= said.len; i++) {
		struct slice part = slice_of(small + i, most);
		ck_assert_msg(slice_find(told, part) == told.len, "%s: '%.*s' tells of '%.*s'", how,
			      (int)told.len, told.ptr, (int)said.len, said.ptr);
	}
}

START_TEST(a_secret_said_back_is_not_told)
{
	static const struct {
		const char *name;
		size_t (*make)(const char *secret, char *out);
	} ways[] = {{"as it is", as_is},       {"base64", as_base64},
		    {"hex", as_hex},	       {"reversed", reversed},
		    {"decimals", as_decimals}, {"letter by letter", letter_by_letter}};
	static const char alphabet[] = "bcdfghjklmnpqrstvwxzBCDFGHJKLMNPQRSTVWXZ0123456789._+-@=/ ";
	static const char *const before[] = {
		"",  "5.7.8 ",	   "Error: ", "size ", "LIMITS RCPTMAX=", "AUTH PLAIN ",
		"<", "queued as ", "5.7."};
	static const char *const behind[] = {"", ">", " seconds", " 300 seconds", "@example.org",
					     "="};
	char secret[SECRET_LEN], said[LINE], line[LINE];
	state = 7 + (uint64_t)_i;
	for (unsigned round = 0; round < ROUNDS / COUNT_OF(ways); round++) {
		for (size_t i = 0; i < sizeof(secret); i++) {
			secret[i] = alphabet[chance() % (sizeof(alphabet) - 1)];
		}
		size_t len = ways[_i].make(secret, said);
		size_t most = ways[_i].make == as_decimals ? TELLING_NUMBERS : TELLING;
		/* Whole, or what a line has of it. */
		size_t from = chance() % len;
		size_t n = round % 2 == 0 ? len : 1 + chance() % (len - from);
		from = round % 2 == 0 ? 0 : from;
		int made = snprintf(line, sizeof(line), "%s%.*s%s",
				    before[chance() % COUNT_OF(before)], (int)n, said + from,
				    behind[chance() % COUNT_OF(behind)]);
		enum redact_reply kind = (enum redact_reply)(chance() % (REDACT_CHALLENGE + 1));
		struct redacted out;
		redact_reply(&rules, kind, 550, chance() % 2 == 0, slice_of(line, (size_t)made),
			     &out);
		check_untold(slice_of(out.text, out.len), slice_of(said, len), most, ways[_i].name);
		redact_command(&rules, slice_of(line, (size_t)made), &out);
		check_untold(slice_of(out.text, out.len), slice_of(said, len), most, ways[_i].name);
	}
}
END_TEST

/* Each byte of a result is of the tables, a tag or a count, whatever bytes came. */
START_TEST(nothing_but_small_letters_digits_and_marks)
{
	char line[256];
	state = 99;
	for (unsigned round = 0; round < ROUNDS; round++) {
		size_t n = chance() % sizeof(line);
		for (size_t i = 0; i < n; i++) {
			line[i] = (char)(chance() % 4 == 0 ? ' ' : chance());
		}
		struct redacted out;
		redact_reply(&rules, (enum redact_reply)(round % 4), 250, true, slice_of(line, n),
			     &out);
		for (size_t i = 0; i < out.len; i++) {
			ck_assert_ptr_nonnull(
				memchr("abcdefghijklmnopqrstuvwxyz0123456789 -*./=,<>()+",
				       out.text[i], 48));
		}
	}
}
END_TEST

START_TEST(each_word_has_a_place_of_its_own)
{
	for (size_t i = 0; i < COUNT_OF(table); i++) {
		ck_assert_uint_eq(redact_place(slice_of_text(table[i])), i);
	}
	ck_assert_uint_eq(redact_place(SLICE_LIT("QUOTA")), redact_place(SLICE_LIT("quota")));
	ck_assert_uint_eq(redact_place(SLICE_LIT("erika")), REDACT_WORDS);
	ck_assert_uint_eq(redact_place((struct slice){0}), REDACT_WORDS);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("smtp redact");
	TCase *t = tcase_create("redact");
	tcase_set_timeout(t, 60);
	tcase_add_loop_test(t, of_commands, 0, COUNT_OF(commands));
	tcase_add_loop_test(t, of_replies, 0, COUNT_OF(replies));
	tcase_add_test(t, of_logins_and_content);
	tcase_add_test(t, a_long_line_is_cut);
	tcase_add_loop_test(t, what_is_a_part, 0, COUNT_OF(parts));
	tcase_add_test(t, the_table_is_in_order_and_has_no_names);
	tcase_add_loop_test(t, a_secret_said_back_is_not_told, 0, 6);
	tcase_add_test(t, nothing_but_small_letters_digits_and_marks);
	tcase_add_test(t, each_word_has_a_place_of_its_own);
	suite_add_tcase(s, t);
	return check_main(s);
}
