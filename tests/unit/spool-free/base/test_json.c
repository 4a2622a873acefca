#include "spool-free/base/json.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/check_main.h"
#include "tests/support/oom.h"

enum { OUT_MAX = 64 * 1024 };

/* Reads all of `text` and writes the tokens down in a form that rows can hold. */
static enum fault tell(struct slice text, struct buf *out, struct problem *out_problem)
{
	static const char *const marks[] = {
		[JSON_OBJECT] = "{",	[JSON_OBJECT_END] = "}", [JSON_ARRAY] = "[",
		[JSON_ARRAY_END] = "]", [JSON_KEY] = "k:",	 [JSON_STRING] = "s:",
		[JSON_NUMBER] = "n:",	[JSON_TRUE] = "true",	 [JSON_FALSE] = "false",
		[JSON_NULL] = "null"};
	struct json j;
	struct json_token t;
	/* An own block of the exact size: reading past it is found by the sanitizer. */
	char *bytes = malloc(text.len > 0 ? text.len : 1);
	ck_assert_ptr_nonnull(bytes);
	if (text.len > 0) {
		memcpy(bytes, text.ptr, text.len);
	}
	json_init(&j, bytes, text.len);
	for (t = json_next(&j); t.kind != JSON_END && t.kind != JSON_BAD; t = json_next(&j)) {
		ck_assert_uint_eq(buf_add_text(out, marks[t.kind]), FAULT_NONE);
		ck_assert_uint_eq(buf_add(out, t.text), FAULT_NONE);
		ck_assert_uint_eq(buf_add_byte(out, ' '), FAULT_NONE);
	}
	enum fault f = json_fault(&j);
	ck_assert_int_eq(f != FAULT_NONE, t.kind == JSON_BAD);
	if (out_problem != NULL) {
		*out_problem = *json_problem(&j);
	}
	if (f != FAULT_NONE) {
		ck_assert_uint_eq(json_next(&j).kind, JSON_BAD); /* and stays bad */
	}
	free(bytes);
	return f;
}

static const struct {
	struct slice text;
	struct slice told;
} good[] = {
	{SLICE_INIT("{}"), SLICE_INIT("{ } ")},
	{SLICE_INIT(" [ ] "), SLICE_INIT("[ ] ")},
	{SLICE_INIT("\"a\""), SLICE_INIT("s:a ")},
	{SLICE_INIT("\"\""), SLICE_INIT("s: ")},
	{SLICE_INIT("{\"a\":1,\"b\":[true,false,null]}"),
	 SLICE_INIT("{ k:a n:1 k:b [ true false null ] } ")},
	{SLICE_INIT("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\""), SLICE_INIT("s:\"\\/\b\f\n\r\t ")},
	{SLICE_INIT("\"\\u0041\\u00e9\\u20AC\\ud83d\\uDE00\""),
	 SLICE_INIT("s:A\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80 ")},
	{SLICE_INIT("\"a\\u0000b\""), SLICE_INIT("s:a\0b ")},
	{SLICE_INIT("\"one\\ntwo and three and four\\nfive\""),
	 SLICE_INIT("s:one\ntwo and three and four\nfive ")},
	{SLICE_INIT("\"\xC3\xA9 and \xF0\x9F\x98\x80\\t\xE2\x82\xAC\""),
	 SLICE_INIT("s:\xC3\xA9 and \xF0\x9F\x98\x80\t\xE2\x82\xAC ")},
	{SLICE_INIT("\"\xEF\xBF\xBD\""), SLICE_INIT("s:\xEF\xBF\xBD ")},
	{SLICE_INIT("-0"), SLICE_INIT("n:-0 ")},
	{SLICE_INIT("[-1.5e+10,0E0,12345678901234567890123]"),
	 SLICE_INIT("[ n:-1.5e+10 n:0E0 n:12345678901234567890123 ] ")},
	{SLICE_INIT("{\"\\u006b\":{\"\":[[],{}]}}"), SLICE_INIT("{ k:k { k: [ [ ] { } ] } } ")},
};

