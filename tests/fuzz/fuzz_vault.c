/*
 * The sealed file, the ledger beside it and the records in it: whatever a file holds, it is refused with a sentence or
 * read within its bounds. A first byte chooses: the file as it is; a record's text of one of the kinds; the file with its
 * checksum mended, so that what is behind it is reached; the ledger as it is; the ledger sealed anew.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "spool-free/base/digest.h"
#include "config/vault/ledger.h"
#include "config/vault/record.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* libconfig 1.5 loses the start of a text that has no end; read by LeakSanitizer. */
const char *__lsan_default_suppressions(void);

__attribute__((visibility("default"))) const char *__lsan_default_suppressions(void)
{
	return "leak:libconfig";
}

enum { OPENED_MAX = 256 * 1024, ENTRIES_MAX = 1000 };

/* What a first byte means besides 0, the file as it is, and a kind of record. */
enum { MENDED_FILE = VAULT_KINDS, LEDGER, SEALED_LEDGER, MEANINGS };

enum { LEDGER_AT_UUID = 16 };

static void judge(enum fault f, const struct problem *p)
{
	assert(f == FAULT_VAULT_DAMAGED || f == FAULT_VAULT_VERSION);
	assert(p->fault == f && p->len > 0 && p->text[p->len - 1] == '.');
}

static void check_entries(const struct vault_format *v)
{
	struct problem p = {0};
	if (v->head.entry_count > ENTRIES_MAX) {
		return;
	}
	struct vault_entry *entries = calloc(v->head.entry_count + 1, sizeof(*entries));
	assert(entries != NULL);
	enum fault f = vault_format_entries(v, entries, &p);
	if (f != FAULT_NONE) {
		judge(f, &p);
	}
	size_t total = 0;
	for (size_t i = 0; f == FAULT_NONE && i < v->head.entry_count; i++) {
		assert(i == 0 || memcmp(entries[i - 1].id, entries[i].id, VAULT_ID) < 0);
		assert(entries[i].body.len > 0 && entries[i].body.len <= VAULT_BODY_MAX);
		assert(entries[i].body.ptr == v->bodies.ptr + total);
		total += entries[i].body.len;
	}
	assert(f != FAULT_NONE || total == v->bodies.len);
	free(entries);
}

static void check_file(struct slice file)
{
	struct problem p = {0};
	struct vault_format v;
	enum fault f = vault_format_read(file, &v, &p);
	if (f != FAULT_NONE) {
		judge(f, &p);
		return;
	}
	assert(v.head.slot_count > 0 && v.head.slot_count <= VAULT_SLOTS_MAX);
	assert(v.signed_part.len + v.mac.len + v.bodies.len + VAULT_DIGEST == file.len);
	check_entries(&v);
}

/* What a record's text said is written, and read again, the same. */
static void check_record(enum vault_kind kind, const char *text, size_t len)
{
	struct problem p = {0};
	struct vault_record r, again;
	struct secret *padded, *second;
	struct slice inner;
	struct arena a;
	if (slice_find(slice_of(text, len), SLICE_LIT("@include")) < len) {
		return; /* other files are no input of this target */
	}
	arena_init(&a, OPENED_MAX);
	enum fault f = vault_record_read(kind, slice_of(text, len), &a, &r, &p);
	if (f != FAULT_NONE) {
		assert(f == FAULT_BAD_RECORD && p.len > 0);
	} else {
		f = vault_record_write(&r, &padded, &p);
		/* Only escapes can make it too large. */
		assert(f == FAULT_NONE || (f == FAULT_BAD_RECORD && len > VAULT_BODY_MAX / 8));
	}
	if (f == FAULT_NONE) {
		assert(vault_record_text(secret_view(padded), &inner) == FAULT_NONE);
		assert(vault_record_read(kind, inner, &a, &again, &p) == FAULT_NONE);
		assert(vault_record_write(&again, &second, &p) == FAULT_NONE);
		assert(secret_eq(second, secret_view(padded)));
		vault_record_deinit(&again);
		secret_free(&second);
		secret_free(&padded);
	}
	if (p.len == 0) {
		vault_record_deinit(&r);
	}
	arena_deinit(&a);
}

static void mend(struct slice file, char *bytes)
{
	if (file.len >= DIGEST_LEN) {
		struct slice covered = slice_first(file, file.len - DIGEST_LEN);
		digest_sha256(covered, (unsigned char *)bytes + covered.len);
	}
}

static void derive_root(struct ledger_root *out)
{
	static const unsigned char uuid[VAULT_UUID] = "of this target";
	struct secret *master;
	assert(secret_new(SLICE_LIT("a key of thirty-two bytes, as is"), &master) == FAULT_NONE);
	assert(ledger_root_derive(master, uuid, out) == FAULT_NONE);
	secret_free(&master);
}

/* As its owner would have written it, were it one. */
static void seal_ledger(struct slice file, char *bytes, const struct ledger_root *root)
{
	if (file.len >= LEDGER_AT_UUID + VAULT_UUID + VAULT_DIGEST + DIGEST_LEN) {
		struct slice covered = slice_first(file, file.len - VAULT_DIGEST - DIGEST_LEN);
		unsigned char *mac = (unsigned char *)bytes + covered.len;
		memcpy(bytes + LEDGER_AT_UUID, root->uuid, VAULT_UUID);
		assert(vault_crypto_hmac(root->mac, covered, mac) == FAULT_NONE);
		mend(file, bytes);
	}
}

/* What is taken is written again byte by byte. */
static void check_ledger(struct slice file, const struct ledger_root *root)
{
	struct problem p = {0};
	struct ledger l;
	struct buf again;
	enum fault f = ledger_read(file, root, &l, &p);
	if (f != FAULT_NONE) {
		judge(f, &p);
		return;
	}
	buf_init(&again, file.len);
	assert(ledger_write(&l, root, true, &again) == FAULT_NONE);
	assert(ledger_finish(&again) == FAULT_NONE);
	assert(slice_eq(buf_view(&again), file));
	buf_deinit(&again);
	for (size_t i = 0; i < l.count; i++) {
		assert(ledger_find(&l, l.keys[i].owner, l.keys[i].number) == &l.keys[i]);
	}
	ledger_keep_live(&l, l.generation);
	ledger_deinit(&l);
}

static void run_ledger(bool is_sealed, struct slice file, char *bytes)
{
	struct ledger_root root = {0};
	derive_root(&root);
	if (is_sealed) {
		seal_ledger(file, bytes, &root);
	}
	check_ledger(file, &root);
	ledger_root_deinit(&root);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size == 0 || size > OPENED_MAX / 4) {
		return 0;
	}
	/* A block of the exact size and its NUL: reading past it is found by the sanitizer. */
	char *bytes = malloc(size);
	assert(bytes != NULL);
	memcpy(bytes, data + 1, size - 1);
	bytes[size - 1] = '\0';
	struct slice file = slice_of(bytes, size - 1);
	unsigned kind = data[0] % MEANINGS;
	if (kind >= VAULT_TENANT && kind < VAULT_KINDS) {
		check_record((enum vault_kind)kind, file.ptr, file.len);
	} else if (kind == LEDGER || kind == SEALED_LEDGER) {
		run_ledger(kind == SEALED_LEDGER, file, bytes);
	} else {
		if (kind == MENDED_FILE) {
			mend(file, bytes);
		}
		check_file(file);
	}
	free(bytes);
	return 0;
}
