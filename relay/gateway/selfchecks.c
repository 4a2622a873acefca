#include "relay/gateway/selfchecks.h"

#include <stdlib.h>

#include "spool-free/lockdown/selfcheck.h"
#include "relay/gateway/gateway.h"

struct selfcheck_call {
	struct worker_task task;
	struct desk_call *call;
	struct selfcheck found; /* on the worker */
	enum fault fault;
};

static void look(void *owner)
{
	struct selfcheck_call *c = owner;
	c->fault = selfcheck_run(desk_call_body(c->call), &c->found);
}

/* What holds on a thread made after the confinement need not hold on the one that it began on. */
static void answer(struct selfcheck_call *c)
{
	struct selfcheck own;
	CLEANUP(buf_deinit) struct buf text;
	buf_init(&text, SELFCHECK_TEXT_MAX);
	enum fault f = c->fault;
	f = f == FAULT_NONE ? selfcheck_run(desk_call_body(c->call), &own) : f;
	if (f == FAULT_NONE) {
		selfcheck_merge(&own, &c->found);
		f = selfcheck_write(&own, &text);
	}
	if (f != FAULT_NONE) {
		desk_fail_saying(
			c->call, f,
			f == FAULT_BAD_FIELD
				? "The body must be the path of a folder made for this alone."
				: "");
		return;
	}
	desk_answer(c->call, 200, SLICE_LIT("text/plain"), buf_view(&text));
}

static void looked(void *owner)
{
	struct selfcheck_call *c = owner;
	answer(c);
	free(c);
}

void selfchecks_run(void *gateway, struct desk_call *call)
{
	struct gateway *g = gateway;
	struct selfcheck_call *c = calloc(1, sizeof(*c));
	if (c == NULL) {
		desk_fail(call, FAULT_NO_MEMORY, NULL);
		return;
	}
	c->call = call;
	c->task = (struct worker_task){
		.run = look, .done = looked, .owner = c, .home = g->lanes[0].loop};
	workers_submit(g->workers, &c->task);
}

void selfchecks_forget(void *gateway, struct desk_call *call)
{
	const struct gateway *g = gateway;
	struct uuid id;
	if (!uuid_parse(slice_trim(desk_call_body(call)), &id)) {
		desk_fail_saying(call, FAULT_BAD_FIELD, "The body must be a job's id.");
		return;
	}
	enum fault f = job_table_forget(g->table, &id);
	if (f != FAULT_NONE) {
		desk_fail_saying(call, f,
				 "There is no answer of that job, or the job is under way.");
		return;
	}
	desk_answer(call, 200, SLICE_LIT("text/plain"), SLICE_LIT("forgotten\n"));
}
