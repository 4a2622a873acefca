#include "config/vault/assign.h"
#include "config/vault/keys.h"
#include "config/keeper/admin_inside.h"
#include "config/keeper/client.h"

static enum fault check_condition(struct admin *a, const struct target *t, bool is_removal)
{
	struct slice field = a->w.request->fields[4];
	uint32_t there = vault_version(a->vault, t->name);
	if (field.len != WIRE_CONDITION_LEN) {
		return FAULT_KEEPER_PROTOCOL;
	}
	uint32_t wanted = (uint32_t)wire_get_number(slice_skip(field, 1));
	switch ((enum keeper_condition_kind)field.ptr[0]) {
	case KEEPER_IF_NEW:
		return there == 0 ? FAULT_NONE
				  : admin_refuse(a, FAULT_NO_PRECONDITION,
						 "The record exists; say which version the change "
						 "is of, by "
						 "If-Match with the ETag that a GET tells.");
	case KEEPER_IF_ABSENT:
		return there == 0
			       ? FAULT_NONE
			       : admin_refuse(a, FAULT_PRECONDITION, "There is a record already.");
	case KEEPER_IF_VERSION:
		return there != 0 && there == wanted
			       ? FAULT_NONE
			       : admin_refuse(a, FAULT_PRECONDITION,
					      "Somebody else changed the record meanwhile; "
					      "read it again, "
					      "and change what it says now.");
	case KEEPER_IF_ANY:
		return there != 0 || is_removal ? FAULT_NONE
						: admin_refuse(a, FAULT_PRECONDITION,
							       "There is no record of this name.");
	}
	return FAULT_KEEPER_PROTOCOL;
}

/* An empty record of the target's name. */
static void begin(const struct admin *a, const struct target *t, struct vault_record *r)
{
	struct slice tenant = a->w.tenant.id;
	*r = (struct vault_record){.kind = t->kind};
	switch (t->kind) {
	case VAULT_TOKEN:
		r->token = (struct vault_token){
			.hash = t->name.name, .tenant = tenant, .created = a->now};
		break;
	case VAULT_SERVER:
		r->server.tenant = tenant;
		r->server.name = t->name.name;
		r->server.port = 587;
		break;
	case VAULT_SETTINGS:
		r->settings.tenant = tenant;
		break;
	case VAULT_POLICY:
		r->policy.tenant = tenant;
		r->policy.space = t->name.name;
		break;
	case VAULT_AWS:
		r->aws.tenant = tenant;
		r->aws.name = t->name.name;
		break;
	case VAULT_TENANT:
	case VAULT_HOUSE:
	case VAULT_KINDS:
		break;
	}
}

/* As a GET tells that there is a secret: put back so, it is the one that there was. */
static bool is_mark(const struct vault_record *r, struct slice key, struct slice value)
{
	const struct vault_field *field = vault_assignable(r->kind, key);
	return field != NULL && field->type == FIELD_SECRET && slice_eq(value, SLICE_LIT("byes"));
}

static struct slice given(const struct admin *a, const char *key)
{
	const struct wire_message *m = a->w.request;
	for (size_t i = 5; i + 1 < m->count; i += 2) {
		if (slice_eq(m->fields[i], slice_of_text(key))) {
			return m->fields[i + 1];
		}
	}
	return (struct slice){0};
}

/* What a token is asked for with, and for what: a wider scope makes a secret good for more than it was given for. */
static bool asks_the_same(const struct oauth_client *a, const struct oauth_client *b)
{
	return a->flow == b->flow && slice_eq(a->token_url, b->token_url) &&
	       slice_eq(a->client_id, b->client_id) && slice_eq(a->key_id, b->key_id) &&
	       slice_eq(a->scope, b->scope);
}

/* A secret goes on only to where it went: whoever may change a record may not lead it elsewhere. */
static bool goes_to_same(const struct vault_server *a, const struct vault_server *b)
{
	bool same_pins = true;
	for (size_t i = 0; i < SERVER_PINS_MAX; i++) {
		same_pins = same_pins && slice_eq(a->pins[i], b->pins[i]);
	}
	return slice_eq(a->host, b->host) && a->port == b->port && a->tls == b->tls &&
	       slice_eq(a->username, b->username) && a->auth == b->auth &&
	       asks_the_same(&a->oauth, &b->oauth) && slice_eq(a->ca_pem, b->ca_pem) && same_pins;
}