START_TEST(reads_what_is_json)
{
	struct buf out;
	buf_init(&out, OUT_MAX);
	ck_assert_uint_eq(tell(good[_i].text, &out, NULL), FAULT_NONE);
	ck_assert_msg(slice_eq(buf_view(&out), good[_i].told), "told %.*s", (int)out.len, out.ptr);
	buf_deinit(&out);
}
END_TEST

static const struct {
	struct slice text;
	const char *sentence;
} refused[] = {
	{SLICE_INIT(""), "The JSON is wrong at byte 0: a value was expected."},
	{SLICE_INIT("   "), "The JSON is wrong at byte 3: a value was expected."},
	{SLICE_INIT("{\"to\":\"a\",\"cc\":\"b\"]"),
	 "The JSON is wrong at byte 18: a comma or } was expected."},
	{SLICE_INIT("{\"page\":{\"a\":1 \"b\":2}}"),
	 "The JSON is wrong at byte 15: a comma or } was expected."},
	{SLICE_INIT("[1 2]"), "The JSON is wrong at byte 3: a comma or ] was expected."},
	{SLICE_INIT("[1}"), "The JSON is wrong at byte 2: a comma or ] was expected."},
	{SLICE_INIT("[1"), "The JSON is wrong at byte 2: a comma or ] was expected."},
	{SLICE_INIT("["), "The JSON is wrong at byte 1: a value or ] was expected."},
	{SLICE_INIT("[,1]"), "The JSON is wrong at byte 1: a value or ] was expected."},
	{SLICE_INIT("[1,]"), "The JSON is wrong at byte 3: a value was expected."},
	{SLICE_INIT("{"), "The JSON is wrong at byte 1: a key in quotes or } was expected."},
	{SLICE_INIT("{1:2}"), "The JSON is wrong at byte 1: a key in quotes or } was expected."},
	{SLICE_INIT("{\"a\":1,}"), "The JSON is wrong at byte 7: a key in quotes was expected."},
	{SLICE_INIT("{\"a\" 1}"), "The JSON is wrong at byte 5: a colon was expected."},
	{SLICE_INIT("{\"a\"}"), "The JSON is wrong at byte 4: a colon was expected."},
	{SLICE_INIT("{\"a\":}"), "The JSON is wrong at byte 5: a value was expected."},
	{SLICE_INIT("1 2"), "The JSON is wrong at byte 2: nothing more was expected."},
	{SLICE_INIT("{}{}"), "The JSON is wrong at byte 2: nothing more was expected."},
	{SLICE_INIT("]"), "The JSON is wrong at byte 0: a value was expected."},
	{SLICE_INIT("tru"), "The JSON is wrong at byte 0: a value was expected."},
	{SLICE_INIT("True"), "The JSON is wrong at byte 0: a value was expected."},
	{SLICE_INIT("nullx"), "The JSON is wrong at byte 4: nothing more was expected."},
	{SLICE_INIT("NaN"), "The JSON is wrong at byte 0: a value was expected."},
	{SLICE_INIT("\0"), "The JSON is wrong at byte 0: a value was expected."},
	{SLICE_INIT("1\0"), "The JSON is wrong at byte 1: nothing more was expected."},
	{SLICE_INIT("\xEF\xBB\xBF{}"), "The JSON is wrong at byte 0: a value was expected."},
	{SLICE_INIT("-"), "The JSON is wrong at byte 1: a digit was expected."},
	{SLICE_INIT("01"), "The JSON is wrong at byte 1: nothing more was expected."},
	{SLICE_INIT("1."), "The JSON is wrong at byte 2: a digit was expected."},
	{SLICE_INIT("1.e3"), "The JSON is wrong at byte 2: a digit was expected."},
	{SLICE_INIT("1e"), "The JSON is wrong at byte 2: a digit was expected."},
	{SLICE_INIT("1e+"), "The JSON is wrong at byte 3: a digit was expected."},
	{SLICE_INIT("+1"), "The JSON is wrong at byte 0: a value was expected."},
	{SLICE_INIT(".5"), "The JSON is wrong at byte 0: a value was expected."},
	{SLICE_INIT("\"abc"), "The JSON is wrong at byte 4: the string does not end."},
	{SLICE_INIT("{\"abc"), "The JSON is wrong at byte 5: the string does not end."},
	{SLICE_INIT("\"a\nb\""),
	 "The JSON is wrong at byte 2: a control character must be escaped."},
	{SLICE_INIT("\"eight by\0\""),
	 "The JSON is wrong at byte 9: a control character must be escaped."},
	{SLICE_INIT("\"\\x41\""),
	 "The JSON is wrong at byte 1: one of \" \\ / b f n r t u was expected."},
	{SLICE_INIT("\"\\"),
	 "The JSON is wrong at byte 1: one of \" \\ / b f n r t u was expected."},
	{SLICE_INIT("\"\\\0\""),
	 "The JSON is wrong at byte 1: one of \" \\ / b f n r t u was expected."},
	{SLICE_INIT("\"\\u12\""),
	 "The JSON is wrong at byte 1: four hexadecimal digits were expected."},
	{SLICE_INIT("\"\\u12g4\""),
	 "The JSON is wrong at byte 1: four hexadecimal digits were expected."},
	{SLICE_INIT("\"\\ud800\""),
	 "The JSON is wrong at byte 1: an escaped surrogate stands alone."},
	{SLICE_INIT("\"\\udc00\""),
	 "The JSON is wrong at byte 1: an escaped surrogate stands alone."},
	{SLICE_INIT("\"\\ud800\\u0041\""),
	 "The JSON is wrong at byte 1: an escaped surrogate stands alone."},
	{SLICE_INIT("\"\\ud800\\ud800\""),
	 "The JSON is wrong at byte 1: an escaped surrogate stands alone."},
	{SLICE_INIT("\"\\ud800\\udc0"),
	 "The JSON is wrong at byte 1: an escaped surrogate stands alone."},
	{SLICE_INIT("\"ok \x80\""), "The JSON is wrong at byte 4: this is not UTF-8."},
	{SLICE_INIT("\"\xC0\xAF\""), "The JSON is wrong at byte 1: this is not UTF-8."},
	{SLICE_INIT("\"\xED\xA0\x80\""), "The JSON is wrong at byte 1: this is not UTF-8."},
	{SLICE_INIT("\"\xF4\x90\x80\x80\""), "The JSON is wrong at byte 1: this is not UTF-8."},
	{SLICE_INIT("\"\xE2\x82"), "The JSON is wrong at byte 1: this is not UTF-8."},
	{SLICE_INIT("{\"\xFF\":1}"), "The JSON is wrong at byte 2: this is not UTF-8."},
	{SLICE_INIT("[\"a\\qb\"]"),
	 "The JSON is wrong at byte 3: one of \" \\ / b f n r t u was expected."},
};

