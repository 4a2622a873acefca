#include "relay/smtp/turns.h"

#include "spool-free/base/buf.h"
#include "tests/support/check_main.h"

enum { LETTERS = 4, RECIPIENTS = 4, FAR_MS = 600 * 1000, GUARD_MS = 20 * 1000, MINUTE_MS = 60000 };

/*
 * Who waits for units of the account's pace. The account is one that tenants share, recipients count, and it has one
 * connection; nobody listens at its server, so that each one's turn ends soon.
 */
static const struct {
	const char *name;
	unsigned per_minute;
	unsigned old;	  /* units that come back in one to two seconds */
	unsigned between; /* units that somebody else takes once the first one waits */
	struct {
		const char *tenant;
		unsigned recipients;
		uint64_t deadline_ms;
	} letters[LETTERS];
	const char *expected; /* by number, in the order in which they ended */
} rows[] = {
	{"nobody waits",
	 3,
	 0,
	 0,
	 {{"a", 3, FAR_MS}, {"b", 1, FAR_MS}, {"c", 1, FAR_MS}},
	 "1 upstream-unreachable, 2 upstream-unreachable, 3 upstream-unreachable"},
	{"what is small does not overtake what is large",
	 3,
	 1,
	 0,
	 {{"a", 3, FAR_MS}, {"b", 1, FAR_MS}, {"c", 1, FAR_MS}, {"d", 1, FAR_MS}},
	 "1 upstream-unreachable, 2 upstream-unreachable, 3 upstream-unreachable, 4 "
	 "upstream-unreachable"},
	{"neither of its own tenant",
	 3,
	 1,
	 0,
	 {{"a", 3, FAR_MS}, {"a", 1, FAR_MS}, {"a", 2, FAR_MS}},
	 "1 upstream-unreachable, 2 upstream-unreachable, 3 upstream-unreachable"},
	{"when the large one's time is up, the others go at once",
	 3,
	 1,
	 1,
	 {{"a", 3, 2500}, {"b", 1, FAR_MS}, {"c", 1, FAR_MS}},
	 "1 deadline, 2 upstream-unreachable, 3 upstream-unreachable"},
	{"whose turn cannot come in time hears so first",
	 3,
	 1,
	 0,
	 {{"a", 3, 300}, {"b", 1, FAR_MS}},
	 "1 upstream-busy, 2 upstream-unreachable"},
	{"what stands before it counts by its units",
	 3,
	 1,
	 0,
	 {{"a", 3, FAR_MS}, {"b", 1, 30 * 1000}, {"c", 1, FAR_MS}},
	 "2 upstream-busy, 1 upstream-unreachable, 3 upstream-unreachable"},
};

struct scene;

struct letter {
	struct scene *scene;
	struct smtp_delivery delivery;
	struct recipient_outcome results[RECIPIENTS];
};

struct scene {
	struct loop *loop;
	struct dialer *dialer;
	struct smtp_relay *relay;
	struct loop_timer *guard;
	struct mailbox recipients[RECIPIENTS];
	struct letter letters[LETTERS];
	size_t count, told;
	bool is_guarded;
	struct buf ends;
};

static void on_done(void *owner, struct smtp_delivery *d)
{
	struct letter *l = owner;
	struct scene *s = l->scene;
	ck_assert_ptr_eq(d, &l->delivery);
	ck_assert_int_eq(buf_add_text(&s->ends, s->told > 0 ? ", " : ""), FAULT_NONE);
	ck_assert_int_eq(buf_add_u64(&s->ends, (uint64_t)(l - s->letters) + 1), FAULT_NONE);
	ck_assert_int_eq(buf_add_text(&s->ends, " "), FAULT_NONE);
	ck_assert_int_eq(buf_add(&s->ends, fault_slug(d->fault)), FAULT_NONE);
	if (++s->told == s->count) {
		loop_stop(s->loop);
	}
}

static void on_guard(void *owner)
{
	struct scene *s = owner;
	s->is_guarded = true;
	loop_stop(s->loop);
}

