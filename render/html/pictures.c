#include "render/html/writer.h"

enum { THUMB = 300, GALLERY_THUMB = 160, INLINE_HEIGHT = 48, EMOJI_SIZE = 20 };

/* The px in which a picture is shown: what was wished, at most its own size and what stands open to it. */
static uint32_t shown_width(const struct node *n, const struct sniff *s)
{
	const struct image *i = n->of.image;
	uint64_t width = i->width;
	uint32_t room = html_room(n);
	bool in_gallery = n->parent != NULL && n->parent->kind == NODE_GALLERY;
	if (width == 0 && i->percent > 0) {
		width = (uint64_t)room * i->percent / 100;
	}
	if (width == 0 && i->height > 0 && s->height > 0) {
		width = (uint64_t)s->width * i->height / s->height;
	}
	if (width == 0 && n->kind == NODE_IMAGE && (n->flags & NODE_THUMB) == 0 &&
	    s->height > INLINE_HEIGHT) {
		width = (uint64_t)s->width * INLINE_HEIGHT / s->height;
	}
	width = width == 0 ? s->width : width;
	width = s->width > 0 && width > s->width ? s->width : width;
	uint32_t most = in_gallery ? GALLERY_THUMB : n->flags & NODE_THUMB ? THUMB : room;
	most = most < room ? most : room;
	return width == 0 || width > most ? most : (uint32_t)width;
}

static void put_img(struct html *h, const struct medium *m, uint32_t width, struct slice alt,
		    bool block)
{
	struct out *o = &h->out;
	out_lit(o, "<img src=\"cid:");
	out_attr(o, m->content_id);
	out_lit(o, "\" width=\"");
	out_number(o, width);
	out_lit(o, "\" alt=\"");
	out_attr(o, alt);
	out_put(o, block ? SLICE_LIT("\" style=\"display:block;max-width:100%;height:auto;border:0")
			 : SLICE_LIT("\" style=\"max-width:100%;height:auto;border:0"));
	/* As on the page: dark lines would vanish where a reader makes the ground dark. */
	out_put(o, m->sniff.is_clear ? SLICE_LIT(";background-color:#ffffff") : SLICE_LIT(""));
}

static void put_border(struct html *h, const struct image *i)
{
	if (i->border_width > 0) {
		out_lit(&h->out, ";border:");
		out_number(&h->out, i->border_width);
		out_lit(&h->out, "px solid ");
		out_colour(&h->out,
			   i->border != COLOUR_NONE ? i->border & 0xffffff : COLOUR_BORDER);
	}
}

static void warn(struct html *h, enum warning w, const char *detail)
{
	if (h->out.fault == FAULT_NONE) {
		h->out.fault = view_warn(h->view, w, slice_of_text(detail));
	}
}

static void warn_of_change(struct html *h, const struct medium *one)
{
	if (one->is_scaled) {
		warn(h, WARNING_PICTURE_SCALED,
		     "An image is larger than the mail shows it, and was scaled down.");
	}
	if (one->is_converted) {
		warn(h, WARNING_PICTURE_CONVERTED,
		     "An image in a format that many mail readers do not show was converted to PNG "
		     "or JPEG.");
	}
}

/* True when medium `index` is, from now on, a part that may be referred to. */
static bool show(struct html *h, size_t index)
{
	struct medium *one = &h->view->media.all[index];
	enum media_verdict verdict = MEDIA_NO_PICTURE;
	bool is_new = !one->is_judged;
	if (h->out.fault == FAULT_NONE) {
		h->out.fault = media_show(&h->view->media, index, &verdict);
	}
	switch (verdict) {
	case MEDIA_SHOWN:
		if (is_new) {
			warn_of_change(h, one);
		}
		return h->out.fault == FAULT_NONE;
	case MEDIA_NO_PICTURE:
		warn(h, WARNING_NO_PICTURE,
		     "An image of the page is no picture by its bytes; it is named instead.");
		break;
	case MEDIA_RARE:
		warn(h, WARNING_PICTURE_AS_FILE,
		     "An image is SVG, WebP, AVIF, HEIC, TIFF or BMP, which many mail readers do "
		     "not show, and could not be converted; it is named instead.");
		break;
	case MEDIA_LARGE:
		warn(h, WARNING_PICTURE_TOO_LARGE,
		     "An image is larger than one in a mail may be here (pictures.inline_each); it "
		     "is named instead.");
		break;
	case MEDIA_FULL:
		warn(h, WARNING_PICTURES_TOO_LARGE,
		     "The images of the page are larger together than a mail's may be here "
		     "(pictures.inline_all); the last ones are named instead.");
		break;
	case MEDIA_CUT:
	case MEDIA_NOT_FETCHED:
		break;
	}
	return false;
}

