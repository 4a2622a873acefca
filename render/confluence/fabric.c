/* fab: elements, which an early version of the new editor wrote into storage format. */
#include "render/confluence/elements.h"

#include "render/confluence/adf.h"
#include "render/confluence/macros.h"
#include "render/confluence/style.h"
#include "render/confluence/targets.h"

enum { GROUP_THUMB = 160 };

void element_fab_adf(struct reader *r, const struct tag *t, struct element *e)
{
	(void)t;
	(void)e;
	reader_gather(r);
}

/* Its nodes stand where it stands; what is none becomes a card, so that nobody thinks there is nothing. */
void element_end_fab_adf(struct reader *r, struct element *e)
{
	struct slice json = gather_view(&r->gather);
	struct adf_error error;
	bool in_line = builder_is_inline(&r->b);
	if (e->mode != READER_SHOW || r->b.fault != FAULT_NONE) {
		return;
	}
	struct element own = *e; /* its place is free already, and may be taken by what comes now */
	r->mode = (enum reader_mode)own.mode;
	enum fault f = adf_read(json, r, &error);
	*e = own;
	if (f != FAULT_NONE) {
		r->b.fault = f;
		return;
	}
	if (error.no_document) {
		struct card *card =
			builder_leaf_either(&r->b, NODE_CARD_INLINE, NODE_CARD)->of.card;
		card->label = SLICE_LIT("Part of the page in the new editor's format");
		card->href = r->page_url;
		reader_count_macro(r, SLICE_LIT("fab:adf"), MACRO_CARD);
	}
	if (!in_line) {
		builder_break(&r->b);
	}
}

void element_fab_mention(struct reader *r, const struct tag *t, struct element *e)
{
	struct slice id = tag_attr(t, SLICE_LIT("atlassian-id"));
	struct node *n = builder_leaf(&r->b, NODE_MENTION);
	n->of.mention.name = target_user_name(r, id);
	e->context = n;
	reader_gather(r);
}

/* Old pages hold the name itself. */
void element_end_fab_mention(struct reader *r, struct element *e)
{
	struct node *n = e->context;
	struct slice name = slice_trim(gather_view(&r->gather));
	name = slice_starts(name, SLICE_LIT("@")) ? slice_skip(name, 1) : name;
	if (name.len > 0) {
		n->of.mention.name = name;
	}
}

void element_fab_link(struct reader *r, const struct tag *t, struct element *e)
{
	struct slice href = reader_link_href(r, tag_attr(t, SLICE_LIT("href")));
	(void)e;
	(void)target_set_link(r, href);
}

/* What its layout says of a picture is the `context` of the element. */

void element_fab_single(struct reader *r, const struct tag *t, struct element *e)
{
	enum node_align *align = builder_alloc(&r->b, sizeof(*align));
	*align = style_align(tag_attr(t, SLICE_LIT("layout")));
	e->context = align;
	builder_break(&r->b);
}

void element_fab_group(struct reader *r, const struct tag *t, struct element *e)
{
	(void)r;
	(void)t;
	(void)e;
	builder_break(&r->b);
}

static bool is_picture(const struct reader *r, const struct tag *t, int32_t attachment)
{
	struct slice type = attachment != TREE_NO_ATTACHMENT
				    ? r->params->attachments[attachment].type
				    : tag_attr(t, SLICE_LIT("file-mime-type"));
	return slice_starts_nocase(type, SLICE_LIT("image/")) ||
	       slice_eq(tag_attr(t, SLICE_LIT("media-type")), SLICE_LIT("image"));
}

static void show_picture(struct reader *r, const struct tag *t, struct slice name,
			 int32_t attachment)
{
	const struct element *outer = r->depth >= 2 ? &r->stack[r->depth - 2] : NULL;
	bool single = outer != NULL && outer->rule != NULL &&
		      outer->rule->start == element_fab_single;
	bool group = outer != NULL && outer->rule != NULL &&
		     outer->rule->start == element_fab_group;
	const enum node_align *align = single ? outer->context : NULL;
	struct node *n = builder_leaf_either(&r->b, NODE_IMAGE, NODE_PICTURE);
	n->align = align != NULL ? (uint8_t)*align : ALIGN_NONE;
	n->of.image->attachment = attachment;
	n->of.image->name = name;
	n->of.image->alt = name;
	n->of.image->width = group ? GROUP_THUMB : style_px(tag_attr(t, SLICE_LIT("width")));
	r->files_missing += attachment == TREE_NO_ATTACHMENT;
}

void element_fab_media(struct reader *r, const struct tag *t, struct element *e)
{
	struct slice name = words_keep(&r->b, tag_attr(t, SLICE_LIT("file-name")));
	int32_t attachment = target_medium(r, tag_attr(t, SLICE_LIT("media-id")), name);
	(void)e;
	if (attachment != TREE_NO_ATTACHMENT) {
		name = r->params->attachments[attachment].name;
	}
	name = name.len > 0 ? name : SLICE_LIT("file");
	if (is_picture(r, t, attachment)) {
		show_picture(r, t, name, attachment);
	} else {
		struct reference ref = {.kind = REFERENCE_FILE, .value = name};
		target_show_file(r, &ref);
	}
}
