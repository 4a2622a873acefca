#include "render/confluence/targets.h"

#include "render/confluence/known.h"
#include "render/confluence/links.h"

int32_t target_attachment(const struct reader *r, struct slice name)
{
	for (size_t i = 0; i < r->params->attachment_count; i++) {
		if (slice_eq(r->params->attachments[i].name, name)) {
			return (int32_t)i;
		}
	}
	return TREE_NO_ATTACHMENT;
}

int32_t target_medium(const struct reader *r, struct slice file_id, struct slice name)
{
	for (size_t i = 0; file_id.len > 0 && i < r->params->attachment_count; i++) {
		if (slice_eq(r->params->attachments[i].file_id, file_id)) {
			return (int32_t)i;
		}
	}
	return name.len > 0 ? target_attachment(r, name) : TREE_NO_ATTACHMENT;
}

static bool is_own_file(const struct reader *r, const struct reference *ref)
{
	return !ref->elsewhere || slice_eq(ref->title, r->params->page->title);
}

int32_t target_file(const struct reader *r, const struct reference *ref)
{
	return is_own_file(r, ref) ? target_attachment(r, ref->value) : TREE_NO_ATTACHMENT;
}

/* What the job says of it. */
static const struct known_link *find_known(struct reader *r, const struct reference *ref)
{
	switch (ref->kind) {
	case REFERENCE_PAGE:
	case REFERENCE_BLOG_POST:
		return known_page(r, ref->space, ref->title);
	case REFERENCE_SPACE:
		return known_space(r, ref->space);
	case REFERENCE_CONTENT:
		return known_content(r, ref->value);
	case REFERENCE_URL:
		return known_address(r, ref->value);
	case REFERENCE_FILE:
	case REFERENCE_USER:
	case REFERENCE_SHORTCUT:
	case REFERENCE_NONE:
		break;
	}
	return NULL;
}

/* The job's own address of it, exact where one made from its title can only be good. */
static struct slice known_href(struct reader *r, const struct reference *ref, struct slice anchor)
{
	const struct known_link *known = find_known(r, ref);
	if (known == NULL || known->url.len == 0) {
		return slice_of(NULL, 0);
	}
	struct slice parts[] = {known->url, SLICE_LIT("#"), anchor};
	struct slice url = known->url;
	if (anchor.len > 0 && slice_find_byte(url, '#') == url.len) {
		url = reader_result(r, arena_join(r->b.arena, parts, COUNT_OF(parts), &url), url);
	}
	return reader_href(r, url);
}

static enum fault find_href(struct reader *r, const struct reference *ref, struct slice anchor,
			    struct slice *out_href)
{
	const struct page *page = r->params->page;
	struct arena *arena = r->b.arena;
	switch (ref->kind) {
	case REFERENCE_PAGE:
		return links_to_page(page, ref->space, ref->title, anchor, arena, out_href);
	case REFERENCE_BLOG_POST:
		return links_to_blog_post(page, ref->space, ref->value, ref->title, arena,
					  out_href);
	case REFERENCE_FILE:
		return is_own_file(r, ref) ? links_to_file(page, ref->value, arena, out_href)
					   : links_to_page(page, ref->space, ref->title,
							   slice_of(NULL, 0), arena, out_href);
	case REFERENCE_SPACE:
		return links_to_space(page, ref->space, arena, out_href);
	case REFERENCE_CONTENT:
		return links_to_page_id(page, ref->value, arena, out_href);
	case REFERENCE_URL:
		*out_href = reader_link_href(r, ref->value);
		return r->b.fault;
	case REFERENCE_NONE:
	case REFERENCE_USER:
	case REFERENCE_SHORTCUT:
		break;
	}
	*out_href = slice_of(NULL, 0);
	return FAULT_NONE;
}

struct slice target_href(struct reader *r, const struct reference *ref, struct slice anchor)
{
	struct slice href = slice_of(NULL, 0);
	if (ref->kind == REFERENCE_NONE && anchor.len > 0) {
		struct slice parts[] = {SLICE_LIT("#"), anchor};
		href = reader_result(r, arena_join(r->b.arena, parts, 2, &href), href);
		return reader_href(r, href);
	}
	if (ref->kind != REFERENCE_URL) {
		href = known_href(r, ref, anchor);
	}
	if (href.len > 0) {
		return href;
	}
	enum fault f = find_href(r, ref, anchor, &href);
	return reader_result(r, f, href);
}

/* As the job knows him, else by the name he signs in with. */
static struct slice name_of_user(struct reader *r, const struct reference *ref)
{
	const struct known_user *user = known_person(r, ref->value);
	bool known = user != NULL && user->name.len > 0;
	return !known && ref->extra.len > 0 ? ref->extra : target_user_name(r, ref->value);
}

struct slice target_title(struct reader *r, const struct reference *ref)
{
	bool titled = ref->kind == REFERENCE_PAGE || ref->kind == REFERENCE_BLOG_POST;
	const struct known_link *known = titled ? NULL : find_known(r, ref);
	if (known != NULL && known->title.len > 0) {
		return words_keep(&r->b, known->title);
	}
	switch (ref->kind) {
	case REFERENCE_PAGE:
	case REFERENCE_BLOG_POST:
		return ref->title;
	case REFERENCE_SPACE:
		return ref->space;
	case REFERENCE_FILE:
	case REFERENCE_URL:
		return ref->value;
	case REFERENCE_CONTENT:
		return SLICE_LIT("page");
	case REFERENCE_USER:
		return name_of_user(r, ref);
	case REFERENCE_SHORTCUT:
	case REFERENCE_NONE:
		break;
	}
	return slice_of(NULL, 0);
}

struct slice target_user_name(struct reader *r, struct slice account_id)
{
	const struct known_user *user = known_person(r, account_id);
	return user != NULL && user->name.len > 0 ? words_keep(&r->b, user->name)
						  : SLICE_LIT("user");
}

void target_show_file(struct reader *r, const struct reference *ref)
{
	struct slice href = target_href(r, ref, slice_of(NULL, 0));
	struct file_line *f = builder_leaf_either(&r->b, NODE_FILE_INLINE, NODE_FILE)->of.file;
	f->name = words_keep(&r->b, ref->value);
	f->href = href;
	f->attachment = target_file(r, ref);
}

void target_show_user(struct reader *r, const struct reference *ref)
{
	struct node *n = builder_leaf(&r->b, NODE_MENTION);
	n->of.mention.name = name_of_user(r, ref);
}

bool target_show_picture(struct reader *r, struct slice name, uint32_t width)
{
	int32_t attachment = target_attachment(r, name);
	if (attachment == TREE_NO_ATTACHMENT) {
		return false;
	}
	struct image *image = builder_leaf_either(&r->b, NODE_IMAGE, NODE_PICTURE)->of.image;
	image->attachment = attachment;
	image->name = name;
	image->alt = name;
	image->width = width;
	return true;
}

const struct builder_link *target_set_link(struct reader *r, struct slice href)
{
	const struct builder_link *before = r->b.link;
	if (href.len > 0) {
		struct builder_link *link = builder_alloc(&r->b, sizeof(*link));
		link->href = href;
		r->b.link = link;
	}
	return before;
}

void target_show_link(struct reader *r, struct slice href, struct slice text)
{
	const struct builder_link *before = target_set_link(r, href);
	words_add(&r->b, text.len > 0 ? text : href);
	r->b.link = before;
}