/* Where pictures stand widest: each is sent once, and must do for all its places. */
void html_measure_pictures(struct html *h)
{
	struct media *m = &h->view->media;
	struct walk w = walk_of(h->view->document->root);
	if (m->p.count == 0 || m->p.pictures == NULL || m->p.pictures->convert == NULL) {
		return;
	}
	while (walk_next(&w)) {
		const struct node *n = w.at;
		bool is_image = n->kind == NODE_IMAGE || n->kind == NODE_PICTURE;
		bool is_emoji = n->kind == NODE_EMOJI;
		int32_t at = is_image	? n->of.image->attachment
			     : is_emoji ? n->of.emoji.attachment
					: TREE_NO_ATTACHMENT;
		if (w.leaving || at == TREE_NO_ATTACHMENT) {
			continue;
		}
		struct medium *one = &m->all[at];
		uint32_t width = is_image ? shown_width(n, &one->sniff) : EMOJI_SIZE;
		one->shown_width = width > one->shown_width ? width : one->shown_width;
	}
}

static void open_link(struct html *h, struct slice href)
{
	if (href.len > 0 && !h->now.in_link) {
		html_put_link(h, href);
	}
}

static void close_link(struct html *h, struct slice href)
{
	if (href.len > 0 && !h->now.in_link) {
		out_lit(&h->out, "</a>");
	}
}

static void put_file_words(struct html *h, const struct medium *one)
{
	char size[VIEW_SIZE_TEXT];
	out_lit(&h->out, "&#128206; ");
	out_text(&h->out, one->file->name);
	out_lit(&h->out, " (");
	out_text(&h->out, view_size(h->view, one->file->bytes.len, size));
	if (media_is_too_large(one)) {
		out_lit(&h->out, ", ");
		out_text(&h->out, view_word(h->view, WORD_TOO_LARGE));
	}
	out_lit(&h->out, ")");
}

/* In place of a picture that cannot stand here: what it shows, and where it is. */
static void put_instead(struct html *h, const struct image *i, bool block)
{
	struct slice url = view_picture_url(h->view, i);
	struct slice href = url.len > 0 ? url : i->href.len > 0 ? i->href : h->view->page_url;
	out_put(&h->out,
		block ? SLICE_LIT(
				HTML_LAYOUT
				"><tr><td class=\"p\" bgcolor=\"#f4f5f7\" style=\"padding:8px 12px;"
				"border:1px solid #c1c7d0;background-color:#f4f5f7;" HTML_FONT
					HTML_INK "\">")
		      : SLICE_LIT("<span class=\"p\" "
				  "style=\"background-color:#f4f5f7;color:#172b4d\">["));
	h->out.run = 0;
	open_link(h, href);
	if (i->attachment != TREE_NO_ATTACHMENT) {
		put_file_words(h, &h->view->media.all[i->attachment]);
	} else {
		struct slice alt = i->alt.len > 0 ? i->alt : i->name;
		out_put(&h->out, alt.len > 0 ? SLICE_LIT("Image: ") : SLICE_LIT("Image"));
		out_text(&h->out, alt);
	}
	close_link(h, href);
	out_put(&h->out, block ? SLICE_LIT("</td></tr></table>") : SLICE_LIT("]</span>"));
}

