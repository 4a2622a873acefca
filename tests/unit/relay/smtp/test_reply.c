#include "relay/smtp/reply.h"

#include "spool-free/base/buf.h"
#include "spool-free/base/text.h"
#include "tests/support/check_main.h"
#include "tests/support/chunks.h"

/* What a parser makes of some bytes: "code enhanced text; ..." for each reply, "BAD" where it gave up. */
struct reading {
	struct smtp_reply_parser parser;
	struct buf said;
	bool bad;
};

static void add(struct buf *b, struct slice s)
{
	ck_assert_int_eq(buf_add(b, s), FAULT_NONE);
}

static bool take(void *ctx, struct slice chunk)
{
	struct reading *r = ctx;
	while (chunk.len > 0) {
		enum smtp_reply_step step;
		if (smtp_reply_feed(&r->parser, &chunk, &step) != FAULT_NONE) {
			add(&r->said, SLICE_LIT("BAD"));
			r->bad = true;
			return false;
		}
		if (step == SMTP_REPLY_DONE) {
			const struct smtp_reply *reply = smtp_reply_view(&r->parser);
			ck_assert_int_eq(buf_add_u64(&r->said, (uint64_t)reply->code), FAULT_NONE);
			add(&r->said, SLICE_LIT("/"));
			add(&r->said, slice_of_text(reply->enhanced));
			add(&r->said, SLICE_LIT("/"));
			add(&r->said, smtp_reply_text(reply));
			add(&r->said, SLICE_LIT(";"));
		}
	}
	return true;
}

static void read_all(struct slice input, size_t size, struct reading *r)
{
	smtp_reply_init(&r->parser);
	buf_init(&r->said, 256 * 1024);
	r->bad = false;
	chunks_each(input, size, take, r);
}

