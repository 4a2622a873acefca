#include "render/mime/sniff.h"
#include "relay/pictures/codec/format.h"

enum { GOOD = 82, POOR = 60, HEAVY = 250 * 1000, WORTH = 4 };

static const struct {
	struct slice type;
	format_read_fn *read;
} formats[] = {
	{SLICE_INIT("image/png"), format_read_png},
	{SLICE_INIT("image/jpeg"), format_read_jpeg},
	{SLICE_INIT("image/webp"), format_read_webp},
	{SLICE_INIT("image/avif"), format_read_avif},
	{SLICE_INIT("image/tiff"), format_read_tiff},
	{SLICE_INIT("image/bmp"), format_read_bmp},
	{SLICE_INIT("image/svg+xml"), format_read_svg},
};

static enum fault take_in(struct slice bytes, struct canvas *c)
{
	struct sniff s = sniff_bytes(bytes, (struct slice){0});
	for (size_t i = 0; i < COUNT_OF(formats); i++) {
		if (slice_eq(s.type, formats[i].type)) {
			enum fault f = formats[i].read(bytes, c);
			if (f != FAULT_NONE) {
				return f;
			}
			canvas_end(c);
			/* TIFF and AVIF say it elsewhere, and are upright already. */
			return formats[i].read == format_read_jpeg ? canvas_turn(c, s.orientation)
								   : FAULT_NONE;
		}
	}
	return FAULT_BAD_PICTURE;
}

static enum fault write_photo(const struct canvas *c, struct buf *into)
{
	enum fault f = format_write_jpeg(c, GOOD, into);
	if (f != FAULT_NONE) {
		buf_clear(into);
		f = format_write_jpeg(c, POOR, into);
	}
	return f;
}

/* A drawing that is so large must be a photo: as one it may be a fraction of it. */
static enum fault try_photo(const struct canvas *c, struct buf *drawing)
{
	struct buf photo;
	buf_init(&photo, drawing->len / WORTH);
	enum fault f = format_write_jpeg(c, GOOD, &photo);
	if (f == FAULT_NONE) {
		buf_clear(drawing);
		f = buf_add(drawing, buf_view(&photo));
	}
	buf_deinit(&photo);
	return f == FAULT_TOO_LARGE ? FAULT_NONE : f;
}

/* Lines and letters stay sharp as PNG. */
static enum fault put_out(const struct canvas *c, struct buf *into)
{
	enum fault f = c->is_photo ? FAULT_TOO_LARGE : format_write_png(c, into);
	if (f == FAULT_NONE) {
		return into->len < HEAVY ? f : try_photo(c, into);
	}
	buf_clear(into);
	return write_photo(c, into);
}

enum fault format_convert(struct slice bytes, uint32_t longest_side, struct buf *into)
{
	struct canvas c = {.longest_side = longest_side};
	enum fault f = take_in(bytes, &c);
	if (f == FAULT_NONE) {
		f = put_out(&c, into);
	}
	canvas_deinit(&c);
	return f;
}
