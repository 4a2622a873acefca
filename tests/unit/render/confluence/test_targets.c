#include "render/confluence/targets.h"

#include "tests/support/check_main.h"
#include "tests/support/pages.h"
#include "tests/support/tree_dump.h"

static const struct page_row rows[] = {
	{"file of this page by its name",
	 "<p><ac:link><ri:attachment ri:filename='plan.pdf'>"
	 "<ri:page ri:content-title='My Page'/></ri:attachment></ac:link></p>",
	 "file(plan.pdf;href=https://x.example/wiki/download/attachments/42/plan.pdf;)"},
	{"file of another page of the same name",
	 "<p><ac:link><ri:attachment ri:filename='plan.pdf'>"
	 "<ri:page ri:content-title='Other'/></ri:attachment></ac:link></p>",
	 "file(plan.pdf;href=https://x.example/wiki/pages/viewpage.action?spaceKey=DOC"
	 "&title=Other;)"},
	{"page without a title",
	 "<p><ac:link><ri:page/><ac:link-body>a</ac:link-body></ac:link></p>", "p{'a'}"},
	{"space without a key",
	 "<p><ac:link><ri:space/><ac:link-body>a</ac:link-body></ac:link></p>", "p{'a'}"},
	{"address with a scheme that does not leave",
	 "<p><ac:link><ri:url ri:value='ftp://a.example/x'/>"
	 "<ac:link-body>a</ac:link-body></ac:link></p>",
	 "p{'a'}"},
	{"user by the name he signs in with",
	 "<p><ac:link><ri:user ri:username='bob'/></ac:link> <ac:link><ri:user ri:userkey='u1' "
	 "ri:username='x'/></ac:link> <ac:link><ri:user ri:userkey='k'/></ac:link></p>",
	 "p{mention(bob)' 'mention(Ann)' 'mention(user)}"},
	{"user without an id", "<p><ac:link><ri:user/></ac:link></p>", "p{mention(user)}"},
	{"shortcut with words",
	 "<p><ac:link><ri:shortcut ri:key='k' ri:parameter='p'/>"
	 "<ac:link-body>a</ac:link-body></ac:link></p>",
	 "p{'a'}"},
	{"title with signs",
	 "<p><ac:link><ri:page ri:content-title='a/b?c&amp;d#e \"f\" ü'/>"
	 "</ac:link></p>",
	 "p{link(https://x.example/wiki/pages/viewpage.action?spaceKey=DOC&title=a%2Fb"
	 "%3Fc%26d%23e%20%22f%22%20%C3%BC){'a/b?c&d#e \"f\" ü'}}"},
};

START_TEST(pages)
{
	page_check(&rows[_i]);
}
END_TEST

/* Without the site's address nothing can be linked, and every title is still there. */
START_TEST(without_a_site)
{
	const struct page page = {
		.title = SLICE_LIT("T"),
		.body = SLICE_LIT("<p><ac:link><ri:page ri:content-title='A'/></ac:link> "
				  "<ac:link><ri:space ri:space-key='B'/></ac:link> "
				  "<ac:link><ri:attachment ri:filename='c.pdf'/></ac:link> "
				  "<a href='/d'>d</a> <a href='#e'>e</a></p>"),
	};
	const struct document_params params = {.page = &page};
	struct arena arena;
	struct document document;
	struct buf dump;
	arena_init(&arena, 1 << 24);
	buf_init(&dump, 4096);
	ck_assert(document_read(&params, &arena, &document, NULL) == FAULT_NONE);
	tree_dump(document.root, &dump);
	struct slice want = SLICE_LIT("p{'A B 'file_inline(c.pdf)' d 'link(#e){'e'}}");
	ck_assert_msg(slice_eq(buf_view(&dump), want), "%.*s", (int)dump.len, dump.ptr);
	buf_deinit(&dump);
	arena_deinit(&arena);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("targets");
	TCase *t = tcase_create("targets");
	tcase_add_loop_test(t, pages, 0, COUNT_OF(rows));
	tcase_add_test(t, without_a_site);
	suite_add_tcase(s, t);
	return check_main(s);
}
