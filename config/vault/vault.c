#include "config/vault/vault.h"

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

static void drop_items(struct vault *v)
{
	for (size_t i = 0; i < v->head.entry_count; i++) {
		free(v->items[i].fresh);
	}
	free(v->items);
	free(v->bodies);
	v->items = NULL;
	v->bodies = NULL;
	v->room = 0;
	v->lost = 0;
	v->head.entry_count = 0;
}

void vault_free(struct vault **v)
{
	if (*v == NULL) {
		return;
	}
	drop_items(*v);
	secret_free(&(*v)->master);
	secret_free(&(*v)->mac_key);
	secret_free(&(*v)->index_key);
	ledger_root_deinit(&(*v)->root);
	ledger_deinit(&(*v)->ledger);
	buf_deinit(&(*v)->old_ledger);
	free(*v);
	*v = NULL;
}

uint64_t vault_generation(const struct vault *v)
{
	return v->head.generation;
}

size_t vault_count(const struct vault *v)
{
	return v->head.entry_count;
}

bool vault_has_slot(const struct vault *v, enum vault_slot_kind kind)
{
	for (size_t i = 0; i < v->head.slot_count; i++) {
		if (v->head.slots[i].kind == kind) {
			return true;
		}
	}
	return false;
}

size_t vault_lost(const struct vault *v)
{
	return v->lost;
}

/* Keys that are there already are replaced. */
enum fault vault_derive(struct vault *v)
{
	struct slice salt = slice_of(v->head.uuid, VAULT_UUID);
	secret_free(&v->mac_key);
	ledger_root_deinit(&v->root);
	enum fault f = vault_crypto_hkdf(v->master, salt, SLICE_LIT("pagepost vault seal"),
					 &v->mac_key);
	return f == FAULT_NONE ? ledger_root_derive(v->master, v->head.uuid, &v->root) : f;
}

/* Of a vault without a ledger; and of each before it got one. */
static enum fault derive_index(struct vault *v)
{
	CLEANUP(secret_free) struct secret *before = v->index_key;
	enum fault f = vault_crypto_hkdf(v->master, slice_of(v->head.uuid, VAULT_UUID),
					 SLICE_LIT("pagepost vault index"), &v->index_key);
	if (f != FAULT_NONE) {
		before = NULL;
	}
	return f;
}

enum fault vault_set_slot(struct vault *v, const struct vault_unlock *unlock, struct vault_kdf kdf,
			  struct problem *p)
{
	struct vault_slot fresh;
	enum fault f = vault_slot_make(v->head.uuid, v->master, unlock, kdf, &fresh, p);
	if (f != FAULT_NONE) {
		return f;
	}
	for (size_t i = 0; i < v->head.slot_count; i++) {
		if (v->head.slots[i].kind == unlock->kind) {
			v->head.slots[i] = fresh;
			return FAULT_NONE;
		}
	}
	if (v->head.slot_count == VAULT_SLOTS_MAX) {
		return problem_set(p, FAULT_VAULT_FULL, "The vault has no key slot left.");
	}
	v->head.slots[v->head.slot_count++] = fresh;
	return FAULT_NONE;
}

/* --- the whole ---------------------------------------------------------------------------------
 */

enum fault vault_make_master(struct secret **out_master)
{
	CLEANUP(secret_free) struct secret *master = NULL;
	char *room;
	enum fault f = secret_new_room(VAULT_KEY, &master, &room);
	if (f == FAULT_NONE) {
		f = vault_crypto_random(room, VAULT_KEY);
	}
	if (f == FAULT_NONE) {
		*out_master = STEAL(master);
	}
	return f;
}

/* The key that records are found by outlives the master key: ids stay what they are. */
static enum fault start_ledger(struct vault *v, struct problem *p)
{
	static const unsigned char nobody[VAULT_OWNER];
	uint32_t number;
	v->ledger_changed = true;
	return ledger_add(&v->ledger, &v->root, nobody, LEDGER_INDEX, NULL, v->index_key, &number,
			  p);
}

static enum fault create(const struct vault_unlock *unlock, struct vault_kdf kdf, bool is_portable,
			 struct vault **out_vault, struct problem *p)
{
	CLEANUP(vault_free) struct vault *v = calloc(1, sizeof(*v));
	if (v == NULL) {
		return FAULT_NO_MEMORY;
	}
	v->head.format = VAULT_FORMAT_NUMBER;
	v->is_portable = is_portable;
	enum fault f = vault_make_master(&v->master);
	if (f == FAULT_NONE) {
		f = vault_crypto_random(v->head.uuid, VAULT_UUID);
	}
	if (f == FAULT_NONE) {
		f = vault_derive(v);
	}
	if (f == FAULT_NONE) {
		f = derive_index(v);
	}
	if (f == FAULT_NONE && !is_portable) {
		f = start_ledger(v, p);
	}
	if (f == FAULT_NONE) {
		f = vault_set_slot(v, unlock, kdf, p);
	}
	if (f == FAULT_NONE) {
		*out_vault = STEAL(v);
	}
	return f;
}

