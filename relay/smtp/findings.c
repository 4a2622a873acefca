#include "relay/smtp/findings.h"

#include "relay/smtp/client.h"
#include "relay/smtp/smtp.h"

static const struct slice names[SMTP_STEP_COUNT] = {
	[SMTP_STEP_RESOLVE] = SLICE_INIT("resolve"),
	[SMTP_STEP_CONNECT] = SLICE_INIT("connect"),
	[SMTP_STEP_GREETING] = SLICE_INIT("greeting"),
	[SMTP_STEP_EHLO] = SLICE_INIT("ehlo"),
	[SMTP_STEP_STARTTLS] = SLICE_INIT("starttls"),
	[SMTP_STEP_TLS] = SLICE_INIT("tls"),
	[SMTP_STEP_EHLO_AGAIN] = SLICE_INIT("ehlo-tls"),
	[SMTP_STEP_AUTH] = SLICE_INIT("auth"),
	[SMTP_STEP_MAIL] = SLICE_INIT("mail"),
	[SMTP_STEP_RCPT] = SLICE_INIT("rcpt"),
	[SMTP_STEP_RSET] = SLICE_INIT("rset"),
};

struct slice smtp_step_name(enum smtp_step s)
{
	return names[s];
}

static const enum smtp_step by_starttls[] = {
	SMTP_STEP_RESOLVE,  SMTP_STEP_CONNECT, SMTP_STEP_GREETING,   SMTP_STEP_EHLO,
	SMTP_STEP_STARTTLS, SMTP_STEP_TLS,     SMTP_STEP_EHLO_AGAIN, SMTP_STEP_AUTH,
	SMTP_STEP_MAIL,	    SMTP_STEP_RCPT,    SMTP_STEP_RSET,
};

static const enum smtp_step by_implicit[] = {
	SMTP_STEP_RESOLVE, SMTP_STEP_CONNECT, SMTP_STEP_TLS,  SMTP_STEP_GREETING, SMTP_STEP_EHLO,
	SMTP_STEP_AUTH,	   SMTP_STEP_MAIL,    SMTP_STEP_RCPT, SMTP_STEP_RSET,
};

size_t smtp_findings_steps(const struct smtp_findings *f, const enum smtp_step **out_steps)
{
	*out_steps = f->tls == TLS_IMPLICIT ? by_implicit : by_starttls;
	return f->tls == TLS_IMPLICIT ? COUNT_OF(by_implicit) : COUNT_OF(by_starttls);
}

/* Its place in the order; past the end for one that this TLS mode does not have. */
static size_t place_of(const struct smtp_findings *f, enum smtp_step s)
{
	const enum smtp_step *steps;
	size_t count = smtp_findings_steps(f, &steps);
	size_t at = 0;
	while (at < count && steps[at] != s) {
		at++;
	}
	return at;
}

void smtp_findings_begin(struct smtp_findings *f, enum tls_mode tls, bool logs_in,
			 struct instant now)
{
	*f = (struct smtp_findings){.tls = tls, .logs_in = logs_in, .since = now};
}

/* All steps before `to` have gone well; the time since the last look was the first one's. */
static void move(struct smtp_findings *f, enum smtp_step to, struct instant now)
{
	const enum smtp_step *steps;
	size_t count = smtp_findings_steps(f, &steps);
	size_t end = place_of(f, to);
	for (; f->at < end && f->at < count; f->at++) {
		enum smtp_step s = steps[f->at];
		bool done = s != SMTP_STEP_AUTH || f->logs_in;
		f->steps[s].found = done ? SMTP_FOUND_OK : SMTP_FOUND_SKIPPED;
		f->steps[s].ms = done ? now.ms - f->since.ms : 0;
		f->since = done ? now : f->since;
	}
}

/* The dial has a clock of its own. */
static void take_dial(struct smtp_findings *f)
{
	if (f->is_dialled) {
		return;
	}
	f->is_dialled = true;
	if (f->dial.is_resolved) {
		move(f, SMTP_STEP_CONNECT, f->dial.resolved);
	}
	if (f->dial.is_connected) {
		bool shakes_hands = f->tls == TLS_IMPLICIT;
		move(f, shakes_hands ? SMTP_STEP_TLS : SMTP_STEP_GREETING, f->dial.connected);
	}
}

