#include "render/render.h"

#include <string.h>

#include "tests/support/check_main.h"
#include "tests/support/written.h"

static const struct party ann = {SLICE_INIT("Ann"), {.address = SLICE_INIT("ann@example.org")}};
static const struct party ben = {SLICE_INIT("Ben"), {.address = SLICE_INIT("ben@example.org")}};
static const struct attachment files[] = {
	{.name = SLICE_INIT("dot.png"),
	 .type = SLICE_INIT("image/png"),
	 .bytes = SLICE_INIT("\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\2\0\0\0\1\x08\6\0\0\0")},
	{.name = SLICE_INIT("a.csv"), .type = SLICE_INIT("text/csv"), .bytes = SLICE_INIT("a;b\n")},
};

static struct page page_of(const char *body)
{
	return (struct page){
		.id = SLICE_INIT("7"),
		.version = 3,
		.title = SLICE_INIT("Plan"),
		.site_url = SLICE_INIT("https://x.example"),
		.body = slice_of_text(body),
	};
}

static struct render_input usual(const struct page *page)
{
	return (struct render_input){
		.page = page,
		.from = &ann,
		.sender = &ann,
		.to = &ben,
		.to_count = 1,
		.subject = SLICE_INIT("Plan"),
		.attachments = files,
		.attachment_count = COUNT_OF(files),
		.date = {.ms = 1000},
		.message_id = SLICE_INIT("1@example.org"),
		.boundary_seed = SLICE_INIT("seed"),
	};
}

static char room[1 << 20];

static struct slice read_all(const struct rope *r)
{
	struct rope_cursor c;
	size_t n = 0;
	rope_rewind(r, &c);
	while (!rope_at_end(&c)) {
		n += rope_read(&c, room + n, sizeof(room) - n);
	}
	return slice_of(room, n);
}

static const char picture_page[] =
	"<p>Hello</p><ac:image><ri:attachment ri:filename=\"dot.png\"/></ac:image><ac:image>"
	"<ri:attachment ri:filename=\"dot.png\"/></ac:image>";

/* What stands in the message for pages and wishes. */
static const struct {
	const char *name, *page;
	enum attach_mode attach;
	const char *has, *lacks;
} rows[] = {
	{"the page's words", "<p>Hello</p>", ATTACH_NONE, "\r\nHello\r\n", "multipart/mixed"},
	{"files go along", "<p>Hello</p>", ATTACH_ALL, "filename=\"a.csv\"", "Content-ID"},
	{"a picture is a part", picture_page, ATTACH_NONE, "Content-ID: <", "multipart/mixed"},
	{"the thread of the page", "<p>Hello</p>", ATTACH_NONE, "\r\nReferences: <page.", "Bcc"},
	{"which page it is", "<p>Hello</p>", ATTACH_NONE,
	 "X-Pagepost-Page: 7; version=3; site=https://x.example\r\n", NULL},
	{"broken pages go too", "<p>Hello", ATTACH_NONE, "\r\nHello\r\n", NULL},
	{"and empty ones", "", ATTACH_NONE, "This page has no content.", NULL},
};

START_TEST(message)
{
	struct arena a;
	struct render_output made;
	struct page page = page_of(rows[_i].page);
	struct render_input in = usual(&page);
	in.attach = rows[_i].attach;
	arena_init(&a, 1 << 22);
	ck_assert_int_eq(render_message(&in, &a, &made, NULL), FAULT_NONE);
	struct slice m = read_all(&made.message);
	ck_assert_msg(written_has(m, rows[_i].has), "%s: %.*s", rows[_i].name, (int)m.len, m.ptr);
	ck_assert(rows[_i].lacks == NULL || !written_has(m, rows[_i].lacks));
	ck_assert_uint_eq(made.report.message_bytes, m.len);
	ck_assert_uint_eq(made.report.html_bytes, made.html.len);
	ck_assert_uint_eq(made.report.text_bytes, made.text.len);
	arena_deinit(&a);
}
END_TEST

