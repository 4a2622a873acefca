/* Marks of ADF: what they come to for inlines, lines and pictures. */
#include "render/confluence/adf_inside.h"

#include "render/confluence/style.h"

enum {
	INDENT_MAX = 10,
	BORDER_MAX = 10,
	MARKS_MAX = 64 /* of one node; further ones are not looked at */
};

struct mark_row {
	adf_mark_fn *add;
	uint16_t arg;
};

static const struct mark_row rows[ADF_WORDS] = {
#define ADF_NODE(type, show, arg)
#define ADF_MARK(type, add, arg) [ADF_W_##type] = {add, arg},
#include "render/confluence/adf.def"
#undef ADF_MARK
#undef ADF_NODE
};

static struct slice value_of(const struct adf *a, uint32_t attrs, enum adf_word name)
{
	return attrs != 0 ? adf_tape_scalar(&a->tape, adf_tape_member(&a->tape, attrs, name))
			  : slice_of(NULL, 0);
}

void mark_bits(struct adf *a, uint32_t attrs, uint16_t arg, struct adf_marks *marks)
{
	(void)a;
	(void)attrs;
	marks->bits |= arg;
}

void mark_subsup(struct adf *a, uint32_t attrs, uint16_t arg, struct adf_marks *marks)
{
	struct slice type = value_of(a, attrs, ADF_W_type);
	(void)arg;
	if (slice_eq(type, SLICE_LIT("sub"))) {
		marks->bits |= MARK_SUB;
	} else if (slice_eq(type, SLICE_LIT("sup"))) {
		marks->bits |= MARK_SUP;
	}
}

void mark_colour(struct adf *a, uint32_t attrs, uint16_t arg, struct adf_marks *marks)
{
	(void)arg;
	marks->text = style_colour(value_of(a, attrs, ADF_W_color));
}

void mark_ground(struct adf *a, uint32_t attrs, uint16_t arg, struct adf_marks *marks)
{
	(void)arg;
	marks->ground = style_colour(value_of(a, attrs, ADF_W_color));
}

/* Texts beside each other under the same address are one link. */
void mark_link(struct adf *a, uint32_t attrs, uint16_t arg, struct adf_marks *marks)
{
	struct slice href = slice_of(NULL, 0);
	struct slice title = value_of(a, attrs, ADF_W_title);
	if (attrs != 0) {
		href = adf_tape_text(&a->tape, adf_tape_member(&a->tape, attrs, ADF_W_href));
	}
	(void)arg;
	if (slice_eq(href, a->link_href) && slice_eq(title, a->link_title)) {
		marks->link = a->link;
		return;
	}
	struct builder_link *link = NULL;
	struct slice resolved = reader_link_href(a->r, href);
	if (resolved.len > 0) {
		link = builder_alloc(&a->r->b, sizeof(*link));
		link->href = resolved;
	}
	if (link != NULL && title.len > 0) {
		struct slice *kept = builder_alloc(&a->r->b, sizeof(*kept));
		*kept = words_keep(&a->r->b, title);
		link->title = kept;
	}
	a->link = link;
	a->link_href = href;
	a->link_title = title;
	marks->link = link;
}

void mark_alignment(struct adf *a, uint32_t attrs, uint16_t arg, struct adf_marks *marks)
{
	(void)arg;
	marks->align = (uint8_t)style_align(value_of(a, attrs, ADF_W_align));
}

void mark_indentation(struct adf *a, uint32_t attrs, uint16_t arg, struct adf_marks *marks)
{
	uint64_t level;
	(void)arg;
	if (slice_to_u64(value_of(a, attrs, ADF_W_level), INDENT_MAX, &level)) {
		marks->indent = (uint8_t)level;
	}
}

void mark_font_size(struct adf *a, uint32_t attrs, uint16_t arg, struct adf_marks *marks)
{
	(void)arg;
	marks->small = slice_eq(value_of(a, attrs, ADF_W_fontSize), SLICE_LIT("small"));
}

void mark_border(struct adf *a, uint32_t attrs, uint16_t arg, struct adf_marks *marks)
{
	uint64_t size;
	(void)arg;
	marks->border_width = 1;
	if (slice_to_u64(value_of(a, attrs, ADF_W_size), BORDER_MAX, &size)) {
		marks->border_width = (uint8_t)size;
	}
	marks->border = style_colour(value_of(a, attrs, ADF_W_color));
}

void mark_nothing(struct adf *a, uint32_t attrs, uint16_t arg, struct adf_marks *marks)
{
	(void)a;
	(void)attrs;
	(void)arg;
	(void)marks;
}

struct adf_marks adf_marks_of(struct adf *a, const struct adf_node *n)
{
	const struct adf_cell *cells = a->tape.cells;
	struct adf_marks marks = {.bits = 0};
	if (n->marks == 0 || cells[n->marks].kind != ADF_ARRAY) {
		return marks;
	}
	uint32_t end = adf_tape_next(&a->tape, n->marks);
	unsigned looked_at = 0;
	for (uint32_t i = n->marks + 1; i < end && looked_at < MARKS_MAX;
	     i = adf_tape_next(&a->tape, i), looked_at++) {
		if (cells[i].kind != ADF_OBJECT) {
			continue;
		}
		struct adf_node mark = adf_node_at(a, i);
		const struct mark_row *row = &rows[mark.type];
		if (row->add != NULL) {
			row->add(a, mark.attrs, row->arg, &marks);
		}
	}
	return marks;
}

static const struct ink *ink_for(struct adf *a, const struct adf_marks *m)
{
	const struct ink *now = a->r->b.ink;
	struct ink ink = {.text = m->text, .ground = m->ground};
	if (now != NULL) {
		ink.text = ink.text != COLOUR_NONE ? ink.text : now->text;
		ink.ground = ink.ground != COLOUR_NONE ? ink.ground : now->ground;
	}
	if (a->ink != NULL && a->ink->text == ink.text && a->ink->ground == ink.ground) {
		return a->ink;
	}
	struct ink *made = builder_alloc(&a->r->b, sizeof(*made));
	*made = ink;
	a->ink = made;
	return made;
}

struct adf_look adf_look_begin(struct adf *a, const struct adf_node *n)
{
	struct builder *b = &a->r->b;
	struct adf_look before = {.marks = b->marks, .ink = b->ink, .link = b->link};
	if (n->marks == 0) {
		return before;
	}
	struct adf_marks m = adf_marks_of(a, n);
	b->marks |= m.bits;
	if (m.text != COLOUR_NONE || m.ground != COLOUR_NONE) {
		b->ink = ink_for(a, &m);
	}
	if (m.link != NULL) {
		b->link = m.link;
	}
	return before;
}

void adf_look_end(struct adf *a, const struct adf_look *before)
{
	a->r->b.marks = before->marks;
	a->r->b.ink = before->ink;
	a->r->b.link = before->link;
}
