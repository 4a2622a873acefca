#include "relay/gateway/wire_incident.h"

#include "relay/gateway/incident.h"
#include "relay/gateway/pauses.h"

enum fault wire_incident(const struct settings *s, struct gateway *g, struct problem *problem)
{
	enum fault f = pauses_new(&g->pauses);
	if (f != FAULT_NONE) {
		return problem_set(problem, f, "");
	}
	bool all = (s->incident.paused & SETTINGS_PAUSED_ALL) != 0;
	return all ? incident_begin_paused(g, problem) : FAULT_NONE;
}

void wire_incident_close(struct gateway *g)
{
	pauses_free(&g->pauses);
}
