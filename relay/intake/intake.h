/*
 * NAME     intake - front door of the HTTPS API: connections, requests, jobs; answers
 * FLOW     head read -> route -> handler.head() decides (credential, length) -> intake_go() or intake_refuse()
 *          -> body streams once into job memory -> parsed job -> handler.job() -> intake_answer()
 * OWNS     connections and requests. A request is valid for the handler from head() until intake_refuse(),
 *          intake_answer() or handler.gone()
 * LIMITS   struct intake_limits (design.md section 11)
 * THREADS  a request is touched on its own loop only
 */
#ifndef RELAY_INTAKE_INTAKE_H
#define RELAY_INTAKE_INTAKE_H

#include <stdatomic.h>

#include "spool-free/base/buf.h"
#include "spool-free/job/job.h"
#include "config/keeper/client.h"
#include "relay/net/listen.h"
#include "relay/net/tls_version.h"

struct intake; /* one a loop */
struct intake_request;
struct recordspec;

enum intake_route {
	ROUTE_JOBS_POST,  /* POST /v1/jobs */
	ROUTE_JOB_GET,	  /* GET /v1/jobs/{id} */
	ROUTE_RENDER,	  /* POST /v1/render */
	ROUTE_CHECK,	  /* POST /v1/tenant/servers/{id}/check */
	ROUTE_RECORD_GET, /* of the tenant's settings, servers, policies, AWS accounts */
	ROUTE_RECORD_PUT,
	ROUTE_RECORD_REMOVE, /* of tokens, too */
	ROUTE_RECORD_LIST,
	ROUTE_TOKEN_NEW,     /* POST /v1/tenant/tokens */
	ROUTE_KEY_PUT,	     /* PUT /v1/tenant/key: one half more fits */
	ROUTE_KEY_CONFIRM,   /* POST /v1/tenant/key/confirm: only the one that was sent */
	ROUTE_KEY_REMOVE,    /* DELETE /v1/tenant/key: none is needed */
	ROUTE_TENANT_REMOVE, /* DELETE /v1/tenant */
	ROUTE_INSTALLED,     /* POST /v1/lifecycle/installed */
	ROUTE_UPGRADED,
	ROUTE_UNINSTALLED,
	ROUTE_DEBUG_GET, /* /v1/tenant/debug */
	ROUTE_DEBUG_PUT,
	ROUTE_DEBUG_REMOVE,
	ROUTE_HEALTHZ,	   /* GET /healthz */
	ROUTE_READYZ,	   /* GET /readyz */
	ROUTE_RECEIPT_KEY, /* GET /v1/receipt-key */
};

/* What a route's token must be good for. */
enum intake_scope {
	INTAKE_ANYBODY, /* it is not looked at */
	INTAKE_SEND,
	INTAKE_ADMINISTER,
	INTAKE_EITHER,
};

struct intake_limits {
	size_t body;			  /* 50 MiB */
	size_t job_part;		  /* 8 MiB */
	size_t page_body;		  /* 10 MiB */
	size_t attachments;		  /* 100 */
	size_t recipients;		  /* 100 */
	size_t head;			  /* 16 KiB */
	size_t fields;			  /* 64 */
	unsigned connections;		  /* 4,096 in all */
	unsigned connections_per_address; /* 64 */
	uint64_t handshake_ms, head_ms, idle_ms;
	uint64_t body_bytes_per_s; /* 4 KiB/s at least */
	uint64_t wait_ms;	   /* Prefer: wait's default, 20 s */
	uint64_t wait_max_ms;
};

struct intake_handler {
	void *ctx;
	/* The head is read; the body is not. Later, on the same loop: intake_go() or intake_refuse() or intake_answer(). */
	void (*head)(void *ctx, struct intake_request *r);
	/* The body was read and parsed. `job` is the handler's now. Later: intake_answer() or intake_refuse(). */
	void (*job)(void *ctx, struct intake_request *r, struct job *job);
	/*
	 * The request is over without the handler: the client went away, or its body was refused here. `r` must not be
	 * touched any more. A job that the handler has goes on.
	 */
	void (*gone)(void *ctx, struct intake_request *r);
};

