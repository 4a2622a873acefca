/* Pictures and files of ADF. */
#include "render/confluence/adf_inside.h"

#include "render/confluence/links.h"
#include "render/confluence/style.h"
#include "render/confluence/targets.h"

enum { INLINE_HEIGHT = 48, WIDTH_MAX = 100000 };

/* What a media node is, once its attachment has been looked for. */
struct medium {
	struct image image;
	bool is_file;  /* to be shown as a file line */
	bool is_known; /* it can be said whether it is one */
};

/*
 * By its `id`, which the job may know of a file. The editor writes the file's name as `alt` or `__fileName`; the `id` is a
 * name only in documents made by programs. Nothing beyond that is guessed.
 */
static int32_t adf_media_attachment(const struct adf *a, const struct adf_node *n)
{
	static const enum adf_word names[] = {ADF_W_alt, ADF_W___fileName, ADF_W_id};
	int32_t found = TREE_NO_ATTACHMENT;
	if (a->r->params->attachment_count > 0) {
		found = target_medium(a->r, adf_attr(a, n, ADF_W_id), slice_of(NULL, 0));
	}
	for (size_t i = 0; found == TREE_NO_ATTACHMENT && i < COUNT_OF(names) &&
			   a->r->params->attachment_count > 0;
	     i++) {
		found = target_medium(a->r, slice_of(NULL, 0), adf_attr(a, n, names[i]));
	}
	return found;
}

static bool ends_among(struct slice name, const struct slice *ends, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (name.len > ends[i].len &&
		    slice_eq_nocase(slice_skip(name, name.len - ends[i].len), ends[i])) {
			return true;
		}
	}
	return false;
}

static bool looks_like_picture(struct slice name)
{
	static const struct slice ends[] = {
		SLICE_INIT(".png"),  SLICE_INIT(".jpg"),  SLICE_INIT(".jpeg"), SLICE_INIT(".gif"),
		SLICE_INIT(".webp"), SLICE_INIT(".svg"),  SLICE_INIT(".bmp"),  SLICE_INIT(".avif"),
		SLICE_INIT(".tif"),  SLICE_INIT(".tiff"), SLICE_INIT(".heic"),
	};
	return ends_among(name, ends, COUNT_OF(ends));
}

static bool looks_like_file(struct slice name)
{
	static const struct slice ends[] = {
		SLICE_INIT(".pdf"), SLICE_INIT(".doc"),	 SLICE_INIT(".docx"), SLICE_INIT(".xls"),
		SLICE_INIT(".csv"), SLICE_INIT(".xlsx"), SLICE_INIT(".pptx"), SLICE_INIT(".ppt"),
		SLICE_INIT(".txt"), SLICE_INIT(".zip"),	 SLICE_INIT(".json"), SLICE_INIT(".xml"),
		SLICE_INIT(".mp4"), SLICE_INIT(".mov"),	 SLICE_INIT(".webm"), SLICE_INIT(".mp3"),
		SLICE_INIT(".wav"), SLICE_INIT(".md"),	 SLICE_INIT(".log"),  SLICE_INIT(".html"),
	};
	return ends_among(name, ends, COUNT_OF(ends));
}

static void judge(const struct adf *a, struct medium *m, struct slice type)
{
	struct slice name = m->image.name;
	struct slice said = slice_of(NULL, 0);
	if (m->image.attachment != TREE_NO_ATTACHMENT) {
		said = a->r->params->attachments[m->image.attachment].type;
	}
	if (slice_eq(type, SLICE_LIT("image")) || looks_like_picture(name) ||
	    slice_starts_nocase(said, SLICE_LIT("image/"))) {
		m->is_known = true;
		return;
	}
	m->is_file = looks_like_file(name) || (said.len > 0 && m->image.name.len > 0);
	m->is_known = m->is_file;
}

