/*
 * NAME     canvas - takes a picture row by row, as it is decoded, scales it down on the way and puts it on white ground
 * HOW      each pixel of the result is the mean of the area below it, in whole numbers; no more than the result and one
 *          row is held in memory
 * OWNS     its pixels and sums; canvas_deinit() frees them
 * LIMITS   CANVAS_PIXELS_MAX of the source, CANVAS_SIDE_MAX of a side
 * FAULTS   BAD_PICTURE past a limit, NO_MEMORY
 */
#ifndef RELAY_PICTURES_CODEC_CANVAS_H
#define RELAY_PICTURES_CODEC_CANVAS_H

#include "spool-free/base/fault.h"
#include "spool-free/base/slice.h"

enum { CANVAS_PIXELS_MAX = 50 * 1000 * 1000, CANVAS_SIDE_MAX = 1 << 16, CANVAS_RGB = 3 };

struct canvas {
	uint32_t longest_side; /* wished for before canvas_begin(); 0: as it is */
	uint32_t from_width, from_height;
	uint32_t width, height;
	unsigned char *pixels;	/* RGB, `height` rows of `width` */
	uint64_t *sums;		/* of the row that is under way, when it is scaled */
	uint32_t *across;	/* of one row of the source */
	uint32_t rows;		/* of the source, taken so far */
	uint32_t filled;	/* of the row under way, in parts of a source row times `height` */
	uint32_t row;		/* of the result, under way */
	bool is_premultiplied;	/* colours come multiplied by their alpha */
	bool is_photo;		/* better as JPEG */
	unsigned char *profile; /* ICC; freed with the rest */
	size_t profile_len;
};

MUST_USE enum fault canvas_begin(struct canvas *c, uint64_t width, uint64_t height);
/* The next row of the source, RGBA. More rows than there are do nothing. */
void canvas_row(struct canvas *c, const unsigned char *rgba);
/* All rows that are still to come are white. */
void canvas_end(struct canvas *c);
/* Turns the result as Exif's Orientation (1 to 8) says. */
MUST_USE enum fault canvas_turn(struct canvas *c, unsigned orientation);
/* Keeps a colour profile of a sensible size; others are left out. */
void canvas_keep_profile(struct canvas *c, const void *bytes, size_t len);
void canvas_deinit(struct canvas *c);

#endif
