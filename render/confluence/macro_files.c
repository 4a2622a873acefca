/* Files of the page: one, all, or the pictures among them. */
#include "render/confluence/macros.h"

#include "render/confluence/targets.h"

enum { GALLERY_MAX = 30 };

static enum macro_fate file(struct reader *r, struct macro *m, struct element *body)
{
	static const struct slice names[] = {SLICE_INIT("name"), SLICE_INIT("")};
	const struct reference *named = macro_reference(m);
	struct reference ref = {.kind = REFERENCE_FILE};
	ref.value = words_keep(&r->b, macro_first_param(m, names, COUNT_OF(names)));
	if (named != NULL && named->kind == REFERENCE_FILE) {
		ref = *named;
	}
	if (ref.value.len == 0) {
		return macro_card(r, m, body);
	}
	target_show_file(r, &ref);
	return MACRO_RENDERED;
}

static enum macro_fate attachments(struct reader *r, struct macro *m, struct element *body)
{
	if (r->params->attachment_count == 0) {
		return macro_card(r, m, body);
	}
	builder_break(&r->b);
	for (size_t i = 0; i < r->params->attachment_count; i++) {
		struct reference ref = {.kind = REFERENCE_FILE};
		ref.value = r->params->attachments[i].name;
		target_show_file(r, &ref);
	}
	return MACRO_RENDERED;
}

static bool looks_like_picture(struct slice name)
{
	static const struct slice ends[] = {SLICE_INIT(".png"), SLICE_INIT(".jpg"),
					    SLICE_INIT(".jpeg"), SLICE_INIT(".gif")};
	for (size_t i = 0; i < COUNT_OF(ends); i++) {
		if (name.len > ends[i].len &&
		    slice_eq_nocase(slice_skip(name, name.len - ends[i].len), ends[i])) {
			return true;
		}
	}
	return false;
}

static enum macro_fate gallery(struct reader *r, struct macro *m, struct element *body)
{
	unsigned depth;
	size_t shown = 0;
	builder_open(&r->b, NODE_GALLERY, &depth);
	if (depth == BUILDER_NO_DEPTH) {
		return macro_card(r, m, body);
	}
	for (size_t i = 0; i < r->params->attachment_count && shown < GALLERY_MAX; i++) {
		struct slice name = r->params->attachments[i].name;
		if (!looks_like_picture(name)) {
			continue;
		}
		struct node *n = builder_new(&r->b, NODE_PICTURE);
		n->flags = NODE_THUMB;
		n->of.image->attachment = (int32_t)i;
		n->of.image->name = name;
		n->of.image->alt = name;
		builder_append(&r->b, n);
		shown++;
	}
	builder_close(&r->b, depth);
	return shown > 0 ? MACRO_RENDERED : macro_card(r, m, body);
}

static const struct macro_rule rows[] = {
	MACRO_CALLED("view-file", file, 0, "File"),
	MACRO_CALLED("viewpdf", file, 0, "PDF file"),
	MACRO_CALLED("viewdoc", file, 0, "Document"),
	MACRO_CALLED("viewxls", file, 0, "Spreadsheet"),
	MACRO_CALLED("viewppt", file, 0, "Presentation"),
	MACRO_CALLED("multimedia", file, 0, "Film or sound"),
	MACRO_CALLED("attachments", attachments, 0, "Files of this page"),
	MACRO_CALLED("space-attachments", macro_card, 0, "Files of the space"),
	MACRO_CALLED("gallery", gallery, 0, "Gallery of this page"),
};

const struct macro_table macro_files = {rows, COUNT_OF(rows)};
