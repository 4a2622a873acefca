#include "relay/smtp/pool.h"

#include <string.h>

#include "relay/smtp/smtp.h"
#include "tests/support/check_main.h"

static struct smtp_upstream upstream(const struct secret *password)
{
	return (struct smtp_upstream){
		.tenant = SLICE_LIT("acme"),
		.host = SLICE_LIT("smtp.example.com"),
		.port = 465,
		.tls = TLS_IMPLICIT,
		.ca_pem = SLICE_LIT(""),
		.username = SLICE_LIT("me"),
		.password = password,
	};
}

enum change {
	NOTHING,
	TENANT,
	SHARED,
	HOST,
	PORT,
	TLS,
	CA,
	USERNAME,
	PASSWORD,
	SHIFTED,
	PINS,
	CHANGES
};

static void change(struct smtp_upstream *u, enum change what, const struct secret *other)
{
	switch (what) {
	case TENANT:
		u->tenant = SLICE_LIT("other");
		break;
	case SHARED:
		u->is_shared = true;
		break;
	case HOST:
		u->host = SLICE_LIT("smtp.example.org");
		break;
	case PORT:
		u->port = 587;
		break;
	case TLS:
		u->tls = TLS_STARTTLS;
		break;
	case CA:
		u->ca_pem = SLICE_LIT("x");
		break;
	case USERNAME:
		u->username = SLICE_LIT("you");
		break;
	case PASSWORD:
		u->password = other;
		break;
	case SHIFTED: /* the same bytes in a row */
		u->tenant = SLICE_LIT("acmes");
		u->host = SLICE_LIT("mtp.example.com");
		break;
	case PINS:
		u->pins.count = 1;
		break;
	case NOTHING:
	case CHANGES:
		break;
	}
}

START_TEST(every_part_counts)
{
	CLEANUP(secret_free) struct secret *password = NULL;
	CLEANUP(secret_free) struct secret *other = NULL;
	static struct smtp_pool pool;
	struct smtp_route *first, *second;
	ck_assert_int_eq(secret_new(SLICE_LIT("secret"), &password), FAULT_NONE);
	ck_assert_int_eq(secret_new(SLICE_LIT("Secret"), &other), FAULT_NONE);
	struct smtp_upstream u = upstream(password);
	ck_assert_int_eq(smtp_pool_find(&pool, &u, &first), FAULT_NONE);
	change(&u, (enum change)_i, other);
	ck_assert_int_eq(smtp_pool_find(&pool, &u, &second), FAULT_NONE);
	ck_assert_int_eq(first == second, _i == NOTHING);
	ck_assert_uint_eq(pool.routes, _i == NOTHING ? 1 : 2);
	smtp_pool_prune(&pool, first, (struct instant){.ms = 0});
	if (first != second) {
		smtp_pool_prune(&pool, second, (struct instant){.ms = 0});
	}
	ck_assert_uint_eq(pool.routes, 0);
}
END_TEST

/* The operator's account is one, whose job it ever is. */
START_TEST(shared_by_tenants)
{
	static struct smtp_pool pool;
	struct smtp_route *first, *second;
	struct smtp_upstream u = upstream(NULL);
	u.is_shared = true;
	ck_assert_int_eq(smtp_pool_find(&pool, &u, &first), FAULT_NONE);
	u.tenant = SLICE_LIT("other");
	ck_assert_int_eq(smtp_pool_find(&pool, &u, &second), FAULT_NONE);
	ck_assert_ptr_eq(first, second);
	smtp_pool_prune(&pool, first, (struct instant){.ms = 0});
}
END_TEST

START_TEST(salt_changes_the_key)
{
	static struct smtp_pool pools[2];
	struct smtp_route *routes[2];
	struct smtp_upstream u = upstream(NULL);
	pools[1].salt[0] = 1;
	for (size_t i = 0; i < 2; i++) {
		ck_assert_int_eq(smtp_pool_find(&pools[i], &u, &routes[i]), FAULT_NONE);
	}
	ck_assert_int_ne(memcmp(routes[0]->key, routes[1]->key, DIGEST_LEN), 0);
	for (size_t i = 0; i < 2; i++) {
		smtp_pool_prune(&pools[i], routes[i], (struct instant){.ms = 0});
	}
}
END_TEST

START_TEST(prune_keeps_what_is_used)
{
	static struct smtp_pool pool;
	struct smtp_route *route;
	struct smtp_fair_place waiting;
	struct smtp_upstream u = upstream(NULL);
	ck_assert_int_eq(smtp_pool_find(&pool, &u, &route), FAULT_NONE);
	ck_assert_int_eq(smtp_fair_put(&route->waiting, &waiting, &u, u.tenant, 1, 1), FAULT_NONE);
	smtp_pool_prune(&pool, route, (struct instant){.ms = 0});
	ck_assert_uint_eq(pool.routes, 1);
	smtp_fair_leave(&route->waiting, &waiting);
	route->links = 1;
	smtp_pool_prune(&pool, route, (struct instant){.ms = 0});
	ck_assert_uint_eq(pool.routes, 1);
	route->links = 0;
	smtp_pool_prune(&pool, route, (struct instant){.ms = 0});
	ck_assert_uint_eq(pool.routes, 0);
}
END_TEST

