#include "relay/intake/exchange.h"

#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "spool-free/base/event.h"
#include "spool-free/base/wipe.h"
#include "relay/intake/answer.h"
#include "relay/intake/checkspec.h"

enum {
	READS_A_ROUND = 16, /* then other connections get their turn */
	PROBLEM_JSON_MAX = 4096,
	IDEMPOTENCY_KEY_MAX = 255,
	LINGER_MS = 2000,
	STOPPING_RETRY_S = 5,
};

/* ---- requests ---- */

void exchange_drop(struct connection *c)
{
	struct intake_request *r = c->request;
	if (r != NULL) {
		c->request = NULL;
		job_free(&r->job);
		wipe(r->bytes, r->len);
		free(r);
		loop_wipe_stack(c->intake->loop);
	}
}

/* The handler hears of the end of a request that it did not answer itself. */
void exchange_tell_gone(struct intake_request *r)
{
	const struct intake_handler *h = &r->connection->intake->handler;
	if (r->with_handler) {
		r->with_handler = false;
		h->gone(h->ctx, r);
	}
}

static void begin_request(struct connection *c, struct intake_request *r)
{
	size_t room = r->room; /* the block may be older than the limits */
	const struct http_head_limits limits = {.bytes = room, .fields = c->intake->limits.fields};
	unsigned char random[UUID_RANDOM] = {0};
	(void)!getrandom(random, sizeof(random), 0); /* an id need not be secret */
	struct uuid id = uuid_v7(civil_now(), random);
	size_t len = r->len;
	*r = (struct intake_request){
		.connection = c, .len = len, .room = room, .limits = c->intake->limits};
	uuid_text(&id, r->id);
	http_head_init(&r->head, &limits);
	c->request = r;
}

bool exchange_begin(struct connection *c)
{
	struct intake_request *r = malloc(sizeof(*r) + c->intake->limits.head);
	if (r == NULL) {
		return false;
	}
	r->len = 0;
	r->room = c->intake->limits.head;
	begin_request(c, r);
	return true;
}

/* What stands behind a request that is over begins the next one. */
static void next_request(struct connection *c)
{
	struct intake_request *r = c->request;
	size_t left = r->len - r->taken;
	if (left == 0) {
		exchange_drop(c);
		c->state = CONNECTION_IDLE;
		loop_timer_set(c->timer, c->intake->limits.idle_ms);
		return;
	}
	memmove(r->bytes, r->bytes + r->taken, left);
	wipe(r->bytes + left, r->taken);
	r->len = left;
	loop_wipe_stack(c->intake->loop);
	begin_request(c, r);
	c->state = CONNECTION_HEAD;
	loop_timer_set(c->timer, c->intake->limits.head_ms);
}

static bool has_unread_body(const struct intake_request *r)
{
	return r->head.is_over && r->got < r->head.length;
}

/* ---- answers ---- */

void exchange_answer(struct connection *c, struct response *response)
{
	struct intake_request *r = c->request;
	r->with_handler = false;
	job_free(&r->job);
	c->closes |= r->head.wants_close || !r->head.is_over || has_unread_body(r) ||
		     c->intake->drains;
	response->closes = c->closes;
	response->is_head = r->head.is_over && r->head.method == HTTP_HEAD;
	response->request_id = slice_of(r->id, sizeof(r->id));
	response->at = civil_now();
	if (response_write(response, &c->out) != FAULT_NONE) {
		buf_deinit(&c->out); /* half an answer would be a false word */
		c->written = 0;
		c->closes = true;
	}
	c->state = CONNECTION_ANSWERING;
	loop_timer_set(c->timer, c->intake->limits.idle_ms);
	connection_run(c);
}

void exchange_refuse(struct connection *c, const struct problem *problem, struct response *response,
		     struct slice job)
{
	CLEANUP(buf_deinit) struct buf body;
	buf_init(&body, PROBLEM_JSON_MAX);
	/* Without memory for its body the status alone says it. */
	if (answer_problem(problem, slice_of(c->request->id, UUID_TEXT), job, &body) ==
	    FAULT_NONE) {
		response->body = buf_view(&body);
		response->type = SLICE_LIT("application/problem+json");
	}
	response->status = fault_status(problem->fault);
	response->asks_for_token = problem->fault == FAULT_NO_CALLER;
	exchange_answer(c, response);
}

