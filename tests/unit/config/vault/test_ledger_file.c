#include "config/vault/ledger.h"

#include <string.h>

#include "spool-free/base/digest.h"
#include "tests/support/check_main.h"
#include "tests/support/oom.h"
#include "tests/support/vaults.h"

/* Where things are in the file below: the index key, acme's two, one of them with two halves. */
enum {
	AT_NUMBER = 8,
	AT_LEN = 12,
	AT_UUID = 16,
	AT_GENERATION = 32,
	AT_COUNT = 40,
	AT_KEYS = 44,
	LINE_LEN = 38,
	WRAP_LEN = 128,
	AT_SECOND = AT_KEYS + LINE_LEN + WRAP_LEN,
	AT_THIRD = AT_SECOND + LINE_LEN + WRAP_LEN,
	AT_MAC = AT_THIRD + LINE_LEN + 2 * WRAP_LEN,
	FILE_LEN = AT_MAC + VAULT_DIGEST + VAULT_DIGEST,
	TO_NUMBER = VAULT_OWNER,
	TO_KIND = TO_NUMBER + 4,
	TO_WRAPS = TO_KIND + 1,
};

static const unsigned char uuid[VAULT_UUID] = "one vault";
static const unsigned char nobody[VAULT_OWNER];
static const unsigned char acme[VAULT_OWNER] = "acme";

static struct ledger_root root, other_root, third_root;
static struct ledger ledger;

static void add(const unsigned char owner[VAULT_OWNER], enum ledger_kind kind,
		const struct secret *half)
{
	uint32_t number;
	ck_assert_uint_eq(
		(ledger_add(&ledger, &root, &(struct ledger_fresh){owner, kind, half, NULL},
			    &number, NULL)),
		FAULT_NONE);
}

static void derive(char fill, const unsigned char of[VAULT_UUID], struct ledger_root *out)
{
	struct secret *master = vaults_half(fill);
	ck_assert_uint_eq(ledger_root_derive(master, of, out), FAULT_NONE);
	secret_free(&master);
}

static void setup(void)
{
	struct secret *half = vaults_half('h');
	struct secret *second = vaults_half('2');
	derive('m', uuid, &root);
	derive('n', uuid, &other_root);
	derive('o', uuid, &third_root);
	ledger = (struct ledger){.generation = 7};
	add(nobody, LEDGER_INDEX, NULL);
	add(acme, LEDGER_RECORDS, NULL);
	add(acme, LEDGER_SECRETS, half);
	ck_assert_uint_eq(ledger_add_half(&root, &ledger.keys[2], half, second, NULL), FAULT_NONE);
	ledger_stamp(&ledger, 5);
	secret_free(&half);
	secret_free(&second);
}

static void teardown(void)
{
	ledger_root_deinit(&root);
	ledger_root_deinit(&other_root);
	ledger_root_deinit(&third_root);
	ledger_deinit(&ledger);
}

static void make_file(struct buf *out)
{
	buf_init(out, LEDGER_FILE_MAX);
	ck_assert_uint_eq(ledger_write(&ledger, &root, true, out), FAULT_NONE);
	ck_assert_uint_eq(ledger_finish(out), FAULT_NONE);
}

static void mend(struct buf *file)
{
	struct slice covered = slice_first(buf_view(file), file->len - DIGEST_LEN);
	digest_sha256(covered, (unsigned char *)file->ptr + covered.len);
}

/* As if the owner of the master key had written so. */
static void seal(struct buf *file)
{
	unsigned char mac[VAULT_DIGEST];
	size_t covered = file->len - VAULT_DIGEST - DIGEST_LEN;
	ck_assert_uint_eq(vault_crypto_hmac(root.mac, slice_first(buf_view(file), covered), mac),
			  FAULT_NONE);
	memcpy(file->ptr + covered, mac, sizeof(mac));
	mend(file);
}

static enum fault read_by(const struct ledger_root *by, const struct buf *file, struct problem *p)
{
	struct ledger got = {0};
	*p = (struct problem){0};
	enum fault f = ledger_read(buf_view(file), by, &got, p);
	if (f != FAULT_NONE) {
		ck_assert_ptr_null(got.keys);
		ck_assert(p->fault == f && p->len > 0 && p->text[p->len - 1] == '.');
	}
	ledger_deinit(&got);
	return f;
}

