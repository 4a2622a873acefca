#include "render/confluence/export_view_rules.h"

#include "tests/support/check_main.h"
#include "tests/support/pages.h"

static const struct page_row rows[] = {
	{"info",
	 "<div class=\"confluence-information-macro confluence-information-macro-information "
	 "conf-macro\" data-macro-name=\"info\"><p class=\"title conf-macro-render\">T "
	 "<b>t</b></p><span class=\"aui-icon aui-icon-small "
	 "confluence-information-macro-icon\">i</span><div "
	 "class=\"confluence-information-macro-body\"><p>a</p><p class=\"title\">b</p></div></div>",
	 "panel(info;title=T t;){p{'a'}p{'b'}}"},
	{"note",
	 "<div class=\"confluence-information-macro confluence-information-macro-note\"><div "
	 "class=\"confluence-information-macro-body\"><p>a</p></div></div>",
	 "panel(warning;){p{'a'}}"},
	{"tip",
	 "<div class=\"confluence-information-macro confluence-information-macro-tip\"><div "
	 "class=\"confluence-information-macro-body\">a</div></div>b",
	 "panel(success;){p{'a'}}p{'b'}"},
	{"warning",
	 "<div class=\"confluence-information-macro confluence-information-macro-warning\"><div "
	 "class=\"confluence-information-macro-body\"><p>a</p></div></div>",
	 "panel(error;){p{'a'}}"},
	{"old panels",
	 "<div class=\"panelMacro\"><table class=\"tipMacro\"><colgroup><col "
	 "width=\"24\"><col></colgroup><tr><td valign=\"top\"><img "
	 "src=\"/images/icons/emoticons/check.gif\" "
	 "alt=\"\"></td><td><b>T</b><br><table><tr><td>a</td></tr></table></td></tr></table></"
	 "div><p>b</p>",
	 "panel(success;){p{b:'T'}table(columns=1;){row{cell{t{'a'}}}}}p{'b'}"},
	{"panel",
	 "<div class=\"panel\" style=\"background-color: #eeeeee;border-color: "
	 "#ff0000;border-width: 1px;\"><div class=\"panelHeader\" style=\"border-bottom-width: "
	 "1px;background-color: #0000ff;color: white;\"><b>T</b></div><div class=\"panelContent\" "
	 "style=\"background-color: #fff;\"><p>a</p></div></div>",
	 "panel(plain;title=T;ground=#eeeeee;border=#ff0000;titleground=#0000ff;titletext=#ffffff;)"
	 "{p{'a'}}"},
	{"panel in a panel",
	 "<div class=\"panel\"><div class=\"panelContent\" style=\"background-color:#abc\"><div "
	 "class=\"panel\"><div class=\"panelHeader\">T</div><div "
	 "class=\"panelContent\">a</div></div><div class=\"panelHeader\">U</div></div></div>",
	 "panel(plain;title=U;ground=#aabbcc;){panel(plain;title=T;){p{'a'}}}"},
	{"excerpt of another page",
	 "<div class=\"panel conf-macro\" data-macro-name=\"excerpt-include\"><div "
	 "class=\"panelHeader\"><b>T</b></div><div class=\"panelContent\"><p>a</p></div></div>",
	 "frame(T){p{'a'}}"},
	{"messages",
	 "<div class=\"aui-message aui-message-error\"><p>a</p></div><div class=\"aui-message "
	 "warning\"><span class=\"aui-icon\">Icon</span><p class=\"title\">T</p>b</div><div "
	 "class=\"aui-message aui-message-success\">c</div><div class=\"aui-message "
	 "hint\">d</div><div class=\"aui-message warning jim-inline-block\">e</div><p>f <span "
	 "class=\"error\">g</span> h</p>",
	 "p{small:ink=#6b778c;'a'}panel(warning;title=T;){p{'b'}}panel(success;){p{'c'}}panel(info;"
	 "){p{'d'}}p{small:ink=#6b778c;'e'}p{'f 'small:ink=#6b778c;'g ''h'}"},
	{"code",
	 "<div class=\"code panel pdl\" data-macro-name=\"code\"><div class=\"codeHeader "
	 "panelHeader pdl\"><b>T.java</b></div><div class=\"codeContent panelContent pdl\"><pre "
	 "class=\"syntaxhighlighter-pre\" data-syntaxhighlighter-params=\"brush: java; gutter: "
	 "true; first-line: 5; theme: Confluence\">\na &lt; <span>b</span>\n  "
	 "c\n</pre></div></div>",
	 "code(title=T.java;from=5;'a < b\n  c')"},
	{"code with a brush",
	 "<pre class=\"brush: xml; gutter: false; theme: Default\" "
	 "style=\"font-size:12px;\">&lt;a/&gt;</pre>",
	 "code(language=xml;'<a/>')"},
	{"code of scripts",
	 "<script type=\"syntaxhighlighter\" class=\"theme: Default; brush: plain; gutter: "
	 "false\"><![CDATA[a <b> &amp; c]]></script><script>d</script>",
	 "code('a <b> &amp; c')"},
	{"noformat",
	 "<div class=\"preformatted panel\"><div class=\"preformattedHeader "
	 "panelHeader\"><b>T</b></div><div class=\"preformattedContent "
	 "panelContent\"><pre>a<br>b</pre></div></div>",
	 "code(title=T;'a\nb')"},
	{"title without code",
	 "<div class=\"code panel\"><div class=\"codeHeader panelHeader\">T</div><div "
	 "class=\"codeContent\"><p>a</p></div></div>",
	 "p{'a'}p{'T'}"},
	{"empty code", "<pre></pre><p>a</p>", "p{'a'}"},
	{"expand",
	 "<div id=\"expander-1\" class=\"expand-container\"><div class=\"expand-control\"><span "
	 "class=\"expand-control-icon\">x<img src=\"/grey.png\"></span><span "
	 "class=\"expand-control-text\">T</span></div><div class=\"expand-content expand-hidden\" "
	 "style=\"display:none\"><p>a</p></div></div>",
	 "expand(T){p{'a'}}"},
	{"expand without a title",
	 "<div class=\"expand-container\"><div class=\"expand-control\"><span "
	 "class=\"expand-control-text\">Click here to expand...</span></div><div "
	 "class=\"expand-content\">a</div></div>",
	 "expand{p{'a'}}"},
	{"details", "<details><summary>T</summary><p>a</p><details>b</details></details>",
	 "expand(T){p{'a'}expand(nested;){p{'b'}}}"},
};

START_TEST(pages)
{
	page_check_as(PAGE_VIEW, &rows[_i]);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("export_view_panels");
	TCase *t = tcase_create("export_view_panels");
	tcase_add_loop_test(t, pages, 0, COUNT_OF(rows));
	suite_add_tcase(s, t);
	return check_main(s);
}
