#include "config/vault/ledger.h"

#include <string.h>

#include "tests/support/check_main.h"
#include "tests/support/oom.h"
#include "tests/support/vaults.h"

static const unsigned char uuid[VAULT_UUID] = "one vault";
static const unsigned char other_uuid[VAULT_UUID] = "another";
static const unsigned char acme[VAULT_OWNER] = "acme";
static const unsigned char bare[VAULT_OWNER] = "bare";

static struct ledger_root root, other_root;
static struct ledger ledger;
static struct secret *half, *wrong_half;

static void derive(char fill, const unsigned char of[VAULT_UUID], struct ledger_root *out)
{
	struct secret *master = vaults_half(fill);
	ck_assert_uint_eq(ledger_root_derive(master, of, out), FAULT_NONE);
	secret_free(&master);
}

static void setup(void)
{
	derive('m', uuid, &root);
	derive('n', uuid, &other_root);
	half = vaults_half('h');
	wrong_half = vaults_half('w');
	ledger = (struct ledger){0};
}

static void teardown(void)
{
	ledger_root_deinit(&root);
	ledger_root_deinit(&other_root);
	ledger_deinit(&ledger);
	secret_free(&half);
	secret_free(&wrong_half);
}

static struct ledger_key *add(const unsigned char owner[VAULT_OWNER], enum ledger_kind kind,
			      const struct secret *with)
{
	uint32_t number = 0;
	ck_assert_uint_eq(
		(ledger_add(&ledger, &root, &(struct ledger_fresh){owner, kind, with, NULL},
			    &number, NULL)),
		FAULT_NONE);
	return ledger_find(&ledger, owner, number);
}

static void check_sentence(const struct problem *p, const char *sentence)
{
	ck_assert_msg(slice_eq(problem_text(p), slice_of_text(sentence)), "%.*s", (int)p->len,
		      p->text);
}

/* What a key is, opened; the caller's. */
static struct secret *opened(const struct ledger_root *by, const struct ledger_key *key,
			     const struct secret *with)
{
	struct secret *s = NULL;
	struct problem p = {0};
	enum fault f = ledger_open(by, key, with, &s, &p);
	ck_assert_msg(f == FAULT_NONE, "%.*s", (int)p.len, p.text);
	ck_assert_uint_eq(secret_view(s).len, VAULT_KEY);
	return s;
}

static void check_opens_not(const struct ledger_root *by, const struct ledger_key *key,
			    const struct secret *with, enum fault expected)
{
	struct secret *s = NULL;
	struct problem p = {0};
	ck_assert_uint_eq(ledger_open(by, key, with, &s, &p), expected);
	ck_assert_ptr_null(s);
	ck_assert(p.fault == expected && p.len > 0 && p.text[p.len - 1] == '.');
}

START_TEST(keys_are_random_and_open_as_they_were_given)
{
	uint32_t number;
	struct secret *first = opened(&root, add(acme, LEDGER_RECORDS, NULL), NULL);
	struct secret *second = opened(&root, add(acme, LEDGER_RECORDS, NULL), NULL);
	ck_assert(!secret_eq(first, secret_view(second)));
	struct secret *given = vaults_half('g');
	ck_assert_uint_eq(
		(ledger_add(&ledger, &root, &(struct ledger_fresh){bare, LEDGER_INDEX, NULL, given},
			    &number, NULL)),
		FAULT_NONE);
	struct secret *again = opened(&root, ledger_find(&ledger, bare, number), NULL);
	ck_assert(secret_eq(given, secret_view(again)));
	secret_free(&first);
	secret_free(&second);
	secret_free(&given);
	secret_free(&again);
}
END_TEST

