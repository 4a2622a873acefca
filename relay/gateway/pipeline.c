#include "relay/gateway/pipeline.h"

#include <unistd.h>

#include "relay/intake/caller.h"
#include "relay/gateway/administer.h"
#include "relay/gateway/admission.h"
#include "relay/gateway/check.h"
#include "relay/gateway/course.h"
#include "relay/gateway/ending.h"
#include "relay/gateway/flight.h"
#include "relay/gateway/permission.h"
#include "relay/gateway/receipting.h"
#include "relay/gateway/reckon.h"
#include "relay/gateway/records.h"
#include "relay/gateway/rendering.h"
#include "relay/gateway/room.h"
#include "relay/gateway/telling.h"
#include "relay/gateway/upstream.h"

enum { PATIENCE_MS = 10 * 1000 }; /* how long a caller's check waits for a keeper that restarts */

static stage_fn find_caller, admit, ask_keeper, enter, open_records, render, get_token, relay,
	make_receipt, answer;

static const struct course stages[STAGE_COUNT] = {
	[STAGE_CALLER] = {PLACE_WORKER, find_caller, STAGE_ADMIT},
	[STAGE_ADMIT] = {PLACE_CLIENT, admit, STAGE_ENTER},
	[STAGE_RECORD] = {PLACE_WORKER, ask_keeper, STAGE_ANSWER},
	[STAGE_ENTER] = {PLACE_WORKER, enter, STAGE_OPEN},
	[STAGE_OPEN] = {PLACE_WORKER, open_records, STAGE_RENDER},
	[STAGE_RENDER] = {PLACE_WORKER, render, STAGE_TOKEN},
	[STAGE_TOKEN] = {PLACE_UPSTREAM, get_token, STAGE_SEND},
	[STAGE_SEND] = {PLACE_UPSTREAM, relay, STAGE_RECEIPT},
	[STAGE_RECEIPT] = {PLACE_WORKER, make_receipt, STAGE_ANSWER},
	[STAGE_ANSWER] = {PLACE_CLIENT, answer, STAGE_ANSWER},
};

/* --- the stages, in the order of the data's way --- */

/* What needs no keeper and no flight. */
static bool is_answered_at_once(const struct lane *client, struct intake_request *r,
				enum intake_route route)
{
	if (route == ROUTE_HEALTHZ) {
		intake_answer(r, 200, (struct slice){0}, SLICE_LIT("{\"status\":\"ok\"}\n"));
		return true;
	}
	return route == ROUTE_RECEIPT_KEY && receipting_tells_known_keys(client, r);
}

static bool needs_token(enum intake_route route)
{
	return route != ROUTE_READYZ && route != ROUTE_RECEIPT_KEY;
}

void pipeline_head(void *lane, struct intake_request *r)
{
	struct lane *client = lane;
	struct problem problem = {0};
	struct flight *f;
	enum intake_route route = intake_request_route(r);
	if (is_answered_at_once(client, r, route)) {
		return;
	}
	/* Who asks for a job's end gets it; all else is the next process's. */
	bool is_late = route != ROUTE_JOB_GET && atomic_load(&client->gateway->is_stopping);
	enum fault fault = is_late ? FAULT_STOPPING : flight_new(client->gateway, client, r, &f);
	if (fault != FAULT_NONE) {
		problem_set(&problem, fault, "");
		intake_refuse(r, &problem, ENDING_RETRY_AFTER_S);
		return;
	}
	intake_request_set_owner(r, f);
	f->course = stages;
	f->patience = instant_after(f->began, PATIENCE_MS);
	if (needs_token(route)) {
		fault = caller_token_hash(intake_request_bearer(r), f->proof.token_hash,
					  &f->problem);
	}
	if (fault != FAULT_NONE) {
		course_resume(f, STAGE_ANSWER);
		return;
	}
	course_resume(f, records_recall_caller(f, loop_now(client->loop)) ? STAGE_ADMIT
									  : STAGE_CALLER);
}

static enum step keeper_trouble(struct flight *f, enum fault fault, struct instant until)
{
	if (fault == FAULT_KEEPER_DOWN && !instant_is_past(until, instant_now())) {
		return STEP_RETRY;
	}
	return course_fail(f, fault);
}

static enum step find_caller(struct flight *f)
{
	enum fault fault = f->route == ROUTE_RECEIPT_KEY ? receipting_tell_keys(f)
							 : records_find_caller(f);
	if (fault == FAULT_NONE) {
		return STEP_NEXT;
	}
	return f->route == ROUTE_READYZ ? course_fail(f, fault)
					: keeper_trouble(f, fault, f->patience);
}

/* Past its admission an admin's request is the keeper's. */
static void begin_administering(struct flight *f)
{
	enum fault fault = administer_prepare(f);
	f->patience = instant_after(loop_now(f->client->loop), PATIENCE_MS);
	if (fault != FAULT_NONE) {
		course_fail(f, fault);
	}
	course_resume(f, fault == FAULT_NONE ? STAGE_RECORD : STAGE_ANSWER);
}

