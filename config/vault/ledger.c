#include "config/vault/ledger.h"

#include <stdlib.h>
#include <string.h>

enum {
	AAD = VAULT_UUID + VAULT_OWNER + 4 + 1,
	INFO_MAX = 64,
};

void ledger_deinit(struct ledger *l)
{
	free(l->keys);
	*l = (struct ledger){0};
}

/* --- keys of keys ---------------------------------------------------------------------------------- */

enum fault ledger_root_derive(const struct secret *master, const unsigned char uuid[VAULT_UUID],
			      struct ledger_root *out_root)
{
	struct ledger_root r = {0};
	struct slice salt = slice_of(uuid, VAULT_UUID);
	memcpy(r.uuid, uuid, VAULT_UUID);
	enum fault f = vault_crypto_hkdf(master, salt, SLICE_LIT("pagepost ledger wrap"), &r.wrap);
	if (f == FAULT_NONE) {
		f = vault_crypto_hkdf(master, salt, SLICE_LIT("pagepost ledger seal"), &r.mac);
	}
	if (f != FAULT_NONE) {
		ledger_root_deinit(&r);
		return f;
	}
	*out_root = r;
	return FAULT_NONE;
}

void ledger_root_deinit(struct ledger_root *r)
{
	secret_free(&r->wrap);
	secret_free(&r->mac);
}

/* Where a wrapped key belongs, so that it can be moved nowhere else. */
static struct slice aad_of(const struct ledger_root *root, const struct ledger_key *key,
			   char room[AAD])
{
	uint32_t n = key->number;
	memcpy(room, root->uuid, VAULT_UUID);
	memcpy(room + VAULT_UUID, key->owner, VAULT_OWNER);
	for (size_t i = 0; i < 4; i++) {
		room[VAULT_UUID + VAULT_OWNER + i] = (char)(n >> (8 * (3 - i)) & 0xFF);
	}
	room[AAD - 1] = (char)key->kind;
	return slice_of(room, AAD);
}

static enum fault outer_key(const struct ledger_root *root, const struct ledger_wrap *w,
			    struct secret **out_key)
{
	return vault_crypto_hkdf(root->wrap, slice_of(w->salt, VAULT_SALT),
				 SLICE_LIT("pagepost ledger key"), out_key);
}

static enum fault inner_key(const struct secret *half, const struct ledger_wrap *w,
			    struct secret **out_key)
{
	return vault_crypto_hkdf(half, slice_of(w->inner_salt, VAULT_SALT),
				 SLICE_LIT("pagepost tenant half"), out_key);
}

/* `inner` is the key itself with NUL bytes behind it, or the key sealed under the half with its tag. */
static enum fault close_outer(const struct ledger_root *root, const struct ledger_key *key,
			      struct slice inner, struct ledger_wrap *w)
{
	CLEANUP(secret_free) struct secret *outer = NULL;
	char aad[AAD];
	enum fault f = vault_crypto_random(w->salt, VAULT_SALT);
	if (f == FAULT_NONE) {
		f = outer_key(root, w, &outer);
	}
	if (f == FAULT_NONE) {
		f = vault_crypto_seal(outer, aad_of(root, key, aad), inner, (char *)w->sealed,
				      w->tag);
	}
	return f;
}

static enum fault open_outer(const struct ledger_root *root, const struct ledger_key *key,
			     const struct ledger_wrap *w, struct secret **out_inner)
{
	CLEANUP(secret_free) struct secret *outer = NULL;
	CLEANUP(secret_free) struct secret *inner = NULL;
	char aad[AAD];
	char *room;
	enum fault f = outer_key(root, w, &outer);
	if (f == FAULT_NONE) {
		f = secret_new_room(LEDGER_SEALED, &inner, &room);
	}
	if (f == FAULT_NONE) {
		f = vault_crypto_open(outer, aad_of(root, key, aad),
				      slice_of(w->sealed, LEDGER_SEALED), w->tag, room);
	}
	if (f == FAULT_NONE) {
		*out_inner = STEAL(inner);
	}
	return f;
}

static enum fault wrap(const struct ledger_root *root, const struct ledger_key *key,
		       const struct secret *plain, const struct secret *half,
		       struct ledger_wrap *out_wrap)
{
	CLEANUP(secret_free) struct secret *with_half = NULL;
	CLEANUP(secret_free) struct secret *inner = NULL;
	struct ledger_wrap w = {0};
	char aad[AAD];
	char *room;
	enum fault f = secret_new_room(LEDGER_SEALED, &inner, &room);
	if (f != FAULT_NONE) {
		return f;
	}
	if (half == NULL) {
		memset(room, 0, LEDGER_SEALED);
		memcpy(room, secret_view(plain).ptr, VAULT_KEY);
	} else {
		f = vault_crypto_random(w.inner_salt, VAULT_SALT);
		if (f == FAULT_NONE) {
			f = inner_key(half, &w, &with_half);
		}
		if (f == FAULT_NONE) {
			f = vault_crypto_seal(with_half, aad_of(root, key, aad), secret_view(plain),
					      room, (unsigned char *)room + VAULT_KEY);
		}
	}
	if (f == FAULT_NONE) {
		f = close_outer(root, key, secret_view(inner), &w);
	}
	if (f == FAULT_NONE) {
		*out_wrap = w;
	}
	return f;
}

