#include "render/confluence/cards.h"

#include "tests/support/check_main.h"
#include "tests/support/pages.h"

#define CARD(look, href, words)                                                                    \
	"<p><a href='" href "' data-card-appearance='" look "'>" words "</a></p>"

static const struct page_row rows[] = {
	{"known, in the line",
	 CARD("inline", "https://x.example/wiki/spaces/DOC/pages/7/Known", "https://x"),
	 "p{link(https://x.example/wiki/spaces/DOC/pages/7/Known){'Known page'}}"},
	{"known issue, in the line", CARD("inline", "https://x.example/browse/ABC-9", "ABC-9"),
	 "p{link(https://x.example/browse/ABC-9){'Pump leaks'}' 'status(blue;In Progress)}"},
	{"known, as a box", CARD("block", "https://x.example/wiki/pages/7", "x"),
	 "card(label=Known page;href=https://x.example/wiki/pages/7;summary=What it says;link;)"},
	{"not known, with words", CARD("block", "https://a.example/b", "Words"),
	 "card(label=Words;href=https://a.example/b;link;)"},
	{"not known, a long address",
	 CARD("inline", "https://a.example/0123456789/0123456789/0123456789/0123456789/0123456789",
	      "https://a.example/0123456789/0123456789/0123456789/0123456789/0123456789"),
	 "p{link(https://a.example/0123456789/0123456789/0123456789/0123456789/0123456789)"
	 "{'https://a.example/0123456789/0123456789/0123456789/012345678…'}}"},
	{"known film", CARD("embed", "https://www.youtube.com/watch?v=1", ""),
	 "card(label=Video: A film;href=https://www.youtube.com/watch?v=1;link;)"},
	{"film not known", CARD("embed", "https://vimeo.com/2", "https://vimeo.com/2"),
	 "card(label=Video: Vimeo;href=https://vimeo.com/2;link;)"},
	{"no film", CARD("embed", "https://notloom.com/2", ""),
	 "card(label=https://notloom.com/2;href=https://notloom.com/2;link;)"},
	{"nowhere to go", CARD("block", "javascript:x", "Words"), "p{'Words'}"},
	{"a page as a box",
	 "<ac:link ac:card-appearance='block'><ri:page ri:content-title='Known'/></ac:link>",
	 "card(label=Known page;href=https://x.example/wiki/spaces/DOC/pages/7/Known;"
	 "summary=What it says;link;)"},
};

START_TEST(pages)
{
	page_check(&rows[_i]);
}
END_TEST

static const struct {
	struct slice href, name;
} films[] = {
	{SLICE_INIT("https://youtu.be/x"), SLICE_INIT("YouTube")},
	{SLICE_INIT("https://www.loom.com/share/x"), SLICE_INIT("Loom")},
	{SLICE_INIT("https://player.vimeo.com/x"), SLICE_INIT("Vimeo")},
	{SLICE_INIT("https://youtube.com.example/x"), SLICE_INIT("")},
	{SLICE_INIT(""), SLICE_INIT("")},
};

START_TEST(film_hosts)
{
	ck_assert(slice_eq(cards_film_host(films[_i].href), films[_i].name));
}
END_TEST

int main(void)
{
	Suite *s = suite_create("cards");
	TCase *t = tcase_create("cards");
	tcase_add_loop_test(t, pages, 0, COUNT_OF(rows));
	tcase_add_loop_test(t, film_hosts, 0, COUNT_OF(films));
	suite_add_tcase(s, t);
	return check_main(s);
}
