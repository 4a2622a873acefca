#include "render/confluence/macros.h"

#include "render/confluence/close.h"
#include "render/confluence/live.h"

enum { ABOUT_MAX = 100 };

extern const struct macro_table macro_panels, macro_code, macro_markdown, macro_tabs, macro_line,
	macro_notes, macro_bodies, macro_contents, macro_files, macro_links, macro_lists,
	macro_jira, macro_people, macro_diagrams, macro_includes, macro_quality, macro_alarm,
	macro_adf_nodes;

static const struct macro_table *const tables[] = {
	&macro_panels, &macro_code,	&macro_markdown, &macro_tabs,	 &macro_line,  &macro_notes,
	&macro_bodies, &macro_contents, &macro_files,	 &macro_links,	 &macro_lists, &macro_jira,
	&macro_people, &macro_diagrams, &macro_includes, &macro_quality, &macro_alarm,
};

static const struct macro_rule unknown = {.show = macro_body};

static const struct macro_rule *find(const struct macro_table *table, struct slice name)
{
	for (const struct macro_rule *rule = table->rows; rule < table->rows + table->count;
	     rule++) {
		/* Nearly every row is another by its length or its first byte alone. */
		if (rule->name.len == name.len && rule->name.ptr[0] == name.ptr[0] &&
		    slice_eq(rule->name, name)) {
			return rule;
		}
	}
	return NULL;
}

const struct macro_rule *macro_rule_for(struct slice name)
{
	const struct macro_rule *rule = NULL;
	for (size_t i = 0; rule == NULL && i < COUNT_OF(tables); i++) {
		rule = find(tables[i], name);
	}
	return rule != NULL ? rule : &unknown;
}

const struct macro_rule *macro_rule_for_adf(struct slice type)
{
	return find(&macro_adf_nodes, type);
}

const struct macro_rule *macro_each(size_t index)
{
	for (size_t i = 0; i < COUNT_OF(tables); i++) {
		if (index < tables[i]->count) {
			return &tables[i]->rows[index];
		}
		index -= tables[i]->count;
	}
	return NULL;
}

/* Where an id stands that is no attribute of the macro itself. */
static bool is_id(struct slice name)
{
	static const struct slice names[] = {SLICE_INIT("local-id"), SLICE_INIT("localId"),
					     SLICE_INIT("resource-id"), SLICE_INIT("resourceId"),
					     SLICE_INIT("macro-id")};
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		if (slice_eq(names[i], name)) {
			return true;
		}
	}
	return false;
}

struct known_live *macro_live(struct reader *r, const struct macro *m)
{
	const struct slice ids[] = {m->local_id, m->macro_id};
	if (r->params->known == NULL || r->params->known->macro_count == 0) {
		return NULL;
	}
	struct known_live *live = live_find(r, ids, COUNT_OF(ids));
	for (const struct macro_param *p = m->params; live == NULL && p != NULL; p = p->next) {
		live = is_id(p->name) ? live_find(r, &p->value, 1) : NULL;
	}
	return live;
}

enum macro_fate macro_go_on(struct reader *r, struct macro *m, struct element *body)
{
	struct known_live *live = m->rule->own ? NULL : macro_live(r, m);
	if (live == NULL) {
		return m->rule->show(r, m, body);
	}
	live_show(r, live);
	macro_nothing(r, m, body);
	return MACRO_SNAPSHOT;
}

void macro_show(struct reader *r, struct macro *m, struct element *body)
{
	m->shown = true;
	enum macro_fate fate = macro_go_on(r, m, body);
	if (!m->waits) {
		reader_count_macro(r, m->name, fate);
	}
}

void macro_end(struct reader *r, struct macro *m)
{
	if (m->end != NULL) {
		m->end(r, m);
	}
	words_add(&r->b, m->after);
}

/* `panelColor` and `panel-color` are one. */
bool macro_is_same_name(struct slice a, struct slice b)
{
	size_t i = 0;
	for (size_t k = 0; k < b.len; k++) {
		if (b.ptr[k] == '-') {
			continue;
		}
		if (i == a.len || (a.ptr[i] | 0x20) != (b.ptr[k] | 0x20)) {
			return false;
		}
		i++;
	}
	return i == a.len;
}

static const struct macro_param *find_param(const struct macro *m, struct slice name)
{
	for (const struct macro_param *p = m->params; p != NULL; p = p->next) {
		if (slice_eq(p->name, name) && !p->has_parts) {
			return p;
		}
	}
	for (const struct macro_param *p = m->is_adf ? m->params : NULL; p != NULL; p = p->next) {
		if (macro_is_same_name(name, p->name) && !p->has_parts) {
			return p;
		}
	}
	return NULL;
}

struct slice macro_param(const struct macro *m, struct slice name)
{
	const struct macro_param *p = find_param(m, name);
	return p != NULL ? p->value : slice_of(NULL, 0);
}

struct slice macro_first_param(const struct macro *m, const struct slice *names, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct slice value = macro_param(m, names[i]);
		if (value.len > 0) {
			return value;
		}
	}
	return slice_of(NULL, 0);
}

struct slice macro_words(struct reader *r, const struct macro *m, struct slice name)
{
	return words_keep(&r->b, macro_param(m, name));
}

