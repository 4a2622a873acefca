#include "render/html/css_inline.h"

#include <string.h>

#include "render/confluence/style.h"
#include "render/html/colour.h"
#include "render/html/css_match.h"

enum { ATTRIBUTES_MAX = 16 };

struct attribute {
	struct slice name, value;
};

/* A start tag. */
struct element {
	struct css_element seen; /* by rules */
	struct slice name;	 /* as it stands in the HTML */
	struct attribute attributes[ATTRIBUTES_MAX];
	size_t attribute_count;
};

struct inliner {
	const struct css *css;
	struct buf *into;
	enum fault fault;
	struct slice pending;	    /* names for the next tag */
	bool layout[CSS_DEPTH_MAX]; /* by level: inside a table of the frame's own */
	/* By level: the ground that rules have set, on which it stands; NULL where that is another one. */
	const struct css_declaration *ground[CSS_DEPTH_MAX];
	size_t depth; /* of open elements */
	uint8_t *
		seen; /* by level and rule: how many parts of the rule the open elements have met */
};

static void put(struct inliner *in, struct slice s)
{
	if (in->fault == FAULT_NONE) {
		in->fault = buf_add(in->into, s);
	}
}

#define put_lit(in, literal) put((in), SLICE_LIT(literal))

static bool is_one_of(struct slice name, const struct slice *list, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (slice_eq(name, list[i])) {
			return true;
		}
	}
	return false;
}

static const struct attribute *find_attribute(const struct element *e, struct slice name)
{
	for (size_t i = 0; i < e->attribute_count; i++) {
		if (slice_eq(e->attributes[i].name, name)) {
			return &e->attributes[i];
		}
	}
	return NULL;
}

static struct slice value_of(const struct element *e, struct slice name)
{
	const struct attribute *a = find_attribute(e, name);
	return a != NULL ? a->value : (struct slice){0};
}

/* ` name="value"` off the front. */
static bool take_attribute(struct slice *s, struct attribute *a)
{
	*s = slice_trim(*s);
	if (!slice_cut_to(s, '=', &a->name) || s->len == 0 || s->ptr[0] != '"') {
		return false;
	}
	*s = slice_skip(*s, 1);
	return slice_cut_to(s, '"', &a->value);
}

/* `text` is what stands between < and >. False: more than we write ourselves. */
static bool read_element(struct slice text, struct element *e)
{
	*e = (struct element){0};
	size_t n = 0;
	while (n < text.len && text.ptr[n] != ' ') {
		n++;
	}
	e->name = slice_first(text, n);
	text = slice_skip(text, n);
	while (slice_trim(text).len > 0) {
		if (e->attribute_count == ATTRIBUTES_MAX ||
		    !take_attribute(&text, &e->attributes[e->attribute_count])) {
			return false;
		}
		e->attribute_count++;
	}
	return true;
}

static void take_names(struct inliner *in, struct element *e)
{
	struct slice rest = in->pending;
	in->pending = (struct slice){0};
	for (bool more = rest.len > 0; more;) {
		struct slice name = rest;
		more = slice_cut_to(&rest, ' ', &name);
		if (name.len > 0 && name.ptr[0] == '=') {
			e->seen.tag = slice_skip(name, 1);
		} else if (e->seen.name_count < CSS_NAMES_MAX) {
			e->seen.names[e->seen.name_count++] = name;
		}
	}
}

static bool in_layout(const struct inliner *in)
{
	return in->depth > 0 && in->depth < CSS_DEPTH_MAX && in->layout[in->depth - 1];
}

/* Has the list of words this one? */
static bool has_word(struct slice list, struct slice word)
{
	for (bool more = list.len > 0; more;) {
		struct slice one = list;
		more = slice_cut_to(&list, ' ', &one);
		if (slice_eq(one, word)) {
			return true;
		}
	}
	return false;
}

/* What rules see; true when the element is, or stands in, a table of the frame's own. */
static bool classify(struct inliner *in, struct element *e)
{
	static const struct slice table_parts[] = {SLICE_INIT("tr"), SLICE_INIT("td"),
						   SLICE_INIT("th"), SLICE_INIT("caption")};
	bool layout = in_layout(in);
	e->seen.is_table = slice_eq(e->name, SLICE_LIT("table"));
	e->seen.is_cell = slice_eq(e->name, SLICE_LIT("td")) || slice_eq(e->name, SLICE_LIT("th"));
	/* Cells without words, bars and fillers, have no class. */
	e->seen.takes_body = e->seen.is_cell && find_attribute(e, SLICE_LIT("class")) != NULL;
	e->seen.bare = has_word(value_of(e, SLICE_LIT("class")), SLICE_LIT("t"));
	e->seen.id = value_of(e, SLICE_LIT("id"));
	if (e->seen.is_table) {
		layout = find_attribute(e, SLICE_LIT("role")) != NULL;
	}
	bool of_table = e->seen.is_table || is_one_of(e->name, table_parts, COUNT_OF(table_parts));
	e->seen.tag = layout && of_table ? (struct slice){0} : e->name;
	take_names(in, e);
	return layout;
}

