#include <jpeglib.h>
#include <setjmp.h>
#include <stdlib.h>

#include "relay/pictures/codec/format.h"

enum { RGBA = 4, EIGHTHS = 8, SCANS_MAX = 500 };

struct reading {
	struct jpeg_decompress_struct jpeg;
	struct jpeg_error_mgr errors;
	struct jpeg_progress_mgr progress;
	jmp_buf back;
	unsigned char *row;
	enum fault fault;
};

static void stop(j_common_ptr jpeg)
{
	struct reading *r = jpeg->client_data;
	longjmp(r->back, 1);
}

static void be_silent(j_common_ptr jpeg)
{
	(void)jpeg;
}

/* A few bytes can hold thousands of scans, each of the whole picture. */
static void look(j_common_ptr jpeg)
{
	struct reading *r = jpeg->client_data;
	if (r->jpeg.input_scan_number > SCANS_MAX) {
		longjmp(r->back, 1);
	}
}

/* The least of 1/8 to 8/8 that is not below what is wanted: decoding it costs less. */
static void choose_scale(struct jpeg_decompress_struct *jpeg, uint32_t wanted)
{
	uint32_t longest = jpeg->image_width > jpeg->image_height ? jpeg->image_width
								  : jpeg->image_height;
	jpeg->scale_denom = EIGHTHS;
	jpeg->scale_num = EIGHTHS;
	while (wanted > 0 && jpeg->scale_num > 1 &&
	       (uint64_t)longest * (jpeg->scale_num - 1) / EIGHTHS >= wanted) {
		jpeg->scale_num--;
	}
}

/* Adobe's CMYK is stored inverted. */
static void cmyk_to_rgba(unsigned char *row, uint32_t width)
{
	for (uint32_t x = 0; x < width; x++, row += RGBA) {
		unsigned black = row[3];
		for (int i = 0; i < 3; i++) {
			row[i] = (unsigned char)(row[i] * black / 255);
		}
		row[3] = 255;
	}
}

static void take_rows(struct reading *r, struct canvas *c)
{
	struct jpeg_decompress_struct *jpeg = &r->jpeg;
	bool is_cmyk = jpeg->jpeg_color_space == JCS_CMYK || jpeg->jpeg_color_space == JCS_YCCK;
	jpeg->out_color_space = is_cmyk ? JCS_CMYK : JCS_EXT_RGBA;
	choose_scale(jpeg, c->longest_side);
	jpeg_start_decompress(jpeg);
	r->fault = canvas_begin(c, jpeg->output_width, jpeg->output_height);
	r->row = r->fault == FAULT_NONE ? malloc((size_t)jpeg->output_width * RGBA) : NULL;
	if (r->row == NULL) {
		r->fault = r->fault == FAULT_NONE ? FAULT_NO_MEMORY : r->fault;
		return;
	}
	while (jpeg->output_scanline < jpeg->output_height) {
		jpeg_read_scanlines(jpeg, &r->row, 1);
		if (is_cmyk) {
			cmyk_to_rgba(r->row, jpeg->output_width);
		}
		canvas_row(c, r->row);
	}
}

static void take_profile(struct reading *r, struct canvas *c)
{
	JOCTET *profile = NULL;
	unsigned len = 0;
	if (r->jpeg.num_components == 3 && jpeg_read_icc_profile(&r->jpeg, &profile, &len)) {
		canvas_keep_profile(c, profile, len);
		free(profile);
	}
}

/* Apart from what it must give back: libjpeg leaves by a jump. */
static void read_all(struct reading *r, struct slice bytes, struct canvas *c)
{
	if (setjmp(r->back) != 0) {
		return; /* rows that were read stay */
	}
	jpeg_create_decompress(&r->jpeg);
	r->progress.progress_monitor = look;
	r->jpeg.progress = &r->progress;
	jpeg_mem_src(&r->jpeg, (const unsigned char *)bytes.ptr, bytes.len);
	jpeg_save_markers(&r->jpeg, JPEG_APP0 + 2, 0xFFFF);
	if (jpeg_read_header(&r->jpeg, TRUE) == JPEG_HEADER_OK &&
	    (uint64_t)r->jpeg.image_width * r->jpeg.image_height <= CANVAS_PIXELS_MAX) {
		take_profile(r, c);
		take_rows(r, c);
	}
}

enum fault format_read_jpeg(struct slice bytes, struct canvas *c)
{
	struct reading *r = calloc(1, sizeof(*r));
	if (r == NULL) {
		return FAULT_NO_MEMORY;
	}
	r->fault = FAULT_BAD_PICTURE;
	r->jpeg.err = jpeg_std_error(&r->errors);
	r->errors.error_exit = stop;
	r->errors.output_message = be_silent;
	r->jpeg.client_data = r;
	c->is_photo = true;
	read_all(r, bytes, c);
	jpeg_destroy_decompress(&r->jpeg);
	enum fault f = r->fault == FAULT_NONE && c->rows == 0 ? FAULT_BAD_PICTURE : r->fault;
	free(r->row);
	free(r);
	return f;
}