bool macro_is(const struct macro *m, struct slice name)
{
	return slice_eq_nocase(macro_param(m, name), SLICE_LIT("true"));
}

const struct reference *macro_reference(const struct macro *m)
{
	for (const struct macro_param *p = m->params; p != NULL; p = p->next) {
		if (p->ref.kind != REFERENCE_NONE) {
			return &p->ref;
		}
	}
	return NULL;
}

void macro_fill(struct reader *r, struct macro *m, struct element *body, unsigned depth)
{
	if (body != NULL) {
		body->close = depth;
		return;
	}
	words_add(&r->b, m->plain);
	if (depth != BUILDER_NO_DEPTH) {
		builder_close(&r->b, depth);
	}
}

struct node *macro_open(struct reader *r, struct macro *m, struct element *body,
			enum node_kind kind)
{
	unsigned depth;
	struct node *n = builder_open(&r->b, kind, &depth);
	macro_fill(r, m, body, depth);
	return n;
}

void macro_title_flat(struct reader *r, const struct node *n, struct slice title)
{
	if (n == &r->b.spare) {
		builder_break(&r->b);
		words_add(&r->b, title);
		builder_break(&r->b);
	}
}

void macro_own_line(struct reader *r)
{
	const struct builder_frame *line = builder_frame(&r->b);
	if (line->node->kind == NODE_LINK && r->b.link == NULL) {
		line--; /* it is over, but for its end */
	}
	if (line->implied && line->node->kind == NODE_PARAGRAPH &&
	    !close_is_tight_in(line->node->parent)) {
		builder_break(&r->b);
	}
}

struct slice macro_label(struct reader *r, const struct macro *m)
{
	struct slice label = reader_phrase(r, m->rule->label);
	if (label.len == 0) {
		label = words_keep(&r->b, m->name);
	}
	return label.len > 0 ? label : reader_phrase(r, SLICE_LIT("Macro"));
}

struct slice macro_label_about(struct reader *r, struct slice label, struct slice about)
{
	about = words_keep(&r->b, about);
	size_t len = about.len < ABOUT_MAX ? about.len : ABOUT_MAX;
	while (len < about.len && len > 0 && ((unsigned char)about.ptr[len] & 0xC0) == 0x80) {
		len--;
	}
	struct slice parts[] = {label, SLICE_LIT(": "), slice_first(about, len),
				len < about.len ? SLICE_LIT("…") : SLICE_LIT("")};
	if (about.len == 0) {
		return label;
	}
	return reader_result(r, arena_join(r->b.arena, parts, COUNT_OF(parts), &label), label);
}

void macro_put_card(struct reader *r, const struct macro *m, struct slice label, struct slice href)
{
	if (builder_is_page_level(&r->b)) {
		builder_break(&r->b); /* no paragraph of the page's own is open */
	}
	struct card *card = builder_leaf_either(&r->b, NODE_CARD_INLINE, NODE_CARD)->of.card;
	card->label = label;
	card->macro = m->name;
	card->href = href;
}

/* One line feed at the end is of the markup, not of the code. */
void macro_put_code(struct reader *r, struct slice text, const struct code *about)
{
	struct code *code = builder_leaf(&r->b, NODE_CODE)->of.code;
	*code = *about;
	code->text = slice_ends(text, SLICE_LIT("\n")) ? slice_first(text, text.len - 1) : text;
}

enum macro_fate macro_card(struct reader *r, struct macro *m, struct element *body)
{
	(void)body;
	macro_put_card(r, m, macro_label(r, m), r->page_url);
	words_add(&r->b, m->plain);
	return MACRO_CARD;
}

enum macro_fate macro_nothing(struct reader *r, struct macro *m, struct element *body)
{
	(void)m;
	if (body != NULL) {
		r->mode = READER_SKIP;
	}
	return MACRO_RENDERED;
}

enum macro_fate macro_body(struct reader *r, struct macro *m, struct element *body)
{
	if (macro_is(m, SLICE_LIT("hidden"))) {
		return macro_nothing(r, m, body);
	}
	if (body != NULL) {
		return MACRO_RENDERED;
	}
	if (!m->has_plain) {
		return macro_card(r, m, body);
	}
	if (m->plain.len > 0) {
		struct code code = {.title = macro_words(r, m, SLICE_LIT("title"))};
		macro_put_code(r, m->plain, &code);
	}
	return MACRO_RENDERED;
}

enum macro_fate macro_titled(struct reader *r, struct macro *m, struct element *body)
{
	struct slice title = macro_words(r, m, SLICE_LIT("title"));
	title = title.len > 0 ? title : macro_words(r, m, SLICE_LIT("label"));
	bool nested = builder_nearest(&r->b, NODE_EXPAND) != NULL ||
		      builder_nearest(&r->b, NODE_CELL) != NULL;
	unsigned depth;
	struct node *n = builder_open(&r->b, (enum node_kind)m->rule->arg, &depth);
	n->of.titled.title = title;
	n->flags |= n->kind == NODE_EXPAND && nested ? NODE_NESTED : 0;
	macro_title_flat(r, n, title);
	macro_fill(r, m, body, depth);
	return MACRO_RENDERED;
}