START_TEST(keys_are_numbered_by_their_owner)
{
	unsigned char least[VAULT_OWNER] = {0};
	ck_assert_uint_eq(add(bare, LEDGER_RECORDS, NULL)->number, 1);
	ck_assert_uint_eq(add(acme, LEDGER_RECORDS, NULL)->number, 1);
	ck_assert_uint_eq(add(acme, LEDGER_SECRETS, half)->number, 2);
	ck_assert_uint_eq(add(bare, LEDGER_RECORDS, NULL)->number, 2);
	ck_assert_uint_eq(add(least, LEDGER_INDEX, NULL)->number, 1);
	ck_assert_uint_eq(ledger.count, 5);
	for (size_t i = 1; i < ledger.count; i++) {
		int order = memcmp(ledger.keys[i - 1].owner, ledger.keys[i].owner, VAULT_OWNER);
		ck_assert(order < 0 ||
			  (order == 0 && ledger.keys[i - 1].number < ledger.keys[i].number));
	}
	ck_assert_ptr_null(ledger_find(&ledger, acme, 3));
	ck_assert_ptr_null(ledger_find(&ledger, acme, 0));
	ck_assert_ptr_null(ledger_find(&ledger, least, 2));
}
END_TEST

START_TEST(the_current_key_is_the_newest_that_is_not_retired)
{
	ck_assert_ptr_null(ledger_current(&ledger, acme, LEDGER_RECORDS));
	add(bare, LEDGER_RECORDS, NULL);
	ck_assert_ptr_null(ledger_current(&ledger, acme, LEDGER_RECORDS));
	add(acme, LEDGER_RECORDS, NULL);
	ck_assert_ptr_null(ledger_current(&ledger, acme, LEDGER_SECRETS));
	add(acme, LEDGER_RECORDS, NULL);
	add(acme, LEDGER_SECRETS, half);
	ck_assert_uint_eq(ledger_current(&ledger, acme, LEDGER_RECORDS)->number, 2);
	ck_assert_uint_eq(ledger_current(&ledger, acme, LEDGER_SECRETS)->number, 3);
	ledger_find(&ledger, acme, 2)->is_retired = true;
	ck_assert_uint_eq(ledger_current(&ledger, acme, LEDGER_RECORDS)->number, 1);
	ledger_find(&ledger, acme, 1)->is_retired = true;
	ck_assert_ptr_null(ledger_current(&ledger, acme, LEDGER_RECORDS));
}
END_TEST

/* A key that was copied into another line, or read by another vault, opens nothing. _i: by a half as well. */
START_TEST(wraps_are_bound_to_their_place)
{
	struct ledger_root elsewhere;
	const struct secret *with = _i == 0 ? NULL : half;
	enum ledger_kind kind = _i == 0 ? LEDGER_RECORDS : LEDGER_SECRETS;
	const struct ledger_key key = *add(acme, kind, with);
	struct ledger_key moved = key;
	struct secret *s = opened(&root, &key, with);
	memcpy(moved.owner, bare, VAULT_OWNER);
	check_opens_not(&root, &moved, with, FAULT_VAULT_DAMAGED);
	moved = key;
	moved.number++;
	check_opens_not(&root, &moved, with, FAULT_VAULT_DAMAGED);
	moved = key;
	moved.kind = LEDGER_INDEX;
	check_opens_not(&root, &moved, with, FAULT_VAULT_DAMAGED);
	moved.kind = _i == 0 ? LEDGER_SECRETS : LEDGER_RECORDS; /* the half's seal is no key */
	check_opens_not(&root, &moved, half, FAULT_VAULT_DAMAGED);
	check_opens_not(&other_root, &key, with, FAULT_VAULT_DAMAGED);
	derive('m', other_uuid, &elsewhere);
	check_opens_not(&elsewhere, &key, with, FAULT_VAULT_DAMAGED);
	memcpy(elsewhere.uuid, uuid, VAULT_UUID);
	check_opens_not(&elsewhere, &key, with, FAULT_VAULT_DAMAGED);
	ledger_root_deinit(&elsewhere);
	secret_free(&s);
}
END_TEST

