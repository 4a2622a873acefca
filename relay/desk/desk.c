#include "relay/desk/desk.h"

#include <stdlib.h>
#include <unistd.h>

#include "spool-free/base/event.h"
#include "spool-free/base/local_socket.h"
#include "spool-free/base/wipe.h"
#include "relay/intake/answer.h"
#include "relay/intake/response.h"

enum {
	HEAD_FIELDS = 32,
	PROBLEM_JSON_MAX = 4096,
	ALLOW_MAX = 128,
	ROOM = DESK_HEAD_MAX + DESK_BODY_MAX,
	LINGER_MS = 1000,
	LINGER_BYTES = 64 * 1024,
};

enum call_state {
	CALL_READING,
	CALL_HANDLED, /* a handler has it */
	CALL_ANSWERING,
	CALL_LINGER, /* answered; what the client still says is dropped, so that the answer reaches it */
};

/* A connection with its one request; while a handler has it, it may outlive the connection. */
struct desk_call {
	struct desk *desk; /* NULL: the desk is gone, or the client */
	struct desk_call *next;
	struct desk_call **here;
	struct stream *stream;
	struct loop_timer *timer;
	enum call_state state;
	bool is_stranger;
	bool had_last_look; /* before it made room: whether its request lies there unread */
	struct http_head head;
	size_t len; /* of what came */
	size_t dropped;
	struct buf out;
	size_t written;
	char bytes[ROOM];
};

struct desk {
	struct desk_params params;
	struct desk_call *newest;
	unsigned count;
	struct listener *listener; /* NULL: not known */
	bool rests;		   /* the listener does */
};

/* --- life --- */

/* There is room, or somebody who makes it. */
static void let_in(struct desk *d)
{
	if (d->rests && d->listener != NULL) {
		d->rests = false;
		listener_pause(d->listener, false);
	}
}

static void leave_desk(struct desk_call *c)
{
	if (c->desk != NULL) {
		let_in(c->desk);
		*c->here = c->next;
		if (c->next != NULL) {
			c->next->here = c->here;
		}
		c->desk->count--;
		c->desk = NULL;
	}
	stream_free(&c->stream);
	loop_timer_free(&c->timer);
}

/* Ends the connection; the call itself, too, unless a handler has it. */
static void hang_up(struct desk_call *c)
{
	leave_desk(c);
	if (c->state != CALL_HANDLED) {
		buf_deinit(&c->out);
		wipe(c->bytes, c->len);
		free(c);
	}
}

static void free_call(struct desk_call **c)
{
	if (*c != NULL) {
		hang_up(*c);
		*c = NULL;
	}
}

enum fault desk_new(const struct desk_params *params, struct desk **out_desk)
{
	struct desk *d = calloc(1, sizeof(*d));
	if (d == NULL) {
		return FAULT_NO_MEMORY;
	}
	d->params = *params;
	d->params.request_ms = params->request_ms > 0 ? params->request_ms : DESK_REQUEST_MS;
	d->params.answer_ms = params->answer_ms > 0 ? params->answer_ms : DESK_ANSWER_MS;
	*out_desk = d;
	return FAULT_NONE;
}

void desk_free(struct desk **desk)
{
	struct desk *d = *desk;
	if (d == NULL) {
		return;
	}
	*desk = NULL;
	d->listener = NULL;
	while (d->newest != NULL) {
		hang_up(d->newest);
	}
	free(d);
}

/* --- answers --- */

static void send_out(struct desk_call *c)
{
	while (c->written < c->out.len) {
		size_t n;
		struct slice rest = slice_skip(buf_view(&c->out), c->written);
		if (stream_write(c->stream, rest, &n) != STREAM_MOVED) {
			stream_want(c->stream, false, true);
			return;
		}
		c->written += n;
	}
	stream_finish(c->stream);
	c->state = CALL_LINGER;
	loop_timer_set(c->timer, LINGER_MS);
	stream_want(c->stream, true, false);
}

static void answer(struct desk_call *c, struct response *response)
{
	if (c->desk == NULL) { /* nobody waits any more */
		c->state = CALL_ANSWERING;
		hang_up(c);
		return;
	}
	response->closes = true;
	response->in_clear = true;
	response->is_head = c->head.is_over && c->head.method == HTTP_HEAD;
	response->at = civil_now();
	c->state = CALL_ANSWERING;
	let_in(c->desk);
	if (response_write(response, &c->out) != FAULT_NONE) {
		hang_up(c); /* half an answer would be a false word */
		return;
	}
	loop_timer_set(c->timer, c->desk->params.answer_ms);
	send_out(c);
}

