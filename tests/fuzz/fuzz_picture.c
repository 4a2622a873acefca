/*
 * Heads of pictures and what is left of pictures without their metadata: no byte is read past the end, what is measured is
 * what is written, and what is bare stays as it is.
 */
#include "render/mime/bare.h"
#include "render/mime/sniff.h"

static void must(bool truth)
{
	if (!truth) {
		abort();
	}
}

static void strip(struct slice bytes, struct slice type, uint8_t orientation)
{
	char *once = malloc(bytes.len + BARE_MORE);
	size_t len = bare_picture(bytes, type, orientation, NULL);
	must(once != NULL && len <= bytes.len + BARE_MORE);
	must(bare_picture(bytes, type, orientation, once) == len);
	char *twice = malloc(len + BARE_MORE);
	must(twice != NULL);
	size_t again = bare_picture(slice_of(once, len), type, orientation, twice);
	must(slice_eq(slice_of(twice, again), slice_of(once, len)));
	free(once);
	free(twice);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static natural_fn *const readers[] = {natural_png,  natural_jpeg,  natural_gif,
					      natural_webp, natural_boxes, natural_tiff,
					      natural_bmp,  natural_svg};
	struct slice bytes = slice_of(data, size);
	struct sniff s = sniff_bytes(bytes, (struct slice){0});
	must(s.type.len > 0 && s.width <= NATURAL_SIDE_MAX && s.height <= NATURAL_SIDE_MAX);
	must((s.width == 0) == (s.height == 0));
	for (size_t i = 0; i < COUNT_OF(readers); i++) {
		struct natural n = {.orientation = NATURAL_UPRIGHT};
		readers[i](bytes, &n);
		must(n.orientation >= 1 && n.orientation <= 8);
	}
	(void)natural_is_svg(bytes);
	strip(bytes, SLICE_LIT("image/jpeg"), 1);
	strip(bytes, SLICE_LIT("image/jpeg"), 6);
	strip(bytes, SLICE_LIT("image/png"), 1);
	strip(bytes, SLICE_LIT("image/gif"), 1);
	return 0;
}
