/* The elements that storage format has from HTML, without tables and links. */
#include "render/confluence/elements.h"

#include "render/confluence/style.h"

enum { INDENT_PX = 30, INDENT_MAX = 10, LIST_START_MAX = 1000000000 };

static struct node *open_node(struct reader *r, struct element *e, enum node_kind kind)
{
	return builder_open(&r->b, kind, &e->close);
}

/* Of a block's own style: where its lines stand. */
static void place_by_style(struct node *n, struct slice style)
{
	struct slice property;
	struct slice value;
	while (style_next(&style, &property, &value)) {
		if (slice_eq_nocase(property, SLICE_LIT("text-align"))) {
			n->align = (uint8_t)style_align(value);
		} else if (slice_eq_nocase(property, SLICE_LIT("margin-left"))) {
			uint32_t steps = style_px(value) / INDENT_PX;
			n->indent = (uint8_t)(steps > INDENT_MAX ? INDENT_MAX : steps);
		}
	}
}

void element_paragraph(struct reader *r, const struct tag *t, struct element *e)
{
	struct node *n = open_node(r, e, NODE_PARAGRAPH);
	reader_say_language(r, t, n);
	place_by_style(n, tag_attr(t, SLICE_LIT("style")));
	if (slice_eq(tag_attr(t, SLICE_LIT("class")), SLICE_LIT("auto-cursor-target"))) {
		/* The editor's own: a place for the cursor between two blocks; empty, it is
		 * nothing. */
		builder_frame(&r->b)->split = true;
	}
}

void element_heading(struct reader *r, const struct tag *t, struct element *e)
{
	struct node *n = open_node(r, e, NODE_HEADING);
	struct slice id = tag_attr(t, SLICE_LIT("id"));
	n->of.heading.level = (uint8_t)e->rule->arg;
	if (id.len > 0) {
		outline_add_alias(&r->b, n, words_keep(&r->b, id));
	}
	reader_say_language(r, t, n);
	place_by_style(n, tag_attr(t, SLICE_LIT("style")));
}

void element_block(struct reader *r, const struct tag *t, struct element *e)
{
	struct node *n = open_node(r, e, (enum node_kind)e->rule->arg);
	reader_say_language(r, t, n);
}

void element_numbers(struct reader *r, const struct tag *t, struct element *e)
{
	struct node *n = open_node(r, e, NODE_NUMBERS);
	reader_say_language(r, t, n);
	uint64_t start;
	if (slice_to_u64(tag_attr(t, SLICE_LIT("start")), LIST_START_MAX, &start)) {
		n->of.numbers.start = (uint32_t)start;
	}
	struct slice type = tag_attr(t, SLICE_LIT("type"));
	if (type.len == 1 && slice_find_byte(SLICE_LIT("1aiAI"), type.ptr[0]) < 5) {
		n->of.numbers.type = type.ptr[0];
	}
}

void element_code(struct reader *r, const struct tag *t, struct element *e)
{
	(void)t;
	(void)e;
	reader_gather(r);
}

void element_end_code(struct reader *r, struct element *e)
{
	(void)e;
	struct slice text = gather_view(&r->gather);
	if (text.len > 0 && text.ptr[0] == '\n') { /* HTML: the first one is not of the text */
		text = slice_skip(text, 1);
	}
	if (slice_ends(text, SLICE_LIT("\n"))) { /* nor does a last one show */
		text = slice_first(text, text.len - 1);
	}
	builder_leaf(&r->b, NODE_CODE)->of.code->text = text;
}

void element_gather(struct reader *r, const struct tag *t, struct element *e)
{
	(void)t;
	(void)e;
	reader_gather(r);
}

void element_skip(struct reader *r, const struct tag *t, struct element *e)
{
	(void)t;
	(void)e;
	r->mode = READER_SKIP;
}

/* Neither it nor what stands in it can be in a mail. */
void element_left_out(struct reader *r, const struct tag *t, struct element *e)
{
	left_out_element(r, t->name);
	element_skip(r, t, e);
}

/* Its words stay; what it does cannot. */
void element_counted(struct reader *r, const struct tag *t, struct element *e)
{
	(void)e;
	left_out_element(r, t->name);
}

void element_rule_line(struct reader *r, const struct tag *t, struct element *e)
{
	(void)t;
	(void)e;
	builder_leaf(&r->b, NODE_RULE);
}

void element_line_break(struct reader *r, const struct tag *t, struct element *e)
{
	(void)t;
	(void)e;
	if (r->mode == READER_GATHER) {
		gather_add(&r->gather, &r->b, SLICE_LIT("\n"));
	} else {
		builder_leaf(&r->b, NODE_BREAK);
	}
}

void element_break(struct reader *r, const struct tag *t, struct element *e)
{
	(void)t;
	(void)e;
	builder_break(&r->b);
}

void element_form(struct reader *r, const struct tag *t, struct element *e)
{
	element_counted(r, t, e);
	element_break(r, t, e);
}

void element_end_break(struct reader *r, struct element *e)
{
	(void)e;
	builder_break(&r->b);
}

void element_division(struct reader *r, const struct tag *t, struct element *e)
{
	struct node place = {.kind = NODE_GROUP};
	place_by_style(&place, tag_attr(t, SLICE_LIT("style")));
	builder_break(&r->b);
	reader_say_language(r, t, &place);
	if (place.indent > 0 || place.language > 0) {
		struct node *n = open_node(r, e, NODE_GROUP);
		n->indent = place.indent;
		n->language = place.language;
	}
}

