#include "render/confluence/emoji.h"

#include "tests/support/check_main.h"

static const struct {
	const char *id;
	const char *expected; /* empty: no emoji's id */
} ids[] = {
	{"1f680", "🚀"},
	{"1F680", "🚀"},
	{"1f469-1f3fe-200d-1f4bb", "👩🏾‍💻"},
	{"2764-fe0f", "❤️"},
	{"0031-20e3", "1⃣"},
	{"atlassian-check_mark", "✅"},
	{"atlassian-nothing", ""},
	{"", ""},
	{"-", ""},
	{"1f680-", ""},
	{"41", ""},
	{"0041-0042", ""},
	{"3c-73-63", ""},
	{"d83d-de80", ""},
	{"110000", ""},
	{"ffffffffff", ""},
	{"0b6c3a5e-1f2b", ""},
	{"1f680-x", ""},
};

START_TEST(by_id)
{
	char space[EMOJI_MAX];
	struct slice text = emoji_by_id(slice_of_text(ids[_i].id), space);
	ck_assert_msg(slice_eq(text, slice_of_text(ids[_i].expected)), "%s: %.*s", ids[_i].id,
		      (int)text.len, text.ptr == NULL ? "" : text.ptr);
}
END_TEST

START_TEST(longer_than_any)
{
	char space[EMOJI_MAX];
	char id[EMOJI_MAX / 4 * 6 + 6];
	for (size_t i = 0; i < sizeof(id); i++) {
		id[i] = "1f680-"[i % 6];
	}
	ck_assert_uint_eq(emoji_by_id(slice_of(id, sizeof(id) - 1), space).len, 0);
}
END_TEST

START_TEST(by_name)
{
	ck_assert(slice_eq(emoji_by_name(SLICE_LIT("tick")), SLICE_LIT("✅")));
	ck_assert_uint_eq(emoji_by_name(SLICE_LIT("Tick")).len, 0);
	ck_assert_uint_eq(emoji_by_name(slice_of(NULL, 0)).len, 0);
}
END_TEST

START_TEST(shortcuts)
{
	ck_assert(emoji_is_shortcut(SLICE_LIT(":x:")));
	ck_assert(!emoji_is_shortcut(SLICE_LIT("::")));
	ck_assert(!emoji_is_shortcut(SLICE_LIT(":x")));
	ck_assert(!emoji_is_shortcut(SLICE_LIT("🚀")));
}
END_TEST

int main(void)
{
	Suite *s = suite_create("emoji");
	TCase *t = tcase_create("emoji");
	tcase_add_loop_test(t, by_id, 0, COUNT_OF(ids));
	tcase_add_test(t, longer_than_any);
	tcase_add_test(t, by_name);
	tcase_add_test(t, shortcuts);
	suite_add_tcase(s, t);
	return check_main(s);
}