START_TEST(what_was_written_is_read)
{
	struct buf file;
	struct ledger got;
	make_file(&file);
	ck_assert_uint_eq(file.len, FILE_LEN);
	ck_assert_uint_eq(ledger_read(buf_view(&file), &root, &got, NULL), FAULT_NONE);
	ck_assert_uint_eq(got.generation, 7);
	ck_assert_uint_eq(got.count, 3);
	for (size_t i = 0; i < got.count; i++) {
		ck_assert_mem_eq(got.keys[i].owner, ledger.keys[i].owner, VAULT_OWNER);
		ck_assert_uint_eq(got.keys[i].number, ledger.keys[i].number);
		ck_assert_uint_eq(got.keys[i].kind, ledger.keys[i].kind);
		ck_assert_uint_eq(got.keys[i].born, 5);
		ck_assert_uint_eq(got.keys[i].until, 0);
		ck_assert_uint_eq(got.keys[i].wrap_count, ledger.keys[i].wrap_count);
		ck_assert_mem_eq(got.keys[i].wraps, ledger.keys[i].wraps,
				 sizeof(got.keys[i].wraps));
	}
	ledger_deinit(&got);
	buf_deinit(&file);
}
END_TEST

START_TEST(what_is_retired_is_written_on_request)
{
	struct buf file;
	struct ledger got;
	ledger.keys[1].is_retired = true;
	ledger_stamp(&ledger, 6);
	for (int all = 0; all < 2; all++) {
		buf_init(&file, LEDGER_FILE_MAX);
		ck_assert_uint_eq(ledger_write(&ledger, &root, all == 1, &file), FAULT_NONE);
		ck_assert_uint_eq(ledger_finish(&file), FAULT_NONE);
		ck_assert_uint_eq(ledger_read(buf_view(&file), &root, &got, NULL), FAULT_NONE);
		ck_assert_uint_eq(got.count, all == 1 ? 3 : 2);
		ck_assert_uint_eq(got.keys[1].until, all == 1 ? 6 : 0);
		ck_assert(!got.keys[1].is_retired);
		ledger_deinit(&got);
		buf_deinit(&file);
	}
}
END_TEST

START_TEST(an_empty_one_is_one)
{
	struct buf file;
	struct problem p;
	ledger_strike(&ledger, nobody);
	ledger_strike(&ledger, acme);
	make_file(&file);
	ck_assert_uint_eq(read_by(&root, &file, &p), FAULT_NONE);
	buf_deinit(&file);
}
END_TEST

/* _i: with a mended checksum, so that only the seal is left. */
START_TEST(every_flipped_byte_is_refused)
{
	struct buf file;
	struct problem p;
	make_file(&file);
	for (size_t at = 0; at < (_i == 0 ? (size_t)FILE_LEN : AT_MAC + VAULT_DIGEST); at++) {
		char kept = file.ptr[at];
		file.ptr[at] = (char)(kept ^ (char)(1U << at % 8));
		if (_i == 1) {
			mend(&file);
		}
		enum fault f = read_by(&root, &file, &p);
		ck_assert_msg(f == FAULT_VAULT_DAMAGED || f == FAULT_VAULT_VERSION, "byte %zu", at);
		file.ptr[at] = kept;
	}
	mend(&file);
	ck_assert_uint_eq(read_by(&root, &file, &p), FAULT_NONE);
	buf_deinit(&file);
}
END_TEST

/* _i: 1 with a mended checksum, 2 with a length that says the same. */
START_TEST(every_truncation_is_refused)
{
	struct buf whole, file;
	struct problem p;
	make_file(&whole);
	for (size_t len = 0; len < FILE_LEN; len++) {
		buf_init(&file, FILE_LEN);
		ck_assert_uint_eq(buf_add(&file, slice_first(buf_view(&whole), len)), FAULT_NONE);
		if (_i == 2 && len > AT_KEYS + DIGEST_LEN) {
			size_t said = len - DIGEST_LEN;
			file.ptr[AT_LEN + 2] = (char)(said >> 8);
			file.ptr[AT_LEN + 3] = (char)(said & 0xFF);
		}
		if (_i > 0 && len > DIGEST_LEN) {
			mend(&file);
		}
		ck_assert_uint_eq(read_by(&root, &file, &p), FAULT_VAULT_DAMAGED);
		buf_deinit(&file);
	}
	buf_deinit(&whole);
}
END_TEST

#define NO_LEDGER "This file is not the key ledger of a Pagepost vault."
#define CUT	  "The vault's key ledger is cut short."
#define UNKNOWN	  "The vault's key ledger has a key that this version does not know."
#define CANNOT_BE "The vault's key ledger has a key that cannot be."
#define FORMAT	  "The vault's key ledger is of a format that this version does not read."
#define ORDER	  "The vault's key ledger is out of order."
#define NO_SEAL                                                                                    \
	"The vault's key ledger was tampered with, or belongs to another master key than the "     \
	"vault file beside it: its seal does not fit."

