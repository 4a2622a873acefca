/*
 * NAME     sniff - what bytes are, by looking at them; names and declared types lie
 * OWNS     nothing
 * LIMIT    looks at the head of the bytes only
 * SEE      natural.h (the size of a picture), ISO 32000 (PDF)
 */
#ifndef RENDER_MIME_SNIFF_H
#define RENDER_MIME_SNIFF_H

#include "render/mime/natural.h"

/* How a mail can show it (render-spec.md section 10.7). */
enum sniff_use {
	SNIFF_FILE,	   /* no picture */
	SNIFF_PICTURE,	   /* PNG, JPEG, GIF: every reader shows it */
	SNIFF_RARE_PICTURE /* SVG, WebP, AVIF, HEIC, TIFF, BMP: many do not */
};

struct sniff {
	struct slice type; /* a literal, or the declared type when the bytes do not tell */
	enum sniff_use use;
	uint32_t width; /* natural size, upright; 0 when it cannot be told */
	uint32_t height;
	uint8_t orientation; /* NATURAL_UPRIGHT, or how the stored picture is to be turned (Exif) */
	bool is_clear;	     /* a picture of which parts may be transparent */
};

/* `declared` is used only where bytes cannot tell, and only if it is a plain type/subtype; else
 * octet-stream. */
struct sniff sniff_bytes(struct slice bytes, struct slice declared);

#endif
