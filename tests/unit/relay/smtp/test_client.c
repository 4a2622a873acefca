#include "relay/smtp/client.h"

#include <string.h>

#include "spool-free/base/base64.h"
#include "spool-free/base/buf.h"
#include "tests/support/check_main.h"
#include "tests/support/oom.h"

enum { MANY = 200, ATTACHED = 60 * 1000 };

/* A client in READY with PIPELINING, and a message for it. */
struct setting {
	struct smtp_client client;
	struct arena arena;
	struct rope rope;
	char addresses[MANY][32];
	struct mailbox recipients[MANY];
	struct recipient_outcome results[MANY];
};

static struct setting s;

static void say(const char *words)
{
	smtp_client_feed(&s.client, slice_of_text(words));
}

static struct slice take_output(void)
{
	struct slice out = smtp_client_output(&s.client);
	smtp_client_wrote(&s.client, out.len);
	return out;
}

static void set_up(void)
{
	struct smtp_client_params params = {.ehlo_name = SLICE_LIT("client.test"),
					    .tls = TLS_IMPLICIT};
	memset(&s, 0, sizeof(s));
	arena_init(&s.arena, 4 * 1024 * 1024);
	rope_init(&s.rope, &s.arena);
	for (size_t i = 0; i < MANY; i++) {
		int n = snprintf(s.addresses[i], sizeof(s.addresses[i]),
				 "recipient-%03zu@example.com", i);
		s.recipients[i].address = slice_of(s.addresses[i], (size_t)n);
	}
	smtp_client_init(&s.client, &params);
	say("220 hi\r\n");
	take_output();
	say("250-srv\r\n250 PIPELINING\r\n");
	ck_assert_int_eq(smtp_client_want(&s.client), SMTP_WANT_MESSAGE);
}

static void clear_up(void)
{
	smtp_client_deinit(&s.client);
	arena_deinit(&s.arena);
}

static void send_to(size_t count)
{
	struct smtp_message m = {
		.sender = SLICE_LIT("sender@example.com"),
		.recipients = s.recipients,
		.recipient_count = count,
		.content = &s.rope,
		.results = s.results,
		.arena = &s.arena,
	};
	smtp_client_send(&s.client, &m);
}

static void add(struct slice bytes)
{
	ck_assert_int_eq(rope_add(&s.rope, bytes), FAULT_NONE);
}

static unsigned count_lines(struct slice text)
{
	struct slice line;
	unsigned lines = 0;
	while (slice_cut_to(&text, '\n', &line)) {
		lines++;
	}
	return lines;
}

START_TEST(window_is_bounded)
{
	set_up();
	add(SLICE_LIT("Subject: x\r\n\r\nx\r\n"));
	send_to(MANY);
	unsigned due = 0, lines = 0, writes = 0;
	while (s.client.state == SMTP_ENVELOPE) {
		struct slice out = take_output();
		if (out.len > 0) {
			lines += count_lines(out);
			due += count_lines(out);
			writes++;
		}
		ck_assert_uint_le(due, SMTP_WINDOW);
		ck_assert_uint_gt(due, 0);
		due--;
		say(lines == MANY + 2 && due == 0 ? "354 go\r\n" : "250 ok\r\n");
	}
	ck_assert_uint_eq(lines, MANY + 2);
	ck_assert_uint_le(writes, 8); /* bursts, not one write a reply */
	ck_assert_int_eq(s.client.state, SMTP_CONTENT);
	ck_assert(slice_eq(take_output(), SLICE_LIT("Subject: x\r\n\r\nx\r\n.\r\n")));
	say("250 2.0.0 ok\r\n");
	for (size_t i = 0; i < MANY; i++) {
		ck_assert_int_eq(s.results[i].outcome, OUTCOME_DELIVERED);
		ck_assert_ptr_eq(s.results[i].text.ptr,
				 s.results[0].text.ptr); /* one copy for all */
	}
	clear_up();
}
END_TEST

START_TEST(each_result_is_its_own)
{
	set_up();
	add(SLICE_LIT("Subject: x\r\n\r\nx\r\n"));
	send_to(MANY);
	size_t answered = 0;
	while (s.client.state == SMTP_ENVELOPE) {
		take_output();
		if (answered == 0 || answered > MANY) {
			say(answered == 0 ? "250 ok\r\n" : "354 go\r\n");
		} else {
			say(answered % 3 == 0 ? "550 5.1.1 no\r\n" : "250 ok\r\n");
		}
		answered++;
	}
	take_output();
	say("250 ok\r\n");
	for (size_t i = 0; i < MANY; i++) {
		ck_assert_int_eq(s.results[i].outcome,
				 (i + 1) % 3 == 0 ? OUTCOME_REFUSED : OUTCOME_DELIVERED);
	}
	clear_up();
}
END_TEST

