#include "render/confluence/toc.h"

#include "render/confluence/builder.h"
#include "render/confluence/words.h"

enum { LEVELS = 6, SHORT_LEVELS = 2 };

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

static struct plan make_plan(const struct builder *b, const struct outline_toc *toc)
{
	size_t counts[LEVELS + 1] = {0};
	size_t all = 0;
	for (const struct outline_entry *e = b->outline.targets.first; e != NULL; e = e->next) {
		if (in_range(toc, e->node)) {
			counts[e->node->of.heading.level]++;
			all++;
		}
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

void toc_fill(struct builder *b, const struct outline_toc *toc)
{
	struct plan plan = make_plan(b, toc);
	unsigned closes[LEVELS + 1];
	unsigned levels[LEVELS + 1];
	unsigned open = 0;
	unsigned lines = 0;
	builder_go_to(b, toc->node);
	unsigned base = b->depth;
	for (struct outline_entry *e = b->outline.targets.first; e != NULL; e = e->next) {
		const struct node *heading = e->node;
		unsigned level = heading->kind == NODE_HEADING ? heading->of.heading.level : 0;
		if (!in_range(toc, heading) || !plan.shown[level]) {
			continue;
		}
		while (open > 0 && levels[open - 1] > level &&
		       (open == 1 || levels[open - 2] >= level)) {
			builder_close(b, closes[--open]);
		}
		unsigned item;
		if (open == 0 || levels[open - 1] < level) {
			builder_open(b, NODE_BULLETS, &closes[open]);
			levels[open++] = level;
		}
		builder_open(b, NODE_ITEM, &item);
		if (++lines > OUTLINE_TOC_MAX) {
			words_add(b, SLICE_LIT("…"));
			break;
		}
		if (plan.numbered) {
			add_number(b, &plan, level);
		}
		add_line(b, heading);
		builder_close(b, item);
	}
	builder_close(b, base);
}
