#include "relay/smtp/client_inside.h"

#include <assert.h>
#include <string.h>

#include "spool-free/base/wipe.h"
#include "relay/smtp/verdict.h"

#define TO(state) (1U << (state))

/* From each state the states that may follow. */
static const unsigned moves[SMTP_STATE_COUNT] = {
	[SMTP_OPENING] = TO(SMTP_SECURING) | TO(SMTP_READY) | TO(SMTP_CLOSING) | TO(SMTP_OVER),
	[SMTP_SECURING] = TO(SMTP_OPENING) | TO(SMTP_OVER),
	[SMTP_READY] = TO(SMTP_ENVELOPE) | TO(SMTP_CLOSING) | TO(SMTP_OVER),
	[SMTP_ENVELOPE] = TO(SMTP_READY) | TO(SMTP_CONTENT) | TO(SMTP_FINAL) | TO(SMTP_CLOSING) |
			  TO(SMTP_OVER),
	[SMTP_CONTENT] = TO(SMTP_FINAL) | TO(SMTP_OVER),
	[SMTP_FINAL] = TO(SMTP_READY) | TO(SMTP_ENVELOPE) | TO(SMTP_OVER),
	[SMTP_CLOSING] = TO(SMTP_OVER),
};

/* For each command: the class of reply that moves on, another that is no mistake, and who takes
 * what came. */
static const struct {
	enum smtp_phase phase;
	int expect;
	int also; /* 4yz and 5yz always go to `no` */
	smtp_reply_fn *yes;
	smtp_reply_fn *no;
} rules[SMTP_OWNER_COUNT] = {
	[SMTP_OWNS_GREETING] = {PHASE_GREETING, 2, 2, smtp_session_greeted, smtp_session_refused},
	[SMTP_OWNS_EHLO] = {PHASE_EHLO, 2, 2, smtp_session_capable, smtp_session_refused},
	[SMTP_OWNS_STARTTLS] = {PHASE_STARTTLS, 2, 2, smtp_session_may_secure,
				smtp_session_refused},
	[SMTP_OWNS_AUTH] = {PHASE_AUTH, 2, 3, smtp_session_logged_in, smtp_session_auth_other},
	[SMTP_OWNS_PROBE] = {PHASE_MAIL, 5, 5, smtp_envelope_probe_refused,
			     smtp_envelope_probe_other},
	[SMTP_OWNS_PROBED] = {PHASE_MAIL, 5, 5, smtp_envelope_probed, smtp_envelope_probe_other},
	[SMTP_OWNS_RSET] = {PHASE_MAIL, 2, 2, smtp_envelope_reset, smtp_session_refused},
	[SMTP_OWNS_MAIL] = {PHASE_MAIL, 2, 2, smtp_envelope_mail_taken, smtp_envelope_mail_refused},
	[SMTP_OWNS_RCPT] = {PHASE_RCPT, 2, 2, smtp_envelope_rcpt_taken, smtp_envelope_rcpt_refused},
	[SMTP_OWNS_DATA] = {PHASE_DATA, 3, 3, smtp_content_may_begin, smtp_content_refused_before},
	[SMTP_OWNS_CHUNK] = {PHASE_CONTENT, 2, 2, smtp_content_chunk_taken,
			     smtp_content_chunk_refused},
	[SMTP_OWNS_FINAL] = {PHASE_FINAL, 2, 2, smtp_content_final, smtp_content_final},
	[SMTP_OWNS_UNDO] = {PHASE_RCPT, 2, 2, smtp_envelope_undone, smtp_envelope_undone},
};

void smtp_client_init(struct smtp_client *c, const struct smtp_client_params *params)
{
	*c = (struct smtp_client){
		.params = *params,
		.state = SMTP_OPENING,
		.secure = params->tls == TLS_IMPLICIT,
		.scene = {.provider = params->provider, .by_token = params->login.token != NULL},
		.phase = PHASE_GREETING,
	};
	smtp_reply_init(&c->replies);
	smtp_client_expect(c, SMTP_OWNS_GREETING, 0);
}

void smtp_client_deinit(struct smtp_client *c)
{
	secret_free(&c->line);
	smtp_auth_end(&c->auth);
	wipe(c, sizeof(*c));
}

void smtp_client_move(struct smtp_client *c, enum smtp_state next)
{
	assert((moves[c->state] & TO(next)) != 0);
	c->state = next;
	c->progress++;
	if (next == SMTP_OVER) { /* nothing more is said, nothing more is due */
		c->due_count = 0;
		c->out_at = c->out_len;
		secret_free(&c->line);
		smtp_auth_end(&c->auth);
	}
}

