#include "relay/smtp/node.h"

#include <stddef.h>

void smtp_node_init(struct smtp_node *n, void *owner)
{
	*n = (struct smtp_node){.prev = n, .next = n, .owner = owner};
}

void smtp_node_leave(struct smtp_node *n)
{
	n->prev->next = n->next;
	n->next->prev = n->prev;
	n->prev = n;
	n->next = n;
}

static void put_between(struct smtp_node *before, struct smtp_node *n, struct smtp_node *behind)
{
	n->prev = before;
	n->next = behind;
	before->next = n;
	behind->prev = n;
}

void smtp_node_put_first(struct smtp_node *head, struct smtp_node *n)
{
	smtp_node_leave(n);
	put_between(head, n, head->next);
}

void smtp_node_put_last(struct smtp_node *head, struct smtp_node *n)
{
	smtp_node_leave(n);
	put_between(head->prev, n, head);
}

void *smtp_node_first(const struct smtp_node *head)
{
	return head->next != head ? head->next->owner : NULL;
}
