#include "render/confluence/adf.h"
#include "render/confluence/elements.h"
#include "render/confluence/export_view.h"
#include "render/confluence/macros.h"
#include "render/render.h"

/* What is supported, out of the tables that drive the input side: nothing is said here that is not so. */

static struct slice element_words(const struct element_rule *rule)
{
	return rule->start == element_skip || rule->start == element_left_out ? SLICE_LIT("hidden")
									      : SLICE_LIT("shown");
}

static struct slice macro_words_of(const struct macro_rule *rule)
{
	static const struct {
		macro_fn *show;
		struct slice words;
	} rows[] = {
		{macro_body, SLICE_INIT("its body")},
		{macro_titled, SLICE_INIT("its body under its title")},
		{macro_nothing, SLICE_INIT("hidden")},
		{macro_left_out, SLICE_INIT("hidden")},
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		if (rows[i].show == rule->show && rule->label.len == 0) {
			return rows[i].words;
		}
	}
	/* What has a label of its own is what a card may call it. */
	return rule->label.len > 0 || rule->show == macro_card
		       ? SLICE_LIT("shown, else a line that leads to the page")
		       : SLICE_LIT("shown");
}

static void list_elements(render_list_fn *each, void *context)
{
	for (size_t i = 0; i < element_rule_count(); i++) {
		each(context, "element", element_rules[i].name, element_words(&element_rules[i]));
	}
}

static void list_macros(render_list_fn *each, void *context)
{
	const struct macro_rule *rule;
	for (size_t i = 0; (rule = macro_each(i)) != NULL; i++) {
		each(context, "macro", rule->name, macro_words_of(rule));
	}
}

static void list_adf(render_list_fn *each, void *context)
{
	for (size_t i = 0; adf_node_name(i).len > 0; i++) {
		each(context, "node", adf_node_name(i), SLICE_LIT("shown"));
	}
	for (size_t i = 0; adf_mark_name(i).len > 0; i++) {
		each(context, "mark", adf_mark_name(i), SLICE_LIT("shown"));
	}
}

static void list_view(render_list_fn *each, void *context)
{
	struct export_view_row row;
	for (size_t i = 0; export_view_each(i, &row); i++) {
		each(context, "view", row.found, row.becomes);
	}
}

void render_list(render_list_fn *each, void *context)
{
	list_elements(each, context);
	list_macros(each, context);
	list_adf(each, context);
	list_view(each, context);
}
