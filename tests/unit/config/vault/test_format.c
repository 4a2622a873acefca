#include "config/vault/format.h"

#include <string.h>

#include "spool-free/base/digest.h"
#include "tests/support/check_main.h"
#include "tests/support/oom.h"

/* Where things are in the file below: one slot, two records. */
enum {
	AT_NUMBER = 8,
	AT_GENERATION = 28,
	AT_LEDGER = 36,
	AT_SLOT_COUNT = 44,
	AT_ENTRY_COUNT = 48,
	AT_SLOT = 52,
	SLOT_LEN = 84,
	AT_LIST = AT_SLOT + SLOT_LEN,
	ENTRY_LEN = 93,
	AT_OWNER = AT_LIST + 16,
	AT_KIND = AT_OWNER + 16,
	AT_KEY = AT_KIND + 1 + 4,
	AT_LEN = AT_KEY + 4 + 32,
	AT_SECOND = AT_LIST + ENTRY_LEN,
	AT_MAC = AT_LIST + 2 * ENTRY_LEN,
	FILE_LEN = AT_MAC + 32 + 64 + 128 + 32,
	OLD_AT_LIST = AT_LIST - 8,
	OLD_ENTRY_LEN = ENTRY_LEN - 16 - 4,
};

static struct secret *mac_key;

static void make_file(struct buf *out)
{
	static char bodies[128];
	struct vault_head head = {
		.generation = 7, .ledger_generation = 9, .slot_count = 1, .entry_count = 2};
	struct vault_entry entries[2] = {
		{.kind = VAULT_TENANT, .version = 3, .key = 5, .body = {bodies, 64}},
		{.kind = VAULT_SERVER, .version = 4, .body = {bodies, 128}},
	};
	memset(head.uuid, 'u', sizeof(head.uuid));
	head.slots[0] = (struct vault_slot){.kind = VAULT_PASSPHRASE, .kdf = {17, 8, 1}};
	memset(head.slots[0].wrapped, 'w', VAULT_WRAPPED);
	memset(entries[0].id, 'a', VAULT_ID);
	memset(entries[1].id, 'b', VAULT_ID);
	memset(entries[1].tag, 't', VAULT_TAG);
	memset(entries[1].owner, 'o', VAULT_OWNER);
	memset(bodies, 'x', sizeof(bodies));
	buf_init(out, VAULT_FILE_MAX);
	ck_assert_uint_eq(vault_format_write(&head, entries, mac_key, out), FAULT_NONE);
}

static void setup(void)
{
	ck_assert_uint_eq(secret_new(SLICE_LIT("a key of thirty-two bytes, as is"), &mac_key),
			  FAULT_NONE);
}

static void teardown(void)
{
	secret_free(&mac_key);
}

START_TEST(what_was_written_is_read)
{
	struct buf file;
	struct vault_format v;
	struct vault_entry entries[2];
	make_file(&file);
	ck_assert_uint_eq(file.len, FILE_LEN);
	ck_assert_uint_eq(vault_format_read(buf_view(&file), &v, NULL), FAULT_NONE);
	ck_assert_uint_eq(vault_format_check(&v, mac_key, NULL), FAULT_NONE);
	ck_assert_uint_eq(v.head.format, 2);
	ck_assert_uint_eq(v.head.generation, 7);
	ck_assert_uint_eq(v.head.ledger_generation, 9);
	ck_assert_uint_eq(v.head.slot_count, 1);
	ck_assert_uint_eq(v.head.slots[0].kdf.log_n, 17);
	ck_assert_uint_eq(v.head.slots[0].wrapped[47], 'w');
	ck_assert_uint_eq(vault_format_entries(&v, entries, NULL), FAULT_NONE);
	ck_assert_uint_eq(entries[0].kind, VAULT_TENANT);
	ck_assert_uint_eq(entries[0].version, 3);
	ck_assert_uint_eq(entries[0].key, 5);
	ck_assert_uint_eq(entries[0].owner[15], 0);
	ck_assert_uint_eq(entries[1].key, 0);
	ck_assert_uint_eq(entries[1].owner[15], 'o');
	ck_assert_uint_eq(entries[0].body.len, 64);
	ck_assert_uint_eq(entries[1].kind, VAULT_SERVER);
	ck_assert_uint_eq(entries[1].tag[15], 't');
	ck_assert_uint_eq(entries[1].body.len, 128);
	ck_assert_ptr_eq(entries[1].body.ptr, entries[0].body.ptr + 64);
	buf_deinit(&file);
}
END_TEST

