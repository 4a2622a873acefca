#include "render/confluence/encoding.h"

#include "tests/support/check_main.h"

#define ROW(bytes, text)                                                                           \
	{                                                                                          \
		SLICE_INIT(bytes), SLICE_INIT(text)                                                \
	}

static const struct {
	struct slice bytes;
	struct slice text;
} rows[] = {
	ROW("", ""),
	ROW("{}", "{}"),
	ROW("\xEF\xBB\xBF{}", "{}"),
	ROW("\u00fc\u20ac\U0001F600", "\u00fc\u20ac\U0001F600"),
	ROW("a\xFF"
	    "b\xC3(",
	    "a\uFFFD"
	    "b\uFFFD("),
	ROW("\xED\xA0\x80", "\uFFFD\uFFFD\uFFFD"),
	/* UTF-16 */
	ROW("\xFF\xFE{\0}\0", "{}"),
	ROW("\xFE\xFF\0{\0}", "{}"),
	ROW("{\0}\0", "{}"),
	ROW("\0{\0}", "{}"),
	ROW("\xFF\xFE", ""),
	ROW("\xFF\xFE{\0}", "{"),
	ROW("\xFF\xFE\xFC\x00\xAC\x20", "\u00fc\u20ac"),
	ROW("\xFF\xFE\x3D\xD8\x00\xDE", "\U0001F600"),
	ROW("\xFE\xFF\xD8\x3D\xDE\x00", "\U0001F600"),
	ROW("\xFF\xFE\x3D\xD8x\0", "\uFFFDx"),
	ROW("\xFF\xFE\x00\xDEx\0", "\uFFFDx"),
	ROW("\xFF\xFEx\0\x3D\xD8", "x\uFFFD"),
	/* No UTF-16: U+0000 in a text */
	ROW("a\0b", "a\0b"),
	ROW("{\0}\0\0", "{\0}\0\0"),
};

START_TEST(convert)
{
	struct arena arena;
	struct slice text;
	arena_init(&arena, 1 << 16);
	ck_assert(encoding_to_utf8(rows[_i].bytes, &arena, &text) == FAULT_NONE);
	ck_assert_msg(slice_eq(text, rows[_i].text), "%.*s", (int)text.len, text.ptr);
	arena_deinit(&arena);
}
END_TEST

START_TEST(memory_fails)
{
	static const struct slice changed[] = {SLICE_INIT("\xFF\xFE{\0}\0"), SLICE_INIT("\xFF")};
	struct arena arena;
	struct slice text;
	arena_init(&arena, 0);
	ck_assert(encoding_to_utf8(changed[_i], &arena, &text) == FAULT_NO_MEMORY);
	ck_assert(encoding_to_utf8(SLICE_LIT("as it is"), &arena, &text) == FAULT_NONE);
	arena_deinit(&arena);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("encoding");
	TCase *t = tcase_create("encoding");
	tcase_add_loop_test(t, convert, 0, COUNT_OF(rows));
	tcase_add_loop_test(t, memory_fails, 0, 2);
	suite_add_tcase(s, t);
	return check_main(s);
}