START_TEST(every_flipped_byte_of_a_wrap_is_refused)
{
	struct ledger_key key = *add(acme, LEDGER_SECRETS, half);
	unsigned char *bytes = (unsigned char *)&key.wraps[0];
	for (size_t at = 0; at < sizeof(key.wraps[0]); at++) {
		struct secret *s = NULL;
		bytes[at] ^= 0x10;
		enum fault f = ledger_open(&root, &key, half, &s, NULL);
		ck_assert_msg(f == FAULT_VAULT_DAMAGED || f == FAULT_KEY_HALF, "byte %zu", at);
		ck_assert_ptr_null(s);
		bytes[at] ^= 0x10;
	}
	secret_free((struct secret *[]){opened(&root, &key, half)});
}
END_TEST

#define NEEDS                                                                                      \
	"This tenant's secrets open only with its half of the key, 32 bytes that go along with "   \
	"each request (X-Pagepost-Key)."
#define WRONG "This half of the key is not the one that the tenant's secrets were sealed with."

static const struct {
	const char *half; /* NULL: none */
	const char *sentence;
} halves[] = {
	{NULL, NEEDS},
	{"", NEEDS},
	{"h", NEEDS},
	{"hhhhhhhhhhhhhhhhhhhhhhhhhhhhhhh", NEEDS},
	{"hhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhh", NEEDS},
	{"hhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhi", WRONG},
	{"ihhhhhhhhhhhhhhhhhhhhhhhhhhhhhhh", WRONG},
	{"mmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmm", WRONG}, /* the master key */
};

START_TEST(another_half_is_refused_by_name)
{
	struct problem p = {0};
	struct secret *given = NULL, *s = NULL;
	struct ledger_key key = *add(acme, LEDGER_SECRETS, half);
	const struct ledger_key before = key;
	if (halves[_i].half != NULL) {
		ck_assert_uint_eq(secret_new(slice_of_text(halves[_i].half), &given), FAULT_NONE);
	}
	ck_assert_uint_eq(ledger_open(&root, &key, given, &s, &p), FAULT_KEY_HALF);
	check_sentence(&p, halves[_i].sentence);
	ck_assert_ptr_null(s);
	p = (struct problem){0};
	ck_assert_uint_eq(ledger_add_half(&root, &key, given, wrong_half, &p), FAULT_KEY_HALF);
	check_sentence(&p, halves[_i].sentence);
	p = (struct problem){0};
	ck_assert_uint_eq(ledger_keep_half(&root, &key, given, &p), FAULT_KEY_HALF);
	check_sentence(&p, halves[_i].sentence);
	ck_assert_mem_eq(&before, &key, sizeof(key));
	secret_free(&given);
}
END_TEST

START_TEST(one_half_follows_the_other)
{
	struct secret *second = vaults_half('2');
	struct secret *third = vaults_half('3');
	struct ledger_key *key = add(acme, LEDGER_SECRETS, half);
	struct secret *plain = opened(&root, key, half);
	ck_assert_uint_eq(ledger_add_half(&root, key, half, second, NULL), FAULT_NONE);
	const struct secret *fitting[] = {half, second};
	for (size_t i = 0; i < COUNT_OF(fitting); i++) {
		struct secret *s = opened(&root, key, fitting[i]);
		ck_assert(secret_eq(plain, secret_view(s)));
		secret_free(&s);
	}
	check_opens_not(&root, key, wrong_half, FAULT_KEY_HALF);
	/* By the second one: the first one goes, since two may fit. */
	ck_assert_uint_eq(ledger_add_half(&root, key, second, third, NULL), FAULT_NONE);
	ck_assert_uint_eq(key->wrap_count, 2);
	check_opens_not(&root, key, half, FAULT_KEY_HALF);
	ck_assert_uint_eq(ledger_keep_half(&root, key, third, NULL), FAULT_NONE);
	ck_assert_uint_eq(key->wrap_count, 1);
	check_opens_not(&root, key, second, FAULT_KEY_HALF);
	check_opens_not(&root, key, half, FAULT_KEY_HALF);
	struct secret *s = opened(&root, key, third);
	ck_assert(secret_eq(plain, secret_view(s)));
	secret_free(&s);
	secret_free(&plain);
	secret_free(&second);
	secret_free(&third);
}
END_TEST

