#include "relay/gateway/flight.h"

#include <stdlib.h>

#include "spool-free/base/digest.h"
#include "spool-free/base/wipe.h"

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
	job_free(&gone->job);
	rules_leave(gone->rules);
	/* Last: what is shared may be taken down when no flight is left. */
	atomic_fetch_sub(&gone->gateway->flights, 1);
	wipe(gone, sizeof(*gone));
	free(gone);
	*f = NULL;
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
