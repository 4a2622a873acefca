#include "render/confluence/toc.h"

#include "render/confluence/builder.h"
#include "render/confluence/pattern.h"
#include "render/confluence/words.h"

enum { LEVELS = 6, SHORT_LEVELS = 2, FILTERED_MAX = 2000 };

/* Headings of a page, and which levels of them a table of contents shows. */
struct plan {
	bool shown[LEVELS + 1];
	bool numbered;
	unsigned numbers[LEVELS + 1];
};

static bool in_range(const struct outline_toc *toc, const struct node *n)
{
	return n->kind == NODE_HEADING && n->of.heading.level >= toc->min_level &&
	       n->of.heading.level <= toc->max_level;
}

/* The headings that a table of contents is about, one after another. */
struct choice {
	const struct outline_toc *toc;
	const struct outline_entry *next;
	size_t judged; /* by their text */
};

static struct choice choose(const struct builder *b, const struct outline_toc *toc)
{
	struct choice c = {.toc = toc, .next = b->outline.targets.first};
	if (toc->is_zone && toc->until == toc->after) {
		c.next = NULL;
	} else if (toc->is_zone && toc->after != NULL) {
		c.next = toc->after->next;
	}
	return c;
}

/* Beyond some thousands nothing is listed any more, so nothing is asked either. */
static bool is_wanted(struct choice *c, const struct node *heading)
{
	char text[PATTERN_TEXT_MAX];
	const struct outline_toc *toc = c->toc;
	if (toc->include == NULL && toc->exclude == NULL) {
		return true;
	}
	if (c->judged++ == FILTERED_MAX) {
		c->next = NULL;
		return false;
	}
	struct slice words = slice_trim(slice_of(text, outline_text(heading, text, sizeof(text))));
	return (toc->include == NULL || pattern_matches(toc->include, words)) &&
	       (toc->exclude == NULL || !pattern_matches(toc->exclude, words));
}

static const struct node *next_heading(struct choice *c)
{
	while (c->next != NULL) {
		const struct outline_entry *e = c->next;
		c->next = c->toc->is_zone && e == c->toc->until ? NULL : e->next;
		if (in_range(c->toc, e->node) && is_wanted(c, e->node)) {
			return e->node;
		}
	}
	return NULL;
}

static struct plan make_plan(const struct builder *b, const struct outline_toc *toc)
{
	size_t counts[LEVELS + 1] = {0};
	size_t all = 0;
	struct choice c = choose(b, toc);
	for (const struct node *n; (n = next_heading(&c)) != NULL; all++) {
		counts[n->of.heading.level]++;
	}
	struct plan plan = {.numbered = toc->numbered};
	unsigned kept = 0;
	for (int level = 1; level <= LEVELS; level++) {
		bool room = all <= OUTLINE_TOC_LINES || kept < SHORT_LEVELS;
		plan.shown[level] = counts[level] > 0 && room;
		kept += plan.shown[level];
	}
	return plan;
}

static void add_number(struct builder *b, struct plan *plan, unsigned level)
{
	plan->numbers[level]++;
	for (unsigned i = level + 1; i <= LEVELS; i++) {
		plan->numbers[i] = 0;
	}
	char text[LEVELS * 12];
	size_t len = sizeof(text);
	text[--len] = ' ';
	bool first = true;
	for (unsigned i = level; i >= 1; i--) {
		if (!plan->shown[i] || (plan->numbers[i] == 0 && first)) {
			continue;
		}
		if (!first) {
			text[--len] = '.';
		}
		first = false;
		unsigned number = plan->numbers[i];
		do {
			text[--len] = (char)('0' + number % 10);
			number /= 10;
		} while (number > 0);
	}
	words_add(b, slice_of(text + len, sizeof(text) - len));
}

/* The text of the heading once more, under a link to it. */
static void add_line(struct builder *b, const struct node *heading)
{
	struct builder_link *link = builder_alloc(b, sizeof(*link));
	struct slice parts[] = {SLICE_LIT("#"), heading->of.heading.id};
	if (b->fault != FAULT_NONE || arena_join(b->arena, parts, 2, &link->href) != FAULT_NONE) {
		b->fault = FAULT_NO_MEMORY;
		return;
	}
	b->link = link;
	struct walk w = walk_of(heading);
	while (walk_next(&w)) {
		const struct node *n = w.at;
		b->marks = n->marks & (MARK_CODE | MARK_SUB | MARK_SUP);
		if (n->kind == NODE_TEXT) {
			words_add(b, n->of.text);
		} else if (n->kind == NODE_BREAK) {
			words_add(b, SLICE_LIT(" "));
		} else if (n->kind == NODE_STATUS || n->kind == NODE_EMOJI ||
			   n->kind == NODE_MENTION || n->kind == NODE_DATE) {
			builder_leaf(b, n->kind)->of = n->of;
		}
	}
	b->link = NULL;
	b->marks = 0;
}

static void fill_line(struct builder *b, const struct outline_toc *toc, struct plan *plan)
{
	struct choice c = choose(b, toc);
	unsigned shown = 0;
	for (const struct node *n; (n = next_heading(&c)) != NULL;) {
		if (!plan->shown[n->of.heading.level]) {
			continue;
		}
		if (shown > 0) {
			words_add(b, toc->between);
		}
		if (++shown > OUTLINE_TOC_MAX) {
			words_add(b, SLICE_LIT("…"));
			break;
		}
		words_add(b, toc->before);
		if (plan->numbered) {
			add_number(b, plan, n->of.heading.level);
		}
		add_line(b, n);
		words_add(b, toc->behind);
	}
}

/* The lists that are open while the headings are listed, one inside the other. */
struct lists {
	unsigned closes[LEVELS + 1];
	unsigned levels[LEVELS + 1];
	unsigned open;
};

static void go_to_level(struct builder *b, struct lists *l, unsigned level)
{
	while (l->open > 0 && l->levels[l->open - 1] > level &&
	       (l->open == 1 || l->levels[l->open - 2] >= level)) {
		builder_close(b, l->closes[--l->open]);
	}
	if (l->open == 0 || l->levels[l->open - 1] < level) {
		builder_open(b, NODE_BULLETS, &l->closes[l->open]);
		l->levels[l->open++] = level;
	}
}

static void fill_list(struct builder *b, const struct outline_toc *toc, struct plan *plan)
{
	struct choice c = choose(b, toc);
	struct lists lists = {.open = 0};
	unsigned lines = 0;
	for (const struct node *n; (n = next_heading(&c)) != NULL;) {
		unsigned level = n->of.heading.level;
		unsigned item;
		if (!plan->shown[level]) {
			continue;
		}
		go_to_level(b, &lists, level);
		builder_open(b, NODE_ITEM, &item);
		if (++lines > OUTLINE_TOC_MAX) {
			words_add(b, SLICE_LIT("…"));
			break;
		}
		if (plan->numbered) {
			add_number(b, plan, level);
		}
		add_line(b, n);
		builder_close(b, item);
	}
}

void toc_fill(struct builder *b, const struct outline_toc *toc)
{
	struct plan plan = make_plan(b, toc);
	builder_go_to(b, toc->node);
	unsigned base = b->depth;
	if (toc->is_flat) {
		fill_line(b, toc, &plan);
	} else {
		fill_list(b, toc, &plan);
	}
	builder_close(b, base);
}
