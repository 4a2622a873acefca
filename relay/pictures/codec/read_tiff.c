#include <stdlib.h>
#include <string.h>
#include <tiffio.h>

#include "relay/pictures/codec/format.h"

enum { RGBA = 4 };

/* A file in memory. */
struct source {
	struct slice bytes;
	size_t at;
};

static tmsize_t take(thandle_t handle, void *into, tmsize_t len)
{
	struct source *s = handle;
	struct slice now = slice_first(slice_skip(s->bytes, s->at), len > 0 ? (size_t)len : 0);
	if (now.len > 0) {
		memcpy(into, now.ptr, now.len);
	}
	s->at += now.len;
	return (tmsize_t)now.len;
}

static tmsize_t refuse(thandle_t handle, void *bytes, tmsize_t len)
{
	(void)handle;
	(void)bytes;
	(void)len;
	return -1;
}

static toff_t seek(thandle_t handle, toff_t to, int whence)
{
	struct source *s = handle;
	toff_t from = whence == SEEK_CUR ? s->at : whence == SEEK_END ? s->bytes.len : 0;
	toff_t at = from + to;
	s->at = at < s->bytes.len ? (size_t)at : s->bytes.len;
	return s->at;
}

static int leave(thandle_t handle)
{
	(void)handle;
	return 0;
}

static toff_t measure(thandle_t handle)
{
	const struct source *s = handle;
	return s->bytes.len;
}

static void take_rows(struct canvas *c, const uint32_t *pixels, unsigned char *row)
{
	for (uint32_t y = 0; y < c->from_height; y++) {
		for (uint32_t x = 0; x < c->from_width; x++, pixels++) {
			row[RGBA * x] = TIFFGetR(*pixels);
			row[RGBA * x + 1] = TIFFGetG(*pixels);
			row[RGBA * x + 2] = TIFFGetB(*pixels);
			row[RGBA * x + 3] = TIFFGetA(*pixels);
		}
		canvas_row(c, row);
	}
}

static enum fault read_first(TIFF *tiff, struct canvas *c)
{
	uint32_t width = 0, height = 0;
	uint16_t bits = 8, orientation = ORIENTATION_TOPLEFT;
	if (!TIFFGetField(tiff, TIFFTAG_IMAGEWIDTH, &width) ||
	    !TIFFGetField(tiff, TIFFTAG_IMAGELENGTH, &height)) {
		return FAULT_BAD_PICTURE;
	}
	TIFFGetFieldDefaulted(tiff, TIFFTAG_BITSPERSAMPLE, &bits);
	TIFFGetFieldDefaulted(tiff, TIFFTAG_ORIENTATION, &orientation);
	/* The library turns only in part: it is told that nothing is to be turned. */
	TIFFSetField(tiff, TIFFTAG_ORIENTATION, ORIENTATION_TOPLEFT);
	enum fault f = canvas_begin(c, width, height);
	if (f != FAULT_NONE) {
		return f;
	}
	c->is_premultiplied = true;
	c->is_photo = bits >= 8;
	uint32_t *pixels = calloc((size_t)width * height, sizeof(*pixels));
	unsigned char *row = malloc((size_t)width * RGBA);
	f = pixels == NULL || row == NULL ? FAULT_NO_MEMORY : FAULT_NONE;
	if (f == FAULT_NONE &&
	    !TIFFReadRGBAImageOriented(tiff, width, height, pixels, ORIENTATION_TOPLEFT, 0)) {
		f = FAULT_BAD_PICTURE;
	}
	if (f == FAULT_NONE) {
		take_rows(c, pixels, row);
		f = canvas_turn(c, orientation);
	}
	free(pixels);
	free(row);
	return f;
}

enum fault format_read_tiff(struct slice bytes, struct canvas *c)
{
	struct source s = {.bytes = bytes};
	TIFFSetErrorHandler(NULL);
	TIFFSetWarningHandler(NULL);
	TIFF *tiff = TIFFClientOpen("picture", "rm", &s, take, refuse, seek, leave, measure, NULL,
				    NULL);
	if (tiff == NULL) {
		return FAULT_BAD_PICTURE;
	}
	enum fault f = read_first(tiff, c);
	TIFFClose(tiff);
	return f;
}
