#include "render/html/writer.h"

enum {
	LOGO_HEIGHT = 48,
	LOGO_WIDTH = 320,
	FILES_MAX = 12 * 1024, /* bytes of each list of files */
};

/*
 * For narrow screens and dark mode only: the mail is right without it. By class:
 *   b  the window        f  a cell of the frame      w  ... with the frame's ground
 *   t  text on no ground of its own      g  grey text      c  a colour of the page's
 *   p  a light ground, which is kept     d  a dark one     k  a column that may stand below another
 *   n  a cell with a word that is too long for a narrow screen
 */
static const struct slice style = SLICE_INIT(
	"<style>\n"
	"@media (max-width:480px){.k{display:block!important;width:100%!important}"
	".f{padding:12px!important}.n{word-break:break-word!important}}\n"
	"@media (prefers-color-scheme:dark){.b{background-color:#161a1d!important}"
	".w{background-color:#22272b!important;color:#dee4ea!important}"
	".t{color:#dee4ea!important}.g{color:#9fadbc!important}.t a{color:#85b8ff!important}.t "
	".c{color:inherit!important}"
	".p,.p .t{color:#172b4d!important}.p .g{color:#505f79!important}.p "
	"a{color:#0052cc!important}"
	".d,.d .t,.d .g,.d a{color:#fefefe!important}.d .p{color:#172b4d!important}.d .p "
	"a{color:#0052cc!important}}\n"
	"</style>\n");

/*
 * Outlook.com and its apps recolour by themselves, grounds and letters, and say so on what they changed: the frame then
 * has the dark mode's own colours, and links can be read. Grounds of panels and cells stay with what was made of them.
 * A block of its own: a reader that drops a block for an attribute selector drops no other.
 */
static const struct slice outlook_style = SLICE_INIT(
	"<style>\n"
	"[data-ogsb] .b{background-color:#161a1d!important}"
	"[data-ogsb] .w{background-color:#22272b!important}"
	"[data-ogsc] .w,[data-ogsc] .t{color:#dee4ea!important}"
	"[data-ogsc] .g{color:#9fadbc!important}"
	"[data-ogsc] .t a{color:#85b8ff!important}\n"
	"</style>\n");

static const struct slice head_open = SLICE_INIT(
	"<head>\n<meta charset=\"UTF-8\">\n"
	"<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n"
	"<meta name=\"color-scheme\" content=\"light dark\">\n"
	"<meta name=\"supported-color-schemes\" content=\"light dark\">\n<title>");

/* The middle of the window, 680 px wide; Word knows no max-width, so it gets a table of its own. */
static const struct slice frame_open = SLICE_INIT(
	HTML_LAYOUT " width=\"100%\" bgcolor=\"#f4f5f7\" class=\"b\" "
		    "style=\"background-color:#f4f5f7\"><tr><td align=\"center\" "
		    "style=\"padding:16px 0\">\n"
		    "<!--[if mso]>" HTML_LAYOUT " width=\"680\"><tr><td><![endif]-->\n" HTML_LAYOUT
		    " width=\"100%\" bgcolor=\"#fefefe\" "
		    "style=\"width:100%;max-width:680px;background-color:#fefefe\">\n");

static const struct slice frame_close = SLICE_INIT("</table>\n"
						   "<!--[if mso]></td></tr></table><![endif]-->\n"
						   "</td></tr></table>\n</body>\n</html>\n");

/* On each element that readers may keep, because some drop the one on <html>. */
static void put_frame_direction(struct html *h)
{
	out_put(&h->out, h->view->rtl ? SLICE_LIT(" dir=\"rtl\" align=\"right\"") : SLICE_LIT(""));
}

/* The mail's own words are in another language where it has none of them. */
static void put_own_language(struct html *h)
{
	struct slice own = language_of_words(&h->view->language);
	if (own.len > 0) {
		out_lit(&h->out, " lang=\"");
		out_put(&h->out, own);
		out_lit(&h->out, "\"");
	}
}

static void put_own_heading(struct html *h, enum word word)
{
	out_lit(&h->out, "<b");
	put_own_language(h);
	out_lit(&h->out, ">");
	out_text(&h->out, view_word(h->view, word));
	out_lit(&h->out, "</b>");
}

