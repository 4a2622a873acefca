#include <stdlib.h>
#include <string.h>

#include "config/vault/bytes.h"
#include "config/vault/ledger.h"

enum {
	MAGIC = 8,
	HEAD = MAGIC + 4 + 4 + VAULT_UUID + 8 + 4,
	LINE = VAULT_OWNER + 4 + 1 + 1 + 8 + 8,
	WRAP = VAULT_SALT + VAULT_SALT + LEDGER_SEALED + VAULT_TAG,
};

/* As of a vault: a copy in text mode is noticed. */
static const struct slice magic = SLICE_INIT("PPKEY\r\n\x1a");

static enum fault damaged(struct problem *p, const char *sentence)
{
	return problem_set(p, FAULT_VAULT_DAMAGED, sentence);
}

static enum fault cut_short(struct problem *p)
{
	return damaged(p, "The vault's key ledger is cut short.");
}

static enum fault read_key(struct slice *at, struct ledger_key *key, struct problem *p)
{
	if (at->len < LINE) {
		return cut_short(p);
	}
	*key = (struct ledger_key){0};
	bytes_take(at, key->owner, VAULT_OWNER);
	key->number = (uint32_t)bytes_take_number(at, 4);
	uint64_t kind = bytes_take_number(at, 1);
	key->wrap_count = (unsigned)bytes_take_number(at, 1);
	key->born = bytes_take_number(at, 8);
	key->until = bytes_take_number(at, 8);
	if (kind < LEDGER_INDEX || kind > LEDGER_SECRETS) {
		return problem_set(p, FAULT_VAULT_VERSION,
				   "The vault's key ledger has a key that this version does not "
				   "know.");
	}
	if (key->wrap_count == 0 || key->wrap_count > LEDGER_WRAPS_MAX || key->number == 0) {
		return damaged(p, "The vault's key ledger has a key that cannot be.");
	}
	if (at->len < key->wrap_count * WRAP) {
		return cut_short(p);
	}
	key->kind = (enum ledger_kind)kind;
	for (unsigned i = 0; i < key->wrap_count; i++) {
		bytes_take(at, key->wraps[i].salt, VAULT_SALT);
		bytes_take(at, key->wraps[i].inner_salt, VAULT_SALT);
		bytes_take(at, key->wraps[i].sealed, LEDGER_SEALED);
		bytes_take(at, key->wraps[i].tag, VAULT_TAG);
	}
	return FAULT_NONE;
}

static bool is_in_order(const struct ledger_key *a, const struct ledger_key *b)
{
	int order = memcmp(a->owner, b->owner, VAULT_OWNER);
	return order < 0 || (order == 0 && a->number < b->number);
}

/* `lines` of a section whose seal fits. */
static enum fault read_keys(struct slice lines, size_t count, struct ledger *l, struct problem *p)
{
	if (count > VAULT_RECORDS_MAX || lines.len < count * (LINE + WRAP)) {
		return cut_short(p);
	}
	l->keys = calloc(count + 1, sizeof(*l->keys));
	if (l->keys == NULL) {
		return FAULT_NO_MEMORY;
	}
	l->room = count + 1;
	for (; l->count < count; l->count++) {
		enum fault f = read_key(&lines, &l->keys[l->count], p);
		if (f != FAULT_NONE) {
			return f;
		}
		if (l->count > 0 && !is_in_order(&l->keys[l->count - 1], &l->keys[l->count])) {
			return damaged(p, "The vault's key ledger is out of order.");
		}
	}
	return lines.len == 0
		       ? FAULT_NONE
		       : damaged(p, "The vault's key ledger has bytes that belong to no key.");
}

/* Takes one section off the front of `at`. VAULT_LOCKED: another root sealed it. */
static enum fault read_section(struct slice *at, const struct ledger_root *root, struct ledger *l,
			       struct problem *p)
{
	unsigned char mac[VAULT_DIGEST];
	struct slice whole = *at;
	if (at->len < HEAD + VAULT_DIGEST) {
		return cut_short(p);
	}
	if (!slice_starts(*at, magic)) {
		return damaged(p, "This file is not the key ledger of a Pagepost vault.");
	}
	*at = slice_skip(*at, MAGIC);
	if (bytes_take_number(at, 4) != LEDGER_FORMAT) {
		return problem_set(p, FAULT_VAULT_VERSION,
				   "The vault's key ledger is of a format that this version does "
				   "not read.");
	}
	size_t len = bytes_take_number(at, 4);
	if (len < HEAD + VAULT_DIGEST || len > whole.len) {
		return cut_short(p);
	}
	bool is_ours = memcmp(at->ptr, root->uuid, VAULT_UUID) == 0;
	*at = slice_skip(*at, VAULT_UUID);
	l->generation = bytes_take_number(at, 8);
	size_t count = bytes_take_number(at, 4);
	struct slice sealed = slice_first(whole, len - VAULT_DIGEST);
	struct slice lines = slice_skip(sealed, HEAD);
	*at = slice_skip(whole, len);
	if (!is_ours) {
		return damaged(p, "The key ledger is another vault's.");
	}
	enum fault f = vault_crypto_hmac(root->mac, sealed, mac);
	if (f == FAULT_NONE && !vault_crypto_equal(mac, sealed.ptr + sealed.len, VAULT_DIGEST)) {
		f = FAULT_VAULT_LOCKED;
	}
	return f == FAULT_NONE ? read_keys(lines, count, l, p) : f;
}