static const struct {
	const char *name;
	struct slice input;
	struct slice expected;
} rows[] = {
	{"one line", SLICE_INIT("250 2.1.0 Ok\r\n"), SLICE_INIT("250/2.1.0/Ok;")},
	{"line feed alone", SLICE_INIT("250 fine\n"), SLICE_INIT("250//fine;")},
	{"several replies", SLICE_INIT("250 a\r\n550 5.1.1 b\r\n354 go\r\n"),
	 SLICE_INIT("250//a;550/5.1.1/b;354//go;")},
	{"several lines", SLICE_INIT("550-5.7.1 one\r\n550-5.7.1 two\r\n550 5.7.1 three\r\n"),
	 SLICE_INIT("550/5.7.1/one two three;")},
	{"enhanced code on the last line only",
	 SLICE_INIT("450-Mail send limit\r\n450 4.7.1 exceeded\r\n"),
	 SLICE_INIT("450/4.7.1/Mail send limit exceeded;")},
	{"code alone", SLICE_INIT("250\r\n"), SLICE_INIT("250//;")},
	{"code and blank", SLICE_INIT("250 \r\n"), SLICE_INIT("250//;")},
	{"code and blank lines", SLICE_INIT("250-\r\n250\r\n"), SLICE_INIT("250//;")},
	{"enhanced code of another class is text", SLICE_INIT("250 5.1.1 odd\r\n"),
	 SLICE_INIT("250//5.1.1 odd;")},
	{"enhanced code alone", SLICE_INIT("554 5.0.0\r\n"), SLICE_INIT("554/5.0.0/;")},
	{"longest enhanced code", SLICE_INIT("554 5.123.456 x\r\n"),
	 SLICE_INIT("554/5.123.456/x;")},
	{"four digits are text", SLICE_INIT("554 5.1234.1 x\r\n"), SLICE_INIT("554//5.1234.1 x;")},
	{"a version is text", SLICE_INIT("250 2.1 x\r\n"), SLICE_INIT("250//2.1 x;")},
	{"glued to a word is text", SLICE_INIT("250 2.1.0x\r\n"), SLICE_INIT("250//2.1.0x;")},
	{"UTF-8 stays", SLICE_INIT("550 Empf\xC3\xA4nger\r\n"),
	 SLICE_INIT("550//Empf\xC3\xA4nger;")},
	{"broken UTF-8 is replaced",
	 SLICE_INIT("550 a\xFF"
		    "b\r\n"),
	 SLICE_INIT("550//a\xEF\xBF\xBD"
		    "b;")},
	{"a character that a line's end breaks", SLICE_INIT("550-a\xC3\r\n550 \xA4z\r\n"),
	 SLICE_INIT("550//a\xEF\xBF\xBD \xEF\xBF\xBDz;")},
	{"control bytes become blanks",
	 SLICE_INIT("550 a\x1B[31mb\x7F"
		    "c\r\n"),
	 SLICE_INIT("550//a [31mb c;")},
	{"direction marks become blanks",
	 SLICE_INIT("550 a\xE2\x80\xAE"
		    "b\r\n"),
	 SLICE_INIT("550//a b;")},
	{"no end yet", SLICE_INIT("250 2.1.0 Ok"), SLICE_INIT("")},
	{"more lines are due", SLICE_INIT("250-a\r\n250-b\r\n"), SLICE_INIT("")},

	{"empty line", SLICE_INIT("\r\n"), SLICE_INIT("BAD")},
	{"two digits", SLICE_INIT("25\r\n"), SLICE_INIT("BAD")},
	{"four digits", SLICE_INIT("2500\r\n"), SLICE_INIT("BAD")},
	{"letters", SLICE_INIT("SSH-2.0-x\r\n"), SLICE_INIT("BAD")},
	{"letters without an end", SLICE_INIT("HTTP"), SLICE_INIT("BAD")},
	{"TLS bytes", SLICE_INIT("\x15\x03\x01"), SLICE_INIT("BAD")},
	{"leading blank", SLICE_INIT(" 250 ok\r\n"), SLICE_INIT("BAD")},
	{"class 1", SLICE_INIT("150 ok\r\n"), SLICE_INIT("BAD")},
	{"class 6", SLICE_INIT("650 ok\r\n"), SLICE_INIT("BAD")},
	{"class 0", SLICE_INIT("050 ok\r\n"), SLICE_INIT("BAD")},
	{"tab behind the code", SLICE_INIT("250\tok\r\n"), SLICE_INIT("BAD")},
	{"another code in the middle", SLICE_INIT("250-a\r\n251 b\r\n"), SLICE_INIT("BAD")},
	{"another class in the middle", SLICE_INIT("250-a\r\n550 b\r\n"), SLICE_INIT("BAD")},
	{"text without code in the middle", SLICE_INIT("250-a\r\nb\r\n"), SLICE_INIT("BAD")},
	{"bare CR", SLICE_INIT("250 a\rb\r\n"), SLICE_INIT("BAD")},
	{"CR CR LF", SLICE_INIT("250 a\r\r\n"), SLICE_INIT("BAD")},
	{"NUL in the text", SLICE_INIT("250 a\0b\r\n"), SLICE_INIT("BAD")},
	{"NUL in the code", SLICE_INIT("25\0 ok\r\n"), SLICE_INIT("BAD")},
	{"good, then bad", SLICE_INIT("250 a\r\nx"), SLICE_INIT("250//a;BAD")},
};

START_TEST(reads)
{
	static struct reading r;
	for (size_t size = 1; size <= CHUNKS_MAX; size++) {
		read_all(rows[_i].input, size, &r);
		ck_assert_msg(slice_eq(buf_view(&r.said), rows[_i].expected),
			      "%s, chunks of %zu: %.*s", rows[_i].name, size, (int)r.said.len,
			      r.said.ptr);
		buf_deinit(&r.said);
	}
}
END_TEST

/* `lines` lines of `length` bytes with their ends; the last one ends the reply. */
static void build(struct buf *b, unsigned lines, size_t length)
{
	buf_init(b, 1024 * 1024);
	for (unsigned i = 0; i < lines; i++) {
		add(b, i + 1 < lines ? SLICE_LIT("250-") : SLICE_LIT("250 "));
		for (size_t n = 6; n < length; n++) {
			add(b, SLICE_LIT("x"));
		}
		add(b, SLICE_LIT("\r\n"));
	}
}

static const struct {
	const char *name;
	unsigned lines;
	size_t length;
	bool good;
} limits[] = {
	{"longest line", 1, SMTP_LINE_MAX, true},
	{"line too long", 1, SMTP_LINE_MAX + 1, false},
	{"line much too long", 1, 100 * 1000, false},
	{"most lines", SMTP_REPLY_LINES, 20, true},
	{"a line too many", SMTP_REPLY_LINES + 1, 20, false},
	{"largest reply", SMTP_REPLY_MAX / SMTP_LINE_MAX, SMTP_LINE_MAX, true},
	{"reply too large", SMTP_REPLY_MAX / SMTP_LINE_MAX + 1, SMTP_LINE_MAX, false},
};

