#include "render/html/media.h"

#include <string.h>

#include "tests/support/check_main.h"

#define PNG "\x89PNG\r\n\x1a\n"
static char large[MEDIA_PICTURE_MAX + 1] = PNG;
static char fitting[8][MEDIA_PICTURE_MAX] = {PNG, PNG, PNG, PNG, PNG, PNG, PNG, PNG};

static struct attachment picture(const char *name, const char *bytes, size_t len)
{
	return (struct attachment){.name = slice_of_text(name), .bytes = slice_of(bytes, len)};
}

START_TEST(verdicts)
{
	struct attachment files[] = {
		picture("a.png", PNG "1", 9),
		picture("text.png", "hello", 5),
		picture("x.svg", "<svg/>", 6),
		picture("empty.png", "", 0),
		picture("large.png", large, sizeof(large)),
		picture("fits.png", large, MEDIA_PICTURE_MAX),
	};
	static const enum media_verdict expected[] = {MEDIA_SHOWN, MEDIA_NO_PICTURE,
						      MEDIA_RARE,  MEDIA_NO_PICTURE,
						      MEDIA_LARGE, MEDIA_SHOWN};
	struct arena a;
	struct media m;
	arena_init(&a, 65536);
	ck_assert_int_eq(media_init(&m, files, COUNT_OF(files), SLICE_LIT("h.example"), &a),
			 FAULT_NONE);
	for (size_t i = 0; i < COUNT_OF(files); i++) {
		enum media_verdict v;
		ck_assert_int_eq(media_show(&m, i, &v), FAULT_NONE);
		ck_assert_int_eq(v, expected[i]);
		ck_assert_int_eq(m.all[i].content_id.len > 0, v == MEDIA_SHOWN);
	}
	ck_assert_uint_eq(m.shown_count, 2);
	ck_assert(slice_ends(m.shown[0].content_id, SLICE_LIT("@h.example")));
	ck_assert(slice_eq(m.shown[0].type, SLICE_LIT("image/png")));
	arena_deinit(&a);
}
END_TEST

START_TEST(equal_bytes_are_one_part)
{
	struct attachment files[] = {picture("a.png", PNG "1", 9), picture("b.png", PNG "1", 9),
				     picture("c.png", PNG "2", 9)};
	static const size_t uses[] = {0, 1, 0, 2, 1, 0};
	struct arena a;
	struct media m;
	enum media_verdict v;
	arena_init(&a, 65536);
	ck_assert_int_eq(media_init(&m, files, COUNT_OF(files), SLICE_LIT("h.example"), &a),
			 FAULT_NONE);
	for (size_t i = 0; i < COUNT_OF(uses); i++) {
		ck_assert_int_eq(media_show(&m, uses[i], &v), FAULT_NONE);
	}
	ck_assert_uint_eq(m.shown_count, 2);
	ck_assert(slice_eq(m.all[0].content_id, m.all[1].content_id));
	ck_assert(!slice_eq(m.all[0].content_id, m.all[2].content_id));
	arena_deinit(&a);
}
END_TEST

START_TEST(all_together_are_limited)
{
	struct attachment files[8];
	struct arena a;
	struct media m;
	enum media_verdict v;
	for (size_t i = 0; i < 8; i++) {
		fitting[i][8] = (char)i;
		files[i] = picture("a.png", fitting[i], MEDIA_PICTURE_MAX);
	}
	arena_init(&a, 65536);
	ck_assert_int_eq(media_init(&m, files, 8, SLICE_LIT("h.example"), &a), FAULT_NONE);
	for (size_t i = 0; i < 8; i++) {
		ck_assert_int_eq(media_show(&m, i, &v), FAULT_NONE);
		ck_assert_int_eq(v, i < 5 ? MEDIA_SHOWN : MEDIA_FULL);
	}
	/* Once shown, always shown. */
	ck_assert_int_eq(media_show(&m, 0, &v), FAULT_NONE);
	ck_assert_int_eq(v, MEDIA_SHOWN);
	ck_assert_uint_eq(m.shown_bytes, MEDIA_PICTURES_MAX);
	arena_deinit(&a);
}
END_TEST

START_TEST(no_memory)
{
	struct attachment files[] = {picture("a.png", PNG "1", 9)};
	struct arena a;
	struct media m;
	arena_init(&a, 0);
	ck_assert_int_eq(media_init(&m, files, 1, SLICE_LIT("h.example"), &a), FAULT_NO_MEMORY);
	arena_deinit(&a);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("media");
	TCase *t = tcase_create("rows");
	tcase_add_test(t, verdicts);
	tcase_add_test(t, equal_bytes_are_one_part);
	tcase_add_test(t, all_together_are_limited);
	tcase_add_test(t, no_memory);
	suite_add_tcase(s, t);
	return check_main(s);
}