START_TEST(refuses_and_says_where)
{
	struct buf out;
	struct problem p;
	buf_init(&out, OUT_MAX);
	ck_assert_uint_eq(tell(refused[_i].text, &out, &p), FAULT_BAD_JSON);
	struct slice said = problem_text(&p);
	ck_assert_msg(slice_eq(said, slice_of_text(refused[_i].sentence)), "said %.*s, not %s",
		      (int)said.len, said.ptr, refused[_i].sentence);
	buf_deinit(&out);
}
END_TEST

START_TEST(depth_is_limited)
{
	char text[2 * (JSON_DEPTH + 1)];
	struct buf out;
	struct problem p;
	buf_init(&out, OUT_MAX);
	memset(text, '[', JSON_DEPTH);
	memset(text + JSON_DEPTH, ']', JSON_DEPTH);
	ck_assert_uint_eq(tell(slice_of(text, 2 * JSON_DEPTH), &out, NULL), FAULT_NONE);
	memset(text, '[', JSON_DEPTH + 1);
	memset(text + JSON_DEPTH + 1, ']', JSON_DEPTH + 1);
	ck_assert_uint_eq(tell(slice_of(text, sizeof(text)), &out, &p), FAULT_TOO_DEEP);
	ck_assert(slice_eq(problem_text(&p),
			   SLICE_LIT("The JSON is nested deeper than 64 levels at byte 64.")));
	buf_deinit(&out);
}
END_TEST

