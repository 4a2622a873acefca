#include "render/confluence/export_view_rules.h"

#include "tests/support/check_main.h"
#include "tests/support/pages.h"

static const struct page_row rows[] = {
	{"tasks",
	 "<ul class=\"inline-task-list\" data-inline-tasks-content-id=\"1\"><li class=\"checked\" "
	 "data-inline-task-id=\"1\"><span class=\"placeholder-inline-tasks\">a</span></li><li>b<ul "
	 "class=\"inline-task-list\"><li data-inline-task-id=\"3\">c</li></ul></li></ul>",
	 "tasks{task(done;){t{'a'}}task{t{'b'}tasks{task{t{'c'}}}}}"},
	{"decisions",
	 "<ul class=\"decision-list\"><li class=\"decision-item\" "
	 "data-decision-state=\"DECIDED\">a</li><li "
	 "data-decision-state=\"UNDECIDED\">b</li><li>c</li></ul>",
	 "decisions{decision(done;){t{'a'}}decision{t{'b'}}decision{t{'c'}}}"},
	{"layout",
	 "<div class=\"contentLayout2\"><div class=\"columnLayout two-left-sidebar\" "
	 "data-layout=\"two-left-sidebar\"><div class=\"cell aside\"><div "
	 "class=\"innerCell\"><p>a</p><div class=\"columnLayout two-equal\"><div "
	 "class=\"cell\"><div class=\"innerCell\">b</div></div><div "
	 "class=\"cell\">c</div></div></div></div><div class=\"cell normal\"><div "
	 "class=\"innerCell\">d</div></div></div></div>",
	 "layout{column(30){t{'a'}layout{column(50){t{'b'}}column(50){t{'c'}}}}column(70){t{'d'}}"
	 "}"},
	{"layout by class",
	 "<div class=\"columnLayout three-with-sidebars\"><div class=\"cell\">a</div><div "
	 "class=\"cell\">b</div><div class=\"cell\">c</div></div><div class=\"cell\">d</div>",
	 "layout{column(25){t{'a'}}column(50){t{'b'}}column(25){t{'c'}}}p{'d'}"},
	{"sections",
	 "<div class=\"sectionColumnWrapper\"><div class=\"sectionMacro\"><div "
	 "class=\"sectionMacroRow\"><div class=\"columnMacro\" "
	 "style=\"width:30%;min-width:30%\">a</div><div "
	 "class=\"columnMacro\">b</div></div></div></div>",
	 "layout{column(30){t{'a'}}column(70){t{'b'}}}"},
	{"contents",
	 "<div class=\"toc-macro client-side-toc-macro conf-macro\" data-macro-name=\"toc\"><ul "
	 "class=\"toc-indentation\"><li><a href=\"#id-MyPage-A\">A</a></li></ul></div><h1 "
	 "id=\"id-MyPage-A\">A</h1>",
	 "bullets{item{t{link(#A){'A'}}}}heading(1;id=A;){'A'}"},
	{"contents left to the browser",
	 "<div class=\"toc-macro client-side-toc-macro\" data-headerelements=\"H2,H3\"> "
	 "</div><h1>A</h1><h2>B</h2>",
	 "group{bullets{item{t{link(#B){'B'}}}}}heading(1;id=A;){'A'}heading(2;id=B;){'B'}"},
	{"list of issues",
	 "<div class=\"refresh-module-id\"><div "
	 "class=\"jira-issues\"><table><tr><td>ABC-1</td></tr></table></div></div>",
	 "group{group{table(columns=1;){row{cell{t{'ABC-1'}}}}}}"},
	{"list of issues not there yet",
	 "<p>a</p><div class=\"refresh-module-id\"><div class=\"jira-issues\"><table "
	 "class=\"aui\"><tbody><tr><td>Getting issues...</td></tr></tbody></table><a "
	 "class=\"refresh-action\">Refresh</a></div></div><p>b</p>",
	 "p{'a'}group{group{}card(label=Jira "
	 "issues;macro=jira;href=https://x.example/wiki/pages/viewpage.action?pageId=42;)}p{'b'}"},
	{"macro by name with its body",
	 "<div data-macro-name=\"warning\"><p>a</p></div><p>b <span "
	 "data-macro-name=\"status\">c</span></p>",
	 "panel(error;){p{'a'}}p{'b 'status(neutral;c)}"},
	{"macro by name with what it made",
	 "<div class=\"conf-macro\" data-macro-name=\"children\"><ul><li>a</li></ul></div><p>x "
	 "<span data-macro-name=\"excerpt-include\">b</span> y</p>",
	 "bullets{item{t{'a'}}}p{'x b y'}"},
	{"macro by name without anything",
	 "<div class=\"ap-container conf-macro\" data-macro-name=\"table-filter\" "
	 "data-hasbody=\"true\"><div class=\"ap-content\"> </div><script>a</script></div><p>b "
	 "<span data-macro-name=\"zz\"></span></p>",
	 "card(label=table-filter;macro=table-filter;href=https://x.example/wiki/pages/"
	 "viewpage.action?pageId=42;)p{'b "
	 "'card_inline(label=zz;macro=zz;href=https://x.example/wiki/pages/"
	 "viewpage.action?pageId=42;)}"},
	{"macro that the job brings", "<div data-macro-name=\"zz\" data-local-id=\"l-html\"></div>",
	 "p{'live 'b:'html'}"},
	{"tabs",
	 "<div data-macro-name=\"ui-tabs\"><div data-macro-name=\"ui-tab\" "
	 "title=\"One\"><p>a</p></div><div data-macro-name=\"ui-tab\" data-title=\"Two\" "
	 "style=\"display:none\"><p>b</p></div></div>",
	 "tab(One){p{'a'}}tab(Two){p{'b'}}"},
	{"control by name", "<div data-macro-name=\"livesearch\"><input><p>a</p></div><p>b</p>",
	 "p{'b'}"},
	{"unknown macros",
	 "<p><span class=\"wysiwyg-unknown-macro\">a</span> <img class=\"editor-inline-macro\" "
	 "data-macro-name=\"gadget\" src=\"/x.png\"></p>",
	 "p{'[a] [gadget]'}"},
};

START_TEST(pages)
{
	page_check_as(PAGE_VIEW, &rows[_i]);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("export_view_macros");
	TCase *t = tcase_create("export_view_macros");
	tcase_add_loop_test(t, pages, 0, COUNT_OF(rows));
	suite_add_tcase(s, t);
	return check_main(s);
}
