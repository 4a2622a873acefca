#include "render/html/language.h"

#include "tests/support/check_main.h"

static const struct {
	const char *tag, *lang, *files, *date;
	bool rtl;
	char decimal;
} rows[] = {
	{"", "en", "Attached files", "14 Jan 2025", false, '.'},
	{"en", "en", "Attached files", "14 Jan 2025", false, '.'},
	{"en-GB", "en-GB", "Attached files", "14 Jan 2025", false, '.'},
	{"de", "de", "Angehängte Dateien", "14. Jan. 2025", false, ','},
	{"DE-at", "DE-at", "Angehängte Dateien", "14. Jan. 2025", false, ','},
	{"fr", "fr", "Attached files", "14 janv. 2025", false, ','},
	{"es-MX", "es-MX", "Attached files", "14 ene 2025", false, ','},
	{"it", "it", "Attached files", "14 gen 2025", false, ','},
	{"nl", "nl", "Attached files", "14 jan 2025", false, ','},
	{"pl", "pl", "Attached files", "14 sty 2025", false, ','},
	{"pt-BR", "pt-BR", "Attached files", "14 de jan. de 2025", false, ','},
	{"he", "he", "Attached files", "14 Jan 2025", true, '.'},
	{"ar-EG", "ar-EG", "Attached files", "14 Jan 2025", true, '.'},
	{"deu", "deu", "Attached files", "14 Jan 2025", false, '.'},
	{"d", "en", "Attached files", "14 Jan 2025", false, '.'},
	{"de-", "en", "Attached files", "14 Jan 2025", false, '.'},
	{"4de", "en", "Attached files", "14 Jan 2025", false, '.'},
	{"de\" x=\"", "en", "Attached files", "14 Jan 2025", false, '.'},
	{"de_AT", "en", "Attached files", "14 Jan 2025", false, '.'},
	{"abcdefgh-abcdefgh-abcdefgh-abcdefgh-x", "en", "Attached files", "14 Jan 2025", false,
	 '.'},
};

static bool is(struct slice made, const char *expected)
{
	return slice_eq(made, slice_of_text(expected));
}

START_TEST(row)
{
	const struct node_date date = {.year = 2025, .month = 1, .day = 14};
	struct language l = language_of(slice_of_text(rows[_i].tag));
	char room[LANGUAGE_DATE_TEXT];
	ck_assert(is(l.tag, rows[_i].lang));
	ck_assert(is(language_word(&l, WORD_FILES), rows[_i].files));
	ck_assert(is(language_date(&l, &date, room), rows[_i].date));
	ck_assert_int_eq(l.rtl, rows[_i].rtl);
	ck_assert_int_eq(language_decimal(&l), rows[_i].decimal);
}
END_TEST

/* Every language has twelve months, and every phrase its words. */
START_TEST(tables_are_whole)
{
	static const char *const tags[] = {"en", "de", "fr", "es", "it", "nl", "pl", "pt"};
	for (size_t i = 0; i < COUNT_OF(tags); i++) {
		struct language l = language_of(slice_of_text(tags[i]));
		char last[LANGUAGE_DATE_TEXT];
		struct slice before = {0};
		for (uint8_t month = 1; month <= 12; month++) {
			const struct node_date date = {.year = 65535, .month = month, .day = 255};
			char room[LANGUAGE_DATE_TEXT];
			struct slice made = language_date(&l, &date, room);
			ck_assert(!slice_eq(made, before));
			ck_assert(slice_find(made, SLICE_LIT("  ")) == made.len);
			memcpy(last, room, made.len);
			before = slice_of(last, made.len);
		}
	}
	for (int w = 0; w < WORDS; w++) {
		struct language en = language_of(SLICE_LIT("en"));
		struct language de = language_of(SLICE_LIT("de"));
		ck_assert_uint_gt(language_word(&en, (enum word)w).len, 0);
		ck_assert_uint_gt(language_word(&de, (enum word)w).len, 0);
	}
}
END_TEST

START_TEST(words_of_another_language)
{
	static const char *const tags[][2] = {{"en", ""},   {"EN-us", ""}, {"de-AT", ""},
					      {"fr", "en"}, {"den", "en"}, {"?", ""}};
	for (size_t i = 0; i < COUNT_OF(tags); i++) {
		struct language l = language_of(slice_of_text(tags[i][0]));
		ck_assert_msg(is(language_of_words(&l), tags[i][1]), "%s", tags[i][0]);
	}
}
END_TEST

START_TEST(no_date)
{
	struct language l = language_of(SLICE_LIT("de"));
	char room[LANGUAGE_DATE_TEXT];
	const struct node_date soon = {.raw = SLICE_INIT("soon")};
	const struct node_date odd = {.raw = SLICE_INIT("13th month"), .month = 13};
	ck_assert(is(language_date(&l, &soon, room), "soon"));
	ck_assert(is(language_date(&l, &odd, room), "13th month"));
}
END_TEST

int main(void)
{
	Suite *s = suite_create("language");
	TCase *t = tcase_create("rows");
	tcase_add_loop_test(t, row, 0, (int)COUNT_OF(rows));
	tcase_add_test(t, tables_are_whole);
	tcase_add_test(t, words_of_another_language);
	tcase_add_test(t, no_date);
	suite_add_tcase(s, t);
	return check_main(s);
}
