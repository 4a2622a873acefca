/* Pictures, emoticons, files and what else has an address of its own. */
#include "render/confluence/export_view_rules.h"

#include "spool-free/base/text.h"
#include "render/confluence/elements.h"
#include "render/confluence/emoji.h"
#include "render/confluence/links.h"
#include "render/confluence/style.h"
#include "render/confluence/targets.h"

enum { FILE_NAME_MAX = 255 };

static struct slice emoji_by_file(struct slice url, char space[EMOJI_MAX])
{
	static const struct {
		struct slice file;
		struct slice name;
	} files[] = {
		{SLICE_INIT("tongue"), SLICE_INIT("cheeky")},
		{SLICE_INIT("biggrin"), SLICE_INIT("laugh")},
		{SLICE_INIT("thumbs_up"), SLICE_INIT("thumbs-up")},
		{SLICE_INIT("thumbs_down"), SLICE_INIT("thumbs-down")},
		{SLICE_INIT("check"), SLICE_INIT("tick")},
		{SLICE_INIT("error"), SLICE_INIT("cross")},
		{SLICE_INIT("add"), SLICE_INIT("plus")},
		{SLICE_INIT("forbidden"), SLICE_INIT("minus")},
		{SLICE_INIT("help_16"), SLICE_INIT("question")},
		{SLICE_INIT("lightbulb_on"), SLICE_INIT("light-on")},
		{SLICE_INIT("lightbulb"), SLICE_INIT("light-off")},
		{SLICE_INIT("star_yellow"), SLICE_INIT("yellow-star")},
		{SLICE_INIT("star_red"), SLICE_INIT("red-star")},
		{SLICE_INIT("star_green"), SLICE_INIT("green-star")},
		{SLICE_INIT("star_blue"), SLICE_INIT("blue-star")},
		{SLICE_INIT("broken_heart"), SLICE_INIT("broken-heart")},
	};
	struct slice file = links_last_step(url);
	file = slice_first(file, slice_find_byte(file, '.'));
	for (size_t i = 0; i < COUNT_OF(files); i++) {
		if (slice_eq(files[i].file, file)) {
			return emoji_by_name(files[i].name);
		}
	}
	struct slice text = emoji_by_name(file);
	return text.len > 0 ? text : emoji_by_id(file, space);
}

bool export_is_picture(const struct reader *r, const struct tag *t)
{
	(void)r;
	return slice_eq(t->name, SLICE_LIT("img"));
}

/* `class="emoticon emoticon-tick"` */
static struct slice emoticon_name(const struct tag *t)
{
	const struct slice start = SLICE_LIT("emoticon-");
	struct slice name = tag_attr(t, SLICE_LIT("data-emoticon-name"));
	struct slice classes = tag_attr(t, SLICE_LIT("class"));
	size_t at = slice_find(classes, start);
	if (name.len == 0 && at < classes.len) {
		name = slice_skip(classes, at + start.len);
		name = slice_first(name, slice_find_byte(name, ' '));
	}
	return name;
}

void export_emoticon(struct reader *r, const struct tag *t, struct element *e)
{
	(void)e;
	char space[EMOJI_MAX];
	struct slice id = tag_attr(t, SLICE_LIT("data-emoji-id"));
	struct slice name = emoticon_name(t);
	struct slice fallback = tag_attr(t, SLICE_LIT("data-emoji-fallback"));
	struct slice text = emoji_by_id(id, space);
	if (text.len == 0 && fallback.len > 0 && !emoji_is_shortcut(fallback)) {
		text = fallback;
	}
	/* A blue star with an id stands in for any emoji. */
	if (text.len == 0 && !(id.len > 0 && slice_eq(name, SLICE_LIT("blue-star")))) {
		text = emoji_by_name(name);
	}
	if (text.len == 0) {
		text = emoji_by_file(tag_attr(t, SLICE_LIT("src")), space);
	}
	text = text.len > 0 ? text : tag_attr(t, SLICE_LIT("data-emoji-shortname"));
	text = text.len > 0 ? text : fallback;
	text = text.len > 0 ? text : tag_attr(t, SLICE_LIT("alt"));
	text = words_keep(&r->b, text);
	if (text.len > 0) {
		builder_leaf(&r->b, NODE_EMOJI)->of.emoji.text = text;
	}
}

/* Pictures and files. */

static int hex_digit(char c)
{
	char lower = (char)(c | 0x20);
	return c >= '0' && c <= '9'	      ? c - '0'
	       : lower >= 'a' && lower <= 'f' ? lower - 'a' + 10
					      : -1;
}

