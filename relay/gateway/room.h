/*
 * NAME     room - how much of the budget a job holds on its way
 * RULE     its body and JOB_OVERHEAD from admission on; what rendering takes at its height while it is rendered; then its
 *          message alone, with room for what the server will say
 * FAULTS   BUSY when the budget has no room; the job is as before then
 * THREADS  the job's owner
 */
#ifndef RELAY_GATEWAY_ROOM_H
#define RELAY_GATEWAY_ROOM_H

#include "spool-free/job/job.h"
#include "render/render.h"

/* Raises the lease and the limit of the job's arena alike; `fetches` when pictures from elsewhere may be fetched. */
MUST_USE enum fault room_for_rendering(struct job *j, bool fetches,
				       const struct render_limits *limits);
void room_after_rendering(struct job *j, size_t recipients);

#endif