void smtp_client_say(struct smtp_client *c, struct slice words)
{
	transcript_say(c->transcript, words);
	if (c->out_at > 0 && words.len > sizeof(c->out) - c->out_len) {
		memmove(c->out, c->out + c->out_at, c->out_len - c->out_at);
	}
	if (c->out_at == c->out_len || words.len > sizeof(c->out) - c->out_len) {
		c->out_len -= c->out_at;
		c->out_at = 0;
	}
	assert(words.len <= sizeof(c->out) - c->out_len);
	if (words.len > 0) {
		memcpy(c->out + c->out_len, words.ptr, words.len);
	}
	c->out_len += words.len;
	c->out_high = c->out_len > c->out_high ? c->out_len : c->out_high;
	c->said += words.len;
}

void smtp_client_say_number(struct smtp_client *c, uint64_t number)
{
	char digits[20];
	size_t at = sizeof(digits);
	do {
		digits[--at] = (char)('0' + number % 10);
		number /= 10;
	} while (number > 0);
	smtp_client_say(c, slice_of(digits + at, sizeof(digits) - at));
}

void smtp_client_expect(struct smtp_client *c, enum smtp_owner owner, size_t recipient)
{
	assert(c->due_count < SMTP_WINDOW);
	c->due[(c->due_first + c->due_count) % SMTP_WINDOW] = (struct smtp_due){
		.owner = owner, .recipient = recipient, .after = c->said};
	c->due_count++;
}

enum smtp_phase smtp_client_phase(const struct smtp_client *c)
{
	if (c->state == SMTP_SECURING) {
		return PHASE_TLS;
	}
	if (c->state == SMTP_CONTENT && smtp_envelope_is_answered(c)) {
		return PHASE_CONTENT;
	}
	return c->due_count > 0 ? rules[c->due[c->due_first].owner].phase : c->phase;
}

static void explain(struct smtp_client *c, enum fault f, const struct smtp_reply *r)
{
	smtp_verdict_explain(&c->problem, f, c->phase, r);
	smtp_auth_explain(&c->auth, &c->problem);
	smtp_witness_refused(c->params.witness, r);
	c->cause = r != NULL ? smtp_decode(&c->scene, c->phase, r).cause : NULL;
}

void smtp_client_learn(struct smtp_client *c, enum smtp_lesson lesson)
{
	c->lesson = lesson > c->lesson ? lesson : c->lesson;
}

static enum smtp_owner first_due(const struct smtp_client *c)
{
	return c->due_count > 0 ? c->due[c->due_first].owner : SMTP_OWNER_COUNT;
}

/* The dialogue broke off: was BDAT on its way? If nobody has the message, DATA may do better. */
static void learn_from_end(struct smtp_client *c, enum fault f)
{
	bool probing = first_due(c) == SMTP_OWNS_PROBE || first_due(c) == SMTP_OWNS_PROBED;
	bool under_way = c->chunked && (c->state == SMTP_CONTENT || c->state == SMTP_FINAL);
	if (!probing && !under_way) {
		return;
	}
	bool answered_once = first_due(c) == SMTP_OWNS_PROBED;
	smtp_client_learn(c, f == FAULT_UPSTREAM_LOST && !answered_once ? SMTP_LESSON_LOST
									: SMTP_LESSON_BAD);
	c->try_again = c->lesson == SMTP_LESSON_BAD && !smtp_client_uncertain(c);
}

void smtp_client_fail(struct smtp_client *c, enum fault f, const struct smtp_reply *r)
{
	if (c->state == SMTP_OVER) {
		return;
	}
	if (c->state == SMTP_CLOSING || c->state == SMTP_READY) { /* no message suffers from it */
		smtp_client_move(c, SMTP_OVER);
		return;
	}
	c->phase = r != NULL ? c->phase : smtp_client_phase(c);
	c->fault_code = r != NULL ? r->code : 0;
	explain(c, f, r);
	if (c->has_message) {
		learn_from_end(c, f);
		smtp_message_interrupted(c, f);
	} else {
		c->fault = f;
	}
	smtp_client_move(c, SMTP_OVER);
}

