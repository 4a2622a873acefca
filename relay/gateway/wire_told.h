/*
 * NAME     wire_told - what became of settings that were read again, as events
 * USER     gateway and keeper: each takes its part of the file, and both name what needs a restart
 */
#ifndef RELAY_GATEWAY_WIRE_TOLD_H
#define RELAY_GATEWAY_WIRE_TOLD_H

#include "spool-free/base/problem.h"
#include "config/settings/settings.h"

/*
 * settings.bad with the first mistake, or, if there is none, the problem; `pagepost serve --check-config` names all of them.
 */
void wire_tell_bad(enum fault f, const struct settings_mistakes *mistakes,
		   const struct problem *problem);

/* Those of the start, those in force, and those that take their place. */
struct wire_turn {
	const struct settings *start, *current, *next;
};

/* settings.taken, and settings.kept for each key that needs a restart; how many those are. */
unsigned wire_tell_taken(const struct wire_turn *t);

#endif
