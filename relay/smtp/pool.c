#include "relay/smtp/pool.h"

#include <stdlib.h>
#include <string.h>

#include "relay/smtp/smtp.h"

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

static void make_key(const struct smtp_pool *p, const struct smtp_upstream *u,
		     unsigned char out_key[DIGEST_LEN])
{
	const unsigned char numbers[] = {(unsigned char)(u->port >> 8), (unsigned char)u->port,
					 u->tls == TLS_IMPLICIT, u->is_shared};
	const struct slice parts[] = {
		slice_of(p->salt, sizeof(p->salt)),
		u->is_shared ? (struct slice){0} : u->tenant,
		u->host,
		slice_of(numbers, sizeof(numbers)),
		u->username,
		secret_view(u->password),
		u->ca_pem,
		slice_of(u->pins.keys, u->pins.count * sizeof(u->pins.keys[0])),
	};
	digest_sha256_parts(parts, COUNT_OF(parts), out_key);
}

enum fault smtp_pool_find(struct smtp_pool *p, const struct smtp_upstream *u,
			  struct smtp_route **out_route)
{
	unsigned char key[DIGEST_LEN];
	make_key(p, u, key);
	struct smtp_route **bucket = &p->buckets[key[0] % SMTP_POOL_BUCKETS];
	struct smtp_route *r = *bucket;
	while (r != NULL && memcmp(r->key, key, sizeof(key)) != 0) {
		r = r->next;
	}
	if (r == NULL) {
		r = calloc(1, sizeof(*r));
		if (r == NULL) {
			return FAULT_NO_MEMORY;
		}
		memcpy(r->key, key, sizeof(key));
		smtp_node_init(&r->idle, NULL);
		smtp_node_init(&r->waiting, NULL);
		r->next = *bucket;
		*bucket = r;
		p->routes++;
	}
	*out_route = r;
	return FAULT_NONE;
}

void smtp_pool_prune(struct smtp_pool *p, struct smtp_route *route)
{
	if (route->links > 0 || smtp_node_first(&route->waiting) != NULL) {
		return;
	}
	struct smtp_route **at = &p->buckets[route->key[0] % SMTP_POOL_BUCKETS];
	while (*at != route) {
		at = &(*at)->next;
	}
	*at = route->next;
	p->routes--;
	free(route);
}
