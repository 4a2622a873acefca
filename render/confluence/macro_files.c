/* Files of the page: one, all, or the pictures among them. */
#include "render/confluence/macros.h"

#include "render/confluence/pattern.h"
#include "render/confluence/targets.h"

enum { GALLERY_MAX = 30, GALLERY_COLUMNS_MAX = 3, NAMES_MAX = 16, LISTS_MAX = 8 };

static enum macro_fate file(struct reader *r, struct macro *m, struct element *body)
{
	static const struct slice names[] = {SLICE_INIT("name"), SLICE_INIT("attachment"),
					     SLICE_INIT("file"), SLICE_INIT("")};
	const struct reference *named = macro_reference(m);
	struct reference ref = {.kind = REFERENCE_FILE};
	ref.value = words_keep(&r->b, macro_first_param(m, names, COUNT_OF(names)));
	if (named != NULL && named->kind == REFERENCE_PAGE) { /* that the file hangs on */
		ref.elsewhere = true;
		ref.title = named->title;
		ref.space = named->space;
	}
	for (const struct macro_param *p = m->params; p != NULL; p = p->next) {
		ref = p->ref.kind == REFERENCE_FILE ? p->ref : ref;
	}
	if (ref.value.len == 0) {
		/* A film may also lie on another server. */
		return m->rule->arg != 0 ? macro_link(r, m, body) : macro_card(r, m, body);
	}
	target_show_file(r, &ref);
	return MACRO_RENDERED;
}

/* Which of the job's attachments a list of names means. */
struct choice {
	bool is_in[JOB_ATTACHMENTS_MAX];
	bool is_said; /* there is a list */
};

/* A star before the ending is meant as any name, though an expression would want a dot before it. */
static bool read_expression(struct slice name, struct pattern *out_pattern)
{
	char with_dot[PATTERN_MAX];
	if (!slice_starts(name, SLICE_LIT("*")) || name.len >= sizeof(with_dot)) {
		return pattern_read(name, out_pattern);
	}
	with_dot[0] = '.';
	for (size_t i = 0; i < name.len; i++) {
		with_dot[i + 1] = name.ptr[i];
	}
	return pattern_read(slice_of(with_dot, name.len + 1), out_pattern);
}

static void choose(const struct reader *r, struct slice name, struct choice *c)
{
	struct pattern p;
	bool taken = read_expression(name, &p);
	for (size_t i = 0; i < r->params->attachment_count && i < COUNT_OF(c->is_in); i++) {
		struct slice file = r->params->attachments[i].name;
		c->is_in[i] = c->is_in[i] || slice_eq_nocase(file, name) ||
			      (taken && pattern_matches(&p, file));
	}
}

/* Regular expressions, or names as they are, parted by commas. */
static struct choice choice_of(const struct reader *r, const struct macro *m, struct slice param)
{
	struct choice c = {.is_said = false};
	struct slice list = macro_param(m, param);
	size_t names = 0;
	for (bool more = true; more && names < NAMES_MAX; names++) {
		struct slice name = list;
		more = slice_cut_to(&list, ',', &name);
		name = slice_trim(name);
		if (name.len > 0) {
			c.is_said = true;
			choose(r, name, &c);
		}
	}
	return c;
}

/* The job's attachments in an order; there are few of them. */
struct shelf {
	uint16_t at[JOB_ATTACHMENTS_MAX];
	size_t count;
};

static bool comes_before(const struct attachment *a, const struct attachment *b, struct slice by)
{
	if (slice_eq(by, SLICE_LIT("size"))) {
		return a->bytes.len > b->bytes.len;
	}
	return slice_eq(by, SLICE_LIT("name")) && slice_compare(a->name, b->name) < 0;
}

static void put_on_shelf(const struct reader *r, struct shelf *s, size_t index, struct slice by)
{
	const struct attachment *all = r->params->attachments;
	size_t place = s->count++;
	for (; place > 0 && comes_before(&all[index], &all[s->at[place - 1]], by); place--) {
		s->at[place] = s->at[place - 1];
	}
	s->at[place] = (uint16_t)index;
}

static void turn(struct shelf *s)
{
	for (size_t i = 0; i < s->count / 2; i++) {
		uint16_t other = s->at[s->count - 1 - i];
		s->at[s->count - 1 - i] = s->at[i];
		s->at[i] = other;
	}
}

static void show_files(struct reader *r, const struct shelf *s)
{
	unsigned depth;
	builder_open(&r->b, NODE_FILES, &depth);
	for (size_t i = 0; i < s->count; i++) {
		struct reference ref = {.kind = REFERENCE_FILE};
		ref.value = r->params->attachments[s->at[i]].name;
		target_show_file(r, &ref);
	}
	if (depth != BUILDER_NO_DEPTH) {
		builder_close(&r->b, depth);
	}
}

/* A page that asks for the same again and again does not get a mail of nothing else. */
static bool may_list(struct reader *r)
{
	return r->lists++ < LISTS_MAX;
}