/* What was learned of an account outlives its connections; but not for ever. */
START_TEST(what_was_learned_is_kept)
{
	static struct smtp_pool pool;
	struct smtp_route *first, *again;
	struct smtp_upstream u = upstream(NULL);
	u.port = 0;
	ck_assert_int_eq(smtp_pool_find(&pool, &u, &first), FAULT_NONE);
	for (size_t i = 0; i < 2 * SMTP_POOL_RESTING; i++) {
		struct smtp_route *route;
		u.port = (uint16_t)(i % 2 == 0 ? 0 : i); /* the first one is used now and then */
		ck_assert_int_eq(smtp_pool_find(&pool, &u, &route), FAULT_NONE);
		route->account.recipients = 7;
		smtp_pool_prune(&pool, route, (struct instant){.ms = 0});
		smtp_pool_prune(&pool, route, (struct instant){.ms = 0}); /* twice is once */
	}
	ck_assert_uint_eq(pool.routes, SMTP_POOL_RESTING);
	ck_assert_uint_eq(pool.resting_count, SMTP_POOL_RESTING);
	u.port = 0;
	ck_assert_int_eq(smtp_pool_find(&pool, &u, &again), FAULT_NONE);
	ck_assert_ptr_eq(again, first);
	ck_assert_uint_eq(pool.resting_count, SMTP_POOL_RESTING - 1);
	u.port = 1; /* the one longest unused is gone */
	ck_assert_int_eq(smtp_pool_find(&pool, &u, &first), FAULT_NONE);
	ck_assert_uint_eq(first->account.recipients, 0);
	smtp_pool_prune(&pool, first, (struct instant){.ms = 0});
	smtp_pool_prune(&pool, again, (struct instant){.ms = 0});
	smtp_pool_deinit(&pool);
	ck_assert_uint_eq(pool.routes, 0);
}
END_TEST

/* Many routes, taken out in another order than they came: the buckets stay whole. */
START_TEST(many_routes)
{
	enum { MANY = 2000 };
	static struct smtp_pool pool;
	static struct smtp_route *routes[MANY];
	struct smtp_upstream u = upstream(NULL);
	for (size_t i = 0; i < MANY; i++) {
		u.port = (uint16_t)i;
		ck_assert_int_eq(smtp_pool_find(&pool, &u, &routes[i]), FAULT_NONE);
	}
	ck_assert_uint_eq(pool.routes, MANY);
	for (size_t i = 0; i < MANY; i += 2) {
		smtp_pool_prune(&pool, routes[i], (struct instant){.ms = 0});
	}
	for (size_t i = 1; i < MANY; i += 2) {
		struct smtp_route *again;
		u.port = (uint16_t)i;
		ck_assert_int_eq(smtp_pool_find(&pool, &u, &again), FAULT_NONE);
		ck_assert_ptr_eq(again, routes[i]);
		smtp_pool_prune(&pool, again, (struct instant){.ms = 0});
	}
	ck_assert_uint_eq(pool.routes, 0);
}
END_TEST

/* A route whose last delivery was told to go, as at a stop, is in use by nobody and was not pruned: it ends with the pool. */
START_TEST(an_end_takes_all)
{
	enum { MANY = 20, LEARNED = 3 };
	static struct smtp_pool pool;
	struct smtp_upstream u = upstream(NULL);
	for (size_t i = 0; i < MANY; i++) {
		struct smtp_route *route;
		u.port = (uint16_t)i;
		ck_assert_int_eq(smtp_pool_find(&pool, &u, &route), FAULT_NONE);
		route->account.recipients = i % LEARNED;
		if (i % 2 == 0) {
			smtp_pool_prune(&pool, route, (struct instant){.ms = 0});
		}
	}
	ck_assert_uint_gt(pool.routes, pool.resting_count);
	smtp_pool_deinit(&pool);
	ck_assert_uint_eq(pool.routes, 0);
	ck_assert_uint_eq(pool.resting_count, 0);
	smtp_pool_deinit(&pool);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("smtp pool");
	TCase *t = tcase_create("pool");
	tcase_set_timeout(t, 60); /* the machine may be busy; nothing is judged by time */
	tcase_add_loop_test(t, every_part_counts, 0, CHANGES);
	tcase_add_test(t, shared_by_tenants);
	tcase_add_test(t, salt_changes_the_key);
	tcase_add_test(t, prune_keeps_what_is_used);
	tcase_add_test(t, what_was_learned_is_kept);
	tcase_add_test(t, many_routes);
	tcase_add_test(t, an_end_takes_all);
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	return check_main(suite());
}
