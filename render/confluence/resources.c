/* ac:link, ac:image, HTML's own links and pictures, emoticons, and the ri: elements inside them. */
#include "render/confluence/elements.h"

#include "render/confluence/cards.h"
#include "render/confluence/emoji.h"
#include "render/confluence/links.h"
#include "render/confluence/style.h"
#include "render/confluence/targets.h"

enum { FILE_NAME_MAX = 80 };

struct link_context {
	struct reference ref;
	struct slice anchor;
	struct slice tooltip;
	bool as_card;
	enum cards_look look;
	bool has_body;
	struct reference *outer_reference;
	struct link_context *outer;
};

struct image_context {
	struct reference ref;
	struct image image;
	enum node_align align;
	bool thumb;
	bool shown; /* a caption has opened it already */
	struct reference *outer_reference;
	struct image_context *outer;
};

/* As it stands, but for control characters: names of files are compared byte by byte. */
static struct slice keep_raw(struct reader *r, struct slice value)
{
	struct gather g = {.ptr = NULL};
	gather_add(&g, &r->b, value);
	return gather_view(&g);
}

void element_reference(struct reader *r, const struct tag *t, struct element *e)
{
	static const struct slice values[] = {
		[REFERENCE_BLOG_POST] = SLICE_INIT("ri:posting-day"),
		[REFERENCE_FILE] = SLICE_INIT("ri:filename"),
		[REFERENCE_USER] = SLICE_INIT("ri:account-id"),
		[REFERENCE_CONTENT] = SLICE_INIT("ri:content-id"),
		[REFERENCE_URL] = SLICE_INIT("ri:value"),
		[REFERENCE_SHORTCUT] = SLICE_INIT("ri:key"),
	};
	struct reference *ref = r->reference;
	enum reference_kind kind = (enum reference_kind)e->rule->arg;
	if (ref == NULL) {
		return;
	}
	struct slice title = words_keep(&r->b, tag_attr(t, SLICE_LIT("ri:content-title")));
	struct slice space = words_keep(&r->b, tag_attr(t, SLICE_LIT("ri:space-key")));
	if (ref->kind == REFERENCE_FILE) { /* the page that the file hangs on */
		ref->elsewhere = true;
		ref->title = title;
		ref->space = space;
		return;
	}
	*ref = (struct reference){.kind = kind, .title = title, .space = space};
	if (values[kind].len > 0) {
		ref->value = keep_raw(r, tag_attr(t, values[kind]));
	}
	ref->extra = words_keep(&r->b,
				tag_attr(t, kind == REFERENCE_USER ? SLICE_LIT("ri:username")
								   : SLICE_LIT("ri:parameter")));
	if (kind == REFERENCE_USER && ref->value.len == 0) {
		ref->value = keep_raw(r, tag_attr(t, SLICE_LIT("ri:userkey")));
	}
}

static bool is_card(struct slice appearance, enum cards_look *out_look)
{
	static const struct slice names[] = {
		[CARDS_INLINE] = SLICE_INIT("inline"),
		[CARDS_BLOCK] = SLICE_INIT("block"),
		[CARDS_EMBED] = SLICE_INIT("embed"),
	};
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		if (slice_eq(appearance, names[i])) {
			*out_look = (enum cards_look)i;
			return true;
		}
	}
	return false;
}

void element_link(struct reader *r, const struct tag *t, struct element *e)
{
	struct link_context *c = builder_alloc(&r->b, sizeof(*c));
	c->anchor = words_keep(&r->b, tag_attr(t, SLICE_LIT("ac:anchor")));
	c->tooltip = words_keep(&r->b, tag_attr(t, SLICE_LIT("ac:tooltip")));
	c->as_card = is_card(tag_attr(t, SLICE_LIT("ac:card-appearance")), &c->look);
	c->outer = r->link;
	c->outer_reference = r->reference;
	r->link = c;
	r->reference = &c->ref;
	e->context = c;
}

static void set_link(struct reader *r, struct slice href, struct slice tooltip)
{
	if (href.len == 0) {
		return;
	}
	struct builder_link *link = builder_alloc(&r->b, sizeof(*link));
	link->href = href;
	if (tooltip.len > 0) {
		struct slice *title = builder_alloc(&r->b, sizeof(*title));
		*title = tooltip;
		link->title = title;
	}
	r->b.link = link;
}

