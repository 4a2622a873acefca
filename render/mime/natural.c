#include "render/mime/natural.h"

#include <string.h>

enum {
	SEGMENTS_MAX = 256,
	CHUNKS_MAX = 64,
	BOXES_MAX = 64,
	FIELDS_MAX = 256,
	SVG_HEAD = 64 * 1024,
	SVG_BEFORE_MAX = 64, /* comments and the like */
};

/* Numbers at a place; 0 past the end, where nothing is known. */
static uint32_t byte_at(struct slice s, size_t at)
{
	return at < s.len ? (unsigned char)s.ptr[at] : 0;
}

static uint32_t be16(struct slice s, size_t at)
{
	return byte_at(s, at) << 8 | byte_at(s, at + 1);
}

static uint32_t be32(struct slice s, size_t at)
{
	return be16(s, at) << 16 | be16(s, at + 2);
}

static uint32_t le16(struct slice s, size_t at)
{
	return byte_at(s, at + 1) << 8 | byte_at(s, at);
}

static uint32_t le32(struct slice s, size_t at)
{
	return le16(s, at + 2) << 16 | le16(s, at);
}

static uint32_t le24(struct slice s, size_t at)
{
	return byte_at(s, at + 2) << 16 | le16(s, at);
}

/* --- TIFF, and Exif, which is one --- */

enum tiff_tag { TIFF_WIDTH = 256, TIFF_HEIGHT = 257, TIFF_ORIENTATION = 274, TIFF_SHORT = 3 };

static void tiff_fields(struct slice s, bool with_size, struct natural *into)
{
	bool big = byte_at(s, 0) == 'M';
	uint32_t at = big ? be32(s, 4) : le32(s, 4);
	uint32_t count = big ? be16(s, at) : le16(s, at);
	struct slice field = slice_skip(slice_skip(s, at), 2);
	for (uint32_t i = 0; i < count && i < FIELDS_MAX && field.len >= 12; i++) {
		uint32_t tag = big ? be16(field, 0) : le16(field, 0);
		bool is_short = (big ? be16(field, 2) : le16(field, 2)) == TIFF_SHORT;
		uint32_t value = is_short ? big ? be16(field, 8) : le16(field, 8)
				 : big ? be32(field, 8)
					  : le32(field, 8);
		if (tag == TIFF_WIDTH && with_size) {
			into->width = value;
		} else if (tag == TIFF_HEIGHT && with_size) {
			into->height = value;
		} else if (tag == TIFF_ORIENTATION && value >= 1 && value <= 8) {
			into->orientation = (uint8_t)value;
		}
		field = slice_skip(field, 12);
	}
}

void natural_tiff(struct slice s, struct natural *into)
{
	tiff_fields(s, true, into);
}

/* --- JPEG --- */

void natural_jpeg(struct slice s, struct natural *into)
{
	s = slice_skip(s, 2);
	for (int i = 0; i < SEGMENTS_MAX && s.len >= 4 && byte_at(s, 0) == 0xff; i++) {
		uint32_t mark = byte_at(s, 1);
		struct slice body = slice_skip(slice_first(s, 2 + be16(s, 2)), 4);
		if (mark == 0xff) { /* a filler */
			s = slice_skip(s, 1);
			continue;
		}
		if (mark == 0xe1 && slice_starts(body, SLICE_LIT("Exif\0\0"))) {
			tiff_fields(slice_skip(body, 6), false, into);
		}
		/* Frame headers: all of C0 to CF but tables (C4), reserved (C8) and arithmetic (CC). */
		if (mark >= 0xc0 && mark <= 0xcf && mark != 0xc4 && mark != 0xc8 && mark != 0xcc) {
			into->height = be16(body, 1);
			into->width = be16(body, 3);
			return;
		}
		s = slice_skip(s, 2 + be16(s, 2));
	}
}

/* --- PNG, GIF, BMP --- */

void natural_png(struct slice s, struct natural *into)
{
	into->width = be32(s, 16);
	into->height = be32(s, 20);
	into->is_clear = (byte_at(s, 25) & 4) != 0;
	s = slice_skip(s, 8);
	for (int i = 0; i < CHUNKS_MAX && s.len >= 12; i++) {
		struct slice kind = slice_of(s.ptr + 4, 4);
		if (slice_eq(kind, SLICE_LIT("IDAT"))) {
			return;
		}
		if (slice_eq(kind, SLICE_LIT("tRNS"))) {
			into->is_clear = true;
		}
		s = slice_skip(slice_skip(s, be32(s, 0)), 12);
	}
}