/* A key that signs goes nowhere: it stays with its domain and selector. */
static bool is_same_signer(const struct vault_record *old, const struct vault_record *r,
			   const struct vault_field *field, bool *out_is_dropped)
{
	size_t which = (field->offset - offsetof(struct vault_server, dkim)) /
		       sizeof(struct dkim_key);
	const struct dkim_key *now = &r->server.dkim[which];
	const struct dkim_key *was = &old->server.dkim[which];
	*out_is_dropped = now->domain.len == 0 && now->selector.len == 0;
	return slice_eq(now->domain, was->domain) && slice_eq(now->selector, was->selector);
}

/* What the record held by this field, where the request leaves it out. */
static enum fault keep_secret(struct admin *a, const struct vault_record *old,
			      const struct vault_field *field, struct vault_record *r)
{
	struct secret *copy;
	bool is_dropped = false;
	bool signs = field->offset >= offsetof(struct vault_server, dkim);
	bool stays = signs ? is_same_signer(old, r, field, &is_dropped)
			   : goes_to_same(&old->server, &r->server);
	if (is_dropped) {
		return FAULT_NONE;
	}
	if (!stays) {
		return vault_field_refuse(old, field,
					  signs ? "must be given again, since its domain or "
						  "selector changes."
						: "must be given again, since where it goes to, or "
						  "what proves that it is there, changes.",
					  &a->w.problem);
	}
	enum fault f = secret_copy(vault_field_secret(old, field), &copy);
	if (f == FAULT_NONE) {
		vault_field_set_secret(r, field, copy);
	}
	return f;
}

static enum fault refuse_mark(struct admin *a, const struct vault_record *r,
			      const struct vault_field *field)
{
	return vault_field_refuse(r, field, "is not there yet: it must be given.", &a->w.problem);
}

static enum fault keep_secrets(struct admin *a, const struct target *t, struct vault_record *r)
{
	struct vault_record old = {.kind = VAULT_SERVER};
	enum fault f = FAULT_NONE;
	if (t->kind != VAULT_SERVER) {
		return f;
	}
	if (vault_version(a->vault, t->name) != 0) {
		f = vault_find(a->vault, t->name, a->w.half, &a->w.arena, &old, &a->w.problem);
	}
	if (f != FAULT_NONE) {
		return f;
	}
	for (const struct vault_field *field = vault_fields_of(VAULT_SERVER);
	     field->key != NULL && f == FAULT_NONE; field++) {
		struct slice said = given(a, field->key);
		bool is_marked = is_mark(r, slice_of_text(field->key), said);
		if (field->type != FIELD_SECRET || (said.len > 0 && !is_marked)) {
			continue;
		}
		if (vault_field_secret(&old, field) != NULL) {
			f = keep_secret(a, &old, field, r);
		} else if (is_marked) {
			f = refuse_mark(a, r, field);
		}
	}
	vault_record_deinit(&old);
	return f;
}

/* What says something twice says two things; a secret would be there twice, too. */
static bool is_repeated(const struct wire_message *m, size_t at)
{
	for (size_t i = 5; i < at; i += 2) {
		if (slice_eq(m->fields[i], m->fields[at])) {
			return true;
		}
	}
	return false;
}

static enum fault refuse_repeated(struct admin *a, struct slice key)
{
	problem_set(&a->w.problem, FAULT_BAD_RECORD, "The key ");
	problem_add_name(&a->w.problem, key);
	problem_add(&a->w.problem, " is given twice.");
	return FAULT_BAD_RECORD;
}

static enum fault fill(struct admin *a, struct vault_record *r)
{
	const struct wire_message *m = a->w.request;
	for (size_t i = 5; i + 1 < m->count; i += 2) {
		struct slice value = m->fields[i + 1];
		/* That there is a secret is told by an empty one: it is not to be put back as one. */
		if (value.len == 0 || value.ptr[0] == KEEPER_SECRET) {
			return FAULT_KEEPER_PROTOCOL;
		}
		if (is_repeated(m, i)) {
			return refuse_repeated(a, m->fields[i]);
		}
		if (is_mark(r, m->fields[i], value)) {
			continue;
		}
		enum fault f = vault_assign(r, m->fields[i], value.ptr[0], slice_skip(value, 1),
					    &a->w.arena, &a->w.problem);
		if (f != FAULT_NONE) {
			return f;
		}
	}
	return FAULT_NONE;
}

