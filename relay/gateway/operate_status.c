#include "relay/gateway/operate_status.h"

#include <unistd.h>

#include "spool-free/base/json.h"
#include "relay/gateway/operate_inside.h"
#include "relay/gateway/pauses.h"
#include "relay/gateway/tally.h"

enum { FAULTS_TOLD = 32 };

static void put_number(struct json_writer *w, const char *key, uint64_t number)
{
	json_put_key(w, key);
	json_put_u64(w, number);
}

static void put_text(struct json_writer *w, const char *key, struct slice text)
{
	json_put_key(w, key);
	json_put_string(w, text);
}

static void put_bool(struct json_writer *w, const char *key, bool value)
{
	json_put_key(w, key);
	json_put_bool(w, value);
}

static void put_time(struct json_writer *w, const char *key, struct civil at)
{
	char text[CIVIL_RFC3339_LEN];
	civil_rfc3339(at, text);
	put_text(w, key, slice_of(text, sizeof(text)));
}

static void put_jobs(struct json_writer *w, const struct gateway *g)
{
	const struct budget_use use = budget_in_use(g->budget);
	const struct budget_use most = budget_most(g->budget);
	json_put_key(w, "jobs");
	json_put_object(w);
	put_number(w, "in_flight", use.jobs);
	put_number(w, "limit", most.jobs);
	json_put_key(w, "ended");
	json_put_object(w);
	for (unsigned end = 0; end < TALLY_ENDS; end++) {
		json_put_name(w, tally_end_name(end));
		json_put_u64(w, tally_jobs(g->tally, end));
	}
	json_put_object_end(w);
	json_put_object_end(w);
	json_put_key(w, "memory");
	json_put_object(w);
	put_number(w, "used", use.bytes);
	put_number(w, "limit", most.bytes);
	json_put_object_end(w);
	json_put_key(w, "bytes");
	json_put_object(w);
	put_number(w, "received", tally_bytes_read(g->tally));
	put_number(w, "sent", tally_bytes_sent(g->tally));
	json_put_object_end(w);
}

static struct slice breaker_of(const struct census_upstream *u)
{
	if (u->shut > 0) {
		return SLICE_LIT("open");
	}
	return u->trouble != SMTP_TROUBLES ? SLICE_LIT("trying") : SLICE_LIT("closed");
}

static void put_upstream(struct json_writer *w, const struct census_upstream *u)
{
	json_put_object(w);
	put_text(w, "name", slice_of(u->label, u->label_len));
	put_text(w, "tenant", slice_of(u->tenant, u->tenant_len));
	put_number(w, "busy", u->busy);
	put_number(w, "idle", u->idle);
	put_number(w, "allowed", u->allowed);
	put_number(w, "waiting", u->waiting);
	put_bool(w, "throttled", u->throttled > 0);
	put_number(w, "pause_ms", u->pause_ms);
	put_text(w, "breaker", breaker_of(u));
	if (u->trouble != SMTP_TROUBLES) {
		put_text(w, "class", smtp_trouble_name(u->trouble));
		put_number(w, "retry_ms", u->shut_ms);
	}
	json_put_object_end(w);
}

static void put_upstreams(struct json_writer *w, const struct census *c)
{
	uint64_t untold = 0;
	json_put_key(w, "upstreams");
	json_put_array(w);
	for (unsigned i = 0; i < c->lane_count; i++) {
		const struct census_lane *l = &c->lanes[i];
		untold += l->untold;
		for (size_t k = 0; k < l->count; k++) {
			put_upstream(w, &l->upstreams[k]);
		}
	}
	json_put_array_end(w);
	put_number(w, "upstreams_untold", untold);
}

/* Of jobs and of requests that no job came of, whoever turned them away. */
static void put_faults(struct json_writer *w, const struct gateway *g, struct civil now)
{
	struct tally_faults faults;
	uint64_t turned_away = tally_all_turned_away(g->tally);
	const struct operate_refused refused = operate_refused(g);
	faults.count = tally_last_faults(g->tally, faults.of);
	for (enum fault f = FAULT_NONE; f < FAULT_COUNT; f++) {
		turned_away += refused.times[f];
		if (refused.times[f] > 0) {
			tally_faults_add(&faults, f, refused.times[f], refused.last[f]);
		}
	}
	put_number(w, "turned_away", turned_away);
	json_put_key(w, "faults");
	json_put_array(w);
	for (size_t i = 0; i < faults.count && i < FAULTS_TOLD; i++) {
		const struct tally_fault *l = &faults.of[i];
		int64_t age_ms = now.ms - l->last.ms;
		json_put_object(w);
		put_text(w, "fault", fault_slug(l->fault));
		put_text(w, "title", fault_title(l->fault));
		put_text(w, "owner", fault_owner_name(l->fault));
		put_text(w, "tenant", slice_of(l->tenant, l->tenant_len));
		put_text(w, "upstream", slice_of(l->upstream, l->upstream_len));
		put_time(w, "last", l->last);
		put_number(w, "age_s", age_ms > 0 ? (uint64_t)age_ms / 1000 : 0);
		put_number(w, "times", l->times);
		json_put_object_end(w);
	}
	json_put_array_end(w);
}

static void put_pauses(struct json_writer *w, const struct gateway *g)
{
	struct pause on[PAUSES_MAX];
	size_t count = pauses_list(g->pauses, instant_now(), on);
	json_put_key(w, "pauses");
	json_put_array(w);
	for (size_t i = 0; i < count; i++) {
		pause_put(w, &on[i]);
	}
	json_put_array_end(w);
}

static void put_process(struct json_writer *w, const struct gateway *g)
{
	const struct process_facts facts = process_facts_read(&g->operate->process);
	json_put_key(w, "process");
	json_put_object(w);
	put_number(w, "cpu_ms", facts.cpu_us / 1000);
	put_number(w, "resident", facts.resident);
	put_number(w, "descriptors", facts.fds);
	put_number(w, "descriptors_limit", facts.fds_most);
	json_put_object_end(w);
}

enum fault operate_status_write(const struct census *c, struct civil now, struct buf *into)
{
	struct json_writer w;
	const struct gateway *g = c->gateway;
	uint64_t clients = 0;
	for (unsigned i = 0; i < c->lane_count; i++) {
		clients += c->lanes[i].clients;
	}
	json_writer_init(&w, into);
	json_put_object(&w);
	put_text(&w, "version", SLICE_LIT(PAGEPOST_VERSION));
	put_number(&w, "pid", (uint64_t)getpid());
	put_time(&w, "now", now);
	put_time(&w, "started", g->operate->started);
	put_bool(&w, "stopping", atomic_load(&g->is_stopping));
	put_number(&w, "loops", g->lane_count);
	put_jobs(&w, g);
	put_number(&w, "requests", atomic_load(&g->flights));
	put_number(&w, "clients", clients);
	put_bool(&w, "keeper_up", c->keeper_is_up);
	put_number(&w, "log_dropped", operate_log_dropped());
	put_process(&w, g);
	put_pauses(&w, g);
	put_upstreams(&w, c);
	put_faults(&w, g, now);
	json_put_object_end(&w);
	return json_writer_fault(&w);
}
