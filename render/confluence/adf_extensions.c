/* Macros and apps in ADF, frames of theirs, synced blocks, and what the editor did not understand itself. */
#include "render/confluence/adf_inside.h"

#include "render/confluence/macros.h"
#include "render/confluence/soup.h"
#include "render/confluence/targets.h"

enum { PARAMS_MAX = 256, TAB_TITLE_MAX = 16 };

/* ---- macros ---- */

static void add_param(struct adf *a, struct macro *m, struct slice name, struct slice value)
{
	struct macro_param *p = builder_alloc(&a->r->b, sizeof(*p));
	p->name = name;
	p->value = value;
	p->next = m->params;
	m->params = p;
}

static uint32_t either(uint32_t a, uint32_t b)
{
	return a != 0 ? a : b;
}

/* `["x", {"name": "y"}]`: parted by commas. */
static struct slice list_of(struct adf *a, uint32_t array)
{
	struct gather list = {.ptr = NULL};
	uint32_t end = adf_tape_next(&a->tape, array);
	for (uint32_t i = array + 1; i < end; i = adf_tape_next(&a->tape, i)) {
		struct slice one = adf_tape_scalar(&a->tape, i);
		if (a->tape.cells[i].kind == ADF_OBJECT) {
			uint32_t value = adf_tape_member(&a->tape, i, ADF_W_value);
			uint32_t name = adf_tape_member(&a->tape, i, ADF_W_name);
			uint32_t id = adf_tape_member(&a->tape, i, ADF_W_id);
			one = adf_tape_scalar(&a->tape, either(value, either(name, id)));
		}
		if (one.len > 0) {
			gather_add(&list, &a->r->b, list.len > 0 ? SLICE_LIT(", ") : SLICE_LIT(""));
			gather_add(&list, &a->r->b, one);
		}
	}
	return gather_view(&list);
}

/* `{"name": {"value": "x"}}`, or `{"name": "x"}` in old pages. */
static void add_params(struct adf *a, struct macro *m, uint32_t object)
{
	const struct adf_cell *cells = a->tape.cells;
	unsigned count = 0;
	if (object == 0 || cells[object].kind != ADF_OBJECT) {
		return;
	}
	uint32_t end = adf_tape_next(&a->tape, object);
	for (uint32_t i = object + 1; i < end && count < PARAMS_MAX;
	     i = adf_tape_next(&a->tape, i)) {
		uint32_t value = i;
		if (cells[i].kind == ADF_KEY) {
			continue;
		}
		if (cells[i].kind == ADF_OBJECT) {
			value = adf_tape_member(&a->tape, i, ADF_W_value);
		}
		struct slice text = adf_tape_scalar(&a->tape, value);
		if (value != 0 && cells[value].kind == ADF_TRUE) {
			text = SLICE_LIT("true");
		} else if (value != 0 && cells[value].kind == ADF_FALSE) {
			text = SLICE_LIT("false");
		} else if (value != 0 && cells[value].kind == ADF_ARRAY) {
			text = list_of(a, value);
		}
		if (value != 0) {
			add_param(a, m, adf_tape_key(&a->tape, i), slice_trim(text));
			count++;
		}
	}
}

static uint32_t member_of(const struct adf *a, uint32_t object, enum adf_word name)
{
	return object != 0 ? adf_tape_member(&a->tape, object, name) : 0;
}

/* What macro_adf.c's rules read, by the names that storage format has for it. */
static void add_attributes(struct adf *a, const struct adf_node *n, struct macro *m,
			   uint32_t parameters)
{
	uint32_t metadata = either(member_of(a, parameters, ADF_W_macroMetadata),
				   member_of(a, parameters, ADF_W_metadata));
	struct slice titles[] = {
		adf_tape_text(&a->tape, member_of(a, parameters, ADF_W_extensionTitle)),
		adf_tape_text(&a->tape, member_of(a, metadata, ADF_W_title)),
		adf_attr(a, n, ADF_W_text),
	};
	for (size_t i = 0; i < COUNT_OF(titles); i++) {
		if (titles[i].len > 0) {
			add_param(a, m, SLICE_LIT("extension-title"), titles[i]);
			break;
		}
	}
	add_param(a, m, SLICE_LIT("extension-key"), adf_attr(a, n, ADF_W_extensionKey));
	add_param(a, m, SLICE_LIT("extension-type"), adf_attr(a, n, ADF_W_extensionType));
}

