#include "render/confluence/adf_inside.h"

#include "tests/support/check_main.h"
#include "tests/support/pages.h"

static const struct page_row rows[] = {
	{"text", ADF_P(ADF_TEXT("a <b> & c")), "p{'a <b> & c'}"},
	{"texts go on", ADF_P(ADF_TEXT("a ") "," ADF_TEXT("b") "," ADF_TEXT(" c")), "p{'a b c'}"},
	{"no text",
	 ADF_P("{'type':'text','text':5},{'type':'text'},{'type':'text','text':null},{'type':'text'"
	       ",'text':''}"),
	 "p{}"},
	{"blanks are kept", ADF_P(ADF_TEXT("a  b   c")), "p{'a \u00a0b \u00a0\u00a0c'}"},
	{"line ends are kept", ADF_P(ADF_TEXT("a\\nb\\r\\nc\\rd")),
	 "p{'a'break'b'break'c'break'd'}"},
	{"a tab", ADF_P(ADF_TEXT("a\\tb")), "p{'a \u00a0\u00a0\u00a0b'}"},
	{"control characters vanish", ADF_P(ADF_TEXT("a\\u0000b\\u0007c\\u0085d")), "p{'abcd'}"},
	{"escapes", ADF_P(ADF_TEXT("\\u00fc\\ud83d\\ude00\\\"\\\\\\/")), "p{'ü😀\"\\/'}"},
	{"lone surrogates", ADF_P(ADF_TEXT("a\\ud800b\\udc00c")), "p{'a�b�c'}"},
	{"text without a paragraph", ADF_TEXT("a") "," ADF_P(ADF_TEXT("b")), "p{'a'}p{'b'}"},
	{"break",
	 ADF_P(ADF_TEXT("a") ",{'type':'hardBreak','attrs':{'text':'\\n'}}," ADF_TEXT("b")),
	 "p{'a'break'b'}"},
	{"mention", ADF_P(ADF_LEAF("mention", "'id':'x','text':'@Bob'")), "p{mention(Bob)}"},
	{"mention without @", ADF_P(ADF_LEAF("mention", "'id':'x','text':'Bob'")),
	 "p{mention(Bob)}"},
	{"mention by id", ADF_P(ADF_LEAF("mention", "'id':'u1'")), "p{mention(Ann)}"},
	{"mention of nobody known", ADF_P(ADF_LEAF("mention", "'id':'zz','text':''")),
	 "p{mention(user)}"},
	{"what stands apart",
	 ADF_P(ADF_TEXT("a") "," ADF_LEAF("mention", "'text':'@B'") "," ADF_TEXT("c") "," ADF_LEAF(
		 "status",
		 "'text':'D'") "," ADF_LEAF("date",
					    "'timestamp':'0'") "," ADF_TEXT(", e ") "," ADF_LEAF("m"
												 "e"
												 "n"
												 "t"
												 "i"
												 "o"
												 "n",
												 "'"
												 "t"
												 "e"
												 "x"
												 "t"
												 "'"
												 ":"
												 "'"
												 "@"
												 "F"
												 "'") "," ADF_TEXT(" g")),
	 "p{'a 'mention(B)' c 'status(neutral;D)' 'date(1970-1-1)', e 'mention(F)' g'}"},
	{"statuses",
	 ADF_P(ADF_LEAF("status", "'text':'a','color':'green'") "," ADF_LEAF(
		 "status",
		 "'text':'"
		 "b','"
		 "color':'"
		 "neutral',"
		 "'style':'"
		 "mixedCase"
		 "'") "," ADF_LEAF("status",
				   "'text':'c','color':'#ff0000'") "," ADF_LEAF("status",
										"'text':'d'")),
	 "p{status(green;a)' 'status(neutral;b)' 'status(custom;c)' 'status(neutral;d)}"},
	{"status without text", ADF_P(ADF_LEAF("status", "'text':'','color':'red'")), "p{}"},
	{"dates",
	 ADF_P(ADF_LEAF("date", "'timestamp':'1736812800000'") "," ADF_LEAF(
		 "date", "'timestamp':1736812800000") "," ADF_LEAF("date",
								   "'timestamp':'-86400001'")),
	 "p{date(2025-1-14)' 'date(2025-1-14)' 'date(1969-12-30)}"},
	{"no dates",
	 ADF_P(ADF_LEAF("date", "'timestamp':'tomorrow'") "," ADF_LEAF("date", "") "," ADF_LEAF(
		 "date", "'timestamp':'99999999999999999999'")),
	 "p{date(tomorrow)date(99999999999999999999)}"},
	{"emoji", ADF_P(ADF_LEAF("emoji", "'shortName':':x:','text':'\\ud83d\\ude00'")),
	 "p{emoji(😀)}"},
	{"emoji by id",
	 ADF_P(ADF_LEAF("emoji", "'shortName':':x:','id':'1f600'") "," ADF_LEAF(
		 "emoji", "'shortName':':y:','id':'atlassian-check_mark','text':':y:'")),
	 "p{emoji(😀)emoji(✅)}"},
	{"emoji of a site",
	 ADF_P(ADF_LEAF("emoji", "'shortName':':own:','id':'5b1c2d3e-77aa','text':':own:'")),
	 "p{emoji(:own:)}"},
	{"picture of an emoji", ADF_P(ADF_LEAF("emoji", "'shortName':':own:','id':'f-pic'")),
	 "p{emoji(:own:;file=0)}"},
	{"no emoji", ADF_P(ADF_LEAF("emoji", "")), "p{}"},
	{"placeholder", ADF_P(ADF_TEXT("a") "," ADF_LEAF("placeholder", "'text':'hidden'")),
	 "p{'a'}"},
	{"issue",
	 ADF_P(ADF_LEAF("confluenceJiraIssue", "'issueKey':'ABC-9'") "," ADF_LEAF(
		 "confluenceJiraIssue", "'issueKey':'XYZ-1'")),
	 "p{link(https://x.example/browse/ABC-9){'ABC-9'}link(https://x.example/browse/"
	 "XYZ-1){'XYZ-1'}}"},
};

START_TEST(pages)
{
	page_check_adf(&rows[_i]);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("adf_inlines");
	TCase *t = tcase_create("adf_inlines");
	tcase_add_loop_test(t, pages, 0, COUNT_OF(rows));
	suite_add_tcase(s, t);
	return check_main(s);
}
