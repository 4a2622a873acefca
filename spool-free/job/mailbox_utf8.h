/*
 * NAME     mailbox_utf8 - a mail address whose local part may have letters beyond ASCII (RFC 6531, 6532)
 * TAKES    what mailbox.h takes; and in the local part valid UTF-8, but no control, direction or invisible character.
 *          The domain is ASCII: U-labels are A-labels before. Limits are in bytes
 * RULE     only for recipients: a sender must be one whom every mail server can answer
 */
#ifndef SPOOL_FREE_JOB_MAILBOX_UTF8_H
#define SPOOL_FREE_JOB_MAILBOX_UTF8_H

#include "spool-free/job/mailbox.h"

MUST_USE enum fault mailbox_parse_utf8(struct slice text, struct mailbox *out_mailbox);

#endif