MUST_USE enum fault intake_new(struct loop *l, const struct tls_context *tls,
			       const struct intake_limits *limits,
			       const struct intake_handler *handler, struct intake **out_intake);
/* For connections and requests that begin from now on; those under way keep what they began with. */
void intake_set(struct intake *i, const struct tls_context *tls,
		const struct intake_limits *limits);
/* Give it to listener_new() as its function, with the intake as owner. */
void intake_accept(void *intake, int fd, const struct address *peer);
/*
 * Answers go out with Connection: close; connections that had one and are idle end. One that has had none yet may still
 * bring its request, if that comes soon: it would go down without a word otherwise.
 */
void intake_drain(struct intake *i);
/* The process ends: who is still sending is refused (STOPPING); only those stay that an answer is due to, or on its way. */
void intake_give_up(struct intake *i);
unsigned intake_connections(const struct intake *i);

/* Since it began; may be read from any thread. */
struct intake_counts {
	_Atomic uint64_t handshakes[TLS_VERSIONS];
	_Atomic uint64_t handshakes_failed; /* or left in the midst of it */
	_Atomic uint64_t
		refused[FAULT_COUNT]; /* requests that no handler came to know, or answered */
	_Atomic int64_t refused_at_ms[FAULT_COUNT]; /* the last of them, as struct civil has it */
};
const struct intake_counts *intake_counts(const struct intake *i);
void intake_free(struct intake **i);

/* What a handler may ask. Slices live as long as the request. */
enum intake_route intake_request_route(const struct intake_request *r);
struct slice intake_request_bearer(
	const struct intake_request *r); /* Authorization: Bearer; empty if none */
struct slice intake_request_target_id(const struct intake_request *r); /* {id} of the path */
enum intake_scope intake_request_scope(const struct intake_request *r);
enum keeper_kind intake_request_kind(const struct intake_request *r); /* of a route to records */
/* X-Pagepost-Key; NULL: none came. BAD_FIELD with a sentence, NO_MEMORY. */
MUST_USE enum fault intake_request_half(const struct intake_request *r, struct secret **out_half,
					struct problem *problem);
/* If-Match, If-None-Match of what changes something; of what reads, none. FAULTS as condition.h. */
MUST_USE enum fault intake_request_condition(const struct intake_request *r,
					     struct keeper_condition *out_condition,
					     struct problem *problem);
/* What the body of a record says, once it was read; in the memory of the job. */
const struct recordspec *intake_request_record(const struct intake_request *r);
uint64_t intake_request_length(const struct intake_request *r); /* Content-Length; 0 if none */
struct slice intake_request_idempotency_key(const struct intake_request *r);
uint64_t intake_request_wait_ms(
	const struct intake_request *r); /* Prefer: wait=N, clipped; the default if absent */
struct slice intake_request_id(const struct intake_request *r); /* X-Request-Id */
void intake_request_set_owner(struct intake_request *r, void *owner);
void *intake_request_owner(const struct intake_request *r);

/* Reads the body into `job` (its arena has room for length + JOB_OVERHEAD), then handler.job(). The job is the intake's until then. */
void intake_go(struct intake_request *r, struct job *job);
/* problem+json with the fault's status; `retry_after_s` 0: no such field. Before the body was read the connection closes after it. */
void intake_refuse(struct intake_request *r, const struct problem *problem, unsigned retry_after_s);
/* The same when a job exists already: its id stands in the answer. */
void intake_refuse_job(struct intake_request *r, const struct problem *problem,
		       unsigned retry_after_s, const struct uuid *job);
/* How an answer about a record differs from others. */
struct intake_reply {
	int status;
	uint32_t version; /* ETag; 0: no such field */
	struct slice location;
	struct slice body; /* JSON; copied; empty: none */
};
void intake_answer_record(struct intake_request *r, const struct intake_reply *reply);
/* `body` is copied; `location` may be empty. application/json; from status 400 on application/problem+json. */
void intake_answer(struct intake_request *r, int status, struct slice location, struct slice body);

#endif
