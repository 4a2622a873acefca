#include "render/confluence/tree.h"

#include <assert.h>

static_assert(sizeof(struct node) == 64, "a node is one cache line");

static const struct {
	enum node_level level;
	enum node_content content;
	struct slice name;
} kinds[NODE_KINDS] = {
#define NODE(name, level, content, member)                                                         \
	[NODE_##name] = {NODE_IS_##level, NODE_HOLDS_##content, SLICE_INIT(#name)},
#include "render/confluence/node.def"
#undef NODE
};

enum node_level node_level(const struct node *n)
{
	return kinds[n->kind].level;
}

enum node_content node_content(const struct node *n)
{
	return kinds[n->kind].content;
}

struct slice node_kind_name(enum node_kind kind)
{
	assert(kind < NODE_KINDS);
	return kinds[kind].name;
}

struct walk walk_of(const struct node *root)
{
	return (struct walk){.root = root};
}

bool walk_next(struct walk *w)
{
	const struct node *n = w->at;
	if (n == NULL) { /* a fresh walk */
		w->at = w->root;
		return w->at != NULL;
	}
	if (!w->leaving && node_content(n) != NODE_HOLDS_TEXTLESS) {
		w->leaving = n->first == NULL || w->skip;
		w->skip = false;
		w->at = w->leaving ? n : n->first;
		return true;
	}
	if (n == w->root) {
		return false;
	}
	w->leaving = n->next == NULL;
	w->at = w->leaving ? n->parent : n->next;
	return true;
}

void walk_skip(struct walk *w)
{
	w->skip = true;
}