/* What the intake refuses by itself. */
void exchange_refuse_own(struct connection *c, const struct problem *problem, struct slice allow)
{
	struct response response = {.allow = allow};
	atomic_fetch_add(&c->intake->counts.refused[problem->fault], 1);
	atomic_store(&c->intake->counts.refused_at_ms[problem->fault], civil_now().ms);
	if (event_brake_lets(&c->intake->brake, EVENT_REQUEST_BAD, instant_now())) {
		event_log(EVENT_REQUEST_BAD, EVENT_FAULT(problem->fault),
			  EVENT_TEXT("request", slice_of(c->request->id, UUID_TEXT)));
	}
	exchange_tell_gone(c->request);
	exchange_refuse(c, problem, &response, (struct slice){0});
}

void exchange_give_up(struct connection *c)
{
	struct response response = {.retry_after_s = STOPPING_RETRY_S};
	struct problem problem;
	(void)problem_set(&problem, FAULT_STOPPING, "");
	exchange_tell_gone(c->request);
	exchange_refuse(c, &problem, &response, (struct slice){0});
}

/* True when nothing is left to write. */
static bool flush(struct connection *c)
{
	while (c->written < c->out.len) {
		size_t n;
		struct slice rest = slice_skip(buf_view(&c->out), c->written);
		if (stream_write(c->stream, rest, &n) != STREAM_MOVED) {
			return false;
		}
		c->written += n;
		if (c->state == CONNECTION_ANSWERING) {
			loop_timer_set(c->timer, c->intake->limits.idle_ms);
		}
	}
	return true;
}

bool exchange_send(struct connection *c)
{
	if (!flush(c)) {
		stream_want(c->stream, false, true);
		return false;
	}
	buf_deinit(&c->out);
	c->written = 0;
	if (!c->closes) {
		c->has_served = true;
		next_request(c);
		return true;
	}
	exchange_drop(c);
	stream_finish(c->stream);
	c->state = CONNECTION_LINGER;
	c->seen = 0;
	loop_timer_set(c->timer, LINGER_MS);
	return true;
}

/* ---- head ---- */

static size_t most_bytes(const struct intake_request *r)
{
	switch (r->route.body) {
	case ROUTE_BODY_CHECK:
		return CHECKSPEC_MAX;
	case ROUTE_BODY_RECORD:
		return RECORDSPEC_MAX;
	case ROUTE_BODY_JOB:
	case ROUTE_BODY_NONE:
		break;
	}
	return r->limits.body;
}

static enum fault judge_length(const struct intake_request *r, struct problem *problem)
{
	size_t max = most_bytes(r);
	if (r->route.body == ROUTE_BODY_NONE) {
		return r->head.length == 0 ? FAULT_NONE
					   : problem_set(problem, FAULT_MALFORMED,
							 "This request must not have a body.");
	}
	if (!r->head.has_length && r->route.body != ROUTE_BODY_CHECK) {
		return problem_set(problem, FAULT_LENGTH_REQUIRED,
				   "This request must have a body and a Content-Length.");
	}
	if (r->head.length <= max) {
		return FAULT_NONE;
	}
	(void)problem_set(problem, FAULT_TOO_LARGE, "The body may have at most ");
	problem_add_number(problem, max);
	problem_add(problem, " bytes; the Content-Length says ");
	problem_add_number(problem, r->head.length);
	problem_add(problem, ".");
	return FAULT_TOO_LARGE;
}

static void decide(struct connection *c)
{
	struct intake_request *r = c->request;
	struct problem problem = {0};
	CLEANUP(buf_deinit) struct buf allow;
	buf_init(&allow, ROUTE_ALLOW_MAX);
	enum fault f = route_find(r->head.method, r->head.path, &r->route, &allow);
	(void)problem_set(&problem, f, f == FAULT_NOT_FOUND ? r->route.hint : NULL);
	if (f == FAULT_NONE) {
		f = judge_length(r, &problem);
	}
	if (f == FAULT_NONE &&
	    http_head_field(&r->head, HTTP_IDEMPOTENCY_KEY).len > IDEMPOTENCY_KEY_MAX) {
		f = problem_set(&problem, FAULT_BAD_FIELD,
				"The Idempotency-Key may have at most 255 bytes.");
	}
	if (f != FAULT_NONE) {
		exchange_refuse_own(c, &problem, buf_view(&allow));
		return;
	}
	c->state = CONNECTION_DECIDING;
	loop_timer_cancel(c->timer);
	r->with_handler = true;
	c->intake->handler.head(c->intake->handler.ctx, r);
}

bool exchange_head(struct connection *c)
{
	struct intake_request *r = c->request;
	struct problem problem = {0};
	if (http_head_feed(&r->head, slice_of(r->bytes, r->len), &problem) != FAULT_NONE) {
		exchange_refuse_own(c, &problem, (struct slice){0});
		return true;
	}
	if (!r->head.is_over) {
		stream_want(c->stream, true, false);
		return false;
	}
	r->taken = r->head.at;
	decide(c);
	return true;
}

