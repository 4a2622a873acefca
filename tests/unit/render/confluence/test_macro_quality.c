#include "render/confluence/macros.h"

#include "tests/support/check_main.h"
#include "tests/support/pages.h"

static const struct page_row rows[] = {
	{"all fields",
	 "<ac:structured-macro ac:name='metadata-sop'><ac:parameter "
	 "ac:name='owner'>u1</ac:parameter><ac:parameter ac:name='reviewer'>u1, Eva,, "
	 "712020:0123456789abcdef0123456789abcdef</ac:parameter><ac:parameter "
	 "ac:name='status'>Released</ac:parameter></ac:structured-macro>",
	 "table(columns=2;){row{cell(head;){t{'Title'}}cell{t{link(https://x.example/wiki/pages/"
	 "viewpage.action?pageId=42){'My "
	 "Page'}}}}row{cell(head;){t{'Created'}}cell{t{date(2026-1-14)', 09:05 "
	 "UTC'}}}row{cell(head;){t{'Last update'}}cell{t{date(2026-11-9)', 08:00 "
	 "UTC'}}}row{cell(head;){t{'Time since last edit'}}cell{t{'12 days, on "
	 "'date(2026-11-22)}}}row{cell(head;){t{'Current "
	 "version'}}cell{t{'12'}}}row{cell(head;){t{'Author'}}cell{t{'Ben'}}}row{cell(head;){t{'"
	 "Last "
	 "editor'}}cell{t{'–'}}}row{cell(head;){t{'Contributors'}}cell{t{'4'}}}row{cell(head;){t{'"
	 "Attachments'}}cell{t{'–'}}}row{cell(head;){t{'Owner'}}cell{t{mention(Ann)}}}row{cell("
	 "head;){t{'Reviewer'}}cell{t{mention(Ann)', Eva, "
	 "'mention(user)}}}row{cell(head;){t{'Status'}}cell{t{status(neutral;Released)}}}row{cell("
	 "head;){t{'Scope of application'}}cell{t{'–'}}}}"},
	{"chosen fields, in their order",
	 "<ac:structured-macro ac:name='QM Metadata Macro (SOP)'><ac:parameter "
	 "ac:name='fields'>Current version, "
	 "owner,title,owner,zz</ac:parameter></ac:structured-macro>",
	 "table(columns=2;){row{cell(head;){t{'Current "
	 "version'}}cell{t{'12'}}}row{cell(head;){t{'Owner'}}cell{t{'–'}}}row{cell(head;){t{'Title'"
	 "}}cell{t{link(https://x.example/wiki/pages/viewpage.action?pageId=42){'My Page'}}}}}"},
	{"fields left out",
	 "<ac:structured-macro ac:name='qm-metadata-macro'><ac:parameter "
	 "ac:name='title'>false</ac:parameter><ac:parameter "
	 "ac:name='created'>false</ac:parameter><ac:parameter "
	 "ac:name='last-update'>false</ac:parameter><ac:parameter "
	 "ac:name='time-since-last-edit'>false</ac:parameter><ac:parameter "
	 "ac:name='lastUpdate'>false</ac:parameter><ac:parameter "
	 "ac:name='timeSinceLastEdit'>false</ac:parameter><ac:parameter "
	 "ac:name='version'>false</ac:parameter><ac:parameter "
	 "ac:name='author'>false</ac:parameter><ac:parameter "
	 "ac:name='editor'>false</ac:parameter><ac:parameter "
	 "ac:name='contributors'>false</ac:parameter><ac:parameter "
	 "ac:name='attachments'>false</ac:parameter><ac:parameter "
	 "ac:name='owner'>false</ac:parameter><ac:parameter "
	 "ac:name='reviewers'>false</ac:parameter><ac:parameter "
	 "ac:name='scopeOfApplication'>false</ac:parameter></ac:structured-macro>",
	 "table(columns=2;){row{cell(head;){t{'Status'}}cell{t{'–'}}}}"},
	{"of the new editor",
	 "<ac:adf-extension><ac:adf-node type='extension'><ac:adf-attribute "
	 "key='extension-key'>a/b/static/qm-metadata-macro-sop</ac:adf-attribute><ac:adf-attribute "
	 "key='parameters'><ac:adf-parameter key='guest-params'><ac:adf-parameter "
	 "key='fields'><ac:adf-parameter-value>scope</"
	 "ac:adf-parameter-value><ac:adf-parameter-value>reviewer</ac:adf-parameter-value></"
	 "ac:adf-parameter><ac:adf-parameter key='scope-of-application'>Berlin, "
	 "Bonn</ac:adf-parameter><ac:adf-parameter "
	 "key='reviewer'><ac:adf-parameter-value>u1</ac:adf-parameter-value></ac:adf-parameter></"
	 "ac:adf-parameter></ac:adf-attribute></ac:adf-node><ac:adf-fallback><p>old</p></"
	 "ac:adf-fallback></ac:adf-extension>",
	 "table(columns=2;){row{cell(head;){t{'Scope of application'}}cell{t{'Berlin, "
	 "Bonn'}}}row{cell(head;){t{'Reviewer'}}cell{t{mention(Ann)}}}}"},
	{"its own data count more than content from the job",
	 "<ac:structured-macro ac:name='metadata-sop' ac:local-id='l-html'><ac:parameter "
	 "ac:name='fields'>version</ac:parameter></ac:structured-macro>",
	 "table(columns=2;){row{cell(head;){t{'Current version'}}cell{t{'12'}}}}"},
};

START_TEST(pages)
{
	page_check(&rows[_i]);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("macro_quality");
	TCase *t = tcase_create("macro_quality");
	tcase_add_loop_test(t, pages, 0, COUNT_OF(rows));
	suite_add_tcase(s, t);
	return check_main(s);
}
