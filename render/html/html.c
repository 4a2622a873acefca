#include "render/html/html.h"

#include <string.h>

#include "render/html/writer.h"

static html_fn *const enter[NODE_KINDS] = {
	[NODE_PARAGRAPH] = html_enter_paragraph,
	[NODE_HEADING] = html_enter_heading,
	[NODE_GROUP] = html_enter_group,
	[NODE_QUOTE] = html_enter_quote,
	[NODE_PANEL] = html_enter_panel,
	[NODE_EXPAND] = html_enter_expand,
	[NODE_FRAME] = html_enter_frame,
	[NODE_TAB] = html_enter_tab,
	[NODE_BULLETS] = html_enter_bullets,
	[NODE_NUMBERS] = html_enter_numbers,
	[NODE_ITEM] = html_enter_item,
	[NODE_TASKS] = html_enter_tasks,
	[NODE_TASK] = html_enter_task,
	[NODE_DECISIONS] = html_enter_decisions,
	[NODE_DECISION] = html_enter_decision,
	[NODE_TABLE] = html_enter_table,
	[NODE_ROW] = html_enter_row,
	[NODE_CELL] = html_enter_cell,
	[NODE_LAYOUT] = html_enter_layout,
	[NODE_COLUMN] = html_enter_column,
	[NODE_GALLERY] = html_enter_gallery,
	[NODE_PICTURE] = html_enter_picture,
	[NODE_CAPTION] = html_enter_caption,
	[NODE_CODE] = html_code,
	[NODE_RULE] = html_enter_rule,
	[NODE_CARD] = html_card,
	[NODE_FILE] = html_file,
	[NODE_TEXT] = html_text,
	[NODE_BREAK] = html_break,
	[NODE_LINK] = html_enter_link,
	[NODE_IMAGE] = html_image,
	[NODE_STATUS] = html_status,
	[NODE_DATE] = html_date,
	[NODE_MENTION] = html_mention,
	[NODE_EMOJI] = html_emoji,
	[NODE_CARD_INLINE] = html_card_inline,
	[NODE_FILE_INLINE] = html_file_inline,
	[NODE_ANCHOR] = html_anchor,
};

static html_fn *const leave[NODE_KINDS] = {
	[NODE_PARAGRAPH] = html_leave_paragraph,
	[NODE_HEADING] = html_leave_heading,
	[NODE_GROUP] = html_leave_group,
	[NODE_QUOTE] = html_leave_quote,
	[NODE_PANEL] = html_leave_panel,
	[NODE_EXPAND] = html_leave_titled,
	[NODE_FRAME] = html_leave_titled,
	[NODE_TAB] = html_leave_tab,
	[NODE_BULLETS] = html_leave_bullets,
	[NODE_NUMBERS] = html_leave_numbers,
	[NODE_ITEM] = html_leave_item,
	[NODE_TASKS] = html_leave_tasks,
	[NODE_TASK] = html_leave_task,
	[NODE_DECISIONS] = html_leave_decisions,
	[NODE_DECISION] = html_leave_decision,
	[NODE_TABLE] = html_leave_table,
	[NODE_ROW] = html_leave_row,
	[NODE_CELL] = html_leave_cell,
	[NODE_LAYOUT] = html_leave_layout,
	[NODE_COLUMN] = html_leave_column,
	[NODE_GALLERY] = html_leave_gallery,
	[NODE_PICTURE] = html_leave_picture,
	[NODE_CAPTION] = html_leave_caption,
	[NODE_RULE] = html_leave_rule,
	[NODE_LINK] = html_leave_link,
};

void html_name(struct html *h, struct slice names)
{
	if (h->styled) {
		out_lit(&h->out, "<?");
		out_put(&h->out, names);
		out_lit(&h->out, "?>");
	}
}

bool html_has_room(const struct html *h, size_t more)
{
	return h->out.into->len + more < h->stop;
}

size_t html_room_left(const struct html *h, size_t less)
{
	size_t taken = h->out.into->len + less;
	return taken < h->stop ? h->stop - taken : 0;
}

void html_mark(struct html *h, const struct node *n)
{
	h->mark.set = true;
	h->mark.at = h->out.into->len;
	h->mark.node = n;
	h->mark.state = h->now;
	h->mark.shown = h->view->media.shown_count;
}

/* Behind a whole block or part the page may be cut; a cell or column is closed by its row. */
static bool ends_block(const struct node *n)
{
	return node_level(n) != NODE_IS_INLINE && n->kind != NODE_CELL && n->kind != NODE_COLUMN &&
	       n->kind != NODE_CAPTION && n->kind != NODE_ROOT;
}

