#include "render/confluence/soup_names.h"

#include <string.h>

struct row {
	struct slice name;
	enum soup_rank rank, reach;
	bool is_void;
	uint8_t raw;
};

/* By length, then by letters: they are looked up by halving. */
static const struct row rows[] = {
	{SLICE_INIT("p"), RANK_PARAGRAPH, RANK_PARAGRAPH, false, SOUP_RAW_NAMES},
	{SLICE_INIT("br"), RANK_INLINE, RANK_INLINE, true, SOUP_RAW_NAMES},
	{SLICE_INIT("dd"), RANK_ITEM, RANK_ITEM, false, SOUP_RAW_NAMES},
	{SLICE_INIT("dl"), RANK_BLOCK, RANK_BLOCK, false, SOUP_RAW_NAMES},
	{SLICE_INIT("dt"), RANK_ITEM, RANK_ITEM, false, SOUP_RAW_NAMES},
	{SLICE_INIT("h1"), RANK_PARAGRAPH, RANK_PARAGRAPH, false, SOUP_RAW_NAMES},
	{SLICE_INIT("h2"), RANK_PARAGRAPH, RANK_PARAGRAPH, false, SOUP_RAW_NAMES},
	{SLICE_INIT("h3"), RANK_PARAGRAPH, RANK_PARAGRAPH, false, SOUP_RAW_NAMES},
	{SLICE_INIT("h4"), RANK_PARAGRAPH, RANK_PARAGRAPH, false, SOUP_RAW_NAMES},
	{SLICE_INIT("h5"), RANK_PARAGRAPH, RANK_PARAGRAPH, false, SOUP_RAW_NAMES},
	{SLICE_INIT("h6"), RANK_PARAGRAPH, RANK_PARAGRAPH, false, SOUP_RAW_NAMES},
	{SLICE_INIT("hr"), RANK_INLINE, RANK_INLINE, true, SOUP_RAW_NAMES},
	{SLICE_INIT("li"), RANK_ITEM, RANK_ITEM, false, SOUP_RAW_NAMES},
	{SLICE_INIT("ol"), RANK_BLOCK, RANK_BLOCK, false, SOUP_RAW_NAMES},
	{SLICE_INIT("td"), RANK_CELL, RANK_CELL, false, SOUP_RAW_NAMES},
	{SLICE_INIT("th"), RANK_CELL, RANK_CELL, false, SOUP_RAW_NAMES},
	{SLICE_INIT("tr"), RANK_ROW, RANK_ROW, false, SOUP_RAW_NAMES},
	{SLICE_INIT("ul"), RANK_BLOCK, RANK_BLOCK, false, SOUP_RAW_NAMES},
	{SLICE_INIT("col"), RANK_INLINE, RANK_INLINE, true, SOUP_RAW_NAMES},
	{SLICE_INIT("div"), RANK_BLOCK, RANK_BLOCK, false, SOUP_RAW_NAMES},
	{SLICE_INIT("img"), RANK_INLINE, RANK_INLINE, true, SOUP_RAW_NAMES},
	{SLICE_INIT("nav"), RANK_BLOCK, RANK_BLOCK, false, SOUP_RAW_NAMES},
	{SLICE_INIT("pre"), RANK_PARAGRAPH, RANK_PARAGRAPH, false, SOUP_RAW_NAMES},
	{SLICE_INIT("svg"), RANK_INLINE, RANK_BLOCK, false, SOUP_RAW_NAMES},
	{SLICE_INIT("wbr"), RANK_INLINE, RANK_INLINE, true, SOUP_RAW_NAMES},
	{SLICE_INIT("area"), RANK_INLINE, RANK_INLINE, true, SOUP_RAW_NAMES},
	{SLICE_INIT("base"), RANK_INLINE, RANK_INLINE, true, SOUP_RAW_NAMES},
	{SLICE_INIT("body"), RANK_MACRO, RANK_MACRO, false, SOUP_RAW_NAMES},
	{SLICE_INIT("form"), RANK_BLOCK, RANK_BLOCK, false, SOUP_RAW_NAMES},
	{SLICE_INIT("html"), RANK_MACRO, RANK_MACRO, false, SOUP_RAW_NAMES},
	{SLICE_INIT("link"), RANK_INLINE, RANK_INLINE, true, SOUP_RAW_NAMES},
	{SLICE_INIT("main"), RANK_BLOCK, RANK_BLOCK, false, SOUP_RAW_NAMES},
	{SLICE_INIT("meta"), RANK_INLINE, RANK_INLINE, true, SOUP_RAW_NAMES},
	{SLICE_INIT("aside"), RANK_BLOCK, RANK_BLOCK, false, SOUP_RAW_NAMES},
	{SLICE_INIT("audio"), RANK_INLINE, RANK_BLOCK, false, SOUP_RAW_NAMES},
	{SLICE_INIT("embed"), RANK_INLINE, RANK_INLINE, true, SOUP_RAW_NAMES},
	{SLICE_INIT("input"), RANK_INLINE, RANK_INLINE, true, SOUP_RAW_NAMES},
	{SLICE_INIT("param"), RANK_INLINE, RANK_INLINE, true, SOUP_RAW_NAMES},
	{SLICE_INIT("style"), RANK_INLINE, RANK_INLINE, false, 1},
	{SLICE_INIT("table"), RANK_TABLE, RANK_TABLE, false, SOUP_RAW_NAMES},
	{SLICE_INIT("tbody"), RANK_GROUP, RANK_GROUP, false, SOUP_RAW_NAMES},
	{SLICE_INIT("tfoot"), RANK_GROUP, RANK_GROUP, false, SOUP_RAW_NAMES},
	{SLICE_INIT("thead"), RANK_GROUP, RANK_GROUP, false, SOUP_RAW_NAMES},
	{SLICE_INIT("title"), RANK_INLINE, RANK_INLINE, false, 3},
	{SLICE_INIT("track"), RANK_INLINE, RANK_INLINE, true, SOUP_RAW_NAMES},
	{SLICE_INIT("video"), RANK_INLINE, RANK_BLOCK, false, SOUP_RAW_NAMES},
	{SLICE_INIT("button"), RANK_INLINE, RANK_BLOCK, false, SOUP_RAW_NAMES},
	{SLICE_INIT("canvas"), RANK_INLINE, RANK_BLOCK, false, SOUP_RAW_NAMES},
	{SLICE_INIT("center"), RANK_BLOCK, RANK_BLOCK, false, SOUP_RAW_NAMES},
	{SLICE_INIT("figure"), RANK_BLOCK, RANK_BLOCK, false, SOUP_RAW_NAMES},
	{SLICE_INIT("footer"), RANK_BLOCK, RANK_BLOCK, false, SOUP_RAW_NAMES},
	{SLICE_INIT("header"), RANK_BLOCK, RANK_BLOCK, false, SOUP_RAW_NAMES},
	{SLICE_INIT("iframe"), RANK_INLINE, RANK_INLINE, false, 4},
	{SLICE_INIT("object"), RANK_INLINE, RANK_BLOCK, false, SOUP_RAW_NAMES},
	{SLICE_INIT("script"), RANK_INLINE, RANK_INLINE, false, 0},
	{SLICE_INIT("select"), RANK_INLINE, RANK_BLOCK, false, SOUP_RAW_NAMES},
	{SLICE_INIT("source"), RANK_INLINE, RANK_INLINE, true, SOUP_RAW_NAMES},
	{SLICE_INIT("address"), RANK_BLOCK, RANK_BLOCK, false, SOUP_RAW_NAMES},
	{SLICE_INIT("article"), RANK_BLOCK, RANK_BLOCK, false, SOUP_RAW_NAMES},
	{SLICE_INIT("caption"), RANK_GROUP, RANK_GROUP, false, SOUP_RAW_NAMES},
	{SLICE_INIT("details"), RANK_BLOCK, RANK_BLOCK, false, SOUP_RAW_NAMES},
	{SLICE_INIT("noembed"), RANK_INLINE, RANK_INLINE, false, 5},
	{SLICE_INIT("section"), RANK_BLOCK, RANK_BLOCK, false, SOUP_RAW_NAMES},
	{SLICE_INIT("summary"), RANK_BLOCK, RANK_BLOCK, false, SOUP_RAW_NAMES},
	{SLICE_INIT("colgroup"), RANK_GROUP, RANK_GROUP, false, SOUP_RAW_NAMES},
	{SLICE_INIT("noframes"), RANK_INLINE, RANK_INLINE, false, 6},
	{SLICE_INIT("noscript"), RANK_INLINE, RANK_INLINE, false, 7},
	{SLICE_INIT("template"), RANK_INLINE, RANK_BLOCK, false, SOUP_RAW_NAMES},
	{SLICE_INIT("textarea"), RANK_INLINE, RANK_INLINE, false, 2},
	{SLICE_INIT("blockquote"), RANK_BLOCK, RANK_BLOCK, false, SOUP_RAW_NAMES},
	{SLICE_INIT("figcaption"), RANK_BLOCK, RANK_BLOCK, false, SOUP_RAW_NAMES},
};

