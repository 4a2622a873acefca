#include "render/confluence/macros.h"

#include "tests/support/check_main.h"
#include "tests/support/pages.h"
#include "tests/support/tree_dump.h"

#define MD(text)                                                                                   \
	"<ac:structured-macro ac:name='markdown'><ac:plain-text-body><![CDATA[" text               \
	"]]></ac:plain-text-body></ac:structured-macro>"

static const struct page_row rows[] = {
	{"blocks", MD("# a\n\nb *c* **d** `e`\n\n> f\n\n1. g\n2. h\n\n---\n"),
	 "heading(1;id=a;){'a'}p{'b 'i:'c 'b:'d 'code:'e'}quote{p{'f'}}"
	 "numbers{item{t{'g'}}item{t{'h'}}}rule{}"},
	{"code", MD("```c\nx  y\n<b>\n```\n"), "code('x  y\n<b>')"},
	{"table", MD("| a | b |\n| --- | --- |\n| c | ~~d~~ |\n"),
	 "table(columns=2;){row(head;){cell(head;){t{'a'}}cell(head;){t{'b'}}}"
	 "row{cell{t{'c'}}cell{t{s:'d'}}}}"},
	{"links",
	 "<ac:structured-macro "
	 "ac:name='markdown'><ac:plain-text-body><![CDATA[[a](https://a.example) [b](javascript:x) "
	 "<https://c.example> https://d.example]]></ac:plain-text-body></ac:structured-macro>",
	 "p{link(https://a.example){'a'}' b 'link(https://c.example){'https://c.example'}' "
	 "'link(https://d.example){'https://d.example'}}"},
	{"html is text",
	 "<ac:structured-macro ac:name='markdown'><ac:plain-text-body><![CDATA[<b>a</b> "
	 "<script>x</script>]]></ac:plain-text-body></ac:structured-macro>",
	 "p{'<b>a</b> <script>x</script>'}"},
	{"a macro is text",
	 "<ac:structured-macro "
	 "ac:name='markdown'><ac:plain-text-body><![CDATA[<ac:structured-macro "
	 "ac:name=\"toc\"/>]]></ac:plain-text-body></ac:structured-macro>",
	 "p{'<ac:structured-macro ac:name=\"toc\"/>'}"},
	{"empty", "<ac:structured-macro ac:name='markdown'/>", ""},
	{"a rich body",
	 "<ac:structured-macro "
	 "ac:name='markdown'><ac:rich-text-body><p>a</p></ac:rich-text-body></ac:structured-macro>",
	 "p{'a'}"},
};

START_TEST(pages)
{
	page_check(&rows[_i]);
}
END_TEST

/* What is too long to be read is shown as it is; what is hostile is read in time. */
START_TEST(long_ones)
{
	static const char *const pieces[] = {"> ", "[",	 "*a_",	  "![a](", "<",
					     "`",  "- ", "|a|\n", "&",	   "[a]: b\n"};
	for (size_t i = 0; i < COUNT_OF(pieces); i++) {
		struct buf body;
		struct page_reading p;
		buf_init(&body, 1 << 20);
		ck_assert(buf_add_text(&body, "<ac:structured-macro ac:name='markdown'>"
					      "<ac:plain-text-body><![CDATA[") == FAULT_NONE);
		while (body.len < 60 * 1024) {
			ck_assert(buf_add_text(&body, pieces[i]) == FAULT_NONE);
		}
		ck_assert(buf_add_text(&body, "]]></ac:plain-text-body></ac:structured-macro>") ==
			  FAULT_NONE);
		ck_assert(page_read(&p, buf_view(&body)) == FAULT_NONE);
		ck_assert_ptr_null(tree_broken_promise(p.document.root));
		page_reading_drop(&p);
		buf_deinit(&body);
	}
}
END_TEST

/* Each reference repeats an address of 30,000 bytes: 200 MB of HTML. */
START_TEST(references)
{
	struct buf body;
	struct page_reading p;
	buf_init(&body, 1 << 20);
	ck_assert(buf_add_text(&body, "<ac:structured-macro ac:name='markdown'>"
				      "<ac:plain-text-body><![CDATA[[a]: /") == FAULT_NONE);
	while (body.len < 30 * 1000) {
		ck_assert(buf_add_text(&body, "b") == FAULT_NONE);
	}
	ck_assert(buf_add_text(&body, "\n\n") == FAULT_NONE);
	while (body.len < 60 * 1000) {
		ck_assert(buf_add_text(&body, "[a] ") == FAULT_NONE);
	}
	ck_assert(buf_add_text(&body, "]]></ac:plain-text-body></ac:structured-macro>") ==
		  FAULT_NONE);
	ck_assert(page_read(&p, buf_view(&body)) == FAULT_NONE);
	ck_assert_uint_lt(arena_taken(&p.arena), 16 << 20);
	page_reading_drop(&p);
	buf_deinit(&body);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("macro_markdown");
	TCase *t = tcase_create("macro_markdown");
	tcase_add_loop_test(t, pages, 0, COUNT_OF(rows));
	tcase_add_test(t, long_ones);
	tcase_add_test(t, references);
	suite_add_tcase(s, t);
	return check_main(s);
}
