#include <stdlib.h>

#include "relay/pictures/codec/format.h"

/* Uncompressed bitmaps of 1 to 32 bits a pixel; run-length encoded ones are rare, and not read. */

enum {
	FILE_HEAD = 14,
	CORE_HEAD = 12,
	INFO_HEAD = 40,
	PALETTE_MAX = 256,
	RGB = 0,
	BITFIELDS = 3,
	RGBA = 4
};

struct bitmap {
	struct slice file;
	uint32_t head, width, height, bits, compression;
	bool is_top_down;
	uint32_t masks[RGBA]; /* red, green, blue, alpha */
	unsigned char palette[PALETTE_MAX][RGBA];
	size_t pixels, stride;
};

static uint32_t at8(const struct bitmap *b, size_t at)
{
	return at < b->file.len ? (unsigned char)b->file.ptr[at] : 0;
}

static uint32_t at16(const struct bitmap *b, size_t at)
{
	return at8(b, at) | at8(b, at + 1) << 8;
}

static uint32_t at32(const struct bitmap *b, size_t at)
{
	return at16(b, at) | at16(b, at + 2) << 16;
}

static void read_masks(struct bitmap *b)
{
	static const uint32_t of_16[RGBA] = {0x7c00, 0x3e0, 0x1f, 0};
	static const uint32_t of_32[RGBA] = {0xff0000, 0xff00, 0xff, 0};
	for (int i = 0; i < RGBA; i++) {
		b->masks[i] = b->bits == 16 ? of_16[i] : of_32[i];
		if (b->compression == BITFIELDS && (i < 3 || b->head >= 56)) {
			b->masks[i] = at32(b, FILE_HEAD + INFO_HEAD + 4 * (size_t)i);
		}
	}
}

static void read_palette(struct bitmap *b)
{
	size_t entry = b->head == CORE_HEAD ? 3 : 4;
	size_t from = FILE_HEAD + b->head;
	for (size_t i = 0; i < PALETTE_MAX && b->bits <= 8; i++) {
		for (size_t k = 0; k < 3; k++) {
			b->palette[i][k] = (unsigned char)at8(b, from + i * entry + 2 - k);
		}
		b->palette[i][3] = 255;
	}
}

static bool read_head(struct bitmap *b)
{
	bool is_core = at32(b, FILE_HEAD) == CORE_HEAD;
	b->head = at32(b, FILE_HEAD);
	b->pixels = at32(b, 10);
	b->width = is_core ? at16(b, 18) : at32(b, 18);
	b->height = is_core ? at16(b, 20) : at32(b, 22);
	b->bits = is_core ? at16(b, 24) : at16(b, 28);
	b->compression = is_core ? RGB : at32(b, 30);
	b->is_top_down = b->height >> 31 != 0;
	b->height = b->is_top_down ? 0U - b->height : b->height;
	bool is_plain = b->compression == RGB && (b->bits == 1 || b->bits == 4 || b->bits == 8 ||
						  b->bits == 16 || b->bits == 24 || b->bits == 32);
	bool is_masked = b->compression == BITFIELDS && (b->bits == 16 || b->bits == 32);
	b->stride = ((size_t)b->width * b->bits + 31) / 32 * 4;
	return is_plain || is_masked;
}

/* A channel of some bits, stretched to 8. */
static unsigned char channel(uint32_t pixel, uint32_t mask)
{
	uint32_t low = mask & (0U - mask);
	return mask == 0 ? 0 : (unsigned char)((uint64_t)(pixel & mask) / low * 255 / (mask / low));
}

static void put_pixel(const struct bitmap *b, size_t row, uint32_t x, unsigned char *into)
{
	size_t at = row + (size_t)x * b->bits / 8;
	if (b->bits <= 8) {
		uint32_t shift = 8 - b->bits - x * b->bits % 8;
		const unsigned char *colour =
			b->palette[at8(b, at) >> shift & ((1U << b->bits) - 1)];
		for (int i = 0; i < RGBA; i++) {
			into[i] = colour[i];
		}
		return;
	}
	if (b->bits == 24) {
		for (size_t i = 0; i < 3; i++) {
			into[i] = (unsigned char)at8(b, at + 2 - i);
		}
		into[3] = 255;
		return;
	}
	uint32_t pixel = b->bits == 16 ? at16(b, at) : at32(b, at);
	for (int i = 0; i < RGBA; i++) {
		into[i] = channel(pixel, b->masks[i]);
	}
	into[3] = b->masks[3] == 0 ? 255 : into[3];
}

enum fault format_read_bmp(struct slice bytes, struct canvas *c)
{
	struct bitmap *b = calloc(1, sizeof(*b));
	if (b == NULL) {
		return FAULT_NO_MEMORY;
	}
	b->file = bytes;
	enum fault f = read_head(b) ? canvas_begin(c, b->width, b->height) : FAULT_BAD_PICTURE;
	unsigned char *row = f == FAULT_NONE ? malloc((size_t)b->width * RGBA) : NULL;
	if (f == FAULT_NONE && row == NULL) {
		f = FAULT_NO_MEMORY;
	}
	if (f == FAULT_NONE) {
		read_masks(b);
		read_palette(b);
	}
	for (uint32_t y = 0; f == FAULT_NONE && y < b->height; y++) {
		uint32_t stored = b->is_top_down ? y : b->height - 1 - y;
		for (uint32_t x = 0; x < b->width; x++) {
			put_pixel(b, b->pixels + stored * b->stride, x, row + (size_t)x * RGBA);
		}
		canvas_row(c, row);
	}
	free(row);
	free(b);
	return f;
}
