#include "render/html/plain.h"

#include "render/html/plain_writer.h"

enum { FRAME = 2048 };

static plain_fn *const enter[NODE_KINDS] = {
	[NODE_PARAGRAPH] = plain_enter_paragraph,
	[NODE_HEADING] = plain_enter_heading,
	[NODE_GROUP] = plain_enter_group,
	[NODE_QUOTE] = plain_enter_quote,
	[NODE_PANEL] = plain_enter_panel,
	[NODE_EXPAND] = plain_enter_titled,
	[NODE_FRAME] = plain_enter_titled,
	[NODE_TAB] = plain_enter_tab,
	[NODE_BULLETS] = plain_enter_list,
	[NODE_NUMBERS] = plain_enter_list,
	[NODE_ITEM] = plain_enter_item,
	[NODE_TASKS] = plain_enter_list,
	[NODE_TASK] = plain_enter_task,
	[NODE_DECISIONS] = plain_enter_list,
	[NODE_DECISION] = plain_enter_decision,
	[NODE_TABLE] = plain_enter_table,
	[NODE_ROW] = plain_enter_row,
	[NODE_CELL] = plain_enter_cell,
	[NODE_PICTURE] = plain_enter_picture,
	[NODE_CAPTION] = plain_enter_caption,
	[NODE_CODE] = plain_code,
	[NODE_RULE] = plain_enter_rule,
	[NODE_CARD] = plain_card,
	[NODE_FILE] = plain_file,
	[NODE_TEXT] = plain_text,
	[NODE_BREAK] = plain_break,
	[NODE_LINK] = plain_enter_link,
	[NODE_IMAGE] = plain_image,
	[NODE_STATUS] = plain_status,
	[NODE_DATE] = plain_date,
	[NODE_MENTION] = plain_mention,
	[NODE_EMOJI] = plain_emoji,
	[NODE_CARD_INLINE] = plain_card_inline,
	[NODE_FILE_INLINE] = plain_file_inline,
};

static plain_fn *const leave[NODE_KINDS] = {
	[NODE_PARAGRAPH] = plain_leave_paragraph,
	[NODE_HEADING] = plain_leave_heading,
	[NODE_GROUP] = plain_leave_group,
	[NODE_QUOTE] = plain_leave_block,
	[NODE_PANEL] = plain_leave_block,
	[NODE_EXPAND] = plain_leave_block,
	[NODE_FRAME] = plain_leave_block,
	[NODE_TAB] = plain_leave_tab,
	[NODE_BULLETS] = plain_leave_list,
	[NODE_NUMBERS] = plain_leave_list,
	[NODE_ITEM] = plain_leave_item,
	[NODE_TASKS] = plain_leave_list,
	[NODE_TASK] = plain_leave_item,
	[NODE_DECISIONS] = plain_leave_list,
	[NODE_DECISION] = plain_leave_item,
	[NODE_TABLE] = plain_leave_table,
	[NODE_ROW] = plain_leave_row,
	[NODE_CELL] = plain_leave_cell,
	[NODE_LAYOUT] = plain_leave_layout,
	[NODE_COLUMN] = plain_leave_column,
	[NODE_GALLERY] = plain_leave_layout,
	[NODE_FILES] = plain_leave_layout,
	[NODE_PICTURE] = plain_leave_picture,
	[NODE_CAPTION] = plain_leave_caption,
	[NODE_RULE] = plain_leave_rule,
	[NODE_LINK] = plain_leave_link,
};

plain_fn *plain_entering(const struct node *n)
{
	return enter[n->kind];
}

plain_fn *plain_leaving(const struct node *n)
{
	return leave[n->kind];
}

static void write_page(struct plain *p)
{
	struct walk w = walk_of(p->view->document->root);
	while (walk_next(&w)) {
		plain_fn *fn = w.leaving ? leave[w.at->kind] : enter[w.at->kind];
		if (fn != NULL) {
			fn(p, w.at);
		}
		if (p->skip) {
			p->skip = false;
			walk_skip(&w);
		}
	}
}

static void put_lines(struct flow *f, struct slice text)
{
	struct slice line;
	while (slice_cut_to(&text, '\n', &line)) {
		flow_text(f, line);
		flow_line_end(f);
	}
	flow_text(f, text);
	flow_line_end(f);
}