/* Where no mail may lead to pictures on other web servers, neither part says where they lie; the page's links stay. */
START_TEST(remote_pictures_are_named)
{
	static const char remote_page[] =
		"<ac:image ac:alt=\"logo\"><ri:url "
		"ri:value=\"https://far.example/x.png\"/></ac:image>"
		"<p>a <ac:image><ri:url ri:value=\"https://far.example/y.png\"/></ac:image></p>"
		"<p><a href=\"https://near.example/z\">z</a></p>";
	for (int hides = 0; hides <= 1; hides++) {
		struct arena a;
		struct render_output made;
		struct page page = page_of(remote_page);
		struct render_input in = usual(&page);
		in.hides_remote = hides;
		arena_init(&a, 1 << 22);
		ck_assert_int_eq(render_message(&in, &a, &made, NULL), FAULT_NONE);
		ck_assert_int_eq(written_has(made.html, "far.example"), !hides);
		ck_assert_int_eq(written_has(made.text, "far.example"), !hides);
		ck_assert(written_has(made.html, "logo") && written_has(made.text, "logo"));
		ck_assert(written_has(made.html, "https://near.example/z"));
		ck_assert(slice_eq(made.report.warnings->code, SLICE_LIT("remote-picture")));
		ck_assert_int_eq(written_has(made.report.warnings->detail, "policy"), hides);
		arena_deinit(&a);
	}
}
END_TEST

static const struct {
	const char *subject, *title, *language, *expected;
} subjects[] = {
	{"S", "T", "", "\r\nSubject: S\r\n"},
	{"", "T", "", "\r\nSubject: T\r\n"},
	{"  ", "T", "", "\r\nSubject: T\r\n"},
	{"", "", "", "\r\nSubject: Untitled page\r\n"},
	{"", " ", "de", "\r\nSubject: Seite ohne Titel\r\n"},
};

START_TEST(a_mail_has_a_subject)
{
	struct arena a;
	struct render_output made;
	struct page page = page_of("<p>Hello</p>");
	page.title = slice_of_text(subjects[_i].title);
	struct render_input in = usual(&page);
	in.subject = slice_of_text(subjects[_i].subject);
	in.language = slice_of_text(subjects[_i].language);
	arena_init(&a, 1 << 22);
	ck_assert_int_eq(render_message(&in, &a, &made, NULL), FAULT_NONE);
	ck_assert(written_has(read_all(&made.message), subjects[_i].expected));
	arena_deinit(&a);
}
END_TEST

START_TEST(the_message_alone)
{
	struct arena a;
	struct render_output whole;
	struct render_output made;
	struct page page = page_of("<h1>Hello</h1><p>you</p>");
	struct render_input in = usual(&page);
	arena_init(&a, 1 << 22);
	ck_assert_int_eq(render_message(&in, &a, &whole, NULL), FAULT_NONE);
	in.message_only = true;
	size_t before = arena_taken(&a);
	ck_assert_int_eq(render_message(&in, &a, &made, NULL), FAULT_NONE);
	ck_assert_uint_eq(made.html.len + made.text.len, 0);
	ck_assert_uint_eq(made.report.html_bytes, whole.html.len);
	ck_assert_uint_eq(made.report.text_bytes, whole.text.len);
	ck_assert_uint_eq(a.limit, 1 << 22);
	ck_assert_uint_lt(arena_taken(&a) - before, 32 * 1024);
	ck_assert(written_has(read_all(&made.message), "\r\nHello\r\n"));
	arena_deinit(&a);
}
END_TEST

START_TEST(a_picture_used_twice_is_sent_once)
{
	struct arena a;
	struct render_output made;
	struct page page = page_of(picture_page);
	struct render_input in = usual(&page);
	in.attach = ATTACH_NONE;
	arena_init(&a, 1 << 22);
	ck_assert_int_eq(render_message(&in, &a, &made, NULL), FAULT_NONE);
	struct slice m = read_all(&made.message);
	size_t first = slice_find(m, SLICE_LIT("Content-ID"));
	ck_assert(!written_has(slice_skip(m, first + 1), "Content-ID"));
	arena_deinit(&a);
}
END_TEST

