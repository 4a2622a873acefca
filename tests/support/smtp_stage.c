#include "tests/support/smtp_stage.h"

#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "tests/support/certs.h"

enum {
	RECIPIENTS = 4,
	GUARD_MS = 30 * 1000,
	FAR_MS = 60 * 1000,
	PAUSE_MS = 5,
	HOLD_RETRY_MS = 7000
};

struct stage;

struct letter {
	struct stage *stage;
	struct smtp_delivery delivery;
	struct recipient_outcome results[RECIPIENTS];
	char username[16];
	unsigned told;
};

struct stage {
	const struct smtp_play *play;
	struct loop *loop;
	struct dialer *dialer;
	struct certs certs;
	struct tls_context *server_tls, *client_tls;
	struct smtp_server *server;
	struct smtp_relay *relay;
	struct secret *password;

	struct arena arena;
	struct rope rope;
	struct mailbox recipients[RECIPIENTS];
	struct letter letters[SMTP_STAGE_MESSAGES];
	unsigned count, begun, ended;
	bool sending;
	struct loop_timer *guard, *look;
	struct loop_timer *hold; /* due when a message waits */
	bool is_held;
	bool guarded;
};

static void make_tls(struct stage *s)
{
	struct problem problem;
	struct cert_pair pair;
	certs_init(&s->certs);
	certs_leaf(&s->certs, &(struct cert_spec){.host = "localhost"}, &pair);
	ck_assert_int_eq(
		tls_context_server_new(pair.cert_file, pair.key_file, &s->server_tls, &problem),
		FAULT_NONE);
	ck_assert_int_eq(
		tls_context_client_new(s->certs.ca_file, SLICE_LIT(""), &s->client_tls, &problem),
		FAULT_NONE);
}

static void make_message(struct stage *s)
{
	arena_init(&s->arena, 64 * 1024 * 1024);
	rope_init(&s->rope, &s->arena);
	ck_assert_int_eq(rope_add(&s->rope, SLICE_LIT("Subject: x\r\n\r\nA page.\r\n")),
			 FAULT_NONE);
	if (s->play->attached > 0) {
		char *bytes = arena_bytes(&s->arena, s->play->attached);
		ck_assert_ptr_nonnull(bytes);
		memset(bytes, 'x', s->play->attached);
		ck_assert_int_eq(rope_add_base64(&s->rope, slice_of(bytes, s->play->attached)),
				 FAULT_NONE);
	}
	static const char *const to[RECIPIENTS] = {"a@example.com", "b@example.com",
						   "c@example.com", "d@example.com"};
	for (size_t i = 0; i < RECIPIENTS; i++) {
		s->recipients[i].address = slice_of_text(to[i]);
	}
	ck_assert_int_eq(secret_new(SLICE_LIT("secret"), &s->password), FAULT_NONE);
}

static uint64_t or_else(uint64_t given, uint64_t usual)
{
	return given > 0 ? given : usual;
}

static void on_stop(void *owner)
{
	struct stage *s = owner;
	if (s->play->gives_up) {
		smtp_relay_give_up(s->relay);
	} else {
		smtp_relay_drain(s->relay, instant_after(loop_now(s->loop), s->play->drain_ms));
	}
}

static enum fault ask_hold(void *owner, const struct smtp_upstream *u, bool some_sent,
			   struct problem *problem, uint64_t *out_retry_ms)
{
	const struct stage *s = owner;
	const char *whose = s->play->held;
	if (!s->is_held || (whose != NULL && !slice_eq(u->tenant, slice_of_text(whose)))) {
		return FAULT_NONE;
	}
	*out_retry_ms = HOLD_RETRY_MS;
	return problem_set(problem, FAULT_PAUSED,
			   some_sent ? "The stage holds the rest." : "The stage holds it back.");
}

static void begin_hold(void *owner)
{
	struct stage *s = owner;
	s->is_held = true;
	smtp_relay_release(s->relay);
}

