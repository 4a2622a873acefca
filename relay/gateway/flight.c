#include "relay/gateway/flight.h"

#include <stdlib.h>

#include "spool-free/base/digest.h"
#include "spool-free/base/wipe.h"
#include "relay/gateway/debugging.h"
#include "relay/gateway/tally.h"

enum fault flight_new(struct gateway *g, struct lane *client, struct intake_request *request,
		      struct flight **out_flight)
{
	struct flight *f = calloc(1, sizeof(*f));
	if (f == NULL) {
		return FAULT_NO_MEMORY;
	}
	f->gateway = g;
	f->rules = client->rules;
	rules_enter(f->rules);
	f->client = client;
	f->tenant_lane = client;
	f->upstream_lane = client;
	f->request = request;
	f->route = intake_request_route(request);
	f->began = loop_now(client->loop);
	f->stage_us = instant_us();
	atomic_fetch_add(&g->flights, 1);
	*out_flight = f;
	return FAULT_NONE;
}

void flight_free(struct flight **f)
{
	struct flight *gone = *f;
	if (gone == NULL) {
		return;
	}
	loop_timer_free(&gone->wait);
	secret_free(&gone->proof.half);
	keeper_server_deinit(&gone->server);
	smtp_checkup_free(&gone->checkup);
	buf_deinit(&gone->report);
	buf_deinit(&gone->receipt.claim);
	buf_deinit(&gone->receipt.signed_claim);
	job_free(&gone->job);
	rules_leave(gone->rules);
	/* Last: what is shared may be taken down when no flight is left. */
	atomic_fetch_sub(&gone->gateway->flights, 1);
	wipe(gone, sizeof(*gone));
	free(gone);
	*f = NULL;
}

void flight_end_stage(struct flight *f)
{
	if (f->route == ROUTE_JOBS_POST) {
		uint64_t now_us = instant_us();
		/* The body is read while the stage of admission goes on. */
		bool was_read = f->stage == STAGE_ADMIT && f->job != NULL;
		unsigned stage = was_read ? TALLY_STAGE_READ : f->stage;
		tally_stage(f->gateway->tally, stage, now_us - f->stage_us);
		debugging_stage(f, stage, now_us - f->stage_us);
		f->stage_us = now_us;
	}
}

void flight_enter_stage(struct flight *f, enum stage next)
{
	if (next != f->stage) {
		flight_end_stage(f);
		f->stage = next;
	}
}

struct slice flight_tenant(const struct flight *f)
{
	return slice_of(f->caller.tenant, f->caller.tenant_len);
}

void flight_tell(enum event_name name, const struct flight *f, struct event_field field)
{
	char id[UUID_TEXT];
	uuid_text(&f->job->id, id);
	event_log(name, EVENT_TEXT("job", slice_of(id, sizeof(id))),
		  EVENT_TEXT("tenant", f->job->tenant), field);
}

struct job_ticket flight_ticket(const struct flight *f)
{
	struct job_ticket t = {.id = f->job->id,
			       .tenant = f->job->tenant,
			       .has_key = f->job->idempotency_key.len > 0};
	if (t.has_key) {
		const struct slice parts[] = {f->job->tenant, f->job->idempotency_key};
		digest_sha256_parts(parts, COUNT_OF(parts), t.key_hash);
		for (size_t i = 0; i < JOB_KEY_HASH; i++) {
			t.body_hash[i] = f->job->body_digest[i];
		}
	}
	return t;
}
