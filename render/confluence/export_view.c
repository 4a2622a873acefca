#include "render/confluence/export_view.h"

#include <string.h>

#include "render/confluence/export_view_rules.h"
#include "render/confluence/soup.h"

enum kind { CLASS, ATTRIBUTE, ELEMENT };

struct row {
	enum kind kind;
	bool (*fits)(const struct reader *r, const struct tag *t); /* or NULL */
	struct element_rule rule; /* its name is what is looked for */
	struct slice becomes;
};

#define SHOWN	 false
#define ANYWHERE true
#define VIEW(kind, key, fits, start, end, arg, where, becomes)                                     \
	{kind, fits, {SLICE_INIT(key), start, end, arg, where}, SLICE_INIT(becomes)},
#define VIEW_END(end)
#define VIEW_FITS(fits)
static const struct row rows[] = {
#include "render/confluence/export_view.def"
};
#undef VIEW_FITS
#undef VIEW_END
#undef VIEW

_Static_assert(COUNT_OF(rows) < VIEW_INDEX / 2, "the index of rows is too small");

bool export_view_each(size_t index, struct export_view_row *out_row)
{
	if (index >= COUNT_OF(rows)) {
		return false;
	}
	out_row->found = rows[index].rule.name;
	out_row->becomes = rows[index].becomes;
	return true;
}

static size_t hash(enum kind kind, struct slice name)
{
	uint32_t h = 2166136261U + (uint32_t)kind;
	for (size_t i = 0; i < name.len; i++) {
		h = (h ^ (unsigned char)name.ptr[i]) * 16777619U;
	}
	return h ^ h >> 15;
}

/* Rows of one key lie one after another, in their order. */
static void index_rows(struct export_view *v)
{
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		size_t slot = hash(rows[i].kind, rows[i].rule.name) & (VIEW_INDEX - 1);
		while (v->index[slot] != 0) {
			slot = (slot + 1) & (VIEW_INDEX - 1);
		}
		v->index[slot] = (uint8_t)(i + 1);
	}
}

struct choice {
	struct reader *r;
	const struct tag *tag;
	size_t best; /* number of a row */
};

/* What makes up a table stays what it is, whatever its class says, unless it is not shown at all. */
static bool is_of_a_table(struct slice name)
{
	static const struct slice names[] = {
		SLICE_INIT("table"), SLICE_INIT("tr"),	    SLICE_INIT("td"),
		SLICE_INIT("th"),    SLICE_INIT("tbody"),   SLICE_INIT("thead"),
		SLICE_INIT("tfoot"), SLICE_INIT("caption"),
	};
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		if (slice_eq(names[i], name)) {
			return true;
		}
	}
	return false;
}

static bool may_be(const struct row *row, struct slice element)
{
	return row->kind == ELEMENT || row->rule.start == export_skip ||
	       row->fits == export_is_old_panel || !is_of_a_table(element);
}

