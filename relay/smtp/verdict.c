#include "relay/smtp/verdict.h"

#include <string.h>

enum outcome smtp_verdict_outcome(const struct smtp_reply *r)
{
	switch (smtp_reply_class(r)) {
	case 2:
		return OUTCOME_DELIVERED;
	case 4:
		return OUTCOME_DEFERRED;
	default:
		return OUTCOME_REFUSED;
	}
}

enum fault smtp_verdict_session(enum smtp_phase phase, const struct smtp_reply *r)
{
	/* A 4yz speaks of the moment, not of the password or of TLS (RFC 4954 section 6: 454). */
	bool for_good = smtp_reply_class(r) == 5;
	if (phase == PHASE_STARTTLS) {
		return for_good ? FAULT_UPSTREAM_NO_TLS : FAULT_UPSTREAM_TLS;
	}
	return phase == PHASE_AUTH && for_good ? FAULT_UPSTREAM_AUTH : FAULT_UPSTREAM_REFUSED;
}

static bool enhanced_is(const struct smtp_reply *r, const char *subject_detail)
{
	return r->enhanced[0] != '\0' && strcmp(r->enhanced + 1, subject_detail) == 0;
}

enum smtp_phase smtp_verdict_rcpt_phase(const struct smtp_reply *r)
{
	/* X.1.7 and X.1.8: bad sender's mailbox address, bad sender's system address (RFC
	 * 3463 3.2). */
	return enhanced_is(r, ".1.7") || enhanced_is(r, ".1.8") ? PHASE_MAIL : PHASE_RCPT;
}

bool smtp_verdict_too_many(const struct smtp_reply *r)
{
	bool code = r->code == 452 || r->code == 552;
	return code && (r->enhanced[0] == '\0' || enhanced_is(r, ".5.3"));
}

/* A refusal's cause; with it what the code alone does not say. */
static void judge(struct recipient_outcome *o, const struct smtp_scene *s,
		  const struct smtp_reply *r)
{
	bool of_rcpt = o->phase == PHASE_RCPT;
	o->phase = of_rcpt ? smtp_verdict_rcpt_phase(r) : o->phase;
	struct smtp_decoded d = smtp_decode(s, o->phase, r);
	o->cause = d.cause;
	o->outcome = d.may_work_later ? OUTCOME_DEFERRED : o->outcome;
	o->phase = of_rcpt && d.cause->kind == CAUSE_SENDER ? PHASE_MAIL : o->phase;
}

void smtp_verdict_record(struct recipient_outcome *into, const struct smtp_scene *s,
			 enum smtp_phase phase, const struct smtp_reply *r, struct arena *arena)
{
	*into = (struct recipient_outcome){
		.outcome = smtp_verdict_outcome(r),
		.code = r->code,
		.phase = phase,
	};
	if (smtp_reply_class(r) >= 4) {
		judge(into, s, r);
	}
	memcpy(into->enhanced, r->enhanced, sizeof(into->enhanced));
	if (arena_copy(arena, smtp_reply_text(r), &into->text) != FAULT_NONE) {
		into->text = SLICE_LIT("");
	}
}

/* What the server was asked at each phase, for sentences. */
static const char *const asked[PHASE_FINAL + 1] = {
	[PHASE_TLS] = "the TLS handshake",
	[PHASE_GREETING] = "the connection",
	[PHASE_EHLO] = "EHLO",
	[PHASE_STARTTLS] = "STARTTLS",
	[PHASE_AUTH] = "AUTH",
	[PHASE_MAIL] = "MAIL FROM",
	[PHASE_RCPT] = "RCPT TO",
	[PHASE_DATA] = "DATA",
	[PHASE_CONTENT] = "the content",
	[PHASE_FINAL] = "the end of the content",
};

enum fault smtp_verdict_explain(struct problem *p, enum fault f, enum smtp_phase phase,
				const struct smtp_reply *r)
{
	bool silent = f == FAULT_UPSTREAM_LOST || f == FAULT_DEADLINE;
	problem_set(p, f, fault_title(f).ptr);
	if (asked[phase] != NULL && (r != NULL || silent)) {
		problem_add(p, r != NULL ? " It answered to " : " The answer to ");
		problem_add(p, asked[phase]);
		problem_add(p, r != NULL ? " with " : " was due");
	}
	if (asked[phase] != NULL && r != NULL) {
		problem_add_number(p, (uint64_t)r->code);
		problem_add(p, r->enhanced[0] != '\0' ? " " : "");
		problem_add(p, r->enhanced);
	}
	problem_add(p, asked[phase] != NULL && (r != NULL || silent) ? "." : "");
	return f;
}

enum fault smtp_verdict_oversize(struct problem *p, uint64_t size, uint64_t size_max)
{
	problem_set(p, FAULT_UPSTREAM_SIZE, "The message is ");
	problem_add_number(p, size);
	problem_add(p, " bytes as sent, attachments encoded; the mail server takes at most ");
	problem_add_number(p, size_max);
	problem_add(p, ".");
	return FAULT_UPSTREAM_SIZE;
}
