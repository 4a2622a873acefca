#include "render/mime/bare.h"

#include <string.h>

#include "tests/support/check_main.h"

#define PNG_HEAD    "\x89PNG\r\n\x1a\n"
#define IHDR	    "\0\0\0\rIHDR\0\0\0\1\0\0\0\1\x08\2\0\0\0CRC!"
#define CHUNK(kind) "\0\0\0\3" kind "abcCRC!"
#define IEND	    "\0\0\0\0IENDCRC!"
#define JFIF	    "\xff\xe0\0\x09JFIF\0\1\1"
#define QUANT	    "\xff\xdb\0\4qq"
#define SCAN                                                                                       \
	"\xff\xda\0\4ssdata\xff\0more\xff\xd0"                                                     \
	"after"
#define GIF_HEAD  "GIF89a\1\0\1\0\x80\0\0rgbRGB"
#define GIF_IMAGE "\x2c\0\0\0\0\1\0\1\0\0\2\2\x4c\1\0"
#define ORIENTED                                                                                   \
	"\xff\xe1\0\x22"                                                                           \
	"Exif\0\0MM\0*\0\0\0\x08\0\1\1\x12\0\3\0\0\0\1\0\6\0\0\0\0\0\0"

static const struct {
	const char *name, *type;
	uint8_t orientation;
	struct slice bytes, left;
} rows[] = {
	{"PNG: texts, time, Exif and what nobody knows", "image/png", 1,
	 SLICE_INIT(PNG_HEAD IHDR CHUNK("tEXt") CHUNK("zTXt") CHUNK("iTXt") CHUNK("eXIf")
			    CHUNK("tIME") CHUNK("pHYs") CHUNK("prVW") CHUNK("iCCP") CHUNK("IDAT")
				    CHUNK("tEXt") IEND),
	 SLICE_INIT(PNG_HEAD IHDR CHUNK("pHYs") CHUNK("iCCP") CHUNK("IDAT") IEND)},
	{"PNG: what hangs on behind it", "image/png", 1,
	 SLICE_INIT(PNG_HEAD IHDR CHUNK("IDAT") IEND "more of the picture that it was before"),
	 SLICE_INIT(PNG_HEAD IHDR CHUNK("IDAT") IEND)},
	{"PNG: image data that ends too early", "image/png", 1,
	 SLICE_INIT(PNG_HEAD IHDR "\0\0\x10\0IDATabc"),
	 SLICE_INIT(PNG_HEAD IHDR "\0\0\x10\0IDATabc")},
	{"PNG: text that ends too early", "image/png", 1,
	 SLICE_INIT(PNG_HEAD IHDR "\xff\xff\xff\xfftEXtabc"), SLICE_INIT(PNG_HEAD IHDR)},
	{"PNG: nothing to leave out", "image/png", 6,
	 SLICE_INIT(PNG_HEAD IHDR CHUNK("tRNS") CHUNK("IDAT") IEND),
	 SLICE_INIT(PNG_HEAD IHDR CHUNK("tRNS") CHUNK("IDAT") IEND)},
	{"PNG: animated", "image/png", 1,
	 SLICE_INIT(PNG_HEAD IHDR CHUNK("acTL") CHUNK("fcTL") CHUNK("IDAT") CHUNK("fdAT") IEND),
	 SLICE_INIT(PNG_HEAD IHDR CHUNK("acTL") CHUNK("fcTL") CHUNK("IDAT") CHUNK("fdAT") IEND)},
	{"JPEG: Exif, XMP, IPTC, a comment, several pictures", "image/jpeg", 1,
	 SLICE_INIT("\xff\xd8" JFIF "\xff\xe1\0\x08"
		    "Exif\0\0"
		    "\xff\xe1\0\x07http:"
		    "\xff\xed\0\x05"
		    "Pho"
		    "\xff\xfe\0\4hi"
		    "\xff\xe2\0\6MPF\0"
		    "\xff\xe2\0\x0eICC_PROFILE\0"
		    "\xff\xee\0\x07"
		    "Adobe" QUANT SCAN "\xff\xd9"),
	 SLICE_INIT("\xff\xd8" JFIF "\xff\xe2\0\x0eICC_PROFILE\0"
		    "\xff\xee\0\x07"
		    "Adobe" QUANT SCAN "\xff\xd9")},
	{"JPEG: a thumbnail in the extension of JFIF", "image/jpeg", 1,
	 SLICE_INIT("\xff\xd8" JFIF "\xff\xe0\0\x08JFXX\0x" QUANT SCAN "\xff\xd9"),
	 SLICE_INIT("\xff\xd8" JFIF QUANT SCAN "\xff\xd9")},
	{"JPEG: more scans, and a comment between them", "image/jpeg", 1,
	 SLICE_INIT("\xff\xd8" QUANT SCAN "\xff\xc4\0\4tt"
		    "\xff\xfe\0\4hi" SCAN "\xff\xd9"),
	 SLICE_INIT("\xff\xd8" QUANT SCAN "\xff\xc4\0\4tt" SCAN "\xff\xd9")},
	{"JPEG: a film behind it", "image/jpeg", 1,
	 SLICE_INIT("\xff\xd8" QUANT SCAN "\xff\xd9"
		    "ftypmp42"),
	 SLICE_INIT("\xff\xd8" QUANT SCAN "\xff\xd9")},
	{"JPEG: image data that ends too early", "image/jpeg", 1, SLICE_INIT("\xff\xd8" QUANT SCAN),
	 SLICE_INIT("\xff\xd8" QUANT SCAN)},
	{"JPEG: fillers and what is astray", "image/jpeg", 1,
	 SLICE_INIT("\xff\xd8\xff\xff\xff"
		    "\xdb\0\4qq"
		    "stray" SCAN "\xff\xd9"),
	 SLICE_INIT("\xff\xd8" QUANT SCAN "\xff\xd9")},
	{"JPEG: a comment that is longer than all", "image/jpeg", 1,
	 SLICE_INIT("\xff\xd8" QUANT "\xff\xfe\xff\xffhi"), SLICE_INIT("\xff\xd8" QUANT)},
	{"JPEG: it goes on saying how to turn it", "image/jpeg", 6,
	 SLICE_INIT("\xff\xd8" JFIF "\xff\xe1\0\x08"
		    "Exif\0\0" QUANT SCAN "\xff\xd9"),
	 SLICE_INIT("\xff\xd8" JFIF ORIENTED QUANT SCAN "\xff\xd9")},
	{"JPEG: a start alone", "image/jpeg", 1, SLICE_INIT("\xff\xd8\xff"),
	 SLICE_INIT("\xff\xd8")},
	{"GIF: comments and XMP", "image/gif", 1,
	 SLICE_INIT(GIF_HEAD "\x21\xff\x0bNETSCAPE2.0\3\1\0\0\0"
			     "\x21\xfe\2hi\0"
			     "\x21\xff\x0bXMP DataXMP\2hi\0"
			     "\x21\xf9\4\0\0\0\0\0" GIF_IMAGE ";tail"),
	 SLICE_INIT(GIF_HEAD "\x21\xff\x0bNETSCAPE2.0\3\1\0\0\0"
			     "\x21\xf9\4\0\0\0\0\0" GIF_IMAGE ";")},
	{"GIF: an image that ends too early", "image/gif", 1,
	 SLICE_INIT(GIF_HEAD "\x2c\0\0\0\0\1\0\1\0\0\2\xffx"),
	 SLICE_INIT(GIF_HEAD "\x2c\0\0\0\0\1\0\1\0\0\2\xffx")},
	{"GIF: astray", "image/gif", 1, SLICE_INIT(GIF_HEAD "what is this"),
	 SLICE_INIT(GIF_HEAD ";")},
};