START_TEST(the_report)
{
	struct arena a;
	struct render_output made;
	struct page page = page_of(
		"<p>x<ac:structured-macro ac:name=\"org\"/><ac:image><ri:attachment "
		"ri:filename=\"a.csv\"/></ac:image>");
	struct render_input in = usual(&page);
	arena_init(&a, 1 << 22);
	ck_assert_int_eq(render_message(&in, &a, &made, NULL), FAULT_NONE);
	ck_assert(made.report.macros != NULL &&
		  slice_eq(made.report.macros->name, SLICE_LIT("org")));
	ck_assert_int_eq(made.report.macros->fate, MACRO_CARD);
	bool malformed = false;
	bool picture = false;
	for (const struct render_warning *w = made.report.warnings; w != NULL; w = w->next) {
		malformed = malformed || slice_eq(w->code, SLICE_LIT("not-well-formed"));
		picture = picture || slice_eq(w->code, SLICE_LIT("no-picture"));
	}
	ck_assert(malformed);
	ck_assert(picture);
	arena_deinit(&a);
}
END_TEST

static bool report_warns(const struct render_report *r, const char *code)
{
	for (const struct render_warning *w = r->warnings; w != NULL; w = w->next) {
		if (slice_eq(w->code, slice_of_text(code)) && w->detail.len > 0) {
			return true;
		}
	}
	return false;
}

/* What the server will not take is said before it is asked, and files that would make it so are linked. */
START_TEST(limits)
{
	struct arena a;
	struct render_output made;
	struct page page = page_of("<p>x</p>");
	struct render_input in = usual(&page);
	arena_init(&a, 1 << 22);
	in.size_limit = 1000;
	ck_assert_int_eq(render_message(&in, &a, &made, NULL), FAULT_NONE);
	ck_assert(report_warns(&made.report, "message-over-limit"));
	ck_assert(report_warns(&made.report, "attachments-too-large"));
	ck_assert(!written_has(read_all(&made.message), "Content-Disposition"));
	ck_assert(written_has(made.text, "- a.csv (4 bytes)"));
	ck_assert(written_has(made.text, "<https://x.example/download/attachments/7/a.csv"));
	in.size_limit = 10 * 1000 * 1000;
	ck_assert_int_eq(render_message(&in, &a, &made, NULL), FAULT_NONE);
	ck_assert_ptr_null(made.report.warnings);
	in.limits.files = files[0].bytes.len;
	ck_assert_int_eq(render_message(&in, &a, &made, NULL), FAULT_NONE);
	ck_assert(written_has(read_all(&made.message), "filename=\"dot.png\""));
	ck_assert(!written_has(read_all(&made.message), "filename=\"a.csv\""));
	/* What is set lets nothing through that the server would not take. */
	in.size_limit = 1000;
	in.limits.files = UINT64_MAX;
	ck_assert_int_eq(render_message(&in, &a, &made, NULL), FAULT_NONE);
	ck_assert(!written_has(read_all(&made.message), "filename="));
	arena_deinit(&a);
}
END_TEST

START_TEST(a_picture_that_is_shown_goes_along_once)
{
	static const struct slice name = SLICE_INIT("dot.png");
	struct page page = page_of(picture_page);
	struct render_input in = usual(&page);
	for (enum attach_mode mode = ATTACH_ALL; mode <= ATTACH_NAMED; mode++) {
		struct arena a;
		struct render_output made;
		arena_init(&a, 1 << 22);
		in.attach = mode;
		in.attach_names = &name;
		in.attach_name_count = 1;
		ck_assert_int_eq(render_message(&in, &a, &made, NULL), FAULT_NONE);
		struct slice m = read_all(&made.message);
		size_t first = slice_find(m, SLICE_LIT("filename=\"dot.png\""));
		ck_assert_uint_lt(first, m.len);
		ck_assert_int_eq(written_has(slice_skip(m, first + 1), "filename=\"dot.png\""),
				 mode == ATTACH_NAMED);
		arena_deinit(&a);
	}
}
END_TEST

