#include "relay/smtp/overview.h"

#include <stdlib.h>
#include <string.h>

#include "relay/smtp/link.h"
#include "tests/support/check_main.h"

/* A relay as far as anybody looks at it. */
static struct smtp_relay *relay;
static const struct instant now = {.ms = 1000000};

static struct {
	unsigned count;
	struct smtp_route_view last;
	char label[SMTP_POOL_LABEL], tenant[SMTP_POOL_TENANT];
} seen;

static void setup(void)
{
	relay = calloc(1, sizeof(*relay));
	ck_assert_ptr_nonnull(relay);
	memset(&seen, 0, sizeof(seen));
}

/* What is still in use is not the pool's to free: here nothing is. */
static void teardown(void)
{
	for (size_t i = 0; i < SMTP_POOL_BUCKETS; i++) {
		while (relay->pool.buckets[i] != NULL) {
			struct smtp_route *gone = relay->pool.buckets[i];
			relay->pool.buckets[i] = gone->next;
			free(gone);
		}
	}
	free(relay);
}

static void on_view(void *ctx, const struct smtp_route_view *v)
{
	ck_assert_ptr_eq(ctx, &seen);
	seen.count++;
	seen.last = *v;
	memcpy(seen.label, v->label.ptr, v->label.len);
	memcpy(seen.tenant, v->tenant.ptr, v->tenant.len);
}

static struct smtp_route *add_route(const char *tenant, const char *label, bool is_shared)
{
	struct smtp_route *route;
	const struct smtp_upstream u = {.tenant = slice_of_text(tenant),
					.label = slice_of_text(label),
					.is_shared = is_shared,
					.host = SLICE_LIT("smtp.example.com"),
					.port = 587};
	ck_assert_int_eq(smtp_pool_find(&relay->pool, &u, &route), FAULT_NONE);
	const struct smtp_pace_limits limits = {.connections = 4};
	smtp_pace_set(&route->account.pace, &limits);
	return route;
}

static struct smtp_route_view look(void)
{
	smtp_relay_view(relay, now, on_view, &seen);
	return seen.last;
}

START_TEST(nothing_is_told_of_no_route)
{
	look();
	ck_assert_uint_eq(seen.count, 0);
}
END_TEST

START_TEST(connections_are_told)
{
	struct smtp_route *route = add_route("acme", "smtp.example.com:587", true);
	route->links = 3;
	route->busy = 1;
	route->waiting.count = 7;
	struct smtp_route_view v = look();
	ck_assert_uint_eq(seen.count, 1);
	ck_assert_str_eq(seen.label, "smtp.example.com:587");
	ck_assert_str_eq(seen.tenant, ""); /* everybody's */
	ck_assert_uint_eq(v.busy, 1);
	ck_assert_uint_eq(v.idle, 2);
	ck_assert_uint_eq(v.allowed, 4);
	ck_assert_uint_eq(v.waiting, 7);
	ck_assert(!v.is_throttled && !v.is_shut);
	ck_assert_int_eq(v.trouble, SMTP_TROUBLES);
}
END_TEST

START_TEST(a_tenants_own_says_whose_it_is)
{
	add_route("acme", "", false);
	look();
	ck_assert_str_eq(seen.label, "");
	ck_assert_str_eq(seen.tenant, "acme");
}
END_TEST

START_TEST(long_names_are_cut)
{
	char longest[2 * SMTP_POOL_LABEL] = "";
	memset(longest, 'x', sizeof(longest) - 1);
	add_route(longest, longest, false);
	struct smtp_route_view v = look();
	ck_assert_uint_eq(v.label.len, SMTP_POOL_LABEL);
	ck_assert_uint_eq(v.tenant.len, SMTP_POOL_TENANT);
}
END_TEST

START_TEST(a_server_that_asked_for_patience_shows)
{
	struct smtp_route *route = add_route("acme", "", false);
	smtp_pace_throttled(&route->account.pace, 5000, now);
	struct smtp_route_view v = look();
	ck_assert(v.is_throttled);
	ck_assert_uint_eq(v.pause_ms, 5000);
	ck_assert_uint_eq(v.allowed, 2);
}
END_TEST

enum { PAUSE_MS = 60000 };

static const struct smtp_account_rules rules = {
	.usual = {.failures = 1, .pause = {.base_ms = PAUSE_MS, .most_ms = PAUSE_MS}},
	.auth = {.failures = 1, .pause = {.base_ms = 2UL * PAUSE_MS, .most_ms = 2UL * PAUSE_MS}},
};

START_TEST(an_open_breaker_shows_for_how_long)
{
	struct smtp_route *route = add_route("acme", "", false);
	ck_assert_int_eq(smtp_account_failed(&route->account, SMTP_TROUBLE_AUTH, &rules, now, 0),
			 SMTP_TROUBLE_AUTH);
	struct smtp_route_view v = look();
	ck_assert(v.is_shut);
	ck_assert_int_eq(v.trouble, SMTP_TROUBLE_AUTH);
	ck_assert_uint_eq(v.shut_ms, 2UL * PAUSE_MS);
	/* A little later it is due: it is not closed yet. */
	smtp_relay_view(relay, instant_after(now, 2UL * PAUSE_MS + 1), on_view, &seen);
	ck_assert(!seen.last.is_shut);
	ck_assert_int_eq(seen.last.trouble, SMTP_TROUBLE_AUTH);
	ck_assert_uint_eq(seen.last.shut_ms, 0);
}
END_TEST

START_TEST(counts_are_the_relays)
{
	atomic_fetch_add(&relay->counts.throttles, 2);
	ck_assert_uint_eq(atomic_load(&smtp_relay_counts(relay)->throttles), 2);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("smtp/overview");
	TCase *t = tcase_create("overview");
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, nothing_is_told_of_no_route);
	tcase_add_test(t, connections_are_told);
	tcase_add_test(t, a_tenants_own_says_whose_it_is);
	tcase_add_test(t, long_names_are_cut);
	tcase_add_test(t, a_server_that_asked_for_patience_shows);
	tcase_add_test(t, an_open_breaker_shows_for_how_long);
	tcase_add_test(t, counts_are_the_relays);
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	return check_main(suite());
}