/* Every place where plain text, escape and quote can lie within the eight bytes that are looked at
 * together. */
START_TEST(strings_of_every_length)
{
	static const char *const tails[] = {"", "\\n", "\xC3\xA9", "\\u00e9", "x\\\\y"};
	static const char *const read[] = {"", "\n", "\xC3\xA9", "\xC3\xA9", "x\\y"};
	struct buf text, want, out;
	buf_init(&text, OUT_MAX);
	buf_init(&want, OUT_MAX);
	buf_init(&out, OUT_MAX);
	for (int before = 0; before < 40; before++) {
		for (int after = 0; after < 20; after++) {
			buf_clear(&text);
			buf_clear(&want);
			buf_clear(&out);
			ck_assert(!buf_add_text(&text, "\"") && !buf_add_text(&want, "s:"));
			for (int i = 0; i < before; i++) {
				ck_assert(!buf_add_byte(&text, 'a') && !buf_add_byte(&want, 'a'));
			}
			ck_assert(!buf_add_text(&text, tails[_i]) &&
				  !buf_add_text(&want, read[_i]));
			for (int i = 0; i < after; i++) {
				ck_assert(!buf_add_byte(&text, '~') && !buf_add_byte(&want, '~'));
			}
			ck_assert(!buf_add_text(&text, "\"") && !buf_add_text(&want, " "));
			ck_assert_uint_eq(tell(buf_view(&text), &out, NULL), FAULT_NONE);
			ck_assert(slice_eq(buf_view(&out), buf_view(&want)));
		}
	}
	buf_deinit(&text);
	buf_deinit(&want);
	buf_deinit(&out);
}
END_TEST

static const struct {
	const char *text;
	unsigned tokens; /* to take before the skip */
	enum json_kind next;
} skips[] = {
	{"{\"a\":[1,{\"b\":[]}],\"c\":2}", 2, JSON_KEY}, /* after the key: its value */
	{"{\"a\":5,\"c\":2}", 2, JSON_KEY},
	{"{\"a\":{},\"c\":2}", 2, JSON_KEY},
	{"{\"a\":[1,{\"b\":[]}],\"c\":2}", 3, JSON_KEY}, /* after the [ */
	{"{\"a\":[1,{\"b\":[]}],\"c\":2}", 1, JSON_END}, /* after the first { */
	{"[[[]],3]", 2, JSON_NUMBER},
	{"[[[]],3]", 3, JSON_ARRAY_END},
	{"[\"x\",3]", 2, JSON_NUMBER}, /* after a scalar: nothing */
};

START_TEST(skip_passes_one_value)
{
	struct json j;
	struct json_token t = {0};
	char bytes[64];
	size_t len = strlen(skips[_i].text);
	memcpy(bytes, skips[_i].text, len);
	json_init(&j, bytes, len);
	for (unsigned n = 0; n < skips[_i].tokens; n++) {
		t = json_next(&j);
	}
	ck_assert_uint_eq(json_skip(&j, t), FAULT_NONE);
	ck_assert_uint_eq(json_next(&j).kind, skips[_i].next);
}
END_TEST

static const struct {
	const char *text;
	unsigned tokens; /* up to the one that begins the value */
	const char *raw;
	size_t count;
} raws[] = {
	{"{\"a\": {\"b\\n\":[1, \"\\u00e9\\\"]\"]} , \"c\\n\":2}", 3,
	 "{\"b\\n\":[1, \"\\u00e9\\\"]\"]}", 1},
	{"[[],1]", 2, "[]", 0},
	{"[[ \n ],1]", 2, "[ \n ]", 0},
	{"[[\"a,]\\\"\",{\"x\":[1,2],\"y\":{}},3],1]", 2, "[\"a,]\\\"\",{\"x\":[1,2],\"y\":{}},3]",
	 3},
	{"[{\"x\":\"}\",\"y\":2},1]", 2, "{\"x\":\"}\",\"y\":2}", 2},
};