static struct medium medium_of(struct adf *a, const struct adf_node *n)
{
	struct medium m = {.image = {.attachment = TREE_NO_ATTACHMENT}};
	struct slice type = adf_attr(a, n, ADF_W_type);
	struct image *image = &m.image;
	image->alt = adf_attr_words(a, n, ADF_W_alt);
	if (slice_eq(type, SLICE_LIT("external"))) {
		struct slice url = reader_href(a->r, adf_attr(a, n, ADF_W_url));
		image->url = links_is_web(url) ? url : slice_of(NULL, 0);
		image->width = style_px(adf_attr(a, n, ADF_W_width));
		m.is_known = true;
	} else {
		image->attachment = adf_media_attachment(a, n);
		image->name = adf_attr_words(a, n, ADF_W___fileName);
		a->r->files_missing += image->attachment == TREE_NO_ATTACHMENT;
		if (image->attachment != TREE_NO_ATTACHMENT) {
			image->name = a->r->params->attachments[image->attachment].name;
		} else if (image->name.len == 0 &&
			   (looks_like_picture(image->alt) || looks_like_file(image->alt))) {
			image->name = image->alt;
		}
		judge(a, &m, type);
		m.is_file = m.is_file || slice_eq(type, SLICE_LIT("link"));
		image->alt = image->alt.len > 0 ? image->alt : image->name;
	}
	if (n->marks != 0) {
		struct adf_marks marks = adf_marks_of(a, n);
		image->border = marks.border;
		image->border_width = marks.border_width;
		image->href = marks.link != NULL ? marks.link->href : slice_of(NULL, 0);
	}
	if (slice_starts(image->href, SLICE_LIT("#"))) {
		image->href = slice_of(NULL, 0);
	}
	return m;
}

static void show_file(struct adf *a, const struct medium *m, enum node_kind kind)
{
	struct reference ref = {.kind = REFERENCE_FILE, .value = m->image.name};
	if (ref.value.len == 0) {
		ref.value = m->image.alt.len > 0 ? m->image.alt : SLICE_LIT("File");
	}
	struct slice href = slice_of(NULL, 0);
	if (m->image.name.len > 0) {
		href = target_href(a->r, &ref, slice_of(NULL, 0));
	}
	struct file_line *f = builder_leaf(&a->r->b, kind)->of.file;
	f->name = ref.value;
	f->href = m->image.href.len > 0 ? m->image.href : href.len > 0 ? href : a->r->page_url;
	f->attachment = m->image.attachment;
}

/* A medium that stands for itself, without the frame of a mediaSingle. */
void adf_media(struct adf *a, const struct adf_node *n)
{
	if (n->at == a->shown_medium) {
		return; /* its mediaSingle has shown it */
	}
	struct medium m = medium_of(a, n);
	bool in_line = builder_is_inline(&a->r->b);
	if (m.is_file) {
		show_file(a, &m, in_line ? NODE_FILE_INLINE : NODE_FILE);
	} else {
		*builder_leaf(&a->r->b, in_line ? NODE_IMAGE : NODE_PICTURE)->of.image = m.image;
	}
}

/* Old pages: a picture by its address. */
void adf_image(struct adf *a, const struct adf_node *n)
{
	struct image image = {.attachment = TREE_NO_ATTACHMENT};
	struct slice url = reader_href(a->r, adf_attr(a, n, ADF_W_src));
	struct slice alt = adf_attr_words(a, n, ADF_W_alt);
	image.url = links_is_web(url) ? url : slice_of(NULL, 0);
	image.alt = alt.len > 0 ? alt : adf_attr_words(a, n, ADF_W_title);
	*builder_leaf_either(&a->r->b, NODE_IMAGE, NODE_PICTURE)->of.image = image;
}

void adf_media_inline(struct adf *a, const struct adf_node *n)
{
	struct medium m = medium_of(a, n);
	bool is_picture = slice_eq(adf_attr(a, n, ADF_W_type), SLICE_LIT("image"));
	if (!is_picture) {
		show_file(a, &m, NODE_FILE_INLINE);
		return;
	}
	uint64_t width = adf_attr_number(a, n, ADF_W_width, WIDTH_MAX, 0);
	uint64_t height = adf_attr_number(a, n, ADF_W_height, WIDTH_MAX, 0);
	if (height > INLINE_HEIGHT) {
		width = width * INLINE_HEIGHT / height;
		height = INLINE_HEIGHT;
	}
	m.image.width = (uint32_t)width;
	m.image.height = (uint32_t)height;
	m.image.is_inline = true;
	struct adf_look before = adf_look_begin(a, n);
	m.image.href = slice_of(NULL, 0);
	*builder_leaf(&a->r->b, NODE_IMAGE)->of.image = m.image;
	adf_look_end(a, &before);
}

