/*
 * NAME     page - a page in storage format through reader and writers, for the suites of render/html
 * USE      struct page_made made; page_make("<p>x</p>", &made); ... page_drop(&made);
 * GIVES    attachments to refer to: dot.png (2 x 1 px), wide.png (1000 x 500 px by its head), drawing.svg,
 *          table.csv; title "T"; no site unless page_make_on() names one
 */
#ifndef TESTS_SUPPORT_PAGE_H
#define TESTS_SUPPORT_PAGE_H

#include "render/html/view.h"

struct page_made {
	struct arena arena;
	struct view view;
	struct slice whole_html, whole_text;
	struct slice html; /* the page's own, without head and foot */
	struct slice text;
};

void page_make(const char *storage, struct page_made *out);
void page_make_on(const char *site, const char *storage, struct page_made *out);
void page_drop(struct page_made *p);

bool page_has(struct slice in, const char *what);
bool page_warned(const struct page_made *p, const char *code);

#endif
