/*
 * NAME     course - moves a flight from stage to stage, each in the place where it belongs
 * RULE     a stage says what comes next: the table's next one, the same again a little later, nothing until it is
 *          resumed, or the answer. Once the process has given up, the answer is all that is left
 * OWNS     nothing; the table is its caller's, and outlives the flight
 * THREADS  in whatever place the flight is: nobody else holds it then
 */
#ifndef RELAY_GATEWAY_COURSE_H
#define RELAY_GATEWAY_COURSE_H

#include "spool-free/base/fault.h"
#include "relay/gateway/stage.h"

struct flight;

enum place { PLACE_CLIENT, PLACE_TENANT, PLACE_UPSTREAM, PLACE_WORKER };

enum step {
	STEP_NEXT,   /* the stage is done */
	STEP_WAIT,   /* it goes on later, by course_resume() or by what intake calls */
	STEP_RETRY,  /* a helper is not there: the same stage again, a little later */
	STEP_ANSWER, /* done early, or a fault: to the answer */
};

typedef enum step stage_fn(struct flight *f);

/* One row for each stage. Only a worker's may be tried again. */
struct course {
	enum place place;
	stage_fn *start;
	enum stage next;
};

/* To the answer, with the fault; a sentence that the flight has for it stays. */
enum step course_fail(struct flight *f, enum fault fault);
/* A stage that waited is over; `f` is no longer the caller's. */
void course_resume(struct flight *f, enum stage next);

#endif
