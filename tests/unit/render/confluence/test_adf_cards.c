#include "render/confluence/adf_inside.h"

#include "tests/support/check_main.h"
#include "tests/support/pages.h"

#define LONG_URL "https://a.example/0123456789/0123456789/0123456789/0123456789/0123456789"

static const struct page_row rows[] = {
	{"inline", ADF_P(ADF_TEXT("a ") "," ADF_LEAF("inlineCard", "'url':'https://a.example/x'")),
	 "p{'a 'link(https://a.example/x){'https://a.example/x'}}"},
	{"long address", ADF_P(ADF_LEAF("inlineCard", "'url':'" LONG_URL "'")),
	 "p{link(https://a.example/0123456789/0123456789/0123456789/0123456789/0123456789){'https:/"
	 "/a.example/0123456789/0123456789/0123456789/012345678…'}}"},
	{"with data",
	 ADF_P(ADF_LEAF(
		 "inlineCard",
		 "'data':{'@type':'Document','url':'https://a.example','name':'N','summary':'S'}")),
	 "p{link(https://a.example){'N'}}"},
	{"data without an address", ADF_P(ADF_LEAF("inlineCard", "'data':{'name':'N'}")), "p{'N'}"},
	{"known page",
	 ADF_P(ADF_LEAF("inlineCard", "'url':'https://x.example/wiki/spaces/DOC/pages/7/Known'")),
	 "p{link(https://x.example/wiki/spaces/DOC/pages/7/Known){'Known page'}}"},
	{"known issue",
	 ADF_P(ADF_LEAF("inlineCard", "'url':'https://x.example/browse/ABC-9'") "," ADF_TEXT(" b")),
	 "p{link(https://x.example/browse/ABC-9){'Pump leaks'}' 'status(blue;In Progress)' b'}"},
	{"may not leave", ADF_P(ADF_LEAF("inlineCard", "'url':'javascript:alert(1)'")),
	 "p{'javascript:alert(1)'}"},
	{"nothing", ADF_P(ADF_LEAF("inlineCard", "") "," ADF_LEAF("inlineCard", "'data':5")),
	 "p{}"},
	{"block", ADF_LEAF("blockCard", "'url':'https://a.example/x'"),
	 "card(label=https://a.example/x;href=https://a.example/x;link;)"},
	{"block with data",
	 ADF_LEAF("blockCard", "'data':{'url':'https://a.example','name':'N','summary':'S'}"),
	 "card(label=N;href=https://a.example;summary=S;link;)"},
	{"block in a line",
	 ADF_P(ADF_TEXT("a ") "," ADF_LEAF("blockCard", "'url':'https://a.example/x'")),
	 "p{'a 'card_inline(label=https://a.example/x;href=https://a.example/x;link;)}"},
	{"list",
	 ADF_LEAF("blockCard",
		  "'url':'https://a.example/x','datasource':{'id':'d','parameters':{}}"),
	 "card(label=Open the list;href=https://a.example/x;link;)"},
	{"list without an address", ADF_LEAF("blockCard", "'datasource':{'id':'d'}"),
	 "card(label=Open the "
	 "list;href=https://x.example/wiki/pages/viewpage.action?pageId=42;link;)"},
	{"list that the job brings",
	 ADF_LEAF("blockCard",
		  "'url':'https://a.example/x','localId':'l-html','datasource':{'id':'d'}"),
	 "p{'live 'b:'html'}"},
	{"embedded", ADF_LEAF("embedCard", "'url':'https://a.example/x','layout':'wide'"),
	 "card(label=https://a.example/x;href=https://a.example/x;link;)"},
	{"known film",
	 ADF_LEAF("embedCard", "'url':'https://www.youtube.com/watch?v=1','layout':'wide'"),
	 "card(label=Video: A film;href=https://www.youtube.com/watch?v=1;link;)"},
	{"film",
	 ADF_LEAF("embedCard", "'url':'https://vimeo.com/2'") "," ADF_LEAF(
		 "embedCard", "'url':'https://notvimeo.com/2'"),
	 "card(label=Video: "
	 "Vimeo;href=https://vimeo.com/2;link;)card(label=https://notvimeo.com/2;href=https://"
	 "notvimeo.com/2;link;)"},
	{"application card",
	 ADF_LEAF("applicationCard", "'text':'t','link':{'url':'https://"
				     "a.example'},'title':{'text':'T'},'description':{'text':'D'}"),
	 "card(label=T;href=https://a.example;summary=D;link;)"},
	{"application card, bare",
	 ADF_LEAF("applicationCard", "'text':'t'") "," ADF_LEAF("applicationCard",
								"'title':5,'link':[]"),
	 "card(label=t;link;)"},
};

START_TEST(pages)
{
	page_check_adf(&rows[_i]);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("adf_cards");
	TCase *t = tcase_create("adf_cards");
	tcase_add_loop_test(t, pages, 0, COUNT_OF(rows));
	suite_add_tcase(s, t);
	return check_main(s);
}