/* A picture on another server, when it may be fetched; NULL: it is named instead, and a warning says why. */
static const struct medium *fetch(struct html *h, const struct node *n)
{
	struct media *m = &h->view->media;
	struct slice url = n->of.image->url;
	enum media_verdict verdict = MEDIA_NOT_FETCHED;
	size_t index = 0;
	if (url.len == 0 || h->out.fault != FAULT_NONE) {
		return NULL;
	}
	if (h->view->in->hides_remote) {
		warn(h, WARNING_REMOTE_PICTURE,
		     "An image lies on another web server, and policy lets no mail lead there; it "
		     "is "
		     "named.");
		return NULL;
	}
	if (m->p.pictures == NULL || m->p.pictures->fetch == NULL) {
		warn(h, WARNING_REMOTE_PICTURE,
		     "An image lies on another web server; the mail links to it and "
		     "loads nothing from there.");
		return NULL;
	}
	h->out.fault = media_fetch(m, url, &index, &verdict);
	if (verdict != MEDIA_SHOWN) {
		warn(h, WARNING_REMOTE_PICTURE_NOT_FETCHED,
		     "An image on another web server could not be fetched, or is none; the mail "
		     "links to it.");
		return NULL;
	}
	uint32_t width = shown_width(n, &m->all[index].sniff);
	m->all[index].shown_width = width > m->all[index].shown_width ? width
								      : m->all[index].shown_width;
	return show(h, index) ? &m->all[index] : NULL;
}

static const struct medium *find_picture(struct html *h, const struct node *n)
{
	int32_t at = n->of.image->attachment;
	if (at == TREE_NO_ATTACHMENT) {
		return fetch(h, n);
	}
	return show(h, (size_t)at) ? &h->view->media.all[at] : NULL;
}

static void put_image(struct html *h, const struct node *n, bool block)
{
	const struct image *i = n->of.image;
	const struct medium *m = find_picture(h, n);
	if (m == NULL) {
		put_instead(h, i, block);
		return;
	}
	open_link(h, i->href);
	put_img(h, m, shown_width(n, &m->sniff), i->alt, block);
	put_border(h, i);
	out_lit(&h->out, "\">");
	close_link(h, i->href);
}

void html_image(struct html *h, const struct node *n)
{
	put_image(h, n, false);
	h->out.run = 0;
}

void html_enter_picture(struct html *h, const struct node *n)
{
	struct out *o = &h->out;
	struct html_grid *g = h->now.grid;
	bool in_gallery = n->parent != NULL && n->parent->kind == NODE_GALLERY;
	h->now.blanks = 0;
	if (in_gallery && g != NULL) {
		out_put(o, g->cells > 0 && g->cells % n->parent->of.gallery.columns == 0
				   ? SLICE_LIT("</tr><tr valign=\"top\">\n")
				   : SLICE_LIT(""));
		g->cells++;
		out_lit(o,
			"<td class=\"t\" style=\"padding:0 12px 12px 0;" HTML_FONT HTML_INK "\">");
	} else if (n->align == ALIGN_WRAP_START || n->align == ALIGN_WRAP_END) {
		out_lit(o, HTML_LAYOUT);
		out_put(o, n->align == ALIGN_WRAP_START ? SLICE_LIT(" align=\"left\"")
							: SLICE_LIT(" align=\"right\""));
		out_lit(o, "><tr><td class=\"t\" style=\"padding:0 12px 8px;" HTML_FONT HTML_INK
			   "\">");
	} else {
		out_lit(o, HTML_LAYOUT
			" width=\"100%\" style=\"margin:0 0 12px\"><tr><td class=\"t\" ");
		out_put(o, n->align == ALIGN_START    ? SLICE_LIT("align=\"left\"")
			   : n->align == ALIGN_END    ? SLICE_LIT("align=\"right\"")
			   : n->align == ALIGN_CENTER ? SLICE_LIT("align=\"center\"")
						      : SLICE_LIT("align=\"left\""));
		out_lit(o, " style=\"" HTML_FONT HTML_INK "\">");
	}
	put_image(h, n, true);
	o->run = 0;
}