START_TEST(bare_row)
{
	struct slice type = slice_of_text(rows[_i].type);
	char into[1024];
	size_t len = bare_picture(rows[_i].bytes, type, rows[_i].orientation, NULL);
	ck_assert_uint_le(len, sizeof(into));
	ck_assert_uint_eq(bare_picture(rows[_i].bytes, type, rows[_i].orientation, into), len);
	ck_assert_msg(slice_eq(slice_of(into, len), rows[_i].left), "%s: %zu bytes", rows[_i].name,
		      len);
	/* What is bare stays as it is. */
	char again[1024];
	uint8_t orientation = rows[_i].orientation;
	size_t twice = bare_picture(slice_of(into, len), type, orientation, again);
	ck_assert(slice_eq(slice_of(again, twice), slice_of(into, len)));
}
END_TEST

/* No cut is read past its end, nothing longer than promised is written (the sanitizers watch). */
START_TEST(every_cut)
{
	struct slice type = slice_of_text(rows[_i].type);
	for (size_t n = 0; n <= rows[_i].bytes.len; n++) {
		char *copy = malloc(n + 1);
		char *into = malloc(n + BARE_MORE);
		ck_assert(copy != NULL && into != NULL);
		memcpy(copy, rows[_i].bytes.ptr, n);
		size_t len = bare_picture(slice_of(copy, n), type, 6, NULL);
		ck_assert_uint_le(len, n + BARE_MORE);
		ck_assert_uint_eq(bare_picture(slice_of(copy, n), type, 6, into), len);
		free(copy);
		free(into);
	}
}
END_TEST

int main(void)
{
	Suite *s = suite_create("bare");
	TCase *t = tcase_create("rows");
	tcase_add_loop_test(t, bare_row, 0, (int)COUNT_OF(rows));
	tcase_add_loop_test(t, every_cut, 0, (int)COUNT_OF(rows));
	suite_add_tcase(s, t);
	return check_main(s);
}