static void on_mark(void *owner)
{
	struct stage *s = owner;
	if (s->play->hold == STAGE_HOLD_MARKED) {
		begin_hold(s);
	} else {
		on_stop(s);
	}
}

static void on_wait(void *owner, struct smtp_delivery *d UNUSED, uint64_t wait_ms)
{
	struct letter *l = owner;
	struct stage *s = l->stage;
	if (s->play->hold == STAGE_HOLD_WAITING && wait_ms > 0 && s->begun == s->count) {
		loop_timer_set(s->hold, 0);
	}
}

static void make_relay(struct stage *s)
{
	const struct smtp_play *p = s->play;
	struct problem problem;
	static const char *const ranges[] = {"127.0.0.0/8", "::1/128"};
	uint16_t port = p->wrong_port ? 1 : smtp_server_port(s->server);
	struct dialer_params dialer = {.allowed_ranges = ranges,
				       .allowed_range_count = COUNT_OF(ranges),
				       .allowed_ports = &port,
				       .allowed_port_count = 1};
	ck_assert_int_eq(dialer_new(&dialer, &s->dialer, &problem), FAULT_NONE);
	uint64_t step_ms = or_else(p->step_ms, FAR_MS);
	uint64_t breaker_ms = or_else(p->breaker_ms, FAR_MS);
	uint64_t pause_ms = p->hold == STAGE_HOLD_WAITING ? FAR_MS / 4
							  : or_else(p->pause_ms, PAUSE_MS);
	const struct smtp_breaker_rule breaker = {
		.failures = p->breaker, .pause = {.base_ms = breaker_ms, .most_ms = breaker_ms}};
	struct smtp_relay_params params = {
		.loop = s->loop,
		.dialer = s->dialer,
		.tls = s->client_tls,
		.ehlo_name = SLICE_LIT("client.test"),
		.chunking = p->chunking,
		.connections_per_upstream = (unsigned)or_else(p->connections, 4),
		.messages_per_connection = (unsigned)or_else(p->per_connection, 100),
		.idle_ms = or_else(p->idle_ms, FAR_MS),
		.attempts = p->attempts,
		.throttled_attempts = p->attempts,
		.backoff = {.base_ms = pause_ms, .most_ms = pause_ms},
		.patience_max_ms = FAR_MS,
		.breakers = {.usual = breaker, .auth = breaker},
		.connect_ms = FAR_MS,
		.greeting_ms = step_ms,
		.command_ms = step_ms,
		.content_ms = step_ms,
		.final_min_ms = step_ms,
		.hold = ask_hold,
		.hold_owner = s,
	};
	s->is_held = p->hold == STAGE_HOLD_FIRST;
	ck_assert_int_eq(smtp_relay_new(&params, &s->relay), FAULT_NONE);
}

static void on_done(void *owner, struct smtp_delivery *d);

static void send_next(struct stage *s)
{
	const struct smtp_play *p = s->play;
	struct letter *l = &s->letters[s->begun++];
	uint64_t deadline_ms = or_else(p->deadline_ms, FAR_MS);
	if (s->begun > 1) {
		deadline_ms = or_else(p->behind_ms, deadline_ms);
	}
	l->stage = s;
	snprintf(l->username, sizeof(l->username), p->other_users ? "me%u" : "me", s->begun);
	l->delivery = (struct smtp_delivery){
		.upstream = {.tenant = p->tenants != NULL ? slice_of(p->tenants + s->begun - 1, 1)
							  : SLICE_LIT("acme"),
			     .is_shared = p->tenants != NULL,
			     .pacing = p->pacing,
			     .host = slice_of_text(p->host != NULL ? p->host : "localhost"),
			     .port = p->wrong_port ? 1 : smtp_server_port(s->server),
			     .tls = p->tls,
			     .ca_pem = slice_of_text(p->ca),
			     .username = slice_of_text(l->username),
			     .password = s->password,
			     .token_may_be_old = p->old_tokens},
		.sender = SLICE_LIT("sender@example.com"),
		.recipients = s->recipients,
		.recipient_count = or_else(p->recipients, 1),
		.message = &s->rope,
		.deadline = instant_after(loop_now(s->loop), deadline_ms),
		.arena = &s->arena,
		.done = on_done,
		.waits = on_wait,
		.owner = l,
		.results = l->results,
	};
	s->sending = true;
	smtp_relay_send(s->relay, &l->delivery);
	s->sending = false;
}

