#include "relay/smtp/client_inside.h"

#include <assert.h>

#include "spool-free/base/wipe.h"
#include "relay/smtp/verdict.h"

static bool is_open(const struct smtp_client *c, size_t i)
{
	return c->message.results[i].outcome == OUTCOME_UNTRIED;
}

/* Of an envelope that is all: the server's word on this recipient is in. */
static bool is_answered(const struct smtp_client *c, size_t i)
{
	return c->message.envelope_only && is_open(c, i) && c->message.results[i].code != 0;
}

static bool any_open(const struct smtp_client *c)
{
	return smtp_envelope_next_open(c, 0) < c->message.recipient_count;
}

/* RFC 9422 MAILMAX: this connection takes no more. */
static bool is_used_up(const struct smtp_client *c)
{
	return c->ehlo.mails_max > 0 && c->transactions >= c->ehlo.mails_max;
}

void smtp_message_begin(struct smtp_client *c)
{
	assert(any_open(c));
	c->phase = PHASE_MAIL;
	enum fault f = smtp_envelope_judge(c);
	if (f != FAULT_NONE || !any_open(c)) {
		smtp_message_over(c, f);
		return;
	}
	c->messages++;
	smtp_client_move(c, SMTP_ENVELOPE);
	smtp_envelope_begin(c);
}

void smtp_message_next(struct smtp_client *c)
{
	if (c->message.envelope_only || !any_open(c)) {
		smtp_message_over(c, FAULT_NONE);
		return;
	}
	c->splits++;
	if (is_used_up(c)) {
		c->try_again = true; /* the others, on another connection */
		c->moves_on = true;
		smtp_verdict_explain(&c->problem, FAULT_UPSTREAM_LOST, PHASE_MAIL, NULL);
		smtp_message_over(c, FAULT_UPSTREAM_LOST);
	} else {
		if (c->state != SMTP_ENVELOPE) {
			smtp_client_move(c, SMTP_ENVELOPE);
		}
		smtp_envelope_begin(c);
	}
}

void smtp_message_settle(struct smtp_client *c, enum smtp_phase phase, const struct smtp_reply *r)
{
	struct recipient_outcome all;
	bool made = false;
	for (size_t i = 0; i < c->message.recipient_count; i++) {
		if (!is_open(c, i) || is_answered(c, i)) {
			continue;
		}
		if (!made) { /* one copy of the text serves all */
			smtp_verdict_record(&all, &c->scene, phase, r, c->message.arena);
			made = true;
		}
		c->message.results[i] = all;
	}
}

/* An idle connection keeps nothing of a mail: neither its last bytes nor words about its recipients. */
static void forget(struct smtp_client *c)
{
	wipe(c->out, c->out_high);
	c->out_high = 0;
	wipe(c->carry, sizeof(c->carry));
	wipe(c->replies.line, sizeof(c->replies.line));
	wipe(c->replies.reply.text, sizeof(c->replies.reply.text));
	wipe(c->refusal.text, sizeof(c->refusal.text));
}

void smtp_message_over(struct smtp_client *c, enum fault f)
{
	c->has_message = false;
	c->message = (struct smtp_message){.arena = NULL};
	c->fault = f;
	forget(c);
	if (c->state == SMTP_ENVELOPE || c->state == SMTP_FINAL) {
		smtp_client_move(c, SMTP_READY);
	}
	if (c->state == SMTP_READY && is_used_up(c)) {
		smtp_client_move(c, SMTP_CLOSING);
		smtp_client_say(c, SLICE_LIT("QUIT\r\n"));
	}
}

/* A recipient was refused while another was taken: that word is about the one, not about the mail. */
static bool is_anothers(const struct smtp_client *c)
{
	return c->refused_at == PHASE_RCPT && c->accepted > 0;
}

void smtp_message_interrupted(struct smtp_client *c, enum fault f)
{
	bool uncertain = smtp_client_uncertain(c);
	bool hung_up_after_refusal = f == FAULT_UPSTREAM_LOST && c->state >= SMTP_ENVELOPE &&
				     c->refusal.code != 0 && !is_anothers(c);
	if (!uncertain && hung_up_after_refusal) {
		smtp_message_settle(c, c->refused_at,
				    &c->refusal); /* the last word counts (relay.md B11) */
	}
	bool left = false;
	for (size_t i = 0; i < c->message.recipient_count; i++) {
		struct recipient_outcome *o = &c->message.results[i];
		if (uncertain && smtp_envelope_is_asked(c, i)) {
			*o = (struct recipient_outcome){.outcome = OUTCOME_UNCERTAIN,
							.phase = PHASE_FINAL};
		} else if (is_open(c, i) && !is_answered(c, i)) {
			*o = (struct recipient_outcome){.outcome = OUTCOME_UNTRIED};
			left = true;
		}
	}
	smtp_message_over(c, left ? f : FAULT_NONE);
}
