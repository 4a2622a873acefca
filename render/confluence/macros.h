/*
 * NAME     macros - what each macro of a page becomes
 * TABLE    macros.def: a macro is one row, and often no more
 * USE      macro_show() is called once for each macro: when its rich body begins, or at its end
 * when it has none. A macro with a rich body opens what the body goes into; that is closed with the
 * body SEE      render-spec.md section 5
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

const struct macro_rule *macro_rule_for(
	struct slice name); /* never NULL: unknown ones have a rule, too */
const struct macro_rule *macro_rule_for_adf(struct slice type); /* NULL for an unknown type */
void macro_show(struct reader *r, struct macro *m, struct element *body);

/* For the functions of macros.def. */
struct slice macro_param(const struct macro *m, struct slice name); /* empty when it is not there */
const struct reference *macro_reference(
	const struct macro *m); /* of the first that has one, or NULL */
enum macro_fate macro_card(struct reader *r, struct macro *m, struct element *body);

#define MACRO(name, show, arg, label)                                                              \
	enum macro_fate show(struct reader *r, struct macro *m, struct element *body);
#define ADF(type, show, arg, label) MACRO(type, show, arg, label)
#include "render/confluence/macros.def"
#undef ADF
#undef MACRO

#endif
