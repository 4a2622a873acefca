#include "relay/pictures/codec/canvas.h"

#include <stdlib.h>
#include <string.h>

#include "tests/support/check_main.h"

enum { RGBA = 4 };

static void put(struct canvas *c, uint32_t width, uint32_t height, const unsigned char *grey)
{
	unsigned char row[64 * RGBA];
	for (uint32_t y = 0; y < height; y++) {
		for (uint32_t x = 0; x < width; x++) {
			memset(row + (size_t)x * RGBA, grey[y * width + x], 3);
			row[x * RGBA + 3] = 255;
		}
		canvas_row(c, row);
	}
}

static const struct {
	uint64_t width, height;
	uint32_t longest;
	enum fault fault;
	uint32_t to_width, to_height;
} sizes[] = {
	{10, 20, 0, FAULT_NONE, 10, 20},
	{10, 20, 20, FAULT_NONE, 10, 20},
	{10, 20, 100, FAULT_NONE, 10, 20},
	{10, 20, 10, FAULT_NONE, 5, 10},
	{20, 10, 15, FAULT_NONE, 15, 8},
	{60000, 1, 10, FAULT_NONE, 10, 1},
	{0, 1, 0, FAULT_BAD_PICTURE, 0, 0},
	{1, 0, 0, FAULT_BAD_PICTURE, 0, 0},
	{CANVAS_SIDE_MAX + 1, 1, 0, FAULT_BAD_PICTURE, 0, 0},
	{1, UINT64_MAX, 0, FAULT_BAD_PICTURE, 0, 0},
	{50000, 50000, 100, FAULT_BAD_PICTURE, 0, 0},
};

START_TEST(size_row)
{
	struct canvas c = {.longest_side = sizes[_i].longest};
	ck_assert_int_eq(canvas_begin(&c, sizes[_i].width, sizes[_i].height), sizes[_i].fault);
	if (sizes[_i].fault == FAULT_NONE) {
		ck_assert_uint_eq(c.width, sizes[_i].to_width);
		ck_assert_uint_eq(c.height, sizes[_i].to_height);
		ck_assert_int_eq(canvas_begin(&c, 1, 1), FAULT_BAD_PICTURE); /* once */
	}
	canvas_deinit(&c);
}
END_TEST

START_TEST(means)
{
	static const unsigned char four[] = {0, 100, 200, 40, 10, 20, 30, 40,
					     1, 2,   3,	  4,  5,  6,  7,  8};
	static const unsigned char expected[] = {33, 78, 4, 6}; /* 32.5, 77.5, 3.5, 5.5 */
	struct canvas c = {.longest_side = 2};
	ck_assert_int_eq(canvas_begin(&c, 4, 4), FAULT_NONE);
	put(&c, 4, 4, four);
	for (size_t i = 0; i < COUNT_OF(expected); i++) {
		ck_assert_uint_eq(c.pixels[i * CANVAS_RGB], expected[i]);
		ck_assert_uint_eq(c.pixels[i * CANVAS_RGB + 2], expected[i]);
	}
	canvas_deinit(&c);
}
END_TEST

/* 3 px to 2: the middle one belongs to both by half. */
START_TEST(parts_of_pixels)
{
	static const unsigned char three[] = {0, 90, 180};
	struct canvas c = {.longest_side = 2};
	ck_assert_int_eq(canvas_begin(&c, 3, 1), FAULT_NONE);
	put(&c, 3, 1, three);
	ck_assert_uint_eq(c.pixels[0], 30);
	ck_assert_uint_eq(c.pixels[CANVAS_RGB], 150);
	canvas_deinit(&c);
}
END_TEST

