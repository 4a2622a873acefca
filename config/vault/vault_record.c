#include <stdlib.h>
#include <string.h>

#include "config/vault/vault_inside.h"

static void free_bytes(char **bytes)
{
	free(*bytes);
}

/* --- names ---------------------------------------------------------------------------------------- */

static char *put_part(char *at, struct slice part)
{
	*at++ = (char)part.len;
	if (part.len > 0) {
		memcpy(at, part.ptr, part.len);
	}
	return at + part.len;
}

/* The parts' lengths are a byte each, so that they part the names unmistakably. */
static enum fault name_id(const struct vault *v, unsigned char kind, struct slice tenant,
			  struct slice name, unsigned char out[VAULT_ID])
{
	char text[3 + 2 * UINT8_MAX];
	unsigned char mac[VAULT_DIGEST];
	if (tenant.len > UINT8_MAX || name.len > UINT8_MAX) {
		return FAULT_NOT_FOUND;
	}
	text[0] = (char)kind;
	char *end = put_part(put_part(text + 1, tenant), name);
	enum fault f = vault_crypto_hmac(v->index_key, slice_of(text, (size_t)(end - text)), mac);
	if (f == FAULT_NONE) {
		memcpy(out, mac, VAULT_ID);
	}
	return f;
}

/* Confluence's space keys are the same in any case: a policy is not dodged by the way that a key is spelled. */
static struct slice fold(struct slice key, char room[UINT8_MAX])
{
	for (size_t i = 0; i < key.len; i++) {
		char c = key.ptr[i];
		room[i] = c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
	}
	return slice_of(room, key.len);
}

static enum fault id_of(const struct vault *v, struct vault_key_name name,
			unsigned char out[VAULT_ID])
{
	char folded[UINT8_MAX];
	if (name.kind == VAULT_POLICY && name.name.len <= sizeof(folded)) {
		name.name = fold(name.name, folded);
	}
	return name_id(v, (unsigned char)name.kind, name.tenant, name.name, out);
}

