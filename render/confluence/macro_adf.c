/* Nodes of the new editor inside storage format, and macros that it wrote. */
#include "render/confluence/macros.h"

#include "render/confluence/style.h"

static enum macro_fate panel(struct reader *r, struct macro *m, struct element *body)
{
	static const struct {
		struct slice name;
		enum panel_type type;
	} types[] = {
		{SLICE_INIT("note"), PANEL_NOTE},	{SLICE_INIT("tip"), PANEL_TIP},
		{SLICE_INIT("warning"), PANEL_WARNING}, {SLICE_INIT("error"), PANEL_ERROR},
		{SLICE_INIT("success"), PANEL_SUCCESS}, {SLICE_INIT("custom"), PANEL_CUSTOM},
	};
	struct slice type = macro_param(m, SLICE_LIT("panel-type"));
	struct node *n = macro_open(r, m, body, NODE_PANEL);
	struct panel *p = n->of.panel;
	for (size_t i = 0; i < COUNT_OF(types); i++) {
		p->type = slice_eq(types[i].name, type) ? types[i].type : p->type;
	}
	p->icon = macro_words(r, m, SLICE_LIT("panel-icon-text"));
	p->ground = style_colour(macro_param(m, SLICE_LIT("panel-color")));
	return MACRO_RENDERED;
}

static enum macro_fate block(struct reader *r, struct macro *m, struct element *body)
{
	macro_open(r, m, body, (enum node_kind)m->rule->arg);
	return MACRO_RENDERED;
}

static enum macro_fate decision(struct reader *r, struct macro *m, struct element *body)
{
	struct node *n = macro_open(r, m, body, NODE_DECISION);
	if (slice_eq(macro_param(m, SLICE_LIT("state")), SLICE_LIT("DECIDED"))) {
		n->flags |= NODE_DONE;
	}
	return MACRO_RENDERED;
}

/* The last part of `app/environment/static/key`. */
static struct slice short_key(struct slice key)
{
	struct slice part;
	while (slice_cut_to(&key, '/', &part)) {
	}
	return key;
}

static struct slice app_title(struct reader *r, const struct macro *m)
{
	static const struct slice titles[] = {SLICE_INIT("extension-title"), SLICE_INIT("text"),
					      SLICE_INIT("title"), SLICE_INIT("extension-key")};
	return words_keep(&r->b, macro_first_param(m, titles, COUNT_OF(titles)));
}

static bool has_part(struct slice key, struct slice part)
{
	for (; key.len >= part.len; key = slice_skip(key, 1)) {
		if (slice_starts_nocase(key, part)) {
			return true;
		}
	}
	return false;
}

/* Apps whose key has a part of its own in each installation. */
static const struct {
	struct slice part;
	struct slice name; /* of the macro that stands for it */
} apps[] = {
	{SLICE_INIT("qm-metadata"), SLICE_INIT("qm-metadata-macro")},
	{SLICE_INIT("metadata-macro"), SLICE_INIT("metadata-macro")},
	{SLICE_INIT("metadata-sop"), SLICE_INIT("metadata-sop")},
	{SLICE_INIT("confluops"), SLICE_INIT("confluops")},
	{SLICE_INIT("alarm-badge"), SLICE_INIT("alarm-badge")},
};

const struct macro_rule *macro_rule_for_app(struct reader *r, const struct macro *m)
{
	struct slice key = slice_first(macro_param(m, SLICE_LIT("extension-key")), JOB_NAME_MAX);
	const struct macro_rule *rule = macro_rule_for(short_key(key));
	if (rule->name.len == 0) {
		rule = macro_rule_for(app_title(r, m));
	}
	for (size_t i = 0; rule->name.len == 0 && i < COUNT_OF(apps); i++) {
		rule = has_part(key, apps[i].part) ? macro_rule_for(apps[i].name) : rule;
	}
	return rule->name.len > 0 ? rule : NULL;
}

/*
 * A macro that the new editor wrote: one of Confluence's own by its name, one of an app by its key or title. An app
 * that nobody here knows has its body, else its fallback, else a card.
 */
static enum macro_fate extension(struct reader *r, struct macro *m, struct element *body)
{
	bool is_core = slice_eq(macro_param(m, SLICE_LIT("extension-type")),
				SLICE_LIT("com.atlassian.confluence.macro.core"));
	const struct macro_rule *known = macro_rule_for_app(r, m);
	m->rule = known != NULL ? known : macro_rule_for(slice_of(NULL, 0));
	m->name = known != NULL ? known->name : app_title(r, m);
	if (known != NULL || body != NULL || macro_live(r, m) != NULL) {
		return macro_go_on(r, m, body);
	}
	if (is_core || r->adf == NULL) {
		return macro_card(r, m, body);
	}
	m->waits = true;
	return MACRO_CARD;
}

static const struct macro_rule rows[] = {
	MACRO("panel", panel, 0),
	MACRO("decision-list", block, NODE_DECISIONS),
	MACRO("decision-item", decision, NODE_DECISION),
	MACRO_OWN("extension", extension, 0, ""),
	MACRO_OWN("bodied-extension", extension, 0, ""),
	MACRO_CALLED("sync-block", macro_card, 0, "Synced block"),
	MACRO("bodied-sync-block", block, NODE_FRAME),
};

const struct macro_table macro_adf_nodes = {rows, COUNT_OF(rows)};
