/*
 * NAME     canary - values that stand nowhere else in the world, and a search for them in all the forms they may take
 * FORMS    as they are, in lower case, base64 at each alignment (and for URLs), quoted-printable, percent-encoded, hex, UTF-16; parts of
 *          CANARY_PART bytes are found too, since what begins a freed block is soon written over
 * OWNS     copies of the values; canaries_free() wipes them
 * LIMIT    CANARIES_MAX values of at most CANARY_MAX bytes
 * THREADS  one owner at a time; a search changes nothing
 */
#ifndef RELAY_COMMAND_CANARY_H
#define RELAY_COMMAND_CANARY_H

#include "spool-free/base/fault.h"
#include "spool-free/base/slice.h"

enum {
	CANARY_LEN = 32,
	CANARY_MAX = 64,
	CANARY_PART = 16,
	CANARIES_MAX = 20,
	CANARY_NEEDLE_MAX = 3 * CANARY_PART,
};

struct canaries;

struct canary_hit {
	const char *place;
	const char *form;
};

MUST_USE enum fault canaries_new(struct canaries **out_canaries);
void canaries_free(struct canaries **c);

/* `place` is a literal: "subject". TOO_LARGE past the limits, BAD_FIELD for less than two parts. */
MUST_USE enum fault canaries_add(struct canaries *c, const char *place, struct slice value);
/* Letters and digits of chance, which stand in a name, an address and a password alike. */
MUST_USE enum fault canary_letters(char out_text[CANARY_LEN + 1]);

/* The first one behind `*at`, which moves past it; false when there is none any more. */
MUST_USE bool canaries_find(const struct canaries *c, struct slice bytes, size_t *at,
			    struct canary_hit *out_hit);
/* How many of the places have something in it. */
MUST_USE size_t canaries_count_places(const struct canaries *c, struct slice bytes);

#endif
