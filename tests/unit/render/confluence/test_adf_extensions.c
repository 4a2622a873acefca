#include "render/confluence/adf_inside.h"

#include "tests/support/check_main.h"
#include "tests/support/pages.h"

#define CORE(key)	   "'extensionType':'com.atlassian.confluence.macro.core','extensionKey':'" key "'"
#define PARAMS(params)	   "'parameters':{'macroParams':{" params "}}"
#define PARAM(name, value) "'" name "':{'value':'" value "'}"
#define APP(title)                                                                                 \
	"'extensionType':'com.atlassian.ecosystem','extensionKey':'a/b/static/c','text':'text',"   \
	"'parameters':{'extensionTitle':'" title "'}"

static const struct page_row rows[] = {
	{"macro", ADF_LEAF("extension", CORE("view-file") "," PARAMS(PARAM("name", "plan.pdf"))),
	 "file(plan.pdf;href=https://x.example/wiki/download/attachments/42/plan.pdf;)"},
	{"macro with a body",
	 ADF_WITH("bodiedExtension", CORE("expand") "," PARAMS(PARAM("title", "T")),
		  ADF_P(ADF_TEXT("a"))) "," ADF_P(ADF_TEXT("b")),
	 "expand(T){p{'a'}}p{'b'}"},
	{"macros in each other",
	 ADF_WITH("bodiedExtension", CORE("info"),
		  ADF_WITH("bodiedExtension", CORE("tip"), ADF_P(ADF_TEXT("a")))),
	 "panel(info;){panel(success;){p{'a'}}}"},
	{"plain body",
	 ADF_LEAF("extension", CORE("noformat") "," PARAMS(PARAM("__bodyContent", "a\\n b"))),
	 "code('a\n b')"},
	{"plain body as a parameter",
	 ADF_P(ADF_LEAF("inlineExtension",
			CORE("eazy-math-inline") "," PARAMS(PARAM("body", "E=mc^2")))),
	 "p{code:'E=mc^2'}"},
	{"hidden body",
	 ADF_WITH("bodiedExtension", CORE("details") "," PARAMS(PARAM("hidden", "true")),
		  ADF_P(ADF_TEXT("a"))) "," ADF_P(ADF_TEXT("b")),
	 "p{'b'}"},
	{"old parameters",
	 ADF_LEAF("extension", CORE("view-file") ",'parameters':{'macroparams':{'name':'plan.pdf'},"
						 "'metadata':{}}"),
	 "file(plan.pdf;href=https://x.example/wiki/download/attachments/42/plan.pdf;)"},
	{"parameters of other kinds",
	 ADF_WITH("bodiedExtension",
		  CORE("details") ",'parameters':{'macroParams':{'hidden':{'value':true},'n':{'"
				  "value':5},'o':null,'p':[]}}",
		  ADF_P(ADF_TEXT("a"))),
	 ""},
	{"without parameters",
	 ADF_LEAF("extension", CORE("toc")) "," ADF_WITH("heading", "'level':1", ADF_TEXT("A")),
	 "group{bullets{item{t{link(#A){'A'}}}}}heading(1;id=A;){'A'}"},
	{"unknown macro", ADF_LEAF("extension", CORE("zz")),
	 "card(label=zz;macro=zz;href=https://x.example/wiki/pages/viewpage.action?pageId=42;)"},
	{"unknown macro with a body", ADF_WITH("bodiedExtension", CORE("zz"), ADF_P(ADF_TEXT("a"))),
	 "p{'a'}"},
	{"known without the type",
	 ADF_LEAF("extension", "'extensionKey':'view-file'," PARAMS(PARAM("name", "plan.pdf"))),
	 "file(plan.pdf;href=https://x.example/wiki/download/attachments/42/plan.pdf;)"},
	{"app", ADF_LEAF("extension", APP("Pie")),
	 "card(label=Pie;macro=Pie;href=https://x.example/wiki/pages/viewpage.action?pageId=42;)"},
	{"app with a body", ADF_WITH("bodiedExtension", APP("Pie"), ADF_P(ADF_TEXT("a"))),
	 "p{'a'}"},
	{"app without a title", ADF_LEAF("extension", "'extensionType':'x','extensionKey':'key'"),
	 "card(label=key;macro=key;href=https://x.example/wiki/pages/viewpage.action?pageId=42;)"},
	{"nothing said", "{'type':'extension'}",
	 "card(label=Macro;href=https://x.example/wiki/pages/viewpage.action?pageId=42;)"},
	{"in the line",
	 ADF_P(ADF_TEXT("a ") "," ADF_LEAF(
		 "inlineExtension",
		 CORE("status") "," PARAMS(PARAM("title", "T") "," PARAM("colour", "Green")))),
	 "p{'a 'status(green;T)}"},
	{"unknown in the line",
	 ADF_P(ADF_LEAF("inlineExtension",
			CORE("zz") ",'text':'[t]'") "," ADF_LEAF("inlineExtension", CORE("zz"))),
	 "p{'[t][zz]'}"},
	{"in the line with content",
	 ADF_P(ADF_TEXT("a ") "," ADF_WITH(
		 "inlineExtension", "'extensionType':'x','extensionKey':'k'", ADF_TEXT("b"))),
	 "p{'a b'}"},
	{"app in the line",
	 ADF_P(ADF_LEAF(
		 "inlineExtension",
		 "'extensionType':'x','extensionKey':'k','parameters':{'extensionTitle':'T'}")),
	 "p{'[T]'}"},
	{"content of the job",
	 ADF_LEAF("extension", CORE("children") ",'localId':'l-html'") "," ADF_WITH(
		 "bodiedExtension", APP("x") ",'localId':'l-html'", ADF_P(ADF_TEXT("a"))),
	 "p{'live 'b:'html'}p{'live 'b:'html'}"},
	{"content by macro id",
	 ADF_LEAF("extension", CORE("children") ",'parameters':{'macroParams':{},'macroMetadata':{'"
						"macroId':{'value':'l-html'}}}"),
	 "p{'live 'b:'html'}"},
	{"ADF of the job", ADF_LEAF("extension", CORE("children") ",'localId':'l-adf'"),
	 "p{'live ADF'}"},
	{"frames",
	 ADF_WITH("multiBodiedExtension", "'extensionKey':'tabs'",
		  ADF_OF("extensionFrame", ADF_P(ADF_TEXT("a"))) "," ADF_OF(
			  "extensionFrame",
			  ADF_P(ADF_TEXT("b")))) "," ADF_OF("multiBodiedExtension",
							    ADF_OF("extensionFrame",
								   ADF_P(ADF_TEXT("c")))),
	 "tab(Tab 1){p{'a'}}tab(Tab 2){p{'b'}}tab(Tab 1){p{'c'}}"},
	{"synced block", ADF_LEAF("syncBlock", "'resourceId':'r'"),
	 "card(label=Synced "
	 "block;macro=sync-block;href=https://x.example/wiki/pages/viewpage.action?pageId=42;)"},
	{"synced block of the job", ADF_LEAF("syncBlock", "'resourceId':'l-html'"),
	 "p{'live 'b:'html'}"},
	{"bodied synced block",
	 ADF_WITH("bodiedSyncBlock", "'resourceId':'r'", ADF_P(ADF_TEXT("a"))), "frame{p{'a'}}"},
	{"unknown block", ADF_OF("future", ADF_P(ADF_TEXT("a"))) "," ADF_P(ADF_TEXT("b")),
	 "p{'a'}p{'b'}"},
	{"unknown in a line",
	 ADF_P(ADF_TEXT("a ") "," ADF_LEAF("future", "'text':'b'") "," ADF_OF(
		 "future", ADF_TEXT(" c")) ",{'type':'future','text':' d'}"),
	 "p{'a b c d'}"},
	{"unsupported",
	 ADF_LEAF("confluenceUnsupportedBlock",
		  "'cxhtml':'<p>a <b>b</b></p>'") "," ADF_P(ADF_TEXT("c")),
	 "p{'a 'b:'b'}p{'c'}"},
	{"unsupported in a line",
	 ADF_P(ADF_TEXT("a ") "," ADF_LEAF(
		 "confluenceUnsupportedInline",
		 "'cxhtml':'<ac:link><ri:user ri:account-id=\\\"u1\\\"/></ac:link>'")),
	 "p{'a 'mention(Ann)}"},
	{"unsupported node",
	 ADF_LEAF("unsupportedBlock", "'originalValue':" ADF_P(ADF_TEXT("a"))) "," ADF_LEAF(
		 "unsupportedBlock", "'originalValue':5"),
	 "p{'a'}"},
	{"unsupported with content", ADF_OF("unsupportedBlock", ADF_P(ADF_TEXT("a"))), "p{'a'}"},
};

START_TEST(pages)
{
	page_check_adf(&rows[_i]);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("adf_extensions");
	TCase *t = tcase_create("adf_extensions");
	tcase_add_loop_test(t, pages, 0, COUNT_OF(rows));
	suite_add_tcase(s, t);
	return check_main(s);
}
