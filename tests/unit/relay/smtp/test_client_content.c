#include "relay/smtp/client.h"

#include <string.h>

#include "spool-free/base/buf.h"
#include "tests/support/check_main.h"
#include "tests/support/dialogue.h"
#include "tests/support/oom.h"

#define C                                                                                          \
	"<220 hi\n>EHLO client.test\n<250-srv\n<250-PIPELINING\n<250-ENHANCEDSTATUSCODES\n"        \
	"<250-CHUNKING\n<250 AUTH PLAIN\n>AUTH PLAIN AG1lAHNlY3JldA==\n<235 in\nM\n"
#define C_SEQUENTIAL                                                                               \
	"<220 hi\n>EHLO client.test\n<250-srv\n<250-CHUNKING\n<250 AUTH PLAIN\n"                   \
	">AUTH PLAIN AG1lAHNlY3JldA==\n<235 in\nM\n"
#define MAIL	 ">MAIL FROM:<sender@example.com>\n"
#define RCPT_A	 ">RCPT TO:<a@example.com>\n"
#define RCPT_B	 ">RCPT TO:<b@example.com>\n"
#define RCPT_C	 ">RCPT TO:<c@example.com>\n"
#define BDAT	 ">BDAT 27 LAST\n>Subject: hello\n>\n>A page.\n"
#define FLIGHT	 MAIL RCPT_A BDAT
#define FLIGHT_2 MAIL RCPT_A RCPT_B BDAT
#define PROBE	 ">BDAT 12\n>NOOP\n>NOOP\n>RCPT TO:<probe@invalid>\n>RSET\n"
#define OK	 "<250 ok\n"
#define PROBED	 "<503 5.5.1 no MAIL\n<503 5.5.1 no MAIL\n"