static void put_head(struct plain *p)
{
	struct flow *f = p->flow;
	const struct view *v = p->view;
	if (v->header.len > 0) {
		put_lines(f, v->header);
		flow_gap(f, 1);
	}
	flow_measure(f);
	flow_text(f, v->title);
	flow_line_end(f);
	flow_rule(f, '=', f->longest);
	flow_text(f, v->byline);
	flow_line_end(f);
	struct slice note = slice_trim(v->in->note);
	if (note.len > 0) {
		flow_gap(f, 1);
		put_lines(f, note);
	}
	if (v->page_url.len > 0) {
		flow_gap(f, 1);
		flow_text(f, v->button);
		flow_lit(f, ": <");
		flow_text(f, v->page_url);
		flow_lit(f, ">");
	}
	if (v->cut) {
		flow_gap(f, 1);
		flow_text(f, view_word(v, WORD_LONG));
	}
	flow_gap(f, 1);
}

static void put_addresses(struct plain *p)
{
	struct flow *f = p->flow;
	for (uint32_t i = 0; i < p->addresses.count; i++) {
		if (i == 0) {
			flow_gap(f, 1);
		}
		flow_lit(f, "[");
		plain_put_number(p, i + 1);
		flow_lit(f, "] <");
		flow_text(f, p->addresses.listed[i]->href);
		flow_lit(f, ">");
		flow_line_end(f);
	}
}

static void put_file(struct plain *p, struct slice name, uint64_t size, struct slice href)
{
	struct flow *f = p->flow;
	char room[VIEW_SIZE_TEXT];
	flow_line_end(f);
	flow_push(f, SLICE_LIT("- "), SLICE_LIT("  "));
	flow_text(f, name);
	flow_lit(f, " (");
	flow_text(f, view_size(p->view, size, room));
	flow_lit(f, ")");
	if (href.len > 0) {
		flow_lit(f, " <");
		flow_text(f, href);
		flow_lit(f, ">");
	}
	flow_pop(f, true);
}

static void put_files(struct plain *p)
{
	struct flow *f = p->flow;
	const struct view *v = p->view;
	if (v->file_count > 0) {
		flow_gap(f, 1);
		flow_text(f, view_word(v, WORD_FILES));
		flow_lit(f, ":");
	}
	for (size_t i = 0; i < v->file_count; i++) {
		put_file(p, v->files[i].name, v->files[i].bytes.len, (struct slice){0});
	}
	if (v->left_out_count > 0) {
		flow_gap(f, 1);
		flow_text(f, view_word(v, WORD_LEFT_OUT));
		flow_lit(f, ":");
	}
	for (size_t i = 0; i < v->left_out_count; i++) {
		put_file(p, v->left_out[i].name, v->left_out[i].size, v->left_out[i].href);
	}
}

static void write_all(struct plain *p)
{
	struct flow *f = p->flow;
	put_head(p);
	uint64_t lines = f->lines;
	write_page(p);
	flow_line_end(f);
	if (f->lines == lines) {
		flow_text(f, view_word(p->view, WORD_EMPTY));
	}
	put_addresses(p);
	put_files(p);
	flow_gap(f, 1);
	flow_signature(f);
	flow_text(f, view_word(p->view, WORD_FOOTER));
	flow_line_end(f);
}

/* Most pages' text fits into this; growing copies and wipes what there is. */
static size_t usual_size(size_t body)
{
	return FRAME + body / 2;
}

enum fault plain_write(struct view *v, struct slice *out_text)
{
	struct buf made;
	char *unused;
	struct plain p = {.view = v};
	buf_init(&made, SIZE_MAX / 2);
	buf_init(&p.scratch, SIZE_MAX / 2);
	flow_init(&p.page, &made, FLOW_WIDTH);
	flow_init(&p.cell, &p.scratch, SIZE_MAX);
	p.flow = &p.page;
	enum fault f = buf_reserve(&made, usual_size(v->in->page->body.len), &unused);
	if (f == FAULT_NONE) {
		f = addresses_count(&p.addresses, v->document->root, v->arena);
	}
	if (f == FAULT_NONE) {
		write_all(&p);
		f = p.page.fault;
	}
	if (f == FAULT_NONE) {
		f = arena_copy(v->arena, buf_view(&made), out_text);
	}
	flow_deinit(&p.cell);
	flow_deinit(&p.page);
	p.scratch.len = p.scratch.room; /* shorter lines stood where longer ones did */
	buf_deinit(&p.scratch);
	buf_deinit(&made);
	return f;
}