/* Raw bytes are as they were, and what follows is read as ever. */
START_TEST(raw_values_are_kept)
{
	struct json j;
	struct json_token t = {0};
	struct slice raw;
	char bytes[80];
	size_t len = strlen(raws[_i].text);
	memcpy(bytes, raws[_i].text, len);
	json_init(&j, bytes, len);
	for (unsigned n = 0; n < raws[_i].tokens; n++) {
		t = json_next(&j);
	}
	ck_assert_uint_eq(json_count(&j, t), raws[_i].count);
	ck_assert_uint_eq(json_raw(&j, t, &raw), FAULT_NONE);
	ck_assert(slice_eq(raw, slice_of_text(raws[_i].raw)));
	if (_i == 0) {
		t = json_next(&j);
		ck_assert(t.kind == JSON_KEY && slice_eq(t.text, SLICE_LIT("c\n")));
	}
	ck_assert_uint_eq(json_next(&j).kind, JSON_NUMBER);
}
END_TEST

START_TEST(raw_values_are_judged)
{
	static const char *const texts[] = {"[\"\\q\"]", "[\"\\ud800\"]", "[\"\xff\"]",
					    "[1}",	 "[{\"a\":1,}]",  "[\"a",
					    "[\"a\\",	 "[[[",		  "["};
	for (size_t i = 0; i < COUNT_OF(texts); i++) {
		struct json j;
		struct slice raw;
		char bytes[16];
		size_t len = strlen(texts[i]);
		memcpy(bytes, texts[i], len);
		json_init(&j, bytes, len);
		struct json_token t = json_next(&j);
		ck_assert_uint_le(json_count(&j, t), len);
		ck_assert_uint_eq(json_raw(&j, t, &raw), FAULT_BAD_JSON);
		ck_assert_uint_eq(json_next(&j).kind, JSON_BAD);
	}
}
END_TEST

/* What it stands in counts, too. */
START_TEST(raw_values_may_be_deep)
{
	static char text[2 * (JSON_RAW_DEPTH + 1)];
	for (size_t levels = JSON_RAW_DEPTH; levels <= JSON_RAW_DEPTH + 1; levels++) {
		struct json j;
		struct slice raw;
		bool fits = levels == JSON_RAW_DEPTH;
		for (size_t i = 0; i < levels; i++) {
			text[i] = '[';
			text[levels + i] = ']';
		}
		json_init(&j, text, 2 * levels);
		ck_assert_uint_eq(json_next(&j).kind, JSON_ARRAY);
		struct json_token t = json_next(&j);
		ck_assert_uint_eq(json_raw(&j, t, &raw), fits ? FAULT_NONE : FAULT_TOO_DEEP);
		ck_assert_uint_eq(json_next(&j).kind, fits ? JSON_ARRAY_END : JSON_BAD);
	}
}
END_TEST

START_TEST(skip_tells_the_fault)
{
	static const char *const texts[] = {"{\"a\":[1,}", "{\"a\":[[[", "{\"a\":nul}", "{\"a\":"};
	for (size_t i = 0; i < COUNT_OF(texts); i++) {
		struct json j;
		char bytes[16];
		size_t len = strlen(texts[i]);
		memcpy(bytes, texts[i], len);
		json_init(&j, bytes, len);
		ck_assert_uint_eq(json_next(&j).kind, JSON_OBJECT);
		ck_assert_uint_eq(json_skip(&j, json_next(&j)), FAULT_BAD_JSON);
	}
}
END_TEST

START_TEST(a_field_is_seen_twice)
{
	uint64_t seen = 0;
	ck_assert(!json_seen_twice(&seen, 0));
	ck_assert(!json_seen_twice(&seen, 63));
	ck_assert(json_seen_twice(&seen, 0));
	ck_assert(json_seen_twice(&seen, 63));
	ck_assert(!json_seen_twice(&seen, 1));
}
END_TEST

