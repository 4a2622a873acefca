#include "relay/gateway/records.h"

static enum fault no_caller(struct flight *f)
{
	return problem_set(&f->problem, FAULT_NO_CALLER,
			   "The token is not known, or was revoked; an admin makes a new one with "
			   "'pagepost vault token new'.");
}

bool records_recall_caller(struct flight *f, struct instant now)
{
	f->is_recalled = f->route == ROUTE_JOBS_POST &&
			 callers_find(f->gateway->callers, f->token_hash, now, &f->caller);
	return f->is_recalled;
}

enum fault records_find_caller(struct flight *f)
{
	struct keeper_client *keeper;
	uint64_t generation;
	bool is_call = f->route != ROUTE_READYZ;
	enum fault fault = keepers_borrow(f->gateway->keepers, &keeper);
	if (fault != FAULT_NONE) {
		return fault;
	}
	fault = is_call ? keeper_find_caller(keeper, f->token_hash, &f->caller)
			: keeper_ping(keeper, &generation);
	keepers_return(f->gateway->keepers, keeper, fault);
	if (is_call && fault == FAULT_NONE) {
		callers_keep(f->gateway->callers, f->token_hash, &f->caller, instant_now());
	}
	return fault == FAULT_NO_CALLER ? no_caller(f) : fault;
}

/* A job that needs no server of the vault: the token is looked at by itself. */
static enum fault open_tenant(struct flight *f, struct keeper_client *keeper)
{
	struct keeper_caller now;
	if (f->is_recalled) {
		enum fault fault = keeper_find_caller(keeper, f->token_hash, &now);
		if (fault != FAULT_NONE) {
			return fault;
		}
		if (!slice_eq(slice_of(now.tenant, now.tenant_len), f->job->tenant)) {
			return FAULT_NO_CALLER;
		}
	}
	return keeper_get_tenant(keeper, f->job->tenant, &f->job->arena, &f->tenant);
}

static enum fault open_both(struct flight *f, struct keeper_client *keeper)
{
	struct keeper_opened opened;
	enum fault fault = keeper_open_job(keeper, f->token_hash, &f->caller, f->job->server,
					   &f->job->arena, &opened);
	if (fault == FAULT_NONE) {
		f->tenant = opened.tenant;
		f->server = opened.server;
	}
	return fault;
}

enum fault records_open(struct flight *f)
{
	bool needs_server = !f->job->has_account && f->route != ROUTE_RENDER;
	struct keeper_client *keeper;
	enum fault fault = keepers_borrow(f->gateway->keepers, &keeper);
	if (fault != FAULT_NONE) {
		return fault;
	}
	fault = needs_server ? open_both(f, keeper) : open_tenant(f, keeper);
	keepers_return(f->gateway->keepers, keeper, fault);
	if (fault == FAULT_NOT_FOUND) {
		return problem_set(
			&f->problem, f->route == ROUTE_CHECK ? FAULT_NOT_FOUND : FAULT_NO_SERVER,
			"The tenant has no mail server of this name; 'pagepost vault list' "
			"shows the names.");
	}
	return fault == FAULT_NO_CALLER ? no_caller(f) : fault;
}
