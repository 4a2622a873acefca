/*
 * NAME     exchange - one request and its answer on a connection: head, decision, body, job, answer
 * OWNS     the request with its job until the handler has it; the connection frees what is left
 * LINGER   after a last answer what still comes is read and dropped for a while, so that the client sees the answer
 *          and not a reset (RFC 9112 9.6)
 * THREADS  its connection's loop
 */
#ifndef RELAY_INTAKE_EXCHANGE_H
#define RELAY_INTAKE_EXCHANGE_H

#include "relay/intake/connection.h"
#include "relay/intake/response.h"
#include "relay/intake/route.h"
#include "relay/intake/upload.h"

struct intake_request {
	struct connection *connection;
	struct intake_limits limits; /* of the intake, when the request began */
	struct http_head head;
	struct route route;
	char id[UUID_TEXT];
	void *owner;
	bool with_handler; /* it was told and did not answer yet */
	struct upload upload;
	struct job *job; /* ours from intake_go() until handler.job() */
	char *body;
	size_t got;   /* of the body */
	size_t taken; /* of `bytes`: the head, and what of the body stood behind it */
	size_t len;   /* of `bytes` */
	size_t room;
	char bytes[];
};

bool exchange_begin(struct connection *c); /* false: no memory */
void exchange_drop(struct connection *c);
/* The handler hears of the end of a request that it did not answer itself. */
void exchange_tell_gone(struct intake_request *r);

/* One step of the states of these names; true when the state changed, else the stream's wants are set. */
bool exchange_head(struct connection *c);
bool exchange_body(struct connection *c);
bool exchange_send(struct connection *c);
void exchange_read_body(struct connection *c);

/* What the handler says; `response` gets its id, date and ending here. The request may be gone afterwards. */
void exchange_receive(struct connection *c, struct job *job);
void exchange_answer(struct connection *c, struct response *response);
void exchange_refuse(struct connection *c, const struct problem *problem, struct response *response,
		     struct slice job);
/* The process ends, and the request was not read to its end. */
void exchange_give_up(struct connection *c);
/* What the intake refuses by itself. */
void exchange_refuse_own(struct connection *c, const struct problem *problem, struct slice allow);

#endif
