#include "render/html/writer.h"

enum { STEPS_MAX = 10 /* deeper lists go in no further */, KINDS = 3 };

static unsigned depth_of(const struct node *n, enum node_kind kind, enum node_kind or_kind)
{
	unsigned depth = 0;
	for (n = n->parent; n != NULL; n = n->parent) {
		depth += n->kind == kind || n->kind == or_kind ? 1 : 0;
	}
	return depth;
}

static void put_margins(struct html *h, const struct node *n)
{
	unsigned depth = depth_of(n, NODE_BULLETS, NODE_NUMBERS);
	bool outermost = depth == 0 && n->parent != NULL && n->parent->kind != NODE_CELL;
	bool rtl = view_is_rtl(n) || (h->view->rtl && !html_turns(h, n));
	html_put_language(h, n);
	html_put_dir(h, n);
	out_put(&h->out, depth >= STEPS_MAX ? SLICE_LIT(" style=\"margin:0;padding:0\">\n")
			 : outermost && rtl
				 ? SLICE_LIT(" style=\"margin:0 24px 12px 0;padding:0\">\n")
			 : outermost ? SLICE_LIT(" style=\"margin:0 0 12px 24px;padding:0\">\n")
			 : rtl	     ? SLICE_LIT(" style=\"margin:0 20px 0 0;padding:0\">\n")
				     : SLICE_LIT(" style=\"margin:0 0 0 20px;padding:0\">\n"));
	h->now.blanks = 0;
}

void html_enter_bullets(struct html *h, const struct node *n)
{
	static const struct slice opens[KINDS] = {SLICE_INIT("<ul type=\"disc\""),
						  SLICE_INIT("<ul type=\"circle\""),
						  SLICE_INIT("<ul type=\"square\"")};
	out_put(&h->out, opens[depth_of(n, NODE_BULLETS, NODE_BULLETS) % KINDS]);
	put_margins(h, n);
}

void html_leave_bullets(struct html *h, const struct node *n)
{
	(void)n;
	out_lit(&h->out, "</ul>\n");
}

void html_enter_numbers(struct html *h, const struct node *n)
{
	static const char types[] = "1ai";
	const char *type = n->of.numbers.type != '\0'
				   ? &n->of.numbers.type
				   : &types[depth_of(n, NODE_NUMBERS, NODE_NUMBERS) % KINDS];
	out_lit(&h->out, "<ol type=\"");
	out_put(&h->out, slice_of(type, 1));
	out_lit(&h->out, "\"");
	if (n->of.numbers.start != 1) {
		out_lit(&h->out, " start=\"");
		out_number(&h->out, n->of.numbers.start);
		out_lit(&h->out, "\"");
	}
	put_margins(h, n);
}

void html_leave_numbers(struct html *h, const struct node *n)
{
	(void)n;
	out_lit(&h->out, "</ol>\n");
}

void html_enter_item(struct html *h, const struct node *n)
{
	out_lit(&h->out, "<li");
	html_put_language(h, n);
	out_lit(&h->out, " style=\"margin:0 0 4px\">");
	h->out.run = 0;
}

void html_leave_item(struct html *h, const struct node *n)
{
	(void)n;
	out_lit(&h->out, "</li>\n");
}

/* A list that is a part of another one stands in a row of its own, under the text. */
void html_enter_tasks(struct html *h, const struct node *n)
{
	bool nested = n->parent != NULL && n->parent->kind == n->kind;
	out_put(&h->out,
		nested ? SLICE_LIT("<tr><td width=\"20\">&nbsp;</td><td>") : SLICE_LIT(""));
	out_lit(&h->out, HTML_LAYOUT " width=\"100%\" style=\"margin:0 0 12px\"");
	html_put_dir(h, n);
	out_lit(&h->out, ">\n");
	h->now.blanks = 0;
}

void html_leave_tasks(struct html *h, const struct node *n)
{
	bool nested = n->parent != NULL && n->parent->kind == n->kind;
	out_lit(&h->out, "</table>\n");
	out_put(&h->out, nested ? SLICE_LIT("</td></tr>\n") : SLICE_LIT(""));
}

void html_enter_task(struct html *h, const struct node *n)
{
	bool done = (n->flags & NODE_DONE) != 0;
	out_lit(&h->out,
		"<tr valign=\"top\"><td class=\"t\" width=\"20\" style=\"" HTML_FONT HTML_INK
		"\">");
	out_put(&h->out, done ? SLICE_LIT("&#9745;</td>") : SLICE_LIT("&#9744;</td>"));
	html_name(h, done ? SLICE_LIT("task task-done") : SLICE_LIT("task"));
	out_put(&h->out,
		done ? SLICE_LIT("<td class=\"g\" style=\"padding:0 0 4px 4px;" HTML_FONT
				 "color:#505f79\">")
		     : SLICE_LIT("<td class=\"t\" style=\"padding:0 0 4px 4px;" HTML_FONT HTML_INK
				 "\">"));
	h->out.run = 0;
}

void html_leave_task(struct html *h, const struct node *n)
{
	out_put(&h->out,
		n->first == NULL ? SLICE_LIT("&nbsp;</td></tr>\n") : SLICE_LIT("</td></tr>\n"));
}

void html_enter_decisions(struct html *h, const struct node *n)
{
	html_enter_tasks(h, n);
}

void html_leave_decisions(struct html *h, const struct node *n)
{
	html_leave_tasks(h, n);
}

void html_enter_decision(struct html *h, const struct node *n)
{
	bool decided = (n->flags & NODE_DONE) != 0;
	out_lit(&h->out, "<tr valign=\"top\"><td class=\"p\" width=\"20\" bgcolor=\"#f4f5f7\" "
			 "style=\"background-color:#f4f5f7;padding:6px 0 6px 10px;" HTML_FONT);
	out_put(&h->out, decided ? SLICE_LIT("color:#006644\">") : SLICE_LIT("color:#505f79\">"));
	out_lit(&h->out, "<b>&#8627;</b></td>");
	html_name(h, SLICE_LIT("decision"));
	out_lit(&h->out,
		"<td class=\"p\" bgcolor=\"#f4f5f7\" "
		"style=\"background-color:#f4f5f7;padding:6px 10px 6px 6px;" HTML_FONT HTML_INK
		"\">");
	h->out.run = 0;
}

void html_leave_decision(struct html *h, const struct node *n)
{
	html_leave_task(h, n);
}
