#include "relay/gateway/records.h"

_Static_assert((int)TAG_KEY == (int)KEEPER_DAY_KEY,
	       "what the keeper gives is what tags are made with");

static enum fault no_caller(struct flight *f)
{
	return problem_set(&f->problem, FAULT_NO_CALLER,
			   "The token is not known, or was revoked; an admin makes a new one with "
			   "'pagepost token new'.");
}

static bool may_send_now(const struct keeper_caller *c)
{
	return c->may_send && !c->is_uninstalled;
}

bool records_recall_caller(struct flight *f, struct instant now)
{
	f->is_recalled = f->route == ROUTE_JOBS_POST &&
			 callers_find(f->gateway->callers, f->proof.token_hash, now, &f->caller);
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
	fault = is_call ? keeper_find_caller(keeper, f->proof.token_hash, &f->caller)
			: keeper_ping(keeper, &generation);
	keepers_return(f->gateway->keepers, keeper, fault);
	if (fault == FAULT_NONE && f->route == ROUTE_JOBS_POST && may_send_now(&f->caller)) {
		callers_keep(f->gateway->callers, f->proof.token_hash, &f->caller, instant_now());
	}
	return fault == FAULT_NO_CALLER ? no_caller(f) : fault;
}

static enum fault judge_again(struct flight *f, struct keeper_client *keeper)
{
	struct keeper_caller now;
	enum fault fault = keeper_find_caller(keeper, f->proof.token_hash, &now);
	if (fault != FAULT_NONE) {
		return fault;
	}
	if (!slice_eq(slice_of(now.tenant, now.tenant_len), f->job->tenant)) {
		return FAULT_NO_CALLER;
	}
	if (now.is_uninstalled) {
		return FAULT_TENANT_GONE;
	}
	return now.may_send ? FAULT_NONE : FAULT_FORBIDDEN;
}

/*
 * A job that needs no server of the vault: the token is looked at by itself, since it may be long ago that it let the job
 * in. A preview sends nothing.
 */
static enum fault open_tenant(struct flight *f, struct keeper_client *keeper)
{
	enum fault fault = f->route == ROUTE_JOBS_POST ? judge_again(f, keeper) : FAULT_NONE;
	return fault == FAULT_NONE
		       ? keeper_get_tenant(keeper, f->job->tenant, f->job->page.space_key,
					   &f->job->arena, &f->tenant)
		       : fault;
}

static enum fault open_both(struct flight *f, struct keeper_client *keeper)
{
	const struct keeper_job wanted = {
		.proof = &f->proof,
		.caller = &f->caller,
		.server = f->job->server,
		.space = f->job->page.space_key,
	};
	struct keeper_opened opened;
	enum fault fault = keeper_open_job(keeper, &wanted, &f->job->arena, &opened, &f->problem);
	if (fault == FAULT_NONE) {
		f->tenant = opened.tenant;
		f->server = opened.server;
	}
	return fault;
}

static enum fault ask_day_key(void *gateway, uint32_t day, unsigned char out_key[TAG_KEY])
{
	struct gateway *g = gateway;
	struct keeper_client *keeper;
	enum fault fault = keepers_borrow(g->keepers, &keeper);
	if (fault == FAULT_NONE) {
		fault = keeper_tag_key(keeper, day, out_key, NULL);
		keepers_return(g->keepers, keeper, fault);
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
	if (fault == FAULT_NONE) {
		tag_keys_refresh(f->gateway->tag_keys, civil_now(), ask_day_key, f->gateway);
	}
	if (fault != FAULT_KEEPER_DOWN) {
		secret_free(&f->proof.half); /* it has served */
	}
	if (fault == FAULT_NOT_FOUND) {
		return problem_set(
			&f->problem, f->route == ROUTE_CHECK ? FAULT_NOT_FOUND : FAULT_NO_SERVER,
			"The tenant has no mail server of this name; 'pagepost vault list' "
			"shows the names.");
	}
	if (fault == FAULT_NO_SERVER) {
		return problem_set(
			&f->problem, fault,
			"The job names no mail server, and the site has no default one that is "
			"there: give 'server', or have an admin set 'default_server' to one of "
			"the site's servers.");
	}
	return fault == FAULT_NO_CALLER ? no_caller(f) : fault;
}
