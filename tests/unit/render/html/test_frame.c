#include "render/html/html.h"

#include "tests/support/check_main.h"
#include "tests/support/written.h"

static const struct party ann = {SLICE_INIT("Ann <b>"), {.address = SLICE_INIT("ann@example.org")}};
static const struct attachment files[] = {{.name = SLICE_INIT("a<b.txt"),
					   .type = SLICE_INIT("text/plain"),
					   .bytes = SLICE_INIT("12345")}};

static struct render_input usual(const struct page *page)
{
	return (struct render_input){
		.page = page,
		.sender = &ann,
		.note = SLICE_INIT("First line\nsecond <line>"),
		.attachments = files,
		.attachment_count = COUNT_OF(files),
		.layout = {.button_label = SLICE_INIT("Zur \"Seite\"")},
		.message_id = SLICE_INIT("1@example.org"),
	};
}

static const struct page full = {
	.id = SLICE_INIT("7"),
	.title = SLICE_INIT("A & B </title>"),
	.space_key = SLICE_INIT("DEV"),
	.site_url = SLICE_INIT("https://x.example"),
};
static const struct page bare;

static struct node root = {.kind = NODE_ROOT};
static const struct document document = {.root = &root};

static struct slice write_frame(const struct page *page, struct arena *a)
{
	static struct view v;
	struct render_input in = usual(page);
	struct slice html;
	ck_assert_int_eq(view_init(&v, &in, &document, a), FAULT_NONE);
	ck_assert_int_eq(html_write(&v, &html), FAULT_NONE);
	return html;
}

static const struct {
	const char *name, *has;
} rows[] = {
	{"doctype", "<!DOCTYPE html>\n<html lang=\"en\">"},
	{"charset", "<meta charset=\"UTF-8\">"},
	{"title in the head", "<title>A &amp; B &lt;/title&gt;</title>"},
	{"title on the page", "A &amp; B &lt;/title&gt;</h1>"},
	{"byline", "Space DEV · sent by Ann &lt;b&gt;</p>"},
	{"note", "First line<br>\nsecond &lt;line&gt;</td>"},
	{"button", "<a href=\"https://x.example/pages/viewpage.action?pageId=7\""},
	{"label", "Zur &quot;Seite&quot;"},
	{"files", "&#128206; a&lt;b.txt (5 bytes)"},
	{"preheader", "First line second &lt;line&gt;&#847;"},
	{"a table for Word",
	 "<!--[if mso]><table role=\"presentation\" cellpadding=\"0\" cellspacing=\"0\" "
	 "border=\"0\" width=\"680\"><tr><td><![endif]-->"},
	{"its end", "<!--[if mso]></td></tr></table><![endif]-->"},
	{"the others", "max-width:680px"},
	{"an empty page", "This page has no content."},
};

START_TEST(full_frame)
{
	struct arena a;
	arena_init(&a, 1 << 20);
	struct slice html = write_frame(&full, &a);
	ck_assert_msg(written_has(html, rows[_i].has), "%s: %.*s", rows[_i].name, (int)html.len,
		      html.ptr);
	arena_deinit(&a);
}
END_TEST

START_TEST(bare_frame)
{
	struct arena a;
	arena_init(&a, 1 << 20);
	struct slice html = write_frame(&bare, &a);
	ck_assert(written_has(html, "<title>Untitled page</title>"));
	ck_assert(!written_has(html, "<a href"));
	ck_assert(!written_has(html, "Space "));
	/* One style block of at most 8 KB, in the head. */
	size_t at = slice_find(html, SLICE_LIT("<style>"));
	size_t end = slice_find(html, SLICE_LIT("</style>"));
	ck_assert_uint_lt(end - at, 8192);
	ck_assert_uint_lt(end, slice_find(html, SLICE_LIT("</head>")));
	arena_deinit(&a);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("frame");
	TCase *t = tcase_create("rows");
	tcase_add_loop_test(t, full_frame, 0, (int)COUNT_OF(rows));
	tcase_add_test(t, bare_frame);
	suite_add_tcase(s, t);
	return check_main(s);
}
