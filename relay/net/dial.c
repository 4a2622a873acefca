#include "relay/net/dial.h"

#include <stdlib.h>
#include <string.h>

#include "relay/net/look_up.h"
#include "relay/net/stream_private.h"

enum { STAGGER_MS = 250 /* RFC 8305 section 5 */ };

struct dialer {
	struct look_ups *look_ups;
	struct address_range *ranges;
	size_t range_count;
	uint16_t *ports;
	size_t port_count;
};

struct attempt {
	struct dial *dial;
	struct stream *stream;
};

struct dial {
	struct dialer *dialer;
	struct loop *loop;
	dial_fn *fn;
	void *owner;
	const struct tls_context *tls;
	uint64_t handshake_ms;
	struct tls_pins pins;
	struct tls_facts *facts;
	struct dial_report *report;
	struct look_up *look_up;
	struct instant began, until; /* until: connect_ms, over all addresses */
	struct loop_timer *late;
	struct loop_timer *next; /* the next address gets its turn; or the refusal is told */
	enum fault refusal;
	const char *trouble; /* of TLS with an address that failed */
	struct address_list list;
	size_t begun;
	struct attempt attempts[RESOLVE_ADDRESSES_MAX];
	struct stream *won; /* connected; TLS is being set up */
	char name[RESOLVE_NAME_MAX + 1];
};

static bool port_is_allowed(const struct dialer *d, uint16_t port)
{
	for (size_t i = 0; i < d->port_count; i++) {
		if (d->ports[i] == port) {
			return true;
		}
	}
	return false;
}

static void free_attempts(struct dial *d)
{
	for (size_t i = 0; i < COUNT_OF(d->attempts); i++) {
		stream_free(&d->attempts[i].stream);
	}
}

void dial_cancel(struct dial **dial)
{
	struct dial *d = *dial;
	if (d == NULL) {
		return;
	}
	*dial = NULL;
	look_up_cancel(&d->look_up);
	free_attempts(d);
	stream_free(&d->won);
	loop_timer_free(&d->late);
	loop_timer_free(&d->next);
	free(d);
}

/* The dial is over before its owner hears of it: it may begin another one at once. */
static void finish(struct dial *d, enum fault f, const char *trouble, struct stream *s)
{
	dial_fn *fn = d->fn;
	void *owner = d->owner;
	dial_cancel(&d);
	fn(owner, f, trouble, s);
}

uint64_t dial_refusal_left_ms(uint64_t passed_ms)
{
	return DIAL_REFUSAL_MS - passed_ms % DIAL_REFUSAL_MS;
}

/* Told by the timer, whoever refused and however fast (relay.md B19). */
static void refuse(struct dial *d, enum fault f)
{
	uint64_t passed = loop_now(d->loop).ms - d->began.ms;
	d->refusal = f;
	loop_timer_set(d->next, dial_refusal_left_ms(passed));
}

static bool some_under_way(const struct dial *d)
{
	for (size_t i = 0; i < d->begun; i++) {
		if (d->attempts[i].stream != NULL) {
			return true;
		}
	}
	return false;
}

static void on_connect(void *owner, enum stream_event event);
static void on_tls(void *owner, enum stream_event event);

/* The next address; when it cannot even begin, the one after it. */
static void begin_next(struct dial *d)
{
	while (d->begun < d->list.count) {
		struct attempt *a = &d->attempts[d->begun];
		const struct address *to = &d->list.addresses[d->begun++];
		a->dial = d;
		if (stream_connect(d->loop, to, NULL, on_connect, a, &a->stream) == FAULT_NONE) {
			loop_timer_set(d->next, STAGGER_MS);
			return;
		}
	}
	if (!some_under_way(d)) {
		refuse(d, FAULT_UPSTREAM_DOWN);
	}
}

/* Addresses whose turn had come and that did not win stand first again, should TLS with the winner fail. */
static void keep_the_others(struct dial *d, size_t won)
{
	struct address_list rest = {.count = 0};
	for (size_t i = 0; i < d->list.count; i++) {
		bool tried = i < d->begun && d->attempts[i].stream == NULL;
		if (!tried && i != won) {
			rest.addresses[rest.count++] = d->list.addresses[i];
		}
	}
	free_attempts(d);
	d->list = rest;
	d->begun = 0;
}

static void report_resolved(struct dial *d)
{
	if (d->report != NULL) {
		d->report->is_resolved = true;
		d->report->resolved = loop_now(d->loop);
	}
}