/* A row of the frame up to the padding of its only cell. */
static void open_section(struct html *h, struct slice name)
{
	out_lit(&h->out, "<tr>");
	html_name(h, name);
	out_lit(&h->out, "<td class=\"f w t\"");
	put_frame_direction(h);
	out_lit(&h->out, " bgcolor=\"#fefefe\" style=\"background-color:#fefefe;"
			 "word-break:break-word;");
}

#define FILLER	 "&#847;&zwnj;&nbsp;"
#define FILLERS8 FILLER FILLER FILLER FILLER FILLER FILLER FILLER FILLER

/* Keep what follows away from the line beside the subject. */
static const struct slice fillers = SLICE_INIT(FILLERS8 FILLERS8 FILLERS8 FILLERS8 FILLERS8);

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
	out_put(&h->out, fillers);
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
	out_lit(&h->out,
		HTML_LAYOUT " width=\"100%\" style=\"margin:0 0 16px\"><tr>"
			    "<td width=\"4\" bgcolor=\"#0052cc\" "
			    "style=\"background-color:#0052cc;font-size:1px\">&nbsp;</td>");
	html_name(h, SLICE_LIT("note"));
	out_lit(&h->out, "<td class=\"p\"");
	out_put(&h->out, view_text_direction(note) == DIRECTION_RTL
				 ? SLICE_LIT(" dir=\"rtl\" align=\"right\"")
				 : SLICE_LIT(""));
	out_lit(&h->out,
		" bgcolor=\"#deebff\" style=\"padding:10px 14px;background-color:#deebff;" HTML_FONT
			HTML_INK "\">");
	put_lines(h, note);
	out_lit(&h->out, "</td></tr></table>\n");
	h->out.run = 0;
}

static void put_button(struct html *h)
{
	if (h->view->page_url.len == 0) {
		return;
	}
	out_lit(&h->out, HTML_LAYOUT " style=\"margin:0 0 4px\"><tr>");
	html_name(h, SLICE_LIT("button"));
	out_lit(&h->out,
		"<td bgcolor=\"#0052cc\" class=\"d\" "
		"style=\"padding:8px 16px;background-color:#0052cc;" HTML_FONT "color:#fefefe\">");
	html_name(h, SLICE_LIT("~button"));
	out_lit(&h->out, "<a href=\"");
	out_attr(&h->out, h->view->page_url);
	out_lit(&h->out, "\" style=\"color:#fefefe;text-decoration:none\">");
	html_name(h, SLICE_LIT("~button"));
	out_lit(&h->out, "<span style=\"color:#fefefe\"><b>");
	out_text(&h->out, h->view->button);
	out_lit(&h->out, "</b></span></a></td></tr></table>\n");
	h->out.run = 0;
}

/* The site's picture, at most LOGO_HEIGHT px high, on a ground of its own; then the tenant's line. */
static bool put_logo(struct html *h)
{
	struct view *v = h->view;
	enum media_verdict verdict = MEDIA_NO_PICTURE;
	if (v->logo == TREE_NO_ATTACHMENT || h->out.fault != FAULT_NONE) {
		return false;
	}
	h->out.fault = media_show(&v->media, (size_t)v->logo, &verdict);
	if (h->out.fault != FAULT_NONE || verdict != MEDIA_SHOWN) {
		return false;
	}
	const struct medium *m = &v->media.all[v->logo];
	uint64_t width = m->sniff.width;
	if (m->sniff.height > LOGO_HEIGHT) {
		width = width * LOGO_HEIGHT / m->sniff.height;
	}
	width = width > LOGO_WIDTH ? LOGO_WIDTH : width;
	html_name(h, SLICE_LIT("logo"));
	out_lit(&h->out, "<td bgcolor=\"#fefefe\" "
			 "style=\"padding:4px;background-color:#fefefe\"><img src=\"cid:");
	out_attr(&h->out, m->content_id);
	out_lit(&h->out, "\" width=\"");
	out_number(&h->out, width > 0 ? width : LOGO_HEIGHT);
	out_lit(&h->out, "\" alt=\"");
	out_attr(&h->out, v->in->page->facts.space_name);
	out_lit(&h->out, "\" style=\"display:block;max-width:100%;height:auto;border:0\"></td>");
	return true;
}

