#include <webp/decode.h>
#include <webp/demux.h>

#include "relay/pictures/codec/format.h"

enum { RGBA = 4 };

static void take_rows(struct canvas *c, const unsigned char *pixels)
{
	for (uint32_t y = 0; y < c->from_height; y++) {
		canvas_row(c, pixels + (size_t)y * c->from_width * RGBA);
	}
}

static enum fault take_still(struct slice bytes, struct canvas *c)
{
	int width, height;
	unsigned char *pixels = WebPDecodeRGBA((const unsigned char *)bytes.ptr, bytes.len, &width,
					       &height);
	if (pixels == NULL) {
		return FAULT_BAD_PICTURE;
	}
	take_rows(c, pixels);
	WebPFree(pixels);
	return FAULT_NONE;
}

/* The first picture of those that move. */
static enum fault take_first(struct slice bytes, struct canvas *c)
{
	const WebPData data = {.bytes = (const unsigned char *)bytes.ptr, .size = bytes.len};
	WebPAnimDecoderOptions options;
	unsigned char *pixels;
	int time;
	if (!WebPAnimDecoderOptionsInit(&options)) {
		return FAULT_BAD_PICTURE;
	}
	options.color_mode = MODE_RGBA;
	WebPAnimDecoder *decoder = WebPAnimDecoderNew(&data, &options);
	bool taken = decoder != NULL && WebPAnimDecoderGetNext(decoder, &pixels, &time);
	if (taken) {
		take_rows(c, pixels);
	}
	WebPAnimDecoderDelete(decoder);
	return taken ? FAULT_NONE : FAULT_BAD_PICTURE;
}

enum fault format_read_webp(struct slice bytes, struct canvas *c)
{
	WebPBitstreamFeatures about;
	if (WebPGetFeatures((const unsigned char *)bytes.ptr, bytes.len, &about) != VP8_STATUS_OK ||
	    about.width <= 0 || about.height <= 0) {
		return FAULT_BAD_PICTURE;
	}
	enum fault f = canvas_begin(c, (uint64_t)about.width, (uint64_t)about.height);
	if (f != FAULT_NONE) {
		return f;
	}
	c->is_photo = about.format != 2 && !about.has_alpha; /* 2: lossless */
	return about.has_animation ? take_first(bytes, c) : take_still(bytes, c);
}
