#include <stdlib.h>
#include <string.h>

#include "config/vault/vault_inside.h"

enum { MODERN_ARENA = 128 * 1024 };

static bool is_of(const struct item *item, const unsigned char owner[VAULT_OWNER])
{
	return memcmp(item->entry.owner, owner, VAULT_OWNER) == 0;
}

/* --- what is in use -------------------------------------------------------------------------------------- */

static void keep_used(struct vault *v)
{
	for (size_t i = 0; i < v->head.entry_count; i++) {
		const struct vault_entry *e = &v->items[i].entry;
		struct ledger_key *key = ledger_find(&v->ledger, e->owner, e->key);
		if (key != NULL) {
			key->is_retired = false;
		}
	}
}

/* A tenant's half waits for its first server as long as there is anything else of the tenant. */
void vault_mark_keys(struct vault *v)
{
	for (size_t i = 0; i < v->ledger.count; i++) {
		struct ledger_key *key = &v->ledger.keys[i];
		key->is_retired = key->is_retired || key->kind == LEDGER_RECORDS;
	}
	keep_used(v);
	for (size_t i = 0; i < v->ledger.count; i++) {
		struct ledger_key *key = &v->ledger.keys[i];
		if (key->kind == LEDGER_SECRETS &&
		    ledger_current(&v->ledger, key->owner, LEDGER_RECORDS) == NULL) {
			key->is_retired = true;
		}
	}
	keep_used(v);
}

/* --- shredding --------------------------------------------------------------------------------------- */

enum fault vault_shred(struct vault *v, struct slice tenant, size_t *out_records)
{
	unsigned char owner[VAULT_OWNER];
	size_t kept = 0;
	size_t count = v->head.entry_count;
	enum fault f = tenant.len > 0 ? vault_owner(v, tenant, owner) : FAULT_NOT_FOUND;
	if (f != FAULT_NONE) {
		return f;
	}
	for (size_t i = 0; i < count; i++) {
		if (is_of(&v->items[i], owner)) {
			free(v->items[i].fresh);
		} else {
			v->items[kept++] = v->items[i];
		}
	}
	v->head.entry_count = kept;
	*out_records = count - kept;
	ledger_strike(&v->ledger, owner);
	v->has_struck = v->has_struck || kept < count;
	v->ledger_changed = v->ledger_changed || kept < count;
	v->forgets_old = v->forgets_old || v->is_from_old;
	return kept < count ? FAULT_NONE : FAULT_NOT_FOUND;
}

/* --- a tenant's half ----------------------------------------------------------------------------------- */

static struct ledger_key *current(const struct vault *v, struct slice tenant, enum ledger_kind kind,
				  unsigned char owner[VAULT_OWNER])
{
	return vault_owner(v, tenant, owner) == FAULT_NONE ? ledger_current(&v->ledger, owner, kind)
							   : NULL;
}

bool vault_is_split(const struct vault *v, struct slice tenant)
{
	unsigned char owner[VAULT_OWNER];
	return current(v, tenant, LEDGER_SECRETS, owner) != NULL;
}

/* All records of the owner under the keys that are current; those that hold secrets under `secrets`. */
static enum fault reseal_owner(struct vault *v, const unsigned char owner[VAULT_OWNER],
			       uint32_t records, uint32_t secrets, const struct secret *half,
			       struct problem *p)
{
	for (size_t i = 0; i < v->head.entry_count; i++) {
		struct item *item = &v->items[i];
		if (!is_of(item, owner)) {
			continue;
		}
		uint32_t key = item->entry.kind == VAULT_SERVER ? secrets : records;
		enum fault f = vault_reseal(v, item, half, key, p);
		if (f != FAULT_NONE) {
			return f;
		}
	}
	return FAULT_NONE;
}

static void retire(struct vault *v, const unsigned char owner[VAULT_OWNER], enum ledger_kind kind)
{
	struct ledger_key *key = ledger_current(&v->ledger, owner, kind);
	if (key != NULL) {
		key->is_retired = true;
		v->ledger_changed = true;
	}
}

static enum fault no_tenant(struct problem *p)
{
	return problem_set(p, FAULT_NOT_FOUND, "There is no such tenant in the vault.");
}

static enum fault no_half(struct problem *p)
{
	return problem_set(p, FAULT_NOT_FOUND, "This tenant holds no half of the key.");
}

enum fault vault_split(struct vault *v, struct slice tenant, const struct secret *half,
		       struct problem *p)
{
	unsigned char owner[VAULT_OWNER];
	uint32_t records, secrets;
	if (current(v, tenant, LEDGER_RECORDS, owner) == NULL) {
		return no_tenant(p);
	}
	if (vault_is_split(v, tenant)) {
		return problem_set(p, FAULT_CONFLICT,
				   "This tenant holds half of the key already; a new half is added "
				   "with the old one.");
	}
	if (secret_view(half).len != VAULT_HALF) {
		return problem_set(p, FAULT_BAD_RECORD,
				   "A half of the key has 32 bytes, all of them random.");
	}
	retire(v, owner, LEDGER_RECORDS);
	v->forgets_old = v->forgets_old || v->is_from_old;
	enum fault f = ledger_add(&v->ledger, &v->root,
				  &(struct ledger_fresh){owner, LEDGER_RECORDS, NULL, NULL},
				  &records, p);
	if (f == FAULT_NONE) {
		f = ledger_add(&v->ledger, &v->root,
			       &(struct ledger_fresh){owner, LEDGER_SECRETS, half, NULL}, &secrets,
			       p);
	}
	return f == FAULT_NONE ? reseal_owner(v, owner, records, secrets, half, p) : f;
}