enum fault vault_create(const struct vault_unlock *unlock, struct vault_kdf kdf,
			struct vault **out_vault, struct problem *p)
{
	return create(unlock, kdf, false, out_vault, p);
}

enum fault vault_create_portable(const struct vault_unlock *unlock, struct vault_kdf kdf,
				 struct vault **out_vault, struct problem *p)
{
	return create(unlock, kdf, true, out_vault, p);
}

/* Whether somebody can open it: keys that were struck out of the ledger open nothing any more. */
static bool has_key(const struct vault *v, const struct vault_entry *e)
{
	return e->key == 0 || ledger_find(&v->ledger, e->owner, e->key) != NULL;
}

/* What no record is sealed with was left by a change that was cut off, or is about to go. */
static void retire_unused(struct vault *v)
{
	for (size_t i = 0; i < v->ledger.count; i++) {
		struct ledger_key *key = &v->ledger.keys[i];
		key->is_retired = key->is_retired || key->kind == LEDGER_RECORDS;
	}
	for (size_t i = 0; i < v->head.entry_count; i++) {
		const struct vault_entry *e = &v->items[i].entry;
		struct ledger_key *key = ledger_find(&v->ledger, e->owner, e->key);
		if (key != NULL) {
			key->is_retired = false;
		}
	}
}

/* Takes head, list and bodies of a file whose seal fits, for the ledger that is there. On a fault `v` is as before. */
static enum fault take_content(struct vault *v, const struct vault_format *format,
			       struct problem *p)
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
	drop_items(v);
	v->head = format->head;
	v->head.entry_count = kept;
	v->lost = count - kept;
	v->items = items;
	v->room = count + 1;
	v->bodies = STEAL(bodies);
	memcpy(v->mac, format->mac.ptr, VAULT_DIGEST);
	retire_unused(v);
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
	v->ledger_changed = false;
	v->has_struck = false;
	buf_deinit(&v->old_ledger);
	return open_index(v, p);
}

/* Whatever format it is of: behind this all is as in the newest one. */
static enum fault take_files(struct vault *v, const struct vault_format *format,
			     struct slice ledger, struct problem *p)
{
	bool is_old = format->head.format == VAULT_FORMAT_OLDEST;
	enum fault f = FAULT_NONE;
	v->is_portable = !is_old && format->head.ledger_generation == 0;
	if (is_old || v->is_portable) {
		f = derive_index(v);
	} else {
		f = take_ledger(v, &format->head, ledger, p);
	}
	if (f == FAULT_NONE) {
		f = take_content(v, format, p);
	}
	if (f == FAULT_NONE && is_old) {
		ledger_deinit(&v->ledger);
		f = start_ledger(v, p);
		f = f == FAULT_NONE ? vault_modernize(v, p) : f;
	}
	return f;
}

enum fault vault_open(struct slice file, struct slice ledger, const struct vault_unlock *unlock,
		      struct vault **out_vault, struct problem *p)
{
	struct vault_format format;
	CLEANUP(vault_free) struct vault *v = calloc(1, sizeof(*v));
	if (v == NULL) {
		return FAULT_NO_MEMORY;
	}
	enum fault f = vault_format_read(file, &format, p);
	if (f != FAULT_NONE) {
		return f;
	}
	memcpy(v->head.uuid, format.head.uuid, VAULT_UUID);
	f = vault_slots_open(&format.head, unlock, &v->master, p);
	if (f == FAULT_NONE) {
		f = vault_derive(v);
	}
	if (f == FAULT_NONE) {
		f = vault_format_check(&format, v->mac_key, p);
	}
	if (f == FAULT_NONE) {
		f = take_files(v, &format, ledger, p);
	}
	if (f == FAULT_NONE) {
		*out_vault = STEAL(v);
	}
	return f;
}

/* The master key was changed by somebody who knew it: a slot of the new file opens by what opened the old one. */
static enum fault follow_master(struct vault *v, const struct vault_format *format,
				const struct vault_unlock *unlock, struct problem *p)
{
	CLEANUP(secret_free) struct secret *before = NULL;
	struct secret *master;
	enum fault f = vault_slots_open(&format->head, unlock, &master, p);
	if (f != FAULT_NONE) {
		return f;
	}
	before = v->master;
	v->master = master;
	f = vault_derive(v);
	if (f == FAULT_NONE) {
		f = vault_format_check(format, v->mac_key, p);
	}
	if (f == FAULT_NONE) {
		return f;
	}
	v->master = STEAL(before);
	secret_free(&master);
	enum fault back = vault_derive(v);
	return back == FAULT_NONE ? f : back;
}

