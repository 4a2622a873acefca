/*
 * NAME     format - each kind of picture: how it is read onto a canvas, how a canvas is written
 * OWNS     nothing beyond a call; a process reads one picture in its life
 * FAULTS   BAD_PICTURE for what the library does not read, NO_MEMORY
 * BOXES    libpng, libjpeg-turbo, libwebp, libavif, libtiff, librsvg with cairo: a file for each
 */
#ifndef RELAY_PICTURES_CODEC_FORMAT_H
#define RELAY_PICTURES_CODEC_FORMAT_H

#include "spool-free/base/buf.h"
#include "relay/pictures/codec/canvas.h"

/* Fills the canvas, upright but for what Exif says. */
typedef enum fault format_read_fn(struct slice bytes, struct canvas *c);

format_read_fn format_read_png, format_read_jpeg, format_read_webp, format_read_avif,
	format_read_tiff;
format_read_fn format_read_bmp, format_read_svg;

/* What needs files, fonts above all, is brought in before the confinement. */
void format_svg_prepare(void);

/* TOO_LARGE past the ceiling of `into`. */
MUST_USE enum fault format_write_png(const struct canvas *c, struct buf *into);
MUST_USE enum fault format_write_jpeg(const struct canvas *c, int quality, struct buf *into);

/* The whole: any picture becomes PNG or JPEG, within the ceiling of `into`. */
MUST_USE enum fault format_convert(struct slice bytes, uint32_t longest_side, struct buf *into);

#endif
