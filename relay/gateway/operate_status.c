#include "relay/gateway/operate_status.h"

#include <unistd.h>

#include "spool-free/base/json.h"
#include "relay/gateway/operate_inside.h"
#include "relay/gateway/pauses.h"
#include "relay/gateway/tally.h"

enum { FAULTS_TOLD = 32 };

static void put_jobs(struct json_writer *w, const struct gateway *g)
{
	const struct budget_use use = budget_in_use(g->budget);
	const struct budget_use most = budget_most(g->budget);
	json_put_key(w, "jobs");
	json_put_object(w);
	json_member_u64(w, "in_flight", use.jobs);
	json_member_u64(w, "limit", most.jobs);
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
	json_member_u64(w, "used", use.bytes);
	json_member_u64(w, "limit", most.bytes);
	json_put_object_end(w);
	json_put_key(w, "bytes");
	json_put_object(w);
	json_member_u64(w, "received", tally_bytes_read(g->tally));
	json_member_u64(w, "sent", tally_bytes_sent(g->tally));
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
	json_member_text(w, "name", slice_of(u->label, u->label_len));
	json_member_text(w, "tenant", slice_of(u->tenant, u->tenant_len));
	json_member_u64(w, "busy", u->busy);
	json_member_u64(w, "idle", u->idle);
	json_member_u64(w, "allowed", u->allowed);
	json_member_u64(w, "waiting", u->waiting);
	json_member_bool(w, "throttled", u->throttled > 0);
	json_member_u64(w, "pause_ms", u->pause_ms);
	json_member_text(w, "breaker", breaker_of(u));
	if (u->trouble != SMTP_TROUBLES) {
		json_member_text(w, "class", smtp_trouble_name(u->trouble));
		json_member_u64(w, "retry_ms", u->shut_ms);
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
	json_member_u64(w, "upstreams_untold", untold);
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
	json_member_u64(w, "turned_away", turned_away);
	json_put_key(w, "faults");
	json_put_array(w);
	for (size_t i = 0; i < faults.count && i < FAULTS_TOLD; i++) {
		const struct tally_fault *l = &faults.of[i];
		int64_t age_ms = now.ms - l->last.ms;
		json_put_object(w);
		json_member_text(w, "fault", fault_slug(l->fault));
		json_member_text(w, "title", fault_title(l->fault));
		json_member_text(w, "owner", fault_owner_name(l->fault));
		json_member_text(w, "tenant", slice_of(l->tenant, l->tenant_len));
		json_member_text(w, "upstream", slice_of(l->upstream, l->upstream_len));
		json_member_time(w, "last", l->last);
		json_member_u64(w, "age_s", age_ms > 0 ? (uint64_t)age_ms / 1000 : 0);
		json_member_u64(w, "times", l->times);
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
	json_member_u64(w, "cpu_ms", facts.cpu_us / 1000);
	json_member_u64(w, "resident", facts.resident);
	json_member_u64(w, "descriptors", facts.fds);
	json_member_u64(w, "descriptors_limit", facts.fds_most);
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
	json_member_text(&w, "version", SLICE_LIT(PAGEPOST_VERSION));
	json_member_u64(&w, "pid", (uint64_t)getpid());
	json_member_time(&w, "now", now);
	json_member_time(&w, "started", g->operate->started);
	json_member_bool(&w, "stopping", atomic_load(&g->is_stopping));
	json_member_u64(&w, "loops", g->lane_count);
	put_jobs(&w, g);
	json_member_u64(&w, "requests", atomic_load(&g->flights));
	json_member_u64(&w, "clients", clients);
	json_member_bool(&w, "keeper_up", c->keeper_is_up);
	json_member_u64(&w, "log_dropped", operate_log_dropped());
	put_process(&w, g);
	put_pauses(&w, g);
	put_upstreams(&w, c);
	put_faults(&w, g, now);
	json_put_object_end(&w);
	return json_writer_fault(&w);
}
