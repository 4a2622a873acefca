/* Diagrams and charts: their picture if it came along, and their source. */
#include "render/confluence/macros.h"

#include "render/confluence/style.h"
#include "render/confluence/targets.h"

static bool show_file(struct reader *r, struct slice name, uint32_t width)
{
	static const struct slice endings[] = {SLICE_INIT(".png"), SLICE_INIT(""),
					       SLICE_INIT(".svg")};
	for (size_t i = 0; name.len > 0 && i < COUNT_OF(endings); i++) {
		struct slice parts[] = {name, endings[i]};
		struct slice file = name;
		file = reader_result(r, arena_join(r->b.arena, parts, 2, &file), file);
		if (target_show_picture(r, file, width)) {
			return true;
		}
	}
	return false;
}

static struct slice label_with(struct reader *r, struct slice label, struct slice name)
{
	struct slice parts[] = {reader_phrase(r, SLICE_LIT("Diagram ")), name};
	if (name.len == 0) {
		return label;
	}
	return reader_result(r, arena_join(r->b.arena, parts, COUNT_OF(parts), &label), label);
}

/* The body, or a parameter that holds it as it is. */
static struct slice source_of(const struct macro *m)
{
	struct slice data = macro_param(m, SLICE_LIT("data"));
	bool packed = !slice_eq_nocase(macro_param(m, SLICE_LIT("compressed")), SLICE_LIT("false"));
	return m->plain.len > 0 ? m->plain : packed ? slice_of(NULL, 0) : data;
}

static enum macro_fate diagram(struct reader *r, struct macro *m, struct element *body)
{
	static const struct slice names[] = {
		SLICE_INIT("diagramName"), SLICE_INIT("name"), SLICE_INIT("filename"),
		SLICE_INIT("diagramDisplayName"), SLICE_INIT("imageName")};
	struct slice name = words_keep(&r->b, macro_first_param(m, names, COUNT_OF(names)));
	uint32_t width = style_px(macro_param(m, SLICE_LIT("width")));
	enum macro_fate fate = MACRO_SNAPSHOT;
	if (!show_file(r, name, width)) {
		macro_put_card(r, m, label_with(r, macro_label(r, m), name), r->page_url);
		fate = MACRO_CARD;
	}
	struct slice source = source_of(m);
	if (source.len > 0 && body == NULL) {
		struct code about = {.title = reader_phrase(r, SLICE_LIT("Diagram source"))};
		macro_put_code(r, source, &about);
	}
	return fate;
}

/* The picture is Confluence's to draw; the table of its figures is there. */
static enum macro_fate chart(struct reader *r, struct macro *m, struct element *body)
{
	return body != NULL ? macro_titled(r, m, body) : macro_listed(r, m, body);
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
