#include "render/confluence/export_view_rules.h"

#include "tests/support/check_main.h"
#include "tests/support/pages.h"

static const struct page_row rows[] = {
	{"status",
	 "<p><span class=\"status-macro aui-lozenge aui-lozenge-success\">a</span> <span "
	 "class=\"aui-lozenge aui-lozenge-error\">b</span> <span class=\"aui-lozenge "
	 "aui-lozenge-current\">c</span> <span class=\"aui-lozenge aui-lozenge-complete\">d</span> "
	 "<span class=\"aui-lozenge aui-lozenge-moved\">e</span> <span class=\"aui-lozenge "
	 "aui-lozenge-progress\">f</span> <span class=\"aui-lozenge\">g</span><span "
	 "class=\"aui-lozenge\"></span></p>",
	 "p{status(green;a)' 'status(red;b)' 'status(yellow;c)' 'status(blue;d)' "
	 "'status(yellow;e)' 'status(purple;f)' 'status(neutral;g)}"},
	{"mention",
	 "<p><a class=\"confluence-userlink user-mention\" data-account-id=\"x\" "
	 "href=\"/wiki/people/x\">@Jo  Sample</a> <a class=\"confluence-userlink\" "
	 "data-account-id=\"u1\"><img src=\"/a.png\"></a> <a class=\"confluence-userlink\" "
	 "title=\"Bo\"></a> <a class=\"user-mention\"></a></p>",
	 "p{mention(Jo Sample)' 'mention(Ann)' 'mention(Bo)' 'mention(user)}"},
	{"dates",
	 "<p><time datetime=\"2025-01-20\" class=\"date-past\">20 Jan 2025</time> <time "
	 "datetime=\"2025-01-21\"></time> <time>today</time></p>",
	 "p{date(20 Jan 2025)' 'date(2025-1-21)' today'}"},
	{"link to a page by its number",
	 "<p><a data-linked-resource-type=\"page\" data-linked-resource-id=\"201\">x</a></p>",
	 "p{link(https://x.example/wiki/pages/viewpage.action?pageId=201){'x'}}"},
	{"cards",
	 "<p><a href=\"https://a.example/b\" "
	 "data-card-appearance=\"inline\">https://a.example/b</a></p><p><a "
	 "href=\"https://a.example/c\" data-card-appearance=\"block\">C</a></p>",
	 "p{link(https://a.example/b){'https://a.example/b'}}card(label=C;href=https://a.example/"
	 "c;link;)"},
	{"comment marker", "<p><span class=\"inline-comment-marker\" data-ref=\"a\">b</span></p>",
	 "p{'b'}"},
	{"issue",
	 "<p>see <span class=\"confluence-jim-macro jira-issue conf-macro\" "
	 "data-jira-key=\"ABC-1\" data-macro-name=\"jira\"><a "
	 "href=\"https://j.example/browse/ABC-1\" class=\"jira-issue-key\"><img class=\"icon\" "
	 "src=\"https://j.example/x.png\">ABC-1</a> - <span class=\"summary\">S <b>s</b></span> "
	 "<span class=\"aui-lozenge aui-lozenge-success\">Open</span></span>.</p>",
	 "p{'see 'link(https://j.example/browse/ABC-1){'ABC-1: S s 'status(green;Open)}'.'}"},
	{"issue not there yet",
	 "<p><span class=\"jira-issue\" data-jira-key=\"ABC-2\"><a "
	 "href=\"https://j.example/browse/ABC-2\" class=\"jira-issue-key\"><span class=\"aui-icon "
	 "aui-icon-wait issue-placeholder\"></span>ABC-2</a> - <span class=\"summary\">Getting "
	 "issue details...</span> <span class=\"aui-lozenge aui-lozenge-subtle "
	 "issue-placeholder\">STATUS</span></span></p>",
	 "p{link(https://j.example/browse/ABC-2){'ABC-2'}}"},
	{"issue of old pages",
	 "<p><span class=\"jira-issue ABC-3\"><a class=\"issue-link\" "
	 "href=\"https://j.example/browse/ABC-3?src=confmacro\">ABC-3</a></span> b</p>",
	 "p{link(https://j.example/browse/ABC-3?src=confmacro){'ABC-3'}' b'}"},
};

START_TEST(pages)
{
	page_check_as(PAGE_VIEW, &rows[_i]);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("export_view_things");
	TCase *t = tcase_create("export_view_things");
	tcase_add_loop_test(t, pages, 0, COUNT_OF(rows));
	suite_add_tcase(s, t);
	return check_main(s);
}
