#include "render/mime/sniff.h"

#include <string.h>

#include "tests/support/check_main.h"

static const struct {
	const char *name;
	struct slice bytes;
	const char *declared;
	const char *type;
	enum sniff_use use;
	uint32_t width, height;
} rows[] = {
	{"PNG", SLICE_INIT("\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\1\2\0\0\0\x40\x08"), "text/html",
	 "image/png", SNIFF_PICTURE, 258, 64},
	{"PNG, cut", SLICE_INIT("\x89PNG\r\n\x1a\n\0\0\0"), "", "image/png", SNIFF_PICTURE, 0, 0},
	{"PNG, absurd size", SLICE_INIT("\x89PNG\r\n\x1a\n\0\0\0\rIHDR\xff\xff\1\2\0\0\0\x40\x08"),
	 "", "image/png", SNIFF_PICTURE, 0, 0},
	{"GIF", SLICE_INIT("GIF89a\x10\x01\x20\0"), "", "image/gif", SNIFF_PICTURE, 272, 32},
	{"GIF, cut", SLICE_INIT("GIF87a\x10"), "", "image/gif", SNIFF_PICTURE, 0, 0},
	{"JPEG", SLICE_INIT("\xff\xd8\xff\xe0\0\4xx\xff\xff\xc0\0\x11\x08\0\x20\1\0\3\1\1"),
	 "image/png", "image/jpeg", SNIFF_PICTURE, 256, 32},
	{"JPEG, no frame", SLICE_INIT("\xff\xd8\xff\xe0\0\4xx\0\0\0\0\0\0\0\0\0\0"), "",
	 "image/jpeg", SNIFF_PICTURE, 0, 0},
	{"JPEG, segments of no length",
	 SLICE_INIT("\xff\xd8\xff\xe0\0\0\xff\xe0\0\0\xff\xe0\0\0\xff\xe0\0\0"), "", "image/jpeg",
	 SNIFF_PICTURE, 0, 0},
	{"JPEG, cut", SLICE_INIT("\xff\xd8\xff"), "", "image/jpeg", SNIFF_PICTURE, 0, 0},
	{"WebP", SLICE_INIT("RIFF\0\0\0\0WEBPVP8 "), "", "image/webp", SNIFF_RARE_PICTURE, 0, 0},
	{"SVG", SLICE_INIT("<?xml version=\"1.0\"?>\n<svg xmlns=\"\"/>"), "image/png",
	 "image/svg+xml", SNIFF_RARE_PICTURE, 0, 0},
	{"JPEG to be turned: its size is what is seen",
	 SLICE_INIT("\xff\xd8\xff\xe1\0\x22"
		    "Exif\0\0MM\0*\0\0\0\x08\0\1\1\x12\0\3\0\0\0\1\0\6\0\0\0\0\0\0"
		    "\xff\xc0\0\x11\x08\0\x20\1\0\3\1\1"),
	 "", "image/jpeg", SNIFF_PICTURE, 32, 256},
	{"a page with a drawing in it",
	 SLICE_INIT("<!DOCTYPE html><html><svg width='1'></svg></html>"), "text/html", "text/html",
	 SNIFF_FILE, 0, 0},
	{"BMP", SLICE_INIT("BM....\0\0\0\0....\x28\0\0\0\x40\1\0\0\xf0\0\0\0\1\0"), "", "image/bmp",
	 SNIFF_RARE_PICTURE, 320, 240},
	{"a text that begins as a BMP", SLICE_INIT("BMW builds cars in Munich and Leipzig."),
	 "text/plain", "text/plain", SNIFF_FILE, 0, 0},
	{"AVIF",
	 SLICE_INIT("\0\0\0\x18"
		    "ftypavif\0\0\0\0"),
	 "", "image/avif", SNIFF_RARE_PICTURE, 0, 0},
	{"HEIC",
	 SLICE_INIT("\0\0\0\x18"
		    "ftypheic\0\0\0\0"),
	 "", "image/heic", SNIFF_RARE_PICTURE, 0, 0},
	{"a film",
	 SLICE_INIT("\0\0\0\x18"
		    "ftypisom\0\0\0\0"),
	 "", "video/mp4", SNIFF_FILE, 0, 0},
	{"TIFF", SLICE_INIT("II*\0...."), "", "image/tiff", SNIFF_RARE_PICTURE, 0, 0},
	{"PDF", SLICE_INIT("%PDF-1.4\n"), "image/png", "application/pdf", SNIFF_FILE, 0, 0},
	{"a document in an archive", SLICE_INIT("PK\x03\x04...."),
	 "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
	 "application/vnd.openxmlformats-officedocument.wordprocessingml.document", SNIFF_FILE, 0,
	 0},
	{"an archive as text", SLICE_INIT("PK\x03\x04...."), "text/plain", "application/zip",
	 SNIFF_FILE, 0, 0},
	{"declared, not seen", SLICE_INIT("a;b\n1;2\n"), "text/csv; charset=latin1", "text/csv",
	 SNIFF_FILE, 0, 0},
	{"declared a picture, is none", SLICE_INIT("hello"), "image/png",
	 "application/octet-stream", SNIFF_FILE, 0, 0},
	{"declared a structure", SLICE_INIT("hello"), "multipart/mixed", "application/octet-stream",
	 SNIFF_FILE, 0, 0},
	{"declared a message", SLICE_INIT("hello"), "Message/rfc822", "application/octet-stream",
	 SNIFF_FILE, 0, 0},
	{"no type", SLICE_INIT("hello"), "", "application/octet-stream", SNIFF_FILE, 0, 0},
	{"no slash", SLICE_INIT("hello"), "text", "application/octet-stream", SNIFF_FILE, 0, 0},
	{"two slashes", SLICE_INIT("hello"), "text/a/b", "application/octet-stream", SNIFF_FILE, 0,
	 0},
	{"a header inside", SLICE_INIT("hello"), "text/x\r\nBcc: y", "application/octet-stream",
	 SNIFF_FILE, 0, 0},
	{"empty", SLICE_INIT(""), "", "application/octet-stream", SNIFF_FILE, 0, 0},
};

START_TEST(sniff_row)
{
	struct sniff s = sniff_bytes(rows[_i].bytes, slice_of_text(rows[_i].declared));
	ck_assert_msg(slice_eq(s.type, slice_of_text(rows[_i].type)), "%s: %.*s", rows[_i].name,
		      (int)s.type.len, s.type.ptr);
	ck_assert_int_eq(s.use, rows[_i].use);
	ck_assert_uint_eq(s.width, rows[_i].width);
	ck_assert_uint_eq(s.height, rows[_i].height);
}
END_TEST

/* No cut of any input is read past its end (the sanitizers watch). */
START_TEST(every_cut)
{
	for (size_t n = 0; n <= rows[_i].bytes.len; n++) {
		char *copy = malloc(n + 1);
		ck_assert_ptr_nonnull(copy);
		memcpy(copy, rows[_i].bytes.ptr, n);
		struct sniff s = sniff_bytes(slice_of(copy, n), (struct slice){0});
		ck_assert_uint_gt(s.type.len, 0);
		free(copy);
	}
}
END_TEST

int main(void)
{
	Suite *s = suite_create("sniff");
	TCase *t = tcase_create("rows");
	tcase_add_loop_test(t, sniff_row, 0, (int)COUNT_OF(rows));
	tcase_add_loop_test(t, every_cut, 0, (int)COUNT_OF(rows));
	suite_add_tcase(s, t);
	return check_main(s);
}
