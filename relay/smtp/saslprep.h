/*
 * NAME     saslprep - whether a user name or password may stand as it is where a mechanism wants it prepared
 * RULE     SASLprep maps, composes and forbids; what it would leave untouched needs no mapping. The table names the
 *          letters that it leaves so, whatever stands beside them; all others are said to be changed
 * WHY      what is not in the table is rare in a password, and is left to mechanisms that take UTF-8 as it is
 * SEE      RFC 4013, RFC 3454 (queries: code points that Unicode 3.2 does not know stay)
 */
#ifndef RELAY_SMTP_SASLPREP_H
#define RELAY_SMTP_SASLPREP_H

#include "spool-free/base/slice.h"

/* True: SASLprep of `text` is `text`. False: it may be another, or none at all. */
bool smtp_saslprep_keeps(struct slice text);

#endif