enum fault vault_owner(const struct vault *v, struct slice tenant, unsigned char out[VAULT_OWNER])
{
	_Static_assert(VAULT_OWNER == VAULT_ID, "an owner is named as a record is");
	enum { NO_KIND = UINT8_MAX };
	if (tenant.len == 0) {
		memset(out, 0, VAULT_OWNER);
		return FAULT_NONE;
	}
	return name_id(v, NO_KIND, tenant, (struct slice){0}, out);
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

/* --- opening and sealing --------------------------------------------------------------------------- */

static enum fault base_key(const struct vault *v, const struct vault_entry *e,
			   const struct secret *half, struct secret **out_key, struct problem *p)
{
	const struct ledger_key *key;
	if (e->key == 0) {
		return secret_copy(v->master, out_key);
	}
	key = ledger_find(&v->ledger, e->owner, e->key);
	if (key == NULL) {
		return problem_set(p, FAULT_NOT_FOUND, "The record's key was struck out.");
	}
	return ledger_open(&v->root, key, half, out_key, p);
}

static enum fault record_key(const struct vault *v, const struct vault_entry *e,
			     const struct secret *half, struct secret **out_key, struct problem *p)
{
	static const char label[] = "pagepost vault record";
	CLEANUP(secret_free) struct secret *base = NULL;
	char info[sizeof(label) + VAULT_ID];
	enum fault f = base_key(v, e, half, &base, p);
	if (f != FAULT_NONE) {
		return f;
	}
	memcpy(info, label, sizeof(label));
	memcpy(info + sizeof(label), e->id, VAULT_ID);
	return vault_crypto_hkdf(base, slice_of(e->salt, VAULT_SALT), slice_of(info, sizeof(info)),
				 out_key);
}

static enum fault open_body(const struct vault *v, const struct vault_entry *e,
			    const struct secret *half, struct secret **out_plain, struct problem *p)
{
	CLEANUP(secret_free) struct secret *key = NULL;
	CLEANUP(secret_free) struct secret *plain = NULL;
	char aad[VAULT_AAD];
	char *room;
	enum fault f = record_key(v, e, half, &key, p);
	if (f == FAULT_NONE) {
		f = secret_new_room(e->body.len, &plain, &room);
	}
	if (f != FAULT_NONE) {
		return f;
	}
	f = vault_crypto_open(key, vault_format_aad(&v->head, e, aad), e->body, e->tag, room);
	if (f == FAULT_NONE) {
		*out_plain = STEAL(plain);
	} else if (f == FAULT_VAULT_DAMAGED) {
		problem_set(p, f,
			    "A record of the vault was tampered with: its seal does not fit.");
	}
	return f;
}

enum fault vault_open_item(const struct vault *v, const struct item *item,
			   const struct secret *half, struct arena *into,
			   struct vault_record *out_record, struct problem *p)
{
	CLEANUP(secret_free) struct secret *plain = NULL;
	struct slice text;
	enum fault f = open_body(v, &item->entry, half, &plain, p);
	if (f == FAULT_NONE) {
		f = vault_record_text(secret_view(plain), &text);
	}
	if (f != FAULT_NONE) {
		return f;
	}
	return vault_record_read(item->entry.kind, text, into, out_record, p);
}

static enum fault seal_text(const struct vault *v, struct slice plain, const struct secret *half,
			    struct item *item, struct problem *p)
{
	CLEANUP(secret_free) struct secret *key = NULL;
	CLEANUP(free_bytes) char *sealed = malloc(plain.len);
	char aad[VAULT_AAD];
	item->entry.version = (uint32_t)(v->head.generation + 1);
	if (sealed == NULL) {
		return FAULT_NO_MEMORY;
	}
	enum fault f = vault_crypto_random(item->entry.salt, VAULT_SALT);
	if (f == FAULT_NONE) {
		f = record_key(v, &item->entry, half, &key, p);
	}
	if (f == FAULT_NONE) {
		f = vault_crypto_seal(key, vault_format_aad(&v->head, &item->entry, aad), plain,
				      sealed, item->entry.tag);
	}
	if (f == FAULT_NONE) {
		item->entry.body = slice_of(sealed, plain.len);
		item->fresh = STEAL(sealed);
	}
	return f;
}

enum fault vault_seal_item(const struct vault *v, const struct vault_record *r,
			   const struct secret *half, struct item *item, struct problem *p)
{
	CLEANUP(secret_free) struct secret *padded = NULL;
	enum fault f = vault_record_write(r, &padded, p);
	return f == FAULT_NONE ? seal_text(v, secret_view(padded), half, item, p) : f;
}

enum fault vault_reseal(struct vault *v, struct item *item, const struct secret *half, uint32_t key,
			struct problem *p)
{
	CLEANUP(secret_free) struct secret *plain = NULL;
	struct item fresh = {.entry = item->entry};
	enum fault f = open_body(v, &item->entry, half, &plain, p);
	if (f != FAULT_NONE) {
		return f;
	}
	fresh.entry.key = key;
	f = seal_text(v, secret_view(plain), half, &fresh, p);
	if (f == FAULT_NONE) {
		free(item->fresh);
		*item = fresh;
	}
	return f;
}

/* --- looking --------------------------------------------------------------------------------------- */

enum fault vault_at(const struct vault *v, size_t index, const struct secret *half,
		    struct arena *into, struct vault_record *out_record, struct problem *p)
{
	return vault_open_item(v, &v->items[index], half, into, out_record, p);
}

enum vault_kind vault_kind_at(const struct vault *v, size_t index)
{
	return v->items[index].entry.kind;
}

bool vault_needs_half_at(const struct vault *v, size_t index)
{
	const struct vault_entry *e = &v->items[index].entry;
	const struct ledger_key *key = ledger_find(&v->ledger, e->owner, e->key);
	return key != NULL && key->kind == LEDGER_SECRETS;
}

size_t vault_next_of(const struct vault *v, struct slice tenant, size_t from)
{
	unsigned char owner[VAULT_OWNER];
	if (vault_owner(v, tenant, owner) != FAULT_NONE) {
		return v->head.entry_count;
	}
	while (from < v->head.entry_count &&
	       memcmp(v->items[from].entry.owner, owner, VAULT_OWNER) != 0) {
		from++;
	}
	return from;
}

size_t vault_bytes_of(const struct vault *v, struct slice tenant)
{
	size_t bytes = 0;
	for (size_t i = 0; (i = vault_next_of(v, tenant, i)) < v->head.entry_count; i++) {
		bytes += v->items[i].entry.body.len;
	}
	return bytes;
}

static enum fault find(const struct vault *v, struct vault_key_name name,
		       const struct item **out_item)
{
	unsigned char id[VAULT_ID];
	bool there;
	enum fault f = id_of(v, name, id);
	if (f != FAULT_NONE) {
		return f;
	}
	size_t at = position(v, id, &there);
	if (!there || v->items[at].entry.kind != name.kind) {
		return FAULT_NOT_FOUND;
	}
	*out_item = &v->items[at];
	return FAULT_NONE;
}

enum fault vault_find(const struct vault *v, struct vault_key_name name, const struct secret *half,
		      struct arena *into, struct vault_record *out_record, struct problem *p)
{
	const struct item *item;
	enum fault f = find(v, name, &item);
	if (f != FAULT_NONE) {
		return f == FAULT_NOT_FOUND ? problem_set(p, f, "The vault has no such record.")
					    : f;
	}
	return vault_open_item(v, item, half, into, out_record, p);
}

/* The generation itself would tell each tenant how often others change something. */
uint32_t vault_version(const struct vault *v, struct vault_key_name name)
{
	enum { NO_KIND = UINT8_MAX - 1 };
	unsigned char mark[VAULT_ID];
	const struct item *item;
	uint32_t version = 0;
	if (find(v, name, &item) != FAULT_NONE) {
		return 0;
	}
	struct slice id = slice_of(item->entry.id, VAULT_ID);
	struct slice written = slice_of(&item->entry.version, sizeof(item->entry.version));
	if (name_id(v, NO_KIND, id, written, mark) == FAULT_NONE) {
		memcpy(&version, mark, sizeof(version));
	}
	return version != 0 ? version : 1;
}

/* --- changing --------------------------------------------------------------------------------------- */

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

/* The owner's current key, made with its first record. */
static enum fault choose_key(struct vault *v, enum vault_kind kind, struct vault_entry *e,
			     struct problem *p)
{
	static const unsigned char nobody[VAULT_OWNER];
	if (v->is_portable || memcmp(e->owner, nobody, VAULT_OWNER) == 0) {
		return FAULT_NONE;
	}
	const struct ledger_key *key = NULL;
	if (kind == VAULT_SERVER) {
		key = ledger_current(&v->ledger, e->owner, LEDGER_SECRETS);
	}
	if (key == NULL) {
		key = ledger_current(&v->ledger, e->owner, LEDGER_RECORDS);
	}
	if (key != NULL) {
		e->key = key->number;
		return FAULT_NONE;
	}
	if (kind != VAULT_TENANT) {
		return problem_set(p, FAULT_NOT_FOUND, "There is no such tenant in the vault.");
	}
	v->ledger_changed = true;
	return ledger_add(&v->ledger, &v->root,
			  &(struct ledger_fresh){e->owner, LEDGER_RECORDS, NULL, NULL}, &e->key, p);
}

static enum fault name_item(struct vault *v, const struct vault_record *r, struct item *item,
			    struct problem *p)
{
	item->entry.kind = r->kind;
	enum fault f = vault_record_check(r, p); /* before its name is used */
	if (f == FAULT_NONE) {
		f = id_of(v, vault_name_of(r), item->entry.id);
	}
	if (f == FAULT_NONE) {
		f = vault_owner(v, vault_tenant_of(r), item->entry.owner);
	}
	return f == FAULT_NONE ? choose_key(v, r->kind, &item->entry, p) : f;
}

enum fault vault_put(struct vault *v, const struct vault_record *r, const struct secret *half,
		     struct problem *p)
{
	struct item item = {0};
	bool there;
	enum fault f = name_item(v, r, &item, p);
	if (f == FAULT_NONE) {
		f = make_room(v, p);
	}
	if (f == FAULT_NONE) {
		f = vault_seal_item(v, r, half, &item, p);
	}
	if (f != FAULT_NONE) {
		return f;
	}
	size_t at = position(v, item.entry.id, &there);
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
	const struct item *item;
	enum fault f = find(v, name, &item);
	if (f != FAULT_NONE) {
		return f;
	}
	size_t at = (size_t)(item - v->items);
	free(v->items[at].fresh);
	v->head.entry_count--;
	memmove(v->items + at, v->items + at + 1, (v->head.entry_count - at) * sizeof(*v->items));
	return FAULT_NONE;
}
