#include "config/vault/format.h"

#include <string.h>

#include "config/vault/bytes.h"

enum {
	HEAD_OLD = VAULT_MAGIC + 4 + VAULT_UUID + 8 + 4 + 4, /* the least that any format has */
	SLOT = 4 + VAULT_SALT + VAULT_WRAPPED,
	ENTRY_OLD = VAULT_ID + 1 + 4 + VAULT_SALT + 4 + VAULT_TAG,
	ENTRY = ENTRY_OLD + VAULT_OWNER + 4,
	AAD_OLD = VAULT_UUID + VAULT_ID + 1 + 4,
};

static bool is_old(const struct vault_head *h)
{
	return h->format == VAULT_FORMAT_OLDEST;
}

static size_t entry_len(const struct vault_head *h)
{
	return is_old(h) ? ENTRY_OLD : ENTRY;
}

/* A line end and a control byte, so that a copy in text mode is noticed by its first bytes. */
static const struct slice magic = SLICE_INIT("PPVLT\r\n\x1a");

static struct slice take_slice(struct slice *s, size_t n)
{
	struct slice taken = slice_first(*s, n);
	*s = slice_skip(*s, n);
	return taken;
}

static enum fault cut_short(struct problem *p)
{
	return problem_set(p, FAULT_VAULT_DAMAGED, "The vault file is cut short.");
}

static enum fault read_slot(struct slice *at, struct vault_slot *s, struct problem *p)
{
	uint64_t kind = bytes_take_number(at, 1);
	s->kdf.log_n = (uint8_t)bytes_take_number(at, 1);
	s->kdf.r = (uint8_t)bytes_take_number(at, 1);
	s->kdf.p = (uint8_t)bytes_take_number(at, 1);
	bytes_take(at, s->salt, VAULT_SALT);
	bytes_take(at, s->wrapped, VAULT_WRAPPED);
	if (kind != VAULT_PASSPHRASE && kind != VAULT_CREDENTIAL) {
		return problem_set(
			p, FAULT_VAULT_VERSION,
			"The vault file has a key slot that this version does not know.");
	}
	s->kind = (enum vault_slot_kind)kind;
	return FAULT_NONE;
}

static enum fault read_head(struct slice *at, struct vault_head *h, struct problem *p)
{
	bytes_take(at, h->uuid, VAULT_UUID);
	h->generation = bytes_take_number(at, 8);
	if (!is_old(h)) { /* the least length of a file leaves the seal's bytes behind it */
		h->ledger_generation = bytes_take_number(at, 8);
	}
	h->slot_count = bytes_take_number(at, 4);
	h->entry_count = bytes_take_number(at, 4);
	if (h->slot_count == 0 || h->slot_count > VAULT_SLOTS_MAX ||
	    h->entry_count > VAULT_RECORDS_MAX) {
		return problem_set(p, FAULT_VAULT_DAMAGED,
				   "The vault file counts more slots or records than can be.");
	}
	if (at->len < h->slot_count * SLOT) {
		return cut_short(p);
	}
	for (size_t i = 0; i < h->slot_count; i++) {
		enum fault f = read_slot(at, &h->slots[i], p);
		if (f != FAULT_NONE) {
			return f;
		}
	}
	return FAULT_NONE;
}

static enum fault check_sum(struct slice file, struct problem *p)
{
	unsigned char sum[VAULT_DIGEST];
	size_t covered = file.len - VAULT_DIGEST;
	enum fault f = vault_crypto_sha256(slice_first(file, covered), sum);
	if (f != FAULT_NONE) {
		return f;
	}
	if (memcmp(sum, file.ptr + covered, VAULT_DIGEST) != 0) {
		return problem_set(p, FAULT_VAULT_DAMAGED,
				   "The vault file is damaged: its checksum does not fit.");
	}
	return FAULT_NONE;
}

