#include "relay/smtp/pool.h"

#include <stdlib.h>
#include <string.h>

#include "relay/net/loop.h"
#include "relay/smtp/smtp.h"

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
		u->credential.len > 0 ? u->credential : secret_view(u->token),
		u->ca_pem,
		slice_of(u->pins.keys, u->pins.count * sizeof(u->pins.keys[0])),
	};
	digest_sha256_parts(parts, COUNT_OF(parts), out_key);
}

static struct smtp_route *add(struct smtp_pool *p, const unsigned char key[DIGEST_LEN])
{
	struct smtp_route *r = calloc(1, sizeof(*r));
	if (r == NULL) {
		return NULL;
	}
	memcpy(r->key, key, sizeof(r->key));
	smtp_node_init(&r->idle, NULL);
	smtp_node_init(&r->resting, r);
	smtp_fair_init(&r->waiting);
	struct smtp_route **bucket = &p->buckets[key[0] % SMTP_POOL_BUCKETS];
	r->next = *bucket;
	*bucket = r;
	p->routes++;
	return r;
}

static size_t keep(struct slice text, char *room, size_t size)
{
	size_t n = text.len < size ? text.len : size;
	memcpy(room, n > 0 ? text.ptr : "", n);
	return n;
}

static bool is_resting(const struct smtp_route *r)
{
	return r->resting.next != &r->resting;
}

static void wake_up(struct smtp_pool *p, struct smtp_route *r)
{
	p->resting_count -= is_resting(r);
	smtp_node_leave(&r->resting);
}

enum fault smtp_pool_find(struct smtp_pool *p, const struct smtp_upstream *u,
			  struct smtp_route **out_route)
{
	unsigned char key[DIGEST_LEN];
	make_key(p, u, key);
	struct smtp_route *r = p->buckets[key[0] % SMTP_POOL_BUCKETS];
	while (r != NULL && memcmp(r->key, key, sizeof(key)) != 0) {
		r = r->next;
	}
	if (r == NULL) {
		r = add(p, key);
	}
	if (r == NULL) {
		return FAULT_NO_MEMORY;
	}
	r->tenant_len = keep(u->is_shared ? (struct slice){0} : u->tenant, r->tenant,
			     sizeof(r->tenant));
	r->label_len = keep(u->label, r->label, sizeof(r->label));
	wake_up(p, r);
	*out_route = r;
	return FAULT_NONE;
}

static void drop(struct smtp_pool *p, struct smtp_route *route)
{
	struct smtp_route **at = &p->buckets[route->key[0] % SMTP_POOL_BUCKETS];
	while (*at != route) {
		at = &(*at)->next;
	}
	*at = route->next;
	p->routes--;
	wake_up(p, route);
	loop_timer_free(&route->wake);
	smtp_fair_deinit(&route->waiting);
	free(route);
}

void smtp_pool_prune(struct smtp_pool *p, struct smtp_route *route, struct instant now)
{
	if (route->links > 0 || route->holds > 0 || route->waiting.count > 0) {
		return;
	}
	if (smtp_account_is_blank(&route->account, now)) {
		drop(p, route);
		return;
	}
	if (p->resting.next == NULL) {
		smtp_node_init(&p->resting, NULL);
	}
	loop_timer_free(&route->wake);
	p->resting_count += !is_resting(route);
	smtp_node_put_last(&p->resting, &route->resting);
	if (p->resting_count > SMTP_POOL_RESTING) {
		drop(p, smtp_node_first(&p->resting));
	}
}

void smtp_pool_deinit(struct smtp_pool *p)
{
	for (size_t i = 0; i < SMTP_POOL_BUCKETS; i++) {
		while (p->buckets[i] != NULL) {
			drop(p, p->buckets[i]);
		}
	}
}
