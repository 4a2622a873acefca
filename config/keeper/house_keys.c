#include "config/keeper/house_keys.h"

#include <string.h>

#include "spool-free/base/hex.h"
#include "config/keeper/wire.h"

enum { OPENED_MAX = 32 * 1024, HEX = VAULT_HASH_HEX, DAY_BYTES = 8 };

static const struct vault_key_name name = {.kind = VAULT_HOUSE};

bool house_keys_are_there(const struct vault *v)
{
	return vault_version(v, name) != 0;
}

static enum fault new_key(struct secret **out_digits)
{
	CLEANUP(secret_free) struct secret *bytes = NULL;
	char *room;
	char *digits;
	enum fault f = secret_new_room(HEX / 2, &bytes, &room);
	if (f == FAULT_NONE) {
		f = vault_crypto_random(room, HEX / 2);
	}
	if (f == FAULT_NONE) {
		f = secret_new_room(HEX, out_digits, &digits);
	}
	if (f == FAULT_NONE) {
		hex_encode(secret_view(bytes), digits);
	}
	return f;
}

static enum fault key_of(const struct secret *digits, struct secret **out_bytes)
{
	char *room;
	enum fault f = secret_new_room(HEX / 2, out_bytes, &room);
	return f == FAULT_NONE ? hex_decode(secret_view(digits), room) : f;
}

enum fault house_keys_make(struct vault *v, struct problem *p)
{
	struct vault_record r = {.kind = VAULT_HOUSE};
	if (house_keys_are_there(v)) {
		return FAULT_NONE;
	}
	enum fault f = new_key(&r.house.log_key);
	if (f == FAULT_NONE) {
		f = new_key(&r.house.receipt_key);
	}
	if (f == FAULT_NONE) {
		f = vault_put(v, &r, NULL, p);
	}
	vault_record_deinit(&r);
	return f;
}

/* --- while they are open ---------------------------------------------------------------------------- */

struct opened {
	struct arena arena;
	struct vault_record record; /* of the kind VAULT_HOUSE, or empty */
};

static void close_keys(struct opened *o)
{
	vault_record_deinit(&o->record);
	arena_deinit(&o->arena);
}

static enum fault open_keys(const struct vault *v, struct opened *o, struct problem *p)
{
	*o = (struct opened){.record = {.kind = VAULT_HOUSE}};
	arena_init(&o->arena, OPENED_MAX);
	return vault_find(v, name, NULL, &o->arena, &o->record, p);
}

enum fault house_keys_day(const struct vault *v, uint32_t day, struct secret **out_key,
			  struct problem *p)
{
	CLEANUP(close_keys) struct opened o;
	CLEANUP(secret_free) struct secret *key = NULL;
	unsigned char info[DAY_BYTES];
	enum fault f = open_keys(v, &o, p);
	if (f == FAULT_NONE) {
		f = key_of(o.record.house.log_key, &key);
	}
	wire_put_number(info, day, DAY_BYTES);
	return f == FAULT_NONE ? vault_crypto_hkdf(key, SLICE_LIT("pagepost log day"),
						   slice_of(info, sizeof(info)), out_key)
			       : f;
}

enum fault house_keys_sign(const struct vault *v, struct slice claim, struct buf *out,
			   struct problem *p)
{
	CLEANUP(close_keys) struct opened o;
	CLEANUP(secret_free) struct secret *seed = NULL;
	enum fault f = open_keys(v, &o, p);
	if (f == FAULT_NONE) {
		f = key_of(o.record.house.receipt_key, &seed);
	}
	return f == FAULT_NONE ? receipt_jws_sign(seed, claim, out) : f;
}

static enum fault public_of(const struct vault_house *house, unsigned char out[ED25519_PUBLIC])
{
	CLEANUP(secret_free) struct secret *seed = NULL;
	enum fault f = key_of(house->receipt_key, &seed);
	return f == FAULT_NONE ? ed25519_public(seed, out) : f;
}

enum fault house_keys_public(const struct vault *v, struct receipt_keys *out_keys,
			     struct problem *p)
{
	CLEANUP(close_keys) struct opened o;
	struct receipt_keys keys = {.count = 1};
	enum fault f = open_keys(v, &o, p);
	if (f == FAULT_NONE) {
		f = public_of(&o.record.house, keys.keys[0]);
	}
	struct slice rest = f == FAULT_NONE ? o.record.house.receipt_keys_before
					    : (struct slice){0};
	while (f == FAULT_NONE && rest.len > 0 && keys.count < RECEIPT_KEYS_MAX) {
		f = hex_decode(slice_first(rest, HEX), (char *)keys.keys[keys.count++]);
		rest = slice_skip(rest, HEX + 1);
	}
	if (f == FAULT_NONE) {
		*out_keys = keys;
	}
	return f;
}

/* --- another one ------------------------------------------------------------------------------------ */

/* The key that signed until now in front of those of before it; the oldest is forgotten where there are too many. */
static enum fault keep_public(struct opened *o)
{
	struct vault_house *house = &o->record.house;
	unsigned char key[ED25519_PUBLIC];
	struct slice before = slice_first(house->receipt_keys_before,
					  (size_t)(HOUSE_KEYS_BEFORE - 1) * (HEX + 1) - 1);
	enum fault f = public_of(house, key);
	char *lines = f == FAULT_NONE ? arena_alloc(&o->arena, HEX + 1 + before.len) : NULL;
	if (lines == NULL) {
		return f != FAULT_NONE ? f : FAULT_NO_MEMORY;
	}
	hex_encode(slice_of(key, sizeof(key)), lines);
	house->receipt_keys_before = slice_of(lines, HEX);
	if (before.len > 0) {
		lines[HEX] = '\n';
		memcpy(lines + HEX + 1, before.ptr, before.len);
		house->receipt_keys_before.len += 1 + before.len;
	}
	return FAULT_NONE;
}

enum fault house_keys_rotate(struct vault *v, struct problem *p)
{
	CLEANUP(close_keys) struct opened o;
	enum fault f = open_keys(v, &o, p);
	if (f == FAULT_NONE) {
		f = keep_public(&o);
	}
	if (f == FAULT_NONE) {
		secret_free(&o.record.house.receipt_key);
		f = new_key(&o.record.house.receipt_key);
	}
	return f == FAULT_NONE ? vault_put(v, &o.record, NULL, p) : f;
}
