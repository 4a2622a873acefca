#include "render/mime/message.h"

#include <string.h>

#include "tests/support/check_main.h"

static const struct party ann = {SLICE_INIT("Ann"), {.address = SLICE_INIT("ann@example.org")}};
static const struct party ben = {SLICE_INIT("Ben"), {.address = SLICE_INIT("ben@example.org")}};

static struct message_parts usual(void)
{
	return (struct message_parts){
		.from = &ann,
		.to = &ben,
		.to_count = 1,
		.subject = SLICE_INIT("Plan"),
		.date = {.ms = 1000},
		.message_id = SLICE_INIT("1@example.org"),
		.text = SLICE_INIT("Hello\n"),
		.html = SLICE_INIT("<p>Hello</p>\n"),
		.seed = SLICE_INIT("seed"),
	};
}

static char room[65536];

static struct slice read_all(const struct rope *r)
{
	struct rope_cursor c;
	size_t n = 0;
	rope_rewind(r, &c);
	while (!rope_at_end(&c)) {
		n += rope_read(&c, room + n, sizeof(room) - n);
	}
	ck_assert_uint_eq(n, r->size);
	return slice_of(room, n);
}

static size_t count(struct slice in, const char *what)
{
	size_t n = 0;
	struct slice w = slice_of_text(what);
	for (size_t at = slice_find(in, w); at < in.len; at = slice_find(in, w)) {
		n++;
		in = slice_skip(in, at + w.len);
	}
	return n;
}

static const struct message_file picture = {SLICE_INIT("chart.png"), SLICE_INIT("image/png"),
					    SLICE_INIT("\x89PNG"), SLICE_INIT("abc@example.org")};
static const struct message_file file = {SLICE_INIT("Zahlen für 2026.csv"), SLICE_INIT("text/csv"),
					 SLICE_INIT("a;b\n"), SLICE_INIT("")};
static const struct message_file empty = {SLICE_INIT("empty.bin"),
					  SLICE_INIT("application/octet-stream"), SLICE_INIT(""),
					  SLICE_INIT("")};

/* Which levels stand, for what goes along. */
static const struct {
	size_t pictures;
	size_t files;
	const char *types; /* in order of appearance */
} shapes[] = {
	{0, 0, "multipart/alternative text/plain text/html "},
	{1, 0, "multipart/alternative text/plain multipart/related text/html image/png "},
	{0, 2,
	 "multipart/mixed multipart/alternative text/plain text/html text/csv "
	 "application/octet-stream "},
	{1, 1,
	 "multipart/mixed multipart/alternative text/plain multipart/related text/html image/png "
	 "text/csv "},
};

START_TEST(shape)
{
	struct arena a;
	struct rope r;
	struct message_file files[] = {file, empty};
	struct message_parts p = usual();
	char types[512] = "";
	p.pictures = &picture;
	p.picture_count = shapes[_i].pictures;
	p.files = files;
	p.file_count = shapes[_i].files;
	arena_init(&a, 1 << 20);
	ck_assert_int_eq(message_build(&p, &a, &r, NULL), FAULT_NONE);
	struct slice m = read_all(&r);
	size_t n = 0;
	struct slice rest = m;
	struct slice line;
	while (slice_cut_to(&rest, '\n', &line)) {
		if (slice_starts(line, SLICE_LIT("Content-Type: "))) {
			line = slice_skip(line, 14);
			size_t len = slice_find_byte(line, ';') < line.len
					     ? slice_find_byte(line, ';')
					     : line.len - 1;
			memcpy(types + n, line.ptr, len);
			types[n + len] = ' ';
			n += len + 1;
		}
	}
	ck_assert_msg(slice_eq(slice_of(types, n), slice_of_text(shapes[_i].types)), "%.*s", (int)n,
		      types);
	ck_assert_uint_eq(count(m, "Bcc"), 0);
	/* Each leaf and each inner level is begun once, each level ended once. */
	ck_assert_uint_eq(count(m, "--=_"),
			  count(m, "Content-Transfer-Encoding") + 2 * count(m, "boundary=") - 1);
	arena_deinit(&a);
}
END_TEST

