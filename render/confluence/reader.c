#include "render/confluence/reader.h"

#include <string.h>

#include "render/confluence/elements.h"
#include "render/confluence/export_view.h"
#include "render/confluence/links.h"
#include "render/confluence/notes.h"
#include "render/confluence/phrases.h"

struct slice tag_attr(const struct tag *t, struct slice name)
{
	for (size_t i = 0; i < t->attr_count; i++) {
		if (slice_eq(t->attrs[i].name, name)) {
			return t->attrs[i].value;
		}
	}
	return slice_of(NULL, 0);
}

/* Good enough for a table of our own making; what the page says can only hit slots, never lengthen
 * them. */
static size_t slot_of(struct slice name)
{
	if (name.len == 0) {
		return 0;
	}
	size_t last = (unsigned char)name.ptr[name.len - 1];
	size_t first = (unsigned char)name.ptr[0];
	size_t middle = (unsigned char)name.ptr[name.len / 2];
	return (first * 31 + last * 7 + middle * 101 + name.len * 57) & (READER_INDEX - 1);
}

static void index_rules(struct reader *r)
{
	size_t count = element_rule_count();
	memset(r->index, 0, sizeof(r->index));
	for (size_t i = 0; i < count; i++) {
		size_t slot = slot_of(element_rules[i].name);
		while (r->index[slot] != 0) {
			slot = (slot + 1) & (READER_INDEX - 1);
		}
		r->index[slot] = (uint8_t)(i + 1);
	}
}

const struct element_rule *reader_rule(const struct reader *r, struct slice name)
{
	size_t slot = slot_of(name);
	for (; r->index[slot] != 0; slot = (slot + 1) & (READER_INDEX - 1)) {
		const struct element_rule *rule = &element_rules[r->index[slot] - 1];
		if (slice_eq(rule->name, name)) {
			return rule;
		}
	}
	return NULL;
}

enum fault reader_init(struct reader *r, const struct document_params *params, struct arena *arena)
{
	enum fault f = builder_init(&r->b, arena);
	if (f != FAULT_NONE) {
		return f;
	}
	memset((char *)r + sizeof(r->b), 0, offsetof(struct reader, stack) - sizeof(r->b));
	r->params = params;
	index_rules(r);
	return document_page_url(params->page, arena, &r->page_url);
}

void reader_forget(struct reader *r)
{
	struct export_view *view = r->view;
	enum fault f = r->b.fault;
	if (f == FAULT_NONE) {
		f = reader_init(r, r->params, r->b.arena);
	}
	r->b.fault = f;
	r->depth = 0;
	r->view = view;
	export_view_forget(view);
}

static const struct element_rule *rule_for(struct reader *r, const struct tag *t)
{
	if (r->mode == READER_SKIP) {
		return NULL;
	}
	const struct element_rule *rule = r->view != NULL ? export_view_rule(r, t) : NULL;
	return rule != NULL ? rule : reader_rule(r, t->name);
}

struct element *reader_push(struct reader *r)
{
	if (r->depth == READER_DEPTH) {
		return NULL;
	}
	struct element *e = &r->stack[r->depth++];
	*e = (struct element){
		.ink = r->b.ink,
		.link = r->b.link,
		.close = BUILDER_NO_DEPTH,
		.marks = r->b.marks,
		.mode = (uint8_t)r->mode,
		.in_head = r->in_head,
		.in_foot = r->in_foot,
	};
	return e;
}

void reader_start(struct reader *r, const struct tag *t)
{
	struct element *e = reader_push(r);
	if (e == NULL) {
		r->overflow++;
		r->b.too_deep = true;
		return;
	}
	const struct element_rule *rule = rule_for(r, t);
	if (rule != NULL && r->mode == READER_GATHER && !rule->anywhere) {
		rule = NULL;
	}
	e->rule = rule;
	e->name = t->name;
	if (rule != NULL) {
		rule->start(r, t, e);
	}
}

void reader_text(struct reader *r, struct slice text)
{
	switch (r->mode) {
	case READER_SHOW:
		words_add(&r->b, text);
		break;
	case READER_GATHER:
		gather_add(&r->gather, &r->b, text);
		break;
	case READER_SKIP:
		break;
	}
}

void reader_end(struct reader *r)
{
	if (r->overflow > 0) {
		r->overflow--;
		return;
	}
	if (r->depth == 0) {
		return;
	}
	struct element *e = &r->stack[--r->depth];
	if (e->rule != NULL && e->rule->end != NULL) {
		e->rule->end(r, e);
	}
	if (e->close != BUILDER_NO_DEPTH) {
		builder_close(&r->b, e->close);
	}
	r->b.ink = e->ink;
	r->b.link = e->link;
	r->b.marks = e->marks;
	r->mode = (enum reader_mode)e->mode;
	r->in_head = e->in_head;
	r->in_foot = e->in_foot;
}

