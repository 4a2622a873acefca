#include "relay/gateway/admission.h"

#include "relay/gateway/pauses.h"

static enum fault judge_scope(struct flight *f)
{
	switch (intake_request_scope(f->request)) {
	case INTAKE_SEND:
		return f->caller.may_send
			       ? FAULT_NONE
			       : problem_set(&f->problem, FAULT_FORBIDDEN,
					     "This token is for an admin alone; pages are sent "
					     "with one whose scope is 'send'.");
	case INTAKE_ADMINISTER:
		return f->caller.may_administer
			       ? FAULT_NONE
			       : problem_set(&f->problem, FAULT_FORBIDDEN,
					     "This token is for sending pages alone; this needs "
					     "one whose scope is 'admin'.");
	case INTAKE_EITHER:
	case INTAKE_ANYBODY:
		break;
	}
	return FAULT_NONE;
}

/* Before the page is uploaded; the mail server is not known yet. */
static enum fault judge_pauses(struct flight *f)
{
	const struct pauses_question q = {.tenant = flight_tenant(f),
					  .now = loop_now(f->client->loop)};
	return f->route != ROUTE_JOBS_POST ? FAULT_NONE
					   : pauses_ask(f->gateway->pauses, &q, &f->problem,
							&f->delivery.retry_after_ms);
}

enum fault admission_judge(struct flight *f)
{
	if (f->caller.is_uninstalled && f->route != ROUTE_INSTALLED) {
		return problem_set(&f->problem, FAULT_TENANT_GONE, "");
	}
	enum fault fault = judge_scope(f);
	fault = fault == FAULT_NONE ? judge_pauses(f) : fault;
	return fault == FAULT_NONE ? intake_request_half(f->request, &f->proof.half, &f->problem)
				   : fault;
}

static enum fault too_large(struct flight *f, uint64_t limit, uint64_t length)
{
	(void)problem_set(&f->problem, FAULT_TOO_LARGE, "The request's body may have at most ");
	problem_add_number(&f->problem, limit);
	problem_add(&f->problem, " bytes; this one has ");
	problem_add_number(&f->problem, length);
	problem_add(&f->problem, ".");
	return FAULT_TOO_LARGE;
}

enum fault admission_room(struct flight *f, struct job **out_job)
{
	struct budget_lease lease = {0};
	uint64_t length = intake_request_length(f->request);
	size_t room;
	if (atomic_load(&f->gateway->is_stopping)) {
		return problem_set(&f->problem, FAULT_STOPPING, "");
	}
	if (length > f->rules->body || __builtin_add_overflow(length, JOB_OVERHEAD, &room)) {
		return too_large(f, f->rules->body, length);
	}
	enum fault fault = budget_take(f->gateway->budget, flight_tenant(f), room, &lease);
	if (fault == FAULT_NONE) {
		fault = job_new(room, out_job);
	}
	if (fault != FAULT_NONE) {
		budget_give_back(&lease);
		return problem_set(&f->problem, fault, "");
	}
	(*out_job)->lease = lease;
	(*out_job)->tenant = flight_tenant(f);
	return FAULT_NONE;
}
