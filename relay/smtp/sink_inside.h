/*
 * NAME     sink_inside - what the files of the sink's engine tell each other
 * SHAPE    sink_session.c: lines, content, states; sink_command.c: the commands; sink_auth.c: logging in
 */
#ifndef RELAY_SMTP_SINK_INSIDE_H
#define RELAY_SMTP_SINK_INSIDE_H

#include "relay/smtp/sink_session.h"

enum {
	SINK_PATH_MAX = 254, /* RFC 5321 4.5.3.1.3, without the angle brackets */
	SINK_ENVELOPE_MAX = (SINK_PATH_MAX + 1) * (SINK_RECIPIENTS_MAX + 1),
};

void sink_say(struct sink_session *s, const char *line);
void sink_forget_mail(struct sink_session *s);

void sink_command(struct sink_session *s, struct slice line);
void sink_auth(struct sink_session *s, struct slice argument);	    /* the AUTH command */
void sink_auth_answer(struct sink_session *s, struct slice answer); /* to a 334 */

#endif
