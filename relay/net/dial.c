#include "relay/net/dial.h"

#include <stdlib.h>
#include <string.h>

#include "relay/net/resolve.h"
#include "relay/net/stream_private.h"

enum { STAGGER_MS = 250 /* RFC 8305 section 5 */ };

struct dialer {
	struct workers *workers;
	struct address_range *ranges;
	size_t range_count;
	uint16_t *ports;
	size_t port_count;
};

/* A look-up cannot be called off: it outlives a dial that was. */
struct look_up {
	struct worker_task task;
	struct dial *dial; /* NULL: called off */
	char name[RESOLVE_NAME_MAX + 1];
	uint16_t port;
	struct address_list list;
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
	struct look_up *look_up;
	struct loop_timer *late; /* connect_ms, over all addresses */
	struct loop_timer *
		next; /* the next address gets its turn; or the fault known from the start is told */
	enum fault doomed;
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
	if (d->look_up != NULL) {
		d->look_up->dial = NULL;
	}
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
	finish(d, f, trouble, NULL);
}

static void win(struct dial *d, struct attempt *a)
{
	struct stream *s = STEAL(a->stream);
	free_attempts(d);
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
		finish(d, FAULT_UPSTREAM_DOWN, "", NULL);
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

static void on_next(void *owner)
{
	struct dial *d = owner;
	if (d->doomed != FAULT_NONE) {
		finish(d, d->doomed, "", NULL);
		return;
	}
	begin_next(d);
}

static void on_late(void *owner)
{
	struct dial *d = owner;
	finish(d, d->look_up != NULL ? FAULT_UPSTREAM_NAME : FAULT_UPSTREAM_DOWN, "", NULL);
}

static void vet_and_begin(struct dial *d)
{
	if (d->list.count == 0) {
		finish(d, FAULT_UPSTREAM_NAME, "", NULL);
		return;
	}
	resolve_vet(&d->list, d->dialer->ranges, d->dialer->range_count);
	if (d->list.count == 0) {
		finish(d, FAULT_UPSTREAM_BLOCKED, "", NULL);
		return;
	}
	begin_next(d);
}

static void run_look_up(void *owner)
{
	struct look_up *l = owner;
	resolve_look_up(l->name, l->port, &l->list);
}

static void look_up_done(void *owner)
{
	struct look_up *l = owner;
	struct dial *d = l->dial;
	if (d != NULL) {
		d->list = l->list;
		d->look_up = NULL;
	}
	free(l);
	if (d != NULL) {
		vet_and_begin(d);
	}
}

static enum fault start_look_up(struct dial *d, uint16_t port)
{
	struct look_up *l = calloc(1, sizeof(*l));
	if (l == NULL) {
		return FAULT_NO_MEMORY;
	}
	memcpy(l->name, d->name, sizeof(l->name));
	l->port = port;
	l->dial = d;
	l->task = (struct worker_task){
		.run = run_look_up, .done = look_up_done, .owner = l, .home = d->loop};
	d->look_up = l;
	workers_submit(d->dialer->workers, &l->task);
	return FAULT_NONE;
}

static enum fault begin(struct dial *d, const struct dial_params *params)
{
	d->doomed = resolve_name(params->host, d->name);
	if (d->doomed == FAULT_NONE && !port_is_allowed(d->dialer, params->port)) {
		d->doomed = FAULT_UPSTREAM_BLOCKED;
	}
	if (d->doomed == FAULT_NONE &&
	    resolve_literal(d->name, params->port, &d->list.addresses[0])) {
		d->list.count = 1;
		resolve_vet(&d->list, d->dialer->ranges, d->dialer->range_count);
		d->doomed = d->list.count == 0 ? FAULT_UPSTREAM_BLOCKED : FAULT_NONE;
	}
	/* The function is never called from inside dial_start(). */
	if (d->doomed != FAULT_NONE || d->list.count > 0) {
		loop_timer_set(d->next, 0);
		return FAULT_NONE;
	}
	return start_look_up(d, params->port);
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

void dialer_free(struct dialer **d)
{
	if (*d != NULL) {
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
	d->workers = params->workers;
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
	*out_dialer = STEAL(d);
	return FAULT_NONE;
}
