#include "render/html/plain.h"

#include "tests/support/check_main.h"
#include "tests/support/written.h"

static const struct party ann = {SLICE_INIT("Ann"), {.address = SLICE_INIT("ann@example.org")}};
static const struct attachment files[] = {
	{.name = SLICE_INIT("a.txt"),
	 .type = SLICE_INIT("text/plain"),
	 .bytes = SLICE_INIT("12345")},
	{.name = SLICE_INIT("b.txt"), .type = SLICE_INIT("text/plain"), .bytes = SLICE_INIT("1")}};
static const struct page full = {
	.id = SLICE_INIT("7"),
	.title = SLICE_INIT("A page"),
	.space_key = SLICE_INIT("DEV"),
	.site_url = SLICE_INIT("https://x.example"),
};
static struct node root = {.kind = NODE_ROOT};
static const struct document document = {.root = &root};
static const struct render_input input = {
	.page = &full,
	.sender = &ann,
	.note = SLICE_INIT("First line\nsecond line\n"),
	.attachments = files,
	.attachment_count = COUNT_OF(files),
	.message_id = SLICE_INIT("1@example.org"),
};

START_TEST(whole)
{
	static const char expected[] =
		"A page\n"
		"======\n"
		"Space DEV · sent by Ann\n"
		"\n"
		"First line\n"
		"second line\n"
		"\n"
		"Open in Confluence: <https://x.example/pages/viewpage.action?pageId=7>\n"
		"\n"
		"This page has no content.\n"
		"\n"
		"Attached files:\n"
		"- a.txt (5 bytes)\n"
		"- b.txt (1 byte)\n"
		"\n"
		"-- \n"
		"A Confluence page, sent by Pagepost.\n";
	struct arena a;
	struct view v;
	struct slice text;
	arena_init(&a, 1 << 20);
	ck_assert_int_eq(view_init(&v, &input, &document, &a), FAULT_NONE);
	ck_assert_int_eq(plain_write(&v, &text), FAULT_NONE);
	ck_assert_msg(slice_eq(text, slice_of_text(expected)), "%.*s", (int)text.len, text.ptr);
	arena_deinit(&a);
}
END_TEST

/* No blank at a line's end, never three empty lines, whatever stands on the page. */
static const char *const pages[] = {
	"<p>a</p><p> </p><p> </p><p> </p><h1>b</h1><p> </p><h2>c</h2>",
	"<h1>a</h1><h1>b</h1><hr/><hr/><h2>c</h2>",
	"<blockquote><p>a</p><p> </p></blockquote><blockquote><p> </p></blockquote><p>b</p>",
	"<ul><li><p>a</p><ul><li><p>b</p></li></ul></li></ul><h1>c</h1>",
	"<table><tbody><tr><td><h1>a</h1><p>b</p><ul><li>c</li></ul></td><td><br/><br/>d</td></"
	"tr></tbody></table><h2>e</h2>",
	"<p>a<br/><br/><br/><br/>b</p>",
	"<ac:structured-macro ac:name=\"info\"><ac:rich-text-body><h1>a</h1><p> "
	"</p><p>b</p><hr/></ac:rich-text-body></ac:structured-macro><h1>c</h1>",
	"<ac:layout><ac:layout-section "
	"ac:type=\"two_equal\"><ac:layout-cell><h1>a</h1></ac:layout-cell><ac:layout-cell><h1>b</"
	"h1></ac:layout-cell></ac:layout-section></ac:layout>",
};

START_TEST(lines_are_clean)
{
	struct written made;
	written_make(pages[_i], &made);
	struct slice rest = made.whole_text;
	struct slice line;
	int empty = 0;
	while (slice_cut_to(&rest, '\n', &line)) {
		ck_assert(line.len == 0 || line.ptr[line.len - 1] != ' ' ||
			  slice_eq(line, SLICE_LIT("-- ")));
		empty = line.len == 0 ? empty + 1 : 0;
		ck_assert_msg(empty <= 2, "%.*s", (int)made.text.len, made.text.ptr);
	}
	ck_assert_uint_eq(rest.len, 0);
	written_drop(&made);
}
END_TEST

START_TEST(no_memory)
{
	enum fault f = FAULT_NO_MEMORY;
	for (size_t limit = 16; f == FAULT_NO_MEMORY && limit < 1 << 20; limit += 256) {
		struct arena a;
		struct view v;
		struct slice text;
		arena_init(&a, limit);
		f = view_init(&v, &input, &document, &a);
		f = f == FAULT_NONE ? plain_write(&v, &text) : f;
		arena_deinit(&a);
	}
	ck_assert_int_eq(f, FAULT_NONE);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("plain");
	TCase *t = tcase_create("rows");
	tcase_add_test(t, whole);
	tcase_add_loop_test(t, lines_are_clean, 0, (int)COUNT_OF(pages));
	tcase_add_test(t, no_memory);
	suite_add_tcase(s, t);
	return check_main(s);
}
