#include "relay/gateway/keepers.h"

#include <pthread.h>
#include <stdatomic.h>

#include "tests/support/check_main.h"
#include "tests/support/oom.h"

enum { CLIENTS = 3, THREADS = 8, ROUNDS = 500, PATIENCE_MS = 10 };

/* Nobody listens there: a client opens its socket at its first question, and none is asked here. */
static const struct slice nowhere = SLICE_INIT("/nonexistent/keeper");

static struct keepers *keepers;
static atomic_uint lent;
static atomic_bool too_many;

START_TEST(lends_each_client_once)
{
	struct keeper_client *c[CLIENTS];
	ck_assert_uint_eq(keepers_new(nowhere, CLIENTS, PATIENCE_MS, &keepers), FAULT_NONE);
	for (int i = 0; i < CLIENTS; i++) {
		ck_assert_uint_eq(keepers_borrow(keepers, &c[i]), FAULT_NONE);
		ck_assert_ptr_nonnull(c[i]);
		for (int before = 0; before < i; before++) {
			ck_assert_ptr_ne(c[i], c[before]);
		}
	}
	for (int i = 0; i < CLIENTS; i++) {
		keepers_return(keepers, c[i], FAULT_NONE);
	}
	keepers_free(&keepers);
	ck_assert_ptr_null(keepers);
	keepers_free(&keepers);
}
END_TEST

static void *borrow_and_return(void *unused)
{
	for (int i = 0; i < ROUNDS; i++) {
		struct keeper_client *c;
		if (keepers_borrow(keepers, &c) != FAULT_NONE) {
			break;
		}
		if (atomic_fetch_add(&lent, 1) >= CLIENTS) {
			atomic_store(&too_many, true);
		}
		atomic_fetch_sub(&lent, 1);
		keepers_return(keepers, c, FAULT_NONE);
	}
	return unused;
}

START_TEST(more_threads_than_clients_wait_for_each_other)
{
	pthread_t threads[THREADS];
	ck_assert_uint_eq(keepers_new(nowhere, CLIENTS, PATIENCE_MS, &keepers), FAULT_NONE);
	for (int i = 0; i < THREADS; i++) {
		ck_assert_int_eq(pthread_create(&threads[i], NULL, borrow_and_return, NULL), 0);
	}
	for (int i = 0; i < THREADS; i++) {
		ck_assert_int_eq(pthread_join(threads[i], NULL), 0);
	}
	ck_assert(!atomic_load(&too_many));
	keepers_free(&keepers);
}
END_TEST

/* One asks on while the keeper is down; the others hear at once that it is, whether clients are left or not. */
START_TEST(one_waits_for_a_keeper_that_is_down)
{
	struct keeper_client *c[CLIENTS], *other;
	ck_assert_uint_eq(keepers_new(nowhere, CLIENTS, PATIENCE_MS, &keepers), FAULT_NONE);
	for (int i = 0; i < CLIENTS; i++) { /* all of them were at it when it went down */
		ck_assert_uint_eq(keepers_borrow(keepers, &c[i]), FAULT_NONE);
	}
	keepers_return(keepers, c[0], FAULT_KEEPER_DOWN);
	ck_assert_uint_eq(keepers_borrow(keepers, &c[0]), FAULT_NONE);
	ck_assert_uint_eq(keepers_borrow(keepers, &other), FAULT_KEEPER_DOWN);
	for (int round = 0; round < 3; round++) {
		keepers_return(keepers, c[0], FAULT_KEEPER_DOWN);
		ck_assert_uint_eq(keepers_borrow(keepers, &c[0]), FAULT_NONE);
		ck_assert_uint_eq(keepers_borrow(keepers, &other), FAULT_KEEPER_DOWN);
	}
	for (int i = 1; i < CLIENTS; i++) { /* the others' late ends let nobody else in */
		keepers_return(keepers, c[i], FAULT_KEEPER_DOWN);
		ck_assert_uint_eq(keepers_borrow(keepers, &other), FAULT_KEEPER_DOWN);
	}
	/* Any answer shows that it is up, a refusal too. */
	keepers_return(keepers, c[0], FAULT_NO_CALLER);
	for (int i = 0; i < CLIENTS; i++) {
		ck_assert_uint_eq(keepers_borrow(keepers, &c[i]), FAULT_NONE);
	}
	for (int i = 0; i < CLIENTS; i++) {
		keepers_return(keepers, c[i], FAULT_NONE);
	}
	keepers_free(&keepers);
}
END_TEST

START_TEST(a_failing_allocation_leaves_nothing)
{
	for (unsigned n = 1;; n++) {
		struct keepers *k = NULL;
		oom_arm(n);
		enum fault f = keepers_new(nowhere, CLIENTS, PATIENCE_MS, &k);
		bool failed = oom_disarm();
		ck_assert_uint_eq(f, failed ? FAULT_NO_MEMORY : FAULT_NONE);
		ck_assert_int_eq(k == NULL, failed);
		keepers_free(&k);
		if (!failed) {
			ck_assert_uint_gt(n, CLIENTS);
			break;
		}
	}
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("gateway/keepers");
	TCase *t = tcase_create("keepers");
	tcase_add_test(t, lends_each_client_once);
	tcase_add_test(t, more_threads_than_clients_wait_for_each_other);
	tcase_add_test(t, one_waits_for_a_keeper_that_is_down);
	tcase_add_test(t, a_failing_allocation_leaves_nothing);
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	return check_main(suite());
}
