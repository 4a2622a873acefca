#include "render/confluence/adf_inside.h"

struct node_row {
	adf_node_fn *show;
	uint16_t arg;
};

static const struct node_row nodes[ADF_WORDS] = {
#define ADF_NODE(type, show, arg) [ADF_W_##type] = {show, arg},
#define ADF_MARK(type, add, arg)
#include "render/confluence/adf.def"
#undef ADF_MARK
#undef ADF_NODE
};

static const uint8_t node_words[] = {
#define ADF_NODE(type, show, arg) ADF_W_##type,
#define ADF_MARK(type, add, arg)
#include "render/confluence/adf.def"
#undef ADF_MARK
#undef ADF_NODE
};

static const uint8_t mark_words[] = {
#define ADF_NODE(type, show, arg)
#define ADF_MARK(type, add, arg) ADF_W_##type,
#include "render/confluence/adf.def"
#undef ADF_MARK
#undef ADF_NODE
};

struct slice adf_node_name(size_t index)
{
	return adf_word_name(index < COUNT_OF(node_words) ? (enum adf_word)node_words[index]
							  : ADF_NO_WORD);
}

struct slice adf_mark_name(size_t index)
{
	return adf_word_name(index < COUNT_OF(mark_words) ? (enum adf_word)mark_words[index]
							  : ADF_NO_WORD);
}

/* ---- what a node says ---- */

struct adf_node adf_node_at(const struct adf *a, uint32_t at)
{
	const struct adf_cell *cells = a->tape.cells;
	struct adf_node n = {.at = at};
	uint32_t end = adf_tape_next(&a->tape, at);
	for (uint32_t i = at + 1; i < end; i = adf_tape_next(&a->tape, i)) {
		switch (cells[i].key) {
		case ADF_W_type:
			n.type = (enum adf_word)cells[i].word;
			break;
		case ADF_W_text:
			n.text = i;
			break;
		case ADF_W_content:
			n.content = i;
			break;
		case ADF_W_attrs:
			n.attrs = i;
			break;
		case ADF_W_marks:
			n.marks = i;
			break;
		default:
			break;
		}
	}
	return n;
}

uint32_t adf_attr_cell(const struct adf *a, const struct adf_node *n, enum adf_word name)
{
	return n->attrs != 0 ? adf_tape_member(&a->tape, n->attrs, name) : 0;
}

struct slice adf_attr(const struct adf *a, const struct adf_node *n, enum adf_word name)
{
	return adf_tape_scalar(&a->tape, adf_attr_cell(a, n, name));
}

struct slice adf_attr_words(struct adf *a, const struct adf_node *n, enum adf_word name)
{
	struct slice text = adf_attr(a, n, name);
	return text.len > 0 ? words_keep(&a->r->b, text) : text;
}

uint64_t adf_attr_number(const struct adf *a, const struct adf_node *n, enum adf_word name,
			 uint64_t max, uint64_t otherwise)
{
	struct slice text = slice_trim(adf_attr(a, n, name));
	uint64_t number;
	text = slice_first(text, slice_find_byte(text, '.'));
	return slice_to_u64(text, max, &number) ? number : otherwise;
}

unsigned adf_attr_among(const struct adf *a, const struct adf_node *n, enum adf_word name,
			const struct slice *names, unsigned count, unsigned otherwise)
{
	struct slice text = adf_attr(a, n, name);
	for (unsigned i = 0; i < count; i++) {
		if (slice_eq(text, names[i])) {
			return i;
		}
	}
	return otherwise;
}

/* ---- the walk ---- */

static void show(struct adf *a, const struct adf_node *n)
{
	const struct node_row *row = &nodes[n->type];
	a->shown++;
	if (row->show == NULL) {
		adf_unknown(a, n);
		return;
	}
	struct adf_node with_arg = *n;
	with_arg.arg = row->arg;
	row->show(a, &with_arg);
}

static bool is_leaf(enum adf_word type)
{
	switch (type) {
	case ADF_W_text:
	case ADF_W_hardBreak:
	case ADF_W_mention:
	case ADF_W_status:
	case ADF_W_date:
	case ADF_W_emoji:
	case ADF_W_inlineCard:
	case ADF_W_media:
	case ADF_W_mediaInline:
		return true;
	default:
		return false;
	}
}

/*
 * No place is left on the stack: the rest is gone through cell by cell, whatever its depth. Of members only `content` is
 * looked into, so that what is an element of an array is a node.
 */
static void show_flat(struct adf *a, uint32_t at, uint32_t end)
{
	const struct adf_cell *cells = a->tape.cells;
	a->r->b.too_deep = true;
	while (at < end && a->r->b.fault == FAULT_NONE) {
		const struct adf_cell *c = &cells[at];
		bool is_node = c->kind == ADF_OBJECT && c->key == ADF_NO_WORD;
		bool holds_nodes = c->kind == ADF_ARRAY &&
				   (c->key == ADF_W_content || c->key == ADF_NO_WORD);
		struct adf_node n = is_node ? adf_node_at(a, at) : (struct adf_node){0};
		if (is_node && is_leaf(n.type)) {
			show(a, &n);
			at = adf_tape_next(&a->tape, at);
			continue;
		}
		if (is_node) {
			builder_break(&a->r->b);
		}
		at = is_node || holds_nodes ? at + 1 : adf_tape_next(&a->tape, at);
	}
}

