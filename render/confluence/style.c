#include "render/confluence/style.h"

enum { LENGTH_MAX = 100000 };

struct named {
	struct slice name;
	uint32_t value;
};

static const struct named colours[] = {
	{SLICE_INIT("aqua"), 0x00FFFF},	  {SLICE_INIT("black"), 0x000000},
	{SLICE_INIT("blue"), 0x0000FF},	  {SLICE_INIT("fuchsia"), 0xFF00FF},
	{SLICE_INIT("gray"), 0x808080},	  {SLICE_INIT("green"), 0x008000},
	{SLICE_INIT("grey"), 0x808080},	  {SLICE_INIT("lime"), 0x00FF00},
	{SLICE_INIT("maroon"), 0x800000}, {SLICE_INIT("navy"), 0x000080},
	{SLICE_INIT("olive"), 0x808000},  {SLICE_INIT("orange"), 0xFFA500},
	{SLICE_INIT("purple"), 0x800080}, {SLICE_INIT("red"), 0xFF0000},
	{SLICE_INIT("silver"), 0xC0C0C0}, {SLICE_INIT("teal"), 0x008080},
	{SLICE_INIT("white"), 0xFFFFFF},  {SLICE_INIT("yellow"), 0xFFFF00},
};

static const struct named highlights[] = {
	{SLICE_INIT("grey"), 0xF4F5F7},	 {SLICE_INIT("gray"), 0xF4F5F7},
	{SLICE_INIT("red"), 0xFFEBE6},	 {SLICE_INIT("yellow"), 0xFFFAE6},
	{SLICE_INIT("green"), 0xE3FCEF}, {SLICE_INIT("blue"), 0xDEEBFF},
	{SLICE_INIT("teal"), 0xE6FCFF},	 {SLICE_INIT("purple"), 0xEAE6FF},
};

static uint32_t by_name(const struct named *rows, size_t count, struct slice name)
{
	for (size_t i = 0; i < count; i++) {
		if (slice_eq_nocase(rows[i].name, name)) {
			return COLOUR_SET | rows[i].value;
		}
	}
	return COLOUR_NONE;
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9') {
		return c - '0';
	}
	char lower = (char)(c | 0x20);
	return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

/* Behind the `#`. Alpha is read and dropped. */
static uint32_t hex_colour(struct slice digits)
{
	uint32_t value = 0;
	for (size_t i = 0; i < digits.len; i++) {
		int digit = hex_digit(digits.ptr[i]);
		if (digit < 0 || digits.len > 8) {
			return COLOUR_NONE;
		}
		value = i < 6 ? value << 4 | (uint32_t)digit : value;
	}
	if (digits.len == 3) {
		value = (value >> 8 & 15) * 0x110000 | (value >> 4 & 15) * 0x1100 |
			(value & 15) * 0x11;
		return COLOUR_SET | value;
	}
	return digits.len == 6 || digits.len == 8 ? COLOUR_SET | value : COLOUR_NONE;
}

/* The inside of rgb(...): three numbers up to 255. */
static uint32_t rgb_colour(struct slice inside)
{
	uint32_t value = 0;
	for (int i = 0; i < 3; i++) {
		struct slice part = inside;
		if (i < 2 && !slice_cut_to(&inside, ',', &part)) {
			return COLOUR_NONE;
		}
		uint64_t number;
		if (!slice_to_u64(slice_trim(part), 255, &number)) {
			return COLOUR_NONE;
		}
		value = value << 8 | (uint32_t)number;
	}
	return COLOUR_SET | value;
}

uint32_t style_colour(struct slice text)
{
	text = slice_trim(text);
	if (text.len > 0 && text.ptr[0] == '#') {
		return hex_colour(slice_skip(text, 1));
	}
	if (slice_starts_nocase(text, SLICE_LIT("rgb(")) && slice_ends(text, SLICE_LIT(")"))) {
		return rgb_colour(slice_first(slice_skip(text, 4), text.len - 5));
	}
	return by_name(colours, COUNT_OF(colours), text);
}

