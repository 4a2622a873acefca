/*
 * NAME     macros - what each macro of a page becomes
 * TABLE    each macro_*.c ends in a table of its macros: a macro is one row there, and often no more. macros.c lists the
 *          tables; a macro without a row shows its body, else a card with its name
 * USE      macro_show() is called once for each macro: when its rich body begins, or at its end when it has none. A macro
 *          with a rich body opens what the body goes into; that is closed with the body
 * LIMITS   looking a name up takes one pass over some two hundred rows, which a first byte and a length mostly decide
 * SEE      render-spec.md section 5
 */
#ifndef RENDER_CONFLUENCE_MACROS_H
#define RENDER_CONFLUENCE_MACROS_H

#include "render/confluence/reader.h"

struct macro_param {
	struct slice name;
	struct slice value;
	struct reference ref; /* of an ri: element inside, if any */
	struct reference *outer_reference;
	struct macro_param *next;
};

struct macro_rule;

/* A macro whose end has not come yet. */
struct macro {
	struct slice name;
	const struct macro_rule *rule;
	struct macro_param *params; /* last one first */
	struct slice plain;	    /* its plain text body */
	struct slice after;	    /* what is said behind its body */
	bool has_plain;
	bool is_adf; /* came as ac:adf-node */
	bool shown;
	struct node
		*group; /* what an ADF node of unknown type shows, as long as no fallback comes */
	struct macro *outer;
	struct reference *outer_reference;
};

/* `body` is where its rich body begins, NULL when it has none. */
typedef enum macro_fate macro_fn(struct reader *r, struct macro *m, struct element *body);

struct macro_rule {
	struct slice name;
	macro_fn *show;
	uint16_t arg;
	struct slice label; /* what a card calls it; empty: by its name */
};

/* A row of a table, and one with a label. */
#define MACRO(name, show, arg) MACRO_CALLED(name, show, arg, "")
#define MACRO_CALLED(name, show, arg, label)                                                       \
	{                                                                                          \
		SLICE_INIT(name), show, arg, SLICE_INIT(label)                                     \
	}

/* The rows of one file. */
struct macro_table {
	const struct macro_rule *rows;
	size_t count;
};

const struct macro_rule *macro_rule_for(
	struct slice name); /* never NULL: unknown ones have a rule, too */
const struct macro_rule *macro_rule_for_adf(struct slice type); /* NULL for an unknown type */
/* Every macro that has a row, table by table; NULL past the last. */
const struct macro_rule *macro_each(size_t index);
void macro_show(struct reader *r, struct macro *m, struct element *body);

/* For the functions of the rows. */
struct slice macro_param(const struct macro *m, struct slice name); /* empty when it is not there */
/* The first of `names` that has a value. */
struct slice macro_first_param(const struct macro *m, const struct slice *names, size_t count);
/* The value as words to show, in the arena. */
struct slice macro_words(struct reader *r, const struct macro *m, struct slice name);
bool macro_is(const struct macro *m, struct slice name); /* its value is "true" */
const struct reference *macro_reference(
	const struct macro *m); /* of the first that has one, or NULL */

/* Opens what the body goes into. Without a rich body the plain text is all there is, and it is closed at once. */
struct node *macro_open(struct reader *r, struct macro *m, struct element *body,
			enum node_kind kind);
/* The same in two steps, for a node whose attributes decide whether it is worth showing when empty. */
struct node *macro_begin(struct reader *r, enum node_kind kind, unsigned *out_depth);
void macro_fill(struct reader *r, struct macro *m, struct element *body, unsigned depth);
/* Where a block could not be opened any more, its title is text like all the rest. */
void macro_title_flat(struct reader *r, const struct node *n, struct slice title);

void macro_put_card(struct reader *r, const struct macro *m, struct slice label, struct slice href);
struct slice macro_label(struct reader *r, const struct macro *m); /* never empty */
void macro_put_code(struct reader *r, struct slice text, const struct code *about);

/* What several files need. */
macro_fn macro_card; /* "label - open in Confluence"; a body, should there be one, follows it */
macro_fn
	macro_body; /* the body alone, else its plain text as code, else a card; hidden=true: nothing */
macro_fn macro_nothing; /* neither the macro nor its body */
macro_fn macro_titled;	/* the body under its title; arg: kind of node */
macro_fn macro_link;	/* a link with the host's name */

#endif
