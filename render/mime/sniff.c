#include "render/mime/sniff.h"

/* What stands at `at`; the first row that fits counts. */
static const struct {
	struct slice magic;
	size_t at;
	struct slice type;
	enum sniff_use use;
	natural_fn *size;
} magics[] = {
	{SLICE_INIT("\x89PNG\r\n\x1a\n"), 0, SLICE_INIT("image/png"), SNIFF_PICTURE, natural_png},
	{SLICE_INIT("\xff\xd8\xff"), 0, SLICE_INIT("image/jpeg"), SNIFF_PICTURE, natural_jpeg},
	{SLICE_INIT("GIF87a"), 0, SLICE_INIT("image/gif"), SNIFF_PICTURE, natural_gif},
	{SLICE_INIT("GIF89a"), 0, SLICE_INIT("image/gif"), SNIFF_PICTURE, natural_gif},
	{SLICE_INIT("WEBP"), 8, SLICE_INIT("image/webp"), SNIFF_RARE_PICTURE, natural_webp},
	{SLICE_INIT("ftypavif"), 4, SLICE_INIT("image/avif"), SNIFF_RARE_PICTURE, natural_boxes},
	{SLICE_INIT("ftypavis"), 4, SLICE_INIT("image/avif"), SNIFF_RARE_PICTURE, natural_boxes},
	{SLICE_INIT("ftypheic"), 4, SLICE_INIT("image/heic"), SNIFF_RARE_PICTURE, natural_boxes},
	{SLICE_INIT("ftypheix"), 4, SLICE_INIT("image/heic"), SNIFF_RARE_PICTURE, natural_boxes},
	{SLICE_INIT("ftypmif1"), 4, SLICE_INIT("image/heif"), SNIFF_RARE_PICTURE, natural_boxes},
	{SLICE_INIT("II*\0"), 0, SLICE_INIT("image/tiff"), SNIFF_RARE_PICTURE, natural_tiff},
	{SLICE_INIT("MM\0*"), 0, SLICE_INIT("image/tiff"), SNIFF_RARE_PICTURE, natural_tiff},
	{SLICE_INIT("\0\0\0\0"), 6, SLICE_INIT("image/bmp"), SNIFF_RARE_PICTURE, natural_bmp},
	{SLICE_INIT("%PDF-"), 0, SLICE_INIT("application/pdf"), SNIFF_FILE, NULL},
	{SLICE_INIT("\x1f\x8b\x08"), 0, SLICE_INIT("application/gzip"), SNIFF_FILE, NULL},
	{SLICE_INIT("7z\xbc\xaf\x27\x1c"), 0, SLICE_INIT("application/x-7z-compressed"), SNIFF_FILE,
	 NULL},
	{SLICE_INIT("ftyp"), 4, SLICE_INIT("video/mp4"), SNIFF_FILE, NULL},
};

/* "BM" alone begins many a text: the rest of the head must be a bitmap's too. */
static bool is_bmp(struct slice s)
{
	static const unsigned char header_sizes[] = {12, 40, 52, 56, 64, 108, 124};
	bool found = false;
	for (size_t i = 0; s.len > 26 && i < COUNT_OF(header_sizes); i++) {
		found = found || (unsigned char)s.ptr[14] == header_sizes[i];
	}
	return found && slice_starts(s, SLICE_LIT("BM")) &&
	       slice_eq(slice_of(s.ptr + 15, 3), SLICE_LIT("\0\0\0"));
}

static bool fits(struct slice bytes, size_t row)
{
	return slice_starts(slice_skip(bytes, magics[row].at), magics[row].magic) &&
	       (magics[row].size != natural_bmp || is_bmp(bytes));
}

static void find_size(struct slice s, natural_fn *size, struct sniff *into)
{
	struct natural n = {.orientation = NATURAL_UPRIGHT};
	size(s, &n);
	bool told = n.width > 0 && n.height > 0 && n.width <= NATURAL_SIDE_MAX &&
		    n.height <= NATURAL_SIDE_MAX;
	bool turned = n.orientation > 4; /* by a quarter, to one side or the other */
	into->width = told ? turned ? n.height : n.width : 0;
	into->height = told ? turned ? n.width : n.height : 0;
	into->orientation = n.orientation;
	into->is_clear = n.is_clear;
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
		if (fits(bytes, i)) {
			struct sniff found = {.type = magics[i].type, .use = magics[i].use};
			if (magics[i].size != NULL) {
				find_size(bytes, magics[i].size, &found);
			}
			return found;
		}
	}
	if (natural_is_svg(bytes)) {
		struct sniff found = {.type = SLICE_LIT("image/svg+xml"),
				      .use = SNIFF_RARE_PICTURE};
		find_size(bytes, natural_svg, &found);
		return found;
	}
	bool zip = slice_starts(bytes, SLICE_LIT("PK\x03\x04"));
	struct slice type = believed(declared, zip);
	if (type.len == 0) {
		type = zip ? SLICE_LIT("application/zip") : SLICE_LIT("application/octet-stream");
	}
	return (struct sniff){.type = type, .use = SNIFF_FILE};
}
