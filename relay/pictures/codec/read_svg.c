#include <cairo.h>
#include <librsvg/rsvg.h>
#include <stdlib.h>

#include "relay/pictures/codec/format.h"

/*
 * No base address is given, so that a drawing refers to nothing outside of itself; librsvg reads neither external
 * entities nor addresses of the network.
 */

enum { RGBA = 4, DEFAULT_SIDE = 512, DRAWN_SIDE_MAX = 4096 };

struct size {
	double width, height;
};

static struct size natural_size(RsvgHandle *svg)
{
	struct size s = {0};
	gboolean has_width, has_height, has_box;
	RsvgLength width, height;
	RsvgRectangle box;
	if (rsvg_handle_get_intrinsic_size_in_pixels(svg, &s.width, &s.height) && s.width >= 1 &&
	    s.height >= 1) {
		return s;
	}
	rsvg_handle_get_intrinsic_dimensions(svg, &has_width, &width, &has_height, &height,
					     &has_box, &box);
	if (has_box && box.width > 0 && box.height > 0) {
		return (struct size){box.width, box.height};
	}
	return (struct size){DEFAULT_SIDE, DEFAULT_SIDE};
}

/* A drawing has any size: exactly the one that is wished for, if one is. */
static struct size drawn_size(struct size s, uint32_t longest_side)
{
	double longest = s.width > s.height ? s.width : s.height;
	double most = longest_side > 0 ? longest_side : longest;
	double by = (most < DRAWN_SIDE_MAX ? most : DRAWN_SIDE_MAX) / longest;
	struct size made = {s.width * by, s.height * by};
	made.width = made.width < 1 ? 1 : made.width;
	made.height = made.height < 1 ? 1 : made.height;
	return made;
}

/* Cairo's pixels are premultiplied words, alpha in front. */
static void take_rows(cairo_surface_t *surface, struct canvas *c, unsigned char *row)
{
	const unsigned char *from = cairo_image_surface_get_data(surface);
	size_t stride = (size_t)cairo_image_surface_get_stride(surface);
	for (uint32_t y = 0; y < c->from_height; y++, from += stride) {
		const uint32_t *pixels = (const uint32_t *)(const void *)from;
		for (uint32_t x = 0; x < c->from_width; x++) {
			row[RGBA * x] = (unsigned char)(pixels[x] >> 16);
			row[RGBA * x + 1] = (unsigned char)(pixels[x] >> 8);
			row[RGBA * x + 2] = (unsigned char)pixels[x];
			row[RGBA * x + 3] = (unsigned char)(pixels[x] >> 24);
		}
		canvas_row(c, row);
	}
}

static enum fault draw(RsvgHandle *svg, struct canvas *c)
{
	struct size s = drawn_size(natural_size(svg), c->longest_side);
	const RsvgRectangle place = {0, 0, (int)(s.width + 0.5), (int)(s.height + 0.5)};
	enum fault f = canvas_begin(c, (uint64_t)place.width, (uint64_t)place.height);
	if (f != FAULT_NONE) {
		return f;
	}
	c->is_premultiplied = true;
	unsigned char *row = malloc((size_t)c->from_width * RGBA);
	cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_ARGB32, (int)place.width,
							      (int)place.height);
	cairo_t *pen = cairo_create(surface);
	bool drawn = row != NULL && rsvg_handle_render_document(svg, pen, &place, NULL) &&
		     cairo_status(pen) == CAIRO_STATUS_SUCCESS;
	cairo_surface_flush(surface);
	if (drawn) {
		take_rows(surface, c, row);
	}
	cairo_destroy(pen);
	cairo_surface_destroy(surface);
	free(row);
	return drawn ? FAULT_NONE : FAULT_BAD_PICTURE;
}

enum fault format_read_svg(struct slice bytes, struct canvas *c)
{
	RsvgHandle *svg = rsvg_handle_new_from_data((const guint8 *)bytes.ptr, bytes.len, NULL);
	if (svg == NULL) {
		return FAULT_BAD_PICTURE;
	}
	enum fault f = draw(svg, c);
	g_object_unref(svg);
	return f;
}

void format_svg_prepare(void)
{
	static const struct slice sample = SLICE_INIT(
		"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"40\" height=\"20\">"
		"<text y=\"9\" font-family=\"sans-serif\">Aa</text><text y=\"9\" "
		"font-weight=\"bold\" "
		"font-family=\"serif\">Aa</text><text y=\"9\" "
		"font-family=\"monospace\">Aa</text></svg>");
	struct canvas c = {0};
	if (format_read_svg(sample, &c) != FAULT_NONE) {
		/* Drawings without texts can be drawn all the same. */
	}
	canvas_deinit(&c);
}
