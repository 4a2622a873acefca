#include "relay/gateway/permission.h"

static struct policy policy_of(const struct flight *f)
{
	return (struct policy){
		.params = &f->rules->policy,
		.tenant = &f->tenant.policy,
		.space = &f->tenant.space_policy,
	};
}

static enum fault check(struct flight *f, const struct policy *policy)
{
	return f->route == ROUTE_CHECK ? policy_check_checkup(policy, f->job, &f->problem)
				       : policy_check_job(policy, f->job, &f->problem);
}

enum fault permission_check_entering(struct flight *f)
{
	const struct policy policy = {.params = &f->rules->policy};
	return check(f, &policy);
}

/* What the operator says of this tenant stands in place of what is said of all. */
static enum fault check_operators_server(struct flight *f, struct policy policy)
{
	struct policy_params params = *policy.params;
	if (f->tenant.operator_server != POLICY_UNSET) {
		params.operator_server = f->tenant.operator_server == POLICY_YES;
	}
	policy.params = &params;
	return policy_check_operators_server(&policy, &f->problem);
}

enum fault permission_check_opened(struct flight *f)
{
	const struct policy policy = policy_of(f);
	enum fault fault = check(f, &policy);
	if (fault == FAULT_NONE && f->server.is_operators) {
		return check_operators_server(f, policy);
	}
	if (fault == FAULT_NONE && f->server.host.len > 0) {
		fault = policy_check_host(&policy, f->server.host, &f->problem);
	}
	return fault;
}

enum fault permission_check_from(struct flight *f)
{
	const struct policy policy = policy_of(f);
	return f->route == ROUTE_RENDER
		       ? FAULT_NONE
		       : policy_check_from(&policy, &f->composed.from.mailbox, &f->problem);
}

bool permission_wants_record_from(const struct flight *f)
{
	const struct policy policy = policy_of(f);
	return f->route != ROUTE_RENDER && policy_wants_record_from(&policy);
}

bool permission_fetches_pictures(const struct flight *f)
{
	const struct policy policy = policy_of(f);
	return policy_external_images(&policy, f->rules->fetches);
}

bool permission_links_pictures(const struct flight *f)
{
	const struct policy policy = policy_of(f);
	return policy_external_images(&policy, true);
}
