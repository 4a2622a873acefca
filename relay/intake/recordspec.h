/*
 * NAME     recordspec - the body of a record: one flat JSON object becomes pairs
 * TAKES    texts, whole numbers, true, false, null, and lists of texts. Which keys there are, and what they may hold, the
 *          keeper knows
 * OWNS     nothing: values point into the JSON, which is changed in place, lists into lines; the pairs lie in the arena
 * LIMITS   RECORDSPEC_MAX bytes, of which KEEPER_CHANGE_MAX are keys and values; KEEPER_PAIRS_MAX keys of at most
 *          RECORDSPEC_KEY_MAX bytes, each once
 * FAULTS   BAD_JSON, TOO_DEEP, BAD_FIELD, TOO_LARGE, NO_MEMORY, each with a sentence
 */
#ifndef RELAY_INTAKE_RECORDSPEC_H
#define RELAY_INTAKE_RECORDSPEC_H

#include "config/keeper/client.h"

enum { RECORDSPEC_MAX = 64 * 1024, RECORDSPEC_KEY_MAX = 64 };

struct recordspec {
	size_t count;
	struct keeper_pair *pairs;
};

MUST_USE enum fault recordspec_parse(char *bytes, size_t len, struct arena *arena,
				     struct recordspec *out_record, struct problem *problem);

#endif
