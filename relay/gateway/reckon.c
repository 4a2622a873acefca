#include "relay/gateway/reckon.h"

#include <string.h>

#include "relay/gateway/tally.h"
#include "relay/gateway/upstream.h"

/* ":587" behind what is there. */
static size_t add_port(char *room, size_t len, uint16_t port)
{
	char digits[5];
	size_t at = sizeof(digits);
	do {
		digits[--at] = (char)('0' + port % 10);
		port /= 10;
	} while (port > 0);
	room[len++] = ':';
	memcpy(room + len, digits + at, sizeof(digits) - at);
	return len + sizeof(digits) - at;
}

/* A tenant's server is what its admin wrote there, or a job said: nobody else's business. */
struct slice reckon_upstream(struct flight *f)
{
	enum { PORT = sizeof(":65535") - 1 };
	char *room = f->upstream_label;
	struct slice host = slice_first(f->server.host, sizeof(f->upstream_label) - PORT);
	if (!upstream_is_operators(f) || host.len == 0) {
		return slice_of_text(TALLY_TENANTS);
	}
	memcpy(room, host.ptr, host.len);
	return slice_of(room, add_port(room, host.len, f->server.port));
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
	tally_message(f->gateway->tally, reckon_upstream(f), end_of(f), f->delivery.content_sent);
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
	}
	if (f->problem.fault != FAULT_NONE) {
		bool is_upstreams = f->want.done != NULL; /* it came as far as to its server */
		tally_fault(f->gateway->tally, f->problem.fault, flight_tenant(f),
			    is_upstreams ? reckon_upstream(f) : (struct slice){0});
	}
}
