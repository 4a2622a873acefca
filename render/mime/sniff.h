/*
 * NAME     sniff - what bytes are, by looking at them; names and declared types lie
 * OWNS     nothing
 * LIMIT    looks at the head of the bytes only; a JPEG's size is searched in at most 64 segments
 * SEE      PNG 1.2 (W3C), GIF89a, ITU T.81 (JPEG), RFC 9649 (WebP), ISO 32000 (PDF)
 */
#ifndef RENDER_MIME_SNIFF_H
#define RENDER_MIME_SNIFF_H

#include "spool-free/base/slice.h"

/* How a mail can show it (render-spec.md section 10.7). */
enum sniff_use {
	SNIFF_FILE,	   /* no picture */
	SNIFF_PICTURE,	   /* PNG, JPEG, GIF: every reader shows it */
	SNIFF_RARE_PICTURE /* SVG, WebP, AVIF, TIFF, BMP: many do not */
};

struct sniff {
	struct slice type; /* a literal, or the declared type when the bytes do not tell */
	enum sniff_use use;
	uint32_t width; /* natural size of PNG, JPEG, GIF; 0 when it cannot be told */
	uint32_t height;
};

/* `declared` is used only where bytes cannot tell, and only if it is a plain type/subtype; else
 * octet-stream. */
struct sniff sniff_bytes(struct slice bytes, struct slice declared);

#endif
