#include "relay/gateway/wire_incident.h"

#include "relay/gateway/debugs.h"
#include "relay/gateway/incident.h"
#include "relay/gateway/pauses.h"

enum fault wire_incident(const struct settings *s, struct gateway *g, struct problem *problem)
{
	enum fault f = pauses_new(&g->pauses);
	f = f == FAULT_NONE ? debugs_new(s->incident.debug_most_ms, &g->debugs) : f;
	if (f != FAULT_NONE) {
		return problem_set(problem, f, "");
	}
	bool all = (s->incident.paused & SETTINGS_PAUSED_ALL) != 0;
	return all ? incident_begin_paused(g, problem) : FAULT_NONE;
}

void wire_incident_close(struct gateway *g)
{
	pauses_free(&g->pauses);
	debugs_free(&g->debugs);
}

void wire_incident_expire(struct gateway *g, struct instant now)
{
	pauses_expire(g->pauses, now);
	debugs_expire(g->debugs, now);
}
