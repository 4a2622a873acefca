#include "render/confluence/macros.h"

#include "tests/support/check_main.h"
#include "tests/support/pages.h"

static const struct page_row rows[] = {
	{"person",
	 "<ac:structured-macro ac:name='profile'><ac:parameter ac:name='user'><ri:user "
	 "ri:account-id='u1'/></ac:parameter></ac:structured-macro>",
	 "p{mention(Ann)}"},
	{"person of an old page",
	 "<ac:structured-macro ac:name='profile-picture'><ac:parameter "
	 "ac:name='User'>ben</ac:parameter></ac:structured-macro><ac:structured-macro "
	 "ac:name='profile'></ac:structured-macro>",
	 "p{mention(ben)}card(label=Profile of a "
	 "person;macro=profile;href=https://x.example/wiki/pages/viewpage.action?pageId=42;)"},
	{"person by account, without a reference",
	 "<ac:structured-macro ac:name='profile'><ac:parameter "
	 "ac:name='user'>557058:aa-1</ac:parameter></ac:structured-macro><ac:structured-macro "
	 "ac:name='profile'><ac:parameter "
	 "ac:name='user'>5b10ac8d82e05b22cc7d4ef5</ac:parameter></ac:structured-macro>",
	 "p{mention(user)mention(user)}"},
	{"chat",
	 "<ac:structured-macro ac:name='im'><ac:parameter "
	 "ac:name='screenname'>x</ac:parameter><ac:parameter "
	 "ac:name='service'>skype</ac:parameter></ac:structured-macro>",
	 "p{'x (skype)'}"},
	{"lists of people",
	 "<ac:structured-macro ac:name='userlister'><ac:parameter "
	 "ac:name='groups'>staff</ac:parameter></ac:structured-macro>",
	 "card(label=Members of a group: "
	 "staff;macro=userlister;href=https://x.example/wiki/pages/viewpage.action?pageId=42;)"},
};

START_TEST(pages)
{
	page_check(&rows[_i]);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("macro_people");
	TCase *t = tcase_create("macro_people");
	tcase_add_loop_test(t, pages, 0, COUNT_OF(rows));
	suite_add_tcase(s, t);
	return check_main(s);
}