static void consider(struct choice *c, enum kind kind, struct slice name)
{
	const uint8_t *index = c->r->view->index;
	size_t slot = hash(kind, name) & (VIEW_INDEX - 1);
	for (; index[slot] != 0; slot = (slot + 1) & (VIEW_INDEX - 1)) {
		size_t number = index[slot] - 1U;
		const struct row *row = &rows[number];
		if (number < c->best && row->kind == kind && slice_eq(row->rule.name, name) &&
		    may_be(row, c->tag->name) && (row->fits == NULL || row->fits(c->r, c->tag))) {
			c->best = number;
		}
	}
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

/* Takes a word off the front; false when there is none left. */
static bool next_word(struct slice *words, struct slice *out_word)
{
	size_t start = 0;
	while (start < words->len && is_blank(words->ptr[start])) {
		start++;
	}
	size_t end = start;
	while (end < words->len && !is_blank(words->ptr[end])) {
		end++;
	}
	*out_word = slice_skip(slice_first(*words, end), start);
	*words = slice_skip(*words, end);
	return out_word->len > 0;
}

bool export_has_word(struct slice words, struct slice word)
{
	struct slice one;
	while (next_word(&words, &one)) {
		if (slice_eq(one, word)) {
			return true;
		}
	}
	return false;
}

bool export_has_class(const struct tag *t, struct slice class)
{
	return export_has_word(tag_attr(t, SLICE_LIT("class")), class);
}

const struct element_rule *export_parent_rule(const struct reader *r)
{
	return r->depth < 2 ? NULL : r->stack[r->depth - 2].rule;
}

void export_as_element(struct reader *r, const struct tag *t, struct element *e)
{
	e->rule = reader_rule(r, t->name);
	if (e->rule != NULL) {
		e->rule->start(r, t, e);
	}
}

void export_count(struct reader *r, const struct tag *t, struct slice otherwise)
{
	struct slice name = words_keep(&r->b, tag_attr(t, SLICE_LIT("data-macro-name")));
	reader_count_macro(r, name.len > 0 ? name : otherwise, MACRO_RENDERED);
}

/* The slot of a name that links go to, or an empty one. */
static struct slice *fragment_slot(const struct export_view *v, struct slice name)
{
	size_t slot = hash(ELEMENT, name) & (v->fragment_slots - 1);
	while (v->fragments[slot].len > 0 && !slice_eq(v->fragments[slot], name)) {
		slot = (slot + 1) & (v->fragment_slots - 1);
	}
	return &v->fragments[slot];
}

/*
 * An id that a link of the page goes to is an anchor, wherever it stands. Headings have ids of their own, and know this one
 * by themselves.
 */
static void keep_id(struct reader *r, const struct tag *t)
{
	struct slice id = tag_attr(t, SLICE_LIT("id"));
	bool is_heading = t->name.len == 2 && t->name.ptr[0] == 'h' && t->name.ptr[1] != 'r';
	if (id.len == 0 || is_heading || r->mode != READER_SHOW) {
		return;
	}
	bool is_anchor = export_has_class(t, SLICE_LIT("confluence-anchor-link"));
	if (is_anchor || (r->view->fragment_slots > 0 && fragment_slot(r->view, id)->len > 0)) {
		builder_anchor(&r->b, words_keep(&r->b, id));
	}
}

const struct element_rule *export_view_rule(struct reader *r, const struct tag *t)
{
	struct choice c = {.r = r, .tag = t, .best = COUNT_OF(rows)};
	for (size_t i = 0; i < t->attr_count; i++) {
		struct slice words = t->attrs[i].value;
		struct slice word;
		if (!slice_eq(t->attrs[i].name, SLICE_LIT("class"))) {
			consider(&c, ATTRIBUTE, t->attrs[i].name);
			continue;
		}
		while (next_word(&words, &word)) {
			consider(&c, CLASS, word);
		}
	}
	consider(&c, ELEMENT, t->name);
	if (t->attr_count > 0) {
		keep_id(r, t);
	}
	return c.best < COUNT_OF(rows) ? &rows[c.best].rule : NULL;
}

/* Takes the next `href="#name"` off the front. */
static bool next_fragment(struct slice *html, struct slice *out_name)
{
	const struct slice start = SLICE_LIT("href=");
	for (size_t at; (at = slice_find(*html, start)) < html->len;) {
		*html = slice_skip(*html, at + start.len);
		if (html->len > 2 && html->ptr[1] == '#' &&
		    (html->ptr[0] == '"' || html->ptr[0] == '\'')) {
			char quote = html->ptr[0];
			*html = slice_skip(*html, 2);
			*out_name = slice_first(*html,
						slice_find_byte(slice_first(*html, 256), quote));
			return true;
		}
	}
	return false;
}

static void find_fragments(struct export_view *v, struct slice html, struct builder *b)
{
	size_t room = 2;
	size_t count = 0;
	struct slice rest = html;
	struct slice name;
	while (count < VIEW_FRAGMENTS_MAX && next_fragment(&rest, &name)) {
		count++;
		room *= 2 * count > room ? 2 : 1;
	}
	if (count == 0) {
		return;
	}
	v->fragments = arena_array(b->arena, room, sizeof(*v->fragments));
	if (v->fragments == NULL) {
		b->fault = FAULT_NO_MEMORY;
		return;
	}
	v->fragment_slots = room;
	for (; count > 0 && next_fragment(&html, &name); count--) {
		if (name.len > 0) {
			*fragment_slot(v, name) = name;
		}
	}
}

void export_view_forget(struct export_view *v)
{
	if (v != NULL) {
		v->frame = NULL;
		v->issue = NULL;
	}
}

bool export_view_may_nest(const struct reader *r)
{
	return r->view == NULL || r->view->nested < VIEW_NESTED_MAX;
}

enum fault export_view_read(struct slice html, struct reader *r)
{
	struct export_view *outer = r->view;
	if (!export_view_may_nest(r) || r->b.fault != FAULT_NONE) {
		return r->b.fault;
	}
	struct export_view *v = arena_alloc(r->b.arena, sizeof(*v));
	if (v == NULL) {
		return FAULT_NO_MEMORY;
	}
	v->nested = outer != NULL ? outer->nested + 1 : 1;
	index_rows(v);
	find_fragments(v, html, &r->b);
	r->view = v;
	soup_read_page(html, SLICE_LIT("main-content"), r);
	r->view = outer;
	return r->b.fault;
}