/* `bytes` are put at `at`, and the checksum is mended, so that the sentence is about them. */
static const struct {
	size_t at;
	struct slice bytes;
	enum fault fault;
	const char *sentence;
} spoiled[] = {
	{0, SLICE_INIT("PPVLT\n\n\x1a"), FAULT_VAULT_DAMAGED, "This file is not a Pagepost vault."},
	{0, SLICE_INIT("x"), FAULT_VAULT_DAMAGED, "This file is not a Pagepost vault."},
	{AT_NUMBER, SLICE_INIT("\0\0\0\3"), FAULT_VAULT_VERSION,
	 "The vault file is of format 3; this version reads formats 1 and 2."},
	{AT_NUMBER, SLICE_INIT("\0\0\0\0"), FAULT_VAULT_VERSION,
	 "The vault file is of format 0; this version reads formats 1 and 2."},
	{AT_NUMBER, SLICE_INIT("\1\0\0\2"), FAULT_VAULT_VERSION,
	 "The vault file is of format 16777218; this version reads formats 1 and 2."},
	/* Taken for the older one, it counts other things: so many slots are not there. */
	{AT_NUMBER, SLICE_INIT("\0\0\0\1"), FAULT_VAULT_DAMAGED,
	 "The vault file counts more slots or records than can be."},
	{AT_SLOT_COUNT, SLICE_INIT("\0\0\0\0"), FAULT_VAULT_DAMAGED,
	 "The vault file counts more slots or records than can be."},
	{AT_SLOT_COUNT, SLICE_INIT("\0\0\0\x9"), FAULT_VAULT_DAMAGED,
	 "The vault file counts more slots or records than can be."},
	{AT_SLOT_COUNT, SLICE_INIT("\0\0\0\x8"), FAULT_VAULT_DAMAGED,
	 "The vault file is cut short."},
	{AT_ENTRY_COUNT, SLICE_INIT("\xff\xff\xff\xff"), FAULT_VAULT_DAMAGED,
	 "The vault file counts more slots or records than can be."},
	{AT_ENTRY_COUNT, SLICE_INIT("\0\0\0\x40"), FAULT_VAULT_DAMAGED,
	 "The vault file is cut short."},
	{AT_SLOT, SLICE_INIT("\3"), FAULT_VAULT_VERSION,
	 "The vault file has a key slot that this version does not know."},
	{AT_SLOT, SLICE_INIT("\0"), FAULT_VAULT_VERSION,
	 "The vault file has a key slot that this version does not know."},
	{AT_GENERATION, SLICE_INIT("\1"), FAULT_VAULT_DAMAGED,
	 "The vault file was tampered with: its seal does not fit."},
	{AT_LEDGER, SLICE_INIT("\0\0\0\0\0\0\0\0"), FAULT_VAULT_DAMAGED,
	 "The vault file was tampered with: its seal does not fit."},
	{AT_LEDGER, SLICE_INIT("\0\0\0\0\0\0\0\x8"), FAULT_VAULT_DAMAGED,
	 "The vault file was tampered with: its seal does not fit."},
	{AT_OWNER, SLICE_INIT("o"), FAULT_VAULT_DAMAGED,
	 "The vault file was tampered with: its seal does not fit."},
	{AT_KEY, SLICE_INIT("\0\0\0\0"), FAULT_VAULT_DAMAGED,
	 "The vault file was tampered with: its seal does not fit."},
	{AT_MAC, SLICE_INIT("mac"), FAULT_VAULT_DAMAGED,
	 "The vault file was tampered with: its seal does not fit."},
};

static void mend(struct buf *file)
{
	struct slice covered = slice_first(buf_view(file), file->len - DIGEST_LEN);
	digest_sha256(covered, (unsigned char *)file->ptr + covered.len);
}

static void spoil(struct buf *file, size_t at, struct slice bytes)
{
	memcpy(file->ptr + at, bytes.ptr, bytes.len);
	mend(file);
}

static void check_sentence(const struct problem *p, const char *sentence)
{
	ck_assert_msg(slice_eq(problem_text(p), slice_of_text(sentence)), "%.*s", (int)p->len,
		      p->text);
}

START_TEST(what_cannot_be_is_refused)
{
	struct buf file;
	struct vault_format v;
	struct problem p = {0};
	make_file(&file);
	spoil(&file, spoiled[_i].at, spoiled[_i].bytes);
	enum fault f = vault_format_read(buf_view(&file), &v, &p);
	if (f == FAULT_NONE) {
		f = vault_format_check(&v, mac_key, &p);
	}
	ck_assert_uint_eq(f, spoiled[_i].fault);
	check_sentence(&p, spoiled[_i].sentence);
	buf_deinit(&file);
}
END_TEST

