#include "relay/smtp/breaker.h"

enum smtp_breaker_state smtp_breaker_state(const struct smtp_breaker *b, struct instant now)
{
	if (b->opened == 0) {
		return SMTP_BREAKER_CLOSED;
	}
	if (b->is_trying) {
		return SMTP_BREAKER_TRYING;
	}
	return instant_is_past(b->until, now) ? SMTP_BREAKER_DUE : SMTP_BREAKER_OPEN;
}

void smtp_breaker_try(struct smtp_breaker *b)
{
	b->is_trying = true;
}

void smtp_breaker_drop(struct smtp_breaker *b)
{
	b->is_trying = false;
}

bool smtp_breaker_failed(struct smtp_breaker *b, const struct smtp_breaker_rule *rule,
			 struct instant now, uint64_t chance)
{
	if (b->opened > 0 && !b->is_trying) { /* of a message that went before it opened */
		return false;
	}
	b->is_trying = false;
	b->failures += b->failures < UINT32_MAX;
	if (rule->failures == 0 || b->failures < rule->failures) {
		return false;
	}
	b->opened += b->opened < UINT32_MAX;
	b->until = instant_after(now, smtp_backoff_ms(&rule->pause, b->opened, chance));
	return true;
}

bool smtp_breaker_succeeded(struct smtp_breaker *b)
{
	bool was_open = b->opened > 0;
	*b = (struct smtp_breaker){.failures = 0};
	return was_open;
}