static const struct dialogue_with rows[] = {
	/* the rungs */
	{.play = {"not trusted with BDAT", TLS_IMPLICIT, "me", 1,
		  C MAIL RCPT_A ">DATA\n" OK OK "<354 go\n=\n" OK,
		  "delivered 250 final | none ready"},
	 .rung = SMTP_RUNG_DATA},
	{.play = {"apart: the content behind the replies", TLS_IMPLICIT, "me", 1,
		  C MAIL RCPT_A OK "."
				   "\n" OK BDAT "<250 2.0.0 taken\n.\n",
		  "delivered 250 2.0.0 final | none ready, taken"},
	 .rung = SMTP_RUNG_APART},
	{.play = {"apart, step by step", TLS_IMPLICIT, "me", 2,
		  C_SEQUENTIAL MAIL OK RCPT_A OK RCPT_B "<550 b\n" BDAT OK ".\n",
		  "delivered 250 final, refused 550 rcpt | none ready, taken"},
	 .rung = SMTP_RUNG_APART},
	{.play = {"one flight", TLS_IMPLICIT, "me", 1, C FLIGHT OK OK "<250 2.0.0 taken\n.\n",
		  "delivered 250 2.0.0 final | none ready, taken"},
	 .rung = SMTP_RUNG_TOGETHER},
	{.play = {"one flight needs PIPELINING", TLS_IMPLICIT, "me", 1,
		  C_SEQUENTIAL MAIL OK RCPT_A OK BDAT OK,
		  "delivered 250 final | none ready, taken"},
	 .rung = SMTP_RUNG_TOGETHER},
	{.play = {"two messages, one flight each, no RSET", TLS_IMPLICIT, "me", 1,
		  C FLIGHT OK OK OK "M\n" FLIGHT OK OK OK,
		  "delivered 250 final | none ready, taken"},
	 .rung = SMTP_RUNG_TOGETHER},
	{.play = {"CHUNKING is not offered", TLS_IMPLICIT, "me", 1,
		  DIALOGUE_PIPELINED "M\n" MAIL RCPT_A ">DATA\n" OK OK "<354 go\n=\n" OK,
		  "delivered 250 final | none ready"},
	 .rung = SMTP_RUNG_TOGETHER},
	{.play = {"a masked greeting: neither PIPELINING nor CHUNKING", TLS_IMPLICIT, NULL, 1,
		  "<220 **************2******\n>EHLO client.test\n<250-srv\n<250-PIPELINING\n<250 "
		  "CHUNKING\nM\n" MAIL OK RCPT_A OK ">DATA\n<354 go\n=\n" OK,
		  "delivered 250 final | none ready"},
	 .rung = SMTP_RUNG_TOGETHER},
	{.play = {"a masked keyword", TLS_IMPLICIT, NULL, 1,
		  "<220 hi\n>EHLO client.test\n<250-srv\n<250-PIPELINING\n<250-XXXXXXXA\n<250 "
		  "CHUNKING\nM\n" MAIL OK RCPT_A OK ">DATA\n<354 go\n=\n" OK,
		  "delivered 250 final | none ready"},
	 .rung = SMTP_RUNG_TOGETHER},

	/* refusals in one flight: in step, RSET in front of the next (relay.md E3) */
	{.play = {"one recipient refused", TLS_IMPLICIT, "me", 2,
		  C FLIGHT_2 OK OK "<550 5.1.1 b\n" OK ".\n",
		  "delivered 250 final, refused 550 5.1.1 rcpt | none ready, taken"},
	 .rung = SMTP_RUNG_TOGETHER},
	{.play = {"all refused, BDAT 554", TLS_IMPLICIT, "me", 2,
		  C FLIGHT_2 OK
		  "<550 5.1.1 a\n<450 4.2.1 b\n<554 5.5.1 none\nM\n>RSET\n" FLIGHT_2 OK OK OK OK OK,
		  "delivered 250 final, delivered 250 final | none ready, taken"},
	 .rung = SMTP_RUNG_TOGETHER},
	{.play = {"all refused, BDAT 503", TLS_IMPLICIT, "me", 2,
		  C FLIGHT_2 OK "<550 5.1.1 a\n<451 b\n<503 none\n.\n",
		  "refused 550 5.1.1 rcpt, deferred 451 rcpt | none ready"},
	 .rung = SMTP_RUNG_TOGETHER},
	{.play = {"all refused, BDAT taken all the same", TLS_IMPLICIT, "me", 1,
		  C FLIGHT OK "<550 5.1.1 a\n" OK "M\n>RSET\n" FLIGHT OK OK OK OK,
		  "delivered 250 final | none ready, taken"},
	 .rung = SMTP_RUNG_TOGETHER},
	{.play = {"MAIL refused", TLS_IMPLICIT, "me", 1,
		  C FLIGHT "<550 5.1.8 no\n<503 a\n<503 b\n.\n",
		  "refused 550 5.1.8 mail | none ready"},
	 .rung = SMTP_RUNG_TOGETHER},
	{.play = {"MAIL refused at RCPT", TLS_IMPLICIT, "me", 1,
		  C FLIGHT OK "<550 5.1.8 no\n<554 none\n.\n",
		  "refused 550 5.1.8 mail | none ready"},
	 .rung = SMTP_RUNG_TOGETHER},
	{.play = {"content refused", TLS_IMPLICIT, "me", 2,
		  C FLIGHT_2 OK OK "<550 b\n<554 5.6.0 spam\nM\n>RSET\n" FLIGHT_2 OK OK OK OK OK,
		  "delivered 250 final, delivered 250 final | none ready, taken"},
	 .rung = SMTP_RUNG_TOGETHER},
	{.play = {"content deferred", TLS_IMPLICIT, "me", 1, C FLIGHT OK OK "<452 4.3.1 full\n.\n",
		  "deferred 452 4.3.1 final | none ready"},
	 .rung = SMTP_RUNG_TOGETHER},
	{.play = {"apart, all refused: no BDAT", TLS_IMPLICIT, "me", 1,
		  C MAIL RCPT_A OK "<550 a\n.\n", "refused 550 rcpt | none ready"},
	 .rung = SMTP_RUNG_APART},
	{.play = {"452 splits in one flight, too", TLS_IMPLICIT, "me", 2,
		  C FLIGHT_2 OK OK "<452 4.5.3 many\n<250 one\n" MAIL RCPT_B BDAT OK OK
				   "<251 two\n.\n",
		  "delivered 250 final, delivered 251 final | none ready, taken"},
	 .rung = SMTP_RUNG_TOGETHER},
	{.play = {"refused while it is still written: the chunk goes out whole", TLS_IMPLICIT, "me",
		  1, C "%90\n" OK OK "<552 5.3.4 large\n> page.\n.\n",
		  "refused 552 5.3.4 content | none ready"},
	 .rung = SMTP_RUNG_TOGETHER},

	/* the probe rides in front of the next envelope */
	{.play = {"the probe is passed", TLS_IMPLICIT, "me", 1,
		  C PROBE MAIL RCPT_A PROBED OK OK OK BDAT OK ".\n",
		  "delivered 250 final | none ready, safe"},
	 .rung = SMTP_RUNG_PROBE},
	{.play = {"the probe needs PIPELINING", TLS_IMPLICIT, "me", 1,
		  C_SEQUENTIAL MAIL OK RCPT_A OK BDAT OK,
		  "delivered 250 final | none ready, taken"},
	 .rung = SMTP_RUNG_PROBE},
	{.play = {"its content was read as commands", TLS_IMPLICIT, "me", 1,
		  C PROBE MAIL RCPT_A "<503 no MAIL\n<250 noop\n.\n",
		  "untried | upstream-protocol at mail over, bad, again"},
	 .rung = SMTP_RUNG_PROBE},
	{.play = {"it is unknown, and its content was read as commands", TLS_IMPLICIT, "me", 1,
		  C PROBE MAIL RCPT_A "<500 what\n<250 noop\n<250 noop\n",
		  "untried | upstream-protocol at mail over, bad, again"},
	 .rung = SMTP_RUNG_PROBE},
	{.play = {"it was taken", TLS_IMPLICIT, "me", 1, C PROBE MAIL RCPT_A "<250 12 bytes\n.\n",
		  "untried | upstream-protocol at mail over, bad, again"},
	 .rung = SMTP_RUNG_PROBE},
	{.play = {"refused by another code", TLS_IMPLICIT, "me", 1,
		  C PROBE MAIL RCPT_A "<554 no\n<503 no MAIL\n" OK OK OK BDAT OK,
		  "delivered 250 final | none ready, unsure"},
	 .rung = SMTP_RUNG_PROBE},
	{.play = {"deferred", TLS_IMPLICIT, "me", 1,
		  C PROBE MAIL RCPT_A "<451 no\n<503 no MAIL\n" OK OK OK BDAT OK,
		  "delivered 250 final | none ready, unsure"},
	 .rung = SMTP_RUNG_PROBE},
	{.play = {"no answer to the second command", TLS_IMPLICIT, "me", 1,
		  C PROBE MAIL RCPT_A "<503 no MAIL\nZ\n.\n",
		  "untried | deadline at mail over, bad, again"},
	 .rung = SMTP_RUNG_PROBE},
	{.play = {"lost behind the first answer", TLS_IMPLICIT, "me", 1,
		  C PROBE MAIL RCPT_A "<503 no MAIL\nX\n.\n",
		  "untried | upstream-lost at mail over, bad, again"},
	 .rung = SMTP_RUNG_PROBE},
	{.play = {"lost before any answer", TLS_IMPLICIT, "me", 1, C PROBE MAIL RCPT_A "X\n.\n",
		  "untried | upstream-lost at mail over, lost"},
	 .rung = SMTP_RUNG_PROBE},
	{.play = {"taken amiss", TLS_IMPLICIT, "me", 1, C PROBE MAIL RCPT_A "<421 no games\n.\n",
		  "untried | upstream-lost at mail over, lost"},
	 .rung = SMTP_RUNG_PROBE},
	{.play = {"its refusal is not the message's", TLS_IMPLICIT, "me", 1,
		  C PROBE MAIL RCPT_A PROBED "X\n.\n",
		  "untried | upstream-lost at mail over, safe"},
	 .rung = SMTP_RUNG_PROBE},

	/* servers that do not do what they offer: nobody has the message, DATA comes next */
	{.play = {"BDAT is unknown", TLS_IMPLICIT, "me", 1,
		  C MAIL RCPT_A OK OK BDAT "<500 what\n.\n",
		  "untried | upstream-protocol at final over, bad, again"},
	 .rung = SMTP_RUNG_APART},
	{.play = {"BDAT is not implemented", TLS_IMPLICIT, "me", 1, C FLIGHT OK OK "<502 no\n.\n",
		  "untried | upstream-protocol at final over, bad, again"},
	 .rung = SMTP_RUNG_TOGETHER},
	{.play = {"BDAT out of sequence, to whom a recipient was accepted", TLS_IMPLICIT, "me", 2,
		  C FLIGHT_2 OK OK "<550 5.1.1 b\n<503 no\n.\n",
		  "untried, refused 550 5.1.1 rcpt | upstream-protocol at final over, bad, again"},
	 .rung = SMTP_RUNG_TOGETHER},
	{.play = {"354 to BDAT", TLS_IMPLICIT, "me", 1, C FLIGHT OK OK "<354 go\n.\n",
		  "uncertain final | none over, bad"},
	 .rung = SMTP_RUNG_TOGETHER},

	/* 421 */
	{.play = {"421 to MAIL on a used connection", TLS_IMPLICIT, "me", 1,
		  C FLIGHT OK OK OK "M\n" FLIGHT "<421 4.4.2 idle\n.\n",
		  "untried | upstream-lost at mail over, lost"},
	 .rung = SMTP_RUNG_TOGETHER},
	{.play = {"421 to MAIL on a fresh one", TLS_IMPLICIT, "me", 1,
		  C FLIGHT "<421 4.3.2 busy\n.\n", "deferred 421 4.3.2 mail | none over"},
	 .rung = SMTP_RUNG_TOGETHER},
	{.play = {"421 to the content", TLS_IMPLICIT, "me", 1,
		  C FLIGHT OK OK "<421 4.3.2 busy\n.\n", "deferred 421 4.3.2 final | none over"},
	 .rung = SMTP_RUNG_TOGETHER},

	/* losses */
	{.play = {"lost before the last byte is out", TLS_IMPLICIT, "me", 1, C "%96\nX\n.\n",
		  "untried | upstream-lost at mail over, lost"},
	 .rung = SMTP_RUNG_TOGETHER},
	{.play = {"lost before the last byte is out, and one was refused", TLS_IMPLICIT, "me", 2,
		  C "%121\n" OK OK "<550 5.7.1 b\nX\n.\n",
		  "untried, refused 550 5.7.1 rcpt | upstream-lost at content over, lost"},
	 .rung = SMTP_RUNG_TOGETHER},
	{.play = {"lost behind the last byte, before any answer", TLS_IMPLICIT, "me", 2,
		  C FLIGHT_2 "X\n.\n", "uncertain final, uncertain final | none over, lost"},
	 .rung = SMTP_RUNG_TOGETHER},
	{.play = {"lost, and one was refused", TLS_IMPLICIT, "me", 2,
		  C FLIGHT_2 OK "<550 a\nX\n.\n",
		  "refused 550 rcpt, uncertain final | none over, lost"},
	 .rung = SMTP_RUNG_TOGETHER},
	{.play = {"lost, and one must wait for the next transaction", TLS_IMPLICIT, "me", 2,
		  C FLIGHT_2 OK OK "<452 4.5.3 b\nX\n.\n",
		  "uncertain final, untried | upstream-lost at final over, lost"},
	 .rung = SMTP_RUNG_TOGETHER},
	{.play = {"lost, and all were refused", TLS_IMPLICIT, "me", 2,
		  C FLIGHT_2 OK "<550 a\n<551 b\nX\n.\n",
		  "refused 550 rcpt, refused 551 rcpt | none over, lost"},
	 .rung = SMTP_RUNG_TOGETHER},
	{.play = {"lost, and MAIL was refused", TLS_IMPLICIT, "me", 1, C FLIGHT "<550 no\nX\n.\n",
		  "refused 550 mail | none over, lost"},
	 .rung = SMTP_RUNG_TOGETHER},
	{.play = {"late behind the last byte", TLS_IMPLICIT, "me", 1, C FLIGHT OK OK "Z\n.\n",
		  "uncertain final | none over, bad"},
	 .rung = SMTP_RUNG_TOGETHER},
	{.play = {"late before the last byte", TLS_IMPLICIT, "me", 1,
		  C MAIL RCPT_A OK OK "%30\nZ\n.\n",
		  "untried | deadline at content over, bad, again"},
	 .rung = SMTP_RUNG_APART},
	{.play = {"not SMTP behind the last byte", TLS_IMPLICIT, "me", 1,
		  C FLIGHT OK OK "!ok$&\n.\n", "uncertain final | none over, bad"},
	 .rung = SMTP_RUNG_TOGETHER},

	/* out of step */
	{.play = {"a reply too many", TLS_IMPLICIT, "me", 1, C FLIGHT OK OK OK OK,
		  "delivered 250 final | none over, taken"},
	 .rung = SMTP_RUNG_TOGETHER},
	{.play = {"taken before it is out", TLS_IMPLICIT, "me", 1, C "%96\n" OK OK OK ".\n",
		  "untried | upstream-protocol at content over, bad, again"},
	 .rung = SMTP_RUNG_TOGETHER},
};