/* KEY_HALF: this one was wrapped under another half. */
static enum fault unwrap(const struct ledger_root *root, const struct ledger_key *key,
			 const struct ledger_wrap *w, const struct secret *half,
			 struct secret **out_key)
{
	CLEANUP(secret_free) struct secret *inner = NULL;
	CLEANUP(secret_free) struct secret *with_half = NULL;
	CLEANUP(secret_free) struct secret *plain = NULL;
	char aad[AAD];
	char *room;
	enum fault f = open_outer(root, key, w, &inner);
	if (f == FAULT_NONE && key->kind != LEDGER_SECRETS) {
		return secret_new(slice_first(secret_view(inner), VAULT_KEY), out_key);
	}
	if (f == FAULT_NONE) {
		f = inner_key(half, w, &with_half);
	}
	if (f == FAULT_NONE) {
		f = secret_new_room(VAULT_KEY, &plain, &room);
	}
	if (f != FAULT_NONE) {
		return f;
	}
	struct slice sealed = slice_first(secret_view(inner), VAULT_KEY);
	const unsigned char *tag = (const unsigned char *)secret_view(inner).ptr + VAULT_KEY;
	f = vault_crypto_open(with_half, aad_of(root, key, aad), sealed, tag, room);
	if (f == FAULT_NONE) {
		*out_key = STEAL(plain);
	}
	return f == FAULT_VAULT_DAMAGED ? FAULT_KEY_HALF : f;
}

static enum fault find_wrap(const struct ledger_root *root, const struct ledger_key *key,
			    const struct secret *half, unsigned *out_which, struct secret **out_key,
			    struct problem *p)
{
	enum fault f = FAULT_KEY_HALF;
	*out_which = 0;
	if (key->kind == LEDGER_SECRETS && secret_view(half).len != LEDGER_HALF) {
		return problem_set(p, f,
				   "This tenant's secrets open only with its half of the key, 32 "
				   "bytes that go along with each request (X-Pagepost-Key).");
	}
	for (unsigned i = 0; i < key->wrap_count && f == FAULT_KEY_HALF; i++) {
		f = unwrap(root, key, &key->wraps[i], half, out_key);
		*out_which = i;
	}
	if (f == FAULT_KEY_HALF) {
		problem_set(p, f,
			    "This half of the key is not the one that the tenant's secrets "
			    "were sealed with.");
	} else if (f == FAULT_VAULT_DAMAGED) {
		problem_set(p, f, "A key in the vault's ledger was tampered with.");
	}
	return f;
}

enum fault ledger_open(const struct ledger_root *root, const struct ledger_key *key,
		       const struct secret *half, struct secret **out_key, struct problem *p)
{
	unsigned which;
	return find_wrap(root, key, half, &which, out_key, p);
}

enum fault ledger_add_half(const struct ledger_root *root, struct ledger_key *key,
			   const struct secret *half, const struct secret *fresh, struct problem *p)
{
	CLEANUP(secret_free) struct secret *plain = NULL;
	struct ledger_wrap w;
	unsigned which;
	enum fault f = find_wrap(root, key, half, &which, &plain, p);
	if (f == FAULT_NONE) {
		f = wrap(root, key, plain, fresh, &w);
	}
	if (f != FAULT_NONE) {
		return f;
	}
	key->wraps[0] = key->wraps[which];
	key->wraps[1] = w;
	key->wrap_count = 2;
	return FAULT_NONE;
}

enum fault ledger_keep_half(const struct ledger_root *root, struct ledger_key *key,
			    const struct secret *half, struct problem *p)
{
	CLEANUP(secret_free) struct secret *plain = NULL;
	unsigned which;
	enum fault f = find_wrap(root, key, half, &which, &plain, p);
	if (f == FAULT_NONE) {
		key->wraps[0] = key->wraps[which];
		key->wrap_count = 1;
	}
	return f;
}

enum fault ledger_rewrap(struct ledger_key *key, const struct ledger_root *from,
			 const struct ledger_root *to)
{
	struct ledger_key fresh = *key;
	for (unsigned i = 0; i < key->wrap_count; i++) {
		CLEANUP(secret_free) struct secret *inner = NULL;
		enum fault f = open_outer(from, key, &key->wraps[i], &inner);
		if (f == FAULT_NONE) {
			f = close_outer(to, key, secret_view(inner), &fresh.wraps[i]);
		}
		if (f != FAULT_NONE) {
			return f;
		}
	}
	*key = fresh;
	return FAULT_NONE;
}

/* --- lines ------------------------------------------------------------------------------------------ */

static int compare(const struct ledger_key *key, const unsigned char owner[VAULT_OWNER],
		   uint32_t number)
{
	int order = memcmp(key->owner, owner, VAULT_OWNER);
	return order != 0 ? order : (key->number > number) - (key->number < number);
}

