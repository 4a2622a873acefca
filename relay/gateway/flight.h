/*
 * NAME     flight - one request on its way through the pipeline, and its job from the moment
 *          there is one
 * OWNS     the job, the opened server record's secrets, the tenant's half of the key, timers. `request` belongs to intake
 * THREADS  one place at a time (client's lane, tenant's lane, worker); but `request` and `wait`
 *          are the client lane's alone
 */
#ifndef RELAY_GATEWAY_FLIGHT_H
#define RELAY_GATEWAY_FLIGHT_H

#include "spool-free/base/event.h"
#include "relay/smtp/checkup.h"
#include "relay/intake/answer.h"
#include "relay/intake/recordspec.h"
#include "relay/gateway/compose.h"
#include "relay/gateway/course.h"
#include "relay/gateway/gateway.h"

enum { UPSTREAM_LABEL_MAX = 96 };

/* What an admin's request asks of the keeper, and what is answered. */
struct administering {
	enum keeper_kind kind;
	struct slice name;
	struct keeper_condition condition;
	struct recordspec record;
	bool is_done; /* the rest is what to answer, beside the flight's report */
	int status;
	uint32_t version; /* 0: none is told */
	struct slice location;
};

/* What was sent and what became of it, as it is claimed; then that, signed. Or why it is not. */
struct flight_receipt {
	struct buf claim;
	struct buf signed_claim;
	struct instant until; /* how long the keeper is waited for */
	struct problem problem;
};

struct flight {
	struct gateway *gateway;
	struct rules *rules; /* that it goes by to its end */
	struct lane *client;
	struct lane *tenant_lane;
	struct lane *
		upstream_lane; /* the tenant's; of the operator's account, which all share, its own */
	const struct course *course; /* the stages that it goes through */
	enum stage stage;
	uint64_t stage_us; /* when it began */
	bool retries;	   /* the stage is to be tried again a little later */
	struct loop_task hop;
	struct worker_task work;
	struct loop_timer *retry; /* on the lane that `work` returns to */

	struct intake_request *request; /* NULL once answered or gone */
	enum intake_route route;
	struct loop_timer *wait;
	struct instant began;
	struct instant patience;   /* how long the caller's check may wait for the keeper */
	struct keeper_proof proof; /* its half of the key goes as soon as it was used */
	struct keeper_caller caller;
	bool is_recalled; /* it was found by an earlier request (callers.h) */

	bool is_reading; /* intake reads the body: the client lane's alone */
	struct job *job;
	bool has_id;
	bool is_entered;  /* it stands in the table */
	bool is_repeated; /* an earlier job had the same key and body: its answer is this one's */
	struct uuid
		first; /* that job; the flight's own keeps its id, which the client's lane may read */
	struct keeper_tenant tenant;
	struct keeper_server server;
	struct composed composed;
	char label
		[UPSTREAM_LABEL_MAX]; /* what the log calls the mail server; empty until it is known */
	size_t label_len;
	bool is_rendered;
	struct render_output rendered;
	struct answer_signature signed_by[SERVER_DKIM_MAX];
	size_t signed_count;
	struct tokens_want want; /* of a token */
	bool has_tried;		 /* a token that was kept, and the mail server refused it */
	struct smtp_delivery delivery;
	struct recipient_outcome *results;
	bool is_sent;
	struct flight_receipt receipt;

	struct smtp_checkup *checkup; /* ROUTE_CHECK, while it is under way */
	struct flight *next_check;    /* on the same lane */
	struct buf report; /* what it found, as JSON; or what an admin's request came to */
	struct administering admin;

	struct problem problem; /* FAULT_NONE while all is well */
};

MUST_USE enum fault flight_new(struct gateway *g, struct lane *client,
			       struct intake_request *request, struct flight **out_flight);
void flight_free(struct flight **f); /* on the client's lane */

/* The stage, or a part of it that is measured by itself, is over. */
void flight_end_stage(struct flight *f);
/* Another one begins; the same again is none. */
void flight_enter_stage(struct flight *f, enum stage next);

/* One line of the log with the job, its tenant and one field more. */
void flight_tell(enum event_name name, const struct flight *f, struct event_field field);

/* What the table of jobs knows it by. */
struct job_ticket flight_ticket(const struct flight *f);

struct slice flight_tenant(const struct flight *f); /* empty until the caller is known */

#endif