enum fault vault_format_read(struct slice file, struct vault_format *out_format, struct problem *p)
{
	struct vault_format v = {0};
	struct slice at = file;
	if (!slice_eq(take_slice(&at, VAULT_MAGIC), magic)) {
		return problem_set(p, FAULT_VAULT_DAMAGED, "This file is not a Pagepost vault.");
	}
	if (file.len < HEAD_OLD + VAULT_DIGEST + VAULT_DIGEST) {
		return cut_short(p);
	}
	uint64_t number = bytes_take_number(&at, 4);
	if (number < VAULT_FORMAT_OLDEST || number > VAULT_FORMAT_NUMBER) {
		problem_set(p, FAULT_VAULT_VERSION, "The vault file is of format ");
		problem_add_number(p, number);
		problem_add(p, "; this version reads formats 1 and 2.");
		return FAULT_VAULT_VERSION;
	}
	v.head.format = (uint32_t)number;
	enum fault f = check_sum(file, p);
	if (f != FAULT_NONE) {
		return f;
	}
	at.len -= VAULT_DIGEST;
	f = read_head(&at, &v.head, p);
	if (f != FAULT_NONE) {
		return f;
	}
	size_t list_len = v.head.entry_count * entry_len(&v.head);
	if (at.len < list_len + VAULT_DIGEST) {
		return cut_short(p);
	}
	v.list = take_slice(&at, list_len);
	v.signed_part = slice_first(file, (size_t)(v.list.ptr - file.ptr) + v.list.len);
	v.mac = take_slice(&at, VAULT_DIGEST);
	v.bodies = at;
	*out_format = v;
	return FAULT_NONE;
}

enum fault vault_format_check(const struct vault_format *v, const struct secret *mac_key,
			      struct problem *p)
{
	unsigned char mac[VAULT_DIGEST];
	enum fault f = vault_crypto_hmac(mac_key, v->signed_part, mac);
	if (f != FAULT_NONE) {
		return f;
	}
	if (!vault_crypto_equal(mac, v->mac.ptr, VAULT_DIGEST)) {
		return problem_set(p, FAULT_VAULT_DAMAGED,
				   "The vault file was tampered with: its seal does not fit.");
	}
	return FAULT_NONE;
}

static enum fault read_entry(const struct vault_head *h, struct slice *at, struct slice *bodies,
			     struct vault_entry *e, struct problem *p)
{
	*e = (struct vault_entry){0};
	bytes_take(at, e->id, VAULT_ID);
	if (!is_old(h)) {
		bytes_take(at, e->owner, VAULT_OWNER);
	}
	uint64_t kind = bytes_take_number(at, 1);
	e->version = (uint32_t)bytes_take_number(at, 4);
	e->key = is_old(h) ? 0 : (uint32_t)bytes_take_number(at, 4);
	bytes_take(at, e->salt, VAULT_SALT);
	size_t len = bytes_take_number(at, 4);
	bytes_take(at, e->tag, VAULT_TAG);
	if (kind < VAULT_TENANT || kind >= VAULT_KINDS) {
		return problem_set(p, FAULT_VAULT_VERSION,
				   "The vault holds a record that this version does not know.");
	}
	if (len > VAULT_BODY_MAX || len % VAULT_BODY_PAD != 0 || len == 0) {
		return problem_set(p, FAULT_VAULT_DAMAGED,
				   "The vault file has a record of an impossible length.");
	}
	if (bodies->len < len) {
		return cut_short(p);
	}
	e->kind = (enum vault_kind)kind;
	e->body = take_slice(bodies, len);
	return FAULT_NONE;
}

enum fault vault_format_entries(const struct vault_format *v, struct vault_entry *entries,
				struct problem *p)
{
	struct slice at = v->list;
	struct slice bodies = v->bodies;
	for (size_t i = 0; i < v->head.entry_count; i++) {
		enum fault f = read_entry(&v->head, &at, &bodies, &entries[i], p);
		if (f != FAULT_NONE) {
			return f;
		}
		if (i > 0 && memcmp(entries[i - 1].id, entries[i].id, VAULT_ID) >= 0) {
			return problem_set(p, FAULT_VAULT_DAMAGED,
					   "The vault file's records are out of order.");
		}
	}
	if (bodies.len > 0) {
		return problem_set(p, FAULT_VAULT_DAMAGED,
				   "The vault file has bytes that belong to no record.");
	}
	return FAULT_NONE;
}

