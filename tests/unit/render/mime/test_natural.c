#include "render/mime/natural.h"

#include <string.h>

#include "tests/support/check_main.h"

#define EXIF_HEAD                                                                                  \
	"\xff\xe1\0\x22"                                                                           \
	"Exif\0\0"
#define ORIENTED(n)	"MM\0*\0\0\0\x08\0\1\1\x12\0\3\0\0\0\1\0" n "\0\0\0\0\0\0"
#define FRAME		"\xff\xc0\0\x11\x08\0\x20\1\0\3\1\1"
#define BOX(size, kind) "\0\0\0" size kind
#define ISPE(w, h)	BOX("\x14", "ispe") "\0\0\0\0\0\0" w "\0\0" h

static const struct {
	const char *name;
	natural_fn *read;
	struct slice bytes;
	uint32_t width, height;
	uint8_t orientation;
	bool is_clear;
} rows[] = {
	{"JPEG that is upright", natural_jpeg, SLICE_INIT("\xff\xd8" FRAME), 256, 32, 1, false},
	{"JPEG that is to be turned", natural_jpeg,
	 SLICE_INIT("\xff\xd8" EXIF_HEAD ORIENTED("\6") FRAME), 256, 32, 6, false},
	{"an orientation that is none", natural_jpeg,
	 SLICE_INIT("\xff\xd8" EXIF_HEAD ORIENTED("\x0c") FRAME), 256, 32, 1, false},
	{"Exif in the other order of bytes", natural_jpeg,
	 SLICE_INIT("\xff\xd8" EXIF_HEAD
		    "II*\0\x08\0\0\0\1\0\x12\1\3\0\1\0\0\0\x08\0\0\0\0\0\0\0" FRAME),
	 256, 32, 8, false},
	{"Exif whose fields lie past its end", natural_jpeg,
	 SLICE_INIT("\xff\xd8\xff\xe1\0\x10"
		    "Exif\0\0MM\0*\xff\xff\xff\xf0" FRAME),
	 256, 32, 1, false},
	{"JPEG with fillers", natural_jpeg, SLICE_INIT("\xff\xd8\xff\xff\xff" FRAME), 256, 32, 1,
	 false},
	{"JPEG that goes astray", natural_jpeg, SLICE_INIT("\xff\xd8\xff\xe0\0\4xx--" FRAME), 0, 0,
	 1, false},
	{"PNG with alpha", natural_png,
	 SLICE_INIT("\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\2\0\0\0\3\x08\6"), 2, 3, 1, true},
	{"PNG with one colour that is clear", natural_png,
	 SLICE_INIT(
		 "\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\2\0\0\0\3\x08\2\0\0\0CRC!\0\0\0\1tRNSxCRC!"),
	 2, 3, 1, true},
	{"PNG, opaque", natural_png,
	 SLICE_INIT(
		 "\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\2\0\0\0\3\x08\2\0\0\0CRC!\0\0\0\1IDATxCRC!"),
	 2, 3, 1, false},
	{"GIF", natural_gif, SLICE_INIT("GIF89a\x10\x01\x20\0"), 272, 32, 1, false},
	{"GIF that moves, and of which parts are clear", natural_gif,
	 SLICE_INIT("GIF89a\x10\x01\x20\0\x80\0\0rgbRGB\x21\xff\x0bNETSCAPE2."
		    "0\3\1\0\0\0\x21\xf9\4\1\0\0\0\0,"),
	 272, 32, 1, true},
	{"GIF that is opaque", natural_gif,
	 SLICE_INIT("GIF89a\x10\x01\x20\0\0\0\0\x21\xfe\1c\0\x21\xf9\4\0\0\0\0\0,"), 272, 32, 1,
	 false},
	{"GIF whose comment does not end", natural_gif,
	 SLICE_INIT("GIF89a\x10\x01\x20\0\0\0\0\x21\xfe\xff"), 272, 32, 1, false},
	{"WebP, lossy", natural_webp,
	 SLICE_INIT("RIFF....WEBPVP8 ....\x30\1\0\x9d\x01\x2a\x40\x01\xf0\0"), 320, 240, 1, false},
	{"WebP, lossless", natural_webp, SLICE_INIT("RIFF....WEBPVP8L....\x2f\x3f\xc1\x3b\x10"),
	 320, 240, 1, true},
	{"WebP, extended", natural_webp,
	 SLICE_INIT("RIFF....WEBPVP8X....\x10\0\0\0\x3f\1\0\xef\0\0"), 320, 240, 1, true},
	{"WebP, cut", natural_webp, SLICE_INIT("RIFF....WEBPVP8 ....\x30\1\0\x9d"), 0, 0, 1, false},
	{"AVIF: the largest of its sizes", natural_boxes,
	 SLICE_INIT(BOX("\x10", "ftyp") "avif\0\0\0\0" BOX("\x44", "meta") "\0\0\0\0" BOX("\x38",
											  "iprp")
			    BOX("\x30", "ipco") ISPE("\0\x40", "\0\x40") ISPE("\1\x40", "\0\xf0")),
	 320, 240, 1, false},
	{"boxes of no size", natural_boxes, SLICE_INIT("\0\0\0\0ftypavif\0\0\0\0meta"), 0, 0, 1,
	 false},
	{"TIFF", natural_tiff,
	 SLICE_INIT("II*\0\x08\0\0\0\3\0"
		    "\0\1\3\0\1\0\0\0\x40\1\0\0"
		    "\1\1\4\0\1\0\0\0\xf0\0\0\0"
		    "\x12\1\3\0\1\0\0\0\3\0\0\0"),
	 320, 240, 3, false},
	{"TIFF whose fields are elsewhere", natural_tiff, SLICE_INIT("MM\0*\xff\xff\xff\xff"), 0, 0,
	 1, false},
	{"BMP", natural_bmp, SLICE_INIT("BM............\x28\0\0\0\x40\1\0\0\xf0\0\0\0\1\0"), 320,
	 240, 1, false},
	{"BMP, top down", natural_bmp,
	 SLICE_INIT("BM............\x28\0\0\0\x40\1\0\0\x10\xff\xff\xff\1\0"), 320, 240, 1, false},
	{"BMP, old", natural_bmp, SLICE_INIT("BM............\x0c\0\0\0\x40\1\xf0\0\1\0\1\0"), 320,
	 240, 1, false},
	{"SVG with a size", natural_svg, SLICE_INIT("<svg width=\"320\" height='240px'>"), 320, 240,
	 1, false},
	{"SVG in other units", natural_svg, SLICE_INIT("<svg height=\"25.4mm\" width=\"2.5in\">"),
	 192, 94, 1, false},
	{"SVG with a box alone", natural_svg,
	 SLICE_INIT("<svg xmlns=\"x\"\n viewBox = \"-1 -2.5, 320 240.7\"/>"), 320, 240, 1, false},
	{"SVG with a box and a width", natural_svg,
	 SLICE_INIT("<svg width=\"160\" viewBox=\"0 0 320 240\">"), 160, 120, 1, false},
	{"SVG, all of the room", natural_svg,
	 SLICE_INIT("<svg width=\"100%\" height=\"100%\" viewBox=\"0 0 320 240\">"), 320, 240, 1,
	 false},
	{"SVG, past what a picture can be", natural_svg,
	 SLICE_INIT("<svg width=\"99999999999999999999\" height=\"1\">"), 0, 1, 1, false},
	{"SVG behind all that may be", natural_svg,
	 SLICE_INIT("\xef\xbb\xbf<?xml version='1.0'?>\n<!-- <svg width='1'> --><!DOCTYPE svg "
		    "[<!ENTITY "
		    "a \"<svg>\">]>\n<svg:svg width='2' height='3'>"),
	 2, 3, 1, false},
	{"SVG whose tag does not end", natural_svg, SLICE_INIT("<svg width='2' height='"), 2, 0, 1,
	 false},
};