static const struct row unknown = {.raw = SOUP_RAW_NAMES};

static int compare(const struct row *row, struct slice name)
{
	if (row->name.len != name.len) {
		return row->name.len < name.len ? -1 : 1;
	}
	return memcmp(row->name.ptr, name.ptr, name.len);
}

static const struct row *find(struct slice name)
{
	size_t low = 0;
	size_t high = COUNT_OF(rows);
	while (low < high && name.len > 0) {
		size_t middle = low + (high - low) / 2;
		int order = compare(&rows[middle], name);
		if (order == 0) {
			return &rows[middle];
		}
		if (order < 0) {
			low = middle + 1;
		} else {
			high = middle;
		}
	}
	return &unknown;
}

static bool has_prefix(struct slice name)
{
	return slice_find_byte(name, ':') < name.len;
}

enum soup_rank soup_rank(struct slice name)
{
	const struct row *row = find(name);
	return row == &unknown && has_prefix(name) ? RANK_MACRO : row->rank;
}

enum soup_rank soup_reach(struct slice name)
{
	const struct row *row = find(name);
	return row == &unknown && has_prefix(name) ? RANK_MACRO : row->reach;
}

bool soup_is_void(struct slice name)
{
	return find(name)->is_void;
}

size_t soup_raw_number(struct slice name)
{
	return find(name)->raw;
}

struct slice soup_raw_name(size_t number)
{
	static const struct slice names[SOUP_RAW_NAMES] = {
		SLICE_INIT("script"),	SLICE_INIT("style"),	SLICE_INIT("textarea"),
		SLICE_INIT("title"),	SLICE_INIT("iframe"),	SLICE_INIT("noembed"),
		SLICE_INIT("noframes"), SLICE_INIT("noscript"),
	};
	return names[number];
}

bool soup_names_are_sorted(void)
{
	for (size_t i = 1; i < COUNT_OF(rows); i++) {
		if (compare(&rows[i - 1], rows[i].name) >= 0) {
			return false;
		}
	}
	return true;
}