/* The list is judged as well, though only the owner of the key could have written it. */
static const struct {
	size_t at;
	struct slice bytes;
	enum fault fault;
	const char *sentence;
} bad_lists[] = {
	{AT_KIND, SLICE_INIT("\0"), FAULT_VAULT_VERSION,
	 "The vault holds a record that this version does not know."},
	{AT_KIND, SLICE_INIT("\10"), FAULT_VAULT_VERSION,
	 "The vault holds a record that this version does not know."},
	{AT_KIND, SLICE_INIT("\xff"), FAULT_VAULT_VERSION,
	 "The vault holds a record that this version does not know."},
	{AT_LEN, SLICE_INIT("\0\0\0\x41"), FAULT_VAULT_DAMAGED,
	 "The vault file has a record of an impossible length."},
	{AT_LEN, SLICE_INIT("\0\0\0\0"), FAULT_VAULT_DAMAGED,
	 "The vault file has a record of an impossible length."},
	{AT_LEN, SLICE_INIT("\xff\xff\xff\xc0"), FAULT_VAULT_DAMAGED,
	 "The vault file has a record of an impossible length."},
	{AT_LEN, SLICE_INIT("\0\0\1\0"), FAULT_VAULT_DAMAGED, "The vault file is cut short."},
	{AT_LEN, SLICE_INIT("\0\0\0\x80"), FAULT_VAULT_DAMAGED, "The vault file is cut short."},
	{AT_SECOND, SLICE_INIT("aaaaaaaaaaaaaaaa"), FAULT_VAULT_DAMAGED,
	 "The vault file's records are out of order."},
	{AT_SECOND, SLICE_INIT("Z"), FAULT_VAULT_DAMAGED,
	 "The vault file's records are out of order."},
	{AT_SECOND + AT_LEN - AT_LIST, SLICE_INIT("\0\0\0\x40"), FAULT_VAULT_DAMAGED,
	 "The vault file has bytes that belong to no record."},
};

START_TEST(a_list_that_cannot_be_is_refused)
{
	struct buf file;
	struct vault_format v;
	struct vault_entry entries[2];
	struct problem p = {0};
	make_file(&file);
	spoil(&file, bad_lists[_i].at, bad_lists[_i].bytes);
	ck_assert_uint_eq(vault_format_read(buf_view(&file), &v, &p), FAULT_NONE);
	ck_assert_uint_eq(vault_format_entries(&v, entries, &p), bad_lists[_i].fault);
	check_sentence(&p, bad_lists[_i].sentence);
	buf_deinit(&file);
}
END_TEST

/* Without what came with format 2; sealed anew. */
static void make_old_file(struct buf *out)
{
	struct buf now;
	unsigned char mac[VAULT_DIGEST];
	make_file(&now);
	buf_init(out, VAULT_FILE_MAX);
	struct slice file = buf_view(&now);
	struct slice parts[] = {
		slice_first(file, AT_NUMBER),
		SLICE_LIT("\0\0\0\1"),
		slice_first(slice_skip(file, AT_NUMBER + 4), AT_LEDGER - AT_NUMBER - 4),
		slice_first(slice_skip(file, AT_SLOT_COUNT), AT_OWNER - AT_SLOT_COUNT),
		slice_first(slice_skip(file, AT_KIND), 5),
		slice_first(slice_skip(file, AT_KEY + 4), AT_SECOND + 16 - AT_KEY - 4),
		slice_first(slice_skip(file, AT_SECOND + 32), 5),
		slice_first(slice_skip(file, AT_SECOND + 32 + 9), 52),
	};
	for (size_t i = 0; i < COUNT_OF(parts); i++) {
		ck_assert_uint_eq(buf_add(out, parts[i]), FAULT_NONE);
	}
	ck_assert_uint_eq(out->len, OLD_AT_LIST + 2 * OLD_ENTRY_LEN);
	ck_assert_uint_eq(vault_crypto_hmac(mac_key, buf_view(out), mac), FAULT_NONE);
	ck_assert_uint_eq(buf_add(out, slice_of(mac, sizeof(mac))), FAULT_NONE);
	ck_assert_uint_eq(buf_add(out, slice_skip(file, AT_MAC + 32)), FAULT_NONE);
	mend(out);
	buf_deinit(&now);
}

