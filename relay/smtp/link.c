#include "relay/smtp/link.h"

#include <stdlib.h>
#include <sys/random.h>

#include "spool-free/base/event.h"
#include "spool-free/base/wipe.h"
#include "relay/net/resolve.h"
#include "relay/smtp/hold.h"
#include "relay/smtp/verdict.h"

enum {
	LINK_AGE_MS = 10 * 60 * 1000, /* many servers end a session that gets old (relay.md B5) */
	BLOCKS_A_TURN = 32,	      /* then other connections of the loop get theirs */
	FAREWELL_MS = 2000,	      /* for the answer to QUIT */
	/* Who rested for longer may be gone, and nobody told: envelope and content in one flight would then be
	 * uncertain. */
	LIVELY_MS = 5000,
};

static void pump(struct smtp_link *k);

static uint64_t least(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

/* How long the next sign of life may take (design.md section 11), clipped by the job's deadline. */
static uint64_t patience(const struct smtp_link *k)
{
	const struct smtp_relay_params *p = &k->relay->params;
	if (k->delivery == NULL) {
		return k->client.state == SMTP_CLOSING ? FAREWELL_MS : 0;
	}
	uint64_t left = instant_left_ms(k->delivery->deadline, loop_now(p->loop));
	left = left > 0 ? left : 1;
	if (k->client.state == SMTP_FINAL || smtp_client_uncertain(&k->client)) {
		return left > p->final_min_ms ? left : p->final_min_ms;
	}
	if (k->client.state == SMTP_CONTENT) {
		return least(left, p->content_ms);
	}
	return least(left, smtp_client_phase(&k->client) == PHASE_GREETING ? p->greeting_ms
									   : p->command_ms);
}

static void arm(struct smtp_link *k)
{
	bool has_output = smtp_client_output(&k->client).len > 0;
	stream_want(k->stream, true, has_output);
	/* The kernel forgets it after each read and write. Some servers hold a reply back until what they said before it
	 * is acknowledged: the envelope's answers, or the tickets of the TLS session before the greeting. */
	if (smtp_client_awaits(&k->client)) {
		stream_quick_ack(k->stream);
	}
	/* A server that drips its reply byte by byte does not gain time by it. */
	if (k->seen != k->client.progress) {
		k->seen = k->client.progress;
		stream_deadline(k->stream, patience(k));
	}
}

/* An over connection takes nothing more; the event that says why follows. */
static void write_out(struct smtp_link *k)
{
	for (unsigned i = 0; i < BLOCKS_A_TURN; i++) {
		size_t n;
		struct slice out = smtp_client_output(&k->client);
		if (out.len == 0 || stream_write(k->stream, out, &n) != STREAM_MOVED) {
			return;
		}
		smtp_client_wrote(&k->client, n);
	}
}

static bool read_in(struct smtp_link *k)
{
	size_t n;
	char *room = k->relay->room;
	if (stream_read(k->stream, room, SMTP_READ_SIZE, &n) != STREAM_MOVED) {
		return false;
	}
	smtp_client_feed(&k->client, slice_of(room, n));
	wipe(room, n); /* replies name recipients */
	return true;
}

static void start_tls(struct smtp_link *k)
{
	char name[RESOLVE_NAME_MAX + 1];
	enum fault f = resolve_name(k->delivery->upstream.host, name);
	if (f == FAULT_NONE) {
		stream_expect_pins(k->stream, &k->delivery->upstream.pins);
		f = stream_start_tls(k->stream, k->tls, slice_of_text(name));
	}
	if (f != FAULT_NONE) {
		smtp_client_lost(&k->client, f);
	}
}

static enum smtp_phase phase_of_dialling(enum fault f)
{
	if (f == FAULT_UPSTREAM_NAME) {
		return PHASE_RESOLVE;
	}
	return f == FAULT_UPSTREAM_TLS || f == FAULT_UPSTREAM_CERT ? PHASE_TLS : PHASE_CONNECT;
}

/* For who looks at this server step by step. */
static void look(struct smtp_link *k)
{
	if (k->delivery != NULL && k->delivery->findings != NULL && k->stream != NULL) {
		smtp_findings_look(k->delivery->findings, &k->client,
				   loop_now(k->relay->params.loop));
	}
}

static void tell_binding(struct smtp_link *k)
{
	struct scram_binding b = {.len = 0};
	b.type = stream_binding(k->stream, b.bytes, &b.len);
	smtp_client_bind(&k->client, &b);
	wipe(&b, sizeof(b));
	if (k->delivery != NULL && stream_tls_version(k->stream)[0] != '\0') {
		transcript_note(k->delivery->transcript,
				slice_of_text(stream_tls_version(k->stream)));
	}
}

static bool asks_status(const struct smtp_delivery *d)
{
	return d->status.notify != 0 || d->status.returns != RETURN_UNSAID;
}

/* A job whose own time was up in the midst of it does not know how the server would have gone on. */
static enum smtp_lesson lesson_of(const struct smtp_link *k, const struct smtp_delivery *d)
{
	enum smtp_lesson lesson = k->client.lesson;
	bool is_our_clock = d->fault == FAULT_DEADLINE &&
			    instant_is_past(d->deadline, loop_now(k->relay->params.loop));
	return is_our_clock && lesson == SMTP_LESSON_BAD ? SMTP_LESSON_NONE : lesson;
}

/* What the engine found out goes to the delivery; then the relay decides. */
static void conclude(struct smtp_link *k)
{
	struct smtp_delivery *d = STEAL(k->delivery);
	k->client.transcript = NULL;
	k->rested = loop_now(k->relay->params.loop);
	d->fault = k->client.fault;
	d->phase = k->client.phase;
	d->problem = k->client.problem;
	d->cause = k->client.cause;
	d->size_max = k->client.ehlo.size_max;
	if (d->tls != NULL && k->stream != NULL) {
		stream_tls_facts(k->stream, d->tls);
	}
	d->try_again = k->client.try_again;
	d->status_ignored = asks_status(d) && k->was_up && !k->client.ehlo.dsn;
	smtp_ladder_learn(&k->relay->ladder, d->upstream.host, d->upstream.port, lesson_of(k, d),
			  loop_now(k->relay->params.loop));
	d->code = k->client.fault_code;
	if (d->fault == FAULT_NONE) {
		problem_set(&d->problem, FAULT_NONE, "");
	}
	if (d->fault != FAULT_NONE && k->stream == NULL) {
		d->phase = k->dialling;
		problem_set(&d->problem, d->fault, fault_title(d->fault).ptr);
	}
	if (d->fault != FAULT_NONE && k->trouble[0] != '\0') {
		problem_set(&d->problem, d->fault, fault_title(d->fault).ptr);
		problem_add(&d->problem, " In detail: ");
		problem_add(&d->problem, k->trouble);
		problem_add(&d->problem, ".");
	}
	if (d->fault == FAULT_PAUSED) {
		smtp_hold_explain(k->relay, d);
	} else if (d->fault != FAULT_NONE && !k->client.moves_on) {
		event_log(EVENT_UPSTREAM_DOWN, EVENT_TEXT("upstream", smtp_label(&d->upstream)),
			  EVENT_FAULT(d->fault), EVENT_TEXT("phase", phase_name(d->phase)));
	}
	smtp_relay_concluded(k->relay, k, d);
}

static void tell_up(const struct smtp_link *k)
{
	struct slice upstream = k->delivery != NULL ? smtp_label(&k->delivery->upstream)
						    : SLICE_LIT("-");
	event_log(EVENT_UPSTREAM_UP, EVENT_TEXT("upstream", upstream),
		  EVENT_TEXT("tls", slice_of_text(stream_tls_version(k->stream))));
}

/* After anything happened: output goes out, and whoever waits for an end hears of it. The last thing a caller does. */
static void pump(struct smtp_link *k)
{
	struct smtp_client *c = &k->client;
	look(k);
	write_out(k);
	if (smtp_client_want(c) == SMTP_WANT_TLS) {
		start_tls(k);
	}
	if (smtp_client_want(c) == SMTP_WANT_TURN) {
		loop_timer_set(k->idle, 0); /* behind what else is due on this loop */
	}
	if (!k->was_up && c->state >= SMTP_READY && c->state <= SMTP_FINAL) {
		k->was_up = true;
		atomic_fetch_add(&k->relay->counts.sessions[tls_version_of(
					 slice_of_text(stream_tls_version(k->stream)))],
				 1);
		tell_up(k);
	}
	if (k->delivery != NULL) {
		k->delivery->content_sent = smtp_client_content_sent(c);
		if (!smtp_client_busy(c)) {
			conclude(k);
			return;
		}
	} else if (smtp_client_want(c) == SMTP_WANT_CLOSE) {
		smtp_relay_lost_link(k->relay, k);
		return;
	}
	arm(k);
}

static void on_event(void *owner, enum stream_event event)
{
	struct smtp_link *k = owner;
	switch (event) {
	case STREAM_READY:
		tell_binding(k);
		smtp_client_secured(&k->client);
		break;
	case STREAM_READABLE:
		read_in(k);
		break;
	case STREAM_WRITABLE:
		break;
	case STREAM_LATE:
		smtp_client_lost(&k->client, FAULT_DEADLINE);
		break;
	case STREAM_ENDED:
	case STREAM_FAILED:
		k->trouble = stream_tls_trouble(k->stream);
		smtp_client_lost(&k->client, stream_fault(k->stream));
		break;
	}
	pump(k);
}

static enum smtp_rung choose_rung(struct smtp_link *k, const struct smtp_upstream *u, bool rested)
{
	struct smtp_relay *r = k->relay;
	enum smtp_rung rung = SMTP_RUNG_DATA;
	if (r->params.chunking) {
		rung = smtp_ladder_rung(&r->ladder, u->host, u->port, loop_now(r->params.loop));
	}
	return rung == SMTP_RUNG_TOGETHER && rested ? SMTP_RUNG_APART : rung;
}

static void hand_over(struct smtp_link *k, struct smtp_delivery *d, bool rested)
{
	struct smtp_message m = {
		.sender = d->sender,
		.recipients = d->recipients + d->errand.first,
		.recipient_count = d->errand.count,
		.envelope_only = d->envelope_only,
		.content = d->message,
		.rung = choose_rung(k, &d->upstream, rested),
		.status = d->status,
		.envelope_id = d->envelope_id,
		.require_tls = d->require_tls,
		.results = d->results + d->errand.first,
		.arena = d->arena,
	};
	k->client.transcript = d->transcript;
	smtp_client_send(&k->client, &m);
}

static void on_dialled(void *owner, enum fault f, const char *trouble, struct stream *s)
{
	struct smtp_link *k = owner;
	k->dial = NULL;
	if (f != FAULT_NONE) {
		k->dialling = phase_of_dialling(f);
		k->trouble = trouble;
		bool late = instant_is_past(k->delivery->deadline, loop_now(k->relay->params.loop));
		smtp_client_lost(&k->client, late ? FAULT_DEADLINE : f);
		conclude(k);
		return;
	}
	k->stream = s;
	stream_rebind(s, on_event, k);
	tell_binding(k);
	k->seen = UINT64_MAX;
	pump(k);
}

static void on_idle(void *owner)
{
	struct smtp_link *k = owner;
	if (k->delivery == NULL) {
		smtp_relay_retire(k->relay, k);
	} else if (smtp_client_want(&k->client) == SMTP_WANT_TURN) {
		smtp_client_turn(&k->client);
		pump(k);
	} else if (!smtp_client_busy(&k->client)) {
		conclude(k);
	}
}

static enum fault set_up(struct smtp_link *k, struct smtp_delivery *d)
{
	const struct smtp_relay_params *p = &k->relay->params;
	k->tls = p->tls;
	if (d->upstream.ca_pem.len > 0) {
		enum fault f = smtp_trust_take(&k->relay->trust, p->tls, d->upstream.ca_pem,
					       &k->trust, &d->problem);
		if (f != FAULT_NONE) {
			return f;
		}
		k->tls = k->trust->context;
	}
	enum fault f = loop_timer_new(p->loop, on_idle, k, &k->idle);
	if (f != FAULT_NONE) {
		return f;
	}
	uint64_t left = instant_left_ms(d->deadline, loop_now(p->loop));
	struct dial_params dial = {
		.loop = p->loop,
		.host = d->upstream.host,
		.port = d->upstream.port,
		.tls = d->upstream.tls == TLS_IMPLICIT ? k->tls : NULL,
		.connect_ms = least(left, p->connect_ms),
		.handshake_ms = least(left, p->command_ms),
		.party = d->upstream.tenant,
		.pins = &d->upstream.pins,
		.facts = d->tls,
		.report = d->findings != NULL ? &d->findings->dial : NULL,
	};
	return dial_start(p->dialer, &dial, on_dialled, k, &k->dial);
}

enum fault smtp_link_open(struct smtp_relay *r, struct smtp_route *route, struct smtp_delivery *d)
{
	struct smtp_link *k = calloc(1, sizeof(*k));
	if (k == NULL) {
		return FAULT_NO_MEMORY;
	}
	k->relay = r;
	k->trouble = "";
	k->born = loop_now(r->params.loop);
	smtp_node_init(&k->among, k);
	smtp_node_init(&k->place, k);
	smtp_node_put_last(&r->links, &k->among);
	struct smtp_client_params params = {
		.ehlo_name = r->params.ehlo_name,
		.tls = d->upstream.tls,
		.provider = smtp_provider_of_host(d->upstream.host),
		.witness = d->findings != NULL ? &d->findings->witness : NULL,
		.login = {.username = d->upstream.username,
			  .password = d->upstream.password,
			  .token = d->upstream.token,
			  .host = d->upstream.host,
			  .port = d->upstream.port},
	};
	bool drawn = getrandom(params.chance, sizeof(params.chance), 0) == sizeof(params.chance);
	smtp_client_init(&k->client, &params);
	enum fault f = drawn ? set_up(k, d) : FAULT_SYSTEM;
	if (f != FAULT_NONE) {
		smtp_link_free(k);
		return f;
	}
	k->route = route;
	route->links++;
	route->busy++;
	k->delivery = d;
	hand_over(k, d, false);
	return FAULT_NONE;
}

void smtp_link_begin(struct smtp_link *k, struct smtp_delivery *d)
{
	loop_timer_cancel(k->idle);
	smtp_node_leave(&k->place);
	k->rested_ms = loop_now(k->relay->params.loop).ms - k->rested.ms;
	k->route->busy++;
	k->delivery = d;
	struct instant lively_until = instant_after(k->rested, LIVELY_MS);
	hand_over(k, d, instant_is_past(lively_until, loop_now(k->relay->params.loop)));
	if (smtp_client_busy(&k->client)) {
		pump(k);
	} else { /* told from the loop, and by a timer: the connection may end before */
		loop_timer_set(k->idle, 0);
	}
}

void smtp_link_release(struct smtp_link *k)
{
	bool has_begun = k->client.state >= SMTP_READY;
	if (k->delivery != NULL && !has_begun &&
	    smtp_hold_ask(k->relay, k->delivery) != FAULT_NONE) {
		smtp_client_lost(&k->client, FAULT_PAUSED);
		loop_timer_set(k->idle, 0); /* told from the loop */
	}
}

struct smtp_mileage smtp_link_mileage(const struct smtp_link *k)
{
	struct instant now = loop_now(k->relay->params.loop);
	bool is_resting = k->place.next != &k->place;
	bool is_unbegun = !is_resting && k->client.fault == FAULT_UPSTREAM_LOST; /* by a farewell */
	return (struct smtp_mileage){
		.messages = k->client.messages - is_unbegun,
		.age_ms = now.ms - k->born.ms,
		.idle_ms = is_resting	? now.ms - k->rested.ms
			   : is_unbegun ? k->rested_ms
					: 0,
	};
}

bool smtp_link_is_worn(const struct smtp_link *k)
{
	const struct smtp_relay_params *p = &k->relay->params;
	const struct smtp_mileage m = smtp_link_mileage(k);
	return m.messages >= p->messages_per_connection || m.age_ms >= LINK_AGE_MS ||
	       smtp_wear_is_worn(&k->route->account.wear, &m);
}

void smtp_link_rest(struct smtp_link *k, uint64_t idle_ms)
{
	stream_want(k->stream, true, false);
	stream_deadline(k->stream, 0);
	loop_timer_set(k->idle, idle_ms);
}

void smtp_link_quit(struct smtp_link *k)
{
	loop_timer_cancel(k->idle);

	smtp_node_leave(&k->place);
	smtp_client_quit(&k->client);
	pump(k);
}

void smtp_link_give_up(struct smtp_link *k)
{
	k->dialling = PHASE_CONNECT;
	dial_cancel(&k->dial);
	smtp_client_lost(&k->client, FAULT_STOPPING);
	conclude(k);
}

void smtp_link_free(struct smtp_link *k)
{
	smtp_node_leave(&k->place);
	smtp_node_leave(&k->among);
	dial_cancel(&k->dial);
	if (k->stream != NULL) {
		if (smtp_client_want(&k->client) ==
		    SMTP_WANT_MESSAGE) { /* a last word, without waiting for its answer */
			smtp_client_quit(&k->client);
			write_out(k);
		}
		stream_finish(k->stream);
	}
	stream_free(&k->stream);
	loop_timer_free(&k->idle);
	smtp_trust_release(&k->trust);
	smtp_client_deinit(&k->client);
	free(k);
}
