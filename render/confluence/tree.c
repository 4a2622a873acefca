#include "render/confluence/tree.h"

#include <assert.h>

static_assert(sizeof(struct node) == 64, "a node is one cache line");

const uint8_t node_levels[NODE_KINDS] = {
#define NODE(name, level, content, member) [NODE_##name] = NODE_IS_##level,
#include "render/confluence/node.def"
#undef NODE
};

const uint8_t node_contents[NODE_KINDS] = {
#define NODE(name, level, content, member) [NODE_##name] = NODE_HOLDS_##content,
#include "render/confluence/node.def"
#undef NODE
};

static const struct slice names[NODE_KINDS] = {
#define NODE(name, level, content, member) [NODE_##name] = SLICE_INIT(#name),
#include "render/confluence/node.def"
#undef NODE
};

struct slice node_kind_name(enum node_kind kind)
{
	assert(kind < NODE_KINDS);
	return names[kind];
}