void element_link_body(struct reader *r, const struct tag *t, struct element *e)
{
	(void)t;
	(void)e;
	struct link_context *c = r->link;
	if (c == NULL || c->has_body) {
		return;
	}
	c->has_body = true;
	if (c->as_card) {
		reader_gather(r);
		return;
	}
	set_link(r, target_href(r, &c->ref, c->anchor), c->tooltip);
	r->reference = NULL;
}

/* Behind a link to a file that came with the job: whether it goes along is the mail's business. */
static void mention_file(struct reader *r, const struct reference *ref)
{
	int32_t attachment = ref->kind == REFERENCE_FILE ? target_file(r, ref) : TREE_NO_ATTACHMENT;
	if (attachment != TREE_NO_ATTACHMENT) {
		r->b.link = NULL;
		struct node *n = builder_leaf(&r->b, NODE_FILE_INLINE);
		n->flags |= NODE_SENT;
		n->of.file->attachment = attachment;
		n->of.file->name = words_keep(&r->b, ref->value);
	}
}

void element_end_link_body(struct reader *r, struct element *e)
{
	(void)e;
	struct link_context *c = r->link;
	if (c != NULL && c->as_card && r->mode == READER_GATHER) {
		cards_show(r, target_href(r, &c->ref, c->anchor), gather_view(&r->gather), c->look);
	} else if (c != NULL && c->has_body) {
		mention_file(r, &c->ref);
	}
}

/* A link without words of its own. */
static void show_bare_link(struct reader *r, struct link_context *c)
{
	struct slice href;
	switch (c->ref.kind) {
	case REFERENCE_USER:
		target_show_user(r, &c->ref);
		break;
	case REFERENCE_FILE:
		target_show_file(r, &c->ref);
		break;
	case REFERENCE_SHORTCUT:
		words_add(&r->b, c->ref.value);
		words_add(&r->b, SLICE_LIT("@"));
		words_add(&r->b, c->ref.extra);
		break;
	case REFERENCE_NONE:
		set_link(r, target_href(r, &c->ref, c->anchor), c->tooltip);
		words_add(&r->b, c->anchor);
		break;
	case REFERENCE_PAGE:
	case REFERENCE_BLOG_POST:
	case REFERENCE_SPACE:
	case REFERENCE_CONTENT:
	case REFERENCE_URL:
		href = target_href(r, &c->ref, c->anchor);
		if (c->as_card) {
			cards_show(r, href, target_title(r, &c->ref), c->look);
		} else {
			set_link(r, href, c->tooltip);
			words_add(&r->b, target_title(r, &c->ref));
		}
		break;
	}
}

void element_end_link(struct reader *r, struct element *e)
{
	struct link_context *c = e->context;
	r->link = c->outer;
	r->reference = c->outer_reference;
	if (!c->has_body) {
		show_bare_link(r, c);
	}
}

void element_anchor(struct reader *r, const struct tag *t, struct element *e)
{
	struct slice name = tag_attr(t, SLICE_LIT("name"));
	struct slice href = tag_attr(t, SLICE_LIT("href"));
	if (name.len > 0) {
		builder_anchor(&r->b, words_keep(&r->b, name));
	}
	if (href.len == 0) {
		return;
	}
	href = reader_link_href(r, href);
	set_link(r, href, words_keep(&r->b, tag_attr(t, SLICE_LIT("title"))));
	enum cards_look look;
	if (href.len > 0 && is_card(tag_attr(t, SLICE_LIT("data-card-appearance")), &look)) {
		struct link_context *c = builder_alloc(&r->b, sizeof(*c));
		c->look = look;
		e->context = c;
		reader_gather(r);
	}
}

void element_end_card(struct reader *r, struct element *e)
{
	const struct link_context *c = e->context;
	const struct builder_link *link = r->b.link;
	if (c != NULL && link != NULL) {
		r->b.link = NULL;
		cards_show(r, link->href, gather_view(&r->gather), c->look);
	}
}

static void read_size(struct image *image, struct slice width, struct slice height)
{
	image->width = style_px(width);
	image->percent = style_percent(width);
	image->height = style_px(height);
}

static void fill_picture(struct node *n, const struct image_context *c)
{
	*n->of.image = c->image;
	n->align = (uint8_t)c->align;
	n->flags |= c->thumb ? NODE_THUMB : 0;
}

/*
 * An image of its own in a paragraph becomes a block when the paragraph is complete (close.h); one whose place is said
 * does not wait for that.
 */
