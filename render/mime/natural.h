/*
 * NAME     natural - a picture's own size, and which way up it is to be shown, as its head says; nothing is decoded
 * OWNS     nothing
 * LIMIT    a bounded number of segments, chunks, boxes, fields or attributes; whatever does not fit gives 0
 * SEE      PNG 1.2 (W3C), ITU T.81 (JPEG), GIF89a, RFC 9649 (WebP), ISO 14496-12 and 23008-12 (AVIF, HEIC),
 *          TIFF 6.0, Exif 2.3 (4.6.4, Orientation), BITMAPINFOHEADER (BMP), SVG 1.1 (7.7, viewBox)
 */
#ifndef RENDER_MIME_NATURAL_H
#define RENDER_MIME_NATURAL_H

#include "spool-free/base/slice.h"

enum { NATURAL_SIDE_MAX = 1 << 16, NATURAL_UPRIGHT = 1 };

struct natural {
	uint32_t width; /* as stored, before it is turned upright; both 0 when it cannot be told */
	uint32_t height;
	uint8_t orientation; /* 1 to 8 (Exif); NATURAL_UPRIGHT when nothing is said */
	bool is_clear;	     /* parts of it may be transparent */
};

typedef void natural_fn(struct slice bytes, struct natural *into);

natural_fn natural_png, natural_jpeg, natural_gif, natural_webp, natural_boxes, natural_tiff,
	natural_bmp, natural_svg;

/* Is the first element an svg? What may stand before it is passed over. */
bool natural_is_svg(struct slice bytes);

#endif
