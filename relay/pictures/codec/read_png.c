#include <png.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

#include "relay/pictures/codec/format.h"

enum { RGBA = 4, CHUNK_MAX = 4 * 1024 * 1024 };

struct reading {
	png_structp png;
	png_infop info;
	struct slice rest;
	unsigned char *pixels; /* one row, or all of them of an interlaced picture */
	enum fault fault;
};

static void take(png_structp png, png_bytep into, size_t len)
{
	struct reading *r = png_get_io_ptr(png);
	if (len > r->rest.len) {
		png_error(png, "cut");
	}
	memcpy(into, r->rest.ptr, len);
	r->rest = slice_skip(r->rest, len);
}

static void be_silent(png_structp png, png_const_charp what)
{
	(void)png;
	(void)what;
}

static void stop(png_structp png, png_const_charp what)
{
	(void)what;
	png_longjmp(png, 1);
}

static void set_form(const struct reading *r)
{
	png_set_expand(r->png);
	png_set_strip_16(r->png);
	png_set_gray_to_rgb(r->png);
	png_set_add_alpha(r->png, 255, PNG_FILLER_AFTER);
}

static void take_profile(const struct reading *r, struct canvas *c)
{
	png_charp name;
	int method;
	png_bytep profile;
	png_uint_32 len;
	bool is_grey = (png_get_color_type(r->png, r->info) & PNG_COLOR_MASK_COLOR) == 0;
	if (!is_grey && png_get_iCCP(r->png, r->info, &name, &method, &profile, &len) != 0) {
		canvas_keep_profile(c, profile, len);
	}
}

static void take_rows(struct reading *r, struct canvas *c)
{
	uint32_t height = c->from_height;
	size_t stride = (size_t)c->from_width * RGBA;
	int passes = png_set_interlace_handling(r->png);
	png_read_update_info(r->png, r->info);
	r->pixels = calloc(passes > 1 ? height : 1, stride);
	if (r->pixels == NULL || png_get_rowbytes(r->png, r->info) != stride) {
		r->fault = r->pixels == NULL ? FAULT_NO_MEMORY : FAULT_BAD_PICTURE;
		return;
	}
	for (int pass = 1; pass < passes; pass++) {
		for (uint32_t y = 0; y < height; y++) {
			png_read_row(r->png, r->pixels + y * stride, NULL);
		}
	}
	for (uint32_t y = 0; y < height; y++) {
		unsigned char *row = r->pixels + (passes > 1 ? y * stride : 0);
		png_read_row(r->png, row, NULL);
		canvas_row(c, row);
	}
}

/* Apart from what it must give back: libpng leaves by a jump. */
static void read_all(struct reading *r, struct canvas *c)
{
	if (setjmp(png_jmpbuf(r->png)) != 0) {
		return; /* rows that were read stay */
	}
	png_set_read_fn(r->png, r, take);
	png_set_user_limits(r->png, CANVAS_SIDE_MAX, CANVAS_SIDE_MAX);
	png_set_chunk_malloc_max(r->png, CHUNK_MAX);
	png_read_info(r->png, r->info);
	r->fault = canvas_begin(c, png_get_image_width(r->png, r->info),
				png_get_image_height(r->png, r->info));
	if (r->fault == FAULT_NONE) {
		take_profile(r, c);
		set_form(r);
		take_rows(r, c);
	}
}

enum fault format_read_png(struct slice bytes, struct canvas *c)
{
	struct reading r = {.rest = bytes, .fault = FAULT_BAD_PICTURE};
	r.png = png_create_read_struct(PNG_LIBPNG_VER_STRING, NULL, stop, be_silent);
	r.info = r.png != NULL ? png_create_info_struct(r.png) : NULL;
	if (r.info == NULL) {
		png_destroy_read_struct(&r.png, NULL, NULL);
		return FAULT_NO_MEMORY;
	}
	read_all(&r, c);
	png_destroy_read_struct(&r.png, &r.info, NULL);
	free(r.pixels);
	if (r.fault == FAULT_NONE && c->rows == 0) {
		return FAULT_BAD_PICTURE;
	}
	return r.fault;
}
