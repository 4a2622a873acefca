/*
 * NAME     verdict - the one place that says what a code, a loss or a missed deadline means
 * SEE      RFC 5321 4.2.1 (classes), 4.5.3.1.10 (too many recipients); RFC 1047 (why a lost final
 * reply is uncertain)
 */
#ifndef RELAY_SMTP_VERDICT_H
#define RELAY_SMTP_VERDICT_H

#include "spool-free/base/arena.h"
#include "spool-free/base/problem.h"
#include "relay/smtp/decode.h"
#include "relay/smtp/reply.h"

/* Of a reply that settles a recipient: 2yz delivered, 4yz deferred, 5yz refused. */
enum outcome smtp_verdict_outcome(const struct smtp_reply *r);

/* Why a session cannot go on after this refusal at `phase` (greeting to login, and RSET). */
enum fault smtp_verdict_session(enum smtp_phase phase, const struct smtp_reply *r);

/* Many servers refuse the sender only once a recipient is named; the enhanced code still says whom
 * they mean. */
enum smtp_phase smtp_verdict_rcpt_phase(const struct smtp_reply *r);

/* The server takes no more recipients in this transaction; the next one may bring them. */
bool smtp_verdict_too_many(const struct smtp_reply *r);

/*
 * Fills all of `into`, with the cause of a refusal. Whom a refusal at RCPT means is found out here. The text goes to the
 * arena; without memory for it, it is left out.
 */
void smtp_verdict_record(struct recipient_outcome *into, const struct smtp_scene *s,
			 enum smtp_phase phase, const struct smtp_reply *r, struct arena *arena);

/* The sentence for a fault at `phase`; `r` is the reply that caused it, or NULL. Returns `f`. */
enum fault smtp_verdict_explain(struct problem *p, enum fault f, enum smtp_phase phase,
				const struct smtp_reply *r);
/* The same for a message of `size` bytes where the server takes `size_max`. */
enum fault smtp_verdict_oversize(struct problem *p, uint64_t size, uint64_t size_max);

#endif