START_TEST(plays)
{
	dialogue_check_with(&rows[_i]);
}
END_TEST

/* A message of many chunks, and a server that reads it as RFC 3030 says. */

enum { LARGE = 3 * 1000 * 1000, RECIPIENTS = 2 };

struct setting {
	struct smtp_client client;
	struct arena arena;
	struct rope rope;
	struct mailbox recipients[RECIPIENTS];
	struct recipient_outcome results[RECIPIENTS];
	/* the server */
	struct buf said;    /* what is not a whole command yet */
	struct buf content; /* of all chunks */
	uint64_t chunk_left;
	bool last;
	unsigned due, chunks, chunks_due; /* replies not given yet */
	uint64_t bytes_due, largest;
};

static struct setting s;
static char attached[LARGE];

static void feed(const char *words)
{
	smtp_client_feed(&s.client, slice_of_text(words));
}

static void set_up(enum smtp_rung rung, size_t bytes)
{
	struct smtp_client_params params = {.ehlo_name = SLICE_LIT("client.test"),
					    .tls = TLS_IMPLICIT};
	memset(&s, 0, sizeof(s));
	buf_init(&s.said, 64 * 1024);
	buf_init(&s.content, 2 * LARGE);
	arena_init(&s.arena, 64 * 1024);
	rope_init(&s.rope, &s.arena);
	for (size_t i = 0; i < bytes; i++) {
		attached[i] = (char)(i * 7 + i / 251);
	}
	ck_assert_int_eq(rope_add(&s.rope, SLICE_LIT("Subject: x\r\n\r\n--a\r\n")), FAULT_NONE);
	for (size_t part = 0; part < 3; part++) { /* the last line of each is short */
		struct slice bytes_of = slice_of(attached + part * (bytes / 3),
						 bytes / 3 - part * 5);
		ck_assert_int_eq(rope_add_base64(&s.rope, bytes_of), FAULT_NONE);
		ck_assert_int_eq(rope_add(&s.rope, SLICE_LIT("--a\r\n")), FAULT_NONE);
	}
	s.recipients[0].address = SLICE_LIT("a@example.com");
	s.recipients[1].address = SLICE_LIT("b@example.com");
	smtp_client_init(&s.client, &params);
	feed("220 hi\r\n");
	smtp_client_wrote(&s.client, smtp_client_output(&s.client).len);
	feed("250-srv\r\n250-PIPELINING\r\n250 CHUNKING\r\n");
	struct smtp_message m = {
		.sender = SLICE_LIT("sender@example.com"),
		.recipients = s.recipients,
		.recipient_count = RECIPIENTS,
		.content = &s.rope,
		.rung = rung,
		.results = s.results,
		.arena = &s.arena,
	};
	smtp_client_send(&s.client, &m);
}

