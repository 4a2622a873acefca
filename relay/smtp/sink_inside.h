/*
 * NAME     sink_inside - what the files of the sink's engine tell each other
 * SHAPE    sink_session.c: lines, content, states; sink_command.c: the commands; sink_auth.c: logging in;
 *          sink_extension.c: what EHLO offers, and the parameters that come of it; sink_chunk.c: BDAT
 */
#ifndef RELAY_SMTP_SINK_INSIDE_H
#define RELAY_SMTP_SINK_INSIDE_H

#include "relay/smtp/sink_session.h"

enum {
	SINK_PATH_MAX = 254,	    /* RFC 5321 4.5.3.1.3, without the angle brackets */
	SINK_ENVELOPE_ID_MAX = 100, /* RFC 3461 4.4 */
	SINK_ORIGINAL_MAX = 500,    /* RFC 3461 4.2 */
	SINK_ENVELOPE_MAX = (SINK_PATH_MAX + 1) * (SINK_RECIPIENTS_MAX + 1),
};

void sink_say(struct sink_session *s, const char *line);
void sink_forget_mail(struct sink_session *s);
void sink_keep(void *session, struct slice run); /* content */
void sink_judge_content(struct sink_session *s); /* all of it is there */

void sink_offer(struct sink_session *s); /* the lines of EHLO's reply */
/* What follows the address; false: it has answered. */
bool sink_mail_parameters(struct sink_session *s, struct slice rest);
bool sink_rcpt_parameters(struct sink_session *s, struct slice rest);

void sink_bdat(struct sink_session *s, struct slice argument);
struct slice sink_feed_chunk(struct sink_session *s, struct slice bytes); /* what is left */

void sink_command(struct sink_session *s, struct slice line);
void sink_auth(struct sink_session *s, struct slice argument);	    /* the AUTH command */
void sink_auth_answer(struct sink_session *s, struct slice answer); /* to a 334 */

#endif
