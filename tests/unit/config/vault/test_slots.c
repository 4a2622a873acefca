#include "config/vault/slots.h"

#include <string.h>

#include "tests/support/check_main.h"
#include "tests/support/oom.h"
#include "tests/support/vaults.h"

static const struct vault_kdf cheap = {.log_n = VAULTS_LOG_N, .r = 8, .p = 1};
static const unsigned char uuid[VAULT_UUID] = "a file's UUID...";
static struct secret *master;
static struct vault_head head;

static void setup(void)
{
	ck_assert_uint_eq(secret_new(SLICE_LIT("a key of thirty-two bytes, as is"), &master),
			  FAULT_NONE);
	head = (struct vault_head){0};
	memcpy(head.uuid, uuid, sizeof(uuid));
}

static void teardown(void)
{
	secret_free(&master);
}

static void add(const struct vault_unlock *u)
{
	ck_assert_uint_eq(
		vault_slot_make(uuid, master, u, cheap, &head.slots[head.slot_count++], NULL),
		FAULT_NONE);
}

static void check_opens(const struct vault_unlock *u)
{
	struct secret *got;
	struct problem p = {0};
	ck_assert_uint_eq(vault_slots_open(&head, u, &got, &p), FAULT_NONE);
	ck_assert(secret_eq(got, secret_view(master)));
	secret_free(&got);
}

static void check_locked(const struct vault_unlock *u)
{
	struct secret *got = NULL;
	struct problem p = {0};
	ck_assert_uint_eq(vault_slots_open(&head, u, &got, &p), FAULT_VAULT_LOCKED);
	ck_assert_ptr_null(got);
	ck_assert_uint_gt(p.len, 0);
}

START_TEST(each_slot_opens_by_its_own_key)
{
	add(vaults_by_phrase("one"));
	add(vaults_by_credential('c'));
	add(vaults_by_phrase("two"));
	add(vaults_by_credential('d'));
	check_opens(vaults_by_phrase("one"));
	check_opens(vaults_by_phrase("two"));
	check_opens(vaults_by_credential('c'));
	check_opens(vaults_by_credential('d'));
	check_locked(vaults_by_phrase("three"));
	check_locked(vaults_by_phrase(""));
	check_locked(vaults_by_credential('e'));
}
END_TEST

START_TEST(an_equal_slot_is_never_made_twice)
{
	add(vaults_by_credential('c'));
	add(vaults_by_credential('c'));
	ck_assert_mem_ne(head.slots[0].salt, head.slots[1].salt, VAULT_SALT);
	ck_assert_mem_ne(head.slots[0].wrapped, head.slots[1].wrapped, VAULT_WRAPPED);
}
END_TEST

enum spoil { SPOIL_UUID, SPOIL_SALT, SPOIL_WRAPPED, SPOIL_COST, SPOIL_TAG, SPOIL_COUNT };

START_TEST(a_changed_slot_does_not_open)
{
	add(vaults_by_phrase("one"));
	struct vault_slot *s = &head.slots[0];
	check_opens(vaults_by_phrase("one"));
	head.uuid[0] ^= _i == SPOIL_UUID;
	s->salt[31] ^= _i == SPOIL_SALT;
	s->wrapped[0] ^= _i == SPOIL_WRAPPED;
	s->kdf.log_n += _i == SPOIL_COST;
	s->wrapped[VAULT_WRAPPED - 1] ^= _i == SPOIL_TAG;
	check_locked(vaults_by_phrase("one"));
}
END_TEST

static const struct {
	uint8_t log_n, r, p;
} costs[] = {{0, 8, 1},
	     {VAULT_LOG_N_MAX + 1, 8, 1},
	     {64, 8, 1},
	     {255, 255, 255},
	     {VAULTS_LOG_N, 0, 1},
	     {VAULTS_LOG_N, 17, 1},
	     {VAULTS_LOG_N, 8, 0},
	     {VAULTS_LOG_N, 8, 5}};

START_TEST(a_cost_out_of_bounds_is_not_paid)
{
	struct secret *got = NULL;
	struct problem p = {0};
	add(vaults_by_phrase("one"));
	head.slots[0].kdf = (struct vault_kdf){costs[_i].log_n, costs[_i].r, costs[_i].p};
	ck_assert_uint_eq(vault_slots_open(&head, vaults_by_phrase("one"), &got, &p),
			  FAULT_VAULT_DAMAGED);
	ck_assert_uint_gt(p.len, 0);
}
END_TEST

START_TEST(a_short_credential_makes_no_slot)
{
	struct secret *tiny;
	struct vault_slot slot;
	struct problem p = {0};
	ck_assert_uint_eq(secret_new(SLICE_LIT("thirty-one bytes are too few..."), &tiny),
			  FAULT_NONE);
	struct vault_unlock u = {.kind = VAULT_CREDENTIAL, .bytes = tiny};
	ck_assert_uint_eq(vault_slot_make(uuid, master, &u, cheap, &slot, &p), FAULT_VAULT_LOCKED);
	ck_assert(slice_eq(problem_text(&p),
			   SLICE_LIT("A credential must hold at least 32 random bytes.")));
	secret_free(&tiny);
}
END_TEST

START_TEST(a_failing_allocation_is_a_fault)
{
	const struct vault_unlock *u = vaults_by_credential('c');
	add(u);
	check_opens(u);
	for (unsigned n = 1;; n++) {
		struct secret *got = NULL;
		oom_arm(n);
		enum fault f = vault_slots_open(&head, u, &got, NULL);
		bool failed = oom_disarm();
		ck_assert_int_eq(got != NULL, f == FAULT_NONE);
		secret_free(&got);
		if (!failed) {
			ck_assert_uint_eq(f, FAULT_NONE);
			break;
		}
		ck_assert(f == FAULT_NONE || f == FAULT_NO_MEMORY || f == FAULT_SYSTEM);
	}
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("config/vault/slots");
	TCase *t = tcase_create("slots");
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, each_slot_opens_by_its_own_key);
	tcase_add_test(t, an_equal_slot_is_never_made_twice);
	tcase_add_loop_test(t, a_changed_slot_does_not_open, 0, SPOIL_COUNT);
	tcase_add_loop_test(t, a_cost_out_of_bounds_is_not_paid, 0, COUNT_OF(costs));
	tcase_add_test(t, a_short_credential_makes_no_slot);
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