static void show_image(struct reader *r, const struct image_context *c)
{
	const struct node *top = builder_top(&r->b);
	bool in_line = top->kind != NODE_PARAGRAPH && node_content(top) == NODE_HOLDS_INLINES;
	if (c->align == ALIGN_NONE || c->image.is_inline || in_line) {
		fill_picture(builder_leaf(&r->b, NODE_IMAGE), c);
		return;
	}
	struct slice href = r->b.link != NULL ? r->b.link->href : slice_of(NULL, 0);
	struct node *n = builder_leaf(&r->b, NODE_PICTURE);
	fill_picture(n, c);
	n->of.image->href = href.len > 0 ? href : n->of.image->href;
}

void element_img(struct reader *r, const struct tag *t, struct element *e)
{
	(void)e;
	struct image_context c = {.image = {.attachment = TREE_NO_ATTACHMENT}};
	struct slice src = tag_attr(t, SLICE_LIT("src"));
	if (slice_starts_nocase(slice_trim(src), SLICE_LIT("data:"))) {
		left_out_data_picture(r);
	}
	c.image.url = reader_href(r, src);
	c.image.alt = words_keep(&r->b, tag_attr(t, SLICE_LIT("alt")));
	c.image.url = links_is_web(c.image.url) ? c.image.url : slice_of(NULL, 0);
	read_size(&c.image, tag_attr(t, SLICE_LIT("width")), tag_attr(t, SLICE_LIT("height")));
	show_image(r, &c);
}

void element_image(struct reader *r, const struct tag *t, struct element *e)
{
	struct image_context *c = builder_alloc(&r->b, sizeof(*c));
	struct slice align = tag_attr(t, SLICE_LIT("ac:align"));
	struct slice layout = tag_attr(t, SLICE_LIT("ac:layout"));
	struct slice alt = tag_attr(t, SLICE_LIT("ac:alt"));
	c->image.attachment = TREE_NO_ATTACHMENT;
	c->image.alt = words_keep(&r->b, alt.len > 0 ? alt : tag_attr(t, SLICE_LIT("ac:title")));
	c->image.url = reader_href(r, tag_attr(t, SLICE_LIT("ac:src")));
	c->image.is_inline = slice_eq(tag_attr(t, SLICE_LIT("ac:inline")), SLICE_LIT("true"));
	read_size(&c->image, tag_attr(t, SLICE_LIT("ac:width")),
		  tag_attr(t, SLICE_LIT("ac:height")));
	if (slice_eq(tag_attr(t, SLICE_LIT("ac:border")), SLICE_LIT("true"))) {
		c->image.border = COLOUR_SET | 0xC1C7D0;
		c->image.border_width = 1;
	}
	c->align = style_align(layout); /* it says more: that text stands beside the picture */
	c->align = c->align != ALIGN_NONE ? c->align : style_align(align);
	c->thumb = slice_eq(tag_attr(t, SLICE_LIT("ac:thumbnail")), SLICE_LIT("true"));
	c->outer = r->image;
	c->outer_reference = r->reference;
	r->image = c;
	r->reference = &c->ref;
	e->context = c;
}

void element_adf_mark(struct reader *r, const struct tag *t, struct element *e)
{
	(void)e;
	uint64_t size;
	if (r->image != NULL && slice_eq(tag_attr(t, SLICE_LIT("key")), SLICE_LIT("border")) &&
	    slice_to_u64(tag_attr(t, SLICE_LIT("size")), 3, &size)) {
		r->image->image.border = style_colour(tag_attr(t, SLICE_LIT("color")));
		r->image->image.border_width = (uint8_t)size;
	}
}

/* The last step of its path, when that looks like a file's name. */
static struct slice file_of_address(struct slice url)
{
	struct slice path = slice_first(url, slice_find_byte(url, '?'));
	path = slice_first(path, slice_find_byte(path, '#'));
	struct slice step;
	size_t steps = 0;
	while (slice_cut_to(&path, '/', &step)) {
		steps++;
	}
	bool named = steps > 2 && path.len <= FILE_NAME_MAX &&
		     slice_find_byte(path, '.') < path.len;
	return named ? path : slice_of(NULL, 0);
}

