#include "relay/gateway/operate_metrics.h"

#include <stdlib.h>

#include "relay/gateway/operate_inside.h"
#include "relay/gateway/pauses.h"
#include "relay/gateway/tally.h"

static void put_self(const struct gateway *g, struct metric_page *p)
{
	const struct slice version = SLICE_LIT(PAGEPOST_VERSION);
	metric_put(p, METRIC_BUILD_INFO, &version, 1);
	metric_put(p, METRIC_STOPPING, NULL, atomic_load(&g->is_stopping));
	metric_put(p, METRIC_LOOPS, NULL, g->lane_count);
}

static void put_jobs(const struct gateway *g, struct metric_page *p)
{
	const struct operate_refused refused = operate_refused(g);
	tally_put_jobs(g->tally, p, refused.times);
}

static void put_budget(const struct gateway *g, struct metric_page *p)
{
	const struct budget_use use = budget_in_use(g->budget);
	const struct budget_use most = budget_most(g->budget);
	metric_put(p, METRIC_REQUESTS_IN_FLIGHT, NULL, atomic_load(&g->flights));
	metric_put(p, METRIC_JOBS_IN_FLIGHT, NULL, use.jobs);
	metric_put(p, METRIC_JOBS_LIMIT, NULL, most.jobs);
	metric_put(p, METRIC_MEMORY_USED, NULL, use.bytes);
	metric_put(p, METRIC_MEMORY_LIMIT, NULL, most.bytes);
}

static void put_clients(const struct census *c, struct metric_page *p)
{
	uint64_t connected = 0;
	uint64_t failed = 0;
	uint64_t handshakes[TLS_VERSIONS] = {0};
	for (unsigned i = 0; i < c->lane_count; i++) {
		const struct intake_counts *counts = intake_counts(c->lanes[i].lane->intake);
		connected += c->lanes[i].clients;
		failed += atomic_load(&counts->handshakes_failed);
		for (enum tls_version v = TLS_VERSION_NONE; v < TLS_VERSIONS; v++) {
			handshakes[v] += atomic_load(&counts->handshakes[v]);
		}
	}
	metric_put(p, METRIC_CLIENT_CONNECTIONS, NULL, connected);
	/* None is told in the clear: whoever tries it comes to no handshake. */
	for (enum tls_version v = TLS_VERSION_1_2; v < TLS_VERSIONS; v++) {
		const struct slice name = tls_version_name(v);
		metric_put(p, METRIC_CLIENT_HANDSHAKES, &name, handshakes[v]);
	}
	const struct slice name = SLICE_LIT("failed");
	metric_put(p, METRIC_CLIENT_HANDSHAKES, &name, failed);
}

/* --- upstreams: sums by name --- */

struct sums {
	struct tally *tally;
	struct census_upstream *of; /* by number */
	unsigned count;
};

static void add_sums(struct census_upstream *to, const struct census_upstream *from)
{
	to->busy += from->busy;
	to->idle += from->idle;
	to->allowed += from->allowed;
	to->waiting += from->waiting;
	to->throttled += from->throttled;
	to->shut += from->shut;
}

static void add_lane(const struct sums *s, const struct census_lane *l)
{
	for (size_t i = 0; i < l->count; i++) {
		const struct census_upstream *u = &l->upstreams[i];
		if (u->tenant_len == 0) {
			struct slice label = slice_of(u->label, u->label_len);
			add_sums(&s->of[tally_upstream(s->tally, label)], u);
		}
	}
	add_sums(&s->of[tally_upstream(s->tally, slice_of_text(TALLY_TENANTS))], &l->tenants);
}

static void put_connections(const struct sums *s, struct metric_page *p)
{
	for (unsigned i = 0; i < s->count; i++) {
		struct slice labels[] = {tally_upstream_text(s->tally, i), SLICE_LIT("busy")};
		if (!tally_upstream_is_known(s->tally, i)) {
			continue;
		}
		metric_put(p, METRIC_UPSTREAM_CONNECTIONS, labels, s->of[i].busy);
		labels[1] = SLICE_LIT("idle");
		metric_put(p, METRIC_UPSTREAM_CONNECTIONS, labels, s->of[i].idle);
	}
}

