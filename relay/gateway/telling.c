#include "relay/gateway/telling.h"

#include "relay/gateway/upstream.h"

enum { PORT_DIGITS = 5 };

/* --- the mail server --------------------------------------------------------------------------------- */

static size_t put(char *room, size_t at, size_t most, struct slice s)
{
	s = slice_first(s, most - at);
	for (size_t i = 0; i < s.len; i++) {
		room[at + i] = s.ptr[i];
	}
	return at + s.len;
}

/* host:port; of a host that is too long, its first part. */
static struct slice with_port(char *room, size_t most, struct slice host, uint16_t port)
{
	struct buf digits;
	size_t at = put(room, 0, most - PORT_DIGITS - 1, host);
	buf_init(&digits, PORT_DIGITS);
	if (buf_add_u64(&digits, port) == FAULT_NONE) {
		at = put(room, at, most, SLICE_LIT(":"));
		at = put(room, at, most, buf_view(&digits));
	}
	buf_deinit(&digits);
	return slice_of(room, at);
}

void telling_name_upstream(struct flight *f)
{
	const struct job *job = f->job;
	char whole[TAG_TEXT_MAX];
	char tag[TAG_LEN];
	struct slice host = job->has_account ? job->account.host : f->server.host;
	if (host.len == 0) { /* a preview has none */
		return;
	}
	struct slice name = with_port(whole, sizeof(whole), host,
				      job->has_account ? job->account.port : f->server.port);
	if (upstream_is_operators(f)) {
		f->label_len = put(f->label, 0, sizeof(f->label), name);
		return;
	}
	size_t at = put(f->label, 0, sizeof(f->label), SLICE_LIT("job-"));
	f->label_len = put(f->label, at, sizeof(f->label),
			   tag_keys_tag(f->gateway->tag_keys, civil_now(), name, tag));
}

/* --- the end ----------------------------------------------------------------------------------------- */

struct told {
	char id[UUID_TEXT];
	struct slice upstream;
	struct civil now;
	uint64_t ms;
};

static struct slice id_of(const struct told *t)
{
	return slice_of(t->id, sizeof(t->id));
}

static struct slice cause_of(const struct smtp_cause *cause)
{
	return cause != NULL ? cause->code : (struct slice){0};
}

/* Why it has no outcome: the job failed, or others of it went out and this one's mail could not. */
static enum fault fault_of(const struct flight *f, const struct recipient_outcome *r)
{
	enum fault rest = r->outcome == OUTCOME_UNTRIED ? f->delivery.problem.fault : FAULT_NONE;
	return f->is_sent ? rest : f->problem.fault;
}

static void tell_recipient(const struct flight *f, const struct told *t, size_t i)
{
	static const struct recipient_outcome untried = {.outcome = OUTCOME_UNTRIED};
	const struct recipient_outcome *r = f->results != NULL ? &f->results[i] : &untried;
	char tag[TAG_LEN];
	struct slice address = f->composed.recipients[i].address;
	event_log(
		EVENT_RECIPIENT, EVENT_TEXT("job", id_of(t)), EVENT_TEXT("tenant", f->job->tenant),
		EVENT_TEXT("rcpt", tag_keys_tag(f->gateway->tag_keys, t->now, address, tag)),
		EVENT_TEXT("upstream", t->upstream),
		EVENT_TEXT("outcome", outcome_name(r->outcome)),
		EVENT_NUMBER("code", (uint64_t)r->code),
		EVENT_MAYBE("enhanced", slice_of_text(r->enhanced)),
		EVENT_TEXT("phase", phase_name(r->phase)), EVENT_MAYBE("cause", cause_of(r->cause)),
		EVENT_MAYBE_NUMBER("attempt", r->attempt), EVENT_MAYBE_FAULT(fault_of(f, r)),
		EVENT_NUMBER("ms", t->ms));
}

static void tell_fault(const struct flight *f, const struct told *t)
{
	const struct smtp_delivery *d = &f->delivery;
	event_log(EVENT_JOB_FAULT, EVENT_TEXT("job", id_of(t)),
		  EVENT_TEXT("tenant", f->job->tenant), EVENT_FAULT(f->problem.fault),
		  EVENT_MAYBE("upstream", t->upstream),
		  EVENT_MAYBE("cause", cause_of(f->problem.cause)),
		  EVENT_MAYBE("phase",
			      d->phase != PHASE_NONE ? phase_name(d->phase) : (struct slice){0}),
		  EVENT_MAYBE_NUMBER("code", (uint64_t)d->code), EVENT_NUMBER("ms", t->ms));
}

static struct told told_of(const struct flight *f, uint64_t ms)
{
	struct told t = {.upstream = slice_of(f->label, f->label_len), .ms = ms};
	uuid_text(&f->job->id, t.id);
	return t;
}

void telling_end(const struct flight *f, struct civil now, uint64_t ms)
{
	struct told t = told_of(f, ms);
	t.now = now;
	for (size_t i = 0; i < f->composed.recipient_count; i++) {
		tell_recipient(f, &t, i);
	}
	if (!f->is_sent) {
		tell_fault(f, &t);
		return;
	}
	enum outcome all = outcome_of_all(f->results, f->composed.recipient_count);
	event_log(EVENT_JOB_DONE, EVENT_TEXT("job", id_of(&t)),
		  EVENT_TEXT("tenant", f->job->tenant), EVENT_TEXT("upstream", t.upstream),
		  EVENT_TEXT("outcome", outcome_name(all)),
		  EVENT_NUMBER("recipients", f->composed.recipient_count),
		  EVENT_NUMBER("bytes", f->rendered.message.size), EVENT_NUMBER("ms", ms));
}

void telling_refusal(const struct flight *f, uint64_t ms)
{
	if (f->has_id) {
		struct told t = told_of(f, ms);
		tell_fault(f, &t);
	} else if (f->route != ROUTE_READYZ &&
		   (flight_tenant(f).len > 0 ||
		    event_brake_lets(&f->gateway->brake, EVENT_CALLER_REFUSED, instant_now()))) {
		event_log(EVENT_CALLER_REFUSED, EVENT_FAULT(f->problem.fault),
			  EVENT_MAYBE("tenant", flight_tenant(f)));
	}
}

void telling_repeated(const struct flight *f)
{
	char id[UUID_TEXT];
	char first[UUID_TEXT];
	uuid_text(&f->job->id, id);
	uuid_text(&f->first, first);
	event_log(EVENT_JOB_REPEATED, EVENT_TEXT("job", slice_of(id, sizeof(id))),
		  EVENT_TEXT("tenant", f->job->tenant),
		  EVENT_TEXT("first", slice_of(first, sizeof(first))));
}
