/*
 * NAME     node - a place in a ring, embedded in what stands there: to come and to leave never fails
 * OWNS     nothing
 */
#ifndef RELAY_SMTP_NODE_H
#define RELAY_SMTP_NODE_H

/* A place in a ring. `owner` is whom it is embedded in; a ring's head has none. */
struct smtp_node {
	struct smtp_node *prev, *next;
	void *owner;
};

void smtp_node_init(struct smtp_node *n, void *owner);
void smtp_node_put_first(struct smtp_node *head,
			 struct smtp_node *n); /* `n` leaves the ring it is in */
void smtp_node_put_last(struct smtp_node *head, struct smtp_node *n);
void smtp_node_leave(struct smtp_node *n);	     /* may be called twice */
void *smtp_node_first(const struct smtp_node *head); /* its owner; NULL when the ring is empty */

#endif
