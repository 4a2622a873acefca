#include "render/html/writer.h"

/* For narrow screens and dark mode only: the mail is right without it. `t`: a cell of text on no ground of its own;
 * `p`: a cell with a light ground, which it keeps. */
static const struct slice style = SLICE_INIT(
	"<style>\n"
	"@media (max-width:480px){.k{display:block!important;width:100%!important}"
	".f{padding:12px!important}}\n"
	"@media (prefers-color-scheme:dark){.b{background-color:#161a1d!important}"
	".f{background-color:#22272b!important;color:#dee4ea!important}"
	".t{color:#dee4ea!important}.g{color:#9fadbc!important}.t a{color:#85b8ff!important}.t "
	".c{color:inherit!important}"
	".p,.p .t{color:#172b4d!important}.p a{color:#0052cc!important}}\n"
	"</style>\n");

static const struct slice doctype = SLICE_INIT(
	"<!DOCTYPE html>\n"
	"<html lang=\"en\">\n<head>\n<meta charset=\"UTF-8\">\n"
	"<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n"
	"<meta name=\"color-scheme\" content=\"light dark\">\n"
	"<meta name=\"supported-color-schemes\" content=\"light dark\">\n<title>");

/* The middle of the window, 680 px wide; Word knows no max-width, so it gets a table of its own. */
static const struct slice frame_open = SLICE_INIT(
	HTML_LAYOUT " width=\"100%\" bgcolor=\"#f4f5f7\" class=\"b\" "
		    "style=\"background-color:#f4f5f7\"><tr><td align=\"center\" "
		    "style=\"padding:16px 0\">\n"
		    "<!--[if mso]>" HTML_LAYOUT " width=\"680\"><tr><td><![endif]-->\n" HTML_LAYOUT
		    " width=\"100%\" bgcolor=\"#ffffff\" "
		    "style=\"width:100%;max-width:680px;background-color:#ffffff\">\n");

static const struct slice frame_close = SLICE_INIT("</table>\n"
						   "<!--[if mso]></td></tr></table><![endif]-->\n"
						   "</td></tr></table>\n</body>\n</html>\n");

/* Hidden first words for the line beside the subject; fillers keep the page's own first words away from it. */
static void put_preheader(struct html *h)
{
	struct slice summary = {0};
	if (h->out.fault == FAULT_NONE) {
		h->out.fault = view_summary(h->view, &summary);
	}
	if (h->out.fault != FAULT_NONE || summary.len == 0) {
		return;
	}
	out_lit(&h->out, "<div style=\"display:none;font-size:1px;line-height:1px;max-height:0;"
			 "mso-hide:all\">");
	out_text(&h->out, summary);
	for (int i = 0; i < 40; i++) {
		out_lit(&h->out, "&#847;&zwnj;&nbsp;");
	}
	out_lit(&h->out, "</div>\n");
	h->out.run = 0;
}

static void put_lines(struct html *h, struct slice text)
{
	struct slice line;
	while (slice_cut_to(&text, '\n', &line)) {
		out_text(&h->out, line);
		out_lit(&h->out, "<br>\n");
		h->out.run = 0;
	}
	out_text(&h->out, text);
}

static void put_note(struct html *h)
{
	struct slice note = slice_trim(h->view->in->note);
	if (note.len == 0) {
		return;
	}
	out_lit(&h->out, HTML_LAYOUT
		" width=\"100%\" style=\"margin:0 0 16px\"><tr>"
		"<td width=\"4\" bgcolor=\"#0052cc\" "
		"style=\"background-color:#0052cc;font-size:1px\">&nbsp;</td>"
		"<td class=\"p\" bgcolor=\"#deebff\" "
		"style=\"padding:10px 14px;background-color:#deebff;" HTML_FONT HTML_INK "\">");
	put_lines(h, note);
	out_lit(&h->out, "</td></tr></table>\n");
	h->out.run = 0;
}

static void put_button(struct html *h)
{
	if (h->view->page_url.len == 0) {
		return;
	}
	out_lit(&h->out, HTML_LAYOUT " style=\"margin:0 0 4px\"><tr><td bgcolor=\"#0052cc\" "
				     "style=\"padding:8px 16px;background-color:#0052cc;" HTML_FONT
				     "color:#ffffff\"><a href=\"");
	out_attr(&h->out, h->view->page_url);
	out_lit(&h->out, "\" style=\"color:#ffffff!important;text-decoration:none\">"
			 "<span style=\"color:#ffffff\"><b>");
	out_text(&h->out, h->view->button);
	out_lit(&h->out, "</b></span></a></td></tr></table>\n");
	h->out.run = 0;
}