static enum fault check_keys(struct admin *a, const struct vault_record *r)
{
	const struct vault_server *s = &r->server;
	enum fault f = FAULT_NONE;
	if (r->kind != VAULT_SERVER) {
		return f;
	}
	for (size_t i = 0; i < SERVER_DKIM_MAX && f == FAULT_NONE; i++) {
		f = s->dkim[i].key != NULL
			    ? vault_key_check(s->dkim[i].key, VAULT_KEY_DKIM, &a->w.problem)
			    : f;
	}
	if (f == FAULT_NONE && s->oauth.flow == OAUTH_SERVICE_ACCOUNT && s->oauth.secret != NULL) {
		f = vault_key_check(s->oauth.secret, VAULT_KEY_SERVICE, &a->w.problem);
	}
	if (f == FAULT_BAD_FIELD) {
		a->w.problem.fault = FAULT_BAD_RECORD;
		f = FAULT_BAD_RECORD;
	}
	return f;
}

static enum fault check_room(struct admin *a, const struct target *t)
{
	size_t count = 0;
	enum fault f = admin_collect(a, t->kind, NULL, &count);
	if (f == FAULT_NONE && vault_version(a->vault, t->name) == 0 &&
	    count >= ADMIN_RECORDS_MAX) {
		f = admin_refuse(
			a, FAULT_VAULT_FULL,
			"A tenant may have at most 200 records of a kind; remove one first.");
	}
	/* As if the one that is replaced stayed: a tenant that is full can still make its records smaller by removing. */
	if (f == FAULT_NONE && vault_bytes_of(a->vault, a->w.tenant.id) >= ADMIN_BYTES_MAX) {
		f = admin_refuse(
			a, FAULT_VAULT_FULL,
			"All of a tenant's records together may have at most 1 MiB; remove "
			"some first.");
	}
	return f;
}

static enum fault put(struct admin *a, const struct target *t, struct vault_record *r)
{
	enum fault f = fill(a, r);
	if (f == FAULT_NONE) {
		f = keep_secrets(a, t, r);
	}
	if (f == FAULT_NONE) {
		f = check_keys(a, r);
	}
	return f == FAULT_NONE ? vault_put(a->vault, r, a->w.half, &a->w.problem) : f;
}

enum fault admin_put_record(struct admin *a)
{
	struct target t;
	struct vault_record r;
	if (a->w.request->count < 5 || a->w.request->count % 2 == 0) {
		return FAULT_KEEPER_PROTOCOL;
	}
	enum fault f = admin_target(a, &t);
	/* Before the condition, which would tell of another tenant's token which version it is. */
	if (f == FAULT_NONE && t.kind == VAULT_TOKEN && vault_version(a->vault, t.name) != 0) {
		f = admin_refuse(a, FAULT_PRECONDITION,
				 "A token is made once, and then only revoked.");
	}
	if (f == FAULT_NONE) {
		f = check_condition(a, &t, false);
	}
	if (f == FAULT_NONE) {
		f = check_room(a, &t);
	}
	if (f != FAULT_NONE) {
		return f;
	}
	begin(a, &t, &r);
	a->is_new = vault_version(a->vault, t.name) == 0;
	f = put(a, &t, &r);
	vault_record_deinit(&r);
	if (f == FAULT_NONE) {
		admin_note(a, a->is_new ? "new" : "changed", vault_kind_name(t.kind));
		wire_put_number(a->version, vault_version(a->vault, t.name), WIRE_NUMBER);
		a->w.answer.fields[0] = slice_of(a->version, WIRE_NUMBER);
		a->w.answer.fields[1] = slice_of(&a->is_new, 1);
		a->w.answer.count = 2;
	}
	return f;
}

enum fault admin_remove_record(struct admin *a)
{
	struct target t;
	if (a->w.request->count != 5) {
		return FAULT_KEEPER_PROTOCOL;
	}
	enum fault f = admin_target(a, &t);
	if (f == FAULT_NONE) {
		f = admin_check_owner(a, &t);
	}
	if (f == FAULT_NONE && vault_version(a->vault, t.name) == 0) {
		f = admin_refuse(a, FAULT_NOT_FOUND, "There is no record of this name.");
	}
	if (f == FAULT_NONE) {
		f = check_condition(a, &t, true);
	}
	if (f == FAULT_NONE) {
		f = vault_remove(a->vault, t.name);
	}
	if (f == FAULT_NONE) {
		admin_note(a, "removed", vault_kind_name(t.kind));
	}
	return f;
}
