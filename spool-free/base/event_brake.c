#include "spool-free/base/event_brake.h"

#include <stdatomic.h>

#include "spool-free/base/event.h"

static void begin_anew(struct event_brake *b, enum event_name name, struct instant now)
{
	uint64_t until = atomic_load(&b->until_ms);
	uint64_t next = instant_after(now, EVENT_BRAKE_MS).ms;
	if (now.ms < until || !atomic_compare_exchange_strong(&b->until_ms, &until, next)) {
		return;
	}
	atomic_store(&b->lines, 0);
	uint64_t spared = atomic_exchange(&b->spared, 0);
	if (spared > 0) {
		event_log(EVENT_LOG_SPARED, EVENT_TEXT("of", event_rows[name].text),
			  EVENT_NUMBER("count", spared));
	}
}

bool event_brake_lets(struct event_brake *b, enum event_name name, struct instant now)
{
	begin_anew(b, name, now);
	if (atomic_fetch_add(&b->lines, 1) < EVENT_BRAKE_LINES) {
		return true;
	}
	atomic_fetch_add(&b->spared, 1);
	return false;
}