START_TEST(whole)
{
	static const char expected[] = "Date: Thu, 01 Jan 1970 00:00:01 +0000\r\n"
				       "From: Ann <ann@example.org>\r\n"
				       "Reply-To: Ben <ben@example.org>\r\n"
				       "To: Ben <ben@example.org>\r\n"
				       "Cc: Ann <ann@example.org>\r\n"
				       "Subject: Plan\r\n"
				       "Message-ID: <1@example.org>\r\n"
				       "In-Reply-To: <t@example.org>\r\n"
				       "References: <t@example.org>\r\n"
				       "X-Pagepost-Page: 42; version=7\r\n"
				       "MIME-Version: 1.0\r\n"
				       "Content-Type: multipart/alternative;\r\n"
				       " boundary=\"BOUNDARY\"\r\n"
				       "\r\n"
				       "--BOUNDARY\r\n"
				       "Content-Type: text/plain; charset=UTF-8\r\n"
				       "Content-Transfer-Encoding: quoted-printable\r\n"
				       "\r\n"
				       "Hello\r\n"
				       "--BOUNDARY\r\n"
				       "Content-Type: text/html; charset=UTF-8\r\n"
				       "Content-Transfer-Encoding: quoted-printable\r\n"
				       "\r\n"
				       "<p>Hello</p>\r\n"
				       "--BOUNDARY--\r\n";
	struct arena a;
	struct rope r;
	struct message_parts p = usual();
	p.reply_to = &ben;
	p.cc = &ann;
	p.cc_count = 1;
	p.thread_id = SLICE_LIT("t@example.org");
	p.page = SLICE_LIT("42; version=7");
	arena_init(&a, 1 << 20);
	ck_assert_int_eq(message_build(&p, &a, &r, NULL), FAULT_NONE);
	struct slice m = read_all(&r);
	struct slice b = slice_skip(m, slice_find(m, SLICE_LIT("=_")));
	b = slice_first(b, slice_find_byte(b, '"'));
	struct slice want = slice_of_text(expected);
	while (want.len > 0) {
		size_t plain = slice_find(want, SLICE_LIT("BOUNDARY"));
		ck_assert_msg(slice_starts(m, slice_first(want, plain)), "%.*s", (int)m.len, m.ptr);
		m = slice_skip(m, plain);
		if (plain < want.len) {
			ck_assert(slice_starts(m, b));
			m = slice_skip(m, b.len);
		}
		want = slice_skip(want, plain + 8);
	}
	ck_assert_uint_eq(m.len, 0);
	arena_deinit(&a);
}
END_TEST

START_TEST(encodings)
{
	struct arena a;
	struct rope r;
	struct message_parts p = usual();
	p.text = SLICE_LIT("日本語\n日本語\n");
	p.html = SLICE_LIT(".x\n");
	arena_init(&a, 1 << 20);
	ck_assert_int_eq(message_build(&p, &a, &r, NULL), FAULT_NONE);
	struct slice m = read_all(&r);
	/* The text of two lines with CRLF, in base64; the HTML's dot encoded. */
	ck_assert_uint_eq(count(m, "base64\r\n\r\n5pel5pys6KqeDQrml6XmnKzoqp4NCg==\r\n"), 1);
	ck_assert_uint_eq(count(m, "quoted-printable\r\n\r\n=2Ex\r\n"), 1);
	arena_deinit(&a);
}
END_TEST

/* What must not get into a head. */
static const struct {
	const char *name;
	struct slice subject, id, thread, page;
} refusals[] = {
	{"subject", SLICE_INIT("a\r\nBcc: x@example.org"), SLICE_INIT("1@e.org"), SLICE_INIT(""),
	 SLICE_INIT("")},
	{"id with a line end", SLICE_INIT("a"), SLICE_INIT("1@e.org\r\nX: y"), SLICE_INIT(""),
	 SLICE_INIT("")},
	{"id with a blank", SLICE_INIT("a"), SLICE_INIT("1 2@e.org"), SLICE_INIT(""),
	 SLICE_INIT("")},
	{"id without a host", SLICE_INIT("a"), SLICE_INIT("1"), SLICE_INIT(""), SLICE_INIT("")},
	{"no id", SLICE_INIT("a"), SLICE_INIT(""), SLICE_INIT(""), SLICE_INIT("")},
	{"id not ASCII", SLICE_INIT("a"), SLICE_INIT("ü@e.org"), SLICE_INIT(""), SLICE_INIT("")},
	{"thread", SLICE_INIT("a"), SLICE_INIT("1@e.org"), SLICE_INIT("x\n@e.org"), SLICE_INIT("")},
	{"page", SLICE_INIT("a"), SLICE_INIT("1@e.org"), SLICE_INIT(""),
	 SLICE_INIT("1\r\n\r\nbody")},
};

