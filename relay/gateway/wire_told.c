#include "relay/gateway/wire_told.h"

#include "spool-free/base/event.h"

void wire_tell_bad(enum fault f, const struct settings_mistakes *mistakes,
		   const struct problem *problem)
{
	bool is_in_file = mistakes->count > 0;
	const struct settings_mistake in_none = {.key = SLICE_LIT("tls"),
						 .wrong = problem_text(problem)};
	const struct settings_mistake *m = is_in_file ? &mistakes->items[0] : &in_none;
	event_log(EVENT_SETTINGS_BAD, EVENT_FAULT(f), EVENT_MAYBE_QUOTED("file", m->file),
		  EVENT_MAYBE("key", m->key), EVENT_MAYBE_NUMBER("at_line", m->line),
		  EVENT_MAYBE_NUMBER("count", mistakes->count + mistakes->untold),
		  EVENT_QUOTED("why", m->wrong), EVENT_MAYBE_QUOTED("right", m->allowed));
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