/* White stays white at any ratio: nothing is lost at the edges. */
START_TEST(white_stays)
{
	unsigned char white[61 * RGBA];
	memset(white, 255, sizeof(white));
	for (uint32_t longest = 1; longest <= 61; longest++) {
		struct canvas c = {.longest_side = longest};
		ck_assert_int_eq(canvas_begin(&c, 61, 47), FAULT_NONE);
		for (int y = 0; y < 47 + 5; y++) { /* and rows too many do nothing */
			canvas_row(&c, white);
		}
		ck_assert_uint_eq(c.row, c.height);
		for (size_t i = 0; i < (size_t)c.width * c.height * CANVAS_RGB; i++) {
			ck_assert_uint_eq(c.pixels[i], 255);
		}
		canvas_deinit(&c);
	}
}
END_TEST

START_TEST(white_ground)
{
	static const unsigned char plain[] = {0, 0, 0, 0, 10, 20, 30, 255, 100, 0, 200, 128};
	static const unsigned char multiplied[] = {0, 0, 0, 0, 10, 20, 30, 255, 50, 0, 100, 128};
	static const unsigned char seen[] = {255, 255, 255, 10, 20, 30, 177, 127, 227};
	for (int m = 0; m < 2; m++) {
		struct canvas c = {.is_premultiplied = m == 1};
		ck_assert_int_eq(canvas_begin(&c, 3, 1), FAULT_NONE);
		canvas_row(&c, m == 1 ? multiplied : plain);
		ck_assert_int_eq(memcmp(c.pixels, seen, sizeof(seen)), 0);
		canvas_deinit(&c);
	}
}
END_TEST

START_TEST(missing_rows_are_white)
{
	static const unsigned char black[2] = {0, 0};
	struct canvas c = {0};
	ck_assert_int_eq(canvas_begin(&c, 2, 3), FAULT_NONE);
	put(&c, 2, 1, black);
	canvas_end(&c);
	ck_assert_uint_eq(c.pixels[0], 0);
	ck_assert_uint_eq(c.pixels[2 * CANVAS_RGB], 255);
	ck_assert_uint_eq(c.pixels[6 * CANVAS_RGB - 1], 255);
	canvas_deinit(&c);
}
END_TEST

/* 1 2 3 / 4 5 6 as each orientation has it: what Exif stores, and what is seen. */
static const struct {
	unsigned char seen[6];
	uint32_t width;
} turns[9] = {
	{{1, 2, 3, 4, 5, 6}, 3}, {{1, 2, 3, 4, 5, 6}, 3}, {{3, 2, 1, 6, 5, 4}, 3},
	{{6, 5, 4, 3, 2, 1}, 3}, {{4, 5, 6, 1, 2, 3}, 3}, {{1, 4, 2, 5, 3, 6}, 2},
	{{4, 1, 5, 2, 6, 3}, 2}, {{6, 3, 5, 2, 4, 1}, 2}, {{3, 6, 2, 5, 1, 4}, 2},
};

START_TEST(turn_row)
{
	static const unsigned char stored[] = {1, 2, 3, 4, 5, 6};
	struct canvas c = {0};
	ck_assert_int_eq(canvas_begin(&c, 3, 2), FAULT_NONE);
	put(&c, 3, 2, stored);
	ck_assert_int_eq(canvas_turn(&c, (unsigned)_i), FAULT_NONE);
	ck_assert_uint_eq(c.width, turns[_i].width);
	ck_assert_uint_eq(c.height, 6 / turns[_i].width);
	for (size_t i = 0; i < 6; i++) {
		ck_assert_msg(c.pixels[i * CANVAS_RGB] == turns[_i].seen[i], "%d: %zu", _i, i);
	}
	canvas_deinit(&c);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("canvas");
	TCase *t = tcase_create("rows");
	tcase_add_loop_test(t, size_row, 0, COUNT_OF(sizes));
	tcase_add_test(t, means);
	tcase_add_test(t, parts_of_pixels);
	tcase_add_test(t, white_stays);
	tcase_add_test(t, white_ground);
	tcase_add_test(t, missing_rows_are_white);
	tcase_add_loop_test(t, turn_row, 0, COUNT_OF(turns));
	suite_add_tcase(s, t);
	return check_main(s);
}