void smtp_client_fail_politely(struct smtp_client *c, enum fault f, const struct smtp_reply *r)
{
	if (c->due_count > 0 || c->sent < c->said) {
		smtp_client_fail(c, f, r);
		return;
	}
	c->fault_code = r != NULL ? r->code : 0;
	explain(c, f, r);
	c->fault = f;
	c->has_message = false;
	smtp_client_move(c, SMTP_CLOSING);
	smtp_client_say(c, SLICE_LIT("QUIT\r\n"));
}

void smtp_client_send(struct smtp_client *c, const struct smtp_message *m)
{
	assert(!c->has_message && c->state <= SMTP_READY);
	c->message = *m;
	c->has_message = true;
	c->fault_code = 0;
	c->fault = FAULT_NONE;
	c->cause = NULL;
	c->content_sent = 0;
	c->lesson = SMTP_LESSON_NONE;
	c->try_again = false;
	c->moves_on = false;
	c->splits = 0;
	if (c->state == SMTP_READY) {
		smtp_message_begin(c);
	}
}

bool smtp_client_busy(const struct smtp_client *c)
{
	return c->has_message;
}

void smtp_client_quit(struct smtp_client *c)
{
	assert(!c->has_message);
	if (c->state == SMTP_READY) {
		smtp_client_fail_politely(c, FAULT_NONE, NULL);
	}
}

/* RFC 5321 3.8: 421 may answer anything, or come on its own; the server then closes. */
static void server_leaves(struct smtp_client *c, const struct smtp_reply *r, enum smtp_phase phase)
{
	c->phase = phase;
	bool probing = first_due(c) == SMTP_OWNS_PROBE || first_due(c) == SMTP_OWNS_PROBED;
	bool nothing_done = phase == PHASE_MAIL && c->state >= SMTP_ENVELOPE;
	if (!c->has_message || c->state == SMTP_OPENING) {
		smtp_client_fail(c, FAULT_UPSTREAM_REFUSED, r);
	} else if (nothing_done && (c->messages > 1 || probing)) {
		/* A reused connection came to its end of life, or the probe was taken amiss; that says nothing about
		 * this message. */
		c->refusal.code = 0;
		c->not_taken = true;
		c->said_farewell = true;
		smtp_client_fail(c, FAULT_UPSTREAM_LOST, r);
	} else {
		smtp_message_settle(c, phase, r);
		smtp_message_over(c, FAULT_NONE);
		smtp_client_move(c, SMTP_OVER);
	}
}

static void take_reply(struct smtp_client *c)
{
	const struct smtp_reply *r = smtp_reply_view(&c->replies);
	int class = smtp_reply_class(r);
	enum smtp_phase phase = smtp_client_phase(c);
	struct smtp_due due = c->due[c->due_first];
	bool unasked = c->due_count == 0 || c->sent < due.after;
	if (c->state == SMTP_CLOSING) {
		smtp_client_move(c, SMTP_OVER);
		return;
	}
	if (r->code == 421) {
		server_leaves(c, r, phase);
		return;
	}
	/* Only a refusal of the content may come before the content's end. */
	bool refuses_content = c->due_count > 0 && class >= 4 &&
			       (due.owner == SMTP_OWNS_FINAL || due.owner == SMTP_OWNS_CHUNK);
	if ((unasked && !refuses_content) ||
	    (class < 4 && class != rules[due.owner].expect && class != rules[due.owner].also)) {
		smtp_client_fail(c, FAULT_UPSTREAM_PROTOCOL, NULL);
		return;
	}
	c->due_first = (c->due_first + 1) % SMTP_WINDOW;
	c->due_count--;
	c->progress++;
	c->phase = phase;
	c->refusal.code = 0;
	if (class >= 4 && due.owner != SMTP_OWNS_PROBE && due.owner != SMTP_OWNS_PROBED) {
		c->refusal = *r;
		c->refused_at = phase;
	}
	(class == rules[due.owner].expect ? rules[due.owner].yes
					  : rules[due.owner].no)(c, r, due.recipient);
	if (c->state == SMTP_ENVELOPE) {
		smtp_envelope_go_on(c);
	} else if (c->state == SMTP_CONTENT || c->state == SMTP_FINAL) {
		smtp_content_go_on(c);
	}
}

/* The line that is held, for who reads along. */
static void hear(struct smtp_client *c, bool is_last)
{
	enum smtp_owner owner = first_due(c);
	int code = smtp_reply_view(&c->replies)->code;
	enum redact_reply kind = REDACT_REPLY;
	if (owner == SMTP_OWNS_EHLO) {
		kind = c->ehlo.past_greeting ? REDACT_CAPABILITY : REDACT_GREETING;
	} else if (owner == SMTP_OWNS_AUTH && code / 100 == 3) {
		kind = REDACT_CHALLENGE;
	}
	transcript_hear(c->transcript, kind, code, is_last,
			slice_trim(smtp_reply_line(&c->replies)));
}