static void clear_up(void)
{
	buf_deinit(&s.said);
	buf_deinit(&s.content);
	smtp_client_deinit(&s.client);
	arena_deinit(&s.arena);
}

static void take_command(struct slice line)
{
	ck_assert(!s.last); /* nothing is said behind the last chunk */
	s.due++;
	if (!slice_starts(line, SLICE_LIT("BDAT "))) {
		return;
	}
	line = slice_skip(line, 5);
	s.last = slice_ends(line, SLICE_LIT(" LAST"));
	ck_assert(slice_to_u64(slice_first(line, slice_find_byte(line, ' ')), LARGE * 2ULL,
			       &s.chunk_left));
	s.largest = s.chunk_left > s.largest ? s.chunk_left : s.largest;
	s.bytes_due += s.chunk_left;
	s.chunks++;
	s.chunks_due++;
	ck_assert_uint_le(s.chunks_due, SMTP_CHUNKS);
	ck_assert_uint_le(s.bytes_due, SMTP_CHUNK_BYTES);
}

static void take_bytes(struct slice bytes)
{
	while (bytes.len > 0) {
		struct slice part = slice_first(bytes, s.chunk_left);
		ck_assert_int_eq(buf_add(&s.content, part), FAULT_NONE);
		s.chunk_left -= part.len;
		bytes = slice_skip(bytes, part.len);
		if (s.chunk_left > 0 || bytes.len == 0) {
			continue;
		}
		size_t end = slice_find_byte(bytes, '\n');
		size_t n = end < bytes.len ? end + 1 : end;
		ck_assert_int_eq(buf_add(&s.said, slice_first(bytes, n)), FAULT_NONE);
		bytes = slice_skip(bytes, n);
		if (slice_ends(buf_view(&s.said), SLICE_LIT("\r\n"))) {
			take_command(slice_first(buf_view(&s.said), s.said.len - 2));
			buf_clear(&s.said);
		}
	}
}

