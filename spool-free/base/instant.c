#include "spool-free/base/instant.h"

#include <assert.h>

static const int64_t MS_A_DAY = 86400000;

static int64_t clock_ms(clockid_t which)
{
	struct timespec t;
	int read = clock_gettime(which, &t);
	assert(read == 0);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

uint64_t instant_us(void)
{
	struct timespec t;
	int read = clock_gettime(CLOCK_MONOTONIC, &t);
	assert(read == 0);
	return (uint64_t)t.tv_sec * 1000000 + (uint64_t)t.tv_nsec / 1000;
}

struct instant instant_now(void)
{
	return (struct instant){.ms = (uint64_t)clock_ms(CLOCK_MONOTONIC)};
}

struct civil civil_now(void)
{
	return (struct civil){.ms = clock_ms(CLOCK_REALTIME)};
}

struct instant instant_after(struct instant from, uint64_t ms)
{
	struct instant after;
	if (__builtin_add_overflow(from.ms, ms, &after.ms)) {
		after.ms = UINT64_MAX;
	}
	return after;
}

bool instant_is_past(struct instant deadline, struct instant now)
{
	return now.ms >= deadline.ms;
}

uint64_t instant_left_ms(struct instant deadline, struct instant now)
{
	return instant_is_past(deadline, now) ? 0 : deadline.ms - now.ms;
}

static int64_t floor_div(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

/*
 * Counted in years that begin in March, so that the leap day is a year's last; 400 such years are
 * one era of 146,097 days, and 719,468 days lie between 0000-03-01 and 1970-01-01.
 */
enum { DAYS_AN_ERA = 146097, DAYS_TO_EPOCH = 719468 };

int64_t civil_days(int year, unsigned month, unsigned day)
{
	int64_t y = (int64_t)year - (month <= 2);
	int64_t era = floor_div(y, 400);
	int64_t year_of_era = y - era * 400;
	int64_t months = month > 2 ? month - 3 : month + 9;
	int64_t day_of_year = (153 * months + 2) / 5 + day - 1;
	int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
	return era * DAYS_AN_ERA + day_of_era - DAYS_TO_EPOCH;
}

void civil_date(int64_t days, int *out_year, unsigned *out_month, unsigned *out_day)
{
	int64_t z = days + DAYS_TO_EPOCH;
	int64_t era = floor_div(z, DAYS_AN_ERA);
	int64_t day_of_era = z - era * DAYS_AN_ERA;
	int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 -
			       day_of_era / (DAYS_AN_ERA - 1)) /
			      365;
	int64_t day_of_year = day_of_era -
			      (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
	int64_t months = (5 * day_of_year + 2) / 153;
	*out_day = (unsigned)(day_of_year - (153 * months + 2) / 5 + 1);
	*out_month = (unsigned)(months < 10 ? months + 3 : months - 9);
	*out_year = (int)(year_of_era + era * 400 + (*out_month <= 2));
}

struct parts {
	int64_t days;
	int year;
	unsigned month, day, hour, minute, second, ms;
};

/* Both forms have four digits for the year: other years are shown as the first or last moment that
 * fits. */
static struct parts take_apart(struct civil at)
{
	int64_t first = civil_days(0, 1, 1) * MS_A_DAY;
	int64_t last = civil_days(10000, 1, 1) * MS_A_DAY - 1;
	int64_t ms = at.ms < first ? first : at.ms > last ? last : at.ms;
	struct parts p = {.days = floor_div(ms, MS_A_DAY)};
	int64_t of_day = ms - p.days * MS_A_DAY;
	civil_date(p.days, &p.year, &p.month, &p.day);
	p.hour = (unsigned)(of_day / 3600000);
	p.minute = (unsigned)(of_day / 60000 % 60);
	p.second = (unsigned)(of_day / 1000 % 60);
	p.ms = (unsigned)(of_day % 1000);
	return p;
}

static char *put_digits(char *at, unsigned value, unsigned count)
{
	for (unsigned i = count; i > 0; i--) {
		at[i - 1] = (char)('0' + value % 10);
		value /= 10;
	}
	return at + count;
}

static char *put_byte(char *at, char byte)
{
	*at = byte;
	return at + 1;
}

static char *put_clock(char *at, const struct parts *p)
{
	at = put_byte(put_digits(at, p->hour, 2), ':');
	at = put_byte(put_digits(at, p->minute, 2), ':');
	return put_digits(at, p->second, 2);
}

void civil_rfc3339(struct civil at, char out[CIVIL_RFC3339_LEN])
{
	struct parts p = take_apart(at);
	out = put_byte(put_digits(out, (unsigned)p.year, 4), '-');
	out = put_byte(put_digits(out, p.month, 2), '-');
	out = put_byte(put_digits(out, p.day, 2), 'T');
	out = put_byte(put_clock(out, &p), '.');
	put_byte(put_digits(out, p.ms, 3), 'Z');
}

/* `words` are names of three letters in a row. */
static char *put_word(char *at, const char *words, unsigned index)
{
	memcpy(at, words + (size_t)index * 3, 3);
	return at + 3;
}

void civil_rfc5322(struct civil at, char out[CIVIL_RFC5322_LEN])
{
	struct parts p = take_apart(at);
	/* 1970-01-01 was a Thursday. */
	unsigned weekday = (unsigned)(p.days + 4 - floor_div(p.days + 4, 7) * 7);
	out = put_byte(put_word(out, "SunMonTueWedThuFriSat", weekday), ',');
	out = put_byte(put_digits(put_byte(out, ' '), p.day, 2), ' ');
	out = put_byte(put_word(out, "JanFebMarAprMayJunJulAugSepOctNovDec", p.month - 1), ' ');
	out = put_byte(put_digits(out, (unsigned)p.year, 4), ' ');
	memcpy(put_clock(out, &p), " +0000", 6);
}

/* ---- reading ---- */

/* Takes `count` digits off the front; they are a number from `least` to `most`. */
static bool cut_number(struct slice *rest, size_t count, uint64_t least, uint64_t most,
		       unsigned *out_number)
{
	uint64_t number;
	if (rest->len < count || !slice_to_u64(slice_first(*rest, count), most, &number) ||
	    number < least) {
		return false;
	}
	*out_number = (unsigned)number;
	*rest = slice_skip(*rest, count);
	return true;
}

/* One of the two bytes of `either`. */
static bool cut_byte(struct slice *rest, const char *either)
{
	if (rest->len == 0 || (rest->ptr[0] != either[0] && rest->ptr[0] != either[1])) {
		return false;
	}
	*rest = slice_skip(*rest, 1);
	return true;
}

static unsigned days_in(unsigned year, unsigned month)
{
	int64_t first = civil_days((int)year, month, 1);
	int64_t next = month == 12 ? civil_days((int)year + 1, 1, 1)
				   : civil_days((int)year, month + 1, 1);
	return (unsigned)(next - first);
}

static bool cut_date(struct slice *rest, struct parts *p)
{
	unsigned year;
	if (!cut_number(rest, 4, 0, 9999, &year) || !cut_byte(rest, "--") ||
	    !cut_number(rest, 2, 1, 12, &p->month) || !cut_byte(rest, "--") ||
	    !cut_number(rest, 2, 1, days_in(year, p->month), &p->day)) {
		return false;
	}
	p->days = civil_days((int)year, p->month, p->day);
	return true;
}

static bool cut_clock(struct slice *rest, struct parts *p)
{
	unsigned scale = 100;
	if (!cut_number(rest, 2, 0, 23, &p->hour) || !cut_byte(rest, "::") ||
	    !cut_number(rest, 2, 0, 59, &p->minute) || !cut_byte(rest, "::") ||
	    !cut_number(rest, 2, 0, 60, &p->second)) {
		return false;
	}
	if (!cut_byte(rest, "..")) {
		return true;
	}
	size_t digits = 0;
	for (; digits < rest->len && rest->ptr[digits] >= '0' && rest->ptr[digits] <= '9';
	     digits++) {
		p->ms += (unsigned)(rest->ptr[digits] - '0') * scale;
		scale /= 10;
	}
	*rest = slice_skip(*rest, digits);
	return digits > 0;
}

/* Minutes that the clock is ahead of UTC. */
static bool cut_offset(struct slice *rest, int64_t *out_minutes)
{
	unsigned hours, minutes;
	*out_minutes = 0;
	if (cut_byte(rest, "Zz")) {
		return true;
	}
	int64_t sign = rest->len > 0 && rest->ptr[0] == '-' ? -1 : 1;
	if (!cut_byte(rest, "+-") || !cut_number(rest, 2, 0, 23, &hours) || !cut_byte(rest, "::") ||
	    !cut_number(rest, 2, 0, 59, &minutes)) {
		return false;
	}
	*out_minutes = sign * ((int64_t)hours * 60 + minutes);
	return true;
}

bool civil_parse(struct slice text, struct civil *out_at)
{
	struct parts p = {0};
	int64_t ahead;
	if (!cut_date(&text, &p) || !cut_byte(&text, "Tt") || !cut_clock(&text, &p) ||
	    !cut_offset(&text, &ahead) || text.len > 0) {
		return false;
	}
	int64_t minute = p.days * 1440 + (int64_t)p.hour * 60 + p.minute - ahead;
	if (p.second == 60 && floor_div(minute + 1, 1440) * 1440 != minute + 1) {
		return false;
	}
	out_at->ms = minute * 60000 + (int64_t)p.second * 1000 + p.ms;
	return true;
}
