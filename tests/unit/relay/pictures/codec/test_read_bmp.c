#include <stdlib.h>
#include <string.h>

#include "relay/pictures/codec/format.h"
#include "tests/support/check_main.h"

#define FILE_HEAD(at) "BM\0\0\0\0\0\0\0\0" at "\0\0\0"
#define INFO(w, h, bits, how)                                                                      \
	"\x28\0\0\0" w "\0\0\0" h "\1\0" bits "\0" how "\0\0\0"                                    \
	"\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
#define UP(n)	    n "\0\0\0"
#define TWO_COLOURS "\x0a\x14\x1e\0\xff\xff\xff\0"

/* What is seen of 2 x 2 px, row by row, in RGB; NULL: it cannot be read. */
static const struct {
	const char *name;
	struct slice bytes;
	const char *seen;
} rows[] = {
	{"24 bits, bottom up",
	 SLICE_INIT(FILE_HEAD("\x36") INFO("\2", UP("\2"), "\x18",
					   "\0") "\1\2\3\4\5\6\0\0\7\x08\x09\x0a\x0b\x0c\0\0"),
	 "\x09\x08\7\x0c\x0b\x0a\3\2\1\6\5\4"},
	{"24 bits, top down",
	 SLICE_INIT(FILE_HEAD("\x36") INFO("\2", "\xfe\xff\xff\xff", "\x18",
					   "\0") "\1\2\3\4\5\6\0\0\7\x08\x09\x0a\x0b\x0c\0\0"),
	 "\3\2\1\6\5\4\x09\x08\7\x0c\x0b\x0a"},
	{"32 bits without alpha",
	 SLICE_INIT(FILE_HEAD("\x36") INFO("\2", UP("\2"), "\x20",
					   "\0") "\1\2\3\0\4\5\6\0\7\x08\x09\0\x0a\x0b\x0c\0"),
	 "\x09\x08\7\x0c\x0b\x0a\3\2\1\6\5\4"},
	{"16 bits: five for each",
	 SLICE_INIT(FILE_HEAD("\x36")
			    INFO("\2", UP("\2"), "\x10", "\0") "\x1f\0\xe0\3\0\x7c\xff\x7f"),
	 "\xff\0\0\xff\xff\xff\0\0\xff\0\xff\0"},
	{"16 bits with masks: six for green",
	 SLICE_INIT(FILE_HEAD("\x42")
			    INFO("\2", UP("\2"), "\x10", "\3") "\0\xf8\0\0\xe0\7\0\0\x1f\0\0\0"
							       "\x1f\0\xe0\7\0\xf8\xff\xff"),
	 "\xff\0\0\xff\xff\xff\0\0\xff\0\xff\0"},
	{"8 bits",
	 SLICE_INIT(FILE_HEAD("\x3e") INFO("\2", UP("\2"), "\x08", "\0") TWO_COLOURS
		    "\0\1\0\0\1\0\0\0"),
	 "\xff\xff\xff\x1e\x14\x0a\x1e\x14\x0a\xff\xff\xff"},
	{"4 bits",
	 SLICE_INIT(FILE_HEAD("\x3e") INFO("\2", UP("\2"), "\4", "\0") TWO_COLOURS
		    "\1\0\0\0\x10\0\0\0"),
	 "\xff\xff\xff\x1e\x14\x0a\x1e\x14\x0a\xff\xff\xff"},
	{"1 bit",
	 SLICE_INIT(FILE_HEAD("\x3e") INFO("\2", UP("\2"), "\1", "\0") TWO_COLOURS
		    "\x40\0\0\0\x80\0\0\0"),
	 "\xff\xff\xff\x1e\x14\x0a\x1e\x14\x0a\xff\xff\xff"},
	{"the old head",
	 SLICE_INIT(FILE_HEAD("\x1a") "\x0c\0\0\0\2\0\2\0\1\0\x18\0"
				      "\1\2\3\4\5\6\0\0\7\x08\x09\x0a\x0b\x0c\0\0"),
	 "\x09\x08\7\x0c\x0b\x0a\3\2\1\6\5\4"},
	{"pixels that are missing are black",
	 SLICE_INIT(FILE_HEAD("\x36") INFO("\2", UP("\2"), "\x18", "\0") "\1\2\3\4\5\6\0\0"),
	 "\0\0\0\0\0\0\3\2\1\6\5\4"},
	{"run lengths", SLICE_INIT(FILE_HEAD("\x36") INFO("\2", UP("\2"), "\x08", "\1") "\2\1\0\1"),
	 NULL},
	{"7 bits", SLICE_INIT(FILE_HEAD("\x36") INFO("\2", UP("\2"), "\7", "\0")), NULL},
	{"no width", SLICE_INIT(FILE_HEAD("\x36") INFO("\0", UP("\2"), "\x18", "\0")), NULL},
	{"as high as can be said",
	 SLICE_INIT(FILE_HEAD("\x36") INFO("\2", "\0\0\0\x80", "\x18", "\0")), NULL},
	{"a head that is cut", SLICE_INIT("BM\0\0\0\0"), NULL},
};

START_TEST(bitmap_row)
{
	struct canvas c = {0};
	enum fault f = format_read_bmp(rows[_i].bytes, &c);
	ck_assert_msg(f == (rows[_i].seen != NULL ? FAULT_NONE : FAULT_BAD_PICTURE), "%s: %d",
		      rows[_i].name, (int)f);
	if (f == FAULT_NONE) {
		ck_assert(c.width == 2 && c.height == 2);
		ck_assert_msg(memcmp(c.pixels, rows[_i].seen, 12) == 0, "%s", rows[_i].name);
	}
	canvas_deinit(&c);
}
END_TEST

/* No cut, and no byte changed, is read past its end (the sanitizers watch). */
START_TEST(every_cut)
{
	size_t len = rows[_i].bytes.len;
	for (size_t n = 0; n <= len; n++) {
		char *copy = malloc(n + 1);
		ck_assert_ptr_nonnull(copy);
		memcpy(copy, rows[_i].bytes.ptr, n);
		for (size_t k = 0; k <= n; k++) {
			struct canvas c = {.longest_side = 1};
			if (k < n && n == len) {
				copy[k] ^= '\x55';
			}
			if (k == n || n == len) {
				(void)!format_read_bmp(slice_of(copy, n), &c);
			}
			canvas_deinit(&c);
			if (k < n && n == len) {
				copy[k] ^= '\x55';
			}
		}
		free(copy);
	}
}
END_TEST

int main(void)
{
	Suite *s = suite_create("read_bmp");
	TCase *t = tcase_create("rows");
	tcase_add_loop_test(t, bitmap_row, 0, COUNT_OF(rows));
	tcase_add_loop_test(t, every_cut, 0, COUNT_OF(rows));
	suite_add_tcase(s, t);
	return check_main(s);
}
