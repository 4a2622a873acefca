/*
 * NAME     bare - a picture without what it tells besides: where, when, by whom and with what it was made, thumbnails of
 *          what it was before, and whatever hangs on behind its end
 * KEEPS    JPEG: JFIF, ICC profile, Adobe's colour transform, all that decoding needs. PNG: chunks of an allow-list.
 *          GIF: all but comments and applications' blocks that are not about repeating
 * OWNS     nothing. Time is linear in the bytes
 * DAMAGE   what cannot be followed is left out, but for image data that ends too early
 * SEE      ITU T.81 B, Exif 2.3, PNG (third edition) 5.6, GIF89a
 */
#ifndef RENDER_MIME_BARE_H
#define RENDER_MIME_BARE_H

#include "spool-free/base/slice.h"

enum { BARE_MORE = 36 /* bytes that may be added: an orientation alone */ };

/*
 * The length of what is left of a PNG, JPEG or GIF; `into`, unless it is NULL, gets it and has room for bytes.len +
 * BARE_MORE. A JPEG that is to be turned when shown goes on saying so: `orientation` as in natural.h.
 */
size_t bare_picture(struct slice bytes, struct slice type, uint8_t orientation, char *into);

#endif