/* Those that came with the job. */
static enum macro_fate attachments(struct reader *r, struct macro *m, struct element *body)
{
	struct shelf shelf = {.count = 0};
	const struct reference *other = macro_reference(m);
	if (!may_list(r)) {
		return macro_card(r, m, body);
	}
	struct choice wanted = choice_of(r, m, SLICE_LIT("patterns"));
	for (size_t i = 0; i < r->params->attachment_count && i < COUNT_OF(shelf.at); i++) {
		if (!wanted.is_said || wanted.is_in[i]) {
			put_on_shelf(r, &shelf, i, macro_param(m, SLICE_LIT("sortBy")));
		}
	}
	if (slice_eq_nocase(macro_param(m, SLICE_LIT("sortOrder")), SLICE_LIT("descending"))) {
		turn(&shelf);
	}
	bool elsewhere = other != NULL && !slice_eq(other->title, r->params->page->title);
	if (shelf.count == 0 || elsewhere) {
		return macro_card(r, m, body);
	}
	builder_break(&r->b);
	show_files(r, &shelf);
	return MACRO_RENDERED;
}

static bool looks_like_picture(struct slice name)
{
	static const struct slice ends[] = {
		SLICE_INIT(".png"),  SLICE_INIT(".jpg"),  SLICE_INIT(".jpeg"), SLICE_INIT(".gif"),
		SLICE_INIT(".webp"), SLICE_INIT(".avif"), SLICE_INIT(".svg"),  SLICE_INIT(".bmp"),
		SLICE_INIT(".tif"),  SLICE_INIT(".tiff")};
	for (size_t i = 0; i < COUNT_OF(ends); i++) {
		if (name.len > ends[i].len &&
		    slice_eq_nocase(slice_skip(name, name.len - ends[i].len), ends[i])) {
			return true;
		}
	}
	return false;
}

static void choose_pictures(struct reader *r, const struct macro *m, struct shelf *out_shelf)
{
	struct choice with = choice_of(r, m, SLICE_LIT("include"));
	struct choice without = choice_of(r, m, SLICE_LIT("exclude"));
	struct slice sort = macro_param(m, SLICE_LIT("sort"));
	*out_shelf = (struct shelf){.count = 0};
	for (size_t i = 0; i < r->params->attachment_count && i < COUNT_OF(out_shelf->at); i++) {
		if (looks_like_picture(r->params->attachments[i].name) &&
		    (!with.is_said || with.is_in[i]) && !without.is_in[i]) {
			put_on_shelf(r, out_shelf, i, sort);
		}
	}
	if (macro_is(m, SLICE_LIT("reverse"))) {
		turn(out_shelf);
	}
}

static void show_pictures(struct reader *r, const struct shelf *s)
{
	for (size_t i = 0; i < s->count && i < GALLERY_MAX; i++) {
		struct slice name = r->params->attachments[s->at[i]].name;
		struct reference ref = {.kind = REFERENCE_FILE, .value = name};
		struct slice href = target_href(r, &ref, slice_of(NULL, 0));
		struct node *n = builder_new(&r->b, NODE_PICTURE);
		n->flags = NODE_THUMB;
		n->of.image->attachment = s->at[i];
		n->of.image->name = name;
		n->of.image->alt = name;
		n->of.image->href = href;
		builder_append(&r->b, n);
	}
}

static enum macro_fate gallery(struct reader *r, struct macro *m, struct element *body)
{
	struct shelf shelf;
	unsigned depth;
	uint64_t columns;
	if (!may_list(r)) {
		return macro_card(r, m, body);
	}
	choose_pictures(r, m, &shelf);
	if (shelf.count == 0) {
		return macro_card(r, m, body);
	}
	struct slice title = macro_words(r, m, SLICE_LIT("title"));
	builder_break(&r->b);
	if (title.len > 0) {
		r->b.marks |= MARK_STRONG;
		words_add(&r->b, title);
		r->b.marks &= (uint16_t)~MARK_STRONG;
		builder_break(&r->b);
	}
	struct node *n = builder_open(&r->b, NODE_GALLERY, &depth);
	if (depth == BUILDER_NO_DEPTH) {
		show_files(r, &shelf);
		return MACRO_RENDERED;
	}
	bool said = slice_to_u64(macro_param(m, SLICE_LIT("columns")), GALLERY_COLUMNS_MAX,
				 &columns);
	n->of.gallery.columns = said && columns > 0 ? (uint8_t)columns : GALLERY_COLUMNS_MAX;
	show_pictures(r, &shelf);
	builder_close(&r->b, depth);
	return MACRO_RENDERED;
}

static const struct macro_rule rows[] = {
	MACRO_CALLED("view-file", file, 0, "File"),
	MACRO_CALLED("viewpdf", file, 0, "PDF file"),
	MACRO_CALLED("viewdoc", file, 0, "Document"),
	MACRO_CALLED("viewxls", file, 0, "Spreadsheet"),
	MACRO_CALLED("viewppt", file, 0, "Presentation"),
	MACRO_CALLED("multimedia", file, 1, "Film or sound"),
	MACRO_CALLED("attachments", attachments, 0, "Files of this page"),
	MACRO_CALLED("space-attachments", macro_card, 0, "Files of the space"),
	MACRO_CALLED("gallery", gallery, 0, "Gallery of this page"),
};

const struct macro_table macro_files = {rows, COUNT_OF(rows)};
