/*
 * NAME     client_inside - what the files of the engine share: client.c (flow), client_session.c (greeting to login),
 *          client_envelope.c (what is said of a message before its content), client_content.c (the content, by DATA and
 *          BDAT), client_message.c (what becomes of the message). Nobody else includes this
 */
#ifndef RELAY_SMTP_CLIENT_INSIDE_H
#define RELAY_SMTP_CLIENT_INSIDE_H

#include "relay/smtp/client.h"

/* Handlers of replies; `recipient` counts for RCPT only. */
typedef void smtp_reply_fn(struct smtp_client *c, const struct smtp_reply *r, size_t recipient);

void smtp_client_move(struct smtp_client *c, enum smtp_state next);
void smtp_client_say(struct smtp_client *c, struct slice words);
void smtp_client_say_number(struct smtp_client *c, uint64_t number);
void smtp_client_expect(struct smtp_client *c, enum smtp_owner owner, size_t recipient);
/* Ends the message (if any) and the connection by a fault; `r` is the reply that caused it, or
 * NULL. */
void smtp_client_fail(struct smtp_client *c, enum fault f, const struct smtp_reply *r);
/* The same where the dialogue is in step: QUIT is said. */
void smtp_client_fail_politely(struct smtp_client *c, enum fault f, const struct smtp_reply *r);
void smtp_client_learn(struct smtp_client *c, enum smtp_lesson lesson); /* the gravest counts */

smtp_reply_fn smtp_session_greeted, smtp_session_capable, smtp_session_may_secure,
	smtp_session_logged_in;
smtp_reply_fn smtp_session_refused, smtp_session_auth_other;
void smtp_session_say_ehlo(struct smtp_client *c);

/* What the message needs and the server lacks; recipients that alone need it are refused. */
MUST_USE enum fault smtp_envelope_judge(struct smtp_client *c);
void smtp_envelope_begin(struct smtp_client *c); /* a transaction, with its first burst */
void smtp_envelope_go_on(struct smtp_client *c); /* after each reply of an envelope */
bool smtp_envelope_is_answered(const struct smtp_client *c); /* whatever is due is for content */
/* The first recipient at or behind `i` without an outcome. */
size_t smtp_envelope_next_open(const struct smtp_client *c, size_t i);
bool smtp_envelope_is_asked(const struct smtp_client *c, size_t i); /* and not refused */
smtp_reply_fn smtp_envelope_probe_refused, smtp_envelope_probed, smtp_envelope_probe_other;
smtp_reply_fn smtp_envelope_reset, smtp_envelope_undone, smtp_envelope_mail_taken;
smtp_reply_fn smtp_envelope_mail_refused, smtp_envelope_rcpt_taken, smtp_envelope_rcpt_refused;

smtp_reply_fn smtp_content_may_begin, smtp_content_refused_before;
smtp_reply_fn smtp_content_chunk_taken, smtp_content_chunk_refused, smtp_content_final;
void smtp_content_begin_chunks(struct smtp_client *c);
void smtp_content_make(struct smtp_client *c); /* fills what is free of the output */
void smtp_content_wrote(struct smtp_client *c);
void smtp_content_go_on(struct smtp_client *c); /* after each reply, and each write */

void smtp_message_begin(struct smtp_client *c);
void smtp_message_over(struct smtp_client *c, enum fault f);
void smtp_message_next(
	struct smtp_client *c); /* another transaction for those still open, or over */
/* Every recipient without an outcome gets this reply's. */
void smtp_message_settle(struct smtp_client *c, enum smtp_phase phase, const struct smtp_reply *r);
/* What becomes of the message when the connection ends by `f`. */
void smtp_message_interrupted(struct smtp_client *c, enum fault f);

#endif