static enum smtp_step step_of_phase(const struct smtp_findings *f, enum smtp_phase phase,
				    bool secure)
{
	bool again = f->tls == TLS_STARTTLS && secure;
	switch (phase) {
	case PHASE_RESOLVE:
		return SMTP_STEP_RESOLVE;
	case PHASE_NONE:
	case PHASE_CONNECT:
		return SMTP_STEP_CONNECT;
	case PHASE_TLS:
		return SMTP_STEP_TLS;
	case PHASE_GREETING:
		return SMTP_STEP_GREETING;
	case PHASE_EHLO:
		return again ? SMTP_STEP_EHLO_AGAIN : SMTP_STEP_EHLO;
	case PHASE_STARTTLS:
		return SMTP_STEP_STARTTLS;
	case PHASE_AUTH:
		return SMTP_STEP_AUTH;
	case PHASE_MAIL:
		return SMTP_STEP_MAIL;
	case PHASE_RCPT:
	case PHASE_DATA:
	case PHASE_CONTENT:
	case PHASE_FINAL:
		break;
	}
	return SMTP_STEP_RCPT;
}

void smtp_findings_look(struct smtp_findings *f, const struct smtp_client *c, struct instant now)
{
	take_dial(f);
	bool resets = c->due_count > 0 && c->due[c->due_first].owner == SMTP_OWNS_UNDO;
	enum smtp_step s = step_of_phase(f, smtp_client_phase(c), c->secure);
	move(f, resets ? SMTP_STEP_RSET : s, now);
	f->provider = c->scene.provider;
	if (c->mechanism != 0) {
		f->mechanism = smtp_auth_name(c->mechanism);
	}
}

static void take_refusal(struct smtp_findings *f, int code, const char *enhanced, struct slice text)
{
	f->code = code;
	f->text = text;
	for (size_t i = 0; i < sizeof(f->enhanced); i++) {
		f->enhanced[i] = enhanced[i];
	}
}

/* The session ended before the recipient had an answer. */
static enum smtp_step end_of_session(struct smtp_findings *f, const struct smtp_delivery *d)
{
	const struct smtp_reply *r = &f->witness.refusal;
	f->problem = d->problem;
	f->cause = d->cause;
	if (r->code != 0) {
		take_refusal(f, r->code, r->enhanced, smtp_reply_text(r));
	}
	return step_of_phase(f, d->phase, f->at > place_of(f, SMTP_STEP_TLS));
}

static enum smtp_step end_of_envelope(struct smtp_findings *f, const struct recipient_outcome *o)
{
	f->cause = o->cause;
	take_refusal(f, o->code, o->enhanced, o->text);
	return o->phase == PHASE_MAIL ? SMTP_STEP_MAIL : SMTP_STEP_RCPT;
}

void smtp_findings_end(struct smtp_findings *f, const struct smtp_delivery *d, struct instant now)
{
	const struct recipient_outcome *o = &d->results[0];
	take_dial(f);
	f->size_max = d->size_max;
	f->failed = d->fault != FAULT_NONE || o->outcome != OUTCOME_UNTRIED;
	if (!f->failed) {
		move(f, SMTP_STEP_COUNT, now);
		return;
	}
	enum smtp_step s = d->fault != FAULT_NONE ? end_of_session(f, d) : end_of_envelope(f, o);
	size_t place = place_of(f, s);
	move(f, s, now);
	f->steps[s].found = SMTP_FOUND_FAILED;
	f->steps[s].ms = f->at == place ? now.ms - f->since.ms : f->steps[s].ms;
	/* A sender that is refused at RCPT was refused at MAIL: nothing behind it counts. */
	const enum smtp_step *steps;
	size_t count = smtp_findings_steps(f, &steps);
	for (size_t i = place + 1; i < count; i++) {
		f->steps[steps[i]].found = SMTP_FOUND_SKIPPED;
		f->steps[steps[i]].ms = 0;
	}
}