/* Goes on in pipeline_job(), or ends in pipeline_gone(); without a body at once. */
static enum step take_body(struct flight *f)
{
	struct job *job;
	enum fault fault = admission_room(f, &job);
	if (fault != FAULT_NONE) {
		return course_fail(f, fault);
	}
	if (administer_is_route(f->route) && !administer_has_body(f->route)) {
		f->job = job;
		begin_administering(f);
		return STEP_WAIT;
	}
	f->is_reading = true;
	flight_end_stage(f);
	intake_go(f->request, job);
	return STEP_WAIT;
}

static enum step admit(struct flight *f)
{
	if (f->request == NULL) { /* the client left while its token was looked at */
		return STEP_ANSWER;
	}
	if (!needs_token(f->route)) {
		intake_answer(f->request, 200, (struct slice){0},
			      f->route == ROUTE_READYZ ? SLICE_LIT("{\"status\":\"ready\"}\n")
						       : buf_view(&f->report));
		f->request = NULL;
		return STEP_ANSWER;
	}
	enum fault fault = admission_judge(f);
	if (fault == FAULT_NONE && f->route == ROUTE_JOB_GET) {
		fault = ending_tell_job(f);
		return fault == FAULT_NONE ? STEP_ANSWER : course_fail(f, fault);
	}
	if (fault != FAULT_NONE) {
		return course_fail(f, fault);
	}
	if (f->route == ROUTE_JOBS_POST || f->route == ROUTE_CHECK) {
		/* Others need nothing of the tenant's lane. */
		f->tenant_lane = gateway_lane_of(f->gateway, flight_tenant(f));
	}
	return take_body(f);
}

static enum step ask_keeper(struct flight *f)
{
	bool is_lost;
	enum fault fault = administer_apply(f, &is_lost);
	if (fault == FAULT_NONE) {
		return STEP_NEXT;
	}
	return is_lost ? course_fail(f, fault) : keeper_trouble(f, fault, f->patience);
}

void pipeline_job(void *lane, struct intake_request *r, struct job *job)
{
	struct lane *client = lane;
	struct flight *f = intake_request_owner(r);
	unsigned char chance[UUID_RANDOM];
	f->is_reading = false;
	f->job = job;
	if (administer_is_route(f->route)) {
		begin_administering(f);
		return;
	}
	bool is_check = f->route == ROUTE_CHECK;
	job->deadline = instant_after(loop_now(client->loop),
				      is_check ? SMTP_CHECKUP_MS : f->rules->deadline_ms);
	job->taken_at = civil_now();
	if (getentropy(chance, sizeof(chance)) != 0) {
		course_fail(f, FAULT_SYSTEM);
		course_resume(f, STAGE_ANSWER);
		return;
	}
	job->id = uuid_v7(job->taken_at, chance);
	f->has_id = f->route != ROUTE_CHECK; /* nobody can ask about a check later */
	enum fault fault = arena_copy(&job->arena, intake_request_idempotency_key(r),
				      &job->idempotency_key);
	if (fault == FAULT_NONE && is_check) {
		fault = arena_copy(&job->arena, intake_request_target_id(r), &job->server);
	}
	if (fault != FAULT_NONE) {
		course_fail(f, fault);
		course_resume(f, STAGE_ANSWER);
		return;
	}
	if (loop_timer_new(client->loop, ending_later, f, &f->wait) == FAULT_NONE) {
		loop_timer_set(f->wait, intake_request_wait_ms(r));
	}
	if (!is_check) {
		reckon_taken(f);
	}
	flight_tell(EVENT_JOB_TAKEN, f, EVENT_NUMBER("bytes", intake_request_length(r)));
	course_resume(f, STAGE_ENTER);
}

/* While the body is read nobody else holds the flight; at any other time a later stage ends it. */
void pipeline_gone(void *lane, struct intake_request *r)
{
	(void)lane;
	struct flight *f = intake_request_owner(r);
	f->request = NULL;
	if (f->is_reading) {
		flight_free(&f);
	}
}

static enum step enter(struct flight *f)
{
	enum fault fault = permission_check_entering(f);
	if (f->route == ROUTE_CHECK) {
		return fault == FAULT_NONE ? STEP_NEXT : course_fail(f, fault);
	}
	if (fault == FAULT_NONE) {
		fault = room_for_rendering(f->job, f->rules->fetches, &f->rules->render);
	}
	if (fault != FAULT_NONE || f->route == ROUTE_RENDER) {
		return fault == FAULT_NONE ? STEP_NEXT : course_fail(f, fault);
	}
	struct job_ticket ticket = flight_ticket(f);
	struct job_view first = {0};
	struct buf unused;
	buf_init(&unused, ENDING_MAX);
	bool repeated = false;
	fault = job_table_enter(f->gateway->table, &ticket, instant_now(), &repeated, &first,
				&unused);
	buf_deinit(&unused);
	if (fault == FAULT_CONFLICT) {
		problem_set(
			&f->problem, fault,
			"This Idempotency-Key was used before with another body; take a new key "
			"for another job.");
	}
	if (fault != FAULT_NONE) {
		return course_fail(f, fault);
	}
	if (repeated) {
		f->first = first.id;
		f->is_repeated = true;
		return STEP_ANSWER;
	}
	f->is_entered = true;
	return STEP_NEXT;
}

