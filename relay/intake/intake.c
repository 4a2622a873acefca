#include "relay/intake/intake.h"

#include <stdlib.h>
#include <unistd.h>

#include "relay/intake/caller.h"
#include "relay/intake/condition.h"
#include "relay/intake/exchange.h"
#include "relay/intake/key_half.h"
#include "relay/intake/prefer.h"

enum fault intake_new(struct loop *l, const struct tls_context *tls,
		      const struct intake_limits *limits, const struct intake_handler *handler,
		      struct intake **out_intake)
{
	struct intake *i = calloc(1, sizeof(*i));
	if (i == NULL) {
		return FAULT_NO_MEMORY;
	}
	*i = (struct intake){.loop = l, .tls = tls, .limits = *limits, .handler = *handler};
	*out_intake = i;
	return FAULT_NONE;
}

void intake_free(struct intake **intake)
{
	struct intake *i = *intake;
	if (i == NULL) {
		return;
	}
	*intake = NULL;
	while (i->first != NULL) {
		struct connection *c = i->first;
		connection_free(&c);
	}
	free(i);
}

void intake_set(struct intake *i, const struct tls_context *tls, const struct intake_limits *limits)
{
	i->tls = tls;
	i->limits = *limits;
}

void intake_accept(void *intake, int fd, const struct address *peer)
{
	struct intake *i = intake;
	if (i->drains || i->count >= i->limits.connections) {
		close(fd);
		return;
	}
	/* Whoever cannot be let in sees the connection end: an answer would cost the handshake that is to be spared. */
	enum fault f = connection_new(i, fd, peer);
	(void)f;
}

void intake_drain(struct intake *i)
{
	struct connection *next;
	i->drains = true;
	for (struct connection *c = i->first; c != NULL; c = next) {
		next = c->next;
		connection_drain(c);
	}
}

void intake_give_up(struct intake *i)
{
	struct connection *next;
	i->drains = true;
	for (struct connection *c = i->first; c != NULL; c = next) {
		next = c->next;
		connection_give_up(c);
	}
}

unsigned intake_connections(const struct intake *i)
{
	return i->count;
}

const struct intake_counts *intake_counts(const struct intake *i)
{
	return &i->counts;
}

enum intake_route intake_request_route(const struct intake_request *r)
{
	return r->route.name;
}

struct slice intake_request_bearer(const struct intake_request *r)
{
	return caller_bearer(http_head_field(&r->head, HTTP_AUTHORIZATION));
}

struct slice intake_request_target_id(const struct intake_request *r)
{
	return r->route.id;
}

enum intake_scope intake_request_scope(const struct intake_request *r)
{
	return r->route.scope;
}

enum keeper_kind intake_request_kind(const struct intake_request *r)
{
	return r->route.kind;
}

enum fault intake_request_half(const struct intake_request *r, struct secret **out_half,
			       struct problem *problem)
{
	struct slice text = http_head_field(&r->head, HTTP_X_PAGEPOST_KEY);
	*out_half = NULL;
	return text.ptr == NULL ? FAULT_NONE
				: key_half_parse(text, "The X-Pagepost-Key", out_half, problem);
}

enum fault intake_request_condition(const struct intake_request *r,
				    struct keeper_condition *out_condition, struct problem *problem)
{
	const struct condition_fields fields = {
		.match = http_head_field(&r->head, HTTP_IF_MATCH),
		.none_match = http_head_field(&r->head, HTTP_IF_NONE_MATCH),
		.removes = r->head.method == HTTP_DELETE,
	};
	/* Who only reads has the newest in any case: what is told is kept nowhere (no-store), so that 304 spares nobody anything. */
	if (r->head.method == HTTP_GET || r->head.method == HTTP_HEAD) {
		*out_condition = (struct keeper_condition){.kind = KEEPER_IF_ANY};
		return FAULT_NONE;
	}
	return condition_read(&fields, out_condition, problem);
}

const struct recordspec *intake_request_record(const struct intake_request *r)
{
	return &r->upload.record;
}

uint64_t intake_request_length(const struct intake_request *r)
{
	return r->head.length;
}

struct slice intake_request_idempotency_key(const struct intake_request *r)
{
	return http_head_field(&r->head, HTTP_IDEMPOTENCY_KEY);
}

uint64_t intake_request_wait_ms(const struct intake_request *r)
{
	const struct intake_limits *l = &r->connection->intake->limits;
	return prefer_wait_ms(&r->head, l->wait_ms, l->wait_max_ms);
}

struct slice intake_request_id(const struct intake_request *r)
{
	return slice_of(r->id, sizeof(r->id));
}

void intake_request_set_owner(struct intake_request *r, void *owner)
{
	r->owner = owner;
}

void *intake_request_owner(const struct intake_request *r)
{
	return r->owner;
}

void intake_go(struct intake_request *r, struct job *job)
{
	exchange_receive(r->connection, job);
}

void intake_refuse(struct intake_request *r, const struct problem *problem, unsigned retry_after_s)
{
	struct response response = {.retry_after_s = retry_after_s};
	r->with_handler = false;
	exchange_refuse(r->connection, problem, &response, (struct slice){0});
}

void intake_refuse_job(struct intake_request *r, const struct problem *problem,
		       unsigned retry_after_s, const struct uuid *job)
{
	struct response response = {.retry_after_s = retry_after_s};
	char id[UUID_TEXT];
	uuid_text(job, id);
	exchange_refuse(r->connection, problem, &response, slice_of(id, sizeof(id)));
}

void intake_answer(struct intake_request *r, int status, struct slice location, struct slice body)
{
	struct response response = {
		.status = status,
		.type = status < 400 ? SLICE_LIT("application/json")
				     : SLICE_LIT("application/problem+json"),
		.location = location,
		.body = body,
	};
	exchange_answer(r->connection, &response);
}

void intake_answer_record(struct intake_request *r, const struct intake_reply *reply)
{
	struct response response = {
		.status = reply->status,
		.version = reply->version,
		.location = reply->location,
		.body = reply->body,
	};
	if (reply->body.len > 0) {
		response.type = SLICE_LIT("application/json");
	}
	exchange_answer(r->connection, &response);
}
