/*
 * NAME     ladder - how far each upstream is trusted with BDAT (RFC 3030)
 * RUNGS    a server that offers CHUNKING is first given an envelope alone, and the content by BDAT behind its replies.
 *          Once a message was taken that way, the next envelope begins with a probe: a BDAT out of sequence whose content
 *          would be commands to a server that does not read it as content, and a command whose answer must follow at once.
 *          Only who passes is sent envelope and content in one flight. Whoever loses step gets DATA from then on, for a
 *          day; then the probe asks again. Each further time it takes twice as long, up to SMTP_LADDER_DAYS_MAX
 * LIMIT    SMTP_LADDER_PLACES upstreams; the one not used for longest makes room, and begins anew
 * RULE     pure: time is an argument
 * OWNS     nothing; an all-zero ladder is a valid empty one
 * THREADS  its relay's
 * SEE      relay.md E4: what goes wrong with BDAT, and where
 */
#ifndef RELAY_SMTP_LADDER_H
#define RELAY_SMTP_LADDER_H

#include "spool-free/base/instant.h"
#include "spool-free/base/slice.h"

enum { SMTP_LADDER_PLACES = 256, SMTP_LADDER_KEY = 16, SMTP_LADDER_DAYS_MAX = 64 };

enum smtp_rung {
	SMTP_RUNG_DATA,	    /* never BDAT */
	SMTP_RUNG_APART,    /* BDAT, behind the replies to the envelope */
	SMTP_RUNG_PROBE,    /* the same, with the probe in front */
	SMTP_RUNG_TOGETHER, /* envelope and content in one flight */
};

/* What a message by BDAT taught. */
enum smtp_lesson {
	SMTP_LESSON_NONE,
	SMTP_LESSON_TAKEN,  /* a message was taken */
	SMTP_LESSON_SAFE,   /* the probe was passed */
	SMTP_LESSON_UNSURE, /* the probe was answered, but not as it should be */
	SMTP_LESSON_LOST,   /* the connection was lost in the midst of it */
	SMTP_LESSON_BAD,    /* out of step, or no answer in time */
};

struct smtp_ladder_place {
	unsigned char key[SMTP_LADDER_KEY]; /* of host and port */
	unsigned used;			    /* when, as a count; 0: the place is free */
	enum smtp_rung rung;
	unsigned losses; /* in a row */
	bool no_probe;	 /* it would teach nothing */
	unsigned days;	 /* how long it was left at DATA the last time; 0: it never was */
	struct instant until;
};

struct smtp_ladder {
	unsigned uses;
	struct smtp_ladder_place places[SMTP_LADDER_PLACES];
};

enum smtp_rung smtp_ladder_rung(struct smtp_ladder *l, struct slice host, uint16_t port,
				struct instant now);
void smtp_ladder_learn(struct smtp_ladder *l, struct slice host, uint16_t port,
		       enum smtp_lesson lesson, struct instant now);

#endif
