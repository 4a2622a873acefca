/* Diagrams and charts: their picture if it came along, and their source. */
#include "render/confluence/macros.h"

#include "render/confluence/style.h"
#include "render/confluence/targets.h"

static bool show_file(struct reader *r, struct slice name, uint32_t width)
{
	struct slice parts[] = {name, SLICE_LIT(".png")};
	struct slice file = slice_of(NULL, 0);
	if (name.len == 0) {
		return false;
	}
	file = reader_result(r, arena_join(r->b.arena, parts, 2, &file), file);
	return target_show_picture(r, file, width) || target_show_picture(r, name, width);
}

static enum macro_fate diagram(struct reader *r, struct macro *m, struct element *body)
{
	static const struct slice names[] = {SLICE_INIT("diagramName"), SLICE_INIT("name"),
					     SLICE_INIT("filename"),
					     SLICE_INIT("diagramDisplayName")};
	struct slice name = words_keep(&r->b, macro_first_param(m, names, COUNT_OF(names)));
	uint32_t width = style_px(macro_param(m, SLICE_LIT("width")));
	enum macro_fate fate = MACRO_SNAPSHOT;
	if (!show_file(r, name, width)) {
		struct slice parts[] = {SLICE_LIT("Diagram "), name};
		struct slice label = macro_label(r, m);
		if (name.len > 0) {
			label = reader_result(r, arena_join(r->b.arena, parts, 2, &label), label);
		}
		macro_put_card(r, m, label, r->page_url);
		fate = MACRO_CARD;
	}
	if (m->plain.len > 0 && body == NULL) {
		struct code *code = builder_leaf(&r->b, NODE_CODE)->of.code;
		code->title = SLICE_LIT("Diagram source");
		code->text = m->plain;
	}
	return fate;
}

/* The picture is Confluence's to draw; the table of its figures is there. */
static enum macro_fate chart(struct reader *r, struct macro *m, struct element *body)
{
	return body != NULL ? macro_titled(r, m, body) : macro_card(r, m, body);
}

static const struct macro_rule rows[] = {
	MACRO_CALLED("plantuml", diagram, 0, "Diagram"),
	MACRO_CALLED("plantumlcloud", diagram, 0, "Diagram"),
	MACRO_CALLED("mermaid-cloud", diagram, 0, "Diagram"),
	MACRO_CALLED("mermaid", diagram, 0, "Diagram"),
	MACRO_CALLED("drawio", diagram, 0, "Diagram"),
	MACRO_CALLED("inc-drawio", diagram, 0, "Diagram"),
	MACRO_CALLED("gliffy", diagram, 0, "Diagram"),
	MACRO_CALLED("lucidchart", diagram, 0, "Diagram"),
	MACRO_CALLED("chart", chart, NODE_TAB, "Chart"),
};

const struct macro_table macro_diagrams = {rows, COUNT_OF(rows)};