static enum fault check_sum(struct slice *file, struct problem *p)
{
	unsigned char sum[VAULT_DIGEST];
	if (file->len < HEAD + VAULT_DIGEST + VAULT_DIGEST) {
		return cut_short(p);
	}
	file->len -= VAULT_DIGEST;
	enum fault f = vault_crypto_sha256(*file, sum);
	if (f == FAULT_NONE && memcmp(sum, file->ptr + file->len, VAULT_DIGEST) != 0) {
		f = damaged(p, "The vault's key ledger is damaged: its checksum does not fit.");
	}
	return f;
}

enum fault ledger_read(struct slice file, const struct ledger_root *root, struct ledger *out_ledger,
		       struct problem *p)
{
	enum fault f = check_sum(&file, p);
	if (f != FAULT_NONE) {
		return f;
	}
	while (file.len > 0) {
		struct ledger l = {0};
		f = read_section(&file, root, &l, p);
		if (f == FAULT_NONE) {
			*out_ledger = l;
			return FAULT_NONE;
		}
		ledger_deinit(&l);
		if (f != FAULT_VAULT_LOCKED) {
			return f;
		}
	}
	return damaged(p,
		       "The vault's key ledger was tampered with, or belongs to another master key "
		       "than the vault file beside it: its seal does not fit.");
}

static char *put_bytes(char *at, const void *bytes, size_t n)
{
	memcpy(at, bytes, n);
	return at + n;
}

static char *put_key(char *at, const struct ledger_key *key)
{
	at = put_bytes(at, key->owner, VAULT_OWNER);
	bytes_put_number(at, key->number, 4);
	bytes_put_number(at + 4, key->kind, 1);
	bytes_put_number(at + 5, key->wrap_count, 1);
	bytes_put_number(at + 6, key->born, 8);
	bytes_put_number(at + 14, key->until, 8);
	at += 22;
	for (unsigned i = 0; i < key->wrap_count; i++) {
		at = put_bytes(at, key->wraps[i].salt, VAULT_SALT);
		at = put_bytes(at, key->wraps[i].inner_salt, VAULT_SALT);
		at = put_bytes(at, key->wraps[i].sealed, LEDGER_SEALED);
		at = put_bytes(at, key->wraps[i].tag, VAULT_TAG);
	}
	return at;
}

enum fault ledger_write(const struct ledger *l, const struct ledger_root *root, bool all,
			struct buf *out)
{
	unsigned char mac[VAULT_DIGEST];
	size_t len = HEAD + VAULT_DIGEST;
	size_t count = 0;
	char *room;
	for (size_t i = 0; i < l->count; i++) {
		bool is_in = all || !l->keys[i].is_retired;
		count += is_in;
		len += is_in ? LINE + l->keys[i].wrap_count * WRAP : 0;
	}
	enum fault f = buf_reserve(out, len, &room);
	if (f != FAULT_NONE) {
		return f == FAULT_TOO_LARGE ? FAULT_VAULT_FULL : f;
	}
	char *at = put_bytes(room, magic.ptr, MAGIC);
	bytes_put_number(at, LEDGER_FORMAT, 4);
	bytes_put_number(at + 4, len, 4);
	at = put_bytes(at + 8, root->uuid, VAULT_UUID);
	bytes_put_number(at, l->generation, 8);
	bytes_put_number(at + 8, count, 4);
	at += 12;
	for (size_t i = 0; i < l->count; i++) {
		at = all || !l->keys[i].is_retired ? put_key(at, &l->keys[i]) : at;
	}
	f = vault_crypto_hmac(root->mac, slice_of(room, len - VAULT_DIGEST), mac);
	if (f == FAULT_NONE) {
		put_bytes(at, mac, VAULT_DIGEST);
		buf_grew(out, len);
	}
	return f;
}

enum fault ledger_finish(struct buf *out)
{
	unsigned char sum[VAULT_DIGEST];
	enum fault f = vault_crypto_sha256(buf_view(out), sum);
	if (f == FAULT_NONE) {
		f = buf_add(out, slice_of(sum, sizeof(sum)));
	}
	return f == FAULT_TOO_LARGE ? FAULT_VAULT_FULL : f;
}
