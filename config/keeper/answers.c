#include "config/keeper/answers.h"

#include "config/keeper/work.h"

static enum fault answer_ping(struct work *w)
{
	if (w->request->count != 0) {
		return FAULT_KEEPER_PROTOCOL;
	}
	wire_put_number(w->numbers.tenant, vault_generation(w->vault), sizeof(uint64_t));
	w->answer.count = 1;
	w->answer.fields[0] = slice_of(w->numbers.tenant, sizeof(uint64_t));
	return FAULT_NONE;
}

static enum fault answer_find_caller(struct work *w)
{
	if (w->request->count != 1) {
		return FAULT_KEEPER_PROTOCOL;
	}
	enum fault f = work_caller(w);
	if (f != FAULT_NONE) {
		return f;
	}
	enum vault_scope scope = w->token.scope;
	bool is_uninstalled = w->tenant.state == VAULT_UNINSTALLED;
	w->numbers.flags[0] = (unsigned char)((scope != VAULT_SCOPE_ADMIN ? WIRE_MAY_SEND : 0) |
					      (scope != VAULT_SCOPE_SEND ? WIRE_MAY_ADMINISTER
									 : 0) |
					      (is_uninstalled ? WIRE_IS_UNINSTALLED : 0));
	w->answer.count = 2;
	w->answer.fields[0] = w->tenant.id;
	w->answer.fields[1] = slice_of(w->numbers.flags, 1);
	return FAULT_NONE;
}

/* What is not there says nothing. */
static enum fault find_or_none(struct work *w, enum vault_kind kind, struct slice tenant,
			       struct slice name, struct vault_record *out_record)
{
	enum fault f = work_find(w, kind, tenant, name, out_record);
	return f == FAULT_NOT_FOUND ? FAULT_NONE : f;
}

/* Settings and policies of the tenant that is open. */
static enum fault put_tenant(struct work *w, struct slice space, struct slice *out_default_server)
{
	struct vault_record settings = {.kind = VAULT_SETTINGS};
	struct vault_record policy = {.kind = VAULT_POLICY};
	struct vault_record space_policy = {.kind = VAULT_POLICY};
	struct slice tenant = w->tenant.id;
	enum fault f = find_or_none(w, VAULT_SETTINGS, tenant, (struct slice){0}, &settings);
	if (f == FAULT_NONE) {
		f = find_or_none(w, VAULT_POLICY, tenant, (struct slice){0}, &policy);
	}
	if (f == FAULT_NONE && space.len > 0) {
		f = find_or_none(w, VAULT_POLICY, tenant, space, &space_policy);
	}
	if (f == FAULT_NONE) {
		const struct opened_tenant t = {w->tenant.operator_server, &settings.settings,
						&policy.policy, &space_policy.policy};
		opened_put_tenant(&t, &w->numbers, w->answer.fields);
		w->answer.count = WIRE_TENANT_FIELDS;
		*out_default_server = settings.settings.default_server;
	}
	return f;
}

static enum fault answer_get_tenant(struct work *w)
{
	struct slice default_server;
	if (w->request->count != 2) {
		return FAULT_KEEPER_PROTOCOL;
	}
	enum fault f = work_tenant(w, w->request->fields[0]);
	return f == FAULT_NONE ? put_tenant(w, w->request->fields[1], &default_server) : f;
}

/* Named: the tenant's own of that name. Not named: the tenant's default, else the operator's. */
static enum fault open_server(struct work *w, struct slice name, struct slice default_server)
{
	bool is_named = name.len > 0;
	struct slice tenant = w->tenant.id;
	name = is_named ? name : default_server;
	if (name.len == 0) {
		tenant = (struct slice){0};
		name = SLICE_LIT(VAULT_OPERATOR_SERVER);
	}
	enum fault f = work_find_server(w, tenant, name);
	if (f == FAULT_NONE) {
		opened_put_server(&w->server, &w->numbers, w->answer.fields + w->answer.count);
		w->answer.count += WIRE_SERVER_FIELDS;
	}
	return f == FAULT_NOT_FOUND && !is_named ? FAULT_NO_SERVER : f;
}

/* All that a job needs, for the caller that its token stands for at this moment. */
static enum fault answer_open_job(struct work *w)
{
	const struct slice *fields = w->request->fields;
	struct slice default_server;
	if (w->request->count != 5) {
		return FAULT_KEEPER_PROTOCOL;
	}
	enum fault f = work_caller(w);
	if (f == FAULT_NONE && !slice_eq(w->tenant.id, fields[2])) {
		f = FAULT_NO_CALLER;
	}
	if (f == FAULT_NONE && w->tenant.state == VAULT_UNINSTALLED) {
		f = FAULT_TENANT_GONE;
	}
	if (f == FAULT_NONE) {
		f = work_half(w, fields[1]);
	}
	if (f == FAULT_NONE) {
		f = put_tenant(w, fields[4], &default_server);
	}
	return f == FAULT_NONE ? open_server(w, fields[3], default_server) : f;
}

static enum fault answer_any(struct work *w)
{
	switch (w->request->code) {
	case WIRE_PING:
		return answer_ping(w);
	case WIRE_FIND_CALLER:
		return answer_find_caller(w);
	case WIRE_GET_TENANT:
		return answer_get_tenant(w);
	case WIRE_OPEN_JOB:
		return answer_open_job(w);
	default:
		return FAULT_KEEPER_PROTOCOL;
	}
}

enum fault keeper_answer(const struct vault *v, const struct wire_message *request,
			 struct secret **out_frame)
{
	struct work w;
	work_open(&w, v, request);
	enum fault f = answer_any(&w);
	f = work_answer(&w, f, out_frame);
	work_close(&w);
	return f;
}
