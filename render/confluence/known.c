#include "render/confluence/known.h"

#include <stdlib.h>

enum kind { PERSON, CONTENT, PAGE, SPACE, ISSUE, ADDRESS, LIVE };

enum { KEYS_OF_A_LINK = 4 };

struct entry {
	struct slice key;
	struct slice more; /* PAGE: the space */
	enum kind kind;
	uint32_t order;
	union {
		const struct known_user *person;
		const struct known_link *link;
		struct known_live *live;
	} is;
};

struct known_index {
	struct entry *entries;
	size_t count;
};

static int compare(const struct entry *a, const struct entry *b)
{
	if (a->kind != b->kind) {
		return a->kind < b->kind ? -1 : 1;
	}
	int order = slice_compare(a->key, b->key);
	return order != 0 ? order : slice_compare(a->more, b->more);
}

static int by_name(const void *a, const void *b)
{
	const struct entry *x = a;
	const struct entry *y = b;
	int order = compare(x, y);
	return order != 0 ? order : x->order < y->order ? -1 : x->order > y->order;
}

static struct slice without_slash(struct slice url)
{
	return slice_ends(url, SLICE_LIT("/")) ? slice_first(url, url.len - 1) : url;
}

static struct entry *add(struct known_index *index, enum kind kind, struct slice key)
{
	struct entry *e = &index->entries[index->count];
	*e = (struct entry){.key = key, .kind = kind, .order = (uint32_t)index->count};
	index->count += key.len > 0; /* without a name it is overwritten by the next one */
	return e;
}

static void add_link(struct known_index *index, const struct known_link *link, struct slice space)
{
	add(index, CONTENT, link->content_id)->is.link = link;
	add(index, ISSUE, link->issue_key)->is.link = link;
	add(index, ADDRESS, without_slash(link->url))->is.link = link;
	if (link->content_title.len > 0) {
		struct entry *e = add(index, PAGE, link->content_title);
		e->more = link->space_key.len > 0 ? link->space_key : space;
		e->is.link = link;
	} else {
		add(index, SPACE, link->space_key)->is.link = link;
	}
}

static void fill(struct known_index *index, const struct known *known, struct slice space,
		 struct known_live *lives)
{
	for (size_t i = 0; i < known->user_count; i++) {
		add(index, PERSON, known->users[i].account_id)->is.person = &known->users[i];
	}
	for (size_t i = 0; i < known->link_count; i++) {
		add_link(index, &known->links[i], space);
	}
	for (size_t i = 0; i < known->macro_count; i++) {
		lives[i].live = &known->macros[i];
		add(index, LIVE, known->macros[i].local_id)->is.live = &lives[i];
	}
	qsort(index->entries, index->count, sizeof(*index->entries), by_name);
}

static const struct known_index *index_of(struct reader *r)
{
	const struct known *known = r->params->known;
	if (r->known != NULL || known == NULL) {
		return r->known;
	}
	size_t count = known->user_count + KEYS_OF_A_LINK * known->link_count + known->macro_count;
	struct known_index *index = builder_alloc(&r->b, sizeof(*index));
	struct entry *entries = NULL;
	struct known_live *lives = NULL;
	if (r->b.fault == FAULT_NONE) {
		entries = arena_array(r->b.arena, count + 1, sizeof(*entries));
		lives = arena_array(r->b.arena, known->macro_count, sizeof(*lives));
	}
	if (entries == NULL || lives == NULL) {
		r->b.fault = FAULT_NO_MEMORY;
		return NULL;
	}
	index->entries = entries;
	fill(index, known, r->params->page->space_key, lives);
	r->known = index;
	return index;
}

static const struct entry *find(struct reader *r, enum kind kind, struct slice key,
				struct slice more)
{
	const struct known_index *index = key.len > 0 ? index_of(r) : NULL;
	const struct entry wanted = {.key = key, .more = more, .kind = kind};
	size_t low = 0;
	size_t high = index != NULL ? index->count : 0;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (compare(&index->entries[middle], &wanted) < 0) {
			low = middle + 1;
		} else {
			high = middle;
		}
	}
	bool found = index != NULL && low < index->count &&
		     compare(&index->entries[low], &wanted) == 0;
	return found ? &index->entries[low] : NULL;
}

static const struct known_link *find_link(struct reader *r, enum kind kind, struct slice key,
					  struct slice more)
{
	const struct entry *e = find(r, kind, key, more);
	return e != NULL ? e->is.link : NULL;
}

const struct known_user *known_person(struct reader *r, struct slice account_id)
{
	const struct entry *e = find(r, PERSON, account_id, slice_of(NULL, 0));
	return e != NULL ? e->is.person : NULL;
}

const struct known_link *known_content(struct reader *r, struct slice content_id)
{
	return find_link(r, CONTENT, content_id, slice_of(NULL, 0));
}

const struct known_link *known_page(struct reader *r, struct slice space_key, struct slice title)
{
	struct slice space = space_key.len > 0 ? space_key : r->params->page->space_key;
	return find_link(r, PAGE, title, space);
}

const struct known_link *known_space(struct reader *r, struct slice space_key)
{
	return find_link(r, SPACE, space_key, slice_of(NULL, 0));
}

const struct known_link *known_issue(struct reader *r, struct slice issue_key)
{
	return find_link(r, ISSUE, issue_key, slice_of(NULL, 0));
}

struct known_live *known_live(struct reader *r, struct slice id)
{
	const struct entry *e = find(r, LIVE, id, slice_of(NULL, 0));
	return e != NULL ? e->is.live : NULL;
}

/* What stands behind `mark`, up to the next part of the address. */
static struct slice part_behind(struct slice url, struct slice mark)
{
	struct slice rest = slice_skip(url, slice_find(url, mark) + mark.len);
	size_t len = 0;
	while (len < rest.len && rest.ptr[len] != '/' && rest.ptr[len] != '?' &&
	       rest.ptr[len] != '#' && rest.ptr[len] != '&') {
		len++;
	}
	return slice_first(rest, len);
}

const struct known_link *known_address(struct reader *r, struct slice url)
{
	if (r->params->known == NULL) {
		return NULL;
	}
	const struct known_link *link = find_link(r, ADDRESS, without_slash(url),
						  slice_of(NULL, 0));
	if (link == NULL) {
		link = known_content(r, part_behind(url, SLICE_LIT("/pages/")));
	}
	if (link == NULL) {
		link = known_content(r, part_behind(url, SLICE_LIT("pageId=")));
	}
	return link != NULL ? link : known_issue(r, part_behind(url, SLICE_LIT("/browse/")));
}