static enum step open_records(struct flight *f)
{
	enum fault fault = records_open(f);
	/* Whom the keeper did not vouch for in this request waits no longer for it than to be found. */
	struct instant until = f->is_recalled ? f->patience : f->job->deadline;
	if (fault != FAULT_NONE) {
		return keeper_trouble(f, fault, until);
	}
	fault = permission_check_opened(f);
	fault = fault == FAULT_NONE ? upstream_check_pauses(f) : fault;
	if (fault != FAULT_NONE) {
		return course_fail(f, fault);
	}
	/* An account lives on one lane, too: so its pace needs no lock, whoever's jobs it serves. */
	f->upstream_lane = upstream_is_operators(f) ? gateway_lane_of(f->gateway, f->server.name)
						    : f->tenant_lane;
	telling_name_upstream(f);
	return STEP_NEXT;
}

static enum step render(struct flight *f)
{
	if (f->route == ROUTE_CHECK) {
		return STEP_NEXT; /* there is no page */
	}
	enum fault fault = rendering_apply(f);
	if (fault != FAULT_NONE) {
		return course_fail(f, fault);
	}
	return f->route == ROUTE_RENDER ? STEP_ANSWER : STEP_NEXT;
}

static enum step take_token(struct flight *f)
{
	if (f->want.fault == FAULT_NONE) {
		return STEP_NEXT;
	}
	f->problem = f->want.problem;
	return course_fail(f, f->want.fault);
}

static void got_token(void *flight, struct tokens_want *w)
{
	(void)w;
	struct flight *f = flight;
	course_resume(f, take_token(f) == STEP_NEXT ? STAGE_SEND : STAGE_ANSWER);
}

static enum step get_token(struct flight *f)
{
	return upstream_get_token(f, got_token) ? take_token(f) : STEP_WAIT;
}

static void sent(void *flight, struct smtp_delivery *d)
{
	struct flight *f = flight;
	if (upstream_tries_another_token(f, d)) {
		course_resume(f, STAGE_TOKEN); /* the only way back that there is */
		return;
	}
	tokens_give_back(&f->want);
	loop_wipe_stack(f->upstream_lane->loop);
	f->is_sent = d->fault == FAULT_NONE;
	reckon_sent(f);
	/* What was heard before TLS, or without it, may be anybody's word. */
	if (f->is_sent || d->fault == FAULT_UPSTREAM_SIZE) {
		sizes_keep(f->gateway->sizes, f->job, d->size_max);
	}
	if (!f->is_sent) {
		f->problem = d->problem;
		course_fail(f, d->fault);
		f->problem.cause = d->cause;
	}
	keeper_server_deinit(&f->server);
	course_resume(f, receipting_is_due(f) ? STAGE_RECEIPT : STAGE_ANSWER);
}

static void checked(void *flight, struct smtp_checkup *c UNUSED)
{
	struct flight *f = flight;
	enum fault fault = check_end(f);
	loop_wipe_stack(f->upstream_lane->loop);
	if (atomic_load(&f->gateway->gave_up)) {
		fault = FAULT_STOPPING;
	}
	if (fault != FAULT_NONE) {
		course_fail(f, fault);
	}
	tokens_give_back(&f->want);
	keeper_server_deinit(&f->server);
	course_resume(f, STAGE_ANSWER);
}

static enum step check(struct flight *f)
{
	const struct smtp_upstream upstream = upstream_of_flight(f);
	enum fault fault = check_start(f, &upstream, checked);
	if (fault == FAULT_NONE) {
		return STEP_WAIT;
	}
	tokens_give_back(&f->want);
	return course_fail(f, fault);
}

static enum step relay(struct flight *f)
{
	struct job *job = f->job;
	if (f->route == ROUTE_CHECK) {
		return check(f);
	}
	if (f->results == NULL) {
		f->results = arena_array(&job->arena, f->composed.recipient_count,
					 sizeof(*f->results));
	}
	if (f->results == NULL) {
		tokens_give_back(&f->want);
		return course_fail(f, FAULT_NO_MEMORY);
	}
	job_table_set_state(f->gateway->table, &job->id, JOB_STATE_SENDING);
	upstream_fill_delivery(f, sent);
	smtp_relay_send(f->upstream_lane->relay, &f->delivery); /* goes on in sent() */
	return STEP_WAIT;
}

static enum step make_receipt(struct flight *f)
{
	return receipting_apply(f) ? STEP_RETRY : STEP_NEXT;
}

/* The end of every flight: whatever is known is answered, if somebody still listens. */
static enum step answer(struct flight *f)
{
	ending_answer(f);
	flight_end_stage(f);
	flight_free(&f);
	return STEP_WAIT;
}
