#include "render/confluence/soup_names.h"

static const struct {
	struct slice name;
	enum soup_rank rank;
} known_ranks[] = {
	{SLICE_INIT("p"), RANK_PARAGRAPH},	{SLICE_INIT("h1"), RANK_PARAGRAPH},
	{SLICE_INIT("h2"), RANK_PARAGRAPH},	{SLICE_INIT("h3"), RANK_PARAGRAPH},
	{SLICE_INIT("h4"), RANK_PARAGRAPH},	{SLICE_INIT("h5"), RANK_PARAGRAPH},
	{SLICE_INIT("h6"), RANK_PARAGRAPH},	{SLICE_INIT("pre"), RANK_PARAGRAPH},
	{SLICE_INIT("li"), RANK_ITEM},		{SLICE_INIT("dt"), RANK_ITEM},
	{SLICE_INIT("dd"), RANK_ITEM},		{SLICE_INIT("ul"), RANK_BLOCK},
	{SLICE_INIT("ol"), RANK_BLOCK},		{SLICE_INIT("dl"), RANK_BLOCK},
	{SLICE_INIT("div"), RANK_BLOCK},	{SLICE_INIT("blockquote"), RANK_BLOCK},
	{SLICE_INIT("section"), RANK_BLOCK},	{SLICE_INIT("article"), RANK_BLOCK},
	{SLICE_INIT("header"), RANK_BLOCK},	{SLICE_INIT("footer"), RANK_BLOCK},
	{SLICE_INIT("main"), RANK_BLOCK},	{SLICE_INIT("nav"), RANK_BLOCK},
	{SLICE_INIT("aside"), RANK_BLOCK},	{SLICE_INIT("figure"), RANK_BLOCK},
	{SLICE_INIT("figcaption"), RANK_BLOCK}, {SLICE_INIT("details"), RANK_BLOCK},
	{SLICE_INIT("summary"), RANK_BLOCK},	{SLICE_INIT("form"), RANK_BLOCK},
	{SLICE_INIT("address"), RANK_BLOCK},	{SLICE_INIT("center"), RANK_BLOCK},
	{SLICE_INIT("td"), RANK_CELL},		{SLICE_INIT("th"), RANK_CELL},
	{SLICE_INIT("tr"), RANK_ROW},		{SLICE_INIT("tbody"), RANK_GROUP},
	{SLICE_INIT("thead"), RANK_GROUP},	{SLICE_INIT("tfoot"), RANK_GROUP},
	{SLICE_INIT("colgroup"), RANK_GROUP},	{SLICE_INIT("caption"), RANK_GROUP},
	{SLICE_INIT("table"), RANK_TABLE},	{SLICE_INIT("body"), RANK_MACRO},
	{SLICE_INIT("html"), RANK_MACRO},
};

enum soup_rank soup_rank(struct slice name)
{
	if (slice_find_byte(name, ':') < name.len) {
		return RANK_MACRO;
	}
	for (size_t i = 0; i < COUNT_OF(known_ranks); i++) {
		if (slice_eq(known_ranks[i].name, name)) {
			return known_ranks[i].rank;
		}
	}
	return RANK_INLINE;
}

bool soup_is_void(struct slice name)
{
	static const struct slice voids[] = {
		SLICE_INIT("br"),    SLICE_INIT("hr"),	  SLICE_INIT("img"),   SLICE_INIT("col"),
		SLICE_INIT("input"), SLICE_INIT("meta"),  SLICE_INIT("link"),  SLICE_INIT("area"),
		SLICE_INIT("base"),  SLICE_INIT("embed"), SLICE_INIT("param"), SLICE_INIT("source"),
		SLICE_INIT("wbr"),   SLICE_INIT("track"),
	};
	for (size_t i = 0; i < COUNT_OF(voids); i++) {
		if (slice_eq(voids[i], name)) {
			return true;
		}
	}
	return false;
}

enum soup_rank soup_reach(struct slice name)
{
	static const struct slice holders[] = {
		SLICE_INIT("svg"),    SLICE_INIT("object"), SLICE_INIT("template"),
		SLICE_INIT("button"), SLICE_INIT("select"), SLICE_INIT("canvas"),
		SLICE_INIT("video"),  SLICE_INIT("audio"),
	};
	for (size_t i = 0; i < COUNT_OF(holders); i++) {
		if (slice_eq(holders[i], name)) {
			return RANK_BLOCK;
		}
	}
	return soup_rank(name);
}

static const struct slice raw_names[] = {
	SLICE_INIT("script"), SLICE_INIT("style"),   SLICE_INIT("textarea"), SLICE_INIT("title"),
	SLICE_INIT("iframe"), SLICE_INIT("noembed"), SLICE_INIT("noframes"), SLICE_INIT("noscript"),
};

size_t soup_raw_number(struct slice name)
{
	size_t i = 0;
	while (i < COUNT_OF(raw_names) && !slice_eq(raw_names[i], name)) {
		i++;
	}
	return i;
}

struct slice soup_raw_name(size_t number)
{
	return raw_names[number];
}

_Static_assert(COUNT_OF(raw_names) == SOUP_RAW_NAMES, "a bit for each fits into a byte");
