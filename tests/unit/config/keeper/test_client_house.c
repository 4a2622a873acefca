#include "config/keeper/client.h"

#include <string.h>
#include <unistd.h>

#include "spool-free/base/instant.h"
#include "config/vault/commit.h"
#include "tests/support/check_main.h"
#include "tests/support/keepers.h"
#include "tests/support/vaults.h"

/* The house's own keys as a real keeper has them: made when they are first asked for, and the same ever after. */

#define CLAIM "{\"receipt\":1,\"job\":\"x\"}"

enum { DAY_MS = 24 * 3600 * 1000 };

static struct keepers k;
static struct keeper_client *c;
static struct problem problem;

static void setup(void)
{
	keepers_setup(&k);
	c = keepers_client(&k, KEEPERS_PATIENCE_MS);
}

static void teardown(void)
{
	keeper_client_free(&c);
	keepers_teardown(&k);
}

static uint32_t today(void)
{
	return (uint32_t)(civil_now().ms / DAY_MS);
}

static bool has_house(void)
{
	struct vault *v = keepers_load(&k);
	enum fault f = vaults_find(v, VAULT_HOUSE, "", "", NULL);
	vault_free(&v);
	return f == FAULT_NONE;
}

static struct receipt_keys public_keys(void)
{
	struct receipt_keys keys = {.count = 0};
	ck_assert_uint_eq(keeper_receipt_keys(c, &keys, &problem), FAULT_NONE);
	return keys;
}

START_TEST(keys_are_made_when_they_are_needed)
{
	uint64_t generation;
	ck_assert(keepers_start(&k));
	ck_assert_uint_eq(keeper_ping(c, &generation), FAULT_NONE);
	ck_assert(!has_house());
	struct receipt_keys first = public_keys();
	ck_assert(has_house());
	ck_assert_uint_eq(first.count, 1);
	uint64_t after;
	ck_assert_uint_eq(keeper_ping(c, &after), FAULT_NONE);
	ck_assert_uint_eq(after, generation + 1);
	struct receipt_keys again = public_keys();
	ck_assert_mem_eq(again.keys, first.keys, sizeof(first.keys[0]));
	ck_assert_uint_eq(keeper_ping(c, &generation), FAULT_NONE);
	ck_assert_uint_eq(after, generation);
}
END_TEST

START_TEST(keys_outlive_a_keeper)
{
	unsigned char day[KEEPER_DAY_KEY];
	unsigned char same[KEEPER_DAY_KEY];
	ck_assert(keepers_start(&k));
	ck_assert_uint_eq(keeper_tag_key(c, today(), day, &problem), FAULT_NONE);
	struct receipt_keys first = public_keys();
	keepers_stop(&k);
	ck_assert(keepers_start(&k));
	/* At midnight today's key is yesterday's, and still told. */
	ck_assert_uint_eq(keeper_tag_key(c, today(), same, &problem), FAULT_NONE);
	if (memcmp(day, same, sizeof(day)) != 0) {
		ck_assert_uint_eq(keeper_tag_key(c, today() - 1, same, &problem), FAULT_NONE);
	}
	ck_assert_mem_eq(day, same, sizeof(day));
	struct receipt_keys again = public_keys();
	ck_assert_mem_eq(again.keys, first.keys, sizeof(first.keys[0]));
	ck_assert_uint_eq(keeper_tag_key(c, today() - 40, same, &problem), FAULT_NOT_FOUND);
	ck_assert_uint_eq(keeper_tag_key(c, today() + 9, same, &problem), FAULT_NOT_FOUND);
}
END_TEST

START_TEST(receipts_are_signed_and_nothing_else)
{
	CLEANUP(buf_deinit) struct buf receipt;
	CLEANUP(buf_deinit) struct buf claim;
	size_t key;
	buf_init(&receipt, RECEIPT_JWS_MAX);
	buf_init(&claim, RECEIPT_CLAIM_MAX);
	ck_assert(keepers_start(&k));
	ck_assert_uint_eq(keeper_sign_receipt(c, SLICE_LIT("{\"iss\":1}"), &receipt, &problem),
			  FAULT_KEEPER_PROTOCOL);
	ck_assert_uint_eq(receipt.len, 0);
	ck_assert_uint_eq(keeper_sign_receipt(c, SLICE_LIT(CLAIM), &receipt, &problem), FAULT_NONE);
	struct receipt_keys keys = public_keys();
	ck_assert_uint_eq(receipt_jws_check(buf_view(&receipt), &keys, &claim, &key, &problem),
			  FAULT_NONE);
	ck_assert(slice_eq(buf_view(&claim), SLICE_LIT(CLAIM)));
}
END_TEST

/* While a command has the vault, keys that are there serve on; others are not made. */
START_TEST(a_locked_vault_makes_no_keys)
{
	struct receipt_keys keys;
	ck_assert(keepers_start(&k));
	keepers_begin(&k);
	ck_assert_uint_eq(keeper_receipt_keys(c, &keys, &problem), FAULT_CONFLICT);
	keepers_end(&k);
	ck_assert(!has_house());
	public_keys();
	keepers_begin(&k);
	ck_assert_uint_eq(keeper_receipt_keys(c, &keys, &problem), FAULT_NONE);
	keepers_end(&k);
}
END_TEST

/* What could not be saved is not told: nobody would have it after a restart. */
START_TEST(keys_that_cannot_be_saved_are_none)
{
	struct receipt_keys keys;
	k.file_max = 1;
	ck_assert(keepers_start(&k));
	ck_assert_uint_eq(keeper_receipt_keys(c, &keys, &problem), FAULT_VAULT_IO);
	ck_assert_uint_eq(keeper_receipt_keys(c, &keys, &problem), FAULT_VAULT_IO);
	ck_assert(!has_house());
}
END_TEST

/* Everything that seals the vault anew keeps them. */
START_TEST(a_rotated_vault_keeps_them)
{
	ck_assert(keepers_start(&k));
	struct receipt_keys first = public_keys();
	struct vault *v = keepers_begin(&k);
	ck_assert_uint_eq(vault_rotate(v, vaults_by_credential('k'), 1,
				       (struct vault_kdf){.log_n = VAULTS_LOG_N, .r = 8, .p = 1},
				       &problem),
			  FAULT_NONE);
	keepers_end(&k);
	struct receipt_keys again = public_keys();
	ck_assert_mem_eq(again.keys, first.keys, sizeof(first.keys[0]));
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("config/keeper/client_house");
	TCase *t = tcase_create("client_house");
	tcase_set_timeout(t, 60);
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, keys_are_made_when_they_are_needed);
	tcase_add_test(t, keys_outlive_a_keeper);
	tcase_add_test(t, receipts_are_signed_and_nothing_else);
	tcase_add_test(t, a_locked_vault_makes_no_keys);
	tcase_add_test(t, keys_that_cannot_be_saved_are_none);
	tcase_add_test(t, a_rotated_vault_keeps_them);
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	return secret_heap_start() == FAULT_NONE ? check_main(suite()) : 1;
}