/* Takes what the client has to say, `step` bytes at a time, until it has nothing more. */
static void take_all(size_t step)
{
	for (;;) {
		struct slice out = slice_first(smtp_client_output(&s.client), step);
		if (out.len == 0) {
			return;
		}
		take_bytes(out);
		smtp_client_wrote(&s.client, out.len);
		ck_assert_uint_le(smtp_client_content_sent(&s.client), s.content.len);
	}
}

static struct slice whole(void)
{
	static char bytes[2 * LARGE];
	struct rope_cursor at;
	size_t len = 0;
	rope_rewind(&s.rope, &at);
	while (!rope_at_end(&at)) {
		len += rope_read(&at, bytes + len, sizeof(bytes) - len);
	}
	return slice_of(bytes, len);
}

/* The oldest chunk is answered. */
static void answer_chunk(const char *reply)
{
	s.due--;
	s.chunks_due--;
	s.bytes_due -= s.bytes_due > SMTP_CHUNK ? SMTP_CHUNK : s.bytes_due;
	feed(reply);
}

static const struct {
	enum smtp_rung rung;
	size_t bytes, step;
	unsigned chunks;
} larges[] = {
	{SMTP_RUNG_TOGETHER, LARGE, 100000, 17},    {SMTP_RUNG_TOGETHER, LARGE, 777, 17},
	{SMTP_RUNG_APART, LARGE, 16384, 17},	    {SMTP_RUNG_APART, 300 * 1000, 1, 3},
	{SMTP_RUNG_TOGETHER, 150 * 1000, 16384, 1}, {SMTP_RUNG_TOGETHER, 195 * 1000, 100, 2},
};

