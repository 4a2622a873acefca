#include "config/keeper/house_keys.h"

#include <string.h>

#include "tests/support/check_main.h"
#include "tests/support/vaults.h"

#define CLAIM "{\"receipt\":1,\"job\":\"x\"}"

enum { TODAY = 20786 };

static struct vault *vault;
static struct problem problem;
static struct secret *keys[2];

static void setup(void)
{
	vault = vaults_sample(vaults_by_credential('k'));
}

static void teardown(void)
{
	secret_free(&keys[0]);
	secret_free(&keys[1]);
	vault_free(&vault);
}

static void make(void)
{
	ck_assert_uint_eq(house_keys_make(vault, &problem), FAULT_NONE);
}

static void day(size_t at, uint32_t number)
{
	secret_free(&keys[at]);
	ck_assert_uint_eq(house_keys_day(vault, number, &keys[at], &problem), FAULT_NONE);
	ck_assert_uint_eq(secret_view(keys[at]).len, HOUSE_DAY_KEY);
}

static struct receipt_keys public_keys(void)
{
	struct receipt_keys k;
	ck_assert_uint_eq(house_keys_public(vault, &k, &problem), FAULT_NONE);
	return k;
}

/* As after a restart. */
static void reopen(void)
{
	struct vaults_files files;
	vaults_encode(vault, &files);
	vault_free(&vault);
	ck_assert_uint_eq(vaults_open(&files, vaults_by_credential('k'), &vault, &problem),
			  FAULT_NONE);
	vaults_deinit(&files);
}

static void sign(struct buf *jws)
{
	buf_init(jws, RECEIPT_JWS_MAX);
	ck_assert_uint_eq(house_keys_sign(vault, SLICE_LIT(CLAIM), jws, &problem), FAULT_NONE);
}

static enum fault check(const struct buf *jws, const struct receipt_keys *k, size_t *out_key)
{
	CLEANUP(buf_deinit) struct buf claim;
	buf_init(&claim, RECEIPT_CLAIM_MAX);
	return receipt_jws_check(buf_view(jws), k, &claim, out_key, NULL);
}

START_TEST(there_are_none_before)
{
	struct receipt_keys k;
	CLEANUP(buf_deinit) struct buf jws;
	buf_init(&jws, RECEIPT_JWS_MAX);
	ck_assert(!house_keys_are_there(vault));
	ck_assert_uint_eq(house_keys_day(vault, TODAY, &keys[0], &problem), FAULT_NOT_FOUND);
	ck_assert_uint_eq(house_keys_sign(vault, SLICE_LIT(CLAIM), &jws, &problem),
			  FAULT_NOT_FOUND);
	ck_assert_uint_eq(house_keys_public(vault, &k, &problem), FAULT_NOT_FOUND);
	ck_assert_uint_eq(house_keys_rotate(vault, &problem), FAULT_NOT_FOUND);
	ck_assert_ptr_null(keys[0]);
}
END_TEST

START_TEST(they_are_made_once)
{
	make();
	ck_assert(house_keys_are_there(vault));
	struct receipt_keys before = public_keys();
	day(0, TODAY);
	make();
	reopen();
	make();
	struct receipt_keys after = public_keys();
	day(1, TODAY);
	ck_assert_uint_eq(after.count, 1);
	ck_assert_mem_eq(after.keys[0], before.keys[0], ED25519_PUBLIC);
	ck_assert(secret_eq(keys[0], secret_view(keys[1])));
	ck_assert_uint_eq(vault_count(vault), VAULTS_COUNT + 1);
}
END_TEST

START_TEST(two_vaults_have_nothing_in_common)
{
	make();
	struct receipt_keys one = public_keys();
	day(0, TODAY);
	vault_free(&vault);
	vault = vaults_sample(vaults_by_credential('k'));
	make();
	struct receipt_keys other = public_keys();
	day(1, TODAY);
	ck_assert_mem_ne(one.keys[0], other.keys[0], ED25519_PUBLIC);
	ck_assert(!secret_eq(keys[0], secret_view(keys[1])));
}
END_TEST

START_TEST(each_day_has_its_own)
{
	make();
	day(0, TODAY);
	day(1, TODAY + 1);
	ck_assert(!secret_eq(keys[0], secret_view(keys[1])));
	day(1, TODAY + 256);
	ck_assert(!secret_eq(keys[0], secret_view(keys[1])));
	day(1, TODAY);
	ck_assert(secret_eq(keys[0], secret_view(keys[1])));
}
END_TEST

START_TEST(receipts_are_signed_by_the_public_key)
{
	CLEANUP(buf_deinit) struct buf jws;
	CLEANUP(buf_deinit) struct buf none;
	size_t key = 99;
	buf_init(&none, RECEIPT_JWS_MAX);
	make();
	sign(&jws);
	struct receipt_keys k = public_keys();
	ck_assert_uint_eq(check(&jws, &k, &key), FAULT_NONE);
	ck_assert_uint_eq(key, 0);
	ck_assert_uint_eq(house_keys_sign(vault, SLICE_LIT("{\"iss\":1}"), &none, &problem),
			  FAULT_BAD_FIELD);
	ck_assert_uint_eq(none.len, 0);
}
END_TEST

/* More often than there is room for keys of before. */
START_TEST(keys_of_before_are_kept)
{
	CLEANUP(buf_deinit) struct buf jws;
	struct receipt_keys k = {.count = 0};
	size_t key = 99;
	make();
	sign(&jws);
	day(0, TODAY);
	for (size_t i = 1; i < RECEIPT_KEYS_MAX; i++) {
		ck_assert_uint_eq(house_keys_rotate(vault, &problem), FAULT_NONE);
		k = public_keys();
		ck_assert_uint_eq(k.count, i + 1);
		ck_assert_uint_eq(check(&jws, &k, &key), FAULT_NONE);
		ck_assert_uint_eq(key, i);
	}
	reopen();
	ck_assert_uint_eq(house_keys_rotate(vault, &problem), FAULT_NONE);
	struct receipt_keys last = public_keys();
	ck_assert_uint_eq(last.count, RECEIPT_KEYS_MAX);
	ck_assert_mem_eq(last.keys[1], k.keys[0], sizeof(k.keys[0]) * HOUSE_KEYS_BEFORE);
	ck_assert_uint_eq(check(&jws, &last, &key), FAULT_BAD_FIELD); /* the oldest went */
	day(1, TODAY);
	ck_assert(secret_eq(keys[0], secret_view(keys[1])));
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("config/keeper/house_keys");
	TCase *t = tcase_create("house_keys");
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, there_are_none_before);
	tcase_add_test(t, they_are_made_once);
	tcase_add_test(t, two_vaults_have_nothing_in_common);
	tcase_add_test(t, each_day_has_its_own);
	tcase_add_test(t, receipts_are_signed_by_the_public_key);
	tcase_add_test(t, keys_of_before_are_kept);
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	return secret_heap_start() == FAULT_NONE ? check_main(suite()) : 1;
}