START_TEST(another_root_wraps_without_the_half)
{
	struct secret *second = vaults_half('2');
	struct ledger_key *key = add(acme, LEDGER_SECRETS, half);
	struct secret *plain = opened(&root, key, half);
	ck_assert_uint_eq(ledger_add_half(&root, key, half, second, NULL), FAULT_NONE);
	const struct ledger_key before = *key;
	ck_assert_uint_eq(ledger_rewrap(key, &other_root, &root), FAULT_VAULT_DAMAGED);
	ck_assert_mem_eq(&before, key, sizeof(before));
	ck_assert_uint_eq(ledger_rewrap(key, &root, &other_root), FAULT_NONE);
	check_opens_not(&root, key, half, FAULT_VAULT_DAMAGED);
	check_opens_not(&other_root, key, NULL, FAULT_KEY_HALF);
	check_opens_not(&other_root, key, wrong_half, FAULT_KEY_HALF);
	const struct secret *fitting[] = {half, second};
	for (size_t i = 0; i < COUNT_OF(fitting); i++) {
		struct secret *s = opened(&other_root, key, fitting[i]);
		ck_assert(secret_eq(plain, secret_view(s)));
		secret_free(&s);
	}
	secret_free(&plain);
	secret_free(&second);
}
END_TEST

START_TEST(what_is_struck_or_swept_is_gone)
{
	add(acme, LEDGER_RECORDS, NULL);
	add(acme, LEDGER_SECRETS, half);
	add(bare, LEDGER_RECORDS, NULL)->is_retired = true;
	add(bare, LEDGER_RECORDS, NULL);
	ledger_strike(&ledger, uuid); /* nobody's */
	ck_assert_uint_eq(ledger.count, 4);
	ledger_strike(&ledger, acme);
	ck_assert_uint_eq(ledger.count, 2);
	ck_assert_ptr_null(ledger_find(&ledger, acme, 1));
	ck_assert_ptr_null(ledger_current(&ledger, acme, LEDGER_SECRETS));
	ledger_sweep(&ledger);
	ck_assert_uint_eq(ledger.count, 1);
	ck_assert_ptr_null(ledger_find(&ledger, bare, 1));
	ck_assert_ptr_nonnull(ledger_find(&ledger, bare, 2));
	ledger_strike(&ledger, bare);
	ledger_strike(&ledger, bare);
	ck_assert_uint_eq(ledger.count, 0);
}
END_TEST

static const struct {
	uint64_t born, until, generation;
	bool lives;
} lives[] = {
	{1, 0, 1, true}, {1, 0, 9, true},  {5, 0, 4, false}, {5, 0, 5, true},  {5, 8, 4, false},
	{5, 8, 7, true}, {5, 8, 8, false}, {5, 8, 9, false}, {5, 5, 5, false}, {9, 0, 0, false},
};

START_TEST(keys_live_as_long_as_they_are_used)
{
	struct ledger_key *key = add(acme, LEDGER_RECORDS, NULL);
	key->born = lives[_i].born;
	key->until = lives[_i].until;
	add(bare, LEDGER_RECORDS, NULL); /* not written yet */
	ck_assert_int_eq(ledger_keep_live(&ledger, lives[_i].generation),
			 !lives[_i].lives || lives[_i].until != 0);
	ck_assert_int_eq(ledger_find(&ledger, acme, 1) != NULL, lives[_i].lives);
	/* An end that did not come is none. */
	ck_assert(!lives[_i].lives || ledger_find(&ledger, acme, 1)->until == 0);
	ck_assert_ptr_nonnull(ledger_find(&ledger, bare, 1));
}
END_TEST

