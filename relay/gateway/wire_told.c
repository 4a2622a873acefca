#include "relay/gateway/wire_told.h"

#include "spool-free/base/event.h"

void wire_tell_bad(enum fault f, const struct settings_mistakes *mistakes,
		   const struct problem *problem)
{
	bool is_in_file = mistakes->count > 0;
	const struct settings_mistake *m = &mistakes->items[0];
	event_log(EVENT_SETTINGS_BAD, EVENT_FAULT(f),
		  EVENT_MAYBE("key", is_in_file ? m->key : (struct slice){0}),
		  EVENT_MAYBE_NUMBER("at_line", is_in_file ? m->line : 0),
		  EVENT_MAYBE_NUMBER("count", mistakes->count + mistakes->untold),
		  EVENT_QUOTED("why", is_in_file ? m->wrong : problem_text(problem)));
}

static void tell_kept(void *ctx, struct slice key)
{
	(void)ctx;
	event_log(EVENT_SETTINGS_KEPT, EVENT_TEXT("key", key));
}

unsigned wire_tell_taken(const struct wire_turn *t)
{
	unsigned taken = settings_differ(t->current, t->next, true, NULL, NULL);
	unsigned kept = settings_differ(t->start, t->next, false, tell_kept, NULL);
	event_log(EVENT_SETTINGS_TAKEN, EVENT_NUMBER("count", taken));
	return kept;
}