struct element *adf_enter_value(struct adf *a, uint32_t at)
{
	uint32_t end = adf_tape_next(&a->tape, at);
	struct element *e = reader_push(a->r);
	if (e == NULL) {
		show_flat(a, at, end);
		return NULL;
	}
	a->spans[++a->depth] = (struct adf_span){.at = at, .end = end};
	return e;
}

struct element *adf_enter(struct adf *a, const struct adf_node *n)
{
	bool has_content = n->content != 0 && a->tape.cells[n->content].kind == ADF_ARRAY;
	struct element *e = reader_push(a->r);
	if (e == NULL) {
		if (has_content) {
			show_flat(a, n->content + 1, adf_tape_next(&a->tape, n->content));
		}
		return NULL;
	}
	struct adf_span *s = &a->spans[++a->depth];
	*s = (struct adf_span){.at = 0, .end = 0};
	if (has_content) {
		*s = (struct adf_span){.at = n->content + 1,
				       .end = adf_tape_next(&a->tape, n->content)};
	}
	return e;
}

struct node *adf_open(struct adf *a, const struct adf_node *n, enum node_kind kind)
{
	unsigned depth;
	struct node *made = builder_open(&a->r->b, kind, &depth);
	struct element *e = adf_enter(a, n);
	if (e != NULL) {
		e->close = depth;
	} else if (depth != BUILDER_NO_DEPTH) {
		builder_close(&a->r->b, depth);
	}
	return made;
}

static void walk(struct adf *a)
{
	const struct adf_cell *cells = a->tape.cells;
	while (a->r->b.fault == FAULT_NONE) {
		struct adf_span *s = &a->spans[a->depth];
		if (s->at >= s->end) {
			if (a->depth == 0) {
				return;
			}
			a->depth--;
			reader_end(a->r);
			continue;
		}
		uint32_t at = s->at;
		if (cells[at].kind == ADF_ARRAY) { /* an array among nodes: its elements are, too */
			s->at = at + 1;
			continue;
		}
		s->at = adf_tape_next(&a->tape, at);
		if (cells[at].kind == ADF_OBJECT && a->r->mode == READER_SHOW) {
			struct adf_node n = adf_node_at(a, at);
			show(a, &n);
		}
	}
}

static void say_where(const struct adf_tape *t, struct slice json, struct adf_error *error)
{
	struct slice before = slice_first(json, t->wrong_at);
	struct slice line;
	error->line = 1;
	while (slice_cut_to(&before, '\n', &line)) {
		error->line++;
	}
	error->column = before.len + 1;
	error->reason = t->wrong;
}

/* A document as a string inside of JSON, as some programs keep it. */
static bool is_wrapped(const struct adf_tape *t)
{
	return t->count > 0 && t->cells[0].kind == ADF_STRING &&
	       slice_starts(slice_trim(slice_of(t->cells[0].ptr, t->cells[0].len)), SLICE_LIT("{"));
}

static bool is_document(const struct adf_tape *t)
{
	if (t->count == 0) {
		return false;
	}
	if (t->cells[0].kind == ADF_ARRAY) {
		return t->count > 1;
	}
	return adf_tape_member(t, 0, ADF_W_type) != 0 || adf_tape_member(t, 0, ADF_W_content) != 0;
}

enum fault adf_read(struct slice json, struct reader *r, struct adf_error *out_error)
{
	struct adf a; /* all but the spans, which are many and are written before they are read */
	a.r = r;
	a.tape = (struct adf_tape){.cells = NULL};
	a.depth = 0;
	a.link_href = a.link_title = slice_of(NULL, 0);
	a.link = NULL;
	a.ink = NULL;
	a.shown_medium = 0;
	a.shown = 1;
	a.chip = 0;
	a.frames = 0;
	*out_error = (struct adf_error){.line = 0};
	enum fault f = adf_tape_read(json, r->b.arena, &a.tape);
	if (f == FAULT_NONE && is_wrapped(&a.tape)) {
		json = slice_of(a.tape.cells[0].ptr, a.tape.cells[0].len);
		f = adf_tape_read(json, r->b.arena, &a.tape);
	}
	if (f != FAULT_NONE) {
		r->b.fault = f;
		return f;
	}
	if (a.tape.wrong != NULL) {
		say_where(&a.tape, json, out_error);
	}
	out_error->no_document = !is_document(&a.tape);
	if (out_error->no_document || r->nested == ADF_NESTED || r->mode != READER_SHOW) {
		return FAULT_NONE;
	}
	struct adf_extension *around =
		r->adf; /* a fallback there is for what stands there itself */
	r->adf = NULL;
	r->nested++;
	a.spans[0] = (struct adf_span){.at = 0, .end = adf_tape_next(&a.tape, 0)};
	walk(&a);
	while (a.depth > 0) { /* memory is out: the stack is as it was found */
		a.depth--;
		reader_end(r);
	}
	r->nested--;
	r->adf = around;
	return r->b.fault;
}