/* Where it is, or would be. */
static size_t position(const struct ledger *l, const unsigned char owner[VAULT_OWNER],
		       uint32_t number)
{
	size_t low = 0;
	size_t high = l->count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (compare(&l->keys[middle], owner, number) < 0) {
			low = middle + 1;
		} else {
			high = middle;
		}
	}
	return low;
}

struct ledger_key *ledger_find(const struct ledger *l, const unsigned char owner[VAULT_OWNER],
			       uint32_t number)
{
	size_t at = position(l, owner, number);
	return at < l->count && compare(&l->keys[at], owner, number) == 0 ? &l->keys[at] : NULL;
}

struct ledger_key *ledger_current(const struct ledger *l, const unsigned char owner[VAULT_OWNER],
				  enum ledger_kind kind)
{
	for (size_t i = position(l, owner, UINT32_MAX); i > 0; i--) {
		struct ledger_key *key = &l->keys[i - 1];
		if (memcmp(key->owner, owner, VAULT_OWNER) != 0) {
			break;
		}
		if (key->kind == kind && !key->is_retired) {
			return key;
		}
	}
	return NULL;
}

static enum fault make_room(struct ledger *l, struct problem *p)
{
	if (l->count < l->room) {
		return FAULT_NONE;
	}
	if (l->count >= VAULT_RECORDS_MAX) {
		return problem_set(p, FAULT_VAULT_FULL,
				   "The vault's ledger holds a million keys, its limit.");
	}
	size_t room = l->room * 2 + 16;
	struct ledger_key *keys = calloc(room, sizeof(*keys));
	if (keys == NULL) {
		return FAULT_NO_MEMORY;
	}
	if (l->count > 0) {
		memcpy(keys, l->keys, l->count * sizeof(*keys)); /* nothing in it is plain */
	}
	free(l->keys);
	l->keys = keys;
	l->room = room;
	return FAULT_NONE;
}

enum fault ledger_add(struct ledger *l, const struct ledger_root *root,
		      const struct ledger_fresh *fresh, uint32_t *out_number, struct problem *p)
{
	CLEANUP(secret_free) struct secret *plain = NULL;
	struct ledger_key key = {.kind = fresh->kind, .wrap_count = 1, .number = 1};
	char *room;
	size_t behind = position(l, fresh->owner, UINT32_MAX);
	memcpy(key.owner, fresh->owner, VAULT_OWNER);
	if (behind > 0 && memcmp(l->keys[behind - 1].owner, fresh->owner, VAULT_OWNER) == 0) {
		key.number = l->keys[behind - 1].number + 1;
	}
	enum fault f = make_room(l, p);
	if (f == FAULT_NONE && fresh->given == NULL) {
		f = secret_new_room(VAULT_KEY, &plain, &room);
		f = f == FAULT_NONE ? vault_crypto_random(room, VAULT_KEY) : f;
	}
	if (f == FAULT_NONE) {
		f = wrap(root, &key, fresh->given != NULL ? fresh->given : plain, fresh->half,
			 &key.wraps[0]);
	}
	if (f != FAULT_NONE) {
		return f;
	}
	memmove(l->keys + behind + 1, l->keys + behind, (l->count - behind) * sizeof(*l->keys));
	l->keys[behind] = key;
	l->count++;
	*out_number = key.number;
	return FAULT_NONE;
}

void ledger_strike(struct ledger *l, const unsigned char owner[VAULT_OWNER])
{
	size_t from = position(l, owner, 0);
	size_t to = from;
	while (to < l->count && memcmp(l->keys[to].owner, owner, VAULT_OWNER) == 0) {
		to++;
	}
	if (to == from) {
		return;
	}
	memmove(l->keys + from, l->keys + to, (l->count - to) * sizeof(*l->keys));
	l->count -= to - from;
}

void ledger_sweep(struct ledger *l)
{
	size_t kept = 0;
	for (size_t i = 0; i < l->count; i++) {
		if (!l->keys[i].is_retired) {
			l->keys[kept++] = l->keys[i];
		}
	}
	l->count = kept;
}

void ledger_stamp(struct ledger *l, uint64_t generation)
{
	for (size_t i = 0; i < l->count; i++) {
		struct ledger_key *key = &l->keys[i];
		key->born = key->born == 0 ? generation : key->born;
		if (!key->is_retired) {
			key->until = 0;
		} else if (key->until == 0) {
			key->until = generation;
		}
	}
}

bool ledger_keep_live(struct ledger *l, uint64_t generation)
{
	size_t kept = 0;
	bool is_other = false;
	for (size_t i = 0; i < l->count; i++) {
		struct ledger_key *key = &l->keys[i];
		bool lives = key->born <= generation &&
			     (key->until == 0 || key->until > generation);
		is_other = is_other || !lives || key->until != 0;
		if (lives) {
			key->until = 0;
			l->keys[kept++] = *key;
		}
	}
	l->count = kept;
	return is_other;
}