static void warn_of_missing_files(struct reader *r)
{
	struct problem sentence;
	struct slice detail = slice_of(NULL, 0);
	problem_set(&sentence, FAULT_NOT_FOUND,
		    "Pictures of the page that did not come with the job: ");
	problem_add_number(&sentence, r->files_missing);
	problem_add(&sentence, ".");
	enum fault f = arena_copy(r->b.arena, problem_text(&sentence), &detail);
	reader_warn(r, WARNING_ATTACHMENT_MISSING, reader_result(r, f, detail));
}

enum fault reader_finish(struct reader *r, struct document *out_document)
{
	while (r->depth > 0 && r->b.fault == FAULT_NONE) {
		reader_end(r);
	}
	notes_finish(r);
	enum fault f = builder_finish(&r->b, r->params->page->title, r->page_url);
	if (f == FAULT_NONE && r->files_missing > 0) {
		warn_of_missing_files(r);
	}
	if (f == FAULT_NONE) {
		left_out_tell(r);
	}
	if (f == FAULT_NONE && r->b.too_deep) {
		reader_warn(r, WARNING_TOO_DEEP,
			    SLICE_LIT("The page is nested deeper than a mail can show; the "
				      "innermost blocks stand beside each other."));
	}
	if (r->b.fault != FAULT_NONE) {
		return r->b.fault;
	}
	*out_document = (struct document){
		.root = r->b.root,
		.macros = r->macros,
		.warnings = r->warnings,
		.node_count = r->b.node_count,
		.languages = r->languages,
	};
	return FAULT_NONE;
}

void reader_gather(struct reader *r)
{
	r->mode = READER_GATHER;
	r->gather = (struct gather){.ptr = NULL};
}

void reader_warn(struct reader *r, enum warning w, struct slice detail)
{
	struct render_warning *last = builder_alloc(&r->b, sizeof(*last));
	if (r->b.fault != FAULT_NONE) {
		return;
	}
	*last = (struct render_warning){.code = warning_code(w), .detail = detail};
	if (r->last_warning == NULL) {
		r->warnings = last;
	} else {
		r->last_warning->next = last;
	}
	r->last_warning = last;
}

void reader_count_macro(struct reader *r, struct slice name, enum macro_fate fate)
{
	struct slice known = r->macro_names < MACRO_NAMES_MAX ? name : SLICE_LIT("(others)");
	struct render_macro *m = r->macros;
	while (m != NULL && !(m->fate == fate && slice_eq(m->name, name))) {
		m = m->next;
	}
	for (struct render_macro *o = r->macros; m == NULL && o != NULL; o = o->next) {
		m = o->fate == fate && slice_eq(o->name, known) ? o : NULL;
	}
	if (m != NULL) {
		m->count++;
		return;
	}
	m = builder_alloc(&r->b, sizeof(*m));
	if (r->b.fault != FAULT_NONE) {
		return;
	}
	*m = (struct render_macro){.name = known, .fate = fate, .count = 1};
	if (r->last_macro == NULL) {
		r->macros = m;
	} else {
		r->last_macro->next = m;
	}
	r->last_macro = m;
	r->macro_names++;
}

struct slice reader_result(struct reader *r, enum fault f, struct slice s)
{
	if (f != FAULT_NONE) {
		r->b.fault = f;
		return slice_of(NULL, 0);
	}
	return s;
}

struct slice reader_href(struct reader *r, struct slice raw)
{
	struct slice href = slice_of(NULL, 0);
	if (raw.len == 0 || r->b.fault != FAULT_NONE) {
		return href;
	}
	enum fault f = links_resolve(r->params->page, raw, r->b.arena, &href);
	return reader_result(r, f, href);
}

struct slice reader_link_href(struct reader *r, struct slice raw)
{
	struct slice href = reader_href(r, raw);
	if (href.len == 0 && raw.len > 0) {
		left_out_link(r, raw);
	}
	return href;
}

enum { LANGUAGE_BYTES = 35 };

/* Whether it is a tag at all, the writer judges. */
void reader_say_language(struct reader *r, const struct tag *t, struct node *block)
{
	if (t->attr_count == 0) { /* as most have none */
		return;
	}
	struct slice said = tag_attr(t, SLICE_LIT("lang"));
	said = said.len > 0 ? said : tag_attr(t, SLICE_LIT("xml:lang"));
	if (said.len == 0 || said.len > LANGUAGE_BYTES || block == &r->b.spare) {
		return;
	}
	if (r->languages == NULL) {
		r->languages = builder_alloc(&r->b, TREE_LANGUAGES_MAX * sizeof(*r->languages));
	}
	size_t i = 0;
	while (i < r->language_count && !slice_eq(r->languages[i], said)) {
		i++;
	}
	if (r->b.fault != FAULT_NONE || i == TREE_LANGUAGES_MAX) {
		return;
	}
	if (i == r->language_count) {
		struct slice kept = said;
		r->b.fault = arena_copy(r->b.arena, said, &kept);
		r->languages[r->language_count++] = kept;
	}
	block->language = (uint8_t)(i + 1);
}

struct slice reader_phrase(const struct reader *r, struct slice english)
{
	return phrases_in(r->params->language, english);
}
