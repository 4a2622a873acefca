#include "render/confluence/adf_inside.h"

#include "tests/support/check_main.h"
#include "tests/support/pages.h"

#define MARK(type)	       "{'type':'" type "'}"
#define MARK_WITH(type, attrs) "{'type':'" type "','attrs':{" attrs "}}"
#define LINK(href)	       MARK_WITH("link", "'href':'" href "'")

static const struct page_row rows[] = {
	{"marks",
	 ADF_P(ADF_MARKED("a", MARK("strong")) "," ADF_MARKED("b", MARK("em")) "," ADF_MARKED(
		 "c",
		 MARK("underline")) "," ADF_MARKED("d",
						   MARK("strike")) "," ADF_MARKED("e",
										  MARK("code"))),
	 "p{b:'a'i:'b'u:'c's:'d'code:'e'}"},
	{"together", ADF_P(ADF_MARKED("a", MARK("code") "," MARK("strong") "," MARK("em"))),
	 "p{b:i:code:'a'}"},
	{"subsup",
	 ADF_P(ADF_MARKED("a", MARK_WITH("subsup", "'type':'sub'")) "," ADF_MARKED(
		 "b", MARK_WITH("subsup", "'type':'sup'")) "," ADF_MARKED("c", MARK("subsup"))),
	 "p{sub:'a'sup:'b''c'}"},
	{"colours",
	 ADF_P(ADF_MARKED("a", MARK_WITH("textColor", "'color':'#ff5630'")) "," ADF_MARKED("b", MARK_WITH("textColor", "'color':'#ff5630'")) "," ADF_MARKED(
		 "c",
		 MARK_WITH(
			 "backgroundColor",
			 "'color':'#deebff'")) "," ADF_MARKED("d",
							      MARK_WITH(
								      "backgroundColor",
								      "'color'"
								      ":'#"
								      "deebff"
								      "'") "," MARK_WITH("textColo"
											 "r",
											 "'color':'"
											 "red'"))),
	 "p{ink=#ff5630;'ab'ground=#deebff;'c'ink=#ff0000;ground=#deebff;'d'}"},
	{"no colours",
	 ADF_P(ADF_MARKED("a", MARK_WITH("textColor", "'color':'expression(x)'")) "," ADF_MARKED(
		 "b", MARK("textColor"))),
	 "p{'ab'}"},
	{"link",
	 ADF_P(ADF_TEXT("see ") "," ADF_MARKED(
		 "a", MARK_WITH("link", "'href':'https://a.example/','title':'T'"))),
	 "p{'see 'link(https://a.example/;title=T;){'a'}}"},
	{"one link over several texts",
	 ADF_P(ADF_MARKED("a", LINK("https://a.example")) "," ADF_MARKED(
		 "b", LINK("https://a.example") "," MARK(
			      "strong")) "," ADF_MARKED("c", LINK("https://b.example"))),
	 "p{link(https://a.example){'a'b:'b'}link(https://b.example){'c'}}"},
	{"the same link again",
	 ADF_P(ADF_MARKED("a", LINK("https://a.example")) "," ADF_TEXT(" b ") "," ADF_MARKED(
		 "c", LINK("https://a.example"))),
	 "p{link(https://a.example){'a'}' b 'link(https://a.example){'c'}}"},
	{"links that may not leave",
	 ADF_P(ADF_MARKED("a", LINK("javascript:alert(1)")) "," ADF_MARKED(
		 "b",
		 LINK("data:text/html,x")) "," ADF_MARKED("c",
							  "{'type':'link'}") "," ADF_MARKED("d",
											    "{'"
											    "type':"
											    "'link'"
											    ",'"
											    "attrs'"
											    ":{'"
											    "href':"
											    "5}}")),
	 "p{'abcd'}"},
	{"relative link", ADF_P(ADF_MARKED("a", LINK("/wiki/x"))),
	 "p{link(https://x.example/wiki/x){'a'}}"},
	{"link on a leaf",
	 ADF_P("{'type':'emoji','attrs':{'text':'x'},'marks':[" LINK("https://a.example") "]}"),
	 "p{link(https://a.example){emoji(x)}}"},
	{"no look of their own",
	 ADF_P(ADF_MARKED("a", MARK_WITH("annotation", "'id':'1'")) "," ADF_MARKED(
		 "b",
		 MARK("confl"
		      "uence"
		      "Inlin"
		      "eComm"
		      "ent")) "," ADF_MARKED("c",
					     MARK("dataConsumer")) "," ADF_MARKED("d",
										  MARK("fragmen"
										       "t")) "," ADF_MARKED("e",
													    MARK("breako"
														 "ut"))),
	 "p{'abcde'}"},
	{"unknown", ADF_P(ADF_MARKED("a", MARK("futureMark"))), "p{'a'}"},
	{"what is no mark",
	 ADF_P(ADF_MARKED(
		 "a",
		 "null,5,'strong',{'type':7},{}") ",{'type':'text','text':'b','marks':'strong'},{'"
						  "type':'text','text':'c','marks':{'type':'em'}}"),
	 "p{'abc'}"},
};

START_TEST(pages)
{
	page_check_adf(&rows[_i]);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("adf_marks");
	TCase *t = tcase_create("adf_marks");
	tcase_add_loop_test(t, pages, 0, COUNT_OF(rows));
	suite_add_tcase(s, t);
	return check_main(s);
}