void natural_gif(struct slice s, struct natural *into)
{
	into->width = le16(s, 6);
	into->height = le16(s, 8);
	uint32_t flags = byte_at(s, 10);
	s = slice_skip(s, 13 + ((flags & 0x80) != 0 ? 3U << ((flags & 7) + 1) : 0));
	/* The first extensions: that of an animation may stand before that of the picture. */
	for (int i = 0; i < CHUNKS_MAX && byte_at(s, 0) == 0x21; i++) {
		if (byte_at(s, 1) == 0xf9) {
			into->is_clear = (byte_at(s, 3) & 1) != 0;
			return;
		}
		for (s = slice_skip(s, 2); byte_at(s, 0) != 0;) {
			s = slice_skip(s, 1 + byte_at(s, 0));
		}
		s = slice_skip(s, 1);
	}
}

void natural_bmp(struct slice s, struct natural *into)
{
	if (le32(s, 14) == 12) { /* the old core header */
		into->width = le16(s, 18);
		into->height = le16(s, 20);
		return;
	}
	uint32_t height = le32(s, 22);
	into->width = le32(s, 18);
	into->height = height >> 31 != 0 ? 0U - height : height; /* its rows stand top down */
}

/* --- WebP --- */

void natural_webp(struct slice s, struct natural *into)
{
	struct slice kind = slice_first(slice_skip(s, 12), 4);
	if (slice_eq(kind, SLICE_LIT("VP8X"))) {
		into->is_clear = (byte_at(s, 20) & 0x10) != 0;
		into->width = le24(s, 24) + 1;
		into->height = le24(s, 27) + 1;
	} else if (slice_eq(kind, SLICE_LIT("VP8L")) && byte_at(s, 20) == 0x2f) {
		uint32_t bits = le32(s, 21);
		into->width = (bits & 0x3fff) + 1;
		into->height = (bits >> 14 & 0x3fff) + 1;
		into->is_clear = (bits >> 28 & 1) != 0;
	} else if (slice_eq(kind, SLICE_LIT("VP8 ")) &&
		   slice_starts(slice_skip(s, 23), SLICE_LIT("\x9d\x01\x2a"))) {
		into->width = le16(s, 26) & 0x3fff;
		into->height = le16(s, 28) & 0x3fff;
	}
}

/* --- AVIF, HEIC: boxes in boxes --- */

/* The inside of the first box of a kind, behind `skip` bytes of its own; empty when there is none. */
static struct slice find_box(struct slice in, const char *kind, size_t skip)
{
	for (int i = 0; i < BOXES_MAX && in.len >= 8; i++) {
		uint32_t size = be32(in, 0);
		if (size < 8) {
			return (struct slice){0};
		}
		if (slice_eq(slice_of(in.ptr + 4, 4), slice_of_text(kind))) {
			return slice_skip(slice_first(in, size), 8 + skip);
		}
		in = slice_skip(in, size);
	}
	return (struct slice){0};
}

/* Thumbnails and tiles have sizes too: the picture's is the largest. */
void natural_boxes(struct slice s, struct natural *into)
{
	struct slice meta = find_box(s, "meta", 4);
	struct slice all = find_box(find_box(meta, "iprp", 0), "ipco", 0);
	for (int i = 0; i < BOXES_MAX; i++) {
		struct slice size = find_box(all, "ispe", 4);
		if (size.len < 8) {
			return;
		}
		uint64_t area = (uint64_t)be32(size, 0) * be32(size, 4);
		if (area > (uint64_t)into->width * into->height) {
			into->width = be32(size, 0);
			into->height = be32(size, 4);
		}
		all = slice_of(size.ptr + 8, (size_t)(all.ptr + all.len - size.ptr - 8));
	}
}

/* --- SVG --- */

/* A length in px; 0 for what is relative or none. Reads as many digits as a side can have. */
static uint32_t svg_length(struct slice *text)
{
	static const struct {
		struct slice unit;
		uint32_t times, by;
	} units[] = {
		{SLICE_INIT("px"), 1, 1},     {SLICE_INIT("pt"), 4, 3},
		{SLICE_INIT("pc"), 16, 1},    {SLICE_INIT("in"), 96, 1},
		{SLICE_INIT("mm"), 960, 254}, {SLICE_INIT("cm"), 9600, 254},
		{SLICE_INIT("em"), 0, 1},     {SLICE_INIT("ex"), 0, 1},
		{SLICE_INIT("%"), 0, 1},      {SLICE_INIT("rem"), 0, 1},
	};
	uint64_t number = 0;
	size_t n = 0;
	for (; n < text->len && text->ptr[n] >= '0' && text->ptr[n] <= '9'; n++) {
		number = number > NATURAL_SIDE_MAX ? number
						   : 10 * number + (uint64_t)(text->ptr[n] - '0');
	}
	bool has_number = n > 0;
	if (n < text->len && text->ptr[n] == '.') {
		do {
			n++;
		} while (n < text->len && text->ptr[n] >= '0' && text->ptr[n] <= '9');
	}
	*text = slice_skip(*text, n);
	for (size_t i = 0; has_number && i < COUNT_OF(units); i++) {
		if (slice_starts(*text, units[i].unit)) {
			number = number * units[i].times / units[i].by;
		}
	}
	return number > NATURAL_SIDE_MAX ? 0 : (uint32_t)number;
}

