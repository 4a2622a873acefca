/*
 * NAME     instant - moments: monotonic ones for deadlines, civil ones for dates that people read
 * RULE     read in a shell (instant_now, civil_now) and passed down as arguments
 * SEE      RFC 3339 (API), RFC 5322 3.3 (Date header)
 */
#ifndef SPOOL_FREE_BASE_INSTANT_H
#define SPOOL_FREE_BASE_INSTANT_H

#include "spool-free/base/slice.h"

/* Milliseconds on the monotonic clock. */
struct instant {
	uint64_t ms;
};

/* Milliseconds since 1970-01-01T00:00:00Z. */
struct civil {
	int64_t ms;
};

struct instant instant_now(void);
struct civil civil_now(void);
uint64_t instant_us(void); /* the same clock in microseconds, to measure with */

struct instant instant_after(struct instant from, uint64_t ms); /* never wraps */
bool instant_is_past(struct instant deadline, struct instant now);
uint64_t instant_left_ms(struct instant deadline, struct instant now); /* 0 when past */

enum { CIVIL_RFC3339_LEN = 24, CIVIL_RFC5322_LEN = 31 };
/* "2026-11-21T23:50:28.123Z" and "Sat, 21 Nov 2026 23:50:28 +0000"; no NUL at the end. */
void civil_rfc3339(struct civil at, char out[CIVIL_RFC3339_LEN]);
void civil_rfc5322(struct civil at, char out[CIVIL_RFC5322_LEN]);
/*
 * RFC 3339, 5.6, whole and nothing beside it: date, T, time of day with seconds, perhaps a fraction (what is below a
 * millisecond is dropped), Z or an offset. The second 60 is taken where it can be, at the end of a UTC day.
 */
bool civil_parse(struct slice text, struct civil *out_at);

/* Days since 1970-01-01 of a proleptic Gregorian date, and back; used by dates on pages. */
int64_t civil_days(int year, unsigned month, unsigned day);
void civil_date(int64_t days, int *out_year, unsigned *out_month, unsigned *out_day);

#endif
