/*
 * NAME     condition - what must hold of a record for a request to change it
 * TAKES    If-Match: one strong tag as ETag said it, or '*'; If-None-Match: '*'. Without both a change makes a record that is
 *          new, and a removal does not care
 * SEE      RFC 9110 8.8.3, 13.1.1, 13.1.2
 * FAULTS   MALFORMED with a sentence; PRECONDITION for a tag that no record ever had
 */
#ifndef RELAY_INTAKE_CONDITION_H
#define RELAY_INTAKE_CONDITION_H

#include "config/keeper/client.h"

/* The values; a NULL pointer when there is none. */
struct condition_fields {
	struct slice match;
	struct slice none_match;
	bool removes;
};

MUST_USE enum fault condition_read(const struct condition_fields *fields,
				   struct keeper_condition *out_condition, struct problem *problem);

#endif
