#include "render/confluence/adf_inside.h"

#include "tests/support/check_main.h"
#include "tests/support/pages.h"

#define ITEM(text)	  ADF_OF("listItem", ADF_P(ADF_TEXT(text)))
#define CELL(attrs, text) ADF_WITH("tableCell", attrs, ADF_P(ADF_TEXT(text)))
#define HEAD(attrs, text) ADF_WITH("tableHeader", attrs, ADF_P(ADF_TEXT(text)))
#define ROW(cells)	  ADF_OF("tableRow", cells)

static const struct page_row rows[] = {
	{"paragraph", ADF_P(ADF_TEXT("a")), "p{'a'}"},
	{"empty paragraphs", ADF_P("") "," ADF_P("") "," ADF_P("") "," ADF_P(ADF_TEXT("a")),
	 "p{}p{}p{'a'}"},
	{"paragraph without content", "{'type':'paragraph'}," ADF_P(ADF_TEXT("a")), "p{}p{'a'}"},
	{"alignment",
	 "{'type':'paragraph','marks':[{'type':'alignment','attrs':{'align':'center'}}],'content':"
	 "[" ADF_TEXT("a") "]},{'type':'heading','attrs':{'level':2},'marks':[{'type':'alignment','"
			   "attrs':{'align':'end'}}],'content':[" ADF_TEXT("b") "]}",
	 "p(center;){'a'}heading(end;2;id=b;){'b'}"},
	{"indentation",
	 "{'type':'paragraph','marks':[{'type':'indentation','attrs':{'level':3}}],'content':"
	 "[" ADF_TEXT("a") "]}",
	 "p(indent=3;){'a'}"},
	{"indentation out of range",
	 "{'type':'paragraph','marks':[{'type':'indentation','attrs':{'level':300}}],'content':"
	 "[" ADF_TEXT("a") "]}",
	 "p{'a'}"},
	{"font size",
	 "{'type':'paragraph','marks':[{'type':'fontSize','attrs':{'fontSize':'small'}}],'content':"
	 "[" ADF_TEXT("a") "]}",
	 "p(small;){'a'}"},
	{"headings",
	 ADF_WITH("heading", "'level':1", ADF_TEXT("A b")) "," ADF_WITH("heading", "'level':6",
									ADF_TEXT("A b")),
	 "heading(1;id=A-b;){'A b'}heading(6;id=A-b.1;){'A b'}"},
	{"empty heading", ADF_WITH("heading", "'level':1", ""), ""},
	{"wrong levels",
	 ADF_WITH("heading", "'level':0", ADF_TEXT("a")) "," ADF_WITH("heading", "'level':99", ADF_TEXT("b")) "," ADF_WITH(
		 "heading", "'level':'two'",
		 ADF_TEXT(
			 "c")) "," ADF_OF("heading",
					  ADF_TEXT(
						  "d")) "," ADF_WITH("heading", "'level':'3'",
								     ADF_TEXT(
									     "e")) "," ADF_WITH("he"
												"ad"
												"in"
												"g",
												"'l"
												"ev"
												"el"
												"':"
												"4."
												"0",
												ADF_TEXT(
													"f")),
	 "heading(1;id=a;){'a'}heading(1;id=b;){'b'}heading(1;id=c;){'c'}heading(1;id=d;){'d'}"
	 "heading(3;id=e;){'e'}heading(4;id=f;){'f'}"},
	{"rule", "{'type':'rule'}," ADF_LEAF("rule", "'color':'#ff0000'"),
	 "rule{}rule(colour=#ff0000;){}"},
	{"rules of other looks",
	 ADF_LEAF("rule", "'style':'dashed','weight':3") "," ADF_LEAF(
		 "rule", "'style':'fade','weight':4") "," ADF_LEAF("rule",
								   "'style':'dotted','weight':'2'"),
	 "rule(style=1;weight=3;){}rule{}rule(style=2;weight=2;){}"},
	{"bodied rule at the end",
	 ADF_WITH("bodiedRule", "'alignment':'end','weight':2", ADF_P(ADF_TEXT("or"))),
	 "rule(end;weight=2;){'or'}"},
	{"bodied rule",
	 ADF_WITH("bodiedRule", "'color':'#ff0000'", ADF_TEXT("or")) "," ADF_P(ADF_TEXT("a")),
	 "rule(colour=#ff0000;){'or'}p{'a'}"},
	{"quote", ADF_OF("blockquote", ADF_P(ADF_TEXT("a")) "," ADF_P(ADF_TEXT("b"))),
	 "quote{p{'a'}p{'b'}}"},
	{"bullets",
	 ADF_OF("bulletList", ITEM("a") "," ADF_OF("listItem", ADF_P(ADF_TEXT("b")) "," ADF_OF(
								       "bulletList", ITEM("c")))),
	 "bullets{item{t{'a'}}item{t{'b'}bullets{item{t{'c'}}}}}"},
	{"numbers",
	 ADF_WITH("orderedList", "'order':7", ITEM("a") "," ITEM("b")) "," ADF_WITH(
		 "orderedList", "'order':-5", ITEM("c")) "," ADF_WITH("orderedList", "'order':0",
								      ITEM("d")),
	 "numbers(start=7;){item{t{'a'}}item{t{'b'}}}numbers{item{t{'c'}}}numbers{item{t{'d'}}}"},
	{"item without a list", ITEM("a") "," ITEM("b"), "bullets{item{t{'a'}}item{t{'b'}}}"},
	{"list without items",
	 ADF_OF("bulletList", ADF_P(ADF_TEXT("a"))) "," ADF_OF("bulletList", ""),
	 "bullets{item{t{'a'}}}"},
	{"tasks",
	 ADF_OF("taskList",
		ADF_WITH("taskItem", "'state':'OPEN'", ADF_TEXT("a")) "," ADF_WITH(
			"taskItem", "'state':'DONE'",
			ADF_TEXT("b")) "," ADF_OF("taskList", ADF_WITH("taskItem", "'state':'OPEN'",
								       ADF_TEXT("c")))),
	 "tasks{task{t{'a'}}task(done;){t{'b'}tasks{task{t{'c'}}}}}"},
	{"tasks in an item",
	 ADF_OF("bulletList",
		ADF_OF("listItem",
		       ADF_OF("taskList", ADF_WITH("taskItem", "'state':'DONE'", ADF_TEXT("a"))))),
	 "bullets{item{tasks{task(done;){t{'a'}}}}}"},
	{"block tasks",
	 ADF_OF("taskList", ADF_WITH("blockTaskItem", "'state':'DONE'",
				     ADF_P(ADF_TEXT("a")) "," ADF_P(ADF_TEXT("b")))),
	 "tasks{task(done;){p{'a'}p{'b'}}}"},
	{"decisions",
	 ADF_OF("decisionList",
		ADF_WITH("decisionItem", "'state':'DECIDED'", ADF_TEXT("a")) "," ADF_WITH(
			"decisionItem", "'state':'x'", ADF_TEXT("b")) "," ADF_OF("decisionItem",
										 ADF_TEXT("c"))),
	 "decisions{decision(done;){t{'a'}}decision{t{'b'}}decision{t{'c'}}}"},
	{"panels",
	 ADF_WITH("panel", "'panelType':'note'", ADF_P(ADF_TEXT("a"))) "," ADF_WITH(
		 "panel", "'panelType':'success'",
		 ADF_P(ADF_TEXT("b"))) "," ADF_WITH("panel", "'panelType':'x'",
						    ADF_P(ADF_TEXT("c"))),
	 "panel(note;){p{'a'}}panel(success;){p{'b'}}panel(info;){p{'c'}}"},
	{"custom panel",
	 ADF_WITH("panel", "'panelType':'custom','panelIconText':'!','panelColor':'#deebff'",
		  ADF_P(ADF_TEXT("a"))),
	 "panel(custom;icon=!;ground=#deebff;){p{'a'}}"},
	{"custom panel by the icon's id",
	 ADF_WITH("panel",
		  "'panelType':'custom','panelIconId':'1f600','panelIcon':':x:','panelColor':'red'",
		  ADF_P(ADF_TEXT("a"))),
	 "panel(custom;icon=😀;ground=#ff0000;){p{'a'}}"},
	{"custom panel, hostile",
	 ADF_WITH("panel", "'panelType':'custom','panelIcon':'<b>','panelColor':'url(x)'",
		  ADF_P(ADF_TEXT("a"))),
	 "panel(custom;icon=<b>;){p{'a'}}"},
	{"code",
	 ADF_WITH("codeBlock", "'language':'c'", ADF_TEXT("a\\n\\tb  c\\n") "," ADF_TEXT("d")),
	 "code(language=c;'a\n\tb  c\nd')"},
	{"code without text",
	 ADF_OF("codeBlock", "") "," ADF_WITH("codeBlock", "'language':{}",
					      "5,null," ADF_TEXT("x")),
	 "code('')code('x')"},
	{"expand",
	 ADF_WITH("expand", "'title':'T'", ADF_P(ADF_TEXT("a"))) "," ADF_OF("expand",
									    ADF_P(ADF_TEXT("b"))),
	 "expand(T){p{'a'}}expand{p{'b'}}"},
	{"nested expand", ADF_WITH("nestedExpand", "'title':''", ADF_P(ADF_TEXT("a"))),
	 "expand(nested;){p{'a'}}"},
	{"table",
	 ADF_OF("table",
		ROW(HEAD("", "a") "," HEAD("", "b")) "," ROW(CELL("", "c") "," CELL("", "d"))),
	 "table(columns=2;){row{cell(head;){t{'a'}}cell(head;){t{'b'}}}row{cell{t{'c'}}cell{t{'d'}}"
	 "}}"},
	{"numbered table of a width",
	 ADF_WITH("table", "'isNumberColumnEnabled':true,'width':500.5,'layout':'wide'",
		  ROW(CELL("", "a"))),
	 "table(columns=1;numbered;){row{cell{t{'a'}}}}"},
	{"tables at a place",
	 ADF_WITH("table", "'width':500,'layout':'align-end'", ROW(CELL("", "a"))) "," ADF_WITH(
		 "table", "'width':500,'layout':'default'",
		 ROW(CELL("", "a"))) "," ADF_WITH("table", "'width':500,'layout':'center'",
						  ROW(CELL("", "a"))),
	 "table(end;columns=1;width=500;){row{cell{t{'a'}}}}table(columns=1;width=500;){row{cell{t{"
	 "'a'}}}}table(center;columns=1;width=500;){row{cell{t{'a'}}}}"},
	{"widths of columns",
	 ADF_OF("table", ROW(CELL("'colwidth':[100]",
				  "a") "," CELL("'colspan':2,'colwidth':[50,70.5]",
						"b") "," CELL("", "c")) "," ROW(CELL("", "d"))),
	 "table(columns=4;widths=100,50,70,0){row{cell{t{'a'}}cell(colspan=2;){t{'b'}}cell{t{'c'}}}"
	 "row{cell{t{'d'}}cell(colspan=3;){}}}"},
	{"spans and looks",
	 ADF_OF("table",
		ROW(CELL("'colspan':2,'background':'#deebff','valign':'middle'", "a") "," CELL(
			"'rowspan':2,'background':'Light blue'", "b")) "," ROW(CELL("", "c"))),
	 "table(columns=3;){row{cell(colspan=2;valign=2;ground=#deebff;){t{'a'}}cell(rowspan=2;){t{"
	 "'b'}}}row{cell{t{'c'}}cell{}}}"},
	{"impossible spans",
	 ADF_OF("table",
		ROW(CELL("'colspan':100000,'rowspan':-1", "a") "," CELL("'colspan':'x'", "b"))),
	 "table(columns=101;){row{cell(colspan=100;){t{'a'}}cell{t{'b'}}}}"},
	{"table of what is no row", ADF_OF("table", ADF_P(ADF_TEXT("a"))) "," ADF_OF("table", ""),
	 "table(columns=1;){row{cell{t{'a'}}}}"},
	{"cell without a table", CELL("", "a"), "table(columns=1;){row{cell{t{'a'}}}}"},
	{"columns",
	 ADF_OF("layoutSection",
		ADF_WITH("layoutColumn", "'width':33.33", ADF_P(ADF_TEXT("a"))) "," ADF_WITH(
			"layoutColumn", "'width':66.66", ADF_P(ADF_TEXT("b")))),
	 "layout{column(33){t{'a'}}column(66){t{'b'}}}"},
	{"columns of no width",
	 ADF_OF("layoutSection",
		ADF_OF("layoutColumn", ADF_P(ADF_TEXT("a"))) "," ADF_OF(
			"layoutColumn", ADF_P(ADF_TEXT("b"))) "," ADF_OF("layoutColumn",
									 ADF_P(ADF_TEXT("c")))),
	 "layout{column(33){t{'a'}}column(33){t{'b'}}column(33){t{'c'}}}"},
	{"a column's place",
	 ADF_OF("layoutSection",
		ADF_WITH("layoutColumn", "'width':50,'valign':'bottom'",
			 ADF_P(ADF_TEXT("a"))) "," ADF_WITH("layoutColumn",
							    "'width':50,'valign':'x'",
							    ADF_P(ADF_TEXT("b")))),
	 "layout{column(50;valign=3;){t{'a'}}column(50){t{'b'}}}"},
	{"one column", ADF_OF("layoutSection", ADF_OF("layoutColumn", ADF_P(ADF_TEXT("a")))),
	 "group{group{p{'a'}}}"},
	{"blocks in a paragraph",
	 ADF_P(ADF_TEXT("a") "," ADF_P(ADF_TEXT("b")) "," ADF_OF("bulletList",
								 ITEM("c")) "," ADF_TEXT("d")),
	 "p{'a'}p{'b'}bullets{item{t{'c'}}}p{'d'}"},
};

START_TEST(pages)
{
	page_check_adf(&rows[_i]);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("adf_blocks");
	TCase *t = tcase_create("adf_blocks");
	tcase_add_loop_test(t, pages, 0, COUNT_OF(rows));
	suite_add_tcase(s, t);
	return check_main(s);
}