/* ---- the conformance suite: y_ is JSON, n_ is none, i_ is ours to decide ---- */

static const char *const decided_good[] = {
	"i_number_double_huge_neg_exp.json", "i_number_huge_exp.json",
	"i_number_neg_int_huge_exp.json",    "i_number_pos_double_huge_exp.json",
	"i_number_real_neg_overflow.json",   "i_number_real_pos_overflow.json",
	"i_number_real_underflow.json",	     "i_number_too_big_neg_int.json",
	"i_number_too_big_pos_int.json",     "i_number_very_big_negative_int.json",
};

static bool is_to_be_read(const char *name)
{
	for (size_t i = 0; i < COUNT_OF(decided_good); i++) {
		if (strcmp(name, decided_good[i]) == 0) {
			return true;
		}
	}
	return name[0] == 'y';
}

static void judge_file(const char *folder, const char *name)
{
	char path[512];
	struct buf text, out;
	struct problem p;
	buf_init(&text, 1024 * 1024);
	buf_init(&out, 1024 * 1024);
	ck_assert_int_lt(snprintf(path, sizeof(path), "%s/%s", folder, name), (int)sizeof(path));
	FILE *file = fopen(path, "rb");
	ck_assert_ptr_nonnull(file);
	for (int c = getc(file); c != EOF; c = getc(file)) {
		ck_assert_uint_eq(buf_add_byte(&text, (char)c), FAULT_NONE);
	}
	fclose(file);
	enum fault f = tell(buf_view(&text), &out, &p);
	ck_assert_msg((f == FAULT_NONE) == is_to_be_read(name), "%s: %.*s", name,
		      (int)problem_text(&p).len, problem_text(&p).ptr);
	ck_assert(f == FAULT_NONE || slice_find(problem_text(&p), SLICE_LIT(" byte ")) < p.len);
	buf_deinit(&text);
	buf_deinit(&out);
}

START_TEST(conforms)
{
	static const char *const folder = "../shared/corpus/json";
	size_t files = 0;
	DIR *dir = opendir(folder);
	ck_assert_ptr_nonnull(dir);
	for (struct dirent *e = readdir(dir); e != NULL; e = readdir(dir)) {
		if (slice_ends(slice_of_text(e->d_name), SLICE_LIT(".json"))) {
			judge_file(folder, e->d_name);
			files++;
		}
	}
	closedir(dir);
	ck_assert_uint_gt(files, 300);
}
END_TEST

static bool has_corpus(void)
{
	DIR *dir = opendir("../shared/corpus/json");
	if (dir == NULL) {
		puts("note: corpus not there: ../shared/corpus/json; the conformance suite is left "
		     "out");
		return false;
	}
	closedir(dir);
	return true;
}

static Suite *suite(bool with_corpus)
{
	Suite *s = suite_create("base/json");
	TCase *t = tcase_create("reader");
	tcase_add_loop_test(t, reads_what_is_json, 0, COUNT_OF(good));
	tcase_add_loop_test(t, refuses_and_says_where, 0, COUNT_OF(refused));
	tcase_add_test(t, depth_is_limited);
	tcase_add_loop_test(t, strings_of_every_length, 0, 5);
	tcase_add_loop_test(t, skip_passes_one_value, 0, COUNT_OF(skips));
	tcase_add_loop_test(t, raw_values_are_kept, 0, COUNT_OF(raws));
	tcase_add_test(t, raw_values_are_judged);
	tcase_add_test(t, raw_values_may_be_deep);
	tcase_add_test(t, skip_tells_the_fault);
	tcase_add_test(t, a_field_is_seen_twice);
	if (with_corpus) {
		tcase_add_test(t, conforms);
	}
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	bool with_corpus = has_corpus();
	return check_main_skipping(suite(with_corpus), with_corpus ? 0 : 1);
}
