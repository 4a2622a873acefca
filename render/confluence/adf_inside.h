/*
 * NAME     adf_inside - what the files of the ADF input share: the walk's state, and what a node says of itself
 * USE      the function of a row of adf.def gets a node, shows it, and enters it when it may have children: the walk
 *          then goes on inside, and ends what was entered at its end
 */
#ifndef RENDER_CONFLUENCE_ADF_INSIDE_H
#define RENDER_CONFLUENCE_ADF_INSIDE_H

#include "render/confluence/adf.h"
#include "render/confluence/adf_tape.h"

/* Cells of the tape that are still to come at one depth. */
struct adf_span {
	uint32_t at, end;
};

struct adf {
	struct reader *r;
	struct adf_tape tape;
	unsigned
		depth; /* spans in use but one; each but the first has an element on the reader's stack */
	struct slice link_href, link_title; /* the last link as written, and what came of it */
	const struct builder_link *link;
	const struct ink *ink; /* the last one made */
	uint32_t shown_medium; /* the cell of a medium that its mediaSingle has shown */
	uint32_t shown;	       /* nodes so far */
	uint32_t chip;	       /* which of them was the last that stands apart by its look */
	unsigned frames;       /* of a multi-bodied extension so far */
	struct adf_span spans[READER_DEPTH + 1];
};

/* Cells of the members that every node has; 0: not there. */
struct adf_node {
	uint32_t at;
	uint32_t attrs, content, marks, text;
	enum adf_word type;
	uint16_t arg; /* of its row */
};

typedef void adf_node_fn(struct adf *a, const struct adf_node *n);

/* What the marks of a node come to. */
struct adf_marks {
	uint16_t bits; /* MARK_... */
	uint8_t align; /* enum node_align */
	uint8_t indent;
	uint8_t border_width;
	bool small;
	uint32_t text, ground, border; /* colours */
	const struct builder_link *link;
};

typedef void adf_mark_fn(struct adf *a, uint32_t attrs, uint16_t arg, struct adf_marks *marks);

struct adf_marks adf_marks_of(struct adf *a, const struct adf_node *n);

/* What inlines look like is the reader's from begin to end. */
struct adf_look {
	uint16_t marks;
	const struct ink *ink;
	const struct builder_link *link;
};
struct adf_look adf_look_begin(struct adf *a, const struct adf_node *n);
void adf_look_end(struct adf *a, const struct adf_look *before);

/*
 * A mention, status, date or card stands apart from the letters beside it by its look, which plain text does not have:
 * there is a blank between. Called before and behind it.
 */
void adf_part_before(struct adf *a);
void adf_part_behind(struct adf *a);

/* Goes on inside of the node: `e` is its place on the reader's stack, NULL when that is full and its text alone is shown. */
struct element *adf_enter(struct adf *a, const struct adf_node *n);
/* The same for a single value that is a node, or an array of them. */
struct element *adf_enter_value(struct adf *a, uint32_t at);
/* Opens a block and goes on inside of it. */
struct node *adf_open(struct adf *a, const struct adf_node *n, enum node_kind kind);

struct slice adf_attr(const struct adf *a, const struct adf_node *n, enum adf_word name);
/* As words to show, in the arena. */
struct slice adf_attr_words(struct adf *a, const struct adf_node *n, enum adf_word name);
uint32_t adf_attr_cell(const struct adf *a, const struct adf_node *n, enum adf_word name);
/* A whole number up to `max`, also as a string or with a fraction; else `otherwise`. */
uint64_t adf_attr_number(const struct adf *a, const struct adf_node *n, enum adf_word name,
			 uint64_t max, uint64_t otherwise);
/* The number of the attribute's value in a list of names; `otherwise` when it is none of them. */
unsigned adf_attr_among(const struct adf *a, const struct adf_node *n, enum adf_word name,
			const struct slice *names, unsigned count, unsigned otherwise);

struct adf_node adf_node_at(const struct adf *a, uint32_t at);

#define ADF_NODE(type, show, arg) adf_node_fn show;
#define ADF_MARK(type, add, arg)  adf_mark_fn add;
#include "render/confluence/adf.def"
#undef ADF_MARK
#undef ADF_NODE
adf_node_fn adf_unknown; /* a type without a row */

#endif
