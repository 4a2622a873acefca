/* Where the builder's nodes and their attributes come from. */
#include "render/confluence/builder.h"

#include <assert.h>
#include <string.h>

enum {
	SLAB_NODES = 16, /* the first slab; later ones are a quarter of what there is */
	SLAB_NODES_MAX = 1024,
};

void *builder_alloc(struct builder *b, size_t size)
{
	assert(size <= BUILDER_SCRATCH);
	void *at = b->fault == FAULT_NONE ? arena_alloc(b->arena, size) : NULL;
	if (at == NULL) {
		b->fault = FAULT_NO_MEMORY;
		memset(b->scratch, 0, sizeof(b->scratch));
		at = b->scratch;
	}
	return at;
}

/* Kinds whose attributes lie beside the node never go without them. */
void builder_give_attributes(struct builder *b, struct node *n)
{
	switch (n->kind) {
	case NODE_PANEL:
		n->of.panel = builder_alloc(b, sizeof(*n->of.panel));
		break;
	case NODE_CODE:
		n->of.code = builder_alloc(b, sizeof(*n->of.code));
		break;
	case NODE_TABLE:
		n->of.table = builder_alloc(b, sizeof(*n->of.table));
		break;
	case NODE_PICTURE:
	case NODE_IMAGE:
		n->of.image = builder_alloc(b, sizeof(*n->of.image));
		n->of.image->attachment = TREE_NO_ATTACHMENT;
		break;
	case NODE_CARD:
	case NODE_CARD_INLINE:
		n->of.card = builder_alloc(b, sizeof(*n->of.card));
		break;
	case NODE_FILE:
	case NODE_FILE_INLINE:
		n->of.file = builder_alloc(b, sizeof(*n->of.file));
		n->of.file->attachment = TREE_NO_ATTACHMENT;
		break;
	case NODE_CELL:
		n->of.cell = (struct node_cell){.colspan = 1, .rowspan = 1};
		break;
	case NODE_GALLERY:
		n->of.gallery.columns = 3;
		break;
	case NODE_NUMBERS:
		n->of.numbers.start = 1;
		break;
	case NODE_HEADING:
		n->of.heading.level = 1;
		break;
	case NODE_EMOJI:
		n->of.emoji.attachment = TREE_NO_ATTACHMENT;
		break;
	default:
		break;
	}
}

/* Room for one node on a cache line of its own; not cleared. */
static struct node *take_node(struct builder *b)
{
	if (b->slab_at == b->slab_end) {
		size_t count = b->node_count / 4;
		count = count < SLAB_NODES ? SLAB_NODES : count;
		count = count > SLAB_NODES_MAX ? SLAB_NODES_MAX : count;
		size_t size = count * sizeof(struct node);
		char *slab = arena_bytes(b->arena, size + sizeof(struct node));
		if (slab == NULL) {
			return NULL;
		}
		slab += -(uintptr_t)slab % sizeof(struct node);
		b->slab_at = slab;
		b->slab_end = slab + size;
	}
	struct node *n = (struct node *)(void *)b->slab_at;
	b->slab_at += sizeof(*n);
	return n;
}

/* A node that is not in the tree yet; the spare one when memory is out. */
struct node *builder_new(struct builder *b, enum node_kind kind)
{
	struct node *n = b->recycled;
	if (n != NULL) {
		b->recycled = n->next;
	} else if (b->fault == FAULT_NONE) {
		n = take_node(b);
	}
	if (n == NULL) {
		b->fault = FAULT_NO_MEMORY;
		n = &b->spare;
	}
	*n = (struct node){.kind = (uint8_t)kind};
	builder_give_attributes(b, n);
	return n;
}
