#include "config/keeper/admin_inside.h"

#include "config/keeper/client.h"

enum fault admin_tell_event(struct admin *a)
{
	struct slice field = a->w.request->fields[1];
	struct vault_record r = {.kind = VAULT_TENANT, .tenant = a->w.tenant};
	if (a->w.request->count != 2 || field.len != 1 ||
	    (unsigned char)field.ptr[0] > KEEPER_UNINSTALLED) {
		return FAULT_KEEPER_PROTOCOL;
	}
	bool is_gone = field.ptr[0] == KEEPER_UNINSTALLED;
	if (is_gone == (r.tenant.state == VAULT_UNINSTALLED)) {
		return FAULT_NONE; /* as it is */
	}
	r.tenant.state = is_gone ? VAULT_UNINSTALLED : VAULT_ACTIVE;
	r.tenant.uninstalled = is_gone ? a->now : (struct slice){0};
	enum fault f = vault_put(a->vault, &r, NULL, &a->w.problem);
	if (f == FAULT_NONE) {
		admin_note(a, is_gone ? "uninstalled" : "installed", SLICE_LIT("tenant"));
	}
	return f;
}

enum fault admin_shred_tenant(struct admin *a)
{
	size_t records;
	if (a->w.request->count != 1) {
		return FAULT_KEEPER_PROTOCOL;
	}
	a->change->is_begun = true;
	enum fault f = vault_shred(a->vault, a->w.tenant.id, &records);
	if (f == FAULT_NONE) {
		admin_note(a, "shredded", SLICE_LIT("tenant"));
	}
	return f;
}

static enum fault add_half(struct admin *a, struct slice field)
{
	CLEANUP(secret_free) struct secret *fresh = NULL;
	struct slice tenant = a->w.tenant.id;
	if (field.len != VAULT_HALF) {
		return FAULT_KEEPER_PROTOCOL;
	}
	enum fault f = secret_new(field, &fresh);
	if (f != FAULT_NONE) {
		return f;
	}
	return vault_is_split(a->vault, tenant)
		       ? vault_add_half(a->vault, tenant, a->w.half, fresh, &a->w.problem)
		       : vault_split(a->vault, tenant, fresh, &a->w.problem);
}

enum fault admin_change_half(struct admin *a)
{
	const struct slice *fields = a->w.request->fields;
	struct slice tenant = a->w.tenant.id;
	if (a->w.request->count != 4 || fields[2].len != 1) {
		return FAULT_KEEPER_PROTOCOL;
	}
	enum fault f = FAULT_KEEPER_PROTOCOL;
	bool is_split = vault_is_split(a->vault, tenant);
	a->change->is_begun = true;
	switch ((enum keeper_half_change)fields[2].ptr[0]) {
	case KEEPER_HALF_ADD:
		f = add_half(a, fields[3]);
		break;
	case KEEPER_HALF_KEEP:
		f = vault_keep_half(a->vault, tenant, a->w.half, &a->w.problem);
		break;
	case KEEPER_HALF_DROP:
		f = is_split ? vault_unsplit(a->vault, tenant, a->w.half, &a->w.problem)
			     : admin_refuse(a, FAULT_NOT_FOUND,
					    "This tenant holds no half of the key.");
		break;
	}
	if (f == FAULT_NONE) {
		admin_note(a, "changed", SLICE_LIT("key"));
	}
	return f;
}
