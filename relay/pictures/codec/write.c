#include <jpeglib.h>
#include <png.h>
#include <setjmp.h>
#include <stdlib.h>

#include "relay/pictures/codec/format.h"

enum { BLOCK = 64 * 1024, BITS = 8 };

/* --- PNG --- */

static void give(png_structp png, png_bytep bytes, size_t len)
{
	struct buf *into = png_get_io_ptr(png);
	if (buf_add(into, slice_of(bytes, len)) != FAULT_NONE) {
		png_error(png, "full");
	}
}

static void flush_nothing(png_structp png)
{
	(void)png;
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

static bool write_all(png_structp png, png_infop info, const struct canvas *c, struct buf *into)
{
	if (setjmp(png_jmpbuf(png)) != 0) {
		return false;
	}
	png_set_write_fn(png, into, give, flush_nothing);
	png_set_IHDR(png, info, c->width, c->height, BITS, PNG_COLOR_TYPE_RGB, PNG_INTERLACE_NONE,
		     PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
	if (c->profile != NULL) {
		png_set_iCCP(png, info, "ICC", PNG_COMPRESSION_TYPE_BASE, c->profile,
			     (png_uint_32)c->profile_len);
	}
	png_write_info(png, info);
	for (uint32_t y = 0; y < c->height; y++) {
		png_write_row(png, c->pixels + (size_t)y * c->width * CANVAS_RGB);
	}
	png_write_end(png, NULL);
	return true;
}

enum fault format_write_png(const struct canvas *c, struct buf *into)
{
	png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, NULL, stop, be_silent);
	png_infop info = png != NULL ? png_create_info_struct(png) : NULL;
	bool written = info != NULL && write_all(png, info, c, into);
	png_destroy_write_struct(&png, &info);
	return written ? FAULT_NONE : FAULT_TOO_LARGE;
}

/* --- JPEG --- */

struct writing {
	struct jpeg_compress_struct jpeg;
	struct jpeg_error_mgr errors;
	struct jpeg_destination_mgr into;
	jmp_buf back;
	struct buf *buf;
	unsigned char block[BLOCK];
};

static void leave(j_common_ptr jpeg)
{
	struct writing *w = jpeg->client_data;
	longjmp(w->back, 1);
}

static void say_nothing(j_common_ptr jpeg)
{
	(void)jpeg;
}

static void begin(j_compress_ptr jpeg)
{
	struct writing *w = jpeg->client_data;
	w->into.next_output_byte = w->block;
	w->into.free_in_buffer = BLOCK;
}

static void take_block(struct writing *w, size_t len)
{
	if (buf_add(w->buf, slice_of(w->block, len)) != FAULT_NONE) {
		longjmp(w->back, 1);
	}
}

static boolean on_full(j_compress_ptr jpeg)
{
	struct writing *w = jpeg->client_data;
	take_block(w, BLOCK);
	begin(jpeg);
	return TRUE;
}

static void on_end(j_compress_ptr jpeg)
{
	struct writing *w = jpeg->client_data;
	take_block(w, BLOCK - w->into.free_in_buffer);
}

static bool write_rows(struct writing *w, const struct canvas *c, int quality)
{
	if (setjmp(w->back) != 0) {
		return false;
	}
	jpeg_create_compress(&w->jpeg);
	w->into = (struct jpeg_destination_mgr){.init_destination = begin,
						.empty_output_buffer = on_full,
						.term_destination = on_end};
	w->jpeg.dest = &w->into;
	w->jpeg.image_width = c->width;
	w->jpeg.image_height = c->height;
	w->jpeg.input_components = CANVAS_RGB;
	w->jpeg.in_color_space = JCS_RGB;
	jpeg_set_defaults(&w->jpeg);
	jpeg_set_quality(&w->jpeg, quality, TRUE);
	w->jpeg.optimize_coding = TRUE;
	jpeg_start_compress(&w->jpeg, TRUE);
	if (c->profile != NULL) {
		jpeg_write_icc_profile(&w->jpeg, c->profile, (unsigned)c->profile_len);
	}
	while (w->jpeg.next_scanline < w->jpeg.image_height) {
		JSAMPROW row = c->pixels + (size_t)w->jpeg.next_scanline * c->width * CANVAS_RGB;
		jpeg_write_scanlines(&w->jpeg, &row, 1);
	}
	jpeg_finish_compress(&w->jpeg);
	return true;
}

enum fault format_write_jpeg(const struct canvas *c, int quality, struct buf *into)
{
	struct writing *w = calloc(1, sizeof(*w));
	if (w == NULL) {
		return FAULT_NO_MEMORY;
	}
	w->buf = into;
	w->jpeg.err = jpeg_std_error(&w->errors);
	w->errors.error_exit = leave;
	w->errors.output_message = say_nothing;
	w->jpeg.client_data = w;
	bool written = write_rows(w, c, quality);
	jpeg_destroy_compress(&w->jpeg);
	free(w);
	return written ? FAULT_NONE : FAULT_TOO_LARGE;
}