/* What the ri: element inside has said. */
static void resolve_image(struct reader *r, struct image_context *c)
{
	struct image *image = &c->image;
	if (c->ref.kind == REFERENCE_FILE) {
		image->name = words_keep(&r->b, c->ref.value);
		image->attachment = target_file(r, &c->ref);
		r->files_missing += image->attachment == TREE_NO_ATTACHMENT;
		if (c->ref.elsewhere) {
			image->href = target_href(r, &c->ref, slice_of(NULL, 0));
		}
	} else if (c->ref.kind == REFERENCE_URL) {
		image->url = reader_href(r, c->ref.value);
	}
	if (image->name.len == 0) {
		image->name = words_keep(&r->b, file_of_address(image->url));
	}
	if (!links_is_web(image->url)) {
		image->url = slice_of(NULL, 0);
	}
	image->alt = image->alt.len > 0 ? image->alt : image->name;
}

void element_image_caption(struct reader *r, const struct tag *t, struct element *e)
{
	(void)t;
	struct image_context *c = r->image;
	unsigned depth;
	if (c == NULL || c->shown) {
		return;
	}
	c->shown = true;
	resolve_image(r, c);
	struct slice href = r->b.link != NULL ? r->b.link->href : slice_of(NULL, 0);
	r->b.link = NULL;
	struct node *n = builder_open(&r->b, NODE_PICTURE, &depth);
	fill_picture(n, c);
	n->of.image->href = href.len > 0 ? href : n->of.image->href;
	builder_open(&r->b, NODE_CAPTION, &e->close);
	e->close = depth < e->close ? depth : e->close;
	r->reference = NULL;
}

void element_end_image(struct reader *r, struct element *e)
{
	struct image_context *c = e->context;
	r->image = c->outer;
	r->reference = c->outer_reference;
	if (!c->shown) {
		resolve_image(r, c);
		show_image(r, c);
	}
}

void element_emoticon(struct reader *r, const struct tag *t, struct element *e)
{
	(void)e;
	char space[EMOJI_MAX];
	struct slice id = tag_attr(t, SLICE_LIT("ac:emoji-id"));
	struct slice name = tag_attr(t, SLICE_LIT("ac:name"));
	struct slice fallback = tag_attr(t, SLICE_LIT("ac:emoji-fallback"));
	struct slice shortcut = tag_attr(t, SLICE_LIT("ac:emoji-shortname"));
	struct slice text = emoji_by_id(id, space);
	/* A blue star with an id stands in for any emoji. */
	if (text.len == 0 && !(id.len > 0 && slice_eq(name, SLICE_LIT("blue-star")))) {
		text = emoji_by_name(name);
	}
	if (text.len == 0) {
		text = fallback.len > 0 && !emoji_is_shortcut(fallback) ? fallback : shortcut;
	}
	text = text.len > 0 ? text : fallback;
	char colons[JOB_NAME_MAX + 2];
	if (text.len == 0 && name.len > 0 && name.len <= JOB_NAME_MAX) {
		colons[0] = ':';
		for (size_t i = 0; i < name.len; i++) {
			colons[i + 1] = name.ptr[i];
		}
		colons[name.len + 1] = ':';
		text = slice_of(colons, name.len + 2);
	}
	text = words_keep(&r->b, text);
	if (text.len > 0) {
		builder_leaf(&r->b, NODE_EMOJI)->of.emoji.text = text;
	}
}

void element_hipchat(struct reader *r, const struct tag *t, struct element *e)
{
	(void)e;
	struct slice shortcut = tag_attr(t, SLICE_LIT("ac:shortcut"));
	struct slice parts[] = {SLICE_LIT(":"), words_keep(&r->b, shortcut), SLICE_LIT(":")};
	struct slice text = slice_of(NULL, 0);
	text = reader_result(r, arena_join(r->b.arena, parts, COUNT_OF(parts), &text), text);
	struct slice known = emoji_by_name(shortcut);
	text = known.len > 0 ? known : text;
	if (shortcut.len > 0) {
		builder_leaf(&r->b, NODE_EMOJI)->of.emoji.text = text;
	}
}

void element_variable(struct reader *r, const struct tag *t, struct element *e)
{
	if (e->rule->arg == 1) {
		words_add(&r->b, tag_attr(t, SLICE_LIT("at:key")));
		return;
	}
	words_add(&r->b, SLICE_LIT("‹"));
	words_add(&r->b, tag_attr(t, SLICE_LIT("at:name")));
	words_add(&r->b, SLICE_LIT("›"));
}
