#include "relay/intake/recordspec.h"

#include <stdlib.h>
#include <string.h>

#include "spool-free/base/buf.h"
#include "tests/support/check_main.h"
#include "tests/support/oom.h"

enum { ROOM = 64 * 1024 };

/* "key type value|key type value": what a body becomes; or the fault and a part of its sentence. */
static const struct {
	const char *body;
	enum fault fault;
	const char *expected;
} rows[] = {
	{"{}", FAULT_NONE, ""},
	{" { } ", FAULT_NONE, ""},
	{"{\"host\":\"a.example\"}", FAULT_NONE, "host t a.example"},
	{"{\"port\":587,\"tls\":\"starttls\"}", FAULT_NONE, "port n 587|tls t starttls"},
	{"{\"a\":0,\"b\":18446744073709551615}", FAULT_NONE, "a n 0|b n 18446744073709551615"},
	{"{\"a\":true,\"b\":false}", FAULT_NONE, "a b yes|b b no"},
	{"{\"a\":null}", FAULT_NONE, "a 0 "},
	{"{\"a\":\"\"}", FAULT_NONE, "a t "},
	{"{\"a\":\"\\u00e9\\n\"}", FAULT_NONE, "a t \xC3\xA9\n"},
	{"{\"a\":[]}", FAULT_NONE, "a l "},
	{"{\"a\":[\"one\"]}", FAULT_NONE, "a l one"},
	{"{\"a\":[\"one\",\"two\" , \"\\u0033\"],\"b\":[\"x\"]}", FAULT_NONE,
	 "a l one\ntwo\n3|b l x"},
	{"{\"a b\":\"unknown keys are the keeper's to name\"}", FAULT_NONE,
	 "a b t unknown keys are the keeper's to name"},
	{"", FAULT_BAD_JSON, "at byte 0"},
	{" ", FAULT_BAD_JSON, ""},
	{"{", FAULT_BAD_JSON, ""},
	{"{\"a\"}", FAULT_BAD_JSON, ""},
	{"{\"a\":}", FAULT_BAD_JSON, ""},
	{"{\"a\":1,}", FAULT_BAD_JSON, ""},
	{"{\"a\":01}", FAULT_BAD_JSON, ""},
	{"{\"a\":\"\xFF\"}", FAULT_BAD_JSON, ""},
	{"{\"a\":[\"one\"}", FAULT_BAD_JSON, ""},
	{"{\"a\":[\"one\"", FAULT_BAD_JSON, ""},
	{"{\"a\":[\"one\",]}", FAULT_BAD_JSON, ""},
	{"{} {}", FAULT_BAD_JSON, ""},
	{"{}x", FAULT_BAD_JSON, ""},
	{"[]", FAULT_BAD_FIELD, "The body must be one JSON object."},
	{"\"a\"", FAULT_BAD_FIELD, "The body must be one JSON object."},
	{"null", FAULT_BAD_FIELD, "The body must be one JSON object."},
	{"{\"a\":{}}", FAULT_BAD_FIELD, "The field 'a' must not be an object."},
	{"{\"a\":{\"b\":1}}", FAULT_BAD_FIELD, "The field 'a' must not be an object."},
	{"{\"a\":[[]]}", FAULT_BAD_FIELD, "The field 'a' must be a list of texts."},
	{"{\"a\":[{}]}", FAULT_BAD_FIELD, "The field 'a' must be a list of texts."},
	{"{\"a\":[1]}", FAULT_BAD_FIELD, "The field 'a' must be a list of texts."},
	{"{\"a\":[\"x\",null]}", FAULT_BAD_FIELD, "The field 'a' must be a list of texts."},
	{"{\"a\":[\"x\",\"\"]}", FAULT_BAD_FIELD, "none of them empty"},
	{"{\"a\":[\"x\\ny\"]}", FAULT_BAD_FIELD, "none of them empty"},
	{"{\"a\":-1}", FAULT_BAD_FIELD, "The field 'a' must be a whole number, not below 0."},
	{"{\"a\":1.5}", FAULT_BAD_FIELD, "whole number"},
	{"{\"a\":1e3}", FAULT_BAD_FIELD, "whole number"},
	{"{\"a\":18446744073709551616}", FAULT_BAD_FIELD, "whole number"},
	{"{\"a\":1,\"b\":2,\"a\":3}", FAULT_BAD_FIELD, "The field 'a' is there more than once."},
	{"{\"a\":1,\"\\u0061\":3}", FAULT_BAD_FIELD, "The field 'a' is there more than once."},
	{"{\"\":1}", FAULT_BAD_FIELD, "empty"},
	{"{\"0123456789012345678901234567890123456789012345678901234567890123\":1}", FAULT_NONE,
	 "0123456789012345678901234567890123456789012345678901234567890123 n 1"},
	{"{\"01234567890123456789012345678901234567890123456789012345678901234\":1}",
	 FAULT_BAD_FIELD, "longer than 64"},
};

static struct arena arena;

static void setup(void)
{
	arena_init(&arena, ROOM);
}

static void teardown(void)
{
	arena_deinit(&arena);
}

/* In a block of its exact size, so that a byte too much is seen. */
static char *block_of(const char *text, size_t len)
{
	char *block = malloc(len > 0 ? len : 1);
	ck_assert_ptr_nonnull(block);
	memcpy(block, text, len);
	return block;
}

