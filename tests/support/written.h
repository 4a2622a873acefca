/*
 * NAME     written - a page in storage format through reader and writers, for the suites of render/html
 * USE      struct written made; written_make("<p>x</p>", &made); ... written_drop(&made);
 * GIVES    attachments to refer to: dot.png (2 x 1 px), wide.png (1000 x 500 px by its head), drawing.svg,
 *          table.csv; title "T"; no site unless written_make_on() names one
 */
#ifndef TESTS_SUPPORT_WRITTEN_H
#define TESTS_SUPPORT_WRITTEN_H

#include "render/html/view.h"

struct written {
	struct arena arena;
	struct view view;
	struct slice whole_html, whole_text;
	struct slice html; /* the page's own, without head and foot */
	struct slice text;
};

void written_make(const char *storage, struct written *out);
void written_make_on(const char *site, const char *storage, struct written *out);
void written_drop(struct written *p);

bool written_has(struct slice in, const char *what);
bool written_warned(const struct written *p, const char *code);

#endif