static void after(struct html *h, const struct node *n)
{
	if (h->out.into->len < HTML_MARK_FROM) {
		return;
	}
	bool full = !html_has_room(h, 0);
	/* Where no block ended in time, the page is cut right here. */
	if (full ? !h->mark.set : ends_block(n)) {
		html_mark(h, n);
	}
	h->full = h->full || full;
}

static void write_page(struct html *h)
{
	struct walk w = walk_of(h->view->document->root);
	while (!h->full && walk_next(&w)) {
		html_fn *fn = w.leaving ? leave[w.at->kind] : enter[w.at->kind];
		if (fn != NULL) {
			fn(h, w.at);
		}
		if (w.leaving || node_content(w.at) == NODE_HOLDS_TEXTLESS) {
			after(h, w.at);
		}
	}
}

/* Back to the mark; all that was open there is closed. */
static void cut(struct html *h)
{
	if (!h->mark.set || h->out.fault != FAULT_NONE) {
		return;
	}
	h->out.into->len = h->mark.at;
	h->now = h->mark.state;
	media_keep_shown(&h->view->media, h->mark.shown);
	for (const struct node *n = h->mark.node->parent; n != NULL; n = n->parent) {
		if (leave[n->kind] != NULL) {
			leave[n->kind](h, n);
		}
	}
	html_put_rest(h);
}

/* The same words at the top, where readers meet them; `at` is the end of the page's head. */
static void insert_notice(struct html *h, size_t at)
{
	struct buf *all = h->out.into;
	size_t end = all->len;
	html_put_notice(h);
	if (h->out.fault != FAULT_NONE) {
		return;
	}
	size_t len = all->len - end;
	char notice[HTML_NOTICE_MAX];
	if (len <= sizeof(notice)) {
		memcpy(notice, all->ptr + end, len);
		memmove(all->ptr + at + len, all->ptr + at, end - at);
		memcpy(all->ptr + at, notice, len);
	}
}

static void write_all(struct html *h)
{
	html_put_head(h);
	size_t page = h->out.into->len;
	write_page(h);
	if (page == h->out.into->len) {
		out_lit(&h->out, "<p style=\"margin:0 0 12px\">");
		out_text(&h->out, view_word(h->view, WORD_EMPTY));
		out_lit(&h->out, "</p>\n");
	}
	if (h->full) {
		cut(h);
		insert_notice(h, page);
	}
	view_drop_shown(h->view);
	html_put_foot(h);
}

/* How long the foot is: it must follow, wherever the page is cut. */
static enum fault measure_foot(struct view *v, size_t *out_len)
{
	struct buf foot;
	buf_init(&foot, SIZE_MAX / 2);
	struct html h = {.out = {.into = &foot}, .view = v};
	html_put_foot(&h);
	*out_len = foot.len;
	buf_deinit(&foot);
	return h.out.fault;
}

/* Most pages fit into this; growing would copy, and wipe, all that is written some times over. */
static size_t usual_size(size_t body)
{
	return body < HTML_LIMIT / HTML_GROWTH ? HTML_FRAME + body * HTML_GROWTH : HTML_LIMIT;
}

enum fault html_write(struct view *v, struct slice *out_html)
{
	size_t foot;
	enum fault f = measure_foot(v, &foot);
	if (f != FAULT_NONE) {
		return f;
	}
	struct buf made;
	char *unused;
	buf_init(&made, SIZE_MAX / 2);
	f = buf_reserve(&made, usual_size(v->in->page->body.len), &unused);
	if (f != FAULT_NONE) {
		return f;
	}
	struct html h = {.out = {.into = &made}, .view = v, .now.heading = 1};
	h.stop = foot < HTML_LIMIT - HTML_MARK_FROM - HTML_CLOSE_ROOM
			 ? HTML_LIMIT - HTML_CLOSE_ROOM - foot
			 : HTML_MARK_FROM + 1;
	html_measure_pictures(&h);
	write_all(&h);
	f = h.out.fault;
	v->cut = h.full;
	if (f == FAULT_NONE && v->cut) {
		f = view_warn(
			v, WARNING_HTML_OVER_LIMIT,
			SLICE_LIT("The page is longer than mail readers show: the HTML part ends "
				  "early and links to the page; the text part holds all of it."));
	}
	if (f == FAULT_NONE) {
		f = arena_copy(v->arena, buf_view(&made), out_html);
	}
	buf_deinit(&made);
	return f;
}
