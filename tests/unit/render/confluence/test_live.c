#include "render/confluence/live.h"

#include <string.h>

#include "tests/support/check_main.h"
#include "tests/support/pages.h"

#define MACRO_ID(name, id) "<ac:structured-macro ac:name='" name "' ac:local-id='" id "'"
#define LIVE(id)	   MACRO_ID("zz", id) "/>"

static const struct page_row rows[] = {
	{"html", LIVE("l-html") "<p>a</p>", "p{'live 'b:'html'}p{'a'}"},
	{"by macro id", "<ac:structured-macro ac:name='zz' ac:macro-id='l-html'/>",
	 "p{'live 'b:'html'}"},
	{"text", LIVE("l-text") "a", "p{'one'break'two'}p{'three'}p{'a'}"},
	{"text in a line", "<p>a " LIVE("l-text") " b</p>", "p{'a one'break'two'break'three b'}"},
	{"rows", LIVE("l-rows") "a",
	 "table(columns=2;){row(head;){cell(head;){t{'Key'}}cell(head;){t{'State'}}}row{cell{t{"
	 "link(https://x.example/"
	 "A-1){'A-1'}}}cell{t{'<b>'}}}row{cell{t{'javascript:x'}}cell{}}}p{'a'}"},
	{"rows in a line", "<p>a " LIVE("l-rows") " b</p>",
	 "p{'a'}table(columns=2;){row(head;){cell(head;){t{'Key'}}cell(head;){t{'State'}}}row{cell{"
	 "t{"
	 "link(https://x.example/"
	 "A-1){'A-1'}}}cell{t{'<b>'}}}row{cell{t{'javascript:x'}}cell{}}}p{'b'}"},
	{"no row is nothing known", LIVE("l-none"),
	 "card(label=zz;macro=zz;href=https://x.example/wiki/pages/viewpage.action?pageId=42;)"},
	{"in the place of a body",
	 MACRO_ID("info",
		  "l-html") "><ac:rich-text-body>b</ac:rich-text-body></ac:structured-macro>"
			    "<p>c</p>",
	 "p{'live 'b:'html'}p{'c'}"},
	{"never inside itself", LIVE("l-self"),
	 "p{'s'}card(label=zz;macro=zz;href=https://x.example/wiki/pages/viewpage.action?pageId="
	 "42;)"},
	{"five inside each other", LIVE("l-1"),
	 "p{'12345'}card(label=zz;macro=zz;href=https://x.example/wiki/pages/viewpage.action"
	 "?pageId=42;)"},
	{"eight times on a page",
	 "<p>" LIVE("l-6") LIVE("l-6") LIVE("l-6") LIVE("l-6") LIVE("l-6") LIVE("l-6") LIVE("l-6")
		 LIVE("l-6") LIVE("l-6") "</p>",
	 "p{'66666666'card_inline(label=zz;macro=zz;href=https://x.example/wiki/pages/viewpage."
	 "action?pageId=42;)}"},
	{"what is around means nothing to it",
	 "<ac:link><ri:page ri:content-title='T'/><ac:link-body>" LIVE(
		 "l-html") "</ac:link-body></ac:link>",
	 "p{link(https://x.example/wiki/pages/viewpage.action?spaceKey=DOC&title=T){'live "
	 "'b:'html'}}"},
};

START_TEST(pages)
{
	page_check(&rows[_i]);
}
END_TEST

START_TEST(fate)
{
	struct page_reading p;
	ck_assert(page_read(&p, SLICE_LIT(LIVE("l-html"))) == FAULT_NONE);
	ck_assert_int_eq(p.document.macros->fate, MACRO_SNAPSHOT);
	ck_assert_ptr_null(p.document.macros->next);
	page_reading_drop(&p);
}
END_TEST

static size_t count_of(const struct node *root, enum node_kind kind)
{
	size_t count = 0;
	struct walk w = walk_of(root);
	while (walk_next(&w)) {
		count += !w.leaving && w.at->kind == kind;
	}
	return count;
}

/* Large content stands on a page a few times; where it does not, there is a card. */
START_TEST(large_ones_stand_less_often)
{
	static char text[LIVE_AGAIN / 3];
	static struct live_macro big[] = {{SLICE_INIT("big"), LIVE_TEXT, {NULL, 0}, NULL, 0}};
	const struct known known = {.macros = big, .macro_count = 1};
	const struct page page = {
		.body = SLICE_INIT(LIVE("big") LIVE("big") LIVE("big") LIVE("big") LIVE("big"))};
	const struct document_params params = {.page = &page, .known = &known};
	struct arena arena;
	struct document d;
	for (int larger = 0; larger < 2; larger++) {
		size_t len = larger ? sizeof(text) : sizeof(text) / 2;
		memset(text, 'x', len);
		big[0].body = slice_of(text, len);
		arena_init(&arena, 1 << 24);
		ck_assert_int_eq(document_read(&params, &arena, &d, NULL), FAULT_NONE);
		ck_assert_uint_eq(count_of(d.root, NODE_CARD), larger ? 1 : 0);
		ck_assert_uint_eq(count_of(d.root, NODE_PARAGRAPH), larger ? 4 : 5);
		arena_deinit(&arena);
	}
}
END_TEST

int main(void)
{
	Suite *s = suite_create("live");
	TCase *t = tcase_create("live");
	tcase_add_loop_test(t, pages, 0, COUNT_OF(rows));
	tcase_add_test(t, fate);
	tcase_add_test(t, large_ones_stand_less_often);
	suite_add_tcase(s, t);
	return check_main(s);
}
