#include "relay/smtp/account.h"

static const struct slice names[] = {
	[SMTP_TROUBLE_CONNECT] = SLICE_INIT("connect"),
	[SMTP_TROUBLE_TLS] = SLICE_INIT("tls"),
	[SMTP_TROUBLE_AUTH] = SLICE_INIT("auth"),
	[SMTP_TROUBLE_PROTOCOL] = SLICE_INIT("protocol"),
	[SMTP_TROUBLES] = SLICE_INIT("none"),
};

static const struct {
	enum fault fault;
	enum smtp_phase last; /* past it the session was up, and it is the message's own affair */
	enum smtp_trouble trouble;
} troubles[] = {
	{FAULT_UPSTREAM_NAME, PHASE_FINAL, SMTP_TROUBLE_CONNECT},
	{FAULT_UPSTREAM_DOWN, PHASE_FINAL, SMTP_TROUBLE_CONNECT},
	{FAULT_UPSTREAM_BLOCKED, PHASE_FINAL, SMTP_TROUBLE_CONNECT}, /* not to be told from it */
	{FAULT_UPSTREAM_LOST, PHASE_AUTH, SMTP_TROUBLE_CONNECT},
	{FAULT_UPSTREAM_REFUSED, PHASE_AUTH, SMTP_TROUBLE_CONNECT},
	{FAULT_DEADLINE, PHASE_AUTH, SMTP_TROUBLE_CONNECT},
	{FAULT_UPSTREAM_TLS, PHASE_FINAL, SMTP_TROUBLE_TLS},
	{FAULT_UPSTREAM_CERT, PHASE_FINAL, SMTP_TROUBLE_TLS},
	{FAULT_UPSTREAM_NO_TLS, PHASE_FINAL, SMTP_TROUBLE_TLS},
	{FAULT_UPSTREAM_AUTH, PHASE_FINAL, SMTP_TROUBLE_AUTH},
	{FAULT_UPSTREAM_NO_AUTH, PHASE_FINAL, SMTP_TROUBLE_AUTH},
	{FAULT_UPSTREAM_PROTOCOL, PHASE_FINAL, SMTP_TROUBLE_PROTOCOL},
	{FAULT_UPSTREAM_LOST, PHASE_CONTENT, SMTP_TROUBLE_PROTOCOL},
};

enum smtp_trouble smtp_trouble_of(enum fault f, enum smtp_phase phase)
{
	for (size_t i = 0; i < COUNT_OF(troubles); i++) {
		/* PHASE_NONE: it never came to the server. */
		if (troubles[i].fault == f && phase <= troubles[i].last && phase != PHASE_NONE) {
			return troubles[i].trouble;
		}
	}
	return SMTP_TROUBLES;
}

struct slice smtp_trouble_name(enum smtp_trouble t)
{
	return names[t];
}

static uint64_t longer(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

enum smtp_gate smtp_account_gate(const struct smtp_account *a, unsigned units, struct instant now,
				 uint64_t *out_wait_ms)
{
	uint64_t shut_ms = 0;
	bool is_trying = false;
	for (size_t i = 0; i < SMTP_TROUBLES; i++) {
		const struct smtp_breaker *b = &a->breakers[i];
		switch (smtp_breaker_state(b, now)) {
		case SMTP_BREAKER_OPEN:
			shut_ms = longer(shut_ms, instant_left_ms(b->until, now));
			break;
		case SMTP_BREAKER_TRYING:
			is_trying = true;
			break;
		case SMTP_BREAKER_CLOSED:
		case SMTP_BREAKER_DUE:
			break;
		}
	}
	*out_wait_ms = shut_ms;
	if (shut_ms > 0) {
		return SMTP_GATE_SHUT;
	}
	if (is_trying) {
		return SMTP_GATE_TRY;
	}
	*out_wait_ms = smtp_pace_wait_ms(&a->pace, 0, units, now);
	return *out_wait_ms > 0 ? SMTP_GATE_PACE : SMTP_GATE_OPEN;
}

void smtp_account_take(struct smtp_account *a, unsigned units, struct instant now)
{
	smtp_pace_take(&a->pace, units, now);
	for (size_t i = 0; i < SMTP_TROUBLES; i++) {
		if (smtp_breaker_state(&a->breakers[i], now) == SMTP_BREAKER_DUE) {
			smtp_breaker_try(&a->breakers[i]);
		}
	}
}

static enum smtp_trouble close_before(struct smtp_account *a, enum smtp_trouble end)
{
	enum smtp_trouble closed = SMTP_TROUBLES;
	for (enum smtp_trouble t = SMTP_TROUBLE_CONNECT; t < end; t++) {
		closed = smtp_breaker_succeeded(&a->breakers[t]) ? t : closed;
	}
	return closed;
}

enum smtp_trouble smtp_account_failed(struct smtp_account *a, enum smtp_trouble t,
				      const struct smtp_account_rules *rules, struct instant now,
				      uint64_t chance)
{
	const struct smtp_breaker_rule *rule = t == SMTP_TROUBLE_AUTH ? &rules->auth
								      : &rules->usual;
	bool opened = smtp_breaker_failed(&a->breakers[t], rule, now, chance);
	close_before(a, t);
	smtp_account_learned_nothing(a); /* of those behind it */
	return opened ? t : SMTP_TROUBLES;
}

enum smtp_trouble smtp_account_succeeded(struct smtp_account *a)
{
	return close_before(a, SMTP_TROUBLES);
}

void smtp_account_learned_nothing(struct smtp_account *a)
{
	for (size_t i = 0; i < SMTP_TROUBLES; i++) {
		smtp_breaker_drop(&a->breakers[i]);
	}
}

void smtp_account_learn_recipients(struct smtp_account *a, unsigned accepted)
{
	if (accepted > 0 && (a->recipients == 0 || accepted < a->recipients)) {
		a->recipients = accepted;
	}
}

bool smtp_account_is_blank(const struct smtp_account *a, struct instant now)
{
	for (size_t i = 0; i < SMTP_TROUBLES; i++) {
		if (a->breakers[i].failures > 0) {
			return false;
		}
	}
	bool limited = a->pace.limits.per_minute > 0 || a->pace.limits.per_hour > 0;
	return !limited && smtp_wear_is_blank(&a->wear) && a->recipients == 0 &&
	       a->pace.lost == 0 && instant_is_past(a->pace.paused, now);
}
