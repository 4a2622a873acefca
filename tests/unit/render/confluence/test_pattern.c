#include "render/confluence/pattern.h"

#include "tests/support/check_main.h"

enum verdict { NO, YES, NOT_TAKEN };

static const struct {
	const char *expression;
	const char *text;
	enum verdict verdict;
} rows[] = {
	{"abc", "abc", YES},
	{"abc", "abcd", NO},
	{"abc", "xabc", NO},
	{"a|b", "b", YES},
	{"ab|cd", "ab", YES},
	{"ab|cd", "acd", NO},
	{"a(b|c)d", "acd", YES},
	{"a(?:b|c)*d", "abcbd", YES},
	{"a(b|c)+d", "ad", NO},
	{"(a|b)(c|d)", "bc", YES},
	{".*draft.*", "A draft, old", YES},
	{".*draft.*", "A Draft", NO},
	{"(?i).*draft.*", "A DRAFT", YES},
	{"(?i)[a-z]+", "ABC", YES},
	{".*\\.jpe?g", "a.jpg", YES},
	{".*\\.jpe?g", "ajpg", NO},
	{".*?\\.png", "a.b.png", YES},
	{"\\d+ \\w+", "12 ab_", YES},
	{"\\D+", "a1", NO},
	{"\\S+", "a b", NO},
	{"[a-c]x[^0-9]", "bxz", YES},
	{"[a-c]x[^0-9]", "bx5", NO},
	{"[]a]+", "]a", YES},
	{"[a\\d-]+", "a1-", YES},
	{"^abc$", "abc", YES},
	{"Über.", "Übern", YES},
	{"Ü[à-ü]", "Üé", YES},
	{".", "語", YES},
	{"a**", "aaa", YES},
	{"a*+", "aaa", YES},
	{"\\(x\\)", "(x)", YES},
	{"a", "", NO},
	{"a?", "", YES},
	{"", "", NOT_TAKEN},
	{"(", "", NOT_TAKEN},
	{")", "", NOT_TAKEN},
	{"()", "", NOT_TAKEN},
	{"a)", "a", NOT_TAKEN},
	{"(a", "a", NOT_TAKEN},
	{"|a", "a", NOT_TAKEN},
	{"a|", "a", NOT_TAKEN},
	{"(a|)", "a", NOT_TAKEN},
	{"a||b", "a", NOT_TAKEN},
	{"*a", "a", NOT_TAKEN},
	{"?", "a", NOT_TAKEN},
	{"[a", "a", NOT_TAKEN},
	{"[", "a", NOT_TAKEN},
	{"[z-a]", "a", NOT_TAKEN},
	{"[[:alpha:]]", "a", NOT_TAKEN},
	{"a{2}", "aa", NOT_TAKEN},
	{"(a)\\1", "aa", NOT_TAKEN},
	{"(?!a)b", "b", NOT_TAKEN},
	{"(?<=a)b", "b", NOT_TAKEN},
	{"a^b", "b", NOT_TAKEN},
	{"a$b", "b", NOT_TAKEN},
	{"\\", "b", NOT_TAKEN},
	{"\\bx", "x", NOT_TAKEN},
	{"0123456789012345678901234567890123456789012345678901234567890123456789", "x", NOT_TAKEN},
};

START_TEST(matches)
{
	struct pattern p;
	bool taken = pattern_read(slice_of_text(rows[_i].expression), &p);
	ck_assert_msg(taken == (rows[_i].verdict != NOT_TAKEN), "%s", rows[_i].expression);
	if (taken) {
		ck_assert_msg(pattern_matches(&p, slice_of_text(rows[_i].text)) ==
				      (rows[_i].verdict == YES),
			      "%s: %s", rows[_i].expression, rows[_i].text);
	}
}
END_TEST

/* Every expression of four of these signs: in a group it means the same. */
START_TEST(all_short_ones)
{
	static const char signs[] = "a.*()|[]\\?+-x";
	enum { COUNT = sizeof(signs) - 1 };
	static const struct slice texts[] = {SLICE_INIT(""), SLICE_INIT("a"), SLICE_INIT("aa"),
					     SLICE_INIT("axa"), SLICE_INIT("-a")};
	for (unsigned n = 0; n < COUNT * COUNT * COUNT * COUNT; n++) {
		char text[] = "(?:....)";
		struct pattern bare;
		struct pattern grouped;
		text[3] = signs[n % COUNT];
		text[4] = signs[n / COUNT % COUNT];
		text[5] = signs[n / COUNT / COUNT % COUNT];
		text[6] = signs[n / COUNT / COUNT / COUNT];
		if (!pattern_read(slice_of(text + 3, 4), &bare)) {
			continue;
		}
		ck_assert_msg(pattern_read(slice_of(text, 8), &grouped), "%s", text);
		for (size_t i = 0; i < COUNT_OF(texts); i++) {
			ck_assert_msg(pattern_matches(&bare, texts[i]) ==
					      pattern_matches(&grouped, texts[i]),
				      "%s", text);
		}
	}
}
END_TEST

/* What takes a backtracking matcher years. */
START_TEST(cannot_be_made_slow)
{
	struct pattern p;
	char text[PATTERN_TEXT_MAX];
	ck_assert(pattern_read(SLICE_LIT("((a*)*(a*)*(a*)*(a*)*(a|a|a|a)*)*b"), &p));
	for (size_t i = 0; i < sizeof(text); i++) {
		text[i] = 'a';
	}
	for (unsigned i = 0; i < 1000; i++) {
		ck_assert(!pattern_matches(&p, slice_of(text, sizeof(text))));
	}
}
END_TEST

int main(void)
{
	Suite *s = suite_create("pattern");
	TCase *t = tcase_create("pattern");
	tcase_add_loop_test(t, matches, 0, COUNT_OF(rows));
	tcase_add_test(t, all_short_ones);
	tcase_add_test(t, cannot_be_made_slow);
	suite_add_tcase(s, t);
	return check_main(s);
}