static void warn_logo(struct html *h)
{
	if (h->out.fault == FAULT_NONE && h->view->in->layout.logo.len > 0) {
		h->out.fault = view_warn(
			h->view, WARNING_LOGO_NOT_SHOWN,
			SLICE_LIT("The logo is none of the attachments, or no picture "
				  "that mail readers show; the mail goes without it."));
	}
}

static void put_letterhead(struct html *h)
{
	struct slice header = h->view->header;
	bool logo = h->view->logo != TREE_NO_ATTACHMENT;
	if (!logo) {
		warn_logo(h);
	}
	if (!logo && header.len == 0) {
		return;
	}
	out_lit(&h->out, HTML_LAYOUT " style=\"margin:0 0 16px\"><tr>");
	bool shown = put_logo(h);
	if (logo && !shown) {
		warn_logo(h);
	}
	if (header.len > 0) {
		html_name(h, SLICE_LIT("header-text"));
		out_put(&h->out,
			shown ? SLICE_LIT(
					"<td class=\"t\" style=\"padding:0 12px;" HTML_FONT HTML_INK
					"\">")
			      : SLICE_LIT("<td class=\"t\" style=\"" HTML_FONT HTML_INK "\">"));
		put_lines(h, header);
		out_lit(&h->out, "</td>");
	} else if (!shown) {
		out_lit(&h->out, "<td>&nbsp;</td>");
	}
	out_lit(&h->out, "</tr></table>\n");
	h->out.run = 0;
}

static void put_title(struct html *h)
{
	struct out *o = &h->out;
	html_name(h, SLICE_LIT("title"));
	out_lit(o, "<h1");
	if (view_text_direction(h->view->title) == DIRECTION_RTL) {
		out_lit(o, " dir=\"rtl\" align=\"right\"");
	}
	out_lit(o, " style=\"margin:0 0 4px;font-size:26px;line-height:1.25\">");
	out_text(o, h->view->title);
	out_lit(o, "</h1>\n");
	o->run = 0;
	if (h->view->byline.len > 0) {
		html_name(h, SLICE_LIT("byline"));
		out_lit(o, "<p class=\"g\" style=\"margin:0 0 12px;color:#505f79\">");
		out_text(o, h->view->byline);
		out_lit(o, "</p>\n");
		o->run = 0;
	}
}

void html_put_head(struct html *h)
{
	struct out *o = &h->out;
	out_lit(o, "<!DOCTYPE html>\n<html lang=\"");
	out_attr(o, h->view->language.tag);
	out_put(o, h->view->rtl ? SLICE_LIT("\" dir=\"rtl\">\n") : SLICE_LIT("\" dir=\"ltr\">\n"));
	out_put(o, head_open);
	out_attr(o, h->view->title);
	out_lit(o, "</title>\n");
	out_put(o, style);
	out_put(o, outlook_style);
	out_lit(o, "</head>\n<body class=\"b\" bgcolor=\"#f4f5f7\" "
		   "style=\"margin:0;padding:0;background-color:#f4f5f7\">\n");
	put_preheader(h);
	html_name(h, SLICE_LIT("=body"));
	out_put(o, frame_open);
	open_section(h, SLICE_LIT("header"));
	out_lit(o, "padding:24px 24px 12px;border-bottom:1px solid #dfe1e6;" HTML_FONT HTML_INK
		   "\">\n");
	put_letterhead(h);
	put_title(h);
	put_note(h);
	put_button(h);
	out_lit(o, "</td></tr>\n");
	open_section(h, SLICE_LIT("page"));
	out_lit(o, "padding:20px 24px 12px;" HTML_FONT HTML_INK "\">\n");
}

static void put_file(struct html *h, struct slice name, uint64_t size, struct slice href)
{
	char room[VIEW_SIZE_TEXT];
	out_lit(&h->out, "<br>\n&#128206; ");
	h->out.run = 0;
	if (href.len > 0) {
		html_put_link(h, href);
	}
	out_text(&h->out, name);
	out_put(&h->out, href.len > 0 ? SLICE_LIT("</a>") : SLICE_LIT(""));
	out_lit(&h->out, " (");
	out_text(&h->out, view_size(h->view, size, room));
	out_lit(&h->out, ")");
}

