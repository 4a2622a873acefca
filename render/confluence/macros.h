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
	bool has_parts;	      /* it holds parameters itself, and no value */
	struct reference *outer_reference;
	struct macro_param *outer; /* that it stands in */
	struct macro_param *next;
};

struct macro_rule;

/* A macro whose end has not come yet. */
struct macro {
	struct slice name;
	const struct macro_rule *rule;
	struct macro_param *params;	 /* last one first */
	struct macro_param *param;	 /* the innermost one whose end has not come yet */
	struct slice local_id, macro_id; /* by which the job may bring content for it */
	struct slice plain;		 /* its plain text body */
	struct slice after;		 /* what is said behind its body */
	/* What is left to do behind its body, with what for; or NULL */
	void (*end)(struct reader *r, struct macro *m);
	void *context;
	bool has_plain;
	bool is_adf; /* came as ac:adf-node */
	bool shown;
	bool waits; /* for a fallback: it is not shown or counted yet */
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
	/* It looks for content of the job itself; for all others, such content stands in their place */
	bool own;
};

/* A row of a table; one with a label; one that looks for the job's content itself. */
#define MACRO(name, show, arg) MACRO_CALLED(name, show, arg, "")
#define MACRO_CALLED(name, show, arg, label)                                                       \
	{                                                                                          \
		SLICE_INIT(name), show, arg, SLICE_INIT(label), false                              \
	}
#define MACRO_OWN(name, show, arg, label)                                                          \
	{                                                                                          \
		SLICE_INIT(name), show, arg, SLICE_INIT(label), true                               \
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
/*
 * Of the app whose macro `m` the new editor wrote, by the end of its key, its title, or a part of its key: NULL when no
 * table has it. The parts are: qm-metadata, metadata-macro, metadata-sop (macro_quality.c); confluops, alarm-badge
 * (macro_alarm.c).
 */
const struct macro_rule *macro_rule_for_app(struct reader *r, const struct macro *m);
void macro_show(struct reader *r, struct macro *m, struct element *body);
void macro_end(struct reader *r, struct macro *m); /* behind its body, or where it stands alone */

/* For the functions of the rows. */
/* Goes on by the rule that `m` has got meanwhile: the job's content in its place, else its function. */
enum macro_fate macro_go_on(struct reader *r, struct macro *m, struct element *body);
struct known_live *macro_live(struct reader *r, const struct macro *m); /* live.h */
/* Empty when it is not there. What the new editor wrote is found by `panelColor` as well as by `panel-color`. */
struct slice macro_param(const struct macro *m, struct slice name);
/* `panelColor` and `panel-color` are one. */
bool macro_is_same_name(struct slice a, struct slice b);
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
/* The second half of it, for a node whose attributes decide whether it is worth showing when empty. */
void macro_fill(struct reader *r, struct macro *m, struct element *body, unsigned depth);
/* Where a block could not be opened any more, its title is text like all the rest. */
void macro_title_flat(struct reader *r, const struct node *n, struct slice title);

void macro_put_card(struct reader *r, const struct macro *m, struct slice label, struct slice href);
/* Ends a line that the macro before it began between blocks; a line of the page's own goes on. */
void macro_own_line(struct reader *r);
struct slice macro_label(struct reader *r, const struct macro *m); /* never empty */
/* "label: about", the latter shortened; the label alone when it is about nothing. */
struct slice macro_label_about(struct reader *r, struct slice label, struct slice about);
void macro_put_code(struct reader *r, struct slice text, const struct code *about);
/* `/browse/KEY` beside the site's `/wiki`; where the site is another kind, Jira may be anywhere: to the page. */
struct slice macro_issue_href(struct reader *r, struct slice key);

/* What several files need. */
macro_fn macro_card; /* "label - open in Confluence"; a body, should there be one, follows it */
macro_fn
	macro_body; /* the body alone, else its plain text as code, else a card; hidden=true: nothing */
macro_fn macro_listed;	/* a card that also says what the list is about */
macro_fn macro_nothing; /* neither the macro nor its body */
macro_fn
	macro_left_out; /* the same, and the report tells: what only a browser makes something of */
macro_fn macro_titled;	/* the body under its title; arg: kind of node */
macro_fn macro_link;	/* a link with the host's name */

#endif
