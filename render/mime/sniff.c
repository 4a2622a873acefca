#include "render/mime/sniff.h"

enum { JPEG_SEGMENTS_MAX = 64, SVG_HEAD = 1024, SIDE_MAX = 1 << 16 };

/* What stands at `at`; the first row that fits counts. */
static const struct {
	struct slice magic;
	size_t at;
	struct slice type;
	enum sniff_use use;
} magics[] = {
	{SLICE_INIT("\x89PNG\r\n\x1a\n"), 0, SLICE_INIT("image/png"), SNIFF_PICTURE},
	{SLICE_INIT("\xff\xd8\xff"), 0, SLICE_INIT("image/jpeg"), SNIFF_PICTURE},
	{SLICE_INIT("GIF87a"), 0, SLICE_INIT("image/gif"), SNIFF_PICTURE},
	{SLICE_INIT("GIF89a"), 0, SLICE_INIT("image/gif"), SNIFF_PICTURE},
	{SLICE_INIT("WEBP"), 8, SLICE_INIT("image/webp"), SNIFF_RARE_PICTURE},
	{SLICE_INIT("ftypavif"), 4, SLICE_INIT("image/avif"), SNIFF_RARE_PICTURE},
	{SLICE_INIT("ftypheic"), 4, SLICE_INIT("image/heic"), SNIFF_RARE_PICTURE},
	{SLICE_INIT("II*\0"), 0, SLICE_INIT("image/tiff"), SNIFF_RARE_PICTURE},
	{SLICE_INIT("MM\0*"), 0, SLICE_INIT("image/tiff"), SNIFF_RARE_PICTURE},
	{SLICE_INIT("%PDF-"), 0, SLICE_INIT("application/pdf"), SNIFF_FILE},
	{SLICE_INIT("\x1f\x8b\x08"), 0, SLICE_INIT("application/gzip"), SNIFF_FILE},
	{SLICE_INIT("7z\xbc\xaf\x27\x1c"), 0, SLICE_INIT("application/x-7z-compressed"),
	 SNIFF_FILE},
	{SLICE_INIT("ftyp"), 4, SLICE_INIT("video/mp4"), SNIFF_FILE},
};

static uint32_t be16(struct slice s, size_t at)
{
	const unsigned char *p = (const unsigned char *)s.ptr + at;
	return (uint32_t)p[0] << 8 | p[1];
}

static uint32_t be32(struct slice s, size_t at)
{
	return be16(s, at) << 16 | be16(s, at + 2);
}

static uint32_t le16(struct slice s, size_t at)
{
	const unsigned char *p = (const unsigned char *)s.ptr + at;
	return (uint32_t)p[1] << 8 | p[0];
}

static void jpeg_size(struct slice s, struct sniff *into)
{
	size_t at = 2;
	for (int i = 0; i < JPEG_SEGMENTS_MAX && at + 9 < s.len; i++) {
		unsigned char mark = (unsigned char)s.ptr[at + 1];
		if ((unsigned char)s.ptr[at] != 0xff) {
			return;
		}
		if (mark == 0xff) { /* a filler */
			at++;
			continue;
		}
		/* Frame headers: all of C0 to CF but tables (C4), reserved (C8) and arithmetic
		 * (CC). */
		if (mark >= 0xc0 && mark <= 0xcf && mark != 0xc4 && mark != 0xc8 && mark != 0xcc) {
			into->height = be16(s, at + 5);
			into->width = be16(s, at + 7);
			return;
		}
		at += 2 + be16(s, at + 2);
	}
}

static void find_size(struct slice s, struct sniff *into)
{
	if (slice_eq(into->type, SLICE_LIT("image/png")) && s.len >= 24) {
		into->width = be32(s, 16);
		into->height = be32(s, 20);
	} else if (slice_eq(into->type, SLICE_LIT("image/gif")) && s.len >= 10) {
		into->width = le16(s, 6);
		into->height = le16(s, 8);
	} else if (slice_eq(into->type, SLICE_LIT("image/jpeg"))) {
		jpeg_size(s, into);
	}
	if (into->width > SIDE_MAX || into->height > SIDE_MAX) {
		into->width = 0;
		into->height = 0;
	}
}

static bool is_svg(struct slice s)
{
	struct slice head = slice_trim(slice_first(s, SVG_HEAD));
	bool markup = slice_starts(head, SLICE_LIT("<")) ||
		      slice_starts(head, SLICE_LIT("\xef\xbb\xbf<"));
	return markup && slice_find(head, SLICE_LIT("<svg")) < head.len;
}

/* RFC 6838 4.2: restricted names around one slash. */
static bool is_type(struct slice s)
{
	size_t slash = slice_find_byte(s, '/');
	for (size_t i = 0; i < s.len; i++) {
		char c = s.ptr[i];
		bool good = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
			    (c >= '0' && c <= '9') ||
			    (i > 0 && (c == '.' || c == '+' || c == '-')) || i == slash;
		if (!good) {
			return false;
		}
	}
	return slash > 0 && slash + 1 < s.len && s.len <= 100;
}

/* A declared type that may stand: what bytes cannot deny and what is no structure of a message. */
static struct slice believed(struct slice declared, bool zip)
{
	static const struct slice never[] = {SLICE_INIT("multipart/"), SLICE_INIT("message/"),
					     SLICE_INIT("image/")};
	declared = slice_trim(slice_first(declared, slice_find_byte(declared, ';')));
	if (!is_type(declared)) {
		return (struct slice){0};
	}
	for (size_t i = 0; i < COUNT_OF(never); i++) {
		if (slice_starts_nocase(declared, never[i])) {
			return (struct slice){0};
		}
	}
	/* Office documents are archives; nothing else that is one should be called otherwise. */
	if (zip && !slice_starts_nocase(declared, SLICE_LIT("application/"))) {
		return (struct slice){0};
	}
	return declared;
}

struct sniff sniff_bytes(struct slice bytes, struct slice declared)
{
	for (size_t i = 0; i < COUNT_OF(magics); i++) {
		if (slice_starts(slice_skip(bytes, magics[i].at), magics[i].magic)) {
			struct sniff found = {.type = magics[i].type, .use = magics[i].use};
			find_size(bytes, &found);
			return found;
		}
	}
	if (is_svg(bytes)) {
		return (struct sniff){.type = SLICE_LIT("image/svg+xml"),
				      .use = SNIFF_RARE_PICTURE};
	}
	bool zip = slice_starts(bytes, SLICE_LIT("PK\x03\x04"));
	struct slice type = believed(declared, zip);
	if (type.len == 0) {
		type = zip ? SLICE_LIT("application/zip") : SLICE_LIT("application/octet-stream");
	}
	return (struct sniff){.type = type, .use = SNIFF_FILE};
}
