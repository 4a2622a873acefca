#include "relay/gateway/ending.h"

#include "relay/gateway/administer.h"
#include "relay/gateway/reckon.h"
#include "relay/gateway/telling.h"

enum { NOT_YET_MS = 5 };

/* Half an answer would be a false word: one without the report of a strange page tells what matters. */
static enum fault write_outcome(struct answer_job *a, struct buf *into)
{
	enum fault fault = answer_job(a, into);
	if (fault != FAULT_NONE) {
		buf_clear(into);
		a->report = NULL;
		fault = answer_job(a, into);
	}
	return fault;
}

/* The job's end as JSON, and its HTTP status. */
static int write_end(struct flight *f, struct buf *into)
{
	struct answer_job a = {
		.id = f->job->id,
		.state = f->is_sent ? JOB_STATE_DONE : JOB_STATE_FAULT,
	};
	char id[UUID_TEXT];
	if (!f->is_sent) {
		uuid_text(&a.id, id);
		return answer_problem(&f->problem, (struct slice){0}, slice_of(id, sizeof(id)),
				      into) == FAULT_NONE
			       ? fault_status(f->problem.fault)
			       : 500;
	}
	a.recipients = f->composed.recipients;
	a.results = f->results;
	a.recipient_count = f->composed.recipient_count;
	a.rest = f->delivery.problem.fault != FAULT_NONE ? &f->delivery.problem : NULL;
	a.is_operators = f->server.is_operators;
	a.message_id = f->composed.message_id;
	a.message_size = f->rendered.message.size;
	a.signatures = f->signed_by;
	a.signature_count = f->signed_count;
	a.bytes_sent = f->delivery.content_sent;
	a.report = &f->rendered.report;
	a.status_ignored = f->delivery.status_ignored;
	a.receipt = buf_view(&f->receipt.signed_claim);
	a.receipt_problem = f->receipt.problem.fault != FAULT_NONE ? &f->receipt.problem : NULL;
	if (write_outcome(&a, into) != FAULT_NONE) {
		buf_clear(into);
		return 500;
	}
	return 200;
}

static unsigned retry_after(const struct flight *f)
{
	int status = fault_status(f->problem.fault);
	if (f->delivery.retry_after_ms > 0) {
		return (unsigned)((f->delivery.retry_after_ms + 999) / 1000);
	}
	if (f->problem.fault == FAULT_OAUTH_LATER && f->want.retry_after_ms > 0) {
		return (unsigned)((f->want.retry_after_ms + 999) / 1000);
	}
	return status == 503 || status == 429 ? ENDING_RETRY_AFTER_S : 0;
}

static void refuse(struct flight *f)
{
	if (f->has_id) {
		intake_refuse_job(f->request, &f->problem, retry_after(f), &f->job->id);
	} else {
		intake_refuse(f->request, &f->problem, retry_after(f));
	}
	f->request = NULL;
}

static struct slice location_of(const struct uuid *id,
				char room[sizeof("/v1/jobs/") - 1 + UUID_TEXT])
{
	struct slice path = SLICE_LIT("/v1/jobs/");
	for (size_t i = 0; i < path.len; i++) {
		room[i] = path.ptr[i];
	}
	uuid_text(id, room + path.len);
	return slice_of(room, path.len + UUID_TEXT);
}

/* 202: the job, this one or the first with its key, goes on in memory (RFC 7240 4.3). */
static void answer_under_way(struct flight *f, const struct job_view *job)
{
	char room[sizeof("/v1/jobs/") - 1 + UUID_TEXT];
	struct buf body;
	buf_init(&body, ENDING_MAX);
	const struct answer_job a = {.id = job->id, .state = job->state, .eta = job->eta};
	enum fault fault = answer_job(&a, &body);
	if (fault == FAULT_NONE) {
		intake_answer(f->request, 202, location_of(&job->id, room), buf_view(&body));
		f->request = NULL;
	}
	buf_deinit(&body);
}

void ending_later(void *flight)
{
	struct flight *f = flight;
	struct job_view view = {0};
	struct buf unused;
	if (f->request == NULL || f->route != ROUTE_JOBS_POST) {
		return;
	}
	buf_init(&unused, ENDING_MAX);
	enum fault fault = job_table_find(f->gateway->table, &f->job->id, f->job->tenant, &view,
					  &unused);
	buf_deinit(&unused);
	if (fault == FAULT_NONE && view.status == 0) {
		answer_under_way(f, &view);
	} else if (fault == FAULT_NOT_FOUND) { /* not entered yet: a worker is at it */
		loop_timer_set(f->wait, NOT_YET_MS);
	}
}