static void add(struct buf *b, struct slice s)
{
	ck_assert_uint_eq(buf_add(b, s), FAULT_NONE);
}

static void judge(const struct recordspec *record, const char *expected)
{
	CLEANUP(buf_deinit) struct buf text;
	buf_init(&text, ROOM);
	for (size_t i = 0; i < record->count; i++) {
		char type = (char)record->pairs[i].type;
		add(&text, i > 0 ? SLICE_LIT("|") : (struct slice){0});
		add(&text, record->pairs[i].key);
		add(&text, SLICE_LIT(" "));
		add(&text, slice_of(&type, 1));
		add(&text, SLICE_LIT(" "));
		add(&text, record->pairs[i].value);
	}
	ck_assert_msg(slice_eq(buf_view(&text), slice_of_text(expected)), "%.*s, not %s",
		      (int)text.len, text.ptr, expected);
}

START_TEST(reads)
{
	size_t len = strlen(rows[_i].body);
	char *block = block_of(rows[_i].body, len);
	struct recordspec record = {0};
	struct problem p = {0};
	enum fault f = recordspec_parse(block, len, &arena, &record, &p);
	ck_assert_msg(f == rows[_i].fault, "%s: %d", rows[_i].body, (int)f);
	if (f == FAULT_NONE) {
		judge(&record, rows[_i].expected);
	} else {
		struct slice part = slice_of_text(rows[_i].expected);
		ck_assert_uint_eq(p.fault, f);
		ck_assert_uint_eq(record.count, 0);
		ck_assert_msg(part.len == 0 ||
				      slice_find(problem_text(&p), part) < problem_text(&p).len,
			      "%.*s", (int)p.len, p.text);
	}
	free(block);
	block = block_of(rows[_i].body, len);
	ck_assert_uint_eq(recordspec_parse(block, len, &arena, &record, NULL), f);
	free(block);
}
END_TEST

/* As many pairs as there may be, and one more. */
START_TEST(counts_its_fields)
{
	for (size_t count = KEEPER_PAIRS_MAX; count <= KEEPER_PAIRS_MAX + 1; count++) {
		CLEANUP(buf_deinit) struct buf body;
		struct recordspec record;
		struct problem p;
		buf_init(&body, ROOM);
		for (size_t i = 0; i < count; i++) {
			add(&body, i == 0 ? SLICE_LIT("{\"k") : SLICE_LIT(",\"k"));
			ck_assert_uint_eq(buf_add_u64(&body, i), FAULT_NONE);
			add(&body, SLICE_LIT("\":1"));
		}
		add(&body, SLICE_LIT("}"));
		ck_assert_uint_eq(recordspec_parse(body.ptr, body.len, &arena, &record, &p),
				  count > KEEPER_PAIRS_MAX ? FAULT_BAD_FIELD : FAULT_NONE);
	}
}
END_TEST

static enum fault parse_of_length(size_t value, size_t blanks, struct problem *p)
{
	size_t len = value + 8 + blanks;
	char *body = malloc(len);
	struct recordspec record;
	ck_assert_ptr_nonnull(body);
	memset(body, ' ', len);
	memcpy(body, "{\"key\":\"", 8);
	memset(body + 8, 'x', value - 2);
	memcpy(body + 8 + value - 2, "\"}", 2);
	enum fault f = recordspec_parse(body, len, &arena, &record, p);
	free(body);
	return f;
}

START_TEST(measures_its_fields)
{
	struct problem p;
	size_t most = KEEPER_CHANGE_MAX - 3 + 2; /* the key takes three, and two end the JSON */
	ck_assert_uint_eq(parse_of_length(most, 0, &p), FAULT_NONE);
	ck_assert_uint_eq(parse_of_length(most + 1, 0, &p), FAULT_TOO_LARGE);
	ck_assert(slice_find(problem_text(&p), SLICE_LIT("61440 bytes")) < p.len);
	ck_assert_uint_eq(parse_of_length(most, RECORDSPEC_MAX - 8 - most, &p), FAULT_NONE);
	ck_assert_uint_eq(parse_of_length(most, RECORDSPEC_MAX - 8 - most + 1, &p),
			  FAULT_TOO_LARGE);
	ck_assert(slice_find(problem_text(&p), SLICE_LIT("65536 bytes; this one has 65537.")) <
		  p.len);
}
END_TEST

START_TEST(says_when_memory_is_out)
{
	for (unsigned n = 1;; n++) {
		char body[] = "{\"a\":[\"b\"]}";
		struct recordspec record;
		struct problem p;
		struct arena own;
		arena_init(&own, ROOM);
		oom_arm(n);
		enum fault f = recordspec_parse(body, strlen(body), &own, &record, &p);
		bool failed = oom_disarm();
		ck_assert_uint_eq(f, failed ? FAULT_NO_MEMORY : FAULT_NONE);
		arena_deinit(&own);
		if (!failed) {
			break;
		}
	}
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("relay/intake/recordspec");
	TCase *t = tcase_create("recordspec");
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_loop_test(t, reads, 0, COUNT_OF(rows));
	tcase_add_test(t, counts_its_fields);
	tcase_add_test(t, measures_its_fields);
	tcase_add_test(t, says_when_memory_is_out);
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	return check_main(suite());
}