/* By which the job may bring content for it. */
static void add_ids(struct adf *a, const struct adf_node *n, struct macro *m, uint32_t parameters)
{
	uint32_t metadata = member_of(a, parameters, ADF_W_macroMetadata);
	uint32_t id = member_of(a, metadata, ADF_W_macroId);
	uint32_t value = member_of(a, id, ADF_W_value);
	struct slice resource = adf_attr(a, n, ADF_W_resourceId);
	m->local_id = adf_attr(a, n, ADF_W_localId);
	m->macro_id = resource.len > 0 ? resource
				       : adf_tape_text(&a->tape, value != 0 ? value : id);
}

/* A macro of Confluence itself; also by a known name without the type, as programs write it. */
static bool is_core(struct slice type, const struct macro_rule *rule)
{
	bool said = slice_eq(type, SLICE_LIT("com.atlassian.confluence.macro.core"));
	bool own = type.len == 0 || slice_starts(type, SLICE_LIT("com.atlassian.confluence"));
	return said || (own && rule->name.len > 0);
}

static struct macro *macro_of(struct adf *a, const struct adf_node *n)
{
	struct macro *m = builder_alloc(&a->r->b, sizeof(*m));
	struct slice key = adf_attr_words(a, n, ADF_W_extensionKey);
	const struct macro_rule *rule = macro_rule_for(key);
	uint32_t parameters = adf_attr_cell(a, n, ADF_W_parameters);
	uint32_t params = either(member_of(a, parameters, ADF_W_macroParams),
				 member_of(a, parameters, ADF_W_macroparams));
	m->is_adf = true;
	m->shown = true;
	m->name = key;
	add_ids(a, n, m, parameters);
	if (is_core(adf_attr(a, n, ADF_W_extensionType), rule)) {
		uint32_t body = either(member_of(a, params, ADF_W___bodyContent),
				       member_of(a, params, ADF_W_body));
		uint32_t value = member_of(a, body, ADF_W_value);
		m->rule = rule;
		m->plain = adf_tape_text(&a->tape, value != 0 ? value : body);
		m->has_plain = body != 0;
	} else {
		m->rule = macro_rule_for_adf(SLICE_LIT("extension"));
		add_params(a, m, member_of(a, parameters, ADF_W_guestParams));
		add_attributes(a, n, m, parameters);
	}
	add_params(a, m, params);
	return m;
}

static void end_body(struct reader *r, struct element *e)
{
	struct macro *m = e->context;
	if (e->close != BUILDER_NO_DEPTH) {
		builder_close(&r->b, e->close);
		e->close = BUILDER_NO_DEPTH;
	}
	r->macro = m->outer;
	macro_end(r, m);
}

static const struct element_rule body_rule = {.end = end_body};

static bool has_body(const struct adf *a, const struct adf_node *n)
{
	return n->content != 0 && a->tape.cells[n->content].kind == ADF_ARRAY &&
	       adf_tape_next(&a->tape, n->content) > n->content + 1;
}

/* Its body, should it have one, is shown inside of what the macro opens for it. */
static void show_macro(struct adf *a, const struct adf_node *n, struct macro *m)
{
	struct reader *r = a->r;
	if (r->b.fault != FAULT_NONE) {
		return;
	}
	struct element *e = has_body(a, n) ? adf_enter(a, n) : NULL;
	if (e == NULL) { /* without a body, or one that adf_enter() has shown flat */
		macro_show(r, m, NULL);
		macro_end(r, m);
		return;
	}
	m->outer = r->macro;
	e->rule = &body_rule;
	e->context = m;
	r->macro = m;
	macro_show(r, m, e);
}