uint32_t style_highlight(struct slice text)
{
	text = slice_trim(text);
	uint32_t colour = by_name(highlights, COUNT_OF(highlights), text);
	return colour != COLOUR_NONE ? colour : style_colour(text);
}

/* A number with an optional fraction, which is dropped; the rest is its unit. False when there is
 * none. */
static bool read_number(struct slice text, uint32_t *out_whole, struct slice *out_unit)
{
	size_t at = 0;
	uint32_t whole = 0;
	for (; at < text.len && text.ptr[at] >= '0' && text.ptr[at] <= '9'; at++) {
		if (whole < LENGTH_MAX) {
			whole = whole * 10 + (uint32_t)(text.ptr[at] - '0');
		}
	}
	if (at == 0) {
		return false;
	}
	if (at < text.len && text.ptr[at] == '.') {
		for (at++; at < text.len && text.ptr[at] >= '0' && text.ptr[at] <= '9';) {
			at++;
		}
	}
	*out_whole = whole < LENGTH_MAX ? whole : LENGTH_MAX;
	*out_unit = slice_trim(slice_skip(text, at));
	return true;
}

uint32_t style_px(struct slice text)
{
	uint32_t whole;
	struct slice unit;
	if (!read_number(slice_trim(text), &whole, &unit)) {
		return 0;
	}
	return unit.len == 0 || slice_eq_nocase(unit, SLICE_LIT("px")) ? whole : 0;
}

uint32_t style_percent(struct slice text)
{
	uint32_t whole;
	struct slice unit;
	if (!read_number(slice_trim(text), &whole, &unit) || !slice_eq(unit, SLICE_LIT("%"))) {
		return 0;
	}
	return whole > 100 ? 100 : whole;
}

bool style_next(struct slice *style, struct slice *out_property, struct slice *out_value)
{
	while (style->len > 0) {
		struct slice declaration = *style;
		if (!slice_cut_to(style, ';', &declaration)) {
			*style = slice_of(NULL, 0);
		}
		struct slice property;
		if (slice_cut_to(&declaration, ':', &property)) {
			*out_property = slice_trim(property);
			*out_value = slice_trim(declaration);
			return true;
		}
	}
	return false;
}

struct slice style_property(struct slice style, struct slice wanted)
{
	struct slice property;
	struct slice value;
	while (style_next(&style, &property, &value)) {
		if (slice_eq_nocase(property, wanted)) {
			return value;
		}
	}
	return slice_of(NULL, 0);
}

enum node_align style_align(struct slice text)
{
	static const struct {
		struct slice name;
		enum node_align align;
	} rows[] = {
		{SLICE_INIT("left"), ALIGN_START},
		{SLICE_INIT("start"), ALIGN_START},
		{SLICE_INIT("center"), ALIGN_CENTER},
		{SLICE_INIT("right"), ALIGN_END},
		{SLICE_INIT("end"), ALIGN_END},
		{SLICE_INIT("wide"), ALIGN_CENTER},
		{SLICE_INIT("full-width"), ALIGN_CENTER},
		{SLICE_INIT("align-start"), ALIGN_START},
		{SLICE_INIT("align-end"), ALIGN_END},
		{SLICE_INIT("wrap-left"), ALIGN_WRAP_START},
		{SLICE_INIT("wrap-right"), ALIGN_WRAP_END},
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		if (slice_eq_nocase(rows[i].name, slice_trim(text))) {
			return rows[i].align;
		}
	}
	return ALIGN_NONE;
}

enum node_valign style_valign(struct slice text)
{
	text = slice_trim(text);
	if (slice_eq_nocase(text, SLICE_LIT("top"))) {
		return VALIGN_TOP;
	}
	if (slice_eq_nocase(text, SLICE_LIT("middle"))) {
		return VALIGN_MIDDLE;
	}
	return slice_eq_nocase(text, SLICE_LIT("bottom")) ? VALIGN_BOTTOM : VALIGN_NONE;
}