START_TEST(goes_in_chunks)
{
	bool one = larges[_i].chunks == 1;
	set_up(larges[_i].rung, larges[_i].bytes);
	take_all(larges[_i].step);
	if (larges[_i].rung == SMTP_RUNG_APART) {
		ck_assert_uint_eq(s.due, 1 + RECIPIENTS);
		ck_assert_uint_eq(s.content.len, 0);
	} else { /* before it is known who takes it, no more than the first chunk */
		ck_assert_uint_eq(s.due, 1 + RECIPIENTS + 1);
		ck_assert_uint_eq(s.content.len, one ? s.rope.size : SMTP_FIRST_CHUNK);
	}
	feed("250 ok\r\n250 ok\r\n550 5.1.1 no\r\n");
	s.due -= 1 + RECIPIENTS;
	while (s.client.state != SMTP_READY) {
		take_all(larges[_i].step);
		ck_assert_uint_gt(s.due, 0);
		answer_chunk("250 2.0.0 so far\r\n");
	}
	ck_assert(s.last && s.due == 0);
	ck_assert_uint_eq(s.chunks, larges[_i].chunks);
	ck_assert_uint_le(s.largest, SMTP_CHUNK);
	ck_assert(slice_eq(buf_view(&s.content), whole()));
	ck_assert_int_eq(s.results[0].outcome, OUTCOME_DELIVERED);
	ck_assert_int_eq(s.results[1].outcome, OUTCOME_REFUSED);
	ck_assert_int_eq(s.client.lesson, SMTP_LESSON_TAKEN);
	clear_up();
}
END_TEST

