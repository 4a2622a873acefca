#include "relay/smtp/transcript.h"

#include <string.h>

#include "spool-free/base/buf.h"
#include "relay/smtp/client.h"
#include "tests/support/check_main.h"

enum { ROOM = 64 * 1024, REPLIES = 16 };

/* Everything that a user gave; none of it may stand in a transcript, in no part of five bytes. */
#define PASSWORD "kX7-vQ2 wZ9!tR4"
static const char *const given[] = {
	"writer.jo",	     "jo.writer@secretive.example", PASSWORD,
	"erika@example.org", "beate@example.net",	    "Subject: Quarterly zebra",
	"The zebra is 4711",
};

static void keep(void *owner, enum transcript_side side, struct slice text)
{
	static const struct slice marks[] = {[TRANSCRIPT_SAYS] = SLICE_INIT("> "),
					     [TRANSCRIPT_HEARS] = SLICE_INIT("< "),
					     [TRANSCRIPT_NOTES] = SLICE_INIT("= ")};
	ck_assert_int_eq(buf_add(owner, marks[side]), FAULT_NONE);
	ck_assert_int_eq(buf_add(owner, text), FAULT_NONE);
	ck_assert_int_eq(buf_add_byte(owner, '\n'), FAULT_NONE);
}

static struct slice tag(void *owner UNUSED, struct slice address, char room[REDACT_TAG_MAX])
{
	room[0] = 't';
	room[1] = (char)('0' + address.len % 10);
	return slice_of(room, 2);
}

static const struct {
	const char *name;
	bool chunking;
	const char *replies[REPLIES];
	const char *told;
} dialogues[] = {
	{"in order",
	 false,
	 {"220 mx.example.com ESMTP\r\n",
	  "250-mx.example.com\r\n250-PIPELINING\r\n250-SIZE 10000\r\n250-DSN\r\n250 AUTH LOGIN\r\n",
	  "334 VXNlcm5hbWU6\r\n", "334 UGFzc3dvcmQ6\r\n", "235 2.7.0 Authentication successful\r\n",
	  "250 2.1.0 sender accepted\r\n250 2.1.5 recipient accepted\r\n550 5.1.1 "
	  "<beate@example.net>: user unknown\r\n354 go ahead\r\n",
	  "250 2.0.0 queued as 8F2C\r\n"},
	 "< 220 * esmtp\n"
	 "> EHLO *\n"
	 "< 250-*\n"
	 "< 250-pipelining\n"
	 "< 250-size 10000+\n"
	 "< 250-dsn\n"
	 "< 250 auth login\n"
	 "> AUTH LOGIN (10 bytes)\n"
	 "< 334 (12 bytes)\n"
	 "> (12 bytes)\n"
	 "< 334 (12 bytes)\n"
	 "> (20 bytes)\n"
	 "< 235 2.7.0 authentication successful\n"
	 "> MAIL FROM:<t7> SIZE=47\n"
	 "> RCPT TO:<t7>\n"
	 "> RCPT TO:<t7>\n"
	 "> DATA\n"
	 "< 250 2.1.0 sender accepted\n"
	 "< 250 2.1.5 recipient accepted\n"
	 "< 550 5.1.1 <t7> user unknown\n"
	 "< 354 go ahead\n"
	 "> (47 bytes of content)\n"
	 "> .\n"
	 "< 250 2.0.0 queued as *\n"},
	{"by chunks",
	 true,
	 {"220 mx\r\n", "250-mx\r\n250-CHUNKING\r\n250 AUTH PLAIN\r\n", "235 in\r\n", "250 ok\r\n",
	  "250 ok\r\n", "250 ok\r\n", "250 ok\r\n"},
	 "< 220 mx\n"
	 "> EHLO *\n"
	 "< 250-mx\n"
	 "< 250-chunking\n"
	 "< 250 auth plain\n"
	 "> AUTH PLAIN (47 bytes)\n"
	 "< 235 in\n"
	 "> MAIL FROM:<t7>\n"
	 "< 250 ok\n"
	 "> RCPT TO:<t7>\n"
	 "< 250 ok\n"
	 "> RCPT TO:<t7>\n"
	 "< 250 ok\n"
	 "> BDAT 47 LAST\n"
	 "< 250 ok\n"},
	{"a server that says everything back",
	 false,
	 {"220-" PASSWORD "\r\n220 writer.jo\r\n",
	  "250-jo.writer@secretive.example\r\n250-X" PASSWORD "\r\n250-SIZE 4711 " PASSWORD
	  "\r\n250 AUTH LOGIN\r\n",
	  "334 d3JpdGVyLmpv\r\n", "334 " PASSWORD "\r\n",
	  "235-2.7.0 a1g3LXZRMiB3WjkhdFI0\r\n235-4Rt!9Zw 2Qv-7Xk\r\n235-KX7-\r\n235-VQ2 "
	  "WZ9!\r\n235 TR4 " PASSWORD "\r\n",
	  "250 FROM:<jo.writer@secretive.example>\r\n",
	  "250 erika @ example . org is fine, said writer.jo\r\n", "550 <beate@example.net>\r\n",
	  "354 " PASSWORD "\r\n",
	  "250-Subject: Quarterly zebra\r\n250-The zebra is 4711\r\n250 "
	  "U3ViamVjdDogUXVhcnRlcmx5\r\n"},
	 NULL},
	{"a refused login",
	 false,
	 {"220 mx\r\n", "250-mx\r\n250 AUTH LOGIN\r\n", "334 x\r\n", "334 x\r\n",
	  "535 5.7.8 Error: authentication failed for writer.jo with " PASSWORD "\r\n"},
	 "< 220 mx\n"
	 "> EHLO *\n"
	 "< 250-mx\n"
	 "< 250 auth login\n"
	 "> AUTH LOGIN (10 bytes)\n"
	 "< 334 (1 byte)\n"
	 "> (12 bytes)\n"
	 "< 334 (1 byte)\n"
	 "> (20 bytes)\n"
	 "< 535 5.7.8 error authentication failed for * with *\n"
	 "> QUIT\n"},
};