static void refuse(struct desk_call *c, const struct problem *problem, struct response *response)
{
	CLEANUP(buf_deinit) struct buf body;
	buf_init(&body, PROBLEM_JSON_MAX);
	/* Without memory for its body the status alone says it. */
	if (answer_problem(problem, (struct slice){0}, (struct slice){0}, &body) == FAULT_NONE) {
		response->type = SLICE_LIT("application/problem+json");
		response->body = buf_view(&body);
	}
	response->status = fault_status(problem->fault);
	answer(c, response);
}

void desk_answer(struct desk_call *c, int status, struct slice type, struct slice body)
{
	struct response response = {.status = status, .type = type, .body = body};
	answer(c, &response);
}

void desk_refuse(struct desk_call *c, const struct problem *problem, unsigned retry_after_s)
{
	struct response response = {.retry_after_s = retry_after_s};
	refuse(c, problem, &response);
}

/* --- requests --- */

static bool fits(enum http_method has, enum http_method asked)
{
	return has == asked || (has == HTTP_GET && asked == HTTP_HEAD);
}

/* METHOD when the path is known: `allow` then has what it takes. */
static enum fault find_route(const struct desk_call *c, const struct desk_route **out_route,
			     struct buf *allow)
{
	const struct desk_params *p = &c->desk->params;
	enum fault f = FAULT_NOT_FOUND;
	for (size_t i = 0; i < p->route_count; i++) {
		const struct desk_route *r = &p->routes[i];
		if (!slice_eq(r->path, c->head.path)) {
			continue;
		}
		if (fits(r->method, c->head.method)) {
			*out_route = r;
			return FAULT_NONE;
		}
		f = FAULT_METHOD;
		if ((allow->len > 0 && buf_add_text(allow, ", ") != FAULT_NONE) ||
		    buf_add(allow, http_method_name(r->method)) != FAULT_NONE) {
			return FAULT_NO_MEMORY;
		}
	}
	return f;
}

static enum fault judge_head(const struct desk_call *c, struct problem *problem)
{
	if (c->is_stranger) {
		return problem_set(
			problem, FAULT_FORBIDDEN,
			"Only the user that the gateway runs as, and root, may ask here.");
	}
	if (c->head.length > DESK_BODY_MAX) {
		return problem_set(problem, FAULT_TOO_LARGE,
				   "The body of a request here may have at most 16384 bytes.");
	}
	return FAULT_NONE;
}

static void handle(struct desk_call *c)
{
	struct problem problem = {0};
	struct response response = {0};
	const struct desk_route *route = NULL;
	CLEANUP(buf_deinit) struct buf allow;
	buf_init(&allow, ALLOW_MAX);
	enum fault f = find_route(c, &route, &allow);
	stream_want(c->stream, false, false);
	if (f != FAULT_NONE) {
		(void)problem_set(&problem, f, "");
		response.allow = buf_view(&allow);
		refuse(c, &problem, &response);
		return;
	}
	loop_timer_cancel(c->timer);
	c->state = CALL_HANDLED;
	route->handle(c->desk->params.ctx, c);
}

static void look_at_request(struct desk_call *c)
{
	struct problem problem = {0};
	struct slice so_far = slice_of(c->bytes, c->len);
	enum fault f = FAULT_NONE;
	if (!c->head.is_over) {
		f = http_head_feed(&c->head, so_far, &problem);
	}
	if (f == FAULT_NONE && c->head.is_over) {
		f = judge_head(c, &problem);
	}
	if (f != FAULT_NONE) {
		desk_refuse(c, &problem, 0);
		return;
	}
	if (c->head.is_over && c->len - c->head.at >= c->head.length) {
		handle(c);
	}
}

static void read_request(struct desk_call *c)
{
	size_t n;
	/* The head has a limit of its own, below the room for both. */
	if (stream_read(c->stream, c->bytes + c->len, ROOM - c->len, &n) == STREAM_MOVED) {
		c->len += n;
		look_at_request(c);
	}
}

static void drop_rest(struct desk_call *c)
{
	char waste[4096];
	size_t n;
	while (c->dropped < LINGER_BYTES &&
	       stream_read(c->stream, waste, sizeof(waste), &n) == STREAM_MOVED) {
		c->dropped += n;
	}
	stream_want(c->stream, c->dropped < LINGER_BYTES, false);
}

/* --- events --- */

static void on_readable(struct desk_call *c)
{
	switch (c->state) {
	case CALL_READING:
		read_request(c);
		break;
	case CALL_LINGER:
		drop_rest(c);
		break;
	case CALL_HANDLED:
	case CALL_ANSWERING:
		break;
	}
}