/* ---- body ---- */

static enum upload_kind kind_of(enum route_body body)
{
	switch (body) {
	case ROUTE_BODY_CHECK:
		return UPLOAD_CHECK;
	case ROUTE_BODY_RECORD:
		return UPLOAD_RECORD;
	case ROUTE_BODY_JOB:
	case ROUTE_BODY_NONE:
		break;
	}
	return UPLOAD_JOB;
}

static enum fault prepare_body(struct intake_request *r, struct problem *problem)
{
	const struct intake_limits *l = &r->limits;
	struct slice coding = http_head_field(&r->head, HTTP_CONTENT_ENCODING);
	if (coding.len > 0 && !slice_eq_nocase(coding, SLICE_LIT("identity"))) {
		return problem_set(problem, FAULT_MEDIA_TYPE,
				   "The body must come without a Content-Encoding.");
	}
	const struct upload_plan plan = {
		.content_type = http_head_field(&r->head, HTTP_CONTENT_TYPE),
		.limits = l,
		.kind = kind_of(r->route.body),
		.is_empty = r->head.length == 0,
	};
	enum fault f = upload_begin(&r->upload, &plan, problem);
	if (f == FAULT_NONE) {
		f = upload_into(&r->upload, r->job, problem);
	}
	if (f != FAULT_NONE) {
		return f;
	}
	r->upload.wants_digest = http_head_field(&r->head, HTTP_IDEMPOTENCY_KEY).len > 0;
	r->body = arena_bytes(&r->job->arena, r->head.length > 0 ? r->head.length : 1);
	return r->body != NULL ? FAULT_NONE : problem_set(problem, FAULT_NO_MEMORY, "");
}

/* What of the body came along with the head. */
static enum fault take_early_body(struct intake_request *r, struct problem *problem)
{
	size_t n = r->len - r->taken;
	n = n < r->head.length ? n : (size_t)r->head.length;
	if (n == 0) {
		return FAULT_NONE;
	}
	memcpy(r->body, r->bytes + r->taken, n);
	wipe(r->bytes + r->taken, n);
	r->taken += n;
	r->got = n;
	return upload_grew(&r->upload, r->body, r->got, problem);
}

void exchange_receive(struct connection *c, struct job *job)
{
	struct intake_request *r = c->request;
	struct problem problem = {0};
	r->job = job;
	c->state = CONNECTION_BODY;
	enum fault f = prepare_body(r, &problem);
	if (f == FAULT_NONE) {
		f = take_early_body(r, &problem);
	}
	/* RFC 9110 10.1.1: only now, and not when some of the body is there already. */
	if (f == FAULT_NONE && r->head.wants_continue && r->got == 0 && r->head.length > 0) {
		f = response_continue(&c->out);
		(void)problem_set(&problem, f, "");
	}
	if (f != FAULT_NONE) {
		exchange_refuse_own(c, &problem, (struct slice){0});
		return;
	}
	c->seen = r->got;
	loop_timer_set(c->timer, c->intake->limits.head_ms);
	connection_run(c);
}

bool exchange_body(struct connection *c)
{
	struct intake_request *r = c->request;
	struct problem problem = {0};
	if (!flush(c)) {
		stream_want(c->stream, true, true);
		return false;
	}
	buf_clear(&c->out);
	c->written = 0;
	if (has_unread_body(r)) {
		stream_want(c->stream, true, false);
		return false;
	}
	loop_timer_cancel(c->timer);
	if (upload_end(&r->upload, r->body, r->got, &problem) != FAULT_NONE) {
		exchange_refuse_own(c, &problem, (struct slice){0});
		return true;
	}
	struct job *job = STEAL(r->job);
	c->state = CONNECTION_WAITING;
	c->intake->handler.job(c->intake->handler.ctx, r, job);
	return true;
}

void exchange_read_body(struct connection *c)
{
	struct intake_request *r = c->request;
	struct problem problem = {0};
	for (int i = 0; i < READS_A_ROUND && has_unread_body(r); i++) {
		size_t n;
		if (stream_read(c->stream, r->body + r->got, r->head.length - r->got, &n) !=
		    STREAM_MOVED) {
			return;
		}
		r->got += n;
		if (upload_grew(&r->upload, r->body, r->got, &problem) != FAULT_NONE) {
			exchange_refuse_own(c, &problem, (struct slice){0});
			return;
		}
	}
}