START_TEST(what_was_written_before_is_read)
{
	struct buf file;
	struct vault_format v;
	struct vault_entry entries[2];
	make_old_file(&file);
	ck_assert_uint_eq(vault_format_read(buf_view(&file), &v, NULL), FAULT_NONE);
	ck_assert_uint_eq(vault_format_check(&v, mac_key, NULL), FAULT_NONE);
	ck_assert_uint_eq(v.head.format, 1);
	ck_assert_uint_eq(v.head.generation, 7);
	ck_assert_uint_eq(v.head.ledger_generation, 0);
	ck_assert_uint_eq(v.head.slots[0].wrapped[47], 'w');
	ck_assert_uint_eq(vault_format_entries(&v, entries, NULL), FAULT_NONE);
	ck_assert_uint_eq(entries[0].kind, VAULT_TENANT);
	ck_assert_uint_eq(entries[0].version, 3);
	ck_assert_uint_eq(entries[0].key, 0);
	ck_assert_uint_eq(entries[1].owner[0], 0);
	ck_assert_uint_eq(entries[1].tag[15], 't');
	ck_assert_uint_eq(entries[1].body.len, 128);
	buf_deinit(&file);
}
END_TEST

static const struct {
	size_t at;
	struct slice bytes;
	const char *sentence;
} old_spoiled[] = {
	{AT_NUMBER, SLICE_INIT("\0\0\0\2"),
	 "The vault file counts more slots or records than can be."},
	{AT_SLOT_COUNT - 8, SLICE_INIT("\0\0\0\x8"), "The vault file is cut short."},
	{AT_ENTRY_COUNT - 8, SLICE_INIT("\0\0\0\x40"), "The vault file is cut short."},
	{OLD_AT_LIST, SLICE_INIT("Z"), "The vault file was tampered with: its seal does not fit."},
	{OLD_AT_LIST + 16, SLICE_INIT("\3"),
	 "The vault file was tampered with: its seal does not fit."},
};

START_TEST(what_was_not_written_before_is_refused)
{
	struct buf file;
	struct vault_format v;
	struct problem p = {0};
	make_old_file(&file);
	spoil(&file, old_spoiled[_i].at, old_spoiled[_i].bytes);
	enum fault f = vault_format_read(buf_view(&file), &v, &p);
	if (f == FAULT_NONE) {
		f = vault_format_check(&v, mac_key, &p);
	}
	ck_assert_uint_eq(f, FAULT_VAULT_DAMAGED);
	check_sentence(&p, old_spoiled[_i].sentence);
	buf_deinit(&file);
}
END_TEST

/* The least of either format: nothing is read past the end, whatever the counts say. */
START_TEST(the_shortest_files_are_cut_short)
{
	struct buf file;
	struct vault_format v;
	for (int old = 0; old < 2; old++) {
		make_file(&file);
		for (size_t len = 0; len < AT_MAC; len++) {
			struct buf cut;
			buf_init(&cut, FILE_LEN);
			ck_assert_uint_eq(buf_add(&cut, slice_first(buf_view(&file), len)),
					  FAULT_NONE);
			if (old == 1 && len > AT_NUMBER + 3) {
				cut.ptr[AT_NUMBER + 3] = 1;
			}
			if (len > DIGEST_LEN + AT_NUMBER + 4) {
				mend(&cut);
			}
			ck_assert_uint_eq(vault_format_read(buf_view(&cut), &v, NULL),
					  FAULT_VAULT_DAMAGED);
			buf_deinit(&cut);
		}
		buf_deinit(&file);
	}
}
END_TEST

START_TEST(a_bad_disk_is_told_by_the_checksum)
{
	struct buf file;
	struct vault_format v;
	struct problem p = {0};
	make_file(&file);
	file.ptr[AT_MAC + 40] ^= 1; /* in a body */
	ck_assert_uint_eq(vault_format_read(buf_view(&file), &v, &p), FAULT_VAULT_DAMAGED);
	check_sentence(&p, "The vault file is damaged: its checksum does not fit.");
	buf_deinit(&file);
}
END_TEST

START_TEST(another_key_is_no_seal)
{
	struct buf file;
	struct vault_format v;
	struct secret *other;
	make_file(&file);
	ck_assert_uint_eq(secret_new(SLICE_LIT("another one of thirty-two bytes!"), &other),
			  FAULT_NONE);
	ck_assert_uint_eq(vault_format_read(buf_view(&file), &v, NULL), FAULT_NONE);
	ck_assert_uint_eq(vault_format_check(&v, other, NULL), FAULT_VAULT_DAMAGED);
	secret_free(&other);
	buf_deinit(&file);
}
END_TEST