static void on_stream(void *owner, enum stream_event event)
{
	struct desk_call *c = owner;
	switch (event) {
	case STREAM_READY:
		break;
	case STREAM_READABLE:
		on_readable(c);
		break;
	case STREAM_WRITABLE:
		send_out(c);
		break;
	case STREAM_LATE:
	case STREAM_ENDED:
	case STREAM_FAILED:
		hang_up(c);
		break;
	}
}

static void on_timer(void *owner)
{
	struct desk_call *c = owner;
	struct problem problem;
	if (c->state != CALL_READING) {
		hang_up(c);
		return;
	}
	(void)problem_set(&problem, FAULT_SLOW_CLIENT,
			  "The request did not arrive in the time allowed.");
	desk_refuse(c, &problem, 0);
}

/* --- connections --- */

/* Who had its answer; or else who waits longest for nothing that is being done. */
static struct desk_call *find_oldest(const struct desk *d)
{
	struct desk_call *oldest = NULL;
	struct desk_call *answered = NULL;
	for (struct desk_call *c = d->newest; c != NULL; c = c->next) {
		oldest = c->state != CALL_HANDLED ? c : oldest;
		answered = c->state == CALL_LINGER ? c : answered;
	}
	return answered != NULL ? answered : oldest;
}

/* False when a handler is at work for each. */
static bool make_room(struct desk *d)
{
	while (d->count >= d->params.connections) {
		struct desk_call *c = find_oldest(d);
		if (c == NULL) {
			return false;
		}
		if (c->state == CALL_READING && !c->had_last_look) {
			c->had_last_look = true;
			read_request(c); /* it may be gone then */
		} else {
			hang_up(c);
		}
	}
	return true;
}

static void ask_who(struct desk_call *c, int fd)
{
	uid_t who = (uid_t)-1; /* nobody, as chown(2) has it: where the kernel does not tell */
	if (!c->desk->params.asks_who) {
		return;
	}
	c->is_stranger = !local_socket_peer(fd, &who) || (who != geteuid() && who != 0);
	if (c->is_stranger) {
		event_log(EVENT_DESK_STRANGER, EVENT_NUMBER("uid", who));
	}
}

static enum fault open_call(struct desk *d, int fd)
{
	const struct http_head_limits limits = {.bytes = DESK_HEAD_MAX, .fields = HEAD_FIELDS};
	CLEANUP(free_call) struct desk_call *c = calloc(1, sizeof(*c));
	if (c == NULL) {
		close(fd);
		return FAULT_NO_MEMORY;
	}
	http_head_init(&c->head, &limits);
	buf_init(&c->out, DESK_ANSWER_MAX + RESPONSE_HEAD_MAX);
	c->desk = d;
	c->next = d->newest;
	c->here = &d->newest;
	if (c->next != NULL) {
		c->next->here = &c->next;
	}
	d->newest = c;
	d->count++;
	ask_who(c, fd);
	enum fault f = stream_accept(d->params.loop, fd, NULL, on_stream, c, &c->stream);
	if (f == FAULT_NONE) {
		f = loop_timer_new(d->params.loop, on_timer, c, &c->timer);
	}
	if (f != FAULT_NONE) {
		return f;
	}
	loop_timer_set(c->timer, d->params.request_ms);
	stream_want(c->stream, true, false);
	(void)STEAL(c);
	return FAULT_NONE;
}

void desk_accept(void *desk, int fd, const struct address *peer UNUSED)
{
	struct desk *d = desk;
	bool has_room = make_room(d);
	if (!has_room && d->listener == NULL) {
		close(fd);
		return;
	}
	if (!has_room) { /* this one is here already; no other comes behind it */
		d->rests = true;
		listener_pause(d->listener, true);
	}
	/* Whoever cannot be let in sees the connection end. */
	enum fault f = open_call(d, fd);
	(void)f;
}

void desk_listens(struct desk *d, struct listener *listener)
{
	d->listener = listener;
	d->rests = false;
}

/* --- what a handler may ask --- */

struct slice desk_call_query(const struct desk_call *c)
{
	return c->head.query;
}

struct slice desk_call_body(const struct desk_call *c)
{
	return slice_of(c->bytes + c->head.at, (size_t)c->head.length);
}

bool desk_call_parameter(const struct desk_call *c, struct slice name, struct slice *out_value)
{
	struct slice rest = c->head.query;
	while (rest.len > 0) {
		struct slice pair = rest;
		struct slice key;
		if (slice_cut_to(&rest, '&', &key)) {
			pair = key;
		} else {
			rest = (struct slice){0};
		}
		if (slice_cut_to(&pair, '=', &key) && slice_eq(key, name)) {
			*out_value = pair;
			return true;
		}
	}
	return false;
}
