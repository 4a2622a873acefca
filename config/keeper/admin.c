#include "config/keeper/admin_inside.h"

#include <string.h>

enum { HASH_TOLD = 12 };

bool admin_is_request(const struct wire_message *request)
{
	return request->code >= WIRE_GET_RECORD && request->code <= WIRE_CHANGE_HALF;
}

bool admin_is_change(const struct wire_message *request)
{
	return request->code >= WIRE_PUT_RECORD && request->code <= WIRE_CHANGE_HALF;
}

enum fault admin_refuse(struct admin *a, enum fault f, const char *sentence)
{
	return problem_set(&a->w.problem, f, sentence);
}

/* For the log, which keeps no text longer than it needs. */
static struct slice keep(char *room, struct slice s)
{
	s = slice_first(s, VAULT_TEXT_MAX);
	memcpy(room, s.ptr, s.len);
	return slice_of(room, s.len);
}

void admin_note(struct admin *a, const char *what, struct slice kind)
{
	struct admin_change *c = a->change;
	c->is_made = true;
	c->what = what;
	c->kind = kind;
	c->tenant = keep(c->room, a->w.tenant.id);
	/* Its label may be anything, a person's name too; 'pagepost token list' shows these digits. */
	const struct slice parts[] = {SLICE_LIT("token-"), slice_first(a->w.token.hash, HASH_TOLD)};
	char *by = c->room + VAULT_TEXT_MAX + 1;
	c->by = slice_of(by, keep(by, parts[0]).len + keep(by + parts[0].len, parts[1]).len);
}

/* --- which record is meant --------------------------------------------------------------------------- */

static bool may_be_named(enum vault_kind kind, struct slice name)
{
	switch (kind) {
	case VAULT_SERVER:
	case VAULT_AWS:
		return vault_is_name(name);
	case VAULT_SETTINGS:
		return name.len == 0;
	case VAULT_TOKEN:
		return vault_is_hash(name);
	case VAULT_POLICY:
		return name.len <= VAULT_TEXT_MAX;
	case VAULT_TENANT:
	case VAULT_HOUSE:
	case VAULT_KINDS:
		break;
	}
	return false;
}

enum fault admin_kind(struct slice field, enum vault_kind *out_kind)
{
	unsigned kind = field.len == 1 ? (unsigned char)field.ptr[0] : 0;
	if (kind <= VAULT_TENANT || kind >= VAULT_HOUSE) {
		return FAULT_KEEPER_PROTOCOL;
	}
	*out_kind = (enum vault_kind)kind;
	return FAULT_NONE;
}

/* A token of another tenant is as good as none. */
enum fault admin_check_owner(struct admin *a, const struct target *t)
{
	struct vault_record r;
	if (t->kind != VAULT_TOKEN) {
		return FAULT_NONE;
	}
	enum fault f = work_find(&a->w, VAULT_TOKEN, (struct slice){0}, t->name.name, &r);
	if (f == FAULT_NONE && !slice_eq(r.token.tenant, a->w.tenant.id)) {
		f = FAULT_NOT_FOUND;
	}
	return f == FAULT_NOT_FOUND ? admin_refuse(a, f, "There is no record of this name.") : f;
}

enum fault admin_target(struct admin *a, struct target *out_target)
{
	const struct slice *fields = a->w.request->fields;
	struct target t;
	if (a->w.request->count < 4) {
		return FAULT_KEEPER_PROTOCOL;
	}
	enum fault f = admin_kind(fields[2], &t.kind);
	if (f != FAULT_NONE) {
		return f;
	}
	if (!may_be_named(t.kind, fields[3])) {
		return admin_refuse(
			a, FAULT_BAD_RECORD,
			"A record's name must be 1 to 64 of a-z, 0-9 and '-'; a space's policy is "
			"named by the space's key.");
	}
	t.name = (struct vault_key_name){t.kind, a->w.tenant.id, fields[3]};
	if (t.kind == VAULT_TOKEN) {
		t.name.tenant = (struct slice){0};
	}
	*out_target = t;
	return FAULT_NONE;
}

/* --- all of them --------------------------------------------------------------------------------------------- */

static enum fault check_caller(struct admin *a)
{
	enum fault f = work_caller(&a->w);
	if (f != FAULT_NONE) {
		return f;
	}
	if (a->w.token.scope == VAULT_SCOPE_SEND) {
		return admin_refuse(
			a, FAULT_FORBIDDEN,
			"This token may send, and not administer; a token with the scope "
			"\"admin\" may.");
	}
	bool is_back = a->w.request->code == WIRE_TELL_EVENT;
	return a->w.tenant.state == VAULT_UNINSTALLED && !is_back ? FAULT_TENANT_GONE : FAULT_NONE;
}

static bool has_half(const struct wire_message *m)
{
	return m->count > 1 && m->code != WIRE_TELL_EVENT && m->code != WIRE_SHRED_TENANT;
}

static enum fault answer_any(struct admin *a)
{
	const struct wire_message *m = a->w.request;
	enum fault f = check_caller(a);
	if (f == FAULT_NONE && has_half(m)) {
		f = work_half(&a->w, m->fields[1]);
	}
	if (f != FAULT_NONE) {
		return f;
	}
	switch (m->code) {
	case WIRE_GET_RECORD:
		return admin_get_record(a);
	case WIRE_LIST_RECORDS:
		return admin_list_records(a);
	case WIRE_PUT_RECORD:
		return admin_put_record(a);
	case WIRE_REMOVE_RECORD:
		return admin_remove_record(a);
	case WIRE_TELL_EVENT:
		return admin_tell_event(a);
	case WIRE_SHRED_TENANT:
		return admin_shred_tenant(a);
	case WIRE_CHANGE_HALF:
		return admin_change_half(a);
	default:
		return FAULT_KEEPER_PROTOCOL;
	}
}

enum fault admin_answer(struct vault *v, const struct wire_message *request, struct slice now,
			struct admin_change *out_change, struct secret **out_frame)
{
	struct admin a = {.vault = v, .now = now, .change = out_change};
	*out_change = (struct admin_change){0};
	work_open(&a.w, v, request);
	enum fault f = answer_any(&a);
	f = work_answer(&a.w, f, out_frame);
	work_close(&a.w);
	return f;
}