static void put_declaration(struct inliner *in, struct slice name, struct slice value)
{
	put(in, name);
	put_lit(in, ":");
	put(in, value);
	put_lit(in, ";");
}

static bool is_px(struct slice value)
{
	return slice_find(value, SLICE_LIT("px")) < value.len;
}

/* What stood there and is not set anew, then what is set. A ground without a colour gets one that can be read on it. */
static void put_style(struct inliner *in, struct slice style, const struct css_chosen *c)
{
	const struct css_declaration *ground = css_chosen_of(c, CSS_BACKGROUND);
	ground = ground == NULL ? c->below : ground;
	bool recolour = ground != NULL && css_chosen_of(c, CSS_COLOR) == NULL;
	struct slice name;
	struct slice value;
	put_lit(in, " style=\"");
	while (style_next(&style, &name, &value)) {
		if (!css_chosen_has(c, name) && !(recolour && slice_eq(name, SLICE_LIT("color")))) {
			put_declaration(in, name, value);
		}
	}
	for (size_t i = 0; i < c->count; i++) {
		const struct css_declaration *d = c->list[i];
		struct slice property = css_property_name(d->property);
		put_declaration(in, property, d->value);
		if (slice_eq(property, SLICE_LIT("line-height")) && is_px(d->value)) {
			put_lit(in, "mso-line-height-rule:exactly;");
		}
	}
	if (recolour) {
		put_lit(in, "color:");
		put(in, colour_on(ground->colour & 0xffffff) == COLOUR_WHITE
				? SLICE_LIT("#fefefe;")
				: SLICE_LIT("#172b4d;"));
	}
	put_lit(in, "\"");
}

/* Of the frame's own classes, those that change colours in dark mode give way to one that keeps the ground. */
static void put_classes(struct inliner *in, struct slice classes, const struct css_chosen *c)
{
	static const struct slice colours[] = {SLICE_INIT("b"), SLICE_INIT("w"), SLICE_INIT("t"),
					       SLICE_INIT("g"), SLICE_INIT("p"), SLICE_INIT("d")};
	const struct css_declaration *ground = css_chosen_of(c, CSS_BACKGROUND);
	if (ground == NULL) {
		if (classes.len > 0) {
			put_lit(in, " class=\"");
			put(in, classes);
			put_lit(in, "\"");
		}
		return;
	}
	put_lit(in, " class=\"");
	for (bool more = classes.len > 0; more;) {
		struct slice one = classes;
		more = slice_cut_to(&classes, ' ', &one);
		if (!is_one_of(one, colours, COUNT_OF(colours))) {
			put(in, one);
			put_lit(in, " ");
		}
	}
	put(in, colour_on(ground->colour & 0xffffff) == COLOUR_WHITE ? SLICE_LIT("d\"")
								     : SLICE_LIT("p\""));
}

static void put_tag(struct inliner *in, const struct element *e, const struct css_chosen *c)
{
	static const struct slice own[] = {SLICE_INIT("style"), SLICE_INIT("class"),
					   SLICE_INIT("bgcolor")};
	const struct css_declaration *ground = css_chosen_of(c, CSS_BACKGROUND);
	const struct attribute *bgcolor = find_attribute(e, SLICE_LIT("bgcolor"));
	put_lit(in, "<");
	put(in, e->name);
	for (size_t i = 0; i < e->attribute_count; i++) {
		const struct attribute *a = &e->attributes[i];
		if (!is_one_of(a->name, own, COUNT_OF(own))) {
			put_lit(in, " ");
			put(in, a->name);
			put_lit(in, "=\"");
			put(in, a->value);
			put_lit(in, "\"");
		}
	}
	put_classes(in, value_of(e, SLICE_LIT("class")), c);
	if (bgcolor != NULL || (ground != NULL && (e->seen.is_cell || e->seen.is_table))) {
		put_lit(in, " bgcolor=\"");
		put(in, ground != NULL ? ground->value : bgcolor->value);
		put_lit(in, "\"");
	}
	put_style(in, value_of(e, SLICE_LIT("style")), c);
	put_lit(in, ">");
}

static bool is_void(struct slice name)
{
	static const struct slice names[] = {SLICE_INIT("br"), SLICE_INIT("img"), SLICE_INIT("wbr"),
					     SLICE_INIT("meta")};
	return is_one_of(name, names, COUNT_OF(names));
}

static bool is_outside(struct slice name)
{
	static const struct slice names[] = {SLICE_INIT("html"), SLICE_INIT("head"),
					     SLICE_INIT("title"), SLICE_INIT("style"),
					     SLICE_INIT("meta")};
	return is_one_of(name, names, COUNT_OF(names));
}

