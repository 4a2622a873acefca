#include "render/html/html.h"

#include <string.h>

#include "spool-free/base/problem.h"
#include "render/html/css_inline.h"
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
	[NODE_FILES] = html_enter_files,
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
	[NODE_FILES] = html_leave_files,
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
	if (h->out.into->len < h->mark_from) {
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

/* --- custom CSS makes the HTML longer: what is cut off depends on what comes out --- */

/* One way through the page; it is cut so that it has at most `limit` bytes. */
static enum fault write_once(struct view *v, size_t limit, size_t foot, bool styled,
			     struct buf *into)
{
	size_t kept = HTML_CLOSE_ROOM + foot;
	struct html h = {.out = {.into = into}, .view = v, .now.heading = 1, .styled = styled};
	h.stop = limit > kept + HTML_LEAST ? limit - kept : HTML_LEAST;
	h.mark_from = h.stop > HTML_MARK_ROOM ? h.stop - HTML_MARK_ROOM : 0;
	html_measure_pictures(&h);
	write_all(&h);
	v->cut = h.full;
	return h.out.fault;
}

static enum fault warn_of_css(struct view *v, const struct css *css)
{
	struct problem sentence;
	struct slice detail;
	if (css->dropped_rules == 0 && css->dropped_declarations == 0) {
		return FAULT_NONE;
	}
	(void)problem_set(&sentence, FAULT_BAD_FIELD, "Of the custom CSS, ");
	problem_add_number(&sentence, css->dropped_rules);
	problem_add(&sentence, " selectors or @ rules and ");
	problem_add_number(&sentence, css->dropped_declarations);
	problem_add(&sentence, " declarations are none that mail readers bear and were left out.");
	enum fault f = arena_copy(v->arena, problem_text(&sentence), &detail);
	return f == FAULT_NONE ? view_warn(v, WARNING_CSS_DROPPED, detail) : f;
}

/* Pictures of a first try that was longer. */
static void drop_unused_pictures(struct view *v, struct slice html)
{
	struct media *m = &v->media;
	size_t kept = 0;
	for (size_t i = 0; i < m->shown_count; i++) {
		if (slice_find(html, m->shown[i].content_id) < html.len) {
			m->shown[kept++] = m->shown[i];
		}
	}
	m->shown_count = kept;
}

/*
 * Writes with names, then puts the rules in. Comes too much out, the page is cut earlier, in proportion. `*out_styled`
 * is false when that does not help: the rules alone fill the mail.
 */
static enum fault write_styled(struct view *v, const struct css *css, size_t foot, struct buf *into,
			       bool *out_styled)
{
	size_t limit = HTML_LIMIT;
	*out_styled = false;
	for (int i = 0; i < HTML_TRIES; i++) {
		struct buf raw;
		buf_init(&raw, SIZE_MAX / 2);
		buf_clear(into);
		enum fault f = write_once(v, limit, foot, true, &raw);
		f = f == FAULT_NONE ? css_inline(css, buf_view(&raw), v->arena, into) : f;
		size_t len = raw.len;
		buf_deinit(&raw);
		if (f != FAULT_NONE) {
			return f;
		}
		if (into->len <= HTML_LIMIT) {
			*out_styled = true;
			if (i > 0) {
				drop_unused_pictures(v, buf_view(into));
			}
			return FAULT_NONE;
		}
		uint64_t scaled = (uint64_t)len * HTML_LIMIT / into->len;
		limit = (scaled < limit ? (size_t)scaled : limit) / 16 * 15;
	}
	return FAULT_NONE;
}

static enum fault write_with_css(struct view *v, size_t foot, struct buf *into)
{
	struct css css;
	bool styled = false;
	enum fault f = css_parse(v->in->layout.css, v->arena, &css);
	if (f == FAULT_NONE) {
		f = warn_of_css(v, &css);
	}
	if (f == FAULT_NONE && css.rule_count > 0) {
		f = write_styled(v, &css, foot, into, &styled);
	}
	if (f == FAULT_NONE && css.rule_count > 0 && !styled) {
		f = view_warn(
			v, WARNING_CSS_DROPPED,
			SLICE_LIT("The custom CSS makes the HTML part larger than mail readers "
				  "show; it was left out."));
	}
	if (f != FAULT_NONE || styled) {
		return f;
	}
	buf_clear(into);
	return write_once(v, HTML_LIMIT, foot, false, into);
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
	f = v->in->layout.css.len == 0 ? write_once(v, HTML_LIMIT, foot, false, &made)
				       : write_with_css(v, foot, &made);
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