enum fault vault_unsplit(struct vault *v, struct slice tenant, const struct secret *half,
			 struct problem *p)
{
	unsigned char owner[VAULT_OWNER];
	const struct ledger_key *records = current(v, tenant, LEDGER_RECORDS, owner);
	if (records == NULL || !vault_is_split(v, tenant)) {
		return records == NULL ? no_tenant(p) : no_half(p);
	}
	enum fault f = vault_check_half(v, tenant, half, p);
	if (f != FAULT_NONE) {
		return f;
	}
	f = reseal_owner(v, owner, records->number, records->number, half, p);
	if (f == FAULT_NONE) {
		retire(v, owner, LEDGER_SECRETS);
	}
	return f;
}

enum fault vault_add_half(struct vault *v, struct slice tenant, const struct secret *half,
			  const struct secret *fresh, struct problem *p)
{
	unsigned char owner[VAULT_OWNER];
	struct ledger_key *key = current(v, tenant, LEDGER_SECRETS, owner);
	if (key == NULL) {
		return no_half(p);
	}
	if (secret_view(fresh).len != VAULT_HALF) {
		return problem_set(p, FAULT_BAD_RECORD,
				   "A half of the key has 32 bytes, all of them random.");
	}
	enum fault f = ledger_add_half(&v->root, key, half, fresh, p);
	v->ledger_changed = v->ledger_changed || f == FAULT_NONE;
	return f;
}

enum fault vault_keep_half(struct vault *v, struct slice tenant, const struct secret *half,
			   struct problem *p)
{
	unsigned char owner[VAULT_OWNER];
	struct ledger_key *key = current(v, tenant, LEDGER_SECRETS, owner);
	if (key == NULL) {
		return no_half(p);
	}
	enum fault f = ledger_keep_half(&v->root, key, half, p);
	v->ledger_changed = v->ledger_changed || f == FAULT_NONE;
	v->has_struck = v->has_struck || f == FAULT_NONE; /* the other one opens no copy either */
	return f;
}

enum fault vault_check_half(const struct vault *v, struct slice tenant, const struct secret *half,
			    struct problem *p)
{
	CLEANUP(secret_free) struct secret *plain = NULL;
	unsigned char owner[VAULT_OWNER];
	enum fault f = vault_owner(v, tenant, owner);
	if (f != FAULT_NONE && f != FAULT_NOT_FOUND) {
		return f; /* whether it has a half is not known */
	}
	const struct ledger_key *key = f == FAULT_NONE
					       ? ledger_current(&v->ledger, owner, LEDGER_SECRETS)
					       : NULL;
	return key != NULL ? ledger_open(&v->root, key, half, &plain, p) : FAULT_NONE;
}

/* --- another master key -------------------------------------------------------------------------------- */

/* The section by which those who hold the old master key read on until the vault is replaced. */
static enum fault keep_old_section(struct vault *v)
{
	if (v->old_ledger.len > 0) {
		return FAULT_NONE; /* the master key of the file is the one before the last */
	}
	ledger_stamp(&v->ledger, v->ledger.generation + 1);
	buf_init(&v->old_ledger, LEDGER_FILE_MAX);
	return ledger_write(&v->ledger, &v->root, true, &v->old_ledger);
}

/* Keys that no half guards are made anew; the others, and the index, are wrapped anew. */
static enum fault change_keys(struct vault *v, const struct ledger_root *from, struct problem *p)
{
	size_t count = v->ledger.count;
	for (size_t i = 0; i < count; i++) {
		enum fault f = ledger_rewrap(&v->ledger.keys[i], from, &v->root);
		if (f != FAULT_NONE) {
			return f;
		}
	}
	for (size_t i = v->ledger.count; i > 0; i--) {
		struct ledger_key *key = &v->ledger.keys[i - 1];
		uint32_t number;
		if (key->kind != LEDGER_RECORDS || key->is_retired) {
			continue;
		}
		unsigned char owner[VAULT_OWNER];
		memcpy(owner, key->owner, VAULT_OWNER);
		key->is_retired = true;
		enum fault f = ledger_add(&v->ledger, &v->root,
					  &(struct ledger_fresh){owner, LEDGER_RECORDS, NULL, NULL},
					  &number, p);
		if (f != FAULT_NONE) {
			return f;
		}
	}
	return FAULT_NONE;
}