START_TEST(stamps_are_set_once)
{
	add(acme, LEDGER_RECORDS, NULL)->is_retired = true;
	add(acme, LEDGER_RECORDS, NULL);
	ledger_stamp(&ledger, 7);
	ledger_find(&ledger, acme, 2)->is_retired = true;
	ledger_stamp(&ledger, 9);
	ck_assert_uint_eq(ledger.keys[0].born, 7);
	ck_assert_uint_eq(ledger.keys[0].until, 7);
	ck_assert_uint_eq(ledger.keys[1].born, 7);
	ck_assert_uint_eq(ledger.keys[1].until, 9);
	ledger_find(&ledger, acme, 2)->is_retired = false;
	ledger_stamp(&ledger, 10);
	ck_assert_uint_eq(ledger.keys[0].until, 7);
	ck_assert_uint_eq(ledger.keys[1].until, 0);
}
END_TEST

static enum fault do_one(int which, struct ledger_key *key)
{
	struct ledger fresh = {0};
	struct ledger_root derived = {0};
	struct secret *s = NULL;
	struct ledger_key copy = *key;
	uint32_t number;
	enum fault f = FAULT_NONE;
	switch (which) {
	case 0:
		f = ledger_add(&fresh, &root,
			       &(struct ledger_fresh){acme, LEDGER_SECRETS, half, NULL}, &number,
			       NULL);
		break;
	case 1:
		f = ledger_open(&root, key, half, &s, NULL);
		break;
	case 2:
		f = ledger_add_half(&root, &copy, half, wrong_half, NULL);
		break;
	case 3:
		f = ledger_keep_half(&root, &copy, half, NULL);
		break;
	case 4:
		f = ledger_rewrap(&copy, &root, &other_root);
		break;
	default:
		f = ledger_root_derive(half, uuid, &derived);
		break;
	}
	if (f != FAULT_NONE) {
		ck_assert_uint_eq(fresh.count, 0);
		ck_assert_mem_eq(&copy, key, sizeof(copy));
		ck_assert_ptr_null(s);
		ck_assert_ptr_null(derived.wrap);
	}
	ledger_deinit(&fresh);
	ledger_root_deinit(&derived);
	secret_free(&s);
	return f;
}

START_TEST(a_failing_allocation_is_a_fault)
{
	struct ledger_key key = *add(acme, LEDGER_SECRETS, half);
	for (unsigned n = 1;; n++) {
		oom_arm(n);
		enum fault f = do_one(_i, &key);
		bool failed = oom_disarm();
		if (f == FAULT_NONE) {
			break;
		}
		ck_assert(failed && (f == FAULT_NO_MEMORY || f == FAULT_SYSTEM));
	}
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("config/vault/ledger");
	TCase *t = tcase_create("ledger");
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, keys_are_random_and_open_as_they_were_given);
	tcase_add_test(t, keys_are_numbered_by_their_owner);
	tcase_add_test(t, the_current_key_is_the_newest_that_is_not_retired);
	tcase_add_loop_test(t, wraps_are_bound_to_their_place, 0, 2);
	tcase_add_test(t, every_flipped_byte_of_a_wrap_is_refused);
	tcase_add_loop_test(t, another_half_is_refused_by_name, 0, COUNT_OF(halves));
	tcase_add_test(t, one_half_follows_the_other);
	tcase_add_test(t, another_root_wraps_without_the_half);
	tcase_add_test(t, what_is_struck_or_swept_is_gone);
	tcase_add_loop_test(t, keys_live_as_long_as_they_are_used, 0, COUNT_OF(lives));
	tcase_add_test(t, stamps_are_set_once);
	tcase_add_loop_test(t, a_failing_allocation_is_a_fault, 0, 6);
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