static void pump(struct smtp_client *c)
{
	for (struct slice out = smtp_client_output(c); out.len > 0; out = smtp_client_output(c)) {
		smtp_client_wrote(c, out.len);
	}
}

static void play(const char *const *replies, bool chunking, size_t step, struct buf *told)
{
	struct smtp_client *c = calloc(1, sizeof(*c));
	static const struct slice content = SLICE_INIT(
		"Subject: Quarterly zebra\r\n\r\nThe zebra is 4711\r\n");
	struct arena arena;
	struct rope rope;
	struct secret *password;
	struct mailbox to[] = {{.address = SLICE_LIT("erika@example.org")},
			       {.address = SLICE_LIT("beate@example.net")}};
	struct recipient_outcome results[2] = {{.outcome = OUTCOME_UNTRIED},
					       {.outcome = OUTCOME_UNTRIED}};
	ck_assert_ptr_nonnull(c);
	arena_init(&arena, ROOM);
	rope_init(&rope, &arena);
	ck_assert_int_eq(rope_add(&rope, content), FAULT_NONE);
	ck_assert_int_eq(secret_new(SLICE_LIT(PASSWORD), &password), FAULT_NONE);
	struct transcript t = {
		.owner = told,
		.line = keep,
		.tag = tag,
		.username = SLICE_LIT("writer.jo"),
		.sender = SLICE_LIT("jo.writer@secretive.example"),
		.password = password,
		.recipients = to,
		.recipient_count = COUNT_OF(to),
	};
	const struct smtp_client_params params = {
		.ehlo_name = SLICE_LIT("client.test"),
		.tls = TLS_IMPLICIT,
		.login = {.username = t.username, .password = password},
	};
	const struct smtp_message m = {
		.sender = t.sender,
		.recipients = to,
		.recipient_count = COUNT_OF(to),
		.content = &rope,
		.rung = chunking ? SMTP_RUNG_APART : SMTP_RUNG_DATA,
		.results = results,
		.arena = &arena,
	};
	smtp_client_init(c, &params);
	c->transcript = &t;
	smtp_client_send(c, &m);
	for (size_t i = 0; i < REPLIES && replies[i] != NULL; i++) {
		struct slice reply = slice_of_text(replies[i]);
		pump(c);
		while (reply.len > 0 && c->state != SMTP_OVER) {
			smtp_client_feed(c, slice_first(reply, step));
			reply = slice_skip(reply, step);
			pump(c);
		}
	}
	ck_assert_uint_eq(t.len, 0);
	smtp_client_deinit(c);
	free(c);
	secret_free(&password);
	arena_deinit(&arena);
}