void element_term(struct reader *r, const struct tag *t, struct element *e)
{
	(void)t;
	open_node(r, e, NODE_PARAGRAPH)->flags |= NODE_TIGHT;
	r->b.marks |= MARK_STRONG;
}

void element_definition(struct reader *r, const struct tag *t, struct element *e)
{
	(void)t;
	open_node(r, e, NODE_GROUP)->indent = 1;
}

/* A blank between two pieces of code is part of neither. */
static void part_code(struct builder *b)
{
	const struct node *last = builder_frame(b)->last;
	if (b->space && !b->fresh && last != NULL && last->kind == NODE_TEXT &&
	    (last->marks & MARK_CODE) != 0) {
		struct node *n = builder_new(b, NODE_TEXT);
		n->of.text = SLICE_LIT(" ");
		builder_append(b, n);
		b->space = false;
	}
}

void element_mark(struct reader *r, const struct tag *t, struct element *e)
{
	(void)t;
	if (e->rule->arg == MARK_CODE && (r->b.marks & MARK_CODE) == 0) {
		part_code(&r->b);
	}
	r->b.marks |= e->rule->arg;
}

void element_quotes(struct reader *r, const struct tag *t, struct element *e)
{
	(void)t;
	(void)e;
	words_add(&r->b, SLICE_LIT("“"));
}

void element_end_quotes(struct reader *r, struct element *e)
{
	(void)e;
	words_add(&r->b, SLICE_LIT("”"));
}

/* A title that has been said; the first of the page are remembered. */
struct abbreviation {
	struct slice title;
	struct abbreviation *next;
	size_t count; /* with those behind it */
};

enum { ABBREVIATIONS_MAX = 64 };

/* What it stands for is said behind it, the first time. */
void element_abbreviation(struct reader *r, const struct tag *t, struct element *e)
{
	struct slice title = words_keep(&r->b, tag_attr(t, SLICE_LIT("title")));
	size_t count = r->abbreviations != NULL ? r->abbreviations->count : 0;
	for (const struct abbreviation *a = r->abbreviations; a != NULL; a = a->next) {
		if (slice_eq(a->title, title)) {
			return;
		}
	}
	if (title.len == 0 || count == ABBREVIATIONS_MAX) {
		return;
	}
	struct abbreviation *a = builder_alloc(&r->b, sizeof(*a));
	*a = (struct abbreviation){title, r->abbreviations, count + 1};
	if (r->b.fault == FAULT_NONE) {
		r->abbreviations = a;
		e->context = a;
	}
}

void element_end_abbreviation(struct reader *r, struct element *e)
{
	const struct abbreviation *a = e->context;
	if (a != NULL) {
		words_add(&r->b, SLICE_LIT(" ("));
		words_add(&r->b, a->title);
		words_add(&r->b, SLICE_LIT(")"));
	}
}

/* Runs of the same colours share what describes them. */
static void set_ink(struct reader *r, struct ink ink)
{
	const struct ink *now = r->b.ink;
	struct ink before = now != NULL ? *now : (struct ink){.text = COLOUR_NONE};
	ink.text = ink.text != COLOUR_NONE ? ink.text : before.text;
	ink.ground = ink.ground != COLOUR_NONE ? ink.ground : before.ground;
	if (ink.text == before.text && ink.ground == before.ground) {
		return;
	}
	struct ink *shared = builder_alloc(&r->b, sizeof(*shared));
	*shared = ink;
	r->b.ink = shared;
}

void element_span(struct reader *r, const struct tag *t, struct element *e)
{
	(void)e;
	if (t->attr_count == 0) {
		return;
	}
	struct ink ink = {.text = style_colour(tag_attr(t, SLICE_LIT("color")))};
	struct slice style = tag_attr(t, SLICE_LIT("style"));
	struct slice property;
	struct slice value;
	while (style_next(&style, &property, &value)) {
		if (slice_eq_nocase(property, SLICE_LIT("color"))) {
			ink.text = style_colour(value);
		} else if (slice_starts_nocase(property, SLICE_LIT("background"))) {
			ink.ground = style_colour(value);
		} else if (slice_eq_nocase(property, SLICE_LIT("vertical-align"))) {
			r->b.marks |= slice_eq(value, SLICE_LIT("sub"))	    ? MARK_SUB
				      : slice_eq(value, SLICE_LIT("super")) ? MARK_SUP
									    : 0;
		}
	}
	set_ink(r, ink);
}

static bool read_date(struct slice raw, struct node_date *out_date)
{
	static const uint8_t days[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	struct slice year;
	struct slice month;
	struct slice day = slice_first(raw, 10);
	uint64_t y;
	uint64_t m;
	uint64_t d;
	if (!slice_cut_to(&day, '-', &year) || !slice_cut_to(&day, '-', &month) ||
	    !slice_to_u64(year, 9999, &y) || !slice_to_u64(month, 12, &m) || m == 0 ||
	    !slice_to_u64(day, days[m - 1], &d) || d == 0) {
		return false;
	}
	bool leap = y % 4 == 0 && (y % 100 != 0 || y % 400 == 0);
	if (m == 2 && d == 29 && !leap) {
		return false;
	}
	out_date->year = (uint16_t)y;
	out_date->month = (uint8_t)m;
	out_date->day = (uint8_t)d;
	return true;
}

void element_time(struct reader *r, const struct tag *t, struct element *e)
{
	(void)e;
	struct node_date date = {.raw = words_keep(&r->b, tag_attr(t, SLICE_LIT("datetime")))};
	if (read_date(date.raw, &date) || date.raw.len > 0) {
		builder_leaf(&r->b, NODE_DATE)->of.date = date;
		r->mode = READER_SKIP; /* its text says the same */
	}
}
