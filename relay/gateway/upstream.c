#include "relay/gateway/upstream.h"

#include "relay/gateway/debugging.h"
#include "relay/gateway/pauses.h"

static struct tls_pins pins_of(const struct keeper_server *s)
{
	struct tls_pins pins = {.count = s->pins.len / SERVER_PIN};
	for (size_t i = 0; i < s->pins.len; i++) {
		pins.keys[i / SERVER_PIN][i % SERVER_PIN] = (unsigned char)s->pins.ptr[i];
	}
	return pins;
}

bool upstream_is_operators(const struct flight *f)
{
	return !f->job->has_account && f->server.is_operators;
}

struct smtp_upstream upstream_of_flight(const struct flight *f)
{
	const struct job *job = f->job;
	const struct keeper_server *s = &f->server;
	const struct slice label = slice_of(f->label, f->label_len);
	if (job->has_account) {
		return (struct smtp_upstream){
			.label = label,
			.tenant = job->tenant,
			.host = job->account.host,
			.port = job->account.port,
			.tls = job->account.tls,
			.username = job->account.username,
			.password = job->account.password,
			.token = job->account.token,
		};
	}
	struct smtp_upstream u = {
		.label = label,
		.tenant = job->tenant,
		.is_shared = s->is_operators,
		.pacing = {.connections = s->limits.connections,
			   .per_minute = s->limits.per_minute,
			   .per_hour = s->limits.per_hour,
			   .recipients_per_mail = s->limits.recipients_per_mail,
			   .profile = s->profile},
		.host = s->host,
		.port = s->port,
		.tls = s->tls,
		.ca_pem = s->ca_pem,
		.username = s->username,
		.password = s->password,
		.token = f->want.token,
		.pins = pins_of(s),
	};
	if (u.token != NULL) {
		u.credential = slice_of(f->want.credential, sizeof(f->want.credential));
		u.token_may_be_old = !f->has_tried &&
				     tokens_may_be_old(f->upstream_lane->tokens, &f->want);
	}
	return u;
}

bool upstream_get_token(struct flight *f, tokens_fn *done)
{
	const struct keeper_server *s = &f->server;
	f->want = (struct tokens_want){
		.tenant = s->is_operators ? (struct slice){0} : f->job->tenant,
		.server = s->name,
		.label = slice_of(f->label, f->label_len),
		.mailbox = s->username,
		.client = &s->oauth,
		.deadline = f->job->deadline,
		.done = done,
		.owner = f,
	};
	/* An account that a job brings has its token, and a record without OAuth needs none. */
	return f->job->has_account || s->oauth.flow == OAUTH_NONE ||
	       tokens_get(f->upstream_lane->tokens, &f->want);
}

bool upstream_tries_another_token(struct flight *f, const struct smtp_delivery *d)
{
	if (d->fault != FAULT_UPSTREAM_AUTH || f->has_tried ||
	    !tokens_refused(f->upstream_lane->tokens, &f->want)) {
		return false;
	}
	f->has_tried = true;
	tokens_give_back(&f->want);
	return true;
}

/* For its turn or for another attempt; or it goes on. */
static void waits(void *flight, struct smtp_delivery *d UNUSED, uint64_t wait_ms)
{
	struct flight *f = flight;
	if (wait_ms > 0) {
		const struct civil eta = {.ms = civil_now().ms + (int64_t)wait_ms};
		job_table_set_waiting(f->gateway->table, &f->job->id, eta);
	} else {
		job_table_set_state(f->gateway->table, &f->job->id, JOB_STATE_SENDING);
	}
}

void upstream_fill_delivery(struct flight *f, smtp_done_fn *done)
{
	const struct job *job = f->job;
	f->delivery = (struct smtp_delivery){
		.upstream = upstream_of_flight(f),
		.sender = f->composed.envelope_sender,
		.recipients = f->composed.recipients,
		.recipient_count = f->composed.recipient_count,
		.message = &f->rendered.message,
		.status = job->status,
		.envelope_id = f->composed.envelope_id,
		.require_tls = job->require_tls,
		.deadline = job->deadline,
		.arena = &f->job->arena,
		.done = done,
		.waits = waits,
		.owner = f,
		.results = f->results,
	};
	debugging_begin(f);
}

enum fault upstream_check_pauses(struct flight *f)
{
	const struct job *job = f->job;
	const struct pauses_question q = {
		.tenant = job->tenant,
		.host = job->has_account ? job->account.host : f->server.host,
		.port = job->has_account ? job->account.port : f->server.port,
		.now = instant_now(),
	};
	return f->route != ROUTE_JOBS_POST ? FAULT_NONE
					   : pauses_ask(f->gateway->pauses, &q, &f->problem,
							&f->delivery.retry_after_ms);
}
