#include "relay/gateway/reckon.h"

#include "relay/gateway/tally.h"
#include "relay/gateway/upstream.h"

/* A tenant's server is what its admin wrote there, or a job said: they count together, whichever it is. */
static struct slice upstream_of(const struct flight *f)
{
	return upstream_is_operators(f) && f->label_len > 0 ? slice_of(f->label, f->label_len)
							    : slice_of_text(TALLY_TENANTS);
}

static unsigned end_of(const struct flight *f)
{
	return f->is_sent ? (unsigned)outcome_of_all(f->results, f->composed.recipient_count)
			  : (unsigned)TALLY_FAULT;
}

void reckon_taken(struct flight *f)
{
	tally_read(f->gateway->tally, f->job->tenant, intake_request_length(f->request));
}

void reckon_sent(struct flight *f)
{
	tally_message(f->gateway->tally, upstream_of(f), end_of(f), f->delivery.content_sent);
}

/* Of jobs that were read; who was turned away at the door is among the faults alone. */
static void reckon_job(const struct flight *f)
{
	struct tally *t = f->gateway->tally;
	unsigned end = f->is_repeated ? (unsigned)TALLY_REPEATED : end_of(f);
	uint64_t ms = loop_now(f->client->loop).ms - f->began.ms;
	tally_job(t, f->job->tenant, end, ms * 1000);
	if (f->is_sent) {
		tally_recipients(t, f->results, f->composed.recipient_count);
	}
}

void reckon_ended(struct flight *f)
{
	if (f->route == ROUTE_JOBS_POST && f->job != NULL && f->has_id) {
		reckon_job(f);
	} else if (f->problem.fault != FAULT_NONE && f->route != ROUTE_READYZ) {
		tally_turned_away(f->gateway->tally);
	}
	if (f->problem.fault != FAULT_NONE) {
		/* It came as far as to its server; a tenant's own is told by the tenant's id. */
		bool is_operators = f->want.done != NULL && upstream_is_operators(f);
		tally_fault(f->gateway->tally, f->problem.fault, flight_tenant(f),
			    is_operators ? upstream_of(f) : (struct slice){0});
	}
}