/* The name at the end of the address of a file: `plan+of%20all.pdf` is `plan of all.pdf`. */
static struct slice file_name(struct reader *r, struct slice url)
{
	char name[FILE_NAME_MAX];
	size_t len = 0;
	struct slice part = links_last_step(url);
	for (size_t i = 0; i < part.len && len < sizeof(name); i++) {
		int high = part.ptr[i] == '%' && i + 2 < part.len ? hex_digit(part.ptr[i + 1]) : -1;
		int low = high >= 0 ? hex_digit(part.ptr[i + 2]) : -1;
		char c = part.ptr[i] == '+' ? ' ' : part.ptr[i];
		name[len++] = low >= 0 ? (char)(high * 16 + low) : c;
		i += low >= 0 ? 2 : 0;
	}
	struct slice made = slice_of(name, len);
	return words_keep(&r->b, slice_first(made, text_utf8_valid(made)));
}

static bool contains(struct slice text, struct slice what)
{
	return slice_find(text, what) < text.len;
}

/* Where Confluence keeps files; an exported space keeps them in a folder. */
static bool is_attachment(struct slice url)
{
	return contains(url, SLICE_LIT("/download/attachments/")) ||
	       contains(url, SLICE_LIT("/download/thumbnails/")) ||
	       slice_starts(url, SLICE_LIT("attachments/"));
}

/* On the site of the page, where nobody gets it without logging in. */
static bool is_on_site(const struct reader *r, struct slice href)
{
	struct slice host = links_host(r->params->page->site_url);
	return host.len > 0 && slice_eq_nocase(links_host(href), host);
}

static void find_picture(struct reader *r, const struct tag *t, struct image *image)
{
	struct slice url = tag_attr(t, SLICE_LIT("data-image-src"));
	url = url.len > 0 ? url : tag_attr(t, SLICE_LIT("src"));
	image->name = export_kept(r, t, "data-linked-resource-default-alias");
	if (image->name.len == 0 && is_attachment(url)) {
		image->name = file_name(r, url);
	}
	image->attachment = image->name.len > 0 ? target_attachment(r, image->name)
						: TREE_NO_ATTACHMENT;
	if (slice_starts_nocase(slice_trim(url), SLICE_LIT("data:"))) {
		left_out_data_picture(r);
	} else if (image->attachment == TREE_NO_ATTACHMENT) {
		struct slice href = reader_href(r, url);
		bool external = links_is_web(href) && !is_on_site(r, href);
		image->url = external ? href : slice_of(NULL, 0);
		image->name = external ? slice_of(NULL, 0) : image->name;
		r->files_missing += image->name.len > 0;
	}
	image->alt = export_kept(r, t, "alt");
	image->alt = image->alt.len > 0 ? image->alt : export_kept(r, t, "title");
	image->alt = image->alt.len > 0 ? image->alt : image->name;
	image->width = style_px(tag_attr(t, SLICE_LIT("width")));
	image->percent = style_percent(tag_attr(t, SLICE_LIT("width")));
	image->height = style_px(tag_attr(t, SLICE_LIT("height")));
	if (export_has_class(t, SLICE_LIT("confluence-content-image-border"))) {
		image->border = COLOUR_SET | 0xC1C7D0;
		image->border_width = 1;
	}
}

static uint8_t picture_align(const struct tag *t)
{
	static const struct {
		struct slice class;
		enum node_align align;
	} places[] = {
		{SLICE_INIT("image-left"), ALIGN_START},
		{SLICE_INIT("image-center"), ALIGN_CENTER},
		{SLICE_INIT("image-right"), ALIGN_END},
	};
	for (size_t i = 0; i < COUNT_OF(places); i++) {
		if (export_has_class(t, places[i].class)) {
			return (uint8_t)places[i].align;
		}
	}
	return (uint8_t)style_align(tag_attr(t, SLICE_LIT("align")));
}

/* The figure right around a picture, as long as it has none. */
static struct element *figure_around(struct reader *r)
{
	for (unsigned i = r->depth - 1; i-- > 0 && i + 4 > r->depth;) {
		if (slice_eq(r->stack[i].name, SLICE_LIT("figure"))) {
			return r->stack[i].close == BUILDER_NO_DEPTH ? &r->stack[i] : NULL;
		}
	}
	return NULL;
}

