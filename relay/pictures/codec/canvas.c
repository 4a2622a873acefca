#include "relay/pictures/codec/canvas.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { RGBA = 4, PROFILE_MAX = 64 * 1024 };

static uint32_t scaled(uint32_t side, uint32_t to, uint32_t longest)
{
	uint64_t made = ((uint64_t)side * to + longest / 2) / longest;
	return made > 0 ? (uint32_t)made : 1;
}

static bool is_scaled(const struct canvas *c)
{
	return c->width != c->from_width || c->height != c->from_height;
}

enum fault canvas_begin(struct canvas *c, uint64_t width, uint64_t height)
{
	if (c->pixels != NULL || width == 0 || height == 0 || width > CANVAS_SIDE_MAX ||
	    height > CANVAS_SIDE_MAX || width * height > CANVAS_PIXELS_MAX) {
		return FAULT_BAD_PICTURE;
	}
	c->from_width = c->width = (uint32_t)width;
	c->from_height = c->height = (uint32_t)height;
	uint32_t longest = c->width > c->height ? c->width : c->height;
	if (c->longest_side > 0 && longest > c->longest_side) {
		c->width = scaled(c->width, c->longest_side, longest);
		c->height = scaled(c->height, c->longest_side, longest);
	}
	c->pixels = malloc((size_t)c->width * c->height * CANVAS_RGB);
	c->sums = calloc((size_t)c->width * CANVAS_RGB, sizeof(*c->sums));
	c->across = calloc((size_t)c->width * CANVAS_RGB, sizeof(*c->across));
	return c->pixels != NULL && c->sums != NULL && c->across != NULL ? FAULT_NONE
									 : FAULT_NO_MEMORY;
}

/* On white. */
static void blend(const struct canvas *c, const unsigned char *rgba, unsigned char rgb[CANVAS_RGB])
{
	unsigned alpha = rgba[3];
	for (int i = 0; i < CANVAS_RGB; i++) {
		unsigned value = rgba[i];
		if (alpha < 255 && c->is_premultiplied) {
			value = value + 255 - alpha;
		} else if (alpha < 255) {
			value = (value * alpha + 255 * (255 - alpha) + 127) / 255;
		}
		rgb[i] = value < 255 ? (unsigned char)value : 255;
	}
}

/*
 * One row of the source to `width` sums: a pixel of the source is `width` parts long, one of the result `from_width`,
 * so that both rows have the same length in parts.
 */
static void add_across(struct canvas *c, const unsigned char *rgba)
{
	uint32_t *into = c->across;
	uint32_t left = c->from_width; /* parts that the pixel of the result still wants */
	memset(into, 0, (size_t)c->width * CANVAS_RGB * sizeof(*into));
	for (uint32_t x = 0; x < c->from_width; x++, rgba += RGBA) {
		unsigned char rgb[CANVAS_RGB];
		blend(c, rgba, rgb);
		for (uint32_t parts = c->width; parts > 0;) {
			uint32_t now = parts < left ? parts : left;
			for (int i = 0; i < CANVAS_RGB; i++) {
				into[i] += now * rgb[i];
			}
			parts -= now;
			left -= now;
			if (left == 0 && into < c->across + (size_t)(c->width - 1) * CANVAS_RGB) {
				into += CANVAS_RGB;
				left = c->from_width;
			} else if (left == 0) {
				return;
			}
		}
	}
}

static void finish_row(struct canvas *c)
{
	uint64_t area = (uint64_t)c->from_width * c->from_height;
	assert(area > 0); /* canvas_begin() */
	size_t count = (size_t)c->width * CANVAS_RGB;
	unsigned char *into = c->pixels + c->row * count;
	for (size_t i = 0; i < count; i++) {
		into[i] = (unsigned char)((c->sums[i] + area / 2) / area);
	}
	memset(c->sums, 0, count * sizeof(*c->sums));
	c->filled = 0;
	c->row++;
}

/* The same downwards, with the sums of a whole row. */
static void add_down(struct canvas *c)
{
	size_t count = (size_t)c->width * CANVAS_RGB;
	for (uint32_t parts = c->height; parts > 0 && c->row < c->height;) {
		uint32_t left = c->from_height - c->filled;
		uint32_t now = parts < left ? parts : left;
		for (size_t i = 0; i < count; i++) {
			c->sums[i] += (uint64_t)now * c->across[i];
		}
		parts -= now;
		c->filled += now;
		if (c->filled == c->from_height) {
			finish_row(c);
		}
	}
}

void canvas_row(struct canvas *c, const unsigned char *rgba)
{
	if (c->rows == c->from_height) {
		return;
	}
	c->rows++;
	if (is_scaled(c)) {
		add_across(c, rgba);
		add_down(c);
		return;
	}
	unsigned char *into = c->pixels + (size_t)c->row * c->width * CANVAS_RGB;
	for (uint32_t x = 0; x < c->width; x++) {
		blend(c, rgba + (size_t)x * RGBA, into + (size_t)x * CANVAS_RGB);
	}
	c->row++;
}

void canvas_end(struct canvas *c)
{
	size_t row = (size_t)c->width * CANVAS_RGB;
	if (c->row < c->height) {
		memset(c->pixels + c->row * row, 255, (c->height - c->row) * row);
		c->row = c->height;
	}
	c->rows = c->from_height;
}

/* Where the pixel at x, y of the result comes from. */
static size_t source_of(const struct canvas *c, unsigned orientation, uint32_t x, uint32_t y)
{
	uint32_t last_x = c->width - 1, last_y = c->height - 1;
	bool swaps = orientation >= 5;
	uint32_t at_x = swaps ? y : x, at_y = swaps ? x : y;
	if (orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8) {
		at_x = last_x - at_x;
	}
	if (orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7) {
		at_y = last_y - at_y;
	}
	return ((size_t)at_y * c->width + at_x) * CANVAS_RGB;
}

enum fault canvas_turn(struct canvas *c, unsigned orientation)
{
	if (orientation <= 1 || orientation > 8) {
		return FAULT_NONE;
	}
	uint32_t width = orientation >= 5 ? c->height : c->width;
	uint32_t height = orientation >= 5 ? c->width : c->height;
	unsigned char *turned = malloc((size_t)width * height * CANVAS_RGB);
	if (turned == NULL) {
		return FAULT_NO_MEMORY;
	}
	unsigned char *into = turned;
	for (uint32_t y = 0; y < height; y++) {
		for (uint32_t x = 0; x < width; x++, into += CANVAS_RGB) {
			memcpy(into, c->pixels + source_of(c, orientation, x, y), CANVAS_RGB);
		}
	}
	free(c->pixels);
	c->pixels = turned;
	c->width = width;
	c->height = height;
	return FAULT_NONE;
}

void canvas_keep_profile(struct canvas *c, const void *bytes, size_t len)
{
	if (c->profile != NULL || len == 0 || len > PROFILE_MAX) {
		return;
	}
	c->profile = malloc(len);
	if (c->profile != NULL) {
		memcpy(c->profile, bytes, len);
		c->profile_len = len;
	}
}

void canvas_deinit(struct canvas *c)
{
	free(c->pixels);
	free(c->sums);
	free(c->across);
	free(c->profile);
	*c = (struct canvas){0};
}