void html_leave_picture(struct html *h, const struct node *n)
{
	bool in_gallery = n->parent != NULL && n->parent->kind == NODE_GALLERY;
	out_put(&h->out, in_gallery ? SLICE_LIT("</td>\n") : SLICE_LIT("</td></tr></table>\n"));
}

void html_enter_caption(struct html *h, const struct node *n)
{
	bool of_table = n->parent != NULL && n->parent->kind == NODE_TABLE;
	out_put(&h->out,
		of_table ? SLICE_LIT("<caption class=\"g\" style=\"font:12px/1.5 "
				     "Arial,Helvetica,sans-serif;color:#505f79\">")
			 : SLICE_LIT("<p class=\"g\" align=\"center\" style=\"margin:4px 0 0;"
				     "text-align:center;font-size:12px;color:#505f79\">"));
	h->out.run = 0;
}

void html_leave_caption(struct html *h, const struct node *n)
{
	bool of_table = n->parent != NULL && n->parent->kind == NODE_TABLE;
	out_put(&h->out, of_table ? SLICE_LIT("</caption>\n") : SLICE_LIT("</p>\n"));
}

void html_emoji(struct html *h, const struct node *n)
{
	const struct node_emoji *e = &n->of.emoji;
	if (e->attachment != TREE_NO_ATTACHMENT && show(h, (size_t)e->attachment)) {
		put_img(h, &h->view->media.all[e->attachment], EMOJI_SIZE, e->text, false);
		out_lit(&h->out, "\">");
	} else {
		out_text(&h->out, e->text);
	}
}

/* "plan.pdf (120 KB, attached)" */
static void put_file(struct html *h, const struct file_line *f)
{
	char size[VIEW_SIZE_TEXT];
	open_link(h, f->href);
	out_lit(&h->out, "&#128206; ");
	if (f->attachment == TREE_NO_ATTACHMENT) {
		out_text(&h->out, f->name);
		close_link(h, f->href);
		return;
	}
	const struct attachment *a = &h->view->in->attachments[f->attachment];
	out_text(&h->out, a->name);
	close_link(h, f->href);
	out_lit(&h->out, " (");
	out_text(&h->out, view_size(h->view, a->bytes.len, size));
	if (view_sends(h->view, f->attachment)) {
		out_lit(&h->out, ", ");
		out_text(&h->out, view_word(h->view, WORD_ATTACHED));
	}
	out_lit(&h->out, ")");
}

/* Behind a link to a file: the reader has it already. */
static void say_it_is_sent(struct html *h, const struct file_line *f)
{
	if (view_sends(h->view, f->attachment)) {
		out_lit(&h->out, " (");
		h->out.run = 0;
		out_text(&h->out, view_word(h->view, WORD_ATTACHED));
		out_lit(&h->out, ": ");
		h->out.run = 0;
		out_text(&h->out, f->name);
		out_lit(&h->out, ")");
	}
}

void html_file_inline(struct html *h, const struct node *n)
{
	const struct file_line *f = n->of.file;
	if ((n->flags & NODE_SENT) != 0) {
		say_it_is_sent(h, f);
		return;
	}
	bool bracketed = n->kind == NODE_FILE_INLINE;
	h->out.run = 0;
	out_put(&h->out, bracketed ? SLICE_LIT("[") : SLICE_LIT(""));
	put_file(h, f);
	out_put(&h->out, bracketed ? SLICE_LIT("]") : SLICE_LIT(""));
}

void html_enter_files(struct html *h, const struct node *n)
{
	(void)n;
	out_lit(&h->out, HTML_LAYOUT " width=\"100%\" style=\"margin:0 0 12px\">\n");
	h->now.blanks = 0;
}

void html_leave_files(struct html *h, const struct node *n)
{
	(void)n;
	out_lit(&h->out, "</table>\n");
}