static const struct {
	size_t at;
	struct slice bytes;
	bool is_sealed; /* anew, so that it is the content that is judged */
	enum fault fault;
	const char *sentence;
} spoiled[] = {
	{0, SLICE_INIT("PPKEY\n\n\x1a"), true, FAULT_VAULT_DAMAGED, NO_LEDGER},
	{0, SLICE_INIT("PPVLT"), true, FAULT_VAULT_DAMAGED, NO_LEDGER},
	{AT_NUMBER, SLICE_INIT("\0\0\0\2"), true, FAULT_VAULT_VERSION, FORMAT},
	{AT_NUMBER, SLICE_INIT("\0\0\0\0"), true, FAULT_VAULT_VERSION, FORMAT},
	{AT_LEN, SLICE_INIT("\0\0\0\0"), true, FAULT_VAULT_DAMAGED, CUT},
	{AT_LEN, SLICE_INIT("\0\0\0\x4b"), true, FAULT_VAULT_DAMAGED, CUT},
	{AT_LEN, SLICE_INIT("\xff\xff\xff\xff"), true, FAULT_VAULT_DAMAGED, CUT},
	/* A section that says it is shorter: what is behind it is none. */
	{AT_LEN, SLICE_INIT("\0\0\0\x4c"), false, FAULT_VAULT_DAMAGED, NO_LEDGER},
	{AT_UUID, SLICE_INIT("two"), true, FAULT_VAULT_DAMAGED,
	 "The key ledger is another vault's."},
	{AT_GENERATION, SLICE_INIT("\1"), false, FAULT_VAULT_DAMAGED, NO_SEAL},
	{AT_COUNT, SLICE_INIT("\0\0\0\4"), true, FAULT_VAULT_DAMAGED, CUT},
	{AT_COUNT, SLICE_INIT("\xff\xff\xff\xff"), true, FAULT_VAULT_DAMAGED, CUT},
	{AT_COUNT, SLICE_INIT("\0\0\0\2"), true, FAULT_VAULT_DAMAGED,
	 "The vault's key ledger has bytes that belong to no key."},
	{AT_COUNT, SLICE_INIT("\0\0\0\0"), true, FAULT_VAULT_DAMAGED,
	 "The vault's key ledger has bytes that belong to no key."},
	{AT_COUNT, SLICE_INIT("\0\0\0\0"), false, FAULT_VAULT_DAMAGED, NO_SEAL},
	{AT_KEYS + TO_KIND, SLICE_INIT("\0"), true, FAULT_VAULT_VERSION, UNKNOWN},
	{AT_KEYS + TO_KIND, SLICE_INIT("\4"), true, FAULT_VAULT_VERSION, UNKNOWN},
	{AT_KEYS + TO_WRAPS, SLICE_INIT("\0"), true, FAULT_VAULT_DAMAGED, CANNOT_BE},
	{AT_KEYS + TO_WRAPS, SLICE_INIT("\3"), true, FAULT_VAULT_DAMAGED, CANNOT_BE},
	{AT_KEYS + TO_NUMBER, SLICE_INIT("\0\0\0\0"), true, FAULT_VAULT_DAMAGED, CANNOT_BE},
	{AT_THIRD + TO_WRAPS, SLICE_INIT("\1"), true, FAULT_VAULT_DAMAGED,
	 "The vault's key ledger has bytes that belong to no key."},
	{AT_SECOND, SLICE_INIT("zzzz"), true, FAULT_VAULT_DAMAGED, ORDER},
	{AT_SECOND + TO_NUMBER, SLICE_INIT("\0\0\0\2"), true, FAULT_VAULT_DAMAGED, ORDER},
	{AT_SECOND + TO_NUMBER, SLICE_INIT("\0\0\0\3"), true, FAULT_VAULT_DAMAGED, ORDER},
	{AT_THIRD + LINE_LEN, SLICE_INIT("x"), false, FAULT_VAULT_DAMAGED, NO_SEAL},
	{AT_MAC, SLICE_INIT("mac"), false, FAULT_VAULT_DAMAGED, NO_SEAL},
};

START_TEST(what_cannot_be_is_refused)
{
	struct buf file;
	struct problem p;
	make_file(&file);
	memcpy(file.ptr + spoiled[_i].at, spoiled[_i].bytes.ptr, spoiled[_i].bytes.len);
	if (spoiled[_i].is_sealed) {
		seal(&file);
	} else {
		mend(&file);
	}
	ck_assert_uint_eq(read_by(&root, &file, &p), spoiled[_i].fault);
	ck_assert_msg(slice_eq(problem_text(&p), slice_of_text(spoiled[_i].sentence)), "%.*s",
		      (int)p.len, p.text);
	buf_deinit(&file);
}
END_TEST

START_TEST(a_bad_disk_is_told_by_the_checksum)
{
	struct buf file;
	struct problem p;
	make_file(&file);
	file.ptr[AT_THIRD] ^= 1;
	ck_assert_uint_eq(read_by(&root, &file, &p), FAULT_VAULT_DAMAGED);
	ck_assert(slice_eq(problem_text(&p),
			   SLICE_LIT("The vault's key ledger is damaged: its checksum does not "
				     "fit.")));
	memset(file.ptr, 0, file.len); /* as one that was replaced is overwritten */
	ck_assert_uint_eq(read_by(&root, &file, &p), FAULT_VAULT_DAMAGED);
	buf_deinit(&file);
}
END_TEST