START_TEST(dialogue_is_told)
{
	static const size_t steps[] = {1, 7, 64 * 1024};
	for (size_t s = 0; s < COUNT_OF(steps); s++) {
		struct buf told;
		buf_init(&told, ROOM);
		play(dialogues[_i].replies, dialogues[_i].chunking, steps[s], &told);
		const char *expected = dialogues[_i].told;
		ck_assert_msg(expected == NULL ||
				      slice_eq(buf_view(&told), slice_of_text(expected)),
			      "%s:\n%.*s", dialogues[_i].name, (int)told.len, told.ptr);
		for (size_t i = 0; i < COUNT_OF(given); i++) {
			for (size_t at = 0; at + 5 <= strlen(given[i]); at++) {
				ck_assert_msg(slice_find(buf_view(&told),
							 slice_of(given[i] + at, 5)) == told.len,
					      "%s: '%.5s'\n%.*s", dialogues[_i].name, given[i] + at,
					      (int)told.len, told.ptr);
			}
		}
		buf_deinit(&told);
	}
}
END_TEST

START_TEST(without_one_nothing_happens)
{
	transcript_say(NULL, SLICE_LIT("RSET\r\n"));
	transcript_login(NULL, SLICE_LIT("PLAIN"), 1);
	transcript_content(NULL, 1);
	transcript_hear(NULL, REDACT_REPLY, 250, true, SLICE_LIT("ok"));
	transcript_note(NULL, SLICE_LIT("x"));
}
END_TEST

START_TEST(commands_come_in_parts_and_may_be_long)
{
	char address[TRANSCRIPT_LINE];
	struct buf told;
	struct transcript t = {.owner = &told, .line = keep, .tag = tag};
	memset(address, 'a', sizeof(address));
	buf_init(&told, ROOM);
	transcript_say(&t, SLICE_LIT("MA"));
	transcript_say(&t, SLICE_LIT("IL FROM:<"));
	transcript_say(&t, SLICE_LIT("a@b"));
	transcript_say(&t, SLICE_LIT(">\r\nRSET\r\nRCPT TO:<"));
	transcript_say(&t, slice_of(address, sizeof(address)));
	transcript_say(&t, SLICE_LIT(">\r\n"));
	transcript_note(&t, SLICE_LIT("TLSv1.3"));
	ck_assert_msg(
		slice_eq(buf_view(&told), SLICE_LIT("> MAIL FROM:<t3>\n> RSET\n> *\n= TLSv1.3\n")),
		"%.*s", (int)told.len, told.ptr);
	ck_assert_uint_eq(t.said[0], '\0'); /* no address stays */
	buf_deinit(&told);
}
END_TEST

/* A server may say a word ten thousand times, of a mail to a thousand. */
START_TEST(a_word_is_looked_for_once)
{
	static const struct mailbox to = {.address = SLICE_INIT("mailbox@example.org")};
	struct buf told;
	struct transcript t = {
		.owner = &told, .line = keep, .tag = tag, .recipients = &to, .recipient_count = 1};
	buf_init(&told, ROOM);
	transcript_hear(&t, REDACT_REPLY, 250, true, SLICE_LIT("the Mailbox is full"));
	t.recipient_count = 0;
	transcript_hear(&t, REDACT_REPLY, 250, true, SLICE_LIT("the mailbox is full"));
	ck_assert_msg(
		slice_eq(buf_view(&told), SLICE_LIT("< 250 the * is full\n< 250 the * is full\n")),
		"%.*s", (int)told.len, told.ptr);
	buf_deinit(&told);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("smtp transcript");
	TCase *t = tcase_create("transcript");
	tcase_add_loop_test(t, dialogue_is_told, 0, COUNT_OF(dialogues));
	tcase_add_test(t, without_one_nothing_happens);
	tcase_add_test(t, commands_come_in_parts_and_may_be_long);
	tcase_add_test(t, a_word_is_looked_for_once);
	suite_add_tcase(s, t);
	return check_main(s);
}
