/*
 * The sealed file and the records in it: whatever a file holds, it is refused with a sentence or read within its
 * bounds. A first byte chooses: the file as it is; the file with its checksum mended, so that what is behind it is
 * reached; a record's text of one of the three kinds.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "spool-free/base/digest.h"
#include "config/vault/format.h"
#include "config/vault/record.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* libconfig 1.5 loses the start of a text that has no end; read by LeakSanitizer. */
const char *__lsan_default_suppressions(void);

__attribute__((visibility("default"))) const char *__lsan_default_suppressions(void)
{
	return "leak:libconfig";
}

enum { OPENED_MAX = 256 * 1024, ENTRIES_MAX = 1000 };

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
	unsigned kind = data[0] % 5;
	if (kind >= VAULT_TENANT && kind <= VAULT_SERVER) {
		check_record((enum vault_kind)kind, file.ptr, file.len);
	} else {
		if (kind == 4 && file.len >= DIGEST_LEN) {
			struct slice covered = slice_first(file, file.len - DIGEST_LEN);
			digest_sha256(covered, (unsigned char *)bytes + covered.len);
		}
		check_file(file);
	}
	free(bytes);
	return 0;
}
