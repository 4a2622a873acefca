#include <stdlib.h>
#include <string.h>

#include "config/vault/vault_inside.h"

static void free_bytes(char **bytes)
{
	free(*bytes);
}

static void free_entries(struct vault_entry **entries)
{
	free(*entries);
}

/* Whether somebody can open it: keys that were struck out of the ledger open nothing any more. */
static bool has_key(const struct vault *v, const struct vault_entry *e)
{
	return e->key == 0 || ledger_find(&v->ledger, e->owner, e->key) != NULL;
}

enum fault vault_take_content(struct vault *v, const struct vault_format *format, struct problem *p)
{
	size_t count = format->head.entry_count;
	CLEANUP(free_entries) struct vault_entry *entries = calloc(count + 1, sizeof(*entries));
	CLEANUP(free_bytes) char *bodies = malloc(format->bodies.len + 1);
	struct item *items = calloc(count + 1, sizeof(*items));
	if (entries == NULL || bodies == NULL || items == NULL) {
		free(items);
		return FAULT_NO_MEMORY;
	}
	enum fault f = vault_format_entries(format, entries, p);
	if (f != FAULT_NONE) {
		free(items);
		return f;
	}
	memcpy(bodies, format->bodies.ptr, format->bodies.len);
	size_t kept = 0;
	for (size_t i = 0; i < count; i++) {
		size_t at = (size_t)(entries[i].body.ptr - format->bodies.ptr);
		if (has_key(v, &entries[i])) {
			items[kept].entry = entries[i];
			items[kept++].entry.body.ptr = bodies + at;
		}
	}
	vault_drop_items(v);
	v->head = format->head;
	v->head.entry_count = kept;
	v->lost = count - kept;
	v->items = items;
	v->room = count + 1;
	v->bodies = STEAL(bodies);
	memcpy(v->mac, format->mac.ptr, VAULT_DIGEST);
	vault_mark_keys(v);
	v->is_from_old = format->head.format == VAULT_FORMAT_OLDEST;
	return FAULT_NONE;
}

/* --- the ledger beside it --------------------------------------------------------------------------- */

/* The key that records are found by is its first line. */
static enum fault open_index(struct vault *v, struct problem *p)
{
	static const unsigned char nobody[VAULT_OWNER];
	const struct ledger_key *key = ledger_current(&v->ledger, nobody, LEDGER_INDEX);
	struct secret *index_key;
	if (key == NULL) {
		return problem_set(p, FAULT_VAULT_DAMAGED,
				   "The vault's key ledger lacks the key that records are found "
				   "by.");
	}
	enum fault f = ledger_open(&v->root, key, NULL, &index_key, p);
	if (f == FAULT_NONE) {
		secret_free(&v->index_key);
		v->index_key = index_key;
	}
	return f;
}

/* Takes the ledger for a vault of this head. On a fault that of before stays. */
static enum fault take_ledger(struct vault *v, const struct vault_head *head, struct slice file,
			      struct problem *p)
{
	struct ledger ledger = {0};
	if (file.len == 0) {
		return problem_set(
			p, FAULT_VAULT_MISSING,
			"The key ledger beside the vault (its name with .keys behind it) is "
			"missing; take it from the backups.");
	}
	enum fault f = ledger_read(file, &v->root, &ledger, p);
	if (f == FAULT_NONE && ledger.generation < head->ledger_generation) {
		f = problem_set(p, FAULT_VAULT_ROLLBACK,
				"The vault's key ledger is older than the vault file beside it.");
	}
	if (f == FAULT_NONE && ledger.generation < v->ledger.generation) {
		f = problem_set(p, FAULT_VAULT_ROLLBACK,
				"The vault's key ledger is older than the one seen before.");
	}
	if (f != FAULT_NONE) {
		ledger_deinit(&ledger);
		return f;
	}
	ledger_deinit(&v->ledger);
	v->ledger = ledger;
	/* What a change that was cut off left behind would come true by the next vault: the ledger is written before it. */
	v->ledger_changed = ledger_keep_live(&v->ledger, head->ledger_generation);
	return open_index(v, p);
}

/*
 * An upgrade that was cut off leaves the first ledger of all beside the old file. A later one is of vaults that were
 * written since, and would be overwritten.
 */
static enum fault check_beside_old(const struct vault *v, struct slice file, struct problem *p)
{
	struct ledger ledger = {0};
	if (file.len == 0) {
		return FAULT_NONE;
	}
	enum fault f = ledger_read(file, &v->root, &ledger, p);
	if (f == FAULT_NONE && ledger.generation > 1) {
		f = problem_set(p, FAULT_VAULT_ROLLBACK,
				"The vault file is older than the key ledger beside it, and of "
				"before there was one.");
	}
	ledger_deinit(&ledger);
	return f;
}