static void report_connected(struct dial *d, const struct stream *s)
{
	if (d->report != NULL) {
		d->report->is_connected = true;
		d->report->connected = loop_now(d->loop);
		d->report->tried = d->begun;
		d->report->peer = *stream_peer(s);
	}
}

static void win(struct dial *d, struct attempt *a)
{
	size_t won = (size_t)(a - d->attempts);
	struct stream *s = STEAL(a->stream);
	report_connected(d, s);
	keep_the_others(d, won);
	loop_timer_cancel(d->late);
	loop_timer_cancel(d->next);
	if (d->tls == NULL) {
		finish(d, FAULT_NONE, "", s);
		return;
	}
	d->won = s;
	stream_rebind(s, on_tls, d);
	stream_deadline(s, d->handshake_ms);
	stream_expect_pins(s, &d->pins);
	enum fault f = stream_begin_tls(s, d->tls, slice_of_text(d->name));
	if (f != FAULT_NONE) {
		finish(d, f, "", NULL);
	}
}

/*
 * A server behind one of several addresses may be out of order: the others have their turn within the same budget. Not so
 * when a certificate cannot be trusted: somebody must hear of that, and no other address may hide it.
 */
static bool goes_on_elsewhere(struct dial *d, enum fault f, const char *trouble)
{
	uint64_t left = instant_left_ms(d->until, loop_now(d->loop));
	if (f != FAULT_UPSTREAM_TLS || d->list.count == 0 || left == 0) {
		return false;
	}
	stream_free(&d->won);
	d->trouble = trouble;
	loop_timer_set(d->late, left);
	begin_next(d);
	return true;
}

static void on_tls(void *owner, enum stream_event event)
{
	struct dial *d = owner;
	if (d->facts != NULL) {
		stream_tls_facts(d->won, d->facts);
	}
	if (event == STREAM_READY) {
		struct stream *s = STEAL(d->won);
		stream_deadline(s, 0);
		finish(d, FAULT_NONE, "", s);
		return;
	}
	bool late = event == STREAM_LATE;
	enum fault f = late ? FAULT_UPSTREAM_TLS : stream_fault(d->won);
	/* Static text: it outlives the stream. */
	const char *trouble = late ? "the handshake took too long" : stream_tls_trouble(d->won);
	if (!goes_on_elsewhere(d, f, trouble)) {
		finish(d, f, trouble, NULL);
	}
}

static void on_connect(void *owner, enum stream_event event)
{
	struct attempt *a = owner;
	if (event == STREAM_READY) {
		win(a->dial, a);
		return;
	}
	stream_free(&a->stream);
	begin_next(a->dial);
}

/* Where TLS failed with one address and the others cannot be reached, TLS is what has to be put right. */
static void tell_refusal(struct dial *d, enum fault f)
{
	if (f == FAULT_UPSTREAM_DOWN && d->trouble[0] != '\0') {
		finish(d, FAULT_UPSTREAM_TLS, d->trouble, NULL);
	} else {
		finish(d, f, "", NULL);
	}
}

static void on_next(void *owner)
{
	struct dial *d = owner;
	if (d->refusal != FAULT_NONE) {
		tell_refusal(d, d->refusal);
	} else {
		begin_next(d);
	}
}

static void on_late(void *owner)
{
	struct dial *d = owner;
	enum fault f = d->look_up != NULL ? FAULT_UPSTREAM_NAME : FAULT_UPSTREAM_DOWN;
	tell_refusal(d, d->refusal != FAULT_NONE ? d->refusal : f);
}

static void on_looked_up(void *owner, const struct address_list *list)
{
	struct dial *d = owner;
	d->look_up = NULL;
	d->list = *list;
	if (list->count > 0) {
		report_resolved(d);
	}
	resolve_vet(&d->list, d->dialer->ranges, d->dialer->range_count);
	if (d->list.count == 0) {
		refuse(d, list->count == 0 ? FAULT_UPSTREAM_NAME : FAULT_UPSTREAM_BLOCKED);
	} else {
		begin_next(d);
	}
}

