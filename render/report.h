/*
 * NAME     report - what is said of a message as a whole: macros that it only names, and its size
 * OWNS     nothing; warnings lie in the view's arena
 * LIMITS   REPORT_NAMES_MAX names of macros in one sentence
 * FAULTS   NO_MEMORY
 */
#ifndef RENDER_REPORT_H
#define RENDER_REPORT_H

#include "render/html/view.h"

enum { REPORT_NAMES_MAX = 20 };

/* One warning that names the macros which became cards; none when there are none. */
MUST_USE enum fault report_macros(struct view *v, const struct render_macro *macros);
/* A warning when `size` is more than the mail server takes; it says both. */
MUST_USE enum fault report_size(struct view *v, uint64_t size);

#endif