static struct natural read_row(size_t row, struct slice bytes)
{
	struct natural n = {.orientation = NATURAL_UPRIGHT};
	rows[row].read(bytes, &n);
	return n;
}

START_TEST(natural_row)
{
	struct natural n = read_row((size_t)_i, rows[_i].bytes);
	ck_assert_msg(n.width == rows[_i].width && n.height == rows[_i].height, "%s: %u x %u",
		      rows[_i].name, n.width, n.height);
	ck_assert_msg(n.orientation == rows[_i].orientation, "%s: %d", rows[_i].name,
		      n.orientation);
	ck_assert_msg(n.is_clear == rows[_i].is_clear, "%s: %d", rows[_i].name, n.is_clear);
}
END_TEST

/* No cut of any input, and no byte of it changed, is read past its end (the sanitizers watch). */
START_TEST(every_cut)
{
	size_t len = rows[_i].bytes.len;
	for (size_t n = 0; n <= len; n++) {
		char *copy = malloc(n + 1);
		ck_assert_ptr_nonnull(copy);
		memcpy(copy, rows[_i].bytes.ptr, n);
		(void)read_row((size_t)_i, slice_of(copy, n));
		for (size_t k = 0; k < n; k++) {
			copy[k] = '\xff';
			struct natural made = read_row((size_t)_i, slice_of(copy, n));
			ck_assert(made.orientation >= 1 && made.orientation <= 8);
			copy[k] = rows[_i].bytes.ptr[k];
		}
		free(copy);
	}
}
END_TEST

static const struct {
	struct slice bytes;
	bool is_svg;
} firsts[] = {
	{SLICE_INIT("<svg>"), true},
	{SLICE_INIT("<svg\n/>"), true},
	{SLICE_INIT("<?xml?><!DOCTYPE svg PUBLIC \"a\" \"b\"><svg/>"), true},
	{SLICE_INIT("<svgx>"), false},
	{SLICE_INIT("<svg"), false},
	{SLICE_INIT("<!-- <svg> "), false},
	{SLICE_INIT("<!DOCTYPE html><html><svg></svg>"), false},
	{SLICE_INIT("a <svg>"), false},
	{SLICE_INIT(""), false},
};

START_TEST(first_element)
{
	ck_assert_int_eq(natural_is_svg(firsts[_i].bytes), firsts[_i].is_svg);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("natural");
	TCase *t = tcase_create("rows");
	tcase_add_loop_test(t, natural_row, 0, (int)COUNT_OF(rows));
	tcase_add_loop_test(t, every_cut, 0, (int)COUNT_OF(rows));
	tcase_add_loop_test(t, first_element, 0, (int)COUNT_OF(firsts));
	suite_add_tcase(s, t);
	return check_main(s);
}