/* "0 0 640 480": the last two are a size. */
static void svg_view_box(struct slice text, struct natural *into)
{
	uint32_t numbers[4] = {0};
	for (size_t i = 0; i < 4 && text.len > 0; i++) {
		size_t n = 0;
		while (n < text.len &&
		       (text.ptr[n] == ' ' || text.ptr[n] == ',' || text.ptr[n] == '-' ||
			text.ptr[n] == '\n' || text.ptr[n] == '\t' || text.ptr[n] == '\r')) {
			n++;
		}
		text = slice_skip(text, n);
		numbers[i] = svg_length(&text);
	}
	into->width = numbers[2];
	into->height = numbers[3];
}

/* The next attribute of a tag; false at its end, or where it is no attribute. */
static bool svg_attribute(struct slice *tag, struct slice *out_name, struct slice *out_value)
{
	struct slice name;
	if (!slice_cut_to(tag, '=', &name)) {
		return false;
	}
	*tag = slice_trim(*tag);
	char quote = tag->len > 0 ? tag->ptr[0] : '\0';
	*tag = slice_skip(*tag, 1);
	*out_name = slice_trim(name);
	return (quote == '"' || quote == '\'') && slice_cut_to(tag, quote, out_value);
}

/* From `s` on, what stands behind the next `end`. */
static struct slice behind(struct slice s, struct slice end)
{
	return slice_skip(s, slice_find(s, end) + end.len);
}

/* What stands behind the name of the first element, when that is an svg; else nothing. */
static struct slice svg_tag(struct slice s)
{
	s = slice_first(s, SVG_HEAD);
	s = slice_skip(s, slice_starts(s, SLICE_LIT("\xef\xbb\xbf")) ? 3 : 0);
	for (int i = 0; i < SVG_BEFORE_MAX; i++) {
		s = slice_trim(s);
		if (slice_starts(s, SLICE_LIT("<?"))) {
			s = behind(s, SLICE_LIT("?>"));
		} else if (slice_starts(s, SLICE_LIT("<!--"))) {
			s = behind(s, SLICE_LIT("-->"));
		} else if (slice_starts_nocase(s, SLICE_LIT("<!doctype"))) {
			bool has_inner = slice_find_byte(s, '[') < slice_find_byte(s, '>');
			s = behind(has_inner ? behind(s, SLICE_LIT("]")) : s, SLICE_LIT(">"));
		} else {
			break;
		}
	}
	struct slice rest = slice_starts(s, SLICE_LIT("<svg:svg")) ? slice_skip(s, 8)
			    : slice_starts(s, SLICE_LIT("<svg"))   ? slice_skip(s, 4)
								   : (struct slice){0};
	bool ends = rest.len > 0 &&
		    ((unsigned char)rest.ptr[0] <= ' ' || rest.ptr[0] == '>' || rest.ptr[0] == '/');
	return ends ? rest : (struct slice){0};
}

bool natural_is_svg(struct slice bytes)
{
	return svg_tag(bytes).len > 0;
}

void natural_svg(struct slice s, struct natural *into)
{
	struct natural box = {0};
	struct slice tag = svg_tag(s);
	struct slice name, value;
	while (svg_attribute(&tag, &name, &value)) {
		value = slice_trim(value);
		if (slice_eq(name, SLICE_LIT("width"))) {
			into->width = svg_length(&value);
		} else if (slice_eq(name, SLICE_LIT("height"))) {
			into->height = svg_length(&value);
		} else if (slice_eq(name, SLICE_LIT("viewBox"))) {
			svg_view_box(value, &box);
		}
		tag = slice_trim(tag);
		if (tag.len > 0 && (tag.ptr[0] == '>' || tag.ptr[0] == '/')) {
			break;
		}
	}
	bool boxed = box.width > 0 && box.height > 0;
	if (boxed && into->width == 0 && into->height == 0) {
		into->width = box.width;
		into->height = box.height;
	} else if (boxed && into->height == 0) {
		into->height = (uint32_t)((uint64_t)into->width * box.height / box.width);
	} else if (boxed && into->width == 0) {
		into->width = (uint32_t)((uint64_t)into->height * box.width / box.height);
	}
}