/* While the master key changes. */
START_TEST(each_root_reads_its_own_section)
{
	struct buf file;
	struct problem p;
	struct ledger got;
	buf_init(&file, LEDGER_FILE_MAX);
	ck_assert_uint_eq(ledger_write(&ledger, &root, true, &file), FAULT_NONE);
	size_t first = file.len;
	for (size_t i = 0; i < ledger.count; i++) {
		ck_assert_uint_eq(ledger_rewrap(&ledger.keys[i], &root, &other_root), FAULT_NONE);
	}
	ledger.generation = 8;
	ledger_strike(&ledger, acme);
	ck_assert_uint_eq(ledger_write(&ledger, &other_root, true, &file), FAULT_NONE);
	ck_assert_uint_eq(ledger_finish(&file), FAULT_NONE);
	ck_assert_uint_eq(ledger_read(buf_view(&file), &root, &got, &p), FAULT_NONE);
	ck_assert_uint_eq(got.generation, 7);
	ck_assert_uint_eq(got.count, 3);
	ledger_deinit(&got);
	ck_assert_uint_eq(ledger_read(buf_view(&file), &other_root, &got, &p), FAULT_NONE);
	ck_assert_uint_eq(got.generation, 8);
	ck_assert_uint_eq(got.count, 1);
	ledger_deinit(&got);
	ck_assert_uint_eq(read_by(&third_root, &file, &p), FAULT_VAULT_DAMAGED);
	ck_assert(slice_eq(problem_text(&p), SLICE_LIT(NO_SEAL)));
	/* A section that is spoiled is nobody's, and in the other's way only as far as its length goes. */
	file.ptr[AT_GENERATION] ^= 1;
	mend(&file);
	ck_assert_uint_eq(read_by(&root, &file, &p), FAULT_VAULT_DAMAGED);
	ck_assert_uint_eq(read_by(&other_root, &file, &p), FAULT_NONE);
	file.ptr[first + AT_UUID] ^= 1;
	mend(&file);
	ck_assert_uint_eq(read_by(&other_root, &file, &p), FAULT_VAULT_DAMAGED);
	buf_deinit(&file);
}
END_TEST

START_TEST(a_full_buffer_is_a_full_vault)
{
	struct buf out;
	buf_init(&out, FILE_LEN - DIGEST_LEN - 1);
	ck_assert_uint_eq(ledger_write(&ledger, &root, true, &out), FAULT_VAULT_FULL);
	ck_assert_uint_eq(out.len, 0);
	buf_deinit(&out);
	buf_init(&out, FILE_LEN - 1);
	ck_assert_uint_eq(ledger_write(&ledger, &root, true, &out), FAULT_NONE);
	ck_assert_uint_eq(ledger_finish(&out), FAULT_VAULT_FULL);
	buf_deinit(&out);
}
END_TEST

START_TEST(a_failing_allocation_is_a_fault)
{
	struct buf file;
	make_file(&file); /* the library's own first steps are not what is tested */
	buf_deinit(&file);
	for (unsigned n = 1;; n++) {
		struct ledger got = {0};
		buf_init(&file, LEDGER_FILE_MAX);
		oom_arm(n);
		enum fault f = ledger_write(&ledger, &root, true, &file);
		if (f == FAULT_NONE) {
			f = ledger_finish(&file);
		}
		if (f == FAULT_NONE) {
			f = ledger_read(buf_view(&file), &root, &got, NULL);
		}
		bool failed = oom_disarm();
		buf_deinit(&file);
		ledger_deinit(&got);
		if (!failed) {
			ck_assert_uint_eq(f, FAULT_NONE);
			break;
		}
		/* The library does without some of its memory. */
		ck_assert(f == FAULT_NONE || f == FAULT_NO_MEMORY || f == FAULT_SYSTEM);
	}
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("config/vault/ledger_file");
	TCase *t = tcase_create("ledger_file");
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, what_was_written_is_read);
	tcase_add_test(t, what_is_retired_is_written_on_request);
	tcase_add_test(t, an_empty_one_is_one);
	tcase_add_loop_test(t, every_flipped_byte_is_refused, 0, 2);
	tcase_add_loop_test(t, every_truncation_is_refused, 0, 3);
	tcase_add_loop_test(t, what_cannot_be_is_refused, 0, COUNT_OF(spoiled));
	tcase_add_test(t, a_bad_disk_is_told_by_the_checksum);
	tcase_add_test(t, each_root_reads_its_own_section);
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
