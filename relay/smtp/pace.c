#include "relay/smtp/pace.h"

enum { MINUTE_PART_MS = 1000, HOUR_PART_MS = 60 * 1000 };

void smtp_pace_set(struct smtp_pace *p, const struct smtp_pace_limits *limits)
{
	p->limits = *limits;
	if (p->limits.connections == 0) {
		p->limits.connections = 1;
	}
	if (p->lost >= p->limits.connections) {
		p->lost = p->limits.connections - 1;
	}
}

unsigned smtp_pace_connections(const struct smtp_pace *p)
{
	return p->limits.connections - p->lost;
}

/* What was taken in a part, seen from the part `now`; parts that are past hold nothing. */
static unsigned taken_in(const struct smtp_window *w, uint64_t part, uint64_t now)
{
	bool counts = part <= w->now && part + SMTP_PACE_PARTS > now;
	bool is_kept = part + SMTP_PACE_PARTS > w->now;
	return counts && is_kept ? w->taken[part % SMTP_PACE_PARTS] : 0;
}

static uint64_t first_part(uint64_t now)
{
	return now >= SMTP_PACE_PARTS - 1 ? now - (SMTP_PACE_PARTS - 1) : 0;
}

static uint64_t total_at(const struct smtp_window *w, uint64_t now)
{
	uint64_t total = 0;
	for (uint64_t part = first_part(now); part <= now; part++) {
		total += taken_in(w, part, now);
	}
	return total;
}

static void advance(struct smtp_window *w, uint64_t now)
{
	if (now - w->now >= SMTP_PACE_PARTS) {
		*w = (struct smtp_window){.now = now};
	}
	while (w->now < now) {
		w->now++;
		w->taken[w->now % SMTP_PACE_PARTS] = 0;
	}
}

/*
 * Units have numbers in the order of their coming, those that the window holds first. One may come when the one `limit`
 * before it has left, and leaves a window later.
 */
static uint64_t window_wait(const struct smtp_window *w, unsigned limit, uint64_t part_ms,
			    uint64_t ahead, unsigned units, struct instant at)
{
	uint64_t now = at.ms / part_ms;
	if (limit == 0) {
		return 0;
	}
	/* More at once than a window ever holds have one for themselves. */
	uint64_t last = total_at(w, now) + ahead + (units < limit ? units : limit);
	if (last <= limit) {
		return 0;
	}
	uint64_t windows = (last - 1) / limit;
	uint64_t before = last - windows * limit;
	uint64_t part = first_part(now);
	for (; part < now && taken_in(w, part, now) < before; part++) {
		before -= taken_in(w, part, now);
	}
	return (part + windows * SMTP_PACE_PARTS) * part_ms - at.ms;
}

static uint64_t longer(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

uint64_t smtp_pace_wait_ms(const struct smtp_pace *p, uint64_t ahead, unsigned units,
			   struct instant now)
{
	uint64_t wait = window_wait(&p->minute, p->limits.per_minute, MINUTE_PART_MS, ahead, units,
				    now);
	wait = longer(wait,
		      window_wait(&p->hour, p->limits.per_hour, HOUR_PART_MS, ahead, units, now));
	return longer(wait, instant_left_ms(p->paused, now));
}

static void add(struct smtp_window *w, uint64_t now, unsigned units)
{
	advance(w, now);
	unsigned *part = &w->taken[now % SMTP_PACE_PARTS];
	*part = units < UINT32_MAX - *part ? *part + units : UINT32_MAX;
}

void smtp_pace_take(struct smtp_pace *p, unsigned units, struct instant now)
{
	add(&p->minute, now.ms / MINUTE_PART_MS, units);
	add(&p->hour, now.ms / HOUR_PART_MS, units);
}

static void subtract(struct smtp_window *w, uint64_t then, uint64_t now, unsigned units)
{
	advance(w, now);
	if (taken_in(w, then, now) >= units) {
		w->taken[then % SMTP_PACE_PARTS] -= units;
	}
}

void smtp_pace_give_back(struct smtp_pace *p, unsigned units, struct instant then,
			 struct instant now)
{
	subtract(&p->minute, then.ms / MINUTE_PART_MS, now.ms / MINUTE_PART_MS, units);
	subtract(&p->hour, then.ms / HOUR_PART_MS, now.ms / HOUR_PART_MS, units);
}

void smtp_pace_throttled(struct smtp_pace *p, uint64_t pause_ms, struct instant now)
{
	struct instant until = instant_after(now, pause_ms);
	unsigned half = smtp_pace_connections(p) / 2;
	/* Answers to what was under way at once tell the same thing: one step for all of them. */
	if (instant_is_past(p->paused, now)) {
		p->lost = p->limits.connections - (half > 0 ? half : 1);
	}
	p->good = 0;
	p->paused = until.ms > p->paused.ms ? until : p->paused;
}

void smtp_pace_went_well(struct smtp_pace *p)
{
	if (p->lost > 0 && ++p->good >= smtp_pace_connections(p)) {
		p->lost--;
		p->good = 0;
	}
}