static void set_up(struct scene *s)
{
	static const char *const ranges[] = {"127.0.0.0/8", "::1/128"};
	static const uint16_t port = 1;
	struct problem problem;
	struct dialer_params dialer = {.allowed_ranges = ranges,
				       .allowed_range_count = COUNT_OF(ranges),
				       .allowed_ports = &port,
				       .allowed_port_count = 1};
	*s = (struct scene){.count = 0};
	buf_init(&s->ends, 1024);
	ck_assert_int_eq(loop_new(&s->loop), FAULT_NONE);
	ck_assert_int_eq(loop_timer_new(s->loop, on_guard, s, &s->guard), FAULT_NONE);
	loop_timer_set(s->guard, GUARD_MS);
	ck_assert_int_eq(dialer_new(&dialer, &s->dialer, &problem), FAULT_NONE);
	struct smtp_relay_params params = {
		.loop = s->loop,
		.dialer = s->dialer,
		.ehlo_name = SLICE_LIT("client.test"),
		.connections_per_upstream = 1,
		.messages_per_connection = 100,
		.connect_ms = FAR_MS,
	};
	ck_assert_int_eq(smtp_relay_new(&params, &s->relay), FAULT_NONE);
	for (size_t i = 0; i < RECIPIENTS; i++) {
		s->recipients[i].address = SLICE_LIT("a@example.com");
	}
}

static void clear_up(struct scene *s)
{
	smtp_relay_free(&s->relay);
	loop_timer_free(&s->guard);
	dialer_free(&s->dialer);
	loop_free(&s->loop);
	buf_deinit(&s->ends);
}

static struct smtp_upstream upstream_of(const char *tenant, unsigned per_minute)
{
	return (struct smtp_upstream){
		.tenant = slice_of_text(tenant),
		.is_shared = true,
		.pacing = {.per_minute = per_minute, .profile = SLICE_LIT("ses")},
		.host = SLICE_LIT("localhost"),
		.port = 1,
		.tls = TLS_STARTTLS,
	};
}

static struct smtp_pace *pace_of(struct scene *s)
{
	struct smtp_upstream u = upstream_of("a", 0);
	struct smtp_route *route;
	ck_assert_int_eq(smtp_pool_find(&s->relay->pool, &u, &route), FAULT_NONE);
	return &route->account.pace;
}

static void hand_over(struct scene *s, const char *tenant, unsigned per_minute, unsigned recipients,
		      uint64_t deadline_ms)
{
	struct letter *l = &s->letters[s->count++];
	l->scene = s;
	l->delivery = (struct smtp_delivery){
		.upstream = upstream_of(tenant, per_minute),
		.sender = SLICE_LIT("sender@example.com"),
		.recipients = s->recipients,
		.recipient_count = recipients,
		.deadline = instant_after(loop_now(s->loop), deadline_ms),
		.done = on_done,
		.owner = l,
		.results = l->results,
	};
	smtp_relay_send(s->relay, &l->delivery);
}

START_TEST(by_turns)
{
	static struct scene s;
	set_up(&s);
	struct instant now = loop_now(s.loop);
	if (rows[_i].old > 0) {
		const struct instant long_ago = {.ms = now.ms - (MINUTE_MS - 1000)};
		smtp_pace_take(pace_of(&s), rows[_i].old, long_ago);
	}
	for (size_t i = 0; i < LETTERS && rows[_i].letters[i].tenant != NULL; i++) {
		hand_over(&s, rows[_i].letters[i].tenant, rows[_i].per_minute,
			  rows[_i].letters[i].recipients, rows[_i].letters[i].deadline_ms);
		if (i == 0 && rows[_i].between > 0) {
			smtp_pace_take(pace_of(&s), rows[_i].between, now);
		}
	}
	loop_run(s.loop);
	ck_assert_msg(!s.is_guarded, "%s: stands still; so far %.*s", rows[_i].name,
		      (int)s.ends.len, s.ends.ptr);
	ck_assert_msg(slice_eq(buf_view(&s.ends), slice_of_text(rows[_i].expected)), "%s: %.*s",
		      rows[_i].name, (int)s.ends.len, s.ends.ptr);
	clear_up(&s);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("smtp turns");
	TCase *t = tcase_create("turns");
	tcase_set_timeout(t, 60);
	tcase_add_loop_test(t, by_turns, 0, COUNT_OF(rows));
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	return check_main(suite());
}