static void finish(struct stage *s)
{
	if (s->play->close_idle) {
		smtp_relay_close_idle(s->relay);
	}
	if (s->play->until_gone) {
		loop_timer_set(s->look, 1);
	} else {
		loop_stop(s->loop);
	}
}

static void on_look(void *owner)
{
	struct stage *s = owner;
	if (smtp_server_open(s->server) == 0) {
		loop_stop(s->loop);
	} else {
		loop_timer_set(s->look, 1);
	}
}

static void on_done(void *owner, struct smtp_delivery *d)
{
	struct letter *l = owner;
	struct stage *s = l->stage;
	ck_assert_msg(!s->sending, "%s: done() from inside smtp_relay_send()", s->play->name);
	ck_assert_ptr_eq(d, &l->delivery);
	ck_assert_uint_eq(++l->told, 1);
	s->ended++;
	if (s->begun < s->count) {
		send_next(s);
	} else if (s->ended == s->count) {
		finish(s);
	}
}

static void on_guard(void *owner)
{
	struct stage *s = owner;
	s->guarded = true;
	loop_stop(s->loop);
}

static void add(struct buf *b, struct slice s)
{
	ck_assert_int_eq(buf_add(b, s), FAULT_NONE);
}

static void describe(const struct smtp_delivery *d, struct buf *into)
{
	for (size_t i = 0; i < d->recipient_count; i++) {
		const struct recipient_outcome *o = &d->results[i];
		add(into, i > 0 ? SLICE_LIT(", ") : SLICE_LIT(""));
		add(into, outcome_name(o->outcome));
		if (o->code != 0) {
			add(into, SLICE_LIT(" "));
			ck_assert_int_eq(buf_add_u64(into, (uint64_t)o->code), FAULT_NONE);
		}
		if (o->outcome != OUTCOME_UNTRIED) {
			add(into, SLICE_LIT(" "));
			add(into, phase_name(o->phase));
		}
		if (o->attempt > 1) {
			add(into, SLICE_LIT(" #"));
			ck_assert_int_eq(buf_add_u64(into, o->attempt), FAULT_NONE);
		}
	}
	add(into, SLICE_LIT(" | "));
	add(into, d->fault == FAULT_NONE ? SLICE_LIT("none") : fault_slug(d->fault));
	if (d->fault != FAULT_NONE) {
		add(into, SLICE_LIT(" at "));
		add(into, phase_name(d->phase));
		ck_assert_uint_gt(problem_text(&d->problem).len, 0);
	}
	if (d->fault == FAULT_PAUSED) {
		ck_assert(
			slice_eq(problem_text(&d->problem), SLICE_LIT("The stage holds it back.")));
		add(into, SLICE_LIT(" ("));
		ck_assert_int_eq(buf_add_u64(into, d->retry_after_ms), FAULT_NONE);
		add(into, SLICE_LIT(")"));
	} else if (d->fault == FAULT_NONE && d->problem.fault != FAULT_NONE) {
		add(into, SLICE_LIT(", the rest "));
		add(into, fault_slug(d->problem.fault));
		ck_assert(d->problem.fault != FAULT_PAUSED ||
			  slice_eq(problem_text(&d->problem),
				   SLICE_LIT("The stage holds the rest.")));
	}
}

