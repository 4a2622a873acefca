#include "render/confluence/live.h"

#include "render/confluence/adf.h"
#include "render/confluence/export_view.h"
#include "render/confluence/known.h"
#include "render/confluence/targets.h"

static size_t size_of(const struct live_macro *live)
{
	size_t cells = 0;
	for (size_t i = 0; i < live->row_count; i++) {
		cells += live->rows[i].cell_count;
	}
	return live->body.len + cells * sizeof(struct live_cell);
}

static bool may_stand_here(const struct reader *r, const struct known_live *live)
{
	if (live->shown > 0 && size_of(live->live) > LIVE_AGAIN - r->live_again) {
		return false;
	}
	bool empty = live->live->kind == LIVE_ROWS && live->live->row_count == 0;
	if (empty || live->shown == LIVE_TIMES || r->live_depth == LIVE_DEPTH) {
		return false;
	}
	for (unsigned i = 0; i < r->live_depth; i++) {
		if (r->live[i] == live->live) {
			return false;
		}
	}
	return true;
}

struct known_live *live_find(struct reader *r, const struct slice *ids, size_t count)
{
	if (r->params->known == NULL || r->params->known->macro_count == 0) {
		return NULL;
	}
	for (size_t i = 0; i < count; i++) {
		struct known_live *live = known_live(r, ids[i]);
		if (live != NULL) {
			return may_stand_here(r, live) ? live : NULL;
		}
	}
	return NULL;
}

/* An empty line parts paragraphs, any other line end is one. */
static void show_text(struct reader *r, struct slice text, bool in_line)
{
	bool begun = false;
	bool gap = false;
	for (bool more = true; more;) {
		struct slice line = text;
		more = slice_cut_to(&text, '\n', &line);
		line = slice_trim(line);
		if (line.len == 0) {
			gap = true;
			continue;
		}
		if (begun && gap && !in_line) {
			builder_break(&r->b);
		} else if (begun) {
			builder_leaf(&r->b, NODE_BREAK);
		}
		words_add(&r->b, line);
		begun = true;
		gap = false;
	}
}

static void show_cell(struct reader *r, const struct live_cell *cell, bool head)
{
	unsigned close;
	struct node *made = builder_open(&r->b, NODE_CELL, &close);
	struct slice words = words_keep(&r->b, cell->text.len > 0 ? cell->text : cell->url);
	made->flags |= head ? NODE_HEAD : 0;
	target_show_link(r, reader_link_href(r, cell->url), words);
	builder_close(&r->b, close);
}

static void show_rows(struct reader *r, const struct live_macro *live)
{
	unsigned table;
	builder_open(&r->b, NODE_TABLE, &table);
	for (size_t i = 0; i < live->row_count; i++) {
		unsigned row;
		builder_open(&r->b, NODE_ROW, &row)->flags |= i == 0 ? NODE_HEAD : 0;
		for (size_t c = 0; c < live->rows[i].cell_count; c++) {
			show_cell(r, &live->rows[i].cells[c], i == 0);
		}
		builder_close(&r->b, row);
	}
	builder_close(&r->b, table);
}

/* What encloses the place on the page means nothing to the content that stands there. */
struct surroundings {
	struct reference *reference;
	struct macro *macro;
	struct link_context *link;
	struct image_context *image;
	const uint8_t *shares;
	bool in_html;
};

static struct surroundings step_out(struct reader *r)
{
	struct surroundings s = {r->reference, r->macro, r->link, r->image, r->shares, r->in_html};
	r->reference = NULL;
	r->macro = NULL;
	r->link = NULL;
	r->image = NULL;
	r->shares = NULL;
	r->in_html = true;
	return s;
}

static void step_back(struct reader *r, const struct surroundings *s)
{
	r->reference = s->reference;
	r->macro = s->macro;
	r->link = s->link;
	r->image = s->image;
	r->shares = s->shares;
	r->in_html = s->in_html;
}

void live_show(struct reader *r, struct known_live *live)
{
	struct adf_error error; /* what is no JSON to its end shows as much as can be read */
	struct surroundings around = step_out(r);
	bool in_line = builder_is_inline(&r->b);
	r->live_again += live->shown > 0 ? size_of(live->live) : 0;
	live->shown++;
	r->live[r->live_depth++] = live->live;
	switch (live->live->kind) {
	case LIVE_HTML:
		r->b.fault = export_view_read(live->live->body, r);
		break;
	case LIVE_ADF:
		r->b.fault = adf_read(live->live->body, r, &error);
		break;
	case LIVE_TEXT:
		show_text(r, live->live->body, in_line);
		break;
	case LIVE_ROWS:
		show_rows(r, live->live);
		break;
	}
	if (!in_line) {
		builder_break(&r->b);
	}
	r->live_depth--;
	step_back(r, &around);
}

struct slice live_text(struct reader *r, struct known_live *live)
{
	live->shown++;
	struct slice rest = live->live->body;
	struct gather text = {.ptr = NULL};
	if (live->live->kind != LIVE_HTML) {
		return rest;
	}
	while (rest.len > 0) {
		size_t at = slice_find_byte(rest, '<');
		gather_add(&text, &r->b, slice_first(rest, at));
		gather_add(&text, &r->b, SLICE_LIT(" "));
		rest = slice_skip(rest, at);
		rest = slice_skip(rest, slice_find_byte(rest, '>') + 1);
	}
	return slice_trim(gather_view(&text));
}