/* The content in output steps of `step` bytes is the rope's bytes, and progress is told. */
static void check_content(size_t step)
{
	static char attached[ATTACHED];
	static char expected[2 * ATTACHED];
	for (size_t i = 0; i < sizeof(attached); i++) {
		attached[i] = (char)(i * 7 + i / 251);
	}
	set_up();
	add(SLICE_LIT("Subject: x\r\n\r\n"));
	ck_assert_int_eq(rope_add_base64(&s.rope, slice_of(attached, sizeof(attached))),
			 FAULT_NONE);
	add(SLICE_LIT("--end\r\n"));
	send_to(1);
	take_output();
	say("250 ok\r\n250 ok\r\n354 go\r\n");
	size_t got = 0;
	while (s.client.state == SMTP_CONTENT) {
		struct slice out = slice_first(smtp_client_output(&s.client), step);
		ck_assert_uint_gt(out.len, 0);
		memcpy(expected + got, out.ptr, out.len);
		got += out.len;
		smtp_client_wrote(&s.client, out.len);
		ck_assert_uint_eq(smtp_client_content_sent(&s.client),
				  got < s.rope.size ? got : s.rope.size);
	}
	struct slice all = slice_of(expected, got);
	ck_assert_uint_eq(all.len, s.rope.size + 3);
	ck_assert(slice_starts(all, SLICE_LIT("Subject: x\r\n\r\n")));
	ck_assert(slice_ends(all, SLICE_LIT("\r\n--end\r\n.\r\n")));
	static char coded[2 * ATTACHED];
	base64_encode_lines(slice_of(attached, sizeof(attached)), coded);
	ck_assert(slice_starts(slice_skip(all, 14),
			       slice_of(coded, base64_lines_len(sizeof(attached)))));
	say("250 ok\r\n");
	ck_assert_int_eq(s.results[0].outcome, OUTCOME_DELIVERED);
	clear_up();
}

START_TEST(content_in_steps)
{
	static const size_t steps[] = {1, 100, 16381, 100000};
	check_content(steps[_i]);
}
END_TEST

static const struct {
	const char *name;
	struct slice sender;
	struct slice recipient;
} unsafe[] = {
	{"CRLF in the sender", SLICE_INIT("a@b>\r\nRCPT TO:<x@y"), SLICE_INIT("a@b")},
	{"CRLF in a recipient", SLICE_INIT("a@b"), SLICE_INIT("a@b>\r\nRCPT TO:<x@y")},
	{"LF", SLICE_INIT("a@b"), SLICE_INIT("a@b\nQUIT")},
	{"NUL", SLICE_INIT("a@b"), SLICE_INIT("a\0@b")},
	{"blank", SLICE_INIT("a@b SIZE=1"), SLICE_INIT("a@b")},
	{"bracket", SLICE_INIT("a@b"), SLICE_INIT("a@b>")},
	{"another bracket", SLICE_INIT("a@b"), SLICE_INIT("<a@b")},
	{"bytes that are no UTF-8", SLICE_INIT("a@b"), SLICE_INIT("\xC3@b")},
	{"DEL", SLICE_INIT("a\x7F@b"), SLICE_INIT("a@b")},
	{"empty recipient", SLICE_INIT("a@b"), SLICE_INIT("")},
};

START_TEST(refuses_unsafe_addresses)
{
	set_up();
	add(SLICE_LIT("Subject: x\r\n\r\nx\r\n"));
	struct mailbox to = {.address = unsafe[_i].recipient};
	struct smtp_message m = {.sender = unsafe[_i].sender,
				 .recipients = &to,
				 .recipient_count = 1,
				 .content = &s.rope,
				 .results = s.results,
				 .arena = &s.arena};
	smtp_client_send(&s.client, &m);
	ck_assert(!smtp_client_busy(&s.client));
	ck_assert_int_eq(s.client.fault, FAULT_BAD_ADDRESS);
	ck_assert_uint_eq(smtp_client_output(&s.client).len, 0);
	ck_assert_int_eq(smtp_client_want(&s.client),
			 SMTP_WANT_MESSAGE); /* the connection stays good */
	clear_up();
}
END_TEST

START_TEST(null_sender)
{
	set_up();
	add(SLICE_LIT("Subject: x\r\n\r\nx\r\n"));
	struct smtp_message m = {.recipients = s.recipients,
				 .recipient_count = 1,
				 .content = &s.rope,
				 .results = s.results,
				 .arena = &s.arena};
	smtp_client_send(&s.client, &m);
	ck_assert(slice_starts(take_output(), SLICE_LIT("MAIL FROM:<>\r\n")));
	clear_up();
}
END_TEST

static bool holds(const void *bytes, size_t len, const char *what)
{
	struct slice all = slice_of(bytes, len);
	return slice_find(all, slice_of_text(what)) < all.len;
}

START_TEST(idle_client_keeps_nothing_of_a_mail)
{
	set_up();
	add(SLICE_LIT("Subject: canary-in-mail\r\n\r\nx\r\n"));
	send_to(2);
	take_output();
	say("250 ok\r\n550 5.1.1 canary-in-reply\r\n250 ok\r\n354 go\r\n");
	take_output();
	ck_assert(holds(&s.client, sizeof(s.client), "canary-in-mail"));
	say("250 canary-in-final\r\n");
	ck_assert_int_eq(s.client.state, SMTP_READY);
	ck_assert(!holds(&s.client, sizeof(s.client), "canary"));
	ck_assert(!holds(&s.client, sizeof(s.client), "recipient-"));
	ck_assert(slice_eq(s.results[0].text, SLICE_LIT("canary-in-reply")));
	clear_up();
}
END_TEST

