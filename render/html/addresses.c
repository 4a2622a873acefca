#include "render/html/addresses.h"

static uint64_t hash(struct slice s)
{
	uint64_t h = 14695981039346656037U; /* FNV-1a */
	for (size_t i = 0; i < s.len; i++) {
		h = (h ^ (unsigned char)s.ptr[i]) * 1099511628211U;
	}
	return h ^ h >> 32;
}

/* What plain text may write of it. */
static struct slice href_of(const struct node *n)
{
	switch ((enum node_kind)n->kind) {
	case NODE_LINK:
		return n->of.link.href;
	case NODE_CARD:
	case NODE_CARD_INLINE:
		return n->of.card->href;
	case NODE_FILE:
	case NODE_FILE_INLINE:
		return n->of.file->href;
	case NODE_IMAGE:
	case NODE_PICTURE:
		return n->of.image->url.len > 0 ? n->of.image->url : n->of.image->href;
	default:
		return (struct slice){0};
	}
}

static struct slice long_href(const struct node *n)
{
	struct slice href = href_of(n);
	return href.len > ADDRESS_LONG ? href : (struct slice){0};
}

static struct address *find(struct addresses *a, struct slice href)
{
	size_t at = hash(href) & (a->room - 1);
	while (a->all[at].href.len > 0 && !slice_eq(a->all[at].href, href)) {
		at = (at + 1) & (a->room - 1);
	}
	return &a->all[at];
}

enum fault addresses_count(struct addresses *a, const struct node *root, struct arena *arena)
{
	size_t links = 0;
	struct walk w = walk_of(root);
	*a = (struct addresses){0};
	while (walk_next(&w)) {
		links += !w.leaving && long_href(w.at).len > 0 ? 1 : 0;
	}
	if (links < 2) {
		return FAULT_NONE;
	}
	size_t room = 4;
	while (room < 2 * links) {
		room *= 2;
	}
	a->all = arena_array(arena, room, sizeof(*a->all));
	a->listed = arena_array(arena, links, sizeof(struct address *));
	if (a->all == NULL || a->listed == NULL) {
		return FAULT_NO_MEMORY;
	}
	a->room = room;
	w = walk_of(root);
	while (walk_next(&w)) {
		struct slice href = long_href(w.at);
		if (!w.leaving && href.len > 0) {
			struct address *found = find(a, href);
			found->href = href;
			found->uses++;
		}
	}
	return FAULT_NONE;
}

uint32_t addresses_number(struct addresses *a, struct slice href)
{
	if (a->room == 0 || href.len <= ADDRESS_LONG) {
		return 0;
	}
	struct address *found = find(a, href);
	if (found->uses < 2) {
		return 0;
	}
	if (found->number == 0) {
		a->listed[a->count] = found;
		a->count++;
		found->number = a->count;
	}
	return found->number;
}