static enum fault refresh(struct vault *v, struct slice file, struct slice ledger,
			  const struct vault_unlock *unlock, bool any_generation, struct problem *p)
{
	struct vault_format format;
	enum fault f = vault_format_read(file, &format, p);
	if (f != FAULT_NONE) {
		return f;
	}
	if (memcmp(format.head.uuid, v->head.uuid, VAULT_UUID) != 0) {
		return problem_set(p, FAULT_VAULT_ROLLBACK,
				   "Another vault was put in this one's place.");
	}
	f = vault_format_check(&format, v->mac_key, p);
	if (f == FAULT_VAULT_DAMAGED && unlock != NULL) {
		f = follow_master(v, &format, unlock, p);
	}
	if (f != FAULT_NONE) {
		return f;
	}
	bool is_same = format.head.generation == v->head.generation &&
		       memcmp(format.mac.ptr, v->mac, VAULT_DIGEST) == 0;
	if (!is_same && !any_generation && format.head.generation <= v->head.generation) {
		return problem_set(
			p, FAULT_VAULT_ROLLBACK,
			"The vault file is of an older generation than the one seen before.");
	}
	return take_files(v, &format, ledger, p);
}

enum fault vault_refresh(struct vault *v, struct slice file, struct slice ledger,
			 const struct vault_unlock *unlock, struct problem *p)
{
	return refresh(v, file, ledger, unlock, false, p);
}

enum fault vault_revert(struct vault *v, struct slice file, struct slice ledger,
			const struct vault_unlock *unlock, struct problem *p)
{
	v->ledger.generation = 0;
	return refresh(v, file, ledger, unlock, true, p);
}

static enum fault write_file(const struct vault *v, const struct vault_head *head, struct buf *out)
{
	CLEANUP(free_entries)
	struct vault_entry *entries = calloc(head->entry_count + 1, sizeof(*entries));
	if (entries == NULL) {
		return FAULT_NO_MEMORY;
	}
	for (size_t i = 0; i < head->entry_count; i++) {
		entries[i] = v->items[i].entry;
	}
	return vault_format_write(head, entries, v->mac_key, out);
}

enum fault vault_encode(struct vault *v, struct buf *out, struct problem *p)
{
	struct vault_format format;
	struct vault_head head = v->head;
	head.format = VAULT_FORMAT_NUMBER;
	head.generation++;
	head.ledger_generation = v->is_portable ? 0 : v->ledger.generation;
	enum fault f = write_file(v, &head, out);
	if (f == FAULT_NONE) {
		f = vault_format_read(buf_view(out), &format, p);
	}
	if (f == FAULT_NONE) {
		f = vault_format_check(&format, v->mac_key, p);
	}
	if (f == FAULT_NONE) {
		f = take_content(v, &format, p);
	}
	return f;
}

enum fault vault_encode_ledger(struct vault *v, bool is_after, struct buf *out, struct problem *p)
{
	struct ledger again;
	buf_clear(out);
	v->ledger.generation++;
	if (is_after) {
		ledger_sweep(&v->ledger);
		buf_deinit(&v->old_ledger);
	}
	enum fault f = v->old_ledger.len > 0 ? buf_add(out, buf_view(&v->old_ledger)) : FAULT_NONE;
	if (f == FAULT_NONE) {
		f = ledger_write(&v->ledger, &v->root, !is_after, out);
	}
	if (f == FAULT_NONE) {
		f = ledger_finish(out);
	}
	if (f == FAULT_NONE) {
		f = ledger_read(buf_view(out), &v->root, &again, p);
	}
	if (f == FAULT_NONE) {
		ledger_deinit(&again);
		v->ledger_changed = false;
		v->has_struck = false;
	}
	return f;
}

bool vault_needs_ledger(const struct vault *v)
{
	return v->ledger_changed;
}

bool vault_has_retired_keys(const struct vault *v)
{
	for (size_t i = 0; i < v->ledger.count; i++) {
		if (v->ledger.keys[i].is_retired) {
			return true;
		}
	}
	return v->old_ledger.len > 0;
}

bool vault_has_struck_keys(const struct vault *v)
{
	return v->has_struck;
}

void vault_raise(struct vault *v, uint64_t generation)
{
	v->head.generation = generation > v->head.generation ? generation : v->head.generation;
}