START_TEST(reply_text_needs_no_memory)
{
	set_up();
	add(SLICE_LIT("Subject: x\r\n\r\nx\r\n"));
	struct arena empty;
	arena_init(&empty, 0);
	send_to(2);
	s.client.message.arena = &empty;
	take_output();
	oom_arm(1); /* nothing is allocated at all */
	say("250 ok\r\n550 5.1.1 no\r\n250 ok\r\n354 go\r\n");
	take_output();
	say("250 2.0.0 ok\r\n");
	ck_assert(!oom_disarm());
	ck_assert_int_eq(s.results[0].outcome, OUTCOME_REFUSED);
	ck_assert_int_eq(s.results[1].outcome, OUTCOME_DELIVERED);
	ck_assert_str_eq(s.results[1].enhanced, "2.0.0");
	ck_assert_uint_eq(s.results[1].text.len, 0);
	clear_up();
}
END_TEST

START_TEST(no_memory_for_auth)
{
	CLEANUP(secret_free) struct secret *password = NULL;
	ck_assert_int_eq(secret_new(SLICE_LIT("secret"), &password), FAULT_NONE);
	for (unsigned n = 1;; n++) {
		struct smtp_client_params params = {
			.ehlo_name = SLICE_LIT("client.test"),
			.tls = TLS_IMPLICIT,
			.login = {.username = SLICE_LIT("me"), .password = password}};
		smtp_client_init(&s.client, &params);
		say("220 hi\r\n");
		take_output();
		oom_arm(n);
		say("250-srv\r\n250 AUTH PLAIN\r\n");
		bool failed = oom_disarm();
		ck_assert_int_eq(s.client.fault, failed ? FAULT_NO_MEMORY : FAULT_NONE);
		ck_assert_int_eq(smtp_client_want(&s.client),
				 failed ? SMTP_WANT_CLOSE : SMTP_WANT_IO);
		smtp_client_deinit(&s.client);
		if (!failed) {
			break;
		}
	}
}
END_TEST

START_TEST(feeding_after_the_end_is_harmless)
{
	set_up();
	add(SLICE_LIT("Subject: x\r\n\r\nx\r\n"));
	send_to(1);
	smtp_client_lost(&s.client, FAULT_UPSTREAM_LOST);
	say("250 ok\r\n");
	smtp_client_lost(&s.client, FAULT_DEADLINE);
	ck_assert_int_eq(s.client.fault, FAULT_UPSTREAM_LOST);
	ck_assert_int_eq(smtp_client_want(&s.client), SMTP_WANT_CLOSE);
	ck_assert(!smtp_client_awaits(&s.client));
	clear_up();
}
END_TEST

/* A mail that is paused ends while the handshake goes on; the connection may still tell that it is secure. */
START_TEST(a_handshake_after_the_end_is_harmless)
{
	set_up();
	smtp_client_deinit(&s.client);
	smtp_client_init(&s.client,
			 &(struct smtp_client_params){.ehlo_name = SLICE_LIT("client.test"),
						      .tls = TLS_STARTTLS});
	add(SLICE_LIT("Subject: x\r\n\r\nx\r\n"));
	send_to(1);
	say("220 hi\r\n");
	take_output();
	say("250-srv\r\n250 STARTTLS\r\n");
	take_output();
	say("220 go\r\n");
	ck_assert_int_eq(smtp_client_want(&s.client), SMTP_WANT_TLS);
	smtp_client_lost(&s.client, FAULT_PAUSED);
	smtp_client_secured(&s.client);
	ck_assert_int_eq(smtp_client_want(&s.client), SMTP_WANT_CLOSE);
	ck_assert_int_eq(s.client.fault, FAULT_PAUSED);
	ck_assert_int_eq(s.results[0].outcome, OUTCOME_UNTRIED);
	ck_assert_uint_eq(take_output().len, 0);
	clear_up();
}
END_TEST

static Suite *suite(void)
{
	Suite *all = suite_create("smtp client");
	TCase *t = tcase_create("client");
	tcase_set_timeout(t, 60); /* the machine may be busy; nothing is judged by time */
	tcase_add_test(t, window_is_bounded);
	tcase_add_test(t, each_result_is_its_own);
	tcase_add_loop_test(t, content_in_steps, 0, 4);
	tcase_add_loop_test(t, refuses_unsafe_addresses, 0, COUNT_OF(unsafe));
	tcase_add_test(t, null_sender);
	tcase_add_test(t, idle_client_keeps_nothing_of_a_mail);
	tcase_add_test(t, reply_text_needs_no_memory);
	tcase_add_test(t, no_memory_for_auth);
	tcase_add_test(t, feeding_after_the_end_is_harmless);
	tcase_add_test(t, a_handshake_after_the_end_is_harmless);
	suite_add_tcase(all, t);
	return all;
}

int main(void)
{
	return check_main(suite());
}
