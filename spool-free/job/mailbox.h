/*
 * NAME     mailbox - a mail address that was checked; the only way to get one is mailbox_parse()
 * LIMIT    address 254 bytes, local part 64 (RFC 5321 4.5.3.1), domain labels 63
 * TAKES    dot-atom@domain, ASCII; a domain of UTF-8 labels is taken to its A-labels by relay/net/resolve, not here:
 *          non-ASCII is BAD_ADDRESS. Quoted local parts and address literals are refused
 */
#ifndef SPOOL_FREE_JOB_MAILBOX_H
#define SPOOL_FREE_JOB_MAILBOX_H

#include "spool-free/base/fault.h"
#include "spool-free/base/slice.h"

enum { MAILBOX_MAX = 254 };

struct mailbox {
	struct slice address; /* local@domain as given */
	struct slice local;
	struct slice domain;
};

MUST_USE enum fault mailbox_parse(struct slice text, struct mailbox *out_mailbox);

/* A mailbox with the name that is shown; the name is header-safe UTF-8 and may be empty. */
struct party {
	struct slice name;
	struct mailbox mailbox;
};

#endif
