#include "render/confluence/adf_tape.h"

#include "spool-free/base/buf.h"
#include "tests/support/check_main.h"

static struct arena arena;
static struct buf dump;

static void set_up(void)
{
	arena_init(&arena, 1 << 26);
	buf_init(&dump, 1 << 20);
}

static void tear_down(void)
{
	buf_deinit(&dump);
	arena_deinit(&arena);
}

static void say(struct slice s)
{
	ck_assert(buf_add(&dump, s) == FAULT_NONE);
}

/* A tape as JSON again, from its cells alone. */
static void write_tape(const struct adf_tape *t)
{
	uint32_t ends[64];
	unsigned depth = 0;
	for (uint32_t i = 0; i < t->count || depth > 0; i++) {
		while (depth > 0 && ends[depth - 1] == i) {
			depth--;
			say(SLICE_LIT(")"));
		}
		if (i >= t->count) {
			break;
		}
		const struct adf_cell *c = &t->cells[i];
		if (c->kind == ADF_KEY) {
			continue;
		}
		if (c->key != ADF_NO_WORD) {
			say(adf_tape_key(t, i));
			say(SLICE_LIT(":"));
		}
		switch ((enum adf_kind)c->kind) {
		case ADF_NULL:
			say(SLICE_LIT("null,"));
			break;
		case ADF_TRUE:
			say(SLICE_LIT("true,"));
			break;
		case ADF_FALSE:
			say(SLICE_LIT("false,"));
			break;
		case ADF_NUMBER:
			say(slice_of(c->ptr, c->len));
			say(SLICE_LIT(","));
			break;
		case ADF_STRING:
			say(SLICE_LIT("'"));
			say(slice_of(c->ptr, c->len));
			say(SLICE_LIT("',"));
			break;
		case ADF_ARRAY:
		case ADF_OBJECT:
			say(c->kind == ADF_ARRAY ? SLICE_LIT("a(") : SLICE_LIT("o("));
			ends[depth++] = c->len;
			break;
		case ADF_KEY:
			break;
		}
	}
}

