/*
 * NAME     gateway - the process that sees mail: lanes (one loop each), and what they share
 * OWNS     everything below it; made by wire.c, which alone knows the settings
 * THREADS  a lane's parts are touched on its own loop only; the shared parts are safe from any
 * thread
 */
#ifndef RELAY_GATEWAY_GATEWAY_H
#define RELAY_GATEWAY_GATEWAY_H

#include <pthread.h>
#include <stdatomic.h>

#include "spool-free/base/event_brake.h"
#include "spool-free/job/budget.h"
#include "spool-free/job/table.h"
#include "relay/net/worker.h"
#include "relay/smtp/smtp.h"
#include "relay/intake/intake.h"
#include "relay/pictures/mail.h"
#include "relay/gateway/callers.h"
#include "relay/gateway/keepers.h"
#include "relay/gateway/rules.h"
#include "relay/gateway/sizes.h"
#include "relay/gateway/tag_keys.h"
#include "relay/gateway/tokens.h"

struct gateway;
struct flight;
struct operate;
struct census;
struct tally;
struct receipt_set;

/* One event loop with its own listener, connections and pool of upstream connections. */
struct lane {
	struct gateway *gateway;
	struct loop *loop;
	struct listener *listener;
	struct intake *intake;
	struct smtp_relay *relay;
	struct smtp_relay_params relay_params; /* for checks, which have a relay each */
	struct flight *checks;		       /* under way */
	struct poster *poster;
	struct tokens *tokens;
	pthread_t thread;
	bool has_thread;
	struct loop_task drain[2]; /* asked for once, and once more */
	bool is_draining;
	_Atomic bool is_quiet; /* draining, and no client is connected any more */
	struct loop_timer *drain_look;
	struct instant stop_at; /* then it gives up, and a little later ends */
	bool gave_up;
	uint64_t stop_ms;
	struct loop_task release;
	_Atomic bool is_releasing; /* it was asked for, and did not come yet */
	struct rules *rules;	   /* that it goes by */
	struct loop_task take;
};

/* Whether the keeper answers, for whoever looks at the gateway (census.h). */
struct census_watch {
	struct gateway *gateway;
	struct worker_task ask;
	bool is_asking;
	bool heard; /* the worker's, until it is back */
	bool is_up;
};

struct gateway {
	struct lane *lanes;
	unsigned lane_count;
	struct workers *workers;
	struct keepers *keepers;
	struct tag_keys *tag_keys; /* of the log */
	struct event_brake brake;  /* of callers that nobody knows */
	struct callers *callers;
	struct receipt_set *receipt_set;
	struct sizes *sizes;
	struct pauses *pauses;
	struct debugs *debugs;
	struct budget *budget;
	struct job_table *table;
	struct rulebook rulebook;
	struct pictures *pictures; /* NULL: none is converted */
	uint64_t pictures_ms;	   /* for all of a mail */
	struct operate *operate;
	struct census *censuses; /* under way; this and the next are the first lane's */
	struct census_watch watch;
	struct tally *tally;
	_Atomic bool is_stopping;
	_Atomic bool
		gave_up; /* the stop time is over: no stage begins any more, each flight is answered */
	_Atomic size_t flights; /* under way, each with a job's memory or not yet */
};

/* A tenant lives on one lane, so that its pool and pacing need no lock. */
struct lane *gateway_lane_of(struct gateway *g, struct slice tenant);

#endif