/* The first child that is a medium, 0 when there is none. */
static uint32_t medium_in(const struct adf *a, const struct adf_node *n)
{
	const struct adf_cell *cells = a->tape.cells;
	if (n->content == 0 || cells[n->content].kind != ADF_ARRAY) {
		return 0;
	}
	uint32_t end = adf_tape_next(&a->tape, n->content);
	for (uint32_t i = n->content + 1; i < end; i = adf_tape_next(&a->tape, i)) {
		uint32_t type = adf_tape_member(&a->tape, i, ADF_W_type);
		if (type != 0 && cells[type].word == ADF_W_media) {
			return i;
		}
	}
	return 0;
}

static void read_frame(struct adf *a, const struct adf_node *n, struct image *image)
{
	struct slice width = adf_attr(a, n, ADF_W_width);
	uint32_t wanted = style_px(width);
	bool in_px = slice_eq(adf_attr(a, n, ADF_W_widthType), SLICE_LIT("pixel"));
	if (wanted > 0) {
		image->width = in_px ? wanted : 0;
		image->percent = in_px ? 0 : wanted > 100 ? 100 : wanted;
	}
	if (n->marks != 0) {
		struct adf_marks marks = adf_marks_of(a, n);
		bool linked = marks.link != NULL && !slice_starts(marks.link->href, SLICE_LIT("#"));
		image->href = linked ? marks.link->href : image->href;
	}
}

void adf_media_single(struct adf *a, const struct adf_node *n)
{
	uint32_t at = medium_in(a, n);
	if (at == 0) {
		adf_transparent(a, n);
		return;
	}
	struct adf_node media = adf_node_at(a, at);
	struct medium m = medium_of(a, &media);
	enum node_align align = style_align(adf_attr(a, n, ADF_W_layout));
	a->shown_medium = at;
	read_frame(a, n, &m.image);
	if (m.is_file) {
		show_file(a, &m, NODE_FILE);
		adf_enter(a, n);
		return;
	}
	struct node *made = adf_open(a, n, NODE_PICTURE);
	*made->of.image = m.image;
	made->align = (uint8_t)(align != ALIGN_NONE ? align : ALIGN_CENTER);
}

/* Pictures beside each other are a gallery; files are lines. */
void adf_media_group(struct adf *a, const struct adf_node *n)
{
	const struct adf_cell *cells = a->tape.cells;
	bool has_content = n->content != 0 && cells[n->content].kind == ADF_ARRAY;
	uint32_t end = has_content ? adf_tape_next(&a->tape, n->content) : 0;
	unsigned gallery = BUILDER_NO_DEPTH;
	builder_break(&a->r->b);
	for (uint32_t i = n->content + 1; i < end; i = adf_tape_next(&a->tape, i)) {
		if (cells[i].kind != ADF_OBJECT) {
			continue;
		}
		struct adf_node media = adf_node_at(a, i);
		struct medium m = medium_of(a, &media);
		bool is_picture = m.is_known && !m.is_file;
		if (is_picture && gallery == BUILDER_NO_DEPTH) {
			builder_open(&a->r->b, NODE_GALLERY, &gallery);
		} else if (!is_picture && gallery != BUILDER_NO_DEPTH) {
			builder_close(&a->r->b, gallery);
			gallery = BUILDER_NO_DEPTH;
		}
		if (!is_picture) {
			show_file(a, &m, NODE_FILE);
		} else if (gallery == BUILDER_NO_DEPTH) { /* too deep for one */
			*builder_leaf(&a->r->b, NODE_PICTURE)->of.image = m.image;
		} else {
			struct node *made = builder_new(&a->r->b, NODE_PICTURE);
			made->flags = NODE_THUMB;
			*made->of.image = m.image;
			builder_append(&a->r->b, made);
		}
	}
	if (gallery != BUILDER_NO_DEPTH) {
		builder_close(&a->r->b, gallery);
	}
}