START_TEST(scheduled)
{
	static char address[1000];
	struct arena a;
	struct render_output made;
	struct page page = page_of("<p>x</p>");
	struct render_input in = usual(&page);
	memset(address, 'x', sizeof(address));
	arena_init(&a, 1 << 22);
	in.scheduled = (struct scheduled){.is_set = true,
					  .list_id = SLICE_INIT("weekly.x.example"),
					  .unsubscribe = SLICE_INIT("https://x.example/u")};
	ck_assert_int_eq(render_message(&in, &a, &made, NULL), FAULT_NONE);
	struct slice m = read_all(&made.message);
	ck_assert(written_has(m, "\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"));
	in.scheduled.unsubscribe = slice_of(address, sizeof(address));
	ck_assert_int_eq(render_message(&in, &a, &made, NULL), FAULT_NONE);
	ck_assert(!written_has(read_all(&made.message), "List-Unsubscribe"));
	ck_assert(report_warns(&made.report, "unsubscribe-too-long"));
	arena_deinit(&a);
}
END_TEST

START_TEST(the_same_bytes_each_time)
{
	static char first[1 << 20];
	struct page page = page_of(picture_page);
	struct render_input in = usual(&page);
	size_t len = 0;
	for (int i = 0; i < 2; i++) {
		struct arena a;
		struct render_output made;
		arena_init(&a, 1 << 22);
		ck_assert_int_eq(render_message(&in, &a, &made, NULL), FAULT_NONE);
		struct slice m = read_all(&made.message);
		ck_assert(i == 0 || slice_eq(m, slice_of(first, len)));
		memcpy(first, m.ptr, m.len);
		len = m.len;
		arena_deinit(&a);
	}
}
END_TEST

/* Arguments that no message can be made of. */
static const struct {
	struct slice subject, message_id, page_id;
} refusals[] = {
	{SLICE_INIT("a\r\nBcc: x@example.org"), SLICE_INIT("1@example.org"), SLICE_INIT("7")},
	{SLICE_INIT("a\0b"), SLICE_INIT("1@example.org"), SLICE_INIT("7")},
	{SLICE_INIT("a\xff"), SLICE_INIT("1@example.org"), SLICE_INIT("7")},
	{SLICE_INIT("a"), SLICE_INIT("1@example.org\r\nX: y"), SLICE_INIT("7")},
	{SLICE_INIT("a"), SLICE_INIT(""), SLICE_INIT("7")},
	{SLICE_INIT("a"), SLICE_INIT("1@example.org"), SLICE_INIT("7\r\nX: y")},
};

START_TEST(refusal)
{
	struct arena a;
	struct render_output made;
	struct problem problem;
	struct page page = page_of("<p>x</p>");
	page.id = refusals[_i].page_id;
	struct render_input in = usual(&page);
	in.subject = refusals[_i].subject;
	in.message_id = refusals[_i].message_id;
	arena_init(&a, 1 << 22);
	ck_assert_int_eq(render_message(&in, &a, &made, &problem), FAULT_BAD_FIELD);
	arena_deinit(&a);
}
END_TEST

START_TEST(no_memory)
{
	struct page page = page_of(picture_page);
	struct render_input in = usual(&page);
	enum fault f = FAULT_NO_MEMORY;
	for (size_t limit = 0; f == FAULT_NO_MEMORY && limit < 1 << 22; limit += 1024) {
		struct arena a;
		struct render_output made;
		arena_init(&a, limit);
		f = render_message(&in, &a, &made, NULL);
		arena_deinit(&a);
	}
	ck_assert_int_eq(f, FAULT_NONE);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("render");
	TCase *t = tcase_create("rows");
	tcase_add_loop_test(t, message, 0, (int)COUNT_OF(rows));
	tcase_add_test(t, remote_pictures_are_named);
	tcase_add_loop_test(t, a_mail_has_a_subject, 0, COUNT_OF(subjects));
	tcase_add_test(t, the_message_alone);
	tcase_add_test(t, a_picture_used_twice_is_sent_once);
	tcase_add_test(t, limits);
	tcase_add_test(t, a_picture_that_is_shown_goes_along_once);
	tcase_add_test(t, scheduled);
	tcase_add_test(t, the_report);
	tcase_add_test(t, the_same_bytes_each_time);
	tcase_add_loop_test(t, refusal, 0, (int)COUNT_OF(refusals));
	tcase_add_test(t, no_memory);
	suite_add_tcase(s, t);
	return check_main(s);
}
