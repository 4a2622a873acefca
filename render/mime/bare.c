#include "render/mime/bare.h"

#include <string.h>

#include "render/mime/natural.h"

struct bare {
	char *into; /* NULL: only measured */
	size_t len;
};

static void keep(struct bare *b, struct slice bytes)
{
	if (b->into != NULL && bytes.len > 0) {
		memcpy(b->into + b->len, bytes.ptr, bytes.len);
	}
	b->len += bytes.len;
}

static uint32_t byte_at(struct slice s, size_t at)
{
	return at < s.len ? (unsigned char)s.ptr[at] : 0;
}

/* --- JPEG: segments, and image data between them --- */

enum { JPEG_START = 0xd8, JPEG_END = 0xd9, JPEG_SCAN = 0xda, JPEG_COMMENT = 0xfe };

static bool stays(uint32_t mark, struct slice body)
{
	switch (mark) {
	case 0xe0:
		return slice_starts(body, SLICE_LIT("JFIF\0"));
	case 0xe2:
		return slice_starts(body, SLICE_LIT("ICC_PROFILE\0"));
	case 0xee:
		return slice_starts(body, SLICE_LIT("Adobe"));
	case JPEG_COMMENT:
		return false;
	default:
		return mark < 0xe0 || mark > 0xef;
	}
}

/* Exif with one field, in the order of bytes of a Motorola. */
static void say_orientation(struct bare *b, uint8_t orientation)
{
	static const char before[] = "\xff\xe1\0\x22"
				     "Exif\0\0MM\0*\0\0\0\x08\0\1\1\x12\0\3\0\0\0\1";
	const char value[] = {0, (char)orientation, 0, 0, 0, 0, 0, 0};
	keep(b, slice_of(before, sizeof(before) - 1));
	keep(b, slice_of(value, sizeof(value)));
}

/* Bytes up to the next marker that is no part of image data. */
static size_t scan_length(struct slice s)
{
	size_t n = 0;
	for (;;) {
		n += slice_find_byte(slice_skip(s, n), '\xff');
		if (n + 1 >= s.len) {
			return s.len;
		}
		uint32_t mark = byte_at(s, n + 1);
		if (mark != 0 && mark != 0xff && (mark < 0xd0 || mark > 0xd7)) {
			return n;
		}
		n += mark == 0xff ? 1 : 2;
	}
}

static void bare_jpeg(struct bare *b, struct slice s, uint8_t orientation)
{
	bool said = orientation <= NATURAL_UPRIGHT || orientation > 8;
	keep(b, slice_first(s, 2));
	for (s = slice_skip(s, 2); s.len >= 2;) {
		uint32_t mark = byte_at(s, 1);
		if (byte_at(s, 0) != 0xff || mark == 0 || mark == 0xff || mark == JPEG_START ||
		    mark == 1 || (mark >= 0xd0 && mark <= 0xd7)) { /* a filler, or astray */
			struct slice rest = slice_skip(s, 1);
			s = slice_skip(rest, slice_find_byte(rest, '\xff'));
			continue;
		}
		if (mark == JPEG_END) {
			keep(b, slice_first(s, 2));
			return;
		}
		size_t len = 2 + (byte_at(s, 2) << 8 | byte_at(s, 3));
		if (len < 4 || len > s.len) {
			return;
		}
		if (!said && mark != 0xe0) {
			say_orientation(b, orientation);
			said = true;
		}
		if (stays(mark, slice_skip(slice_first(s, len), 4))) {
			len += mark == JPEG_SCAN ? scan_length(slice_skip(s, len)) : 0;
			keep(b, slice_first(s, len));
		}
		s = slice_skip(s, len);
	}
}

/* --- PNG: chunks --- */

static bool is_needed(struct slice kind)
{
	static const char kinds[][5] = {"tRNS", "gAMA", "cHRM", "sRGB", "iCCP", "cICP", "sBIT",
					"bKGD", "pHYs", "hIST", "acTL", "fcTL", "fdAT"};
	bool found = (kind.ptr[0] & 0x20) == 0; /* without it the picture cannot be shown */
	for (size_t i = 0; i < COUNT_OF(kinds) && !found; i++) {
		found = memcmp(kind.ptr, kinds[i], 4) == 0;
	}
	return found;
}

static void bare_png(struct bare *b, struct slice s)
{
	keep(b, slice_first(s, 8));
	for (s = slice_skip(s, 8); s.len >= 8;) {
		struct slice kind = slice_of(s.ptr + 4, 4);
		size_t len = (size_t)byte_at(s, 0) << 24 | byte_at(s, 1) << 16 |
			     byte_at(s, 2) << 8 | byte_at(s, 3);
		struct slice chunk = slice_first(s, len + 12);
		if (is_needed(kind)) {
			keep(b, chunk);
		}
		if (slice_eq(kind, SLICE_LIT("IEND"))) {
			return;
		}
		s = slice_skip(s, len + 12);
	}
}

/* --- GIF: blocks --- */

/* Length of a run of sub-blocks with the empty one that ends it; all that is left when it does not end. */
static size_t sub_blocks(struct slice s)
{
	size_t n = 0;
	while (n < s.len && byte_at(s, n) != 0) {
		n += 1 + byte_at(s, n);
	}
	return n < s.len ? n + 1 : s.len;
}

static size_t colours(uint32_t flags)
{
	return (flags & 0x80) != 0 ? (size_t)3 << ((flags & 7) + 1) : 0;
}

static bool repeats(struct slice block)
{
	return slice_starts(slice_skip(block, 3), SLICE_LIT("NETSCAPE2.0")) ||
	       slice_starts(slice_skip(block, 3), SLICE_LIT("ANIMEXTS1.0"));
}

static void bare_gif(struct bare *b, struct slice s)
{
	size_t head = 13 + colours(byte_at(s, 10));
	keep(b, slice_first(s, head));
	for (s = slice_skip(s, head); s.len > 0;) {
		uint32_t kind = byte_at(s, 0), label = byte_at(s, 1);
		size_t len = 0;
		if (kind == 0x2c) { /* an image: its head, its colours, the size of its codes */
			len = 10 + colours(byte_at(s, 9)) + 1;
		} else if (kind == 0x21) {
			len = 2;
		} else {
			keep(b, SLICE_LIT(";")); /* the end, or astray */
			return;
		}
		len += sub_blocks(slice_skip(s, len));
		struct slice block = slice_first(s, len);
		if (kind == 0x2c || (label != 0xfe && (label != 0xff || repeats(block)))) {
			keep(b, block);
		}
		s = slice_skip(s, len);
	}
}

size_t bare_picture(struct slice bytes, struct slice type, uint8_t orientation, char *into)
{
	struct bare b = {.into = into};
	if (slice_eq(type, SLICE_LIT("image/jpeg"))) {
		bare_jpeg(&b, bytes, orientation);
	} else if (slice_eq(type, SLICE_LIT("image/png"))) {
		bare_png(&b, bytes);
	} else {
		bare_gif(&b, bytes);
	}
	return b.len;
}