START_TEST(keeps_limits)
{
	static struct reading r;
	struct buf input;
	build(&input, limits[_i].lines, limits[_i].length);
	static const size_t sizes[] = {1, 7, 64, 4096, 1024 * 1024};
	for (size_t i = 0; i < COUNT_OF(sizes); i++) {
		read_all(buf_view(&input), sizes[i], &r);
		ck_assert_msg(r.bad != limits[_i].good, "%s, chunks of %zu", limits[_i].name,
			      sizes[i]);
		ck_assert_uint_le(r.parser.reply.text_len, REPLY_TEXT_MAX);
		buf_deinit(&r.said);
	}
	buf_deinit(&input);
}
END_TEST

START_TEST(cuts_text_between_characters)
{
	static struct reading r;
	struct buf input;
	buf_init(&input, 4096);
	add(&input, SLICE_LIT("550 x"));
	for (unsigned i = 0; i < 300; i++) {
		add(&input, SLICE_LIT("\xC3\xA4"));
	}
	add(&input, SLICE_LIT("\r\n"));
	read_all(buf_view(&input), 4096, &r);
	struct slice text = smtp_reply_text(smtp_reply_view(&r.parser));
	ck_assert_uint_eq(text.len, REPLY_TEXT_MAX - 1);
	ck_assert_int_eq(text.ptr[text.len - 1], '\xA4');
	buf_deinit(&r.said);
	buf_deinit(&input);
}
END_TEST

/* What the last line says is there, however much stood before it; no character is cut. */
START_TEST(keeps_last_words)
{
	static struct reading r;
	for (unsigned lines = 1; lines < 40; lines++) {
		struct buf input;
		buf_init(&input, 64 * 1024);
		for (unsigned i = 0; i < lines; i++) {
			add(&input, SLICE_LIT("450-x"));
			for (unsigned n = 0; n < 4 * lines; n++) {
				add(&input, SLICE_LIT("\xE2\x82\xAC"));
			}
			add(&input, SLICE_LIT("\r\n"));
		}
		add(&input, SLICE_LIT("450 Mail send limit exceeded\r\n"));
		read_all(buf_view(&input), 4096, &r);
		struct slice text = smtp_reply_text(smtp_reply_view(&r.parser));
		ck_assert(slice_ends(text, SLICE_LIT(" Mail send limit exceeded")));
		ck_assert_uint_eq(text_utf8_valid(text), text.len);
		ck_assert_uint_le(text.len, REPLY_TEXT_MAX);
		ck_assert(slice_starts(text, SLICE_LIT("x\xE2\x82\xAC")));
		buf_deinit(&r.said);
		buf_deinit(&input);
	}
}
END_TEST

START_TEST(keeps_last_words_that_are_long)
{
	static struct reading r;
	struct buf input;
	buf_init(&input, 64 * 1024);
	add(&input, SLICE_LIT("450-"));
	for (unsigned n = 0; n < 600; n++) {
		add(&input, SLICE_LIT("a"));
	}
	add(&input, SLICE_LIT("\r\n450 "));
	for (unsigned n = 0; n < 600; n++) {
		add(&input, SLICE_LIT("b"));
	}
	add(&input, SLICE_LIT("\r\n"));
	read_all(buf_view(&input), 4096, &r);
	struct slice text = smtp_reply_text(smtp_reply_view(&r.parser));
	ck_assert_uint_eq(text.len, REPLY_TEXT_MAX);
	ck_assert_uint_lt(slice_find(text, SLICE_LIT("aaa ... bbb")), text.len);
	ck_assert_uint_eq(text.len - slice_find_byte(text, 'b'), 160);
	buf_deinit(&r.said);
	buf_deinit(&input);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("smtp reply");
	TCase *t = tcase_create("reply");
	tcase_set_timeout(t, 60); /* the machine may be busy; nothing is judged by time */
	tcase_add_loop_test(t, reads, 0, COUNT_OF(rows));
	tcase_add_loop_test(t, keeps_limits, 0, COUNT_OF(limits));
	tcase_add_test(t, cuts_text_between_characters);
	tcase_add_test(t, keeps_last_words);
	tcase_add_test(t, keeps_last_words_that_are_long);
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	return check_main(suite());
}