START_TEST(refusal)
{
	struct arena a;
	struct rope r;
	struct problem problem;
	struct message_parts p = usual();
	p.subject = refusals[_i].subject;
	p.message_id = refusals[_i].id;
	p.thread_id = refusals[_i].thread;
	p.page = refusals[_i].page;
	arena_init(&a, 1 << 20);
	ck_assert_int_eq(message_build(&p, &a, &r, &problem), FAULT_BAD_FIELD);
	ck_assert_int_eq(problem.fault, FAULT_BAD_FIELD);
	ck_assert(slice_starts(problem_text(&problem), SLICE_LIT("The mail's ")));
	arena_deinit(&a);
}
END_TEST

/* Fields of a mail that no person sent, and what must not stand in one that a person did. */
static const struct {
	const char *name;
	bool scheduled;
	struct slice list_id, unsubscribe;
	enum fault fault;
	const char *has, *lacks;
} lists[] = {
	{"a person's", false, SLICE_INIT("a.b"), SLICE_INIT("https://x.example/u"), FAULT_NONE,
	 "MIME-Version: 1.0\r\n", "List-"},
	{"is not automatic", false, SLICE_INIT(""), SLICE_INIT(""), FAULT_NONE,
	 "MIME-Version: 1.0\r\n", "Auto"},
	{"scheduled", true, SLICE_INIT(""), SLICE_INIT(""), FAULT_NONE,
	 "Auto-Submitted: auto-generated\r\nX-Auto-Response-Suppress: All\r\n", "List-"},
	{"of a list", true, SLICE_INIT("weekly.wiki.example.org"), SLICE_INIT(""), FAULT_NONE,
	 "List-Id: <weekly.wiki.example.org>\r\n", "List-Unsubscribe"},
	{"one click", true, SLICE_INIT("a.b"), SLICE_INIT("https://x.example/u?i=1"), FAULT_NONE,
	 "List-Unsubscribe: <https://x.example/u?i=1>\r\n"
	 "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n",
	 NULL},
	{"two ids", true, SLICE_INIT("a.b> <c.d"), SLICE_INIT(""), FAULT_BAD_FIELD, NULL, NULL},
	{"a line end", true, SLICE_INIT("a.b"), SLICE_INIT("https://x\r\nBcc: y@z"),
	 FAULT_BAD_FIELD, NULL, NULL},
	{"a blank", true, SLICE_INIT("a.b"), SLICE_INIT("https://x y"), FAULT_BAD_FIELD, NULL,
	 NULL},
};

START_TEST(list_fields)
{
	struct arena a;
	struct rope r;
	struct message_parts p = usual();
	struct problem problem;
	p.scheduled = lists[_i].scheduled;
	p.list_id = lists[_i].list_id;
	p.unsubscribe = lists[_i].unsubscribe;
	arena_init(&a, 1 << 20);
	ck_assert_int_eq(message_build(&p, &a, &r, &problem), lists[_i].fault);
	if (lists[_i].fault == FAULT_NONE) {
		struct slice m = read_all(&r);
		ck_assert_msg(count(m, lists[_i].has) == 1, "%.*s", (int)m.len, m.ptr);
		ck_assert(lists[_i].lacks == NULL || count(m, lists[_i].lacks) == 0);
	}
	arena_deinit(&a);
}
END_TEST

START_TEST(an_address_that_fits_no_line)
{
	static char address[MESSAGE_URI_MAX + 1];
	struct message_parts p = usual();
	struct problem problem;
	memset(address, 'x', sizeof(address));
	p.scheduled = true;
	for (size_t len = MESSAGE_URI_MAX; len <= sizeof(address); len++) {
		struct arena a;
		struct rope r;
		arena_init(&a, 1 << 20);
		p.unsubscribe = slice_of(address, len);
		ck_assert_int_eq(message_build(&p, &a, &r, &problem),
				 len <= MESSAGE_URI_MAX ? FAULT_NONE : FAULT_BAD_FIELD);
		arena_deinit(&a);
	}
}
END_TEST

