#include "relay/smtp/saslprep.h"

#include "tests/support/check_main.h"

static const struct {
	const char *name;
	struct slice text;
	bool kept;
} rows[] = {
	{"nothing", SLICE_INIT(""), true},
	{"ASCII", SLICE_INIT("Correct horse, battery=staple~"), true},
	{"German",
	 SLICE_INIT("M\xC3\xBCller-Stra\xC3\x9F"
		    "e"),
	 true},
	{"Polish",
	 SLICE_INIT("\xC5\x82\xC3\xB3"
		    "d\xC5\xBA"),
	 true},
	{"Greek", SLICE_INIT("\xCE\xBB\xCF\x8C\xCE\xB3\xCE\xBF\xCF\x82"), true},
	{"Cyrillic", SLICE_INIT("\xD0\xB9\xD0\xBE\xD0\xB4"), true},
	{"the euro", SLICE_INIT("100 \xE2\x82\xAC"), true},
	{"Han", SLICE_INIT("\xE5\xAF\x86\xE7\xA0\x81"), true},
	{"emoji", SLICE_INIT("\xF0\x9F\x94\x91"), true},
	/* what SASLprep maps, forbids, or leaves to a rule that is not ours */
	{"a tab", SLICE_INIT("a\tb"), false},
	{"NUL", SLICE_INIT("a\0b"), false},
	{"DEL", SLICE_INIT("a\x7F"), false},
	{"a no-break space",
	 SLICE_INIT("a\xC2\xA0"
		    "b"),
	 false},
	{"a soft hyphen",
	 SLICE_INIT("I\xC2\xAD"
		    "X"),
	 false},
	{"a feminine ordinal", SLICE_INIT("\xC2\xAA"), false},
	{"a Roman numeral", SLICE_INIT("\xE2\x85\xA8"), false},
	{"a letter and its mark apart", SLICE_INIT("u\xCC\x88"), false},
	{"a ligature", SLICE_INIT("\xEF\xAC\x81"), false},
	{"the long s", SLICE_INIT("\xC5\xBF"), false},
	{"half-width kana", SLICE_INIT("\xEF\xBD\xB1"), false},
	{"Hangul in pieces", SLICE_INIT("\xE1\x84\x80\xE1\x85\xA1"), false},
	{"Hebrew", SLICE_INIT("\xD7\xA9"), false},
	{"Arabic", SLICE_INIT("\xD8\xA7"), false},
	{"a zero-width joiner", SLICE_INIT("a\xE2\x80\x8D"), false},
	{"a private letter", SLICE_INIT("\xEE\x80\x80"), false},
	{"no UTF-8", SLICE_INIT("p\xE4ss"), false},
	{"a surrogate", SLICE_INIT("\xED\xA0\x80"), false},
};

START_TEST(keeps)
{
	ck_assert_msg(smtp_saslprep_keeps(rows[_i].text) == rows[_i].kept, "%s", rows[_i].name);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("smtp saslprep");
	TCase *t = tcase_create("saslprep");
	tcase_add_loop_test(t, keeps, 0, COUNT_OF(rows));
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	return check_main(suite());
}
