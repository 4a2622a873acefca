/* Macros that name something: files, pictures, issues, people, addresses, and what only Confluence
 * can compute. */
#include "render/confluence/links.h"

#include "render/confluence/macros.h"
#include "render/confluence/style.h"
#include "render/confluence/targets.h"

enum { GALLERY_MAX = 30 };

static struct slice label_of(struct reader *r, const struct macro *m)
{
	struct slice label = m->rule->label;
	if (label.len == 0) {
		label = words_keep(&r->b, m->name);
	}
	return label.len > 0 ? label : SLICE_LIT("Macro");
}

static void show_card(struct reader *r, struct macro *m, struct slice label, struct slice href)
{
	struct card *card = builder_leaf_either(&r->b, NODE_CARD_INLINE, NODE_CARD)->of.card;
	card->label = label;
	card->macro = m->name;
	card->href = href;
}

/* A body, should there be one, follows the card. */
enum macro_fate macro_card(struct reader *r, struct macro *m, struct element *body)
{
	(void)body;
	show_card(r, m, label_of(r, m), r->page_url);
	words_add(&r->b, m->plain);
	return MACRO_CARD;
}

static struct slice first_param(const struct macro *m, const struct slice *names, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct slice value = macro_param(m, names[i]);
		if (value.len > 0) {
			return value;
		}
	}
	return slice_of(NULL, 0);
}

enum macro_fate macro_file(struct reader *r, struct macro *m, struct element *body)
{
	static const struct slice names[] = {SLICE_INIT("name"), SLICE_INIT("")};
	const struct reference *named = macro_reference(m);
	struct reference ref = {.kind = REFERENCE_FILE};
	ref.value = words_keep(&r->b, first_param(m, names, COUNT_OF(names)));
	if (named != NULL && named->kind == REFERENCE_FILE) {
		ref = *named;
	}
	if (ref.value.len == 0) {
		return macro_card(r, m, body);
	}
	target_show_file(r, &ref);
	return MACRO_RENDERED;
}

enum macro_fate macro_attachments(struct reader *r, struct macro *m, struct element *body)
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

enum macro_fate macro_gallery(struct reader *r, struct macro *m, struct element *body)
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

/* A link with the host's name. */
enum macro_fate macro_link(struct reader *r, struct macro *m, struct element *body)
{
	static const struct slice names[] = {SLICE_INIT("url"), SLICE_INIT("src"),
					     SLICE_INIT("location"), SLICE_INIT("")};
	const struct reference *named = macro_reference(m);
	struct slice raw = first_param(m, names, COUNT_OF(names));
	if (raw.len == 0 && named != NULL && named->kind == REFERENCE_URL) {
		raw = named->value;
	}
	struct slice href = reader_href(r, raw);
	struct slice host = links_host(href);
	if (host.len == 0) {
		return macro_card(r, m, body);
	}
	struct slice title = words_keep(&r->b, macro_param(m, SLICE_LIT("title")));
	target_show_link(r, href, title.len > 0 ? title : host);
	return MACRO_RENDERED;
}

static bool show_diagram_file(struct reader *r, struct slice name, uint32_t width)
{
	struct slice parts[] = {name, SLICE_LIT(".png")};
	struct slice file = slice_of(NULL, 0);
	if (name.len == 0) {
		return false;
	}
	file = reader_result(r, arena_join(r->b.arena, parts, 2, &file), file);
	return target_show_picture(r, file, width) || target_show_picture(r, name, width);
}

enum macro_fate macro_diagram(struct reader *r, struct macro *m, struct element *body)
{
	static const struct slice names[] = {SLICE_INIT("diagramName"), SLICE_INIT("name"),
					     SLICE_INIT("filename"),
					     SLICE_INIT("diagramDisplayName")};
	struct slice name = words_keep(&r->b, first_param(m, names, COUNT_OF(names)));
	uint32_t width = style_px(macro_param(m, SLICE_LIT("width")));
	enum macro_fate fate = MACRO_SNAPSHOT;
	if (!show_diagram_file(r, name, width)) {
		struct slice parts[] = {SLICE_LIT("Diagram "), name};
		struct slice label = label_of(r, m);
		if (name.len > 0) {
			label = reader_result(r, arena_join(r->b.arena, parts, 2, &label), label);
		}
		show_card(r, m, label, r->page_url);
		fate = MACRO_CARD;
	}
	if (m->plain.len > 0 && body == NULL) {
		struct code *code = builder_leaf(&r->b, NODE_CODE)->of.code;
		code->title = SLICE_LIT("Diagram source");
		code->text = m->plain;
	}
	return fate;
}

/* One issue by its key; a query is computed by Confluence alone. */
enum macro_fate macro_jira(struct reader *r, struct macro *m, struct element *body)
{
	struct slice key = words_keep(&r->b, macro_param(m, SLICE_LIT("key")));
	if (key.len == 0 || body != NULL) {
		return macro_card(r, m, body);
	}
	struct slice url = reader_href(r, macro_param(m, SLICE_LIT("url")));
	target_show_link(r, url.len > 0 ? url : r->page_url, key);
	return MACRO_RENDERED;
}

/* Another page's content does not travel with the job: its title does. */
enum macro_fate macro_included(struct reader *r, struct macro *m, struct element *body)
{
	const struct reference *page = macro_reference(m);
	struct slice title = page != NULL ? page->title : slice_of(NULL, 0);
	title = title.len > 0 ? title : words_keep(&r->b, macro_param(m, SLICE_LIT("")));
	if (title.len == 0) {
		return macro_card(r, m, body);
	}
	struct slice parts[] = {m->rule->label, SLICE_LIT(": "), title};
	struct slice label = m->rule->label;
	label = reader_result(r, arena_join(r->b.arena, parts, COUNT_OF(parts), &label), label);
	struct slice href = r->page_url;
	if (page != NULL) {
		href = target_href(r, page, slice_of(NULL, 0));
	}
	show_card(r, m, label, href.len > 0 ? href : r->page_url);
	return MACRO_CARD;
}

enum macro_fate macro_profile(struct reader *r, struct macro *m, struct element *body)
{
	const struct reference *user = macro_reference(m);
	if (user == NULL || user->kind != REFERENCE_USER) {
		return macro_card(r, m, body);
	}
	target_show_user(r, user);
	return MACRO_RENDERED;
}

/* A macro of an app, written by the new editor. */
enum macro_fate macro_adf_extension(struct reader *r, struct macro *m, struct element *body)
{
	static const struct slice titles[] = {SLICE_INIT("extension-title"), SLICE_INIT("text"),
					      SLICE_INIT("title"), SLICE_INIT("extension-key")};
	struct slice key = macro_param(m, SLICE_LIT("extension-key"));
	if (slice_eq(macro_param(m, SLICE_LIT("extension-type")),
		     SLICE_LIT("com.atlassian.confluence.macro.core"))) {
		m->name = words_keep(&r->b, key);
		m->rule = macro_rule_for(m->name);
		return m->rule->show(r, m, body);
	}
	if (body != NULL) {
		return MACRO_RENDERED;
	}
	struct slice title = words_keep(&r->b, first_param(m, titles, COUNT_OF(titles)));
	show_card(r, m, title.len > 0 ? title : SLICE_LIT("App"), r->page_url);
	return MACRO_CARD;
}