/* A message that is the first of its thread does not answer itself. */
START_TEST(no_message_names_itself)
{
	struct arena a;
	struct rope r;
	struct message_parts p = usual();
	p.thread_id = p.message_id;
	arena_init(&a, 1 << 20);
	ck_assert_int_eq(message_build(&p, &a, &r, NULL), FAULT_NONE);
	struct slice m = read_all(&r);
	ck_assert_uint_eq(count(m, "References") + count(m, "In-Reply-To"), 0);
	arena_deinit(&a);
}
END_TEST

/* Parts that hold the boundary itself do not end there. */
START_TEST(boundaries_occur_in_no_part)
{
	struct arena a;
	struct rope r;
	struct message_parts p = usual();
	static char evil[256];
	p.files = &file;
	p.file_count = 1;
	arena_init(&a, 1 << 20);
	ck_assert_int_eq(message_build(&p, &a, &r, NULL), FAULT_NONE);
	struct slice m = read_all(&r);
	struct slice b = slice_skip(m, slice_find(m, SLICE_LIT("boundary=\"")) + 10);
	b = slice_first(b, slice_find_byte(b, '"'));
	int n = snprintf(evil, sizeof(evil), "\n--%.*s--\n", (int)b.len, b.ptr);
	p.text = p.html = slice_of(evil, (size_t)n);
	const struct message_file trap = {.name = SLICE_INIT("x"),
					  .type = SLICE_INIT("text/plain"),
					  .bytes = slice_of(evil, (size_t)n)};
	p.files = &trap;
	static char mark[64];
	(void)snprintf(mark, sizeof(mark), "\r\n--%.*s", (int)b.len, b.ptr);
	ck_assert_int_eq(message_build(&p, &a, &r, NULL), FAULT_NONE);
	ck_assert_uint_eq(count(read_all(&r), mark), 3); /* two parts, and the end */
	arena_deinit(&a);
}
END_TEST

START_TEST(same_input_same_bytes)
{
	struct arena a;
	struct rope r;
	struct message_parts p = usual();
	static char first[65536];
	arena_init(&a, 1 << 20);
	ck_assert_int_eq(message_build(&p, &a, &r, NULL), FAULT_NONE);
	struct slice m = read_all(&r);
	memcpy(first, m.ptr, m.len);
	ck_assert_int_eq(message_build(&p, &a, &r, NULL), FAULT_NONE);
	ck_assert(slice_eq(read_all(&r), slice_of(first, m.len)));
	p.seed = SLICE_LIT("other");
	ck_assert_int_eq(message_build(&p, &a, &r, NULL), FAULT_NONE);
	ck_assert(!slice_eq(read_all(&r), slice_of(first, m.len)));
	arena_deinit(&a);
}
END_TEST

START_TEST(no_memory)
{
	struct message_parts p = usual();
	p.files = &file;
	p.file_count = 1;
	enum fault f = FAULT_NO_MEMORY;
	for (size_t limit = 0; f == FAULT_NO_MEMORY; limit += 512) {
		struct arena a;
		struct rope r;
		arena_init(&a, limit);
		f = message_build(&p, &a, &r, NULL);
		arena_deinit(&a);
		ck_assert_uint_lt(limit, 1 << 20);
	}
	ck_assert_int_eq(f, FAULT_NONE);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("message");
	TCase *t = tcase_create("rows");
	tcase_add_loop_test(t, shape, 0, (int)COUNT_OF(shapes));
	tcase_add_test(t, whole);
	tcase_add_test(t, encodings);
	tcase_add_loop_test(t, refusal, 0, (int)COUNT_OF(refusals));
	tcase_add_loop_test(t, list_fields, 0, (int)COUNT_OF(lists));
	tcase_add_test(t, an_address_that_fits_no_line);
	tcase_add_test(t, no_message_names_itself);
	tcase_add_test(t, boundaries_occur_in_no_part);
	tcase_add_test(t, same_input_same_bytes);
	tcase_add_test(t, no_memory);
	suite_add_tcase(s, t);
	return check_main(s);
}
