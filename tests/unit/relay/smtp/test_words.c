#include "relay/smtp/words.h"

#include <string.h>

#include "tests/support/check_main.h"

static const struct {
	const char *text, *word;
	bool is;
} parts[] = {
	{"secret", "secret", true}, {"SeCret", "secret", true}, {"mysecrets", "secret", true},
	{"secre", "secret", false}, {"", "secret", false},	{"no-one", "no", true},
	{"nothing", "no", false},   {"one.no", "no", true},	{"none no2", "no", false},
	{"a", "a", true},	    {"ab", "a", false},		{"x1000y", "1000", true},
};

START_TEST(what_is_a_part)
{
	ck_assert(words_is_part(slice_of_text(parts[_i].text), slice_of_text(parts[_i].word)) ==
		  parts[_i].is);
}
END_TEST

static const char *const table[] = {
#define WORD(w) w,
#include "relay/smtp/words.def"
#undef WORD
};

/* The search needs the order; and a name would be told wherever a server says it. */
START_TEST(the_table_is_in_order_and_has_no_names)
{
	static const char *const names[] = {"will",  "may",    "mark", "bill", "grant", "rich",
					    "frank", "pat",    "art",  "hope", "john",	"dale",
					    "rob",   "sue",    "jack", "anna", "peter", "maria",
					    "erika", "jo",     "max",  "page", "june",	"rose",
					    "dean",  "victor", "earl", "duke", "king",	"harry"};
	for (size_t i = 0; i < COUNT_OF(table); i++) {
		ck_assert_msg(i == 0 || strcmp(table[i - 1], table[i]) < 0, "%s", table[i]);
		ck_assert_uint_eq(strspn(table[i], "abcdefghijklmnopqrstuvwxyz0123456789"),
				  strlen(table[i]));
		for (size_t n = 0; n < COUNT_OF(names); n++) {
			ck_assert_msg(strcmp(table[i], names[n]) != 0, "%s", names[n]);
		}
	}
}
END_TEST

START_TEST(each_word_is_found_in_either_case)
{
	char room[WORDS_MAX];
	for (size_t i = 0; i < COUNT_OF(table); i++) {
		struct slice word = slice_of_text(table[i]);
		ck_assert_uint_le(word.len, WORDS_MAX);
		ck_assert(slice_eq(words_find(word), word));
		ck_assert(slice_eq(words_find(words_upper(word, room)), word));
		ck_assert(words_find_name(word).len == (words_is_number(word) ? 0 : word.len));
	}
}
END_TEST

START_TEST(what_is_no_word_is_not_found)
{
	static const char *const strangers[] = {
		"",
		"0",
		"zzz",
		"erika",
		"queuedx",
		"queue-d",
		" queued",
		"queued ",
		"\xc3\xa9",
		"1234",
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
	};
	for (size_t i = 0; i < COUNT_OF(strangers); i++) {
		ck_assert_msg(words_find(slice_of_text(strangers[i])).len == 0, "%s", strangers[i]);
	}
	ck_assert(!words_is_number((struct slice){0}));
	ck_assert(!words_is_number(SLICE_LIT("7bit")));
}
END_TEST

START_TEST(a_line_falls_into_chunks_and_parts)
{
	struct slice line = SLICE_LIT(" \t(auth=plain/x),  <>\tlast ");
	struct slice chunk = words_without_marks(words_cut_chunk(&line));
	ck_assert(slice_eq(chunk, SLICE_LIT("auth=plain/x")));
	ck_assert(slice_eq(words_cut_part(&chunk), SLICE_LIT("auth")));
	ck_assert(slice_eq(chunk, SLICE_LIT("=plain/x")));
	ck_assert_uint_eq(words_cut_part(&chunk).len, 0); /* the separator stays */
	ck_assert_uint_eq(words_without_marks(words_cut_chunk(&line)).len, 0);
	ck_assert(slice_eq(words_cut_chunk(&line), SLICE_LIT("last")));
	ck_assert_uint_eq(words_cut_chunk(&line).len, 0);
}
END_TEST

START_TEST(what_is_counted)
{
	ck_assert(words_count(SLICE_LIT(" seconds left")));
	ck_assert(words_count(SLICE_LIT("(Messages)")));
	ck_assert(!words_count(SLICE_LIT(" queued seconds")));
	ck_assert(!words_count(SLICE_LIT("")));
	ck_assert(!words_count(SLICE_LIT("seconds-left")));
}
END_TEST

START_TEST(each_word_has_a_place_of_its_own)
{
	for (size_t i = 0; i < COUNT_OF(table); i++) {
		ck_assert_uint_eq(words_place(slice_of_text(table[i])), i);
	}
	ck_assert_uint_eq(words_place(SLICE_LIT("QUOTA")), words_place(SLICE_LIT("quota")));
	ck_assert_uint_eq(words_place(SLICE_LIT("erika")), WORDS_COUNT);
	ck_assert_uint_eq(words_place((struct slice){0}), WORDS_COUNT);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("smtp words");
	TCase *t = tcase_create("words");
	tcase_add_loop_test(t, what_is_a_part, 0, COUNT_OF(parts));
	tcase_add_test(t, the_table_is_in_order_and_has_no_names);
	tcase_add_test(t, each_word_is_found_in_either_case);
	tcase_add_test(t, each_word_has_a_place_of_its_own);
	tcase_add_test(t, what_is_no_word_is_not_found);
	tcase_add_test(t, a_line_falls_into_chunks_and_parts);
	tcase_add_test(t, what_is_counted);
	suite_add_tcase(s, t);
	return check_main(s);
}
