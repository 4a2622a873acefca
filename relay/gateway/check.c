#include "relay/gateway/check.h"

static enum fault find_room(struct flight *f)
{
	unsigned all = 0, of_tenant = 0;
	for (const struct flight *other = f->tenant_lane->checks; other != NULL;
	     other = other->next_check) {
		all++;
		of_tenant += slice_eq(other->job->tenant, f->job->tenant);
	}
	if (of_tenant >= CHECK_TENANT_MAX) {
		return problem_set(&f->problem, FAULT_PACED,
				   "At most 3 checks of a tenant's mail servers run at once; try "
				   "again when one has ended.");
	}
	return all >= CHECK_LANE_MAX ? problem_set(&f->problem, FAULT_BUSY, "") : FAULT_NONE;
}

enum fault check_start(struct flight *f, const struct smtp_upstream *upstream,
		       smtp_checkup_fn *done)
{
	const struct job *job = f->job;
	const struct smtp_checkup_params params = {
		.relay = &f->tenant_lane->relay_params,
		.upstream = *upstream,
		.from = job->from.mailbox.address,
		.to = job->to_count > 0 ? job->to[0].mailbox.address : (struct slice){0},
		.from_wanted = f->server.from_address,
		.deadline = job->deadline,
		.done = done,
		.owner = f,
	};
	enum fault fault = find_room(f);
	if (fault == FAULT_NONE) {
		fault = smtp_checkup_start(&params, &f->checkup);
	}
	if (fault == FAULT_NONE) {
		f->next_check = f->tenant_lane->checks;
		f->tenant_lane->checks = f;
	}
	return fault;
}

void check_give_up(const struct lane *l)
{
	for (const struct flight *f = l->checks; f != NULL; f = f->next_check) {
		smtp_checkup_give_up(f->checkup); /* told from the loop */
	}
}

static void leave(struct flight *f)
{
	struct flight **at = &f->tenant_lane->checks;
	while (*at != f) {
		at = &(*at)->next_check;
	}
	*at = f->next_check;
}

enum fault check_end(struct flight *f)
{
	const struct smtp_findings *found = smtp_checkup_findings(f->checkup);
	struct slice result = found->failed ? SLICE_LIT("failed") : SLICE_LIT("ok");
	buf_init(&f->report, CHECK_REPORT_MAX);
	enum fault fault = smtp_findings_report(found, &f->report);
	event_log(EVENT_SERVER_CHECKED, EVENT_TEXT("tenant", f->job->tenant),
		  EVENT_TEXT("upstream", slice_of(f->label, f->label_len)),
		  EVENT_TEXT("result", result),
		  EVENT_MAYBE("cause",
			      found->cause != NULL ? found->cause->code : (struct slice){0}));
	leave(f);
	smtp_checkup_free(&f->checkup);
	return fault;
}