static const struct {
	const char *json;
	const char *expected;
	const char *wrong; /* the beginning of what is said; NULL: nothing */
	size_t wrong_at;
} rows[] = {
	{"null", "null,", NULL, 0},
	{" [ true , false,null\n,\t1 ] ", "a(true,false,null,1,)", NULL, 0},
	{"-1.5e+3", "-1.5e+3,", NULL, 0},
	{"\"a\"", "'a',", NULL, 0},
	{"{}", "o()", NULL, 0},
	{"[]", "a()", NULL, 0},
	{"[[],{},[[]]]", "a(a()o()a(a()))", NULL, 0},
	{"{\"type\":\"doc\",\"zz\":1,\"\":{\"a\":[2]}}", "o(type:'doc',zz:1,:o(a:a(2,)))", NULL, 0},
	{"\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "'\"\\/\b\f\n\r\t',", NULL, 0},
	{"\"\\u0041\\u00fc\\u20ac\\ud83d\\ude00\"", "'A\u00fc\u20ac\U0001F600',", NULL, 0},
	{"\"\\ud800\"", "'\uFFFD',", NULL, 0},
	{"\"\\ude00x\"", "'\uFFFDx',", NULL, 0},
	{"\"\\ud83d\\u0041\"", "'\uFFFDA',", NULL, 0},
	{"\"\\ud83d\\ud83d\\ude00\"", "'\uFFFD\U0001F600',", NULL, 0},
	{"\"0123456789abcdef\\n0123456789abcdef\"", "'0123456789abcdef\n0123456789abcdef',", NULL,
	 0},
	{"{\"\\u0074ype\":\"doc\"}", "o(type:'doc',)", NULL, 0},
	/* Taken, and told */
	{"\"a\nb\"", "'a\nb',", "a control", 2},
	{"\"\\x41\"", "'x41',", "a backslash", 2},
	{"\"\\u12 \"", "'u12 ',", "four hexa", 3},
	{"[0,-0.5,10E-2,1e9]", "a(0,-0.5,10E-2,1e9,)", NULL, 0},
	{"[01]", "a(01,)", "this is no", 1},
	{"[-]", "a(-,)", "this is no", 1},
	{"[1.]", "a(1.,)", "this is no", 1},
	{"[1e+]", "a(1e+,)", "this is no", 1},
	{"[1.5.2]", "a(1.5.2,)", "this is no", 1},
	{"[1,]", "a(1,)", "nothing stands", 3},
	{"{\"a\":1,}", "o(a:1,)", "nothing stands", 7},
	{"[1] 2", "a(1,)", "nothing more", 4},
	{"{}}", "o()", "nothing more", 2},
	/* The tape ends there */
	{"", "", "a value", 0},
	{"  ", "", "a value", 2},
	{"this is no JSON", "", "a value", 0},
	{"{'a':1}", "o()", "a key", 1},
	{"{/* c */}", "o()", "a key", 1},
	{"[1 2]", "a(1,)", "a comma", 3},
	{"[,]", "a()", "a value", 1},
	{"{\"a\" 1}", "o()", "a colon", 5},
	{"{\"a\":}", "o()", "a value", 5},
	{"{\"type\":}", "o()", "a value", 8},
	{"{\"a\":1,\"b\"", "o(a:1,)", "a colon", 10},
	{"[[{\"a\":[\"b", "a(a(o(a:a('b',))))", "a string", 10},
	{"\"abc\\", "'abc',", "a string", 5},
	{"[tru", "a()", "a value", 1},
	{"[1,", "a(1,)", "a value", 3},
	{"[{]", "a(o())", "a key", 2},
	{"[1}", "a(1,)", "a comma", 2},
};

START_TEST(read_all)
{
	struct slice json = slice_of_text(rows[_i].json);
	struct adf_tape t;
	ck_assert(adf_tape_read(json, &arena, &t) == FAULT_NONE);
	write_tape(&t);
	ck_assert_msg(slice_eq(buf_view(&dump), slice_of_text(rows[_i].expected)), "%s: %.*s",
		      rows[_i].json, (int)buf_view(&dump).len, buf_view(&dump).ptr);
	ck_assert_msg((t.wrong != NULL) == (rows[_i].wrong != NULL), "%s: %s", rows[_i].json,
		      t.wrong);
	if (t.wrong != NULL) {
		ck_assert(slice_starts(slice_of_text(t.wrong), slice_of_text(rows[_i].wrong)));
		ck_assert_uint_eq(t.wrong_at, rows[_i].wrong_at);
	}
}
END_TEST

START_TEST(members)
{
	struct adf_tape t;
	struct slice json = SLICE_LIT("{\"text\":\"a\",\"x\":{\"text\":\"b\"},\"level\":2,"
				      "\"text\":\"c\",\"attrs\":[]}");
	ck_assert(adf_tape_read(json, &arena, &t) == FAULT_NONE);
	uint32_t text = adf_tape_member(&t, 0, ADF_W_text);
	uint32_t level = adf_tape_member(&t, 0, ADF_W_level);
	ck_assert(slice_eq(adf_tape_text(&t, text), SLICE_LIT("c")));
	ck_assert_uint_eq(adf_tape_text(&t, level).len, 0);
	ck_assert(slice_eq(adf_tape_scalar(&t, level), SLICE_LIT("2")));
	ck_assert_uint_eq(adf_tape_member(&t, 0, ADF_W_marks), 0);
	ck_assert_uint_eq(adf_tape_member(&t, adf_tape_member(&t, 0, ADF_W_attrs), ADF_W_text), 0);
	ck_assert_uint_eq(adf_tape_text(&t, 0).len, 0);
	ck_assert_uint_eq(adf_tape_scalar(&t, 0).len, 0);
}
END_TEST

START_TEST(deep)
{
	enum { DEPTH = 200000 };
	struct buf json;
	struct adf_tape t;
	buf_init(&json, 2 * DEPTH);
	for (unsigned i = 0; i < DEPTH; i++) {
		ck_assert(buf_add(&json, SLICE_LIT("[")) == FAULT_NONE);
	}
	ck_assert(adf_tape_read(buf_view(&json), &arena, &t) == FAULT_NONE);
	ck_assert_uint_eq(t.count, DEPTH);
	ck_assert_uint_eq(t.cells[0].len, DEPTH);
	ck_assert_uint_eq(t.cells[DEPTH - 1].len, DEPTH);
	ck_assert_ptr_nonnull(t.wrong);
	buf_deinit(&json);
}
END_TEST

START_TEST(memory_fails)
{
	struct adf_tape t;
	struct arena small;
	enum fault f = FAULT_NO_MEMORY;
	struct slice json = SLICE_LIT("[1,2,3,4,5,6,7,8,9,0,1,2,3,4,5,6,7,8,9,0,\"a\\nb\"]");
	for (size_t limit = 0; f != FAULT_NONE; limit += 64) {
		arena_init(&small, limit);
		f = adf_tape_read(json, &small, &t);
		ck_assert(f == FAULT_NONE || f == FAULT_NO_MEMORY);
		arena_deinit(&small);
	}
}
END_TEST

int main(void)
{
	Suite *s = suite_create("adf_tape");
	TCase *t = tcase_create("adf_tape");
	tcase_add_checked_fixture(t, set_up, tear_down);
	tcase_add_loop_test(t, read_all, 0, COUNT_OF(rows));
	tcase_add_test(t, members);
	tcase_add_test(t, deep);
	tcase_add_test(t, memory_fails);
	suite_add_tcase(s, t);
	return check_main(s);
}
