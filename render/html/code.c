#include "render/html/writer.h"

enum { TAB = 4, CLOSING = 200 };

static void open_box(struct html *h, const struct code *c)
{
	struct out *o = &h->out;
	bool captioned = c->title.len > 0 || c->language.len > 0;
	if (captioned) {
		html_name(h, SLICE_LIT("code-caption"));
		out_lit(o, "<p class=\"g\" style=\"margin:0 0 2px;font-size:12px;color:#505f79\">");
		out_text(o, c->title);
		out_put(o, c->title.len > 0 && c->language.len > 0 ? SLICE_LIT(" &middot; ")
								   : SLICE_LIT(""));
		o->run = 0;
		out_text(o, c->language);
		out_lit(o, "</p>\n");
	}
	out_lit(o, HTML_LAYOUT " width=\"100%\"");
	out_put(o, h->view->rtl ? SLICE_LIT(" dir=\"ltr\"") : SLICE_LIT(""));
	out_lit(o, " style=\"margin:0 0 12px");
	out_put(o, c->bare ? SLICE_LIT("\"><tr>") : SLICE_LIT(";border:1px solid #dfe1e6\"><tr>"));
	o->run = 0;
	h->now.blanks = 0;
}

static void open_cell(struct html *h, const struct code *c, bool numbers)
{
	struct out *o = &h->out;
	html_name(h, SLICE_LIT("code"));
	out_lit(o, "<td valign=\"top\" ");
	out_put(o, h->view->rtl ? SLICE_LIT("dir=\"ltr\" ") : SLICE_LIT(""));
	out_put(o, numbers	  ? SLICE_LIT("align=\"right\" width=\"32\" ")
		   : h->view->rtl ? SLICE_LIT("align=\"left\" ")
				  : SLICE_LIT(""));
	out_put(o, c->bare ? SLICE_LIT("class=\"t\" style=\"")
			   : SLICE_LIT("class=\"p\" bgcolor=\"#f4f5f7\" "
				       "style=\"background-color:#f4f5f7;"));
	out_lit(o, "padding:8px 10px;font:13px/1.5 " HTML_MONO ";");
	out_put(o, numbers ? SLICE_LIT("color:#505f79\">") : SLICE_LIT(HTML_INK "\">"));
}

static void put_blanks(struct out *o, size_t n, bool at_start)
{
	/* A single blank stays a break point; the first of a line would be dropped. */
	if (n > 0 && !at_start) {
		out_lit(o, " ");
		n--;
	}
	while (n-- > 0) {
		out_lit(o, "&nbsp;");
	}
	o->run = 0;
}

static void put_line(struct out *o, struct slice line)
{
	size_t from = 0;
	size_t column = 0;
	for (size_t i = 0; i < line.len;) {
		if (line.ptr[i] != ' ' && line.ptr[i] != '\t') {
			i++;
			continue;
		}
		out_text(o, slice_of(line.ptr + from, i - from));
		column += i - from;
		size_t blanks = 0;
		for (; i < line.len && (line.ptr[i] == ' ' || line.ptr[i] == '\t'); i++) {
			blanks += line.ptr[i] == ' ' ? 1 : TAB - (column + blanks) % TAB;
		}
		put_blanks(o, blanks, column == 0);
		column += blanks;
		from = i;
	}
	out_text(o, slice_of(line.ptr + from, line.len - from));
	o->run = 0;
}

/* Lines while there is room. Where no place to cut is known yet, the end of a line has to be it. */
static void put_lines(struct html *h, struct slice text)
{
	h->out.whole = true;
	for (bool more = true; more && html_has_room(h, 0);) {
		struct slice line = text;
		more = slice_cut_to(&text, '\n', &line);
		if (!h->mark.set && !html_has_room(h, out_text_len(line) + CLOSING)) {
			put_line(&h->out, out_cut(line, html_room_left(h, CLOSING)));
			h->full = true;
			break;
		}
		put_line(&h->out, line);
		out_put(&h->out, more ? SLICE_LIT("<br>\n") : SLICE_LIT(""));
	}
	h->out.whole = false;
}

static size_t count_lines(struct slice text)
{
	size_t lines = 1;
	struct slice line;
	while (slice_cut_to(&text, '\n', &line)) {
		lines++;
	}
	return lines;
}

static void put_numbers(struct html *h, const struct code *c)
{
	size_t lines = count_lines(c->text);
	for (size_t i = 0; i < lines && html_has_room(h, 0); i++) {
		out_put(&h->out, i > 0 ? SLICE_LIT("<br>\n") : SLICE_LIT(""));
		out_number(&h->out, c->first_line + i);
	}
}

void html_code(struct html *h, const struct node *n)
{
	const struct code *c = n->of.code;
	bool whole = !h->full;
	open_box(h, c);
	if (c->numbered) {
		open_cell(h, c, true);
		put_numbers(h, c);
		out_lit(&h->out, "</td>");
	}
	open_cell(h, c, false);
	put_lines(h, c->text);
	out_put(&h->out, c->text.len == 0 ? SLICE_LIT("&nbsp;</td></tr></table>\n")
					  : SLICE_LIT("</td></tr></table>\n"));
	if (whole && h->full) { /* no place to cut was known: this is it */
		html_mark(h, n);
	}
}
