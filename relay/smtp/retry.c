#include "relay/smtp/retry.h"

enum {
	LEAVES = 421,
	TOO_MANY_CONNECTIONS = 432, /* Exchange Online */
};

/* A recipient's own server that gets too much is not our account's affair. */
static bool is_throttle(const struct smtp_cause *c)
{
	return c != NULL && c->kind == CAUSE_THROTTLE && c->owner != CAUSE_OWNER_POSTMASTER;
}

/* A recipient of the mail under way; what became of the others is settled, or comes with their own mail. */
static struct recipient_outcome *nth(const struct smtp_delivery *d, size_t i)
{
	return &d->results[d->errand.first + i];
}

static bool waits(const struct recipient_outcome *o)
{
	bool leaves = o->code == LEAVES;
	if (o->outcome != OUTCOME_DEFERRED || (leaves && o->phase == PHASE_FINAL)) {
		return false;
	}
	return leaves || o->code == TOO_MANY_CONNECTIONS || is_throttle(o->cause);
}

static enum smtp_retry patience(const struct smtp_cause *c, unsigned *out_wait_s)
{
	*out_wait_s = is_throttle(c) ? c->retry_s : 0;
	return SMTP_RETRY_PATIENCE;
}

/* A session that the server did not let begin. */
static enum smtp_retry of_refusal(const struct smtp_delivery *d, unsigned *out_wait_s)
{
	if (is_throttle(d->cause) || d->code == LEAVES || d->code == TOO_MANY_CONNECTIONS) {
		return patience(d->cause, out_wait_s);
	}
	return d->code / 100 == 4 ? SMTP_RETRY_FAILURE : SMTP_RETRY_NOT;
}

enum smtp_retry smtp_retry_of(const struct smtp_delivery *d, unsigned *out_wait_s)
{
	*out_wait_s = 0;
	if (d->envelope_only) { /* somebody wants to see just that */
		return SMTP_RETRY_NOT;
	}
	for (size_t i = 0; i < d->errand.count; i++) {
		if (waits(nth(d, i))) {
			return patience(nth(d, i)->cause, out_wait_s);
		}
	}
	switch (d->fault) {
	case FAULT_UPSTREAM_BLOCKED: /* nobody can tell it from one that is down, by its time neither */
	case FAULT_UPSTREAM_DOWN:
	case FAULT_UPSTREAM_LOST:
		return SMTP_RETRY_FAILURE;
	case FAULT_UPSTREAM_REFUSED:
	case FAULT_UPSTREAM_TLS:
		return of_refusal(d, out_wait_s);
	default: /* whose cause is a setting, a secret or the message itself; or time */
		return SMTP_RETRY_NOT;
	}
}

void smtp_retry_reopen(struct smtp_delivery *d)
{
	for (size_t i = 0; i < d->errand.count; i++) {
		if (waits(nth(d, i))) {
			*nth(d, i) = (struct recipient_outcome){.outcome = OUTCOME_UNTRIED};
		}
	}
}