void html_put_head(struct html *h)
{
	struct out *o = &h->out;
	out_put(o, doctype);
	out_attr(o, h->view->title);
	out_lit(o, "</title>\n");
	out_put(o, style);
	out_lit(o, "</head>\n<body class=\"b\" bgcolor=\"#f4f5f7\" "
		   "style=\"margin:0;padding:0;background-color:#f4f5f7\">\n");
	put_preheader(h);
	out_put(o, frame_open);
	out_lit(o, "<tr><td class=\"f t\" style=\"padding:24px 24px 12px;"
		   "border-bottom:1px solid #dfe1e6;" HTML_FONT HTML_INK "\">\n"
		   "<h1 style=\"margin:0 0 4px;font-size:26px;line-height:1.25\"");
	out_lit(o, ">");
	out_text(o, h->view->title);
	out_lit(o, "</h1>\n");
	o->run = 0;
	if (h->view->byline.len > 0) {
		out_lit(o, "<p class=\"g\" style=\"margin:0 0 12px;color:#5e6c84\">");
		out_text(o, h->view->byline);
		out_lit(o, "</p>\n");
		o->run = 0;
	}
	put_note(h);
	put_button(h);
	out_lit(o, "</td></tr>\n<tr><td class=\"f t\" style=\"padding:20px 24px 12px;" HTML_FONT
			   HTML_INK "\">\n");
}

static void put_files(struct html *h)
{
	char size[VIEW_SIZE_TEXT];
	if (h->view->file_count == 0) {
		return;
	}
	out_lit(&h->out, "<tr><td class=\"f t\" style=\"padding:12px 24px;"
			 "border-top:1px solid #dfe1e6;" HTML_FONT HTML_INK "\"><b>");
	out_text(&h->out, view_files_words);
	out_lit(&h->out, "</b>");
	for (size_t i = 0; i < h->view->file_count; i++) {
		out_lit(&h->out, "<br>\n&#128206; ");
		h->out.run = 0;
		out_text(&h->out, h->view->files[i].name);
		out_lit(&h->out, " (");
		out_text(&h->out, view_size(h->view->files[i].bytes.len, size));
		out_lit(&h->out, ")");
	}
	out_lit(&h->out, "</td></tr>\n");
}

void html_put_foot(struct html *h)
{
	out_lit(&h->out, "</td></tr>\n");
	put_files(h);
	out_lit(&h->out, "<tr><td class=\"f g\" style=\"padding:12px 24px 20px;"
			 "border-top:1px solid #dfe1e6;font:12px/1.5 Arial,Helvetica,sans-serif;"
			 "color:#5e6c84\">");
	out_text(&h->out, view_footer_words);
	out_lit(&h->out, "</td></tr>\n");
	out_put(&h->out, frame_close);
}

static void open_notice(struct html *h, struct slice id)
{
	out_lit(&h->out,
		HTML_LAYOUT " width=\"100%\" style=\"margin:0 0 16px\"><tr><td class=\"p\" ");
	out_put(&h->out, id);
	out_lit(&h->out,
		"bgcolor=\"#fffae6\" style=\"padding:10px 14px;background-color:#fffae6;" HTML_FONT
			HTML_INK "\">");
	h->out.run = 0;
}

static void close_notice(struct html *h)
{
	out_lit(&h->out, "</td></tr></table>\n");
	h->out.run = 0;
}

void html_put_notice(struct html *h)
{
	open_notice(h, SLICE_LIT("id=\"size-notice\" "));
	out_text(&h->out, view_long_words);
	close_notice(h);
}

void html_put_rest(struct html *h)
{
	open_notice(h, SLICE_LIT(""));
	out_lit(&h->out, "&hellip; ");
	if (h->view->page_url.len > 0 && h->view->page_url.len <= HTML_ADDRESS_MAX) {
		html_put_link(h, h->view->page_url);
		out_text(&h->out, h->view->button);
		out_lit(&h->out, "</a>");
	}
	close_notice(h);
}