static void show_picture(struct reader *r, const struct tag *t, const struct image *image)
{
	struct element *figure = figure_around(r);
	struct node *n;
	if (figure != NULL) { /* open until its end: a caption may come */
		const struct builder_link *link = r->b.link;
		r->b.link = NULL;
		n = builder_open(&r->b, NODE_PICTURE, &figure->close);
		*n->of.image = *image;
		n->of.image->href = link != NULL ? link->href : slice_of(NULL, 0);
	} else {
		n = builder_leaf(&r->b, NODE_IMAGE);
		*n->of.image = *image;
	}
	n->align = picture_align(t);
	n->flags |= export_has_class(t, SLICE_LIT("confluence-thumbnail")) ? NODE_THUMB : 0;
}

/* An icon of Confluence's own says nothing that its words do not; an emoticon does. */
void export_image(struct reader *r, const struct tag *t, struct element *e)
{
	const struct element_rule *parent = export_parent_rule(r);
	struct slice src = tag_attr(t, SLICE_LIT("src"));
	struct slice alt = tag_attr(t, SLICE_LIT("alt"));
	struct image image = {.attachment = TREE_NO_ATTACHMENT};
	bool embedded = e->rule->arg == 1;
	if (!embedded && alt.len == 0 &&
	    ((parent != NULL && parent->start == export_part) ||
	     export_has_class(t, SLICE_LIT("icon")))) {
		return;
	}
	if (!embedded && contains(src, SLICE_LIT("/images/icons/emoticons/"))) {
		export_emoticon(r, t, e);
		return;
	}
	find_picture(r, t, &image);
	bool is_found = image.attachment != TREE_NO_ATTACHMENT || image.url.len > 0;
	if (is_found || image.alt.len > 0) {
		show_picture(r, t, &image);
	}
}

bool export_is_caption(const struct reader *r, const struct tag *t)
{
	(void)t;
	return r->depth >= 2 && r->b.frames[r->b.depth - 1].node->kind == NODE_PICTURE;
}

void export_caption(struct reader *r, const struct tag *t, struct element *e)
{
	(void)t;
	builder_open(&r->b, NODE_CAPTION, &e->close);
}

/* Its text is the name of what the icon shows. */
bool export_is_icon(const struct reader *r, const struct tag *t)
{
	(void)r;
	return slice_eq(t->name, SLICE_LIT("span"));
}

bool export_is_listed_file(const struct reader *r, const struct tag *t)
{
	(void)r;
	return tag_attr(t, SLICE_LIT("data-filename")).len > 0;
}

/* A control of the web page: the head of a column that orders its rows. */
bool export_is_sorting(const struct reader *r, const struct tag *t)
{
	struct slice href = tag_attr(t, SLICE_LIT("href"));
	(void)r;
	return contains(href, SLICE_LIT("sortBy=")) && contains(href, SLICE_LIT("sortOrder="));
}

void export_file(struct reader *r, const struct tag *t, struct element *e)
{
	struct slice url = tag_attr(t, SLICE_LIT("data-file-src"));
	struct reference ref = {.kind = REFERENCE_FILE};
	url = url.len > 0 ? url : tag_attr(t, SLICE_LIT("href"));
	ref.value = export_kept(r, t, "data-linked-resource-default-alias");
	ref.value = ref.value.len > 0 ? ref.value : export_kept(r, t, "data-filename");
	ref.value = ref.value.len > 0 ? ref.value : file_name(r, url);
	if (ref.value.len == 0) {
		export_as_element(r, t, e);
		return;
	}
	struct slice href = reader_href(r, url);
	struct file_line *f = builder_leaf_either(&r->b, NODE_FILE_INLINE, NODE_FILE)->of.file;
	f->name = ref.value;
	f->attachment = target_attachment(r, ref.value);
	f->href = href.len > 0 ? href : target_href(r, &ref, slice_of(NULL, 0));
	r->mode = READER_SKIP; /* its name, and a picture of its kind */
}

/* Pages within the page, films and sounds: where they are. */
void export_embedded(struct reader *r, const struct tag *t, struct element *e)
{
	struct slice src = tag_attr(t, SLICE_LIT("src"));
	struct slice href = reader_href(r, src);
	struct slice title = export_kept(r, t, "title");
	if (title.len == 0 && e->rule->arg == 1) {
		title = file_name(r, src);
	}
	if (links_host(href).len > 0) {
		builder_break(&r->b);
		target_show_link(r, href, title.len > 0 ? title : links_host(href));
		builder_break(&r->b);
	} else {
		left_out_element(r, t->name);
	}
	r->mode = READER_SKIP;
}