/* Lists of files leave room to the page: the text part, and the mail itself, have all of them. */
static bool is_long(struct html *h, size_t start)
{
	if (h->out.into->len - start < FILES_MAX) {
		return false;
	}
	out_lit(&h->out, "<br>\n&hellip;");
	return true;
}

static void put_files(struct html *h)
{
	const struct view *v = h->view;
	size_t start = h->out.into->len;
	if (v->file_count + v->left_out_count == 0) {
		return;
	}
	open_section(h, SLICE_LIT("files"));
	out_lit(&h->out,
		"padding:12px 24px;border-top:1px solid #dfe1e6;" HTML_FONT HTML_INK "\">");
	if (v->file_count > 0) {
		put_own_heading(h, WORD_FILES);
	}
	for (size_t i = 0; i < v->file_count && !is_long(h, start); i++) {
		put_file(h, v->files[i].name, v->files[i].bytes.len, (struct slice){0});
	}
	if (v->left_out_count > 0) {
		out_put(&h->out, v->file_count > 0 ? SLICE_LIT("<br>\n") : SLICE_LIT(""));
		put_own_heading(h, WORD_LEFT_OUT);
	}
	start = h->out.into->len;
	for (size_t i = 0; i < v->left_out_count && !is_long(h, start); i++) {
		put_file(h, v->left_out[i].name, v->left_out[i].size, v->left_out[i].href);
	}
	out_lit(&h->out, "</td></tr>\n");
}

void html_put_foot(struct html *h)
{
	out_lit(&h->out, "</td></tr>\n");
	put_files(h);
	out_lit(&h->out, "<tr>");
	html_name(h, SLICE_LIT("footer"));
	out_lit(&h->out, "<td class=\"f w g\"");
	/* English words in a frame that runs from right to left keep their full stop behind them. */
	if (h->view->rtl && view_text_direction(view_word(h->view, WORD_FOOTER)) == DIRECTION_LTR) {
		out_lit(&h->out, " dir=\"ltr\" align=\"right\"");
	} else {
		put_frame_direction(h);
	}
	put_own_language(h);
	out_lit(&h->out,
		" bgcolor=\"#fefefe\" style=\"background-color:#fefefe;padding:12px 24px 20px;"
		"border-top:1px solid #dfe1e6;font:12px/1.5 Arial,Helvetica,sans-serif;"
		"color:#505f79\">");
	out_text(&h->out, view_word(h->view, WORD_FOOTER));
	out_lit(&h->out, "</td></tr>\n");
	out_put(&h->out, frame_close);
}

/* Where a page is cut, in words and with the way to the whole of it. */
static void put_size_notice(struct html *h, struct slice id, struct slice mark)
{
	struct out *o = &h->out;
	struct slice url = h->view->page_url;
	out_lit(o, HTML_LAYOUT " width=\"100%\" style=\"margin:0 0 16px\"><tr>");
	html_name(h, SLICE_LIT("size-notice"));
	out_lit(o, "<td class=\"p\" id=\"");
	out_put(o, id);
	out_lit(o, "\"");
	put_own_language(h);
	out_lit(o, " bgcolor=\"#fffae6\" style=\"padding:10px "
		   "14px;background-color:#fffae6;" HTML_FONT HTML_INK "\">");
	o->run = 0;
	out_put(o, mark);
	bool linked = url.len > 0 && url.len <= HTML_ADDRESS_MAX;
	/* Behind what was said at the top, the way to the rest says enough. */
	if (mark.len == 0 || !linked) {
		out_text(o, view_word(h->view, WORD_LONG));
		out_lit(o, " ");
	}
	if (linked) {
		html_put_link(h, url);
		out_text(o, h->view->button);
		out_lit(o, "</a>");
	}
	out_lit(o, "</td></tr></table>\n");
	o->run = 0;
}

void html_put_notice(struct html *h)
{
	put_size_notice(h, SLICE_LIT("size-notice"), SLICE_LIT(""));
}

/* Ids are unique; this one begins with the same words. */
void html_put_rest(struct html *h)
{
	put_size_notice(h, SLICE_LIT("size-notice-end"), SLICE_LIT("&hellip; "));
}
