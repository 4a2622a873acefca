/*
 * NAME     prove - the keeper tries upon itself what its confinement forbids, for `pagepost selfcheck`
 * REQUEST  WIRE_PROBE: a folder made for this alone -> spool-free/lockdown/selfcheck.h's text
 * RULE     never answered out of what was answered before, and no token's use
 */
#ifndef CONFIG_KEEPER_PROVE_H
#define CONFIG_KEEPER_PROVE_H

#include "config/keeper/wire.h"

bool prove_is_request(const struct wire_frame *in);
MUST_USE enum fault prove_answer(const struct wire_frame *in, struct secret **out_frame);

#endif
