#include "config/vault/vault.h"

#include <stdlib.h>
#include <string.h>

/* An entry and, when it was written since the file was read, its own ciphertext. */
struct item {
	struct vault_entry entry;
	char *fresh;
};

struct vault {
	struct vault_head head;
	struct secret *master;
	struct secret *mac_key;
	struct secret *index_key;
	unsigned char mac[VAULT_DIGEST]; /* of the file that was read */
	char *bodies;			 /* of the file that was read; entries point into it */
	struct item *items;		 /* by id, ascending; head.entry_count of them */
	size_t room;
};

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

static enum fault derive_keys(struct vault *v)
{
	struct slice salt = slice_of(v->head.uuid, VAULT_UUID);
	enum fault f = vault_crypto_hkdf(v->master, salt, SLICE_LIT("pagepost vault seal"),
					 &v->mac_key);
	if (f == FAULT_NONE) {
		f = vault_crypto_hkdf(v->master, salt, SLICE_LIT("pagepost vault index"),
				      &v->index_key);
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

enum fault vault_create(const struct vault_unlock *unlock, struct vault_kdf kdf,
			struct vault **out_vault, struct problem *p)
{
	CLEANUP(vault_free) struct vault *v = calloc(1, sizeof(*v));
	char *room;
	if (v == NULL) {
		return FAULT_NO_MEMORY;
	}
	enum fault f = secret_new_room(VAULT_KEY, &v->master, &room);
	if (f == FAULT_NONE) {
		f = vault_crypto_random(room, VAULT_KEY);
	}
	if (f == FAULT_NONE) {
		f = vault_crypto_random(v->head.uuid, VAULT_UUID);
	}
	if (f == FAULT_NONE) {
		f = derive_keys(v);
	}
	if (f == FAULT_NONE) {
		f = vault_set_slot(v, unlock, kdf, p);
	}
	if (f == FAULT_NONE) {
		*out_vault = STEAL(v);
	}
	return f;
}

/* Takes head, list and bodies of a file whose seal fits. On a fault `v` is as before. */
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
	for (size_t i = 0; i < count; i++) {
		size_t at = (size_t)(entries[i].body.ptr - format->bodies.ptr);
		items[i].entry = entries[i];
		items[i].entry.body.ptr = bodies + at;
	}
	drop_items(v);
	v->head = format->head;
	v->items = items;
	v->room = count + 1;
	v->bodies = STEAL(bodies);
	memcpy(v->mac, format->mac.ptr, VAULT_DIGEST);
	return FAULT_NONE;
}

enum fault vault_open(struct slice file, const struct vault_unlock *unlock,
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
		f = derive_keys(v);
	}
	if (f == FAULT_NONE) {
		f = vault_format_check(&format, v->mac_key, p);
	}
	if (f == FAULT_NONE) {
		f = take_content(v, &format, p);
	}
	if (f == FAULT_NONE) {
		*out_vault = STEAL(v);
	}
	return f;
}

enum fault vault_refresh(struct vault *v, struct slice file, struct problem *p)
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
	if (f != FAULT_NONE) {
		return f;
	}
	if (format.head.generation == v->head.generation &&
	    memcmp(format.mac.ptr, v->mac, VAULT_DIGEST) == 0) {
		return FAULT_NONE;
	}
	if (format.head.generation <= v->head.generation) {
		return problem_set(
			p, FAULT_VAULT_ROLLBACK,
			"The vault file is of an older generation than the one seen before.");
	}
	return take_content(v, &format, p);
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
	head.generation++;
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

/* --- records ------------------------------------------------------------------------------------
 */

static char *put_part(char *at, struct slice part)
{
	*at++ = (char)part.len;
	if (part.len > 0) {
		memcpy(at, part.ptr, part.len);
	}
	return at + part.len;
}

/* VAULT_NAME_MAX is less than a byte's worth, so that lengths part the names unmistakably. */
static enum fault id_of(const struct vault *v, struct vault_key_name name,
			unsigned char out[VAULT_ID])
{
	char text[3 + 2 * VAULT_NAME_MAX];
	unsigned char mac[VAULT_DIGEST];
	if (name.tenant.len > VAULT_NAME_MAX || name.name.len > VAULT_NAME_MAX) {
		return FAULT_NOT_FOUND;
	}
	text[0] = (char)name.kind;
	char *end = put_part(put_part(text + 1, name.tenant), name.name);
	enum fault f = vault_crypto_hmac(v->index_key, slice_of(text, (size_t)(end - text)), mac);
	if (f == FAULT_NONE) {
		memcpy(out, mac, VAULT_ID);
	}
	return f;
}

/* Where `id` is, or would be. */
static size_t position(const struct vault *v, const unsigned char id[VAULT_ID], bool *out_there)
{
	size_t low = 0;
	size_t high = v->head.entry_count;
	*out_there = false;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = memcmp(v->items[middle].entry.id, id, VAULT_ID);
		if (order == 0) {
			*out_there = true;
			return middle;
		}
		if (order < 0) {
			low = middle + 1;
		} else {
			high = middle;
		}
	}
	return low;
}

static enum fault record_key(const struct vault *v, const struct vault_entry *e,
			     struct secret **out_key)
{
	static const char label[] = "pagepost vault record";
	char info[sizeof(label) + VAULT_ID];
	memcpy(info, label, sizeof(label));
	memcpy(info + sizeof(label), e->id, VAULT_ID);
	return vault_crypto_hkdf(v->master, slice_of(e->salt, VAULT_SALT),
				 slice_of(info, sizeof(info)), out_key);
}

