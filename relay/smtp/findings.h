/*
 * NAME     findings - what a look at a mail server found, step by step: the clock of it, and the report in JSON
 * STEPS    in the order of the dialogue; which of them there are depends on how TLS begins. One that is over has its time
 * USE      begin; look after everything that happened to the engine; end. No I/O, no clock: moments are arguments
 * RULE     a server that was blocked looks like one that refused: neither address nor count is told when no connection came
 */
#ifndef RELAY_SMTP_FINDINGS_H
#define RELAY_SMTP_FINDINGS_H

#include "spool-free/base/buf.h"
#include "spool-free/job/job.h"
#include "spool-free/job/outcome.h"
#include "relay/net/dial.h"
#include "relay/smtp/decode.h"
#include "relay/smtp/witness.h"

struct smtp_client;
struct smtp_delivery;

enum smtp_step {
	SMTP_STEP_RESOLVE,
	SMTP_STEP_CONNECT,
	SMTP_STEP_GREETING,
	SMTP_STEP_EHLO,
	SMTP_STEP_STARTTLS,
	SMTP_STEP_TLS,
	SMTP_STEP_EHLO_AGAIN, /* under TLS, after STARTTLS */
	SMTP_STEP_AUTH,
	SMTP_STEP_MAIL,
	SMTP_STEP_RCPT,
	SMTP_STEP_RSET,
	SMTP_STEP_COUNT
};

enum smtp_found { SMTP_FOUND_SKIPPED, SMTP_FOUND_OK, SMTP_FOUND_FAILED };

struct smtp_findings {
	enum tls_mode tls;
	bool logs_in;
	bool is_shared; /* the operator's account */
	size_t at;	/* place in the order of steps: the one that is under way */
	struct instant since;
	struct {
		enum smtp_found found;
		uint64_t ms;
	} steps[SMTP_STEP_COUNT];
	bool is_dialled;

	struct dial_report dial;     /* filled by the dial */
	struct tls_facts facts;	     /* by the stream; without a protocol there was no handshake */
	struct smtp_witness witness; /* by the engine */
	enum smtp_provider provider;
	struct slice mechanism; /* that was tried last; static text */
	uint64_t size_max;

	bool failed;
	struct problem problem; /* of the step that failed */
	const struct smtp_cause *cause;
	int code; /* 0: no reply */
	char enhanced[ENHANCED_MAX];
	struct slice text; /* in the witness, or in the delivery's arena */
};

void smtp_findings_begin(struct smtp_findings *f, enum tls_mode tls, bool logs_in,
			 struct instant now);
/* The dial has ended well, or something happened to the engine. */
void smtp_findings_look(struct smtp_findings *f, const struct smtp_client *c, struct instant now);
/* `d` is over; it asked for one recipient, the envelope alone. */
void smtp_findings_end(struct smtp_findings *f, const struct smtp_delivery *d, struct instant now);

/* {"result": "ok" | "failed", "steps": [...], ...}: the manual has an example. */
MUST_USE enum fault smtp_findings_report(const struct smtp_findings *f, struct buf *into);

struct slice smtp_step_name(enum smtp_step s);
/* Those of this TLS mode, in their order; returns how many. */
size_t smtp_findings_steps(const struct smtp_findings *f, const enum smtp_step **out_steps);

#endif