void adf_extension(struct adf *a, const struct adf_node *n)
{
	show_macro(a, n, macro_of(a, n));
}

/* One that Confluence would draw, or that nobody knows, is its text. */
void adf_inline_extension(struct adf *a, const struct adf_node *n)
{
	struct macro *m = macro_of(a, n);
	struct slice text = adf_attr(a, n, ADF_W_text);
	if (a->r->b.fault != FAULT_NONE) {
		return;
	}
	bool is_app = m->rule == macro_rule_for_adf(SLICE_LIT("extension"));
	bool is_known = is_app ? macro_rule_for_app(a->r, m) != NULL
			       : m->rule->name.len > 0 && m->rule->show != macro_card;
	if (is_known || macro_live(a->r, m) != NULL) {
		show_macro(a, n, m);
		return;
	}
	reader_count_macro(a->r, m->name, MACRO_CARD);
	if (has_body(a, n)) {
		adf_enter(a, n);
		return;
	}
	struct adf_look before = adf_look_begin(a, n);
	if (text.len > 0) {
		words_add_kept(&a->r->b, text);
	} else {
		struct slice title = macro_words(a->r, m, SLICE_LIT("extension-title"));
		title = title.len > 0 ? title : m->name.len > 0 ? m->name : SLICE_LIT("App");
		words_add(&a->r->b, SLICE_LIT("["));
		words_add(&a->r->b, title);
		words_add(&a->r->b, SLICE_LIT("]"));
	}
	adf_look_end(a, &before);
}

/* ---- frames and synced blocks ---- */

void adf_frames(struct adf *a, const struct adf_node *n)
{
	adf_enter(a, n);
	a->frames = 0;
}

void adf_frame(struct adf *a, const struct adf_node *n)
{
	struct problem title;
	struct slice kept = slice_of(NULL, 0);
	problem_set(&title, FAULT_NOT_FOUND, "");
	problem_add_number(&title, ++a->frames);
	const struct slice parts[] = {reader_phrase(a->r, SLICE_LIT("Tab ")), problem_text(&title)};
	enum fault f = arena_join(a->r->b.arena, parts, COUNT_OF(parts), &kept);
	adf_open(a, n, NODE_TAB)->of.titled.title = reader_result(a->r, f, kept);
}

void adf_sync_block(struct adf *a, const struct adf_node *n)
{
	struct macro *m = builder_alloc(&a->r->b, sizeof(*m));
	m->is_adf = true;
	m->shown = true;
	m->name = has_body(a, n) ? SLICE_LIT("bodied-sync-block") : SLICE_LIT("sync-block");
	m->rule = macro_rule_for_adf(m->name);
	add_ids(a, n, m, 0);
	show_macro(a, n, m);
}

/* ---- what is not known here ---- */

static void show_text_of(struct adf *a, const struct adf_node *n)
{
	struct slice text = adf_attr(a, n, ADF_W_text);
	text = text.len > 0 ? text : adf_tape_text(&a->tape, n->text);
	if (text.len > 0) {
		struct adf_look before = adf_look_begin(a, n);
		words_add_kept(&a->r->b, text);
		adf_look_end(a, &before);
	}
}

void adf_unknown(struct adf *a, const struct adf_node *n)
{
	if (has_body(a, n)) {
		adf_enter(a, n);
	} else {
		show_text_of(a, n);
	}
}

/* Nodes that the editor kept as they were: storage format, or another node. */
void adf_unsupported(struct adf *a, const struct adf_node *n)
{
	struct slice markup = adf_attr(a, n, ADF_W_cxhtml);
	uint32_t original = adf_attr_cell(a, n, ADF_W_originalValue);
	if (markup.len > 0) {
		if (a->r->nested < ADF_NESTED) {
			a->r->nested++;
			soup_read(markup, a->r);
			a->r->nested--;
		}
	} else if (original != 0 && a->tape.cells[original].kind == ADF_OBJECT) {
		adf_enter_value(a, original);
	} else {
		adf_unknown(a, n);
	}
}
