#include <stdio.h>
#include <unistd.h>

#include "spool-free/base/instant.h"
#include "config/vault/assign.h"
#include "relay/command/vault_session.h"

static struct slice now_text(char room[CIVIL_RFC3339_LEN])
{
	civil_rfc3339(civil_now(), room);
	return slice_of(room, CIVIL_RFC3339_LEN);
}

static enum fault find_tenant(struct vault_session *s, struct slice id, struct vault_record *out)
{
	struct vault_key_name name = {.kind = VAULT_TENANT, .name = id};
	return vault_find(s->vault, name, NULL, &s->arena, out, NULL);
}

static enum fault check_default_server(const struct vault_session *s, struct problem *p)
{
	struct slice name = vault_session_option(s, OPTION_DEFAULT_SERVER);
	if (name.len > 0 && !vault_is_name(name)) {
		return problem_set(p, FAULT_BAD_RECORD,
				   "The name of a server must be 1 to 64 of a-z, 0-9 and '-'.");
	}
	return FAULT_NONE;
}

static void set_if_given(const struct vault_session *s, enum vault_option option,
			 struct slice *field)
{
	if (s->options[option] != NULL) {
		*field = vault_session_option(s, option);
	}
}

/* What was not given stays as it is. */
static enum fault put_settings(struct vault_session *s, struct slice id, struct problem *p)
{
	struct vault_record r = {.kind = VAULT_SETTINGS};
	struct vault_key_name name = {.kind = VAULT_SETTINGS, .tenant = id};
	enum fault f = vault_find(s->vault, name, NULL, &s->arena, &r, p);
	if (f == FAULT_NOT_FOUND) {
		f = FAULT_NONE;
	}
	if (f == FAULT_NONE) {
		f = check_default_server(s, p);
	}
	if (f != FAULT_NONE) {
		return f;
	}
	r.settings.tenant = id;
	set_if_given(s, OPTION_SUBJECT_PREFIX, &r.settings.subject_prefix);
	set_if_given(s, OPTION_FROM_NAME, &r.settings.from_name);
	set_if_given(s, OPTION_FROM, &r.settings.from_address);
	set_if_given(s, OPTION_BUTTON_LABEL, &r.settings.button_label);
	set_if_given(s, OPTION_DEFAULT_SERVER, &r.settings.default_server);
	return vault_put(s->vault, &r, NULL, p);
}

/* What the operator says of the tenant; what was not given stays. */
static enum fault put_tenant(struct vault_session *s, struct vault_record *r, struct problem *p)
{
	const char *may = s->options[OPTION_OPERATOR_SERVER];
	enum fault f = FAULT_NONE;
	set_if_given(s, OPTION_REGION, &r->tenant.region);
	if (may != NULL) {
		f = vault_assign(r, SLICE_LIT("operator_server"), may[0] != '\0' ? 't' : '0',
				 slice_of_text(may), &s->arena, p);
	}
	return f == FAULT_NONE ? vault_put(s->vault, r, NULL, p) : f;
}

enum fault vault_tenant_add(struct vault_session *s, struct problem *p)
{
	char now[CIVIL_RFC3339_LEN];
	struct vault_record r;
	struct slice id = slice_of_text(s->name);
	enum fault f = find_tenant(s, id, &r);
	if (f == FAULT_NONE) {
		problem_set(p, FAULT_CONFLICT, "There is a tenant ");
		problem_add_name(p, id);
		problem_add(p, " already; 'pagepost tenant set' changes it.");
		return FAULT_CONFLICT;
	}
	if (f != FAULT_NOT_FOUND) {
		return f;
	}
	r = (struct vault_record){
		.kind = VAULT_TENANT,
		.tenant = {.id = id, .state = VAULT_ACTIVE, .created = now_text(now)},
	};
	f = put_tenant(s, &r, p);
	return f == FAULT_NONE ? put_settings(s, id, p) : f;
}

enum fault vault_tenant_set(struct vault_session *s, struct problem *p)
{
	struct vault_record r;
	struct slice id = slice_of_text(s->name);
	enum fault f = vault_session_need_tenant(s, id, p);
	if (f == FAULT_NONE) {
		f = find_tenant(s, id, &r);
	}
	if (f == FAULT_NONE) {
		f = put_tenant(s, &r, p);
	}
	return f == FAULT_NONE ? put_settings(s, id, p) : f;
}

static enum fault set_state(struct vault_session *s, enum vault_state state, struct problem *p)
{
	struct vault_record r;
	struct slice id = slice_of_text(s->name);
	enum fault f = vault_session_need_tenant(s, id, p);
	if (f == FAULT_NONE) {
		f = find_tenant(s, id, &r);
	}
	if (f != FAULT_NONE) {
		return f;
	}
	r.tenant.state = state;
	r.tenant.uninstalled = (struct slice){0};
	return vault_put(s->vault, &r, NULL, p);
}

enum fault vault_tenant_suspend(struct vault_session *s, struct problem *p)
{
	return set_state(s, VAULT_SUSPENDED, p);
}

enum fault vault_tenant_resume(struct vault_session *s, struct problem *p)
{
	return set_state(s, VAULT_ACTIVE, p);
}

/* A script has no terminal, and is not asked. */
enum fault vault_ask_removal(struct vault_session *s, struct problem *p)
{
	char line[VAULT_NAME_MAX + 2];
	if (s->options[OPTION_YES] != NULL || !isatty(STDIN_FILENO)) {
		return FAULT_NONE;
	}
	fprintf(stderr,
		"All of the tenant's records are shredded, and no backup brings them back.\n"
		"Type its id to go on: ");
	size_t len = fgets(line, sizeof(line), stdin) != NULL ? strlen(line) : 0;
	return slice_eq(slice_trim(slice_of(line, len)), slice_of_text(s->name))
		       ? FAULT_NONE
		       : problem_set(p, FAULT_BAD_FIELD,
				     "That was not the tenant's id; nothing was removed.");
}

enum fault vault_tenant_remove(struct vault_session *s, struct problem *p)
{
	struct slice id = slice_of_text(s->name);
	enum fault f = vault_session_need_tenant(s, id, p);
	return f == FAULT_NONE ? vault_shred(s->vault, id, &s->shredded) : f;
}
