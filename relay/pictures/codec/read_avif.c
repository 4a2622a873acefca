#include <avif/avif.h>

#include "relay/pictures/codec/format.h"

enum { BITS = 8 };

/* Quarters to the left and the mirror behind them as two of Exif's orientations. */
static enum fault turn(const avifImage *image, struct canvas *c)
{
	static const unsigned char quarters[4] = {1, 8, 3, 6};
	enum fault f = FAULT_NONE;
	if ((image->transformFlags & AVIF_TRANSFORM_IROT) != 0) {
		f = canvas_turn(c, quarters[image->irot.angle & 3]);
	}
	if (f == FAULT_NONE && (image->transformFlags & AVIF_TRANSFORM_IMIR) != 0) {
		f = canvas_turn(c, image->imir.mode == 0 ? 4 : 2);
	}
	return f;
}

static enum fault take_rows(const avifImage *image, struct canvas *c)
{
	avifRGBImage rgb;
	avifRGBImageSetDefaults(&rgb, image);
	rgb.format = AVIF_RGB_FORMAT_RGBA;
	rgb.depth = BITS;
	avifRGBImageAllocatePixels(&rgb);
	if (rgb.pixels == NULL) {
		return FAULT_NO_MEMORY;
	}
	bool done = avifImageYUVToRGB(image, &rgb) == AVIF_RESULT_OK;
	for (uint32_t y = 0; done && y < image->height; y++) {
		canvas_row(c, rgb.pixels + (size_t)y * rgb.rowBytes);
	}
	avifRGBImageFreePixels(&rgb);
	return done ? FAULT_NONE : FAULT_BAD_PICTURE;
}

static enum fault read_first(avifDecoder *decoder, struct slice bytes, struct canvas *c)
{
	decoder->maxThreads = 1;
	decoder->imageSizeLimit = CANVAS_PIXELS_MAX;
	decoder->ignoreExif = AVIF_TRUE;
	decoder->ignoreXMP = AVIF_TRUE;
	decoder->strictFlags = AVIF_STRICT_DISABLED;
	if (avifDecoderSetIOMemory(decoder, (const uint8_t *)bytes.ptr, bytes.len) !=
		    AVIF_RESULT_OK ||
	    avifDecoderParse(decoder) != AVIF_RESULT_OK ||
	    avifDecoderNextImage(decoder) != AVIF_RESULT_OK) {
		return FAULT_BAD_PICTURE;
	}
	c->is_photo = !decoder->alphaPresent;
	enum fault f = canvas_begin(c, decoder->image->width, decoder->image->height);
	if (f == FAULT_NONE) {
		f = take_rows(decoder->image, c);
	}
	return f == FAULT_NONE ? turn(decoder->image, c) : f;
}

enum fault format_read_avif(struct slice bytes, struct canvas *c)
{
	avifDecoder *decoder = avifDecoderCreate();
	if (decoder == NULL) {
		return FAULT_NO_MEMORY;
	}
	enum fault f = read_first(decoder, bytes, c);
	avifDecoderDestroy(decoder);
	return f;
}
