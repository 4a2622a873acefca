/*
 * NAME     key_half - a tenant's half of the key, as a request carries it: 32 bytes in base64 or base64url
 * OWNS     nothing; what was decoded on the way is wiped
 * FAULTS   BAD_FIELD with a sentence that never holds what was sent; NO_MEMORY
 * SEE      RFC 4648 4, 5; the padding may be left out
 */
#ifndef RELAY_INTAKE_KEY_HALF_H
#define RELAY_INTAKE_KEY_HALF_H

#include "spool-free/base/problem.h"
#include "spool-free/base/secret.h"

enum { KEY_HALF_LEN = 32 };

/* `what` begins the sentence: "The X-Pagepost-Key". */
MUST_USE enum fault key_half_parse(struct slice text, const char *what, struct secret **out_half,
				   struct problem *problem);

#endif
