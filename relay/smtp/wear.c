#include "relay/smtp/wear.h"

enum {
	IDLE_LEAST_MS = 2000, /* a shorter rest is no reason to hang up */
	AGE_LEAST_MS = 60000, /* nor is a shorter life */
	MARGIN_OF = 5,	      /* a fifth earlier than the server */
	KEPT_MS = 60 * 60 * 1000,
	MESSAGES_FEW = 3, /* so few in a long life are no reason either */
};

static uint64_t earlier(uint64_t ms)
{
	return ms - ms / MARGIN_OF;
}

/* The greater one of two in a row, since chance ends sooner; the lowest of these, since it held every time. */
static void see(struct smtp_wear_limit *l, uint64_t seen)
{
	uint64_t both = l->last > seen ? l->last : seen;
	if (l->last != 0 && (l->limit == 0 || both < l->limit)) {
		l->limit = both;
	}
	l->last = seen;
}

void smtp_wear_learn(struct smtp_wear *w, const struct smtp_mileage *m, struct instant now)
{
	if (m->messages == 0) { /* never of use: that says nothing of wear */
		return;
	}
	w->until = instant_after(now, KEPT_MS);
	if (m->idle_ms >= IDLE_LEAST_MS) {
		see(&w->idle_ms, earlier(m->idle_ms));
	} else if (m->age_ms >= AGE_LEAST_MS && m->messages <= MESSAGES_FEW) {
		see(&w->age_ms, earlier(m->age_ms));
	} else {
		see(&w->messages, m->messages);
	}
}

void smtp_wear_forget(struct smtp_wear *w, struct instant now)
{
	if (instant_is_past(w->until, now)) {
		*w = (struct smtp_wear){.until = {0}};
	}
}

bool smtp_wear_is_blank(const struct smtp_wear *w)
{
	return w->messages.last == 0 && w->age_ms.last == 0 && w->idle_ms.last == 0;
}

static bool has_reached(const struct smtp_wear_limit *l, uint64_t value)
{
	return l->limit > 0 && value >= l->limit;
}

bool smtp_wear_is_worn(const struct smtp_wear *w, const struct smtp_mileage *m)
{
	return has_reached(&w->messages, m->messages) || has_reached(&w->age_ms, m->age_ms) ||
	       has_reached(&w->idle_ms, m->idle_ms);
}

uint64_t smtp_wear_rest_ms(const struct smtp_wear *w, uint64_t usual_ms)
{
	uint64_t limit = w->idle_ms.limit;
	return limit > 0 && limit < usual_ms ? limit : usual_ms;
}