static enum fault begin(struct dial *d, const struct dial_params *params)
{
	enum fault f = resolve_name(params->host, d->name);
	if (f == FAULT_NONE && !port_is_allowed(d->dialer, params->port)) {
		f = FAULT_UPSTREAM_BLOCKED;
	}
	if (f == FAULT_NONE && resolve_literal(d->name, params->port, &d->list.addresses[0])) {
		d->list.count = 1;
		report_resolved(d);
		resolve_vet(&d->list, d->dialer->ranges, d->dialer->range_count);
		f = d->list.count == 0 ? FAULT_UPSTREAM_BLOCKED : FAULT_NONE;
	}
	if (f != FAULT_NONE) {
		refuse(d, f);
		return FAULT_NONE;
	}
	if (d->list.count > 0) { /* the function is never called from inside dial_start() */
		loop_timer_set(d->next, 0);
		return FAULT_NONE;
	}
	const struct look_up_params look_up = {
		.loop = d->loop, .name = d->name, .party = params->party, .port = params->port};
	return look_up_start(d->dialer->look_ups, &look_up, on_looked_up, d, &d->look_up);
}

enum fault dial_start(struct dialer *dialer, const struct dial_params *params, dial_fn *fn,
		      void *owner, struct dial **out_dial)
{
	CLEANUP(dial_cancel) struct dial *d = calloc(1, sizeof(*d));
	if (d == NULL) {
		return FAULT_NO_MEMORY;
	}
	d->dialer = dialer;
	d->loop = params->loop;
	d->fn = fn;
	d->owner = owner;
	d->tls = params->tls;
	d->handshake_ms = params->handshake_ms;
	d->pins = params->pins != NULL ? *params->pins : (struct tls_pins){.count = 0};
	d->facts = params->facts;
	d->report = params->report;
	d->trouble = "";
	d->began = loop_now(d->loop);
	d->until = instant_after(d->began, params->connect_ms);
	enum fault f = loop_timer_new(d->loop, on_late, d, &d->late);
	if (f == FAULT_NONE) {
		f = loop_timer_new(d->loop, on_next, d, &d->next);
	}
	if (f == FAULT_NONE) {
		loop_timer_set(d->late, params->connect_ms);
		f = begin(d, params);
	}
	if (f != FAULT_NONE) {
		return f;
	}
	*out_dial = STEAL(d);
	return FAULT_NONE;
}

void dialer_stop(struct dialer *d)
{
	if (d != NULL) {
		look_ups_stop(d->look_ups);
	}
}

struct look_ups *dialer_look_ups(struct dialer *d)
{
	return d->look_ups;
}

void dialer_free(struct dialer **d)
{
	if (*d != NULL) {
		look_ups_free(&(*d)->look_ups);
		free((*d)->ranges);
		free((*d)->ports);
		free(*d);
		*d = NULL;
	}
}

static enum fault parse_ranges(struct dialer *d, const struct dialer_params *params,
			       struct problem *problem)
{
	for (size_t i = 0; i < params->allowed_range_count; i++) {
		struct slice text = slice_of_text(params->allowed_ranges[i]);
		if (address_range_parse(text, &d->ranges[i]) != FAULT_NONE) {
			problem_set(problem, FAULT_BAD_SETTING, "The address range number ");
			problem_add_number(problem, i + 1);
			problem_add(problem, " must be like 10.0.0.0/8 or fd00::/8.");
			return FAULT_BAD_SETTING;
		}
		d->range_count++;
	}
	return FAULT_NONE;
}

enum fault dialer_new(const struct dialer_params *params, struct dialer **out_dialer,
		      struct problem *problem)
{
	CLEANUP(dialer_free) struct dialer *d = calloc(1, sizeof(*d));
	if (d == NULL) {
		return problem_set(problem, FAULT_NO_MEMORY, "");
	}
	d->ranges = calloc(params->allowed_range_count + 1, sizeof(*d->ranges));
	d->ports = calloc(params->allowed_port_count + 1, sizeof(*d->ports));
	if (d->ranges == NULL || d->ports == NULL) {
		return problem_set(problem, FAULT_NO_MEMORY, "");
	}
	for (size_t i = 0; i < params->allowed_port_count; i++) {
		d->ports[d->port_count++] = params->allowed_ports[i];
	}
	enum fault f = parse_ranges(d, params, problem);
	if (f != FAULT_NONE) {
		return f;
	}
	f = look_ups_new(params->resolve != NULL ? params->resolve : resolve_look_up, &d->look_ups);
	if (f != FAULT_NONE) {
		return problem_set(problem, f, "");
	}
	*out_dialer = STEAL(d);
	return FAULT_NONE;
}