START_TEST(tiny_files_are_not_vaults)
{
	char bytes[] = "PPVLT\r\n\x1a\0\0\0\1";
	struct vault_format v;
	for (size_t len = 0; len < sizeof(bytes); len++) {
		ck_assert_uint_eq(vault_format_read(slice_of(bytes, len), &v, NULL),
				  FAULT_VAULT_DAMAGED);
	}
}
END_TEST

START_TEST(ciphertexts_are_bound_to_their_place)
{
	struct vault_head head = {.format = 2, .uuid = "u"};
	struct vault_head other = {.format = 2, .uuid = "v"};
	struct vault_head old = {.format = 1, .uuid = "u"};
	struct vault_entry e = {.kind = VAULT_TENANT, .version = 1};
	struct vault_slot slot = {.kind = VAULT_PASSPHRASE, .kdf = {17, 8, 1}};
	char a[VAULT_AAD], b[VAULT_AAD], sa[VAULT_SLOT_AAD], sb[VAULT_SLOT_AAD];
	struct slice all = vault_format_aad(&head, &e, a);
	ck_assert_uint_eq(all.len, VAULT_AAD);
	for (int i = 0; i < 6; i++) {
		struct vault_entry moved = e;
		moved.kind = i == 0 ? VAULT_SERVER : e.kind;
		moved.version = i == 1 ? 2 : e.version;
		moved.id[15] = i == 2;
		moved.owner[15] = i == 4;
		moved.key = i == 5;
		vault_format_aad(i == 3 ? &other : &head, &moved, b);
		ck_assert_mem_ne(a, b, VAULT_AAD);
	}
	struct slice less = vault_format_aad(&old, &e, b);
	ck_assert_uint_eq(less.len, VAULT_AAD - VAULT_OWNER - 4);
	ck_assert_mem_eq(a, b, less.len);
	vault_format_slot_aad(head.uuid, &slot, sa);
	slot.kdf.log_n = 16;
	vault_format_slot_aad(head.uuid, &slot, sb);
	ck_assert_mem_ne(sa, sb, VAULT_SLOT_AAD);
}
END_TEST

START_TEST(a_full_buffer_is_a_full_vault)
{
	struct vault_head head = {.slot_count = 1};
	struct buf out;
	head.slots[0].kind = VAULT_CREDENTIAL;
	buf_init(&out, 100);
	ck_assert_uint_eq(vault_format_write(&head, NULL, mac_key, &out), FAULT_VAULT_FULL);
	buf_deinit(&out);
}
END_TEST

START_TEST(a_failing_allocation_is_a_fault)
{
	struct vault_head head = {.slot_count = 1};
	struct buf out;
	head.slots[0].kind = VAULT_CREDENTIAL;
	make_file(&out); /* the library's own first steps are not what is tested */
	buf_deinit(&out);
	for (unsigned n = 1;; n++) {
		struct vault_format v;
		buf_init(&out, VAULT_FILE_MAX);
		oom_arm(n);
		enum fault f = vault_format_write(&head, NULL, mac_key, &out);
		if (f == FAULT_NONE) {
			f = vault_format_read(buf_view(&out), &v, NULL);
		}
		if (f == FAULT_NONE) {
			f = vault_format_check(&v, mac_key, NULL);
		}
		bool failed = oom_disarm();
		buf_deinit(&out);
		ck_assert(f == FAULT_NO_MEMORY || f == FAULT_NONE);
		if (!failed) {
			ck_assert_uint_eq(f, FAULT_NONE);
			break;
		}
	}
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("config/vault/format");
	TCase *t = tcase_create("format");
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, what_was_written_is_read);
	tcase_add_loop_test(t, what_cannot_be_is_refused, 0, COUNT_OF(spoiled));
	tcase_add_loop_test(t, a_list_that_cannot_be_is_refused, 0, COUNT_OF(bad_lists));
	tcase_add_test(t, what_was_written_before_is_read);
	tcase_add_loop_test(t, what_was_not_written_before_is_refused, 0, COUNT_OF(old_spoiled));
	tcase_add_test(t, the_shortest_files_are_cut_short);
	tcase_add_test(t, a_bad_disk_is_told_by_the_checksum);
	tcase_add_test(t, another_key_is_no_seal);
	tcase_add_test(t, tiny_files_are_not_vaults);
	tcase_add_test(t, ciphertexts_are_bound_to_their_place);
	tcase_add_test(t, a_full_buffer_is_a_full_vault);
	tcase_add_test(t, a_failing_allocation_is_a_fault);
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	if (secret_heap_start() != FAULT_NONE) {
		return 1;
	}
	return check_main(suite());
}
