#include "config/keeper/work.h"

#include "spool-free/base/hex.h"

/* All that a job needs, twice: settings, two policies, a server. */
enum { OPENED_MAX = 512 * 1024, HASH = VAULT_HASH_HEX / 2 };

void work_open(struct work *w, const struct vault *v, const struct wire_message *request)
{
	*w = (struct work){.vault = v, .request = request};
	arena_init(&w->arena, OPENED_MAX);
}

static void close_server(struct work *w)
{
	struct vault_record r = {.kind = VAULT_SERVER, .server = w->server};
	vault_record_deinit(&r);
	w->server = (struct vault_server){0};
}

void work_close(struct work *w)
{
	close_server(w);
	secret_free(&w->half);
	arena_deinit(&w->arena);
}

enum fault work_find(struct work *w, enum vault_kind kind, struct slice tenant, struct slice name,
		     struct vault_record *out_record)
{
	struct vault_key_name key = {.kind = kind, .tenant = tenant, .name = name};
	return vault_find(w->vault, key, w->half, &w->arena, out_record, &w->problem);
}

enum fault work_find_server(struct work *w, struct slice tenant, struct slice name)
{
	struct vault_record r;
	enum fault f = work_find(w, VAULT_SERVER, tenant, name, &r);
	if (f == FAULT_NONE) {
		close_server(w);
		w->server = r.server;
	}
	return f;
}

static enum fault open_tenant(struct work *w, struct slice id)
{
	struct vault_record r;
	enum fault f = work_find(w, VAULT_TENANT, (struct slice){0}, id, &r);
	if (f == FAULT_NONE) {
		w->tenant = r.tenant;
	}
	return f == FAULT_NONE && r.tenant.state == VAULT_SUSPENDED ? FAULT_TENANT_SUSPENDED : f;
}

enum fault work_tenant(struct work *w, struct slice id)
{
	enum fault f = open_tenant(w, id);
	return f == FAULT_NONE && w->tenant.state == VAULT_UNINSTALLED ? FAULT_TENANT_GONE : f;
}

enum fault work_caller(struct work *w)
{
	char hash[VAULT_HASH_HEX];
	struct vault_record r;
	if (w->request->count == 0 || w->request->fields[0].len != HASH) {
		return FAULT_KEEPER_PROTOCOL;
	}
	hex_encode(w->request->fields[0], hash);
	enum fault f = work_find(w, VAULT_TOKEN, (struct slice){0}, slice_of(hash, sizeof(hash)),
				 &r);
	if (f == FAULT_NONE) {
		w->token = r.token;
		f = open_tenant(w, r.token.tenant);
	}
	return f == FAULT_NOT_FOUND ? FAULT_NO_CALLER : f;
}

enum fault work_half(struct work *w, struct slice field)
{
	if (field.len != 0 && field.len != VAULT_HALF) {
		return FAULT_KEEPER_PROTOCOL;
	}
	return field.len > 0 ? secret_new(field, &w->half) : FAULT_NONE;
}

enum fault work_refusal(enum fault f, const struct problem *p, struct secret **out_frame)
{
	struct wire_message answer = {.code = wire_result_of(f)};
	if (p->fault == f && p->len > 0) {
		answer.count = 1;
		answer.fields[0] = problem_text(p);
	}
	return wire_write(&answer, WIRE_ANSWER_MAX, out_frame);
}

enum fault work_answer(struct work *w, enum fault f, struct secret **out_frame)
{
	return f == FAULT_NONE ? wire_write(&w->answer, WIRE_ANSWER_MAX, out_frame)
			       : work_refusal(f, &w->problem, out_frame);
}