void smtp_client_feed(struct smtp_client *c, struct slice bytes)
{
	while (bytes.len > 0 && c->state != SMTP_OVER) {
		if (c->state == SMTP_READY || c->state == SMTP_SECURING) {
			/* A farewell while idle; or words in the clear that would count as said
			 * under TLS (RFC 3207 5). */
			c->said_farewell = slice_starts(bytes, SLICE_LIT("421"));
			smtp_client_fail(c,
					 c->state == SMTP_READY ? FAULT_UPSTREAM_LOST
								: FAULT_UPSTREAM_PROTOCOL,
					 NULL);
			return;
		}
		enum smtp_reply_step step;
		if (smtp_reply_feed(&c->replies, &bytes, &step) != FAULT_NONE) {
			smtp_client_fail(c, FAULT_UPSTREAM_PROTOCOL, NULL);
			return;
		}
		if (step != SMTP_REPLY_MORE && c->transcript != NULL) {
			hear(c, step == SMTP_REPLY_DONE);
		}
		if (step != SMTP_REPLY_MORE && c->due_count > 0 &&
		    c->due[c->due_first].owner == SMTP_OWNS_EHLO) {
			if (c->ehlo.past_greeting) {
				smtp_witness_capable(c->params.witness, c->secure,
						     smtp_reply_line(&c->replies));
			}
			smtp_ehlo_line(&c->ehlo, smtp_reply_line(&c->replies));
		}
		if (step == SMTP_REPLY_DONE) {
			take_reply(c);
		}
	}
}

struct slice smtp_client_output(struct smtp_client *c)
{
	if (c->line != NULL) {
		return slice_skip(secret_view(c->line), c->out_at);
	}
	if (c->out_at == c->out_len && c->state == SMTP_CONTENT && !c->content_made) {
		smtp_content_make(c);
	}
	return slice_of(c->out + c->out_at, c->out_len - c->out_at);
}

void smtp_client_wrote(struct smtp_client *c, size_t n)
{
	c->out_at += n;
	c->sent += n;
	c->progress++;
	if (c->line != NULL && c->out_at == secret_view(c->line).len) {
		secret_free(&c->line);
		c->out_at = 0;
		c->out_len = 0;
	}
	if (c->state == SMTP_CONTENT) {
		smtp_content_wrote(c);
	}
}

void smtp_client_bind(struct smtp_client *c, const struct scram_binding *binding)
{
	c->binding = *binding;
}

void smtp_client_secured(struct smtp_client *c)
{
	if (c->state == SMTP_OVER) { /* given up while the handshake went on */
		return;
	}
	c->secure = true;
	smtp_client_move(c, SMTP_OPENING);
	smtp_session_say_ehlo(c);
}

void smtp_client_lost(struct smtp_client *c, enum fault why)
{
	smtp_client_fail(c, why, NULL);
}

enum smtp_want smtp_client_want(const struct smtp_client *c)
{
	switch (c->state) {
	case SMTP_SECURING:
		return SMTP_WANT_TLS;
	case SMTP_READY:
		return SMTP_WANT_MESSAGE;
	case SMTP_OVER:
		return SMTP_WANT_CLOSE;
	case SMTP_OPENING:
		return c->auth.works ? SMTP_WANT_TURN : SMTP_WANT_IO;
	case SMTP_ENVELOPE:
	case SMTP_CONTENT:
	case SMTP_FINAL:
	case SMTP_CLOSING:
	case SMTP_STATE_COUNT:
		break;
	}
	return SMTP_WANT_IO;
}

bool smtp_client_awaits(const struct smtp_client *c)
{
	return c->due_count > 0 || c->state == SMTP_CLOSING;
}

bool smtp_client_uncertain(const struct smtp_client *c)
{
	bool under_way = c->has_message && (c->state == SMTP_CONTENT || c->state == SMTP_FINAL);
	if (!under_way || c->lone_dot || c->not_taken) {
		return false;
	}
	bool some_may_have_it = c->accepted > 0 || !smtp_envelope_is_answered(c);
	return some_may_have_it && c->content_sent >= c->message.content->size;
}

uint64_t smtp_client_content_sent(const struct smtp_client *c)
{
	return c->content_sent;
}
