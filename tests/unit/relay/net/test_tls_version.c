#include "relay/net/tls_version.h"

#include "tests/support/check_main.h"

static const struct {
	const char *text;
	const char *name;
} rows[] = {
	{"", "none"},	    {"TLSv1.2", "TLSv1.2"}, {"TLSv1.3", "TLSv1.3"},
	{"TLSv1", "other"}, {"TLSv1.4", "other"},   {"none", "other"},
};

START_TEST(a_version_has_a_name)
{
	enum tls_version v = tls_version_of(slice_of_text(rows[_i].text));
	ck_assert(slice_eq(tls_version_name(v), slice_of_text(rows[_i].name)));
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("net/tls_version");
	TCase *t = tcase_create("tls_version");
	tcase_add_loop_test(t, a_version_has_a_name, 0, COUNT_OF(rows));
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	return check_main(suite());
}