static void match(struct inliner *in, const struct element *e, struct css_chosen *c)
{
	size_t count = in->css->rule_count;
	css_match(in->css, &e->seen, in->seen + in->depth * count,
		  in->seen + (in->depth + 1) * count, c);
}

/* The value of one property of a style attribute. */
static struct slice style_value(struct slice style, struct slice property)
{
	struct slice name;
	struct slice value;
	while (style_next(&style, &name, &value)) {
		if (slice_eq(name, property)) {
			return value;
		}
	}
	return (struct slice){0};
}

/* A colour of the frame's own, made for a ground of the frame's own, may not be read on one that rules have set. */
static const struct css_declaration *find_ground(const struct inliner *in, const struct element *e,
						 struct css_chosen *c)
{
	struct slice style = value_of(e, SLICE_LIT("style"));
	const struct css_declaration *own = css_chosen_of(c, CSS_BACKGROUND);
	const struct css_declaration *above = in->depth > 0 && in->depth < CSS_DEPTH_MAX
						      ? in->ground[in->depth - 1]
						      : NULL;
	if (own != NULL) {
		return own;
	}
	if (above == NULL || style_value(style, SLICE_LIT("background-color")).len > 0) {
		return NULL;
	}
	uint32_t ink = style_colour(style_value(style, SLICE_LIT("color")));
	if (ink != COLOUR_NONE && c->below == NULL && css_chosen_of(c, CSS_COLOR) == NULL &&
	    colour_contrast(ink & 0xffffff, above->colour & 0xffffff) < CONTRAST_TEXT) {
		c->below = above;
	}
	return above;
}

/* `text` is the tag between < and >. */
static void start_tag(struct inliner *in, struct slice text)
{
	struct element e;
	struct css_chosen c = {.count = 0};
	const struct css_declaration *ground = NULL;
	bool layout = in_layout(in);
	bool known = in->depth + 1 < CSS_DEPTH_MAX && read_element(text, &e) && !is_outside(e.name);
	if (known) {
		layout = classify(in, &e);
		match(in, &e, &c);
		ground = find_ground(in, &e, &c);
	}
	in->pending = (struct slice){0};
	if (c.count > 0 || c.below != NULL) {
		put_tag(in, &e, &c);
	} else {
		put_lit(in, "<");
		put(in, text);
		put_lit(in, ">");
	}
	if (is_void(slice_first(text, slice_find_byte(text, ' ')))) {
		return;
	}
	if (in->depth + 1 < CSS_DEPTH_MAX) {
		size_t count = in->css->rule_count;
		in->layout[in->depth] = layout;
		in->ground[in->depth] = ground;
		if (!known) {
			memcpy(in->seen + (in->depth + 1) * count, in->seen + in->depth * count,
			       count);
		}
	}
	in->depth++;
}

static size_t end_of_tag(struct slice s)
{
	bool quoted = false;
	for (size_t i = 0; i < s.len; i++) {
		quoted = quoted != (s.ptr[i] == '"');
		if (s.ptr[i] == '>' && !quoted) {
			return i;
		}
	}
	return s.len;
}

/* One tag, comment or list of names; `*rest` begins with its `<`. */
static void take_markup(struct inliner *in, struct slice *rest)
{
	size_t len;
	if (slice_starts(*rest, SLICE_LIT("<?"))) {
		len = slice_find(*rest, SLICE_LIT("?>"));
		in->pending = slice_skip(slice_first(*rest, len), 2);
		*rest = slice_skip(*rest, len + 2);
		return;
	}
	if (slice_starts(*rest, SLICE_LIT("<!"))) {
		bool comment = slice_starts(*rest, SLICE_LIT("<!--"));
		len = comment ? slice_find(*rest, SLICE_LIT("-->")) + 3
			      : slice_find_byte(*rest, '>') + 1;
		put(in, slice_first(*rest, len));
		*rest = slice_skip(*rest, len);
		return;
	}
	len = end_of_tag(*rest);
	if (slice_starts(*rest, SLICE_LIT("</"))) {
		in->depth -= in->depth > 0 ? 1 : 0;
		put(in, slice_first(*rest, len + 1));
	} else {
		start_tag(in, slice_skip(slice_first(*rest, len), 1));
	}
	*rest = slice_skip(*rest, len + 1);
}

enum fault css_inline(const struct css *css, struct slice html, struct arena *arena,
		      struct buf *into)
{
	struct inliner *in = arena_alloc(arena, sizeof(*in));
	if (in == NULL) {
		return FAULT_NO_MEMORY;
	}
	in->css = css;
	in->into = into;
	in->seen = arena_array(arena, CSS_DEPTH_MAX + 1, css->rule_count + 1);
	if (in->seen == NULL) {
		return FAULT_NO_MEMORY;
	}
	while (html.len > 0 && in->fault == FAULT_NONE) {
		size_t at = slice_find_byte(html, '<');
		put(in, slice_first(html, at));
		html = slice_skip(html, at);
		if (html.len > 0) {
			take_markup(in, &html);
		}
	}
	return in->fault;
}
