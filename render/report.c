#include "render/report.h"

#include "spool-free/base/problem.h"

/* A macro that has cards beside other fates stands in the list once: each fate has a row of its own. */
static size_t count_cards(const struct render_macro *macros)
{
	size_t count = 0;
	for (; macros != NULL; macros = macros->next) {
		count += macros->fate == MACRO_CARD;
	}
	return count;
}

enum fault report_macros(struct view *v, const struct render_macro *macros)
{
	struct slice parts[2 * REPORT_NAMES_MAX + 3];
	size_t cards = count_cards(macros);
	size_t shown = 0;
	size_t n = 0;
	struct slice detail;
	if (cards == 0) {
		return FAULT_NONE;
	}
	parts[n++] = SLICE_LIT("The mail leads to the page for these macros: ");
	for (; macros != NULL && shown < REPORT_NAMES_MAX; macros = macros->next) {
		if (macros->fate == MACRO_CARD) {
			parts[n++] = shown++ > 0 ? SLICE_LIT(", ") : (struct slice){0};
			parts[n++] = macros->name;
		}
	}
	parts[n++] = cards > shown ? SLICE_LIT(" and others") : (struct slice){0};
	parts[n++] = SLICE_LIT(".");
	enum fault f = arena_join(v->arena, parts, n, &detail);
	return f == FAULT_NONE ? view_warn(v, WARNING_MACROS_NOT_RENDERED, detail) : f;
}

enum fault report_size(struct view *v, uint64_t size)
{
	struct problem sentence;
	struct slice detail;
	if (v->in->size_limit == 0 || size <= v->in->size_limit) {
		return FAULT_NONE;
	}
	(void)problem_set(&sentence, FAULT_TOO_LARGE, "The message has ");
	problem_add_number(&sentence, size);
	problem_add(&sentence, " bytes; the mail server takes at most ");
	problem_add_number(&sentence, v->in->size_limit);
	problem_add(&sentence, ".");
	enum fault f = arena_copy(v->arena, problem_text(&sentence), &detail);
	return f == FAULT_NONE ? view_warn(v, WARNING_MESSAGE_OVER_LIMIT, detail) : f;
}
