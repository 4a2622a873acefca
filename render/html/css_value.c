#include "render/html/css_value.h"

#include <string.h>

#include "render/confluence/style.h"

enum {
	W = 1 << 0,
	N = 1 << 1,
	C = 1 << 2,
	S = 1 << 3,
	L = 1 << 4,
	M = 1 << 5,
	COLOUR = 1 << 6,
	DIGITS_MAX = 4, /* before the point, and behind it */
};

static const struct row {
	struct slice name;
	bool inherited;
	uint8_t where;
	uint8_t value;
} rows[] = {
#define CSS_PROPERTY(name, inherited, where, value)                                                \
	{SLICE_INIT(name), inherited, CSS_##where, (uint8_t)(value)},
#include "render/html/css_properties.def"
#undef CSS_PROPERTY
};
_Static_assert(COUNT_OF(rows) == CSS_PROPERTIES, "css_value.h counts the rows");

struct slice css_property_name(enum css_property p)
{
	return rows[p].name;
}

bool css_property_is_inherited(enum css_property p)
{
	return rows[p].inherited;
}

enum css_where css_property_where(enum css_property p)
{
	return (enum css_where)rows[p].where;
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Each take_ function cuts one token off the front, or says no. */
static bool take_word(struct slice *v)
{
	static const struct slice refused[] = {SLICE_INIT("initial"), SLICE_INIT("unset"),
					       SLICE_INIT("revert")};
	size_t n = 0;
	while (n < v->len && (is_letter(v->ptr[n]) || v->ptr[n] == '-' || is_digit(v->ptr[n]))) {
		n++;
	}
	struct slice word = slice_first(*v, n);
	*v = slice_skip(*v, n);
	for (size_t i = 0; i < COUNT_OF(refused); i++) {
		if (slice_eq_nocase(word, refused[i])) {
			return false;
		}
	}
	return v->len == 0 || v->ptr[0] != '(';
}

static size_t count_digits(struct slice s, size_t from)
{
	size_t n = 0;
	while (from + n < s.len && is_digit(s.ptr[from + n])) {
		n++;
	}
	return n;
}

static bool take_number(struct slice *v, bool below_zero)
{
	static const struct slice units[] = {SLICE_INIT(""),   SLICE_INIT("px"), SLICE_INIT("pt"),
					     SLICE_INIT("em"), SLICE_INIT("%"),	 SLICE_INIT("ex"),
					     SLICE_INIT("mm"), SLICE_INIT("cm"), SLICE_INIT("in"),
					     SLICE_INIT("pc")};
	size_t at = v->ptr[0] == '-' || v->ptr[0] == '+' ? 1 : 0;
	if (v->ptr[0] == '-' && !below_zero) {
		return false;
	}
	size_t whole = count_digits(*v, at);
	at += whole;
	size_t part = 0;
	if (at < v->len && v->ptr[at] == '.') {
		part = count_digits(*v, at + 1);
		at += 1 + part;
		whole += part > 0 ? 0 : DIGITS_MAX + 1; /* a point alone is none */
	}
	if (whole > DIGITS_MAX || part > DIGITS_MAX || whole + part == 0) {
		return false;
	}
	*v = slice_skip(*v, at);
	size_t n = 0;
	while (n < v->len && (is_letter(v->ptr[n]) || v->ptr[n] == '%')) {
		n++;
	}
	struct slice unit = slice_first(*v, n);
	*v = slice_skip(*v, n);
	for (size_t i = 0; i < COUNT_OF(units); i++) {
		if (slice_eq_nocase(unit, units[i])) {
			return true;
		}
	}
	return false;
}

/* `#rgb`, `#rrggbb` or `rgb(r,g,b)`. */
static bool take_colour(struct slice *v)
{
	bool function = v->ptr[0] != '#';
	size_t n = 1;
	if (function) {
		n = slice_find_byte(*v, ')') + 1;
	} else {
		while (n < v->len && (is_letter(v->ptr[n]) || is_digit(v->ptr[n]))) {
			n++;
		}
	}
	bool good = style_colour(slice_first(*v, n)) != COLOUR_NONE;
	*v = slice_skip(*v, n);
	return good;
}

static bool take_string(struct slice *v)
{
	char quote = v->ptr[0];
	size_t n = 1;
	while (n < v->len && v->ptr[n] != quote) {
		char c = v->ptr[n];
		if (!is_letter(c) && !is_digit(c) && c != ' ' && c != '-' && c != '_' && c != '.') {
			return false;
		}
		n++;
	}
	bool closed = n < v->len;
	*v = slice_skip(*v, n + 1);
	return closed;
}

static bool take_token(struct slice *v, uint8_t kinds)
{
	char c = v->ptr[0];
	char next = v->len > 1 ? v->ptr[1] : ' ';
	if (c == '#' || slice_starts_nocase(*v, SLICE_LIT("rgb("))) {
		return (kinds & C) != 0 && take_colour(v);
	}
	if (c == '"' || c == '\'') {
		return (kinds & S) != 0 && take_string(v);
	}
	if (c == ',' || c == '/') {
		*v = slice_skip(*v, 1);
		return (kinds & L) != 0;
	}
	if (is_digit(c) || c == '.' ||
	    ((c == '-' || c == '+') && (is_digit(next) || next == '.'))) {
		return (kinds & N) != 0 && take_number(v, (kinds & M) != 0);
	}
	return (kinds & W) != 0 && is_letter(c) && take_word(v);
}

static bool is_value(struct slice v, uint8_t kinds)
{
	if (v.len == 0 || v.len > CSS_VALUE_MAX) {
		return false;
	}
	while (v.len > 0) {
		if (v.ptr[0] == ' ' || v.ptr[0] == '\t' || v.ptr[0] == '\n' || v.ptr[0] == '\r') {
			v = slice_skip(v, 1);
		} else if (!take_token(&v, kinds)) {
			return false;
		}
	}
	return true;
}

static bool find_row(struct slice name, enum css_property *out)
{
	if (slice_eq_nocase(name, SLICE_LIT("background"))) {
		*out = CSS_BACKGROUND;
		return true;
	}
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		if (slice_eq_nocase(name, rows[i].name)) {
			*out = (enum css_property)i;
			return true;
		}
	}
	return false;
}

static bool cut_important(struct slice *value)
{
	size_t at = slice_find_byte(*value, '!');
	struct slice word = slice_trim(slice_skip(*value, at + 1));
	if (at == value->len || !slice_eq_nocase(word, SLICE_LIT("important"))) {
		return false;
	}
	*value = slice_trim(slice_first(*value, at));
	return true;
}

/* As it goes into an attribute: single quotes, blanks alone, colours by their numbers. */
static enum fault keep_value(struct slice value, struct arena *arena, struct css_declaration *d)
{
	static const char digits[] = "0123456789abcdef";
	bool coloured = d->colour != COLOUR_NONE;
	size_t len = coloured ? 7 : value.len;
	char *made = arena_bytes(arena, len);
	if (made == NULL) {
		return FAULT_NO_MEMORY;
	}
	for (size_t i = 0; i < len; i++) {
		char c = coloured ? '#' : value.ptr[i];
		if (coloured && i > 0) {
			c = digits[d->colour >> (24 - 4 * i) & 15];
		}
		bool blank = c == '\t' || c == '\n' || c == '\r';
		made[i] = c == '"' ? '\'' : blank ? ' ' : c;
	}
	d->value = slice_of(made, len);
	return FAULT_NONE;
}

enum fault css_declaration_read(struct slice text, struct arena *arena, struct css_declaration *out,
				bool *out_taken)
{
	struct css_declaration d = {.colour = COLOUR_NONE};
	struct slice name;
	struct slice value = text;
	*out_taken = false;
	if (!slice_cut_to(&value, ':', &name) || !find_row(slice_trim(name), &d.property)) {
		return FAULT_NONE;
	}
	value = slice_trim(value);
	d.important = cut_important(&value);
	if (rows[d.property].value == COLOUR) {
		d.colour = value.len <= CSS_VALUE_MAX ? style_colour(value) : COLOUR_NONE;
	}
	bool inherits = d.property == CSS_COLOR && slice_eq_nocase(value, SLICE_LIT("inherit"));
	if (d.colour == COLOUR_NONE && !inherits && !is_value(value, rows[d.property].value)) {
		return FAULT_NONE;
	}
	*out_taken = true;
	enum fault f = keep_value(value, arena, &d);
	*out = d;
	return f;
}
