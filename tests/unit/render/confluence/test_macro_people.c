#include "render/confluence/macros.h"

#include "tests/support/check_main.h"
#include "tests/support/pages.h"

static const struct page_row rows[] = {
	{"person",
	 "<ac:structured-macro ac:name='profile'><ac:parameter ac:name='user'>"
	 "<ri:user ri:account-id='u1'/></ac:parameter></ac:structured-macro>",
	 "p{mention(Ann)}"},
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