/* Whatever format it is of: behind this all is as in the newest one. */
static enum fault take_files(struct vault *v, const struct vault_format *format,
			     struct slice ledger, struct problem *p)
{
	bool is_old = format->head.format == VAULT_FORMAT_OLDEST;
	enum fault f = FAULT_NONE;
	v->is_portable = !is_old && format->head.ledger_generation == 0;
	if (is_old) {
		f = check_beside_old(v, ledger, p);
	}
	if (f == FAULT_NONE && (is_old || v->is_portable)) {
		f = vault_derive_index(v);
	} else if (f == FAULT_NONE) {
		f = take_ledger(v, &format->head, ledger, p);
	}
	if (f == FAULT_NONE) {
		f = vault_take_content(v, format, p);
	}
	if (f == FAULT_NONE && is_old) {
		ledger_deinit(&v->ledger);
		f = vault_start_ledger(v, p);
		f = f == FAULT_NONE ? vault_modernize(v, p) : f;
	}
	return f;
}

/* An empty one that is about to hold this file. */
static enum fault make(const struct vault_format *format, struct vault **out_vault)
{
	struct vault *v = calloc(1, sizeof(*v));
	if (v == NULL) {
		return FAULT_NO_MEMORY;
	}
	memcpy(v->head.uuid, format->head.uuid, VAULT_UUID);
	*out_vault = v;
	return FAULT_NONE;
}

/* Whether its master key sealed the file. */
static enum fault prove(struct vault *v, const struct vault_format *format, struct problem *p)
{
	enum fault f = vault_derive(v);
	return f == FAULT_NONE ? vault_format_check(format, v->mac_key, p) : f;
}

enum fault vault_open(struct slice file, struct slice ledger, const struct vault_unlock *unlock,
		      struct vault **out_vault, struct problem *p)
{
	struct vault_format format;
	CLEANUP(vault_free) struct vault *v = NULL;
	enum fault f = vault_format_read(file, &format, p);
	if (f == FAULT_NONE) {
		f = make(&format, &v);
	}
	if (f == FAULT_NONE) {
		f = vault_slots_open(&format.head, unlock, &v->master, p);
	}
	if (f == FAULT_NONE) {
		f = prove(v, &format, p);
	}
	if (f == FAULT_NONE) {
		f = take_files(v, &format, ledger, p);
	}
	if (f == FAULT_NONE) {
		*out_vault = STEAL(v);
	}
	return f;
}

/* --- what is newer ----------------------------------------------------------------------------------- */

/*
 * By the master key that is known; when that did not seal it, somebody who knew it may have changed it: then a slot of
 * the new file opens by what opened the old one.
 */
static enum fault find_master(struct vault *fresh, const struct vault *v,
			      const struct vault_format *format, const struct vault_unlock *unlock,
			      struct problem *p)
{
	enum fault f = secret_copy(v->master, &fresh->master);
	if (f == FAULT_NONE) {
		f = prove(fresh, format, p);
	}
	if (f != FAULT_VAULT_DAMAGED || unlock == NULL) {
		return f;
	}
	secret_free(&fresh->master);
	f = vault_slots_open(&format->head, unlock, &fresh->master, p);
	return f == FAULT_NONE ? prove(fresh, format, p) : f;
}

static enum fault check_generation(const struct vault *v, const struct vault_format *format,
				   struct problem *p)
{
	bool is_same = format->head.generation == v->head.generation &&
		       memcmp(format->mac.ptr, v->mac, VAULT_DIGEST) == 0;
	if (is_same || format->head.generation > v->head.generation) {
		return FAULT_NONE;
	}
	return problem_set(p, FAULT_VAULT_ROLLBACK,
			   "The vault file is of an older generation than the one seen before.");
}

/* Made beside `v` and put in its place when all of it is good. */
static enum fault refresh(struct vault *v, struct slice file, struct slice ledger,
			  const struct vault_unlock *unlock, bool any_generation, struct problem *p)
{
	struct vault_format format;
	CLEANUP(vault_free) struct vault *fresh = NULL;
	enum fault f = vault_format_read(file, &format, p);
	if (f != FAULT_NONE) {
		return f;
	}
	if (memcmp(format.head.uuid, v->head.uuid, VAULT_UUID) != 0) {
		return problem_set(p, FAULT_VAULT_ROLLBACK,
				   "Another vault was put in this one's place.");
	}
	f = make(&format, &fresh);
	if (f == FAULT_NONE) {
		f = find_master(fresh, v, &format, unlock, p);
	}
	if (f == FAULT_NONE && !any_generation) {
		f = check_generation(v, &format, p);
		fresh->ledger.generation = v->ledger.generation;
	}
	if (f == FAULT_NONE) {
		f = take_files(fresh, &format, ledger, p);
	}
	if (f == FAULT_NONE) {
		struct vault before = *v;
		*v = *fresh;
		*fresh = before;
	}
	return f;
}

enum fault vault_refresh(struct vault *v, struct slice file, struct slice ledger,
			 const struct vault_unlock *unlock, struct problem *p)
{
	return refresh(v, file, ledger, unlock, false, p);
}

enum fault vault_revert(struct vault *v, struct slice file, struct slice ledger,
			const struct vault_unlock *unlock, struct problem *p)
{
	return refresh(v, file, ledger, unlock, true, p);
}