/* The first job's answer, or where it will be. */
static void answer_repeated(struct flight *f)
{
	struct job_view view = {0};
	struct buf body;
	buf_init(&body, ENDING_MAX);
	enum fault fault = job_table_find(f->gateway->table, &f->first, f->job->tenant, &view,
					  &body);
	if (fault != FAULT_NONE) { /* it expired this very moment */
		problem_set(&f->problem, FAULT_BUSY, "");
		refuse(f);
	} else if (view.status == 0) {
		answer_under_way(f, &view);
	} else {
		intake_answer(f->request, view.status, (struct slice){0}, buf_view(&body));
		f->request = NULL;
	}
	buf_deinit(&body);
}

static void end_preview(struct flight *f)
{
	struct buf body;
	buf_init(&body, 2 * (f->rendered.html.len + f->rendered.text.len) + ENDING_MAX);
	enum fault fault = answer_preview(&f->rendered, &body);
	if (fault == FAULT_NONE) {
		intake_answer(f->request, 200, (struct slice){0}, buf_view(&body));
		f->request = NULL;
	} else {
		problem_set(&f->problem, fault, "");
		refuse(f);
	}
	buf_deinit(&body);
}

static uint64_t age_ms(const struct flight *f)
{
	return loop_now(f->client->loop).ms - f->began.ms;
}

static void end_job(struct flight *f)
{
	struct buf body;
	buf_init(&body, ENDING_MAX);
	int status = write_end(f, &body);
	telling_end(f, civil_now(), age_ms(f));
	job_table_end(f->gateway->table, &f->job->id, f->is_sent ? JOB_STATE_DONE : JOB_STATE_FAULT,
		      status, buf_view(&body), instant_now());
	if (f->request != NULL && f->is_sent) {
		intake_answer(f->request, status, (struct slice){0}, buf_view(&body));
		f->request = NULL;
	} else if (f->request != NULL) {
		refuse(f);
	}
	buf_deinit(&body);
}

enum fault ending_tell_job(struct flight *f)
{
	struct uuid id;
	struct job_view view = {0};
	CLEANUP(buf_deinit) struct buf kept;
	CLEANUP(buf_deinit) struct buf body;
	buf_init(&kept, ENDING_MAX);
	buf_init(&body, ENDING_MAX);
	if (!uuid_parse(intake_request_target_id(f->request), &id)) {
		return FAULT_NOT_FOUND;
	}
	job_table_expire(f->gateway->table, instant_now());
	enum fault fault = job_table_find(f->gateway->table, &id, flight_tenant(f), &view, &kept);
	if (fault == FAULT_NONE && view.status == 0) {
		const struct answer_job a = {.id = id, .state = view.state, .eta = view.eta};
		fault = answer_job(&a, &body);
	} else if (fault == FAULT_NONE && view.state == JOB_STATE_FAULT) {
		fault = answer_ended(&id, buf_view(&kept), &body);
	}
	if (fault == FAULT_NONE) {
		intake_answer(f->request, 200, (struct slice){0},
			      buf_view(body.len > 0 ? &body : &kept));
		f->request = NULL;
	}
	return fault;
}

void ending_answer(struct flight *f)
{
	if (f->problem.fault != FAULT_FORBIDDEN) { /* there it is whose rule it is */
		f->problem.is_operators =
			f->server.is_operators; /* false unless a record was opened */
	}
	f->delivery.problem.is_operators = f->server.is_operators;
	if (!f->is_entered && f->problem.fault != FAULT_NONE) {
		telling_refusal(f, age_ms(f));
	} else if (f->is_repeated) {
		telling_repeated(f);
	}
	reckon_ended(f);
	if (f->is_entered) {
		end_job(f);
	} else if (f->request != NULL && f->admin.is_done) {
		administer_answer(f);
	} else if (f->request != NULL && f->is_repeated) {
		answer_repeated(f);
	} else if (f->request != NULL && f->problem.fault != FAULT_NONE) {
		refuse(f);
	} else if (f->request != NULL && f->route == ROUTE_CHECK) {
		intake_answer(f->request, 200, (struct slice){0}, buf_view(&f->report));
		f->request = NULL;
	} else if (f->request != NULL) {
		end_preview(f);
	}
}
