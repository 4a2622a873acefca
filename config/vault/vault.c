#include "config/vault/vault.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "config/vault/vault_inside.h"

static void free_entries(struct vault_entry **entries)
{
	free(*entries);
}

void vault_drop_items(struct vault *v)
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
	vault_drop_items(*v);
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
enum fault vault_derive_index(struct vault *v)
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
enum fault vault_start_ledger(struct vault *v, struct problem *p)
{
	static const unsigned char nobody[VAULT_OWNER];
	uint32_t number;
	v->ledger_changed = true;
	return ledger_add(&v->ledger, &v->root,
			  &(struct ledger_fresh){nobody, LEDGER_INDEX, NULL, v->index_key}, &number,
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
		f = vault_derive_index(v);
	}
	if (f == FAULT_NONE && !is_portable) {
		f = vault_start_ledger(v, p);
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
	v->forgets_old = v->forgets_old && v->is_from_old; /* the second time, it is forgotten */
	enum fault f = write_file(v, &head, out);
	if (f == FAULT_NONE) {
		f = vault_format_read(buf_view(out), &format, p);
	}
	if (f == FAULT_NONE) {
		f = vault_format_check(&format, v->mac_key, p);
	}
	if (f == FAULT_NONE) {
		f = vault_take_content(v, &format, p);
	}
	assert(f != FAULT_NONE || v->lost == 0); /* what is sealed here has its key */
	return f;
}

enum fault vault_encode_ledger(struct vault *v, bool is_after, struct buf *out, struct problem *p)
{
	struct ledger again;
	buf_clear(out);
	vault_mark_keys(v);
	v->ledger.generation++;
	ledger_stamp(&v->ledger, v->ledger.generation);
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
	return v->ledger_changed && !v->is_portable;
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

bool vault_forgets_old(const struct vault *v)
{
	return v->forgets_old;
}

bool vault_has_struck_keys(const struct vault *v)
{
	return v->has_struck;
}

void vault_raise(struct vault *v, uint64_t generation)
{
	v->head.generation = generation > v->head.generation ? generation : v->head.generation;
}
