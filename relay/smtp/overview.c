#include "relay/smtp/overview.h"

#include "relay/smtp/link.h"

const struct smtp_counts *smtp_relay_counts(const struct smtp_relay *r)
{
	return &r->counts;
}

/* The breaker that keeps messages out longest, else one that is not closed. */
static void look_at_breakers(const struct smtp_account *a, struct instant now,
			     struct smtp_route_view *v)
{
	v->trouble = SMTP_TROUBLES;
	for (enum smtp_trouble t = SMTP_TROUBLE_CONNECT; t < SMTP_TROUBLES; t++) {
		const struct smtp_breaker *b = &a->breakers[t];
		uint64_t left_ms;
		switch (smtp_breaker_state(b, now)) {
		case SMTP_BREAKER_CLOSED:
			break;
		case SMTP_BREAKER_OPEN:
			left_ms = instant_left_ms(b->until, now);
			if (!v->is_shut || left_ms > v->shut_ms) {
				v->trouble = t;
				v->shut_ms = left_ms;
			}
			v->is_shut = true;
			break;
		case SMTP_BREAKER_DUE:
		case SMTP_BREAKER_TRYING:
			v->trouble = v->is_shut ? v->trouble : t;
			break;
		}
	}
}

static struct smtp_route_view view_of(const struct smtp_route *route, struct instant now)
{
	const struct smtp_pace *p = &route->account.pace;
	struct smtp_route_view v = {
		.label = slice_of(route->label, route->label_len),
		.tenant = slice_of(route->tenant, route->tenant_len),
		.busy = route->busy,
		.idle = route->links - route->busy,
		.allowed = smtp_pace_connections(p),
		.waiting = route->waiting.count,
		.pause_ms = instant_left_ms(p->paused, now),
	};
	v.is_throttled = v.pause_ms > 0 || p->lost > 0;
	look_at_breakers(&route->account, now, &v);
	return v;
}

void smtp_relay_view(const struct smtp_relay *r, struct instant now, smtp_route_view_fn *fn,
		     void *ctx)
{
	for (size_t i = 0; i < SMTP_POOL_BUCKETS; i++) {
		for (const struct smtp_route *route = r->pool.buckets[i]; route != NULL;
		     route = route->next) {
			const struct smtp_route_view v = view_of(route, now);
			fn(ctx, &v);
		}
	}
}
