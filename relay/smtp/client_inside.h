/*
 * NAME     client_inside - what the three files of the engine share: client.c (flow),
 * client_session.c (greeting to login), client_message.c (MAIL to the final answer). Nobody else
 * includes this
 */
#ifndef RELAY_SMTP_CLIENT_INSIDE_H
#define RELAY_SMTP_CLIENT_INSIDE_H

#include "relay/smtp/client.h"

/* Handlers of replies; `recipient` counts for RCPT only. */
typedef void smtp_reply_fn(struct smtp_client *c, const struct smtp_reply *r, size_t recipient);

void smtp_client_move(struct smtp_client *c, enum smtp_state next);
void smtp_client_say(struct smtp_client *c, struct slice words);
void smtp_client_expect(struct smtp_client *c, enum smtp_owner owner, size_t recipient);
/* Ends the message (if any) and the connection by a fault; `r` is the reply that caused it, or
 * NULL. */
void smtp_client_fail(struct smtp_client *c, enum fault f, const struct smtp_reply *r);
/* The same where the dialogue is in step: QUIT is said. */
void smtp_client_fail_politely(struct smtp_client *c, enum fault f, const struct smtp_reply *r);

smtp_reply_fn smtp_session_greeted, smtp_session_capable, smtp_session_may_secure,
	smtp_session_logged_in;
smtp_reply_fn smtp_session_refused, smtp_session_auth_other;
void smtp_session_say_ehlo(struct smtp_client *c);

smtp_reply_fn smtp_message_reset, smtp_message_mail_taken, smtp_message_mail_refused;
smtp_reply_fn smtp_message_rcpt_taken, smtp_message_rcpt_refused, smtp_message_data_taken;
smtp_reply_fn smtp_message_data_refused, smtp_message_final, smtp_message_undone;
void smtp_message_begin(struct smtp_client *c);
void smtp_message_go_on(struct smtp_client *c);	       /* after each reply of an envelope */
void smtp_message_make_content(struct smtp_client *c); /* fills the empty output */
void smtp_message_over(struct smtp_client *c, enum fault f);
/* Every recipient without an outcome gets this reply's. */
void smtp_message_settle(struct smtp_client *c, enum smtp_phase phase, const struct smtp_reply *r);
/* What becomes of the message when the connection ends by `f`. */
void smtp_message_interrupted(struct smtp_client *c, enum fault f);

#endif