START_TEST(stops_when_nobody_is_left)
{
	set_up(SMTP_RUNG_TOGETHER, LARGE);
	take_bytes(slice_first(smtp_client_output(&s.client), 5000));
	smtp_client_wrote(&s.client, 5000);
	feed("250 ok\r\n550 5.1.1 a\r\n450 4.2.1 b\r\n");
	take_all(1000);
	ck_assert_uint_eq(s.content.len, SMTP_FIRST_CHUNK); /* it was announced */
	ck_assert_int_eq(s.client.state, SMTP_FINAL);
	feed("503 5.5.1 none\r\n");
	ck_assert_int_eq(s.client.state, SMTP_READY);
	ck_assert(s.client.unclean);
	ck_assert_int_eq(s.client.fault, FAULT_NONE);
	ck_assert_int_eq(s.results[1].outcome, OUTCOME_DEFERRED);
	clear_up();
}
END_TEST

START_TEST(stops_when_a_chunk_is_refused)
{
	set_up(SMTP_RUNG_TOGETHER, LARGE);
	take_all(16384);
	feed("250 ok\r\n250 ok\r\n250 ok\r\n");
	s.due -= 1 + RECIPIENTS;
	take_all(16384);
	unsigned due = s.chunks_due;
	ck_assert_uint_gt(due, 2);
	answer_chunk("552 5.3.4 large\r\n");
	take_all(16384);
	ck_assert_uint_eq(s.chunks_due, due - 1);
	while (s.chunks_due > 0) {
		ck_assert_int_eq(s.client.state, SMTP_FINAL);
		answer_chunk("503 5.5.1 no\r\n");
	}
	ck_assert_int_eq(s.client.state, SMTP_READY);
	ck_assert(s.client.unclean && !s.client.try_again);
	ck_assert_int_eq(s.results[0].outcome, OUTCOME_REFUSED);
	ck_assert_int_eq(s.results[0].phase, PHASE_CONTENT);
	clear_up();
}
END_TEST

START_TEST(lost_between_chunks)
{
	set_up(SMTP_RUNG_TOGETHER, LARGE);
	take_all(16384);
	feed("250 ok\r\n250 ok\r\n250 ok\r\n");
	take_all(16384);
	smtp_client_lost(&s.client, FAULT_UPSTREAM_LOST);
	ck_assert_int_eq(s.client.fault, FAULT_UPSTREAM_LOST);
	ck_assert_int_eq(s.results[0].outcome, OUTCOME_UNTRIED);
	ck_assert_int_eq(s.client.lesson, SMTP_LESSON_LOST);
	clear_up();
}
END_TEST

START_TEST(allocates_nothing)
{
	set_up(SMTP_RUNG_TOGETHER, 150 * 1000);
	oom_arm(1);
	for (struct slice out = smtp_client_output(&s.client); out.len > 0;
	     out = smtp_client_output(&s.client)) {
		smtp_client_wrote(&s.client, out.len);
	}
	feed("250 ok\r\n250 ok\r\n250 ok\r\n250 2.0.0 ok\r\n");
	oom_disarm(); /* texts of replies are all that asks for memory */
	ck_assert_int_eq(s.results[0].outcome, OUTCOME_DELIVERED);
	ck_assert_str_eq(s.results[0].enhanced, "2.0.0");
	clear_up();
}
END_TEST

static Suite *suite(void)
{
	Suite *all = suite_create("smtp client, content");
	TCase *t = tcase_create("content");
	tcase_set_timeout(t, 60); /* the machine may be busy; nothing is judged by time */
	tcase_add_loop_test(t, plays, 0, COUNT_OF(rows));
	tcase_add_loop_test(t, goes_in_chunks, 0, COUNT_OF(larges));
	tcase_add_test(t, stops_when_nobody_is_left);
	tcase_add_test(t, stops_when_a_chunk_is_refused);
	tcase_add_test(t, lost_between_chunks);
	tcase_add_test(t, allocates_nothing);
	suite_add_tcase(all, t);
	return all;
}

int main(void)
{
	return check_main(suite());
}
