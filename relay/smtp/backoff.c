#include "relay/smtp/backoff.h"

enum { DOUBLINGS_MAX = 32 };

uint64_t smtp_backoff_ms(const struct smtp_backoff *b, unsigned failed, uint64_t chance)
{
	uint64_t pause = b->base_ms;
	for (unsigned i = 1; i < failed && i < DOUBLINGS_MAX && pause < b->most_ms; i++) {
		pause = pause > b->most_ms / 2 ? b->most_ms : pause * 2;
	}
	pause = pause < b->most_ms ? pause : b->most_ms;
	return pause - chance % (pause / 2 + 1);
}
