/*
 * NAME     hold - mails that may not begin, because somebody paused their tenant, their server or everything
 * RULE     asked when a message comes, before each attempt, and when its turn has come. What has said MAIL goes on to its
 *          end: only the server's answer says what became of it. Who only looks (envelope_only) is never held back
 * THREADS  its relay's
 */
#ifndef RELAY_SMTP_HOLD_H
#define RELAY_SMTP_HOLD_H

#include "relay/smtp/turns.h"

/* PAUSED, with the sentence and `retry_after_ms` in the delivery. */
MUST_USE enum fault smtp_hold_ask(const struct smtp_relay *r, struct smtp_delivery *d);
/* The sentence anew, of what ended by PAUSED. */
void smtp_hold_explain(const struct smtp_relay *r, struct smtp_delivery *d);

#endif
