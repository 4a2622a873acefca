/*
 * NAME     doctor_report - the report of a look at a mail server (relay/smtp/findings.h) as lines for people
 * TAKES    JSON of our own, or of somebody who answers in its place: control characters become '?'
 * FAULTS   BAD_JSON, TOO_LARGE, NO_MEMORY
 */
#ifndef RELAY_COMMAND_DOCTOR_REPORT_H
#define RELAY_COMMAND_DOCTOR_REPORT_H

#include "spool-free/base/buf.h"

/* `body` is changed in place. `out_is_well`: every step was. */
MUST_USE enum fault doctor_report_read(struct buf *body, struct buf *text, bool *out_is_well);

#endif
