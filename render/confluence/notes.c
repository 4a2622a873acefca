#include "render/confluence/notes.h"

enum { ID_ROOM = 32 };

/* A note whose text was led aside, and the line to go back to. */
struct note {
	struct node *text; /* a GROUP that stands nowhere in the tree yet */
	struct slice id;
	uint32_t number;
	struct builder_aside aside;
	struct note *next;
};

struct notes {
	struct note *first, *last;
	struct node *place; /* where the page wants the list, or NULL */
	uint32_t count;
};

static struct notes *notes_of(struct reader *r)
{
	if (r->notes == NULL) {
		r->notes = builder_alloc(&r->b, sizeof(*r->notes));
	}
	return r->notes;
}

/* "before" and the number. */
static struct slice numbered(struct reader *r, struct slice before, uint32_t number,
			     struct slice after)
{
	char digits[ID_ROOM];
	size_t at = sizeof(digits);
	struct slice made = slice_of(NULL, 0);
	do {
		digits[--at] = (char)('0' + number % 10);
		number /= 10;
	} while (number > 0);
	struct slice parts[] = {before, slice_of(digits + at, sizeof(digits) - at), after};
	return reader_result(r, arena_join(r->b.arena, parts, COUNT_OF(parts), &made), made);
}

/* "[1]", raised, leads to the note; inside of a link it leads where that does. */
static void put_number(struct reader *r, const struct note *note)
{
	uint16_t marks = r->b.marks;
	const struct builder_link *before = r->b.link;
	if (before == NULL) {
		struct builder_link *link = builder_alloc(&r->b, sizeof(*link));
		link->href = numbered(r, SLICE_LIT("#note-"), note->number, SLICE_LIT(""));
		r->b.link = link->href.len > 0 ? link : NULL;
	}
	r->b.marks |= MARK_SUP;
	words_add(&r->b, numbered(r, SLICE_LIT("["), note->number, SLICE_LIT("]")));
	r->b.marks = marks;
	r->b.link = before;
}

struct note *notes_begin(struct reader *r)
{
	struct notes *all = notes_of(r);
	struct note *note = builder_alloc(&r->b, sizeof(*note));
	if (r->b.fault != FAULT_NONE || all->count == NOTES_MAX || !builder_can_go_aside(&r->b)) {
		return NULL;
	}
	note->number = ++all->count;
	note->id = numbered(r, SLICE_LIT("note-"), note->number, SLICE_LIT(""));
	put_number(r, note);
	note->text = builder_go_aside(&r->b, &note->aside);
	builder_anchor(&r->b, note->id);
	if (all->last == NULL) {
		all->first = note;
	} else {
		all->last->next = note;
	}
	all->last = note;
	return note;
}

void notes_end(struct reader *r, struct note *note)
{
	builder_come_back(&r->b, &note->aside);
}

void notes_list_here(struct reader *r)
{
	struct notes *all = notes_of(r);
	if (all->place == NULL) {
		struct node *place = builder_leaf(&r->b, NODE_GROUP);
		all->place = place != &r->b.spare ? place : NULL;
	}
}

/* What was led aside becomes the content of an item. */
static void put_item(struct reader *r, struct note *note)
{
	unsigned item;
	struct node *n = builder_open(&r->b, NODE_ITEM, &item);
	if (item == BUILDER_NO_DEPTH) {
		return;
	}
	for (struct node *child = note->text->first; child != NULL;) {
		struct node *next = child->next;
		child->next = NULL;
		builder_append(&r->b, child);
		child = next;
	}
	if (n->first == NULL) {
		words_add(&r->b, SLICE_LIT("–"));
	}
	builder_close(&r->b, item);
}

void notes_finish(struct reader *r)
{
	struct notes *all = r->notes;
	unsigned list;
	if (all == NULL || all->first == NULL || r->b.fault != FAULT_NONE) {
		return;
	}
	builder_close(&r->b, 1);
	if (all->place != NULL) {
		builder_go_to(&r->b, all->place);
	} else {
		builder_leaf(&r->b, NODE_RULE);
	}
	builder_open(&r->b, NODE_NUMBERS, &list);
	for (struct note *note = all->first; note != NULL; note = note->next) {
		put_item(r, note);
	}
	if (list != BUILDER_NO_DEPTH) {
		builder_close(&r->b, list);
	}
	if (all->place != NULL) {
		builder_go_to(&r->b, r->b.root);
	}
}