static void put_sums(const struct sums *s, struct metric_page *p)
{
	static const struct {
		enum metric metric;
		size_t at;
	} told[] = {
		{METRIC_UPSTREAM_ALLOWED, offsetof(struct census_upstream, allowed)},
		{METRIC_UPSTREAM_WAITING, offsetof(struct census_upstream, waiting)},
		{METRIC_UPSTREAM_THROTTLED, offsetof(struct census_upstream, throttled)},
		{METRIC_UPSTREAM_BREAKERS, offsetof(struct census_upstream, shut)},
	};
	put_connections(s, p);
	for (size_t t = 0; t < COUNT_OF(told); t++) {
		for (unsigned i = 0; i < s->count; i++) {
			const char *sums = (const char *)&s->of[i];
			const struct slice label = tally_upstream_text(s->tally, i);
			if (tally_upstream_is_known(s->tally, i)) {
				metric_put(p, told[t].metric, &label,
					   *(const uint64_t *)(sums + told[t].at));
			}
		}
	}
}

static enum fault put_upstreams(const struct census *c, struct metric_page *p)
{
	struct sums s = {.tally = c->gateway->tally,
			 .count = tally_upstream_count(c->gateway->tally)};
	s.of = calloc(s.count, sizeof(s.of[0]));
	if (s.of == NULL) {
		return FAULT_NO_MEMORY;
	}
	for (unsigned i = 0; i < c->lane_count; i++) {
		add_lane(&s, &c->lanes[i]);
	}
	put_sums(&s, p);
	tally_put_upstreams(s.tally, p);
	free(s.of);
	return FAULT_NONE;
}

static void put_relays(const struct gateway *g, struct metric_page *p)
{
	uint64_t sessions[TLS_VERSIONS] = {0};
	uint64_t trips[SMTP_TROUBLES] = {0};
	uint64_t throttles = 0;
	for (unsigned i = 0; i < g->lane_count; i++) {
		const struct smtp_counts *counts = smtp_relay_counts(g->lanes[i].relay);
		throttles += atomic_load(&counts->throttles);
		for (enum tls_version v = TLS_VERSION_NONE; v < TLS_VERSIONS; v++) {
			sessions[v] += atomic_load(&counts->sessions[v]);
		}
		for (enum smtp_trouble t = SMTP_TROUBLE_CONNECT; t < SMTP_TROUBLES; t++) {
			trips[t] += atomic_load(&counts->trips[t]);
		}
	}
	for (enum tls_version v = TLS_VERSION_NONE; v < TLS_VERSIONS; v++) {
		const struct slice name = tls_version_name(v);
		metric_put(p, METRIC_UPSTREAM_HANDSHAKES, &name, sessions[v]);
	}
	metric_put(p, METRIC_UPSTREAM_THROTTLES, NULL, throttles);
	for (enum smtp_trouble t = SMTP_TROUBLE_CONNECT; t < SMTP_TROUBLES; t++) {
		const struct slice name = smtp_trouble_name(t);
		metric_put(p, METRIC_UPSTREAM_TRIPS, &name, trips[t]);
	}
}

static void put_pauses(const struct gateway *g, struct metric_page *p)
{
	struct pause on[PAUSES_MAX];
	uint64_t counts[PAUSE_UPSTREAM + 1] = {0};
	size_t count = pauses_list(g->pauses, instant_now(), on);
	for (size_t i = 0; i < count; i++) {
		counts[on[i].target.what]++;
	}
	for (enum pause_what w = PAUSE_ALL; w <= PAUSE_UPSTREAM; w++) {
		const struct slice name = pause_what_name(w);
		metric_put(p, METRIC_PAUSES, &name, counts[w]);
	}
}

static void put_process(const struct gateway *g, struct metric_page *p)
{
	const struct process_facts facts = process_facts_read(&g->operate->process);
	metric_put_us(p, METRIC_PROCESS_CPU, NULL, facts.cpu_us);
	metric_put(p, METRIC_PROCESS_RSS, NULL, facts.resident);
	metric_put(p, METRIC_PROCESS_FDS, NULL, facts.fds);
	metric_put(p, METRIC_PROCESS_MAX_FDS, NULL, facts.fds_most);
	metric_put(p, METRIC_PROCESS_START, NULL, (uint64_t)g->operate->started.ms / 1000);
}

enum fault operate_metrics_write(const struct census *c, struct buf *into)
{
	struct metric_page p;
	const struct gateway *g = c->gateway;
	metric_page_init(&p, into);
	put_self(g, &p);
	put_jobs(g, &p);
	put_budget(g, &p);
	put_clients(c, &p);
	enum fault f = put_upstreams(c, &p);
	put_relays(g, &p);
	tally_put_tenants(g->tally, &p);
	metric_put(&p, METRIC_KEEPER_UP, NULL, c->keeper_is_up);
	put_pauses(g, &p);
	metric_put(&p, METRIC_LOG_DROPPED, NULL, operate_log_dropped());
	put_process(g, &p);
	return f == FAULT_NONE ? p.fault : f;
}
