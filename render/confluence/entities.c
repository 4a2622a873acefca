#include "render/confluence/entities.h"

#include <string.h>

enum { NAME_MAX_LEN = 8, CODE_LAST = 0x10FFFF };

/* Declared by number, so that no entity can grow to more than its one character. */
static const struct {
	struct slice name;
	uint32_t code;
	struct slice declaration;
} entities[] = {
#define ENTITY(name, code)                                                                         \
	{SLICE_INIT(#name), code, SLICE_INIT("<!ENTITY " #name " \"&#" #code ";\">")},
#include "render/confluence/entities.def"
#undef ENTITY
};

static const struct {
	struct slice name;
	uint32_t code;
} xml_entities[] = {
	{SLICE_INIT("amp"), '&'},  {SLICE_INIT("lt"), '<'},    {SLICE_INIT("gt"), '>'},
	{SLICE_INIT("quot"), '"'}, {SLICE_INIT("apos"), '\''},
};

/* Its place in the table, or the table's length. */
static size_t place_of(struct slice name)
{
	size_t low = 0;
	size_t high = COUNT_OF(entities);
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = slice_compare(name, entities[middle].name);
		if (order == 0) {
			return middle;
		}
		if (order < 0) {
			high = middle;
		} else {
			low = middle + 1;
		}
	}
	return COUNT_OF(entities);
}

static bool look_up(struct slice name, uint32_t *out_code)
{
	size_t place = place_of(name);
	if (place < COUNT_OF(entities)) {
		*out_code = entities[place].code;
		return true;
	}
	for (size_t i = 0; i < COUNT_OF(xml_entities); i++) {
		if (slice_eq(name, xml_entities[i].name)) {
			*out_code = xml_entities[i].code;
			return true;
		}
	}
	return false;
}

enum fault entities_prolog(struct slice body, struct arena *a, struct slice *out_prolog)
{
	bool declared[COUNT_OF(entities)] = {false};
	struct slice parts[COUNT_OF(entities) + 2];
	struct slice before;
	size_t count = 0;
	parts[count++] = SLICE_LIT("<!DOCTYPE page [");
	while (slice_cut_to(&body, '&', &before)) {
		struct slice name = slice_first(body, NAME_MAX_LEN + 1);
		name.len = slice_find_byte(name, ';');
		size_t place = place_of(name);
		if (place < COUNT_OF(entities) && !declared[place]) {
			declared[place] = true;
			parts[count++] = entities[place].declaration;
		}
	}
	parts[count++] = SLICE_LIT("]><page>\n");
	return arena_join(a, parts, count, out_prolog);
}

struct slice entities_epilog(void)
{
	return SLICE_LIT("</page>");
}

static int digit_of(char c, unsigned base)
{
	if (c >= '0' && c <= '9') {
		return c - '0';
	}
	char lower = (char)(c | 0x20);
	return base == 16 && lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

/* `s` stands behind `&#`. How many bytes the number takes; 0 when it is none. */
static size_t read_number(struct slice s, uint32_t *out_code)
{
	size_t at = s.len > 0 && (s.ptr[0] | 0x20) == 'x' ? 1 : 0;
	unsigned base = at == 1 ? 16 : 10;
	size_t start = at;
	uint32_t code = 0;
	for (int digit; at < s.len && (digit = digit_of(s.ptr[at], base)) >= 0; at++) {
		code = code > CODE_LAST ? code : code * base + (uint32_t)digit;
	}
	*out_code = code;
	return at > start ? at : 0;
}

static bool is_name_byte(char c)
{
	return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
}

bool entities_next(struct slice *s, uint32_t *out_code)
{
	struct slice rest = slice_skip(*s, 1);
	size_t used;
	if (rest.len > 0 && rest.ptr[0] == '#') {
		used = read_number(slice_skip(rest, 1), out_code);
		if (used == 0) {
			return false;
		}
		used++;
	} else {
		for (used = 0;
		     used < rest.len && used <= NAME_MAX_LEN && is_name_byte(rest.ptr[used]);) {
			used++;
		}
		if (!look_up(slice_first(rest, used), out_code)) {
			return false;
		}
	}
	rest = slice_skip(rest, used);
	if (rest.len > 0 && rest.ptr[0] == ';') {
		rest = slice_skip(rest, 1);
	}
	*s = rest;
	return true;
}