/* Of one record whose key is retired, or the master key of before. */
static enum fault reseal_one(struct vault *v, struct item *item, const struct vault *before,
			     struct problem *p)
{
	const struct vault_entry *e = &item->entry;
	const struct ledger_key *key = ledger_find(&v->ledger, e->owner, e->key);
	if (key != NULL && key->kind == LEDGER_SECRETS) {
		return FAULT_NONE;
	}
	if (key != NULL) {
		const struct ledger_key *now = ledger_current(&v->ledger, e->owner, LEDGER_RECORDS);
		return vault_reseal(v, item, NULL, now->number, p);
	}
	struct vault_record r;
	struct arena a;
	struct item fresh = {.entry = *e};
	arena_init(&a, MODERN_ARENA);
	enum fault f = vault_open_item(before, item, NULL, &a, &r, p);
	if (f == FAULT_NONE) {
		f = vault_seal_item(v, &r, NULL, &fresh, p);
		vault_record_deinit(&r);
	}
	if (f == FAULT_NONE) {
		free(item->fresh);
		*item = fresh;
	}
	arena_deinit(&a);
	return f;
}

/* `before`: the old master key with the same head. */
static enum fault change_master(struct vault *v, const struct vault *before, struct problem *p)
{
	enum fault f = change_keys(v, &before->root, p);
	for (size_t i = 0; i < v->head.entry_count && f == FAULT_NONE; i++) {
		f = reseal_one(v, &v->items[i], before, p);
	}
	v->ledger_changed = true;
	return f;
}

enum fault vault_rotate(struct vault *v, const struct vault_unlock *unlocks, size_t count,
			struct vault_kdf kdf, struct problem *p)
{
	struct vault before = {.head = v->head, .master = v->master, .root = v->root};
	if (v->is_portable) {
		return problem_set(p, FAULT_CONFLICT,
				   "An exported tenant's file has no keys to change.");
	}
	enum fault f = keep_old_section(v);
	if (f != FAULT_NONE) {
		return f;
	}
	v->master = NULL;
	f = vault_make_master(&v->master);
	v->root = (struct ledger_root){0};
	if (f == FAULT_NONE) {
		f = vault_derive(v);
	}
	if (f == FAULT_NONE) {
		f = change_master(v, &before, p);
	}
	v->head.slot_count = 0;
	for (size_t i = 0; i < count && f == FAULT_NONE; i++) {
		f = vault_set_slot(v, &unlocks[i], kdf, p);
	}
	secret_free(&before.master);
	ledger_root_deinit(&before.root);
	return f;
}

/* --- format 1 -------------------------------------------------------------------------------------------- */

/* What a tenant's record said of its mails becomes a record of its own. */
static enum fault part_settings(struct vault *v, struct vault_record *r, struct problem *p)
{
	struct vault_settings *s = &r->tenant.before;
	struct vault_record settings = {.kind = VAULT_SETTINGS, .settings = *s};
	bool is_empty = s->subject_prefix.len + s->from_name.len + s->from_address.len +
				s->button_label.len + s->default_server.len ==
			0;
	settings.settings.tenant = r->tenant.id;
	*s = (struct vault_settings){0};
	return is_empty ? FAULT_NONE : vault_put(v, &settings, NULL, p);
}

static enum fault put_modern(struct vault *v, struct vault_record *r, struct problem *p)
{
	struct vault_record tenant = *r;
	if (r->kind != VAULT_TENANT) {
		return vault_put(v, r, NULL, p);
	}
	tenant.tenant.before = (struct vault_settings){0};
	enum fault f = vault_put(v, &tenant, NULL, p);
	return f == FAULT_NONE ? part_settings(v, r, p) : f;
}

/* A record that was opened from the old list is written into the new one. */
static enum fault modernize_one(struct vault *v, const struct vault *old, size_t at,
				struct problem *p)
{
	struct vault_record r;
	struct arena a;
	arena_init(&a, MODERN_ARENA);
	enum fault f = vault_open_item(old, &old->items[at], NULL, &a, &r, p);
	if (f == FAULT_NONE) {
		f = put_modern(v, &r, p);
		/* What belongs to no tenant opened nothing before, and would open nothing now. */
		f = f == FAULT_NOT_FOUND ? FAULT_NONE : f;
		vault_record_deinit(&r);
	}
	arena_deinit(&a);
	return f;
}

/* A tenant comes before all that is its own. */
enum fault vault_modernize(struct vault *v, struct problem *p)
{
	struct vault old = *v; /* keys are lent; items and bodies are its own now */
	enum fault f = FAULT_NONE;
	v->items = NULL;
	v->room = 0;
	v->head.entry_count = 0;
	v->head.format = VAULT_FORMAT_NUMBER;
	for (int pass = 0; pass < 2; pass++) {
		for (size_t i = 0; i < old.head.entry_count && f == FAULT_NONE; i++) {
			if ((old.items[i].entry.kind == VAULT_TENANT) == (pass == 0)) {
				f = modernize_one(v, &old, i, p);
			}
		}
	}
	free(old.items);
	return f;
}