/* The buf's first fault sticks, so that a row of additions reads as one. */
struct writer {
	struct buf *into;
	enum fault fault;
};

static void write_bytes(struct writer *w, const void *bytes, size_t n)
{
	if (w->fault == FAULT_NONE) {
		w->fault = buf_add(w->into, slice_of(bytes, n));
	}
}

static void write_number(struct writer *w, uint64_t n, size_t width)
{
	char digits[8];
	bytes_put_number(digits, n, width);
	write_bytes(w, digits, width);
}

static void write_slot(struct writer *w, const struct vault_slot *s)
{
	write_number(w, s->kind, 1);
	write_number(w, s->kdf.log_n, 1);
	write_number(w, s->kdf.r, 1);
	write_number(w, s->kdf.p, 1);
	write_bytes(w, s->salt, VAULT_SALT);
	write_bytes(w, s->wrapped, VAULT_WRAPPED);
}

static void write_entry(struct writer *w, const struct vault_entry *e)
{
	write_bytes(w, e->id, VAULT_ID);
	write_bytes(w, e->owner, VAULT_OWNER);
	write_number(w, e->kind, 1);
	write_number(w, e->version, 4);
	write_number(w, e->key, 4);
	write_bytes(w, e->salt, VAULT_SALT);
	write_number(w, e->body.len, 4);
	write_bytes(w, e->tag, VAULT_TAG);
}

enum fault vault_format_write(const struct vault_head *head, const struct vault_entry *entries,
			      const struct secret *mac_key, struct buf *out)
{
	struct writer w = {.into = out};
	unsigned char digest[VAULT_DIGEST] = {0};
	buf_clear(out);
	write_bytes(&w, magic.ptr, magic.len);
	write_number(&w, VAULT_FORMAT_NUMBER, 4);
	write_bytes(&w, head->uuid, VAULT_UUID);
	write_number(&w, head->generation, 8);
	write_number(&w, head->ledger_generation, 8);
	write_number(&w, head->slot_count, 4);
	write_number(&w, head->entry_count, 4);
	for (size_t i = 0; i < head->slot_count; i++) {
		write_slot(&w, &head->slots[i]);
	}
	for (size_t i = 0; i < head->entry_count; i++) {
		write_entry(&w, &entries[i]);
	}
	if (w.fault == FAULT_NONE) {
		w.fault = vault_crypto_hmac(mac_key, buf_view(out), digest);
	}
	write_bytes(&w, digest, sizeof(digest));
	for (size_t i = 0; i < head->entry_count; i++) {
		write_bytes(&w, entries[i].body.ptr, entries[i].body.len);
	}
	if (w.fault == FAULT_NONE) {
		w.fault = vault_crypto_sha256(buf_view(out), digest);
	}
	write_bytes(&w, digest, sizeof(digest));
	return w.fault == FAULT_TOO_LARGE ? FAULT_VAULT_FULL : w.fault;
}

struct slice vault_format_aad(const struct vault_head *head, const struct vault_entry *e,
			      char room[VAULT_AAD])
{
	memcpy(room, head->uuid, VAULT_UUID);
	memcpy(room + VAULT_UUID, e->id, VAULT_ID);
	bytes_put_number(room + VAULT_UUID + VAULT_ID, e->kind, 1);
	bytes_put_number(room + VAULT_UUID + VAULT_ID + 1, e->version, 4);
	memcpy(room + AAD_OLD, e->owner, VAULT_OWNER);
	bytes_put_number(room + AAD_OLD + VAULT_OWNER, e->key, 4);
	return slice_of(room, is_old(head) ? AAD_OLD : VAULT_AAD);
}

void vault_format_slot_aad(const unsigned char uuid[VAULT_UUID], const struct vault_slot *s,
			   char out[VAULT_SLOT_AAD])
{
	memcpy(out, uuid, VAULT_UUID);
	bytes_put_number(out + VAULT_UUID, s->kind, 1);
	bytes_put_number(out + VAULT_UUID + 1, s->kdf.log_n, 1);
	bytes_put_number(out + VAULT_UUID + 2, s->kdf.r, 1);
	bytes_put_number(out + VAULT_UUID + 3, s->kdf.p, 1);
}