/* Messages in a row that ended alike are told once: "3 x ...". */
static void describe_all(const struct stage *s, struct buf *into)
{
	struct buf last, now;
	buf_init(&last, 64 * 1024);
	buf_init(&now, 64 * 1024);
	for (unsigned i = 0, alike = 1; i < s->count; i += alike, alike = 1) {
		buf_clear(&last);
		describe(&s->letters[i].delivery, &last);
		for (; i + alike < s->count; alike++) {
			buf_clear(&now);
			describe(&s->letters[i + alike].delivery, &now);
			if (!slice_eq(buf_view(&last), buf_view(&now))) {
				break;
			}
		}
		add(into, i > 0 ? SLICE_LIT("; ") : SLICE_LIT(""));
		if (alike > 1) {
			ck_assert_int_eq(buf_add_u64(into, alike), FAULT_NONE);
			add(into, SLICE_LIT(" x "));
		}
		add(into, buf_view(&last));
	}
	add(into, SLICE_LIT(" @"));
	ck_assert_int_eq(buf_add_u64(into, smtp_server_connections(s->server)), FAULT_NONE);
	buf_deinit(&last);
	buf_deinit(&now);
}

static void set_up(struct stage *s, const struct smtp_play *play)
{
	*s = (struct stage){.play = play, .count = (unsigned)or_else(play->messages, 1)};
	ck_assert_uint_le(s->count, SMTP_STAGE_MESSAGES);
	make_tls(s);
	ck_assert_int_eq(loop_new(&s->loop), FAULT_NONE);
	struct smtp_server_params params = {.loop = s->loop,
					    .tls = s->server_tls,
					    .implicit = play->tls == TLS_IMPLICIT,
					    .on_mark = on_mark,
					    .owner = s};
	memcpy(params.scripts, play->scripts, sizeof(params.scripts));
	s->server = smtp_server_new(&params);
	make_message(s);
	make_relay(s);
	ck_assert_int_eq(loop_timer_new(s->loop, on_guard, s, &s->guard), FAULT_NONE);
	ck_assert_int_eq(loop_timer_new(s->loop, on_look, s, &s->look), FAULT_NONE);
	ck_assert_int_eq(loop_timer_new(s->loop, begin_hold, s, &s->hold), FAULT_NONE);
	loop_timer_set(s->guard, GUARD_MS);
}

static void clear_up(struct stage *s)
{
	smtp_relay_free(&s->relay);
	smtp_server_free(&s->server);
	loop_timer_free(&s->guard);
	loop_timer_free(&s->look);
	loop_timer_free(&s->hold);
	dialer_free(&s->dialer);
	loop_free(&s->loop);
	tls_context_free(&s->server_tls);
	tls_context_free(&s->client_tls);
	certs_deinit(&s->certs);
	secret_free(&s->password);
	arena_deinit(&s->arena);
}

void smtp_stage_check(const struct smtp_play *play)
{
	static struct stage s; /* large */
	struct buf result;
	set_up(&s, play);
	do {
		send_next(&s);
	} while (play->at_once && s.begun < s.count);
	loop_run(s.loop);
	buf_init(&result, 1024 * 1024);
	describe_all(&s, &result);
	struct slice got = buf_view(&result);
	ck_assert_msg(!s.guarded, "%s: stands still; so far %.*s, server: %s", play->name,
		      (int)got.len, got.ptr, smtp_server_trouble(s.server));
	ck_assert_msg(slice_eq(got, slice_of_text(play->expected)),
		      "%s:\n  got  %.*s\n  want %s\n  server: %s", play->name, (int)got.len,
		      got.ptr, play->expected, smtp_server_trouble(s.server));
	ck_assert_msg(smtp_server_trouble(s.server)[0] == '\0', "%s: server: %s", play->name,
		      smtp_server_trouble(s.server));
	buf_deinit(&result);
	clear_up(&s);
}