static enum fault open_body(const struct vault *v, const struct vault_entry *e,
			    struct secret **out_plain, struct problem *p)
{
	CLEANUP(secret_free) struct secret *key = NULL;
	CLEANUP(secret_free) struct secret *plain = NULL;
	char aad[VAULT_AAD];
	char *room;
	enum fault f = record_key(v, e, &key);
	if (f == FAULT_NONE) {
		f = secret_new_room(e->body.len, &plain, &room);
	}
	if (f != FAULT_NONE) {
		return f;
	}
	vault_format_aad(v->head.uuid, e, aad);
	f = vault_crypto_open(key, slice_of(aad, sizeof(aad)), e->body, e->tag, room);
	if (f == FAULT_NONE) {
		*out_plain = STEAL(plain);
	} else if (f == FAULT_VAULT_DAMAGED) {
		problem_set(p, f,
			    "A record of the vault was tampered with: its seal does not fit.");
	}
	return f;
}

enum fault vault_at(const struct vault *v, size_t index, struct arena *into,
		    struct vault_record *out_record, struct problem *p)
{
	CLEANUP(secret_free) struct secret *plain = NULL;
	const struct vault_entry *e = &v->items[index].entry;
	struct slice text;
	enum fault f = open_body(v, e, &plain, p);
	if (f == FAULT_NONE) {
		f = vault_record_text(secret_view(plain), &text);
	}
	if (f != FAULT_NONE) {
		return f;
	}
	return vault_record_read(e->kind, text, into, out_record, p);
}

enum vault_kind vault_kind_at(const struct vault *v, size_t index)
{
	return v->items[index].entry.kind;
}

enum fault vault_find(const struct vault *v, struct vault_key_name name, struct arena *into,
		      struct vault_record *out_record, struct problem *p)
{
	unsigned char id[VAULT_ID];
	bool there;
	enum fault f = id_of(v, name, id);
	if (f != FAULT_NONE) {
		return f;
	}
	size_t at = position(v, id, &there);
	if (!there || v->items[at].entry.kind != name.kind) {
		return problem_set(p, FAULT_NOT_FOUND, "The vault has no such record.");
	}
	return vault_at(v, at, into, out_record, p);
}

static enum fault seal(const struct vault *v, const struct vault_record *r, struct item *item,
		       struct problem *p)
{
	CLEANUP(secret_free) struct secret *padded = NULL;
	CLEANUP(secret_free) struct secret *key = NULL;
	CLEANUP(free_bytes) char *sealed = NULL;
	char aad[VAULT_AAD];
	enum fault f = vault_record_write(r, &padded, p);
	if (f == FAULT_NONE) {
		f = vault_crypto_random(item->entry.salt, VAULT_SALT);
	}
	if (f == FAULT_NONE) {
		f = record_key(v, &item->entry, &key);
	}
	if (f != FAULT_NONE) {
		return f;
	}
	struct slice plain = secret_view(padded);
	sealed = malloc(plain.len);
	if (sealed == NULL) {
		return FAULT_NO_MEMORY;
	}
	vault_format_aad(v->head.uuid, &item->entry, aad);
	f = vault_crypto_seal(key, slice_of(aad, sizeof(aad)), plain, sealed, item->entry.tag);
	if (f == FAULT_NONE) {
		item->entry.body = slice_of(sealed, plain.len);
		item->fresh = STEAL(sealed);
	}
	return f;
}

static enum fault make_room(struct vault *v, struct problem *p)
{
	if (v->head.entry_count < v->room) {
		return FAULT_NONE;
	}
	if (v->head.entry_count >= VAULT_RECORDS_MAX) {
		return problem_set(p, FAULT_VAULT_FULL,
				   "The vault holds a million records, its limit.");
	}
	size_t room = v->room * 2 + 16;
	struct item *items = calloc(room, sizeof(*items));
	if (items == NULL) {
		return FAULT_NO_MEMORY;
	}
	if (v->room > 0) {
		memcpy(items, v->items, v->head.entry_count * sizeof(*items));
	}
	free(v->items);
	v->items = items;
	v->room = room;
	return FAULT_NONE;
}

enum fault vault_put(struct vault *v, const struct vault_record *r, struct problem *p)
{
	struct item item = {.entry = {.kind = r->kind}};
	bool there;
	enum fault f = vault_record_check(r, p); /* before its name is used */
	if (f == FAULT_NONE) {
		f = id_of(v, vault_name_of(r), item.entry.id);
	}
	if (f == FAULT_NONE) {
		f = make_room(v, p);
	}
	if (f != FAULT_NONE) {
		return f;
	}
	size_t at = position(v, item.entry.id, &there);
	item.entry.version = there ? v->items[at].entry.version + 1 : 1;
	f = seal(v, r, &item, p);
	if (f != FAULT_NONE) {
		return f;
	}
	if (there) {
		free(v->items[at].fresh);
	} else {
		memmove(v->items + at + 1, v->items + at,
			(v->head.entry_count - at) * sizeof(*v->items));
		v->head.entry_count++;
	}
	v->items[at] = item;
	return FAULT_NONE;
}

enum fault vault_remove(struct vault *v, struct vault_key_name name)
{
	unsigned char id[VAULT_ID];
	bool there;
	enum fault f = id_of(v, name, id);
	if (f != FAULT_NONE) {
		return f;
	}
	size_t at = position(v, id, &there);
	if (!there) {
		return FAULT_NOT_FOUND;
	}
	free(v->items[at].fresh);
	v->head.entry_count--;
	memmove(v->items + at, v->items + at + 1, (v->head.entry_count - at) * sizeof(*v->items));
	return FAULT_NONE;
}
