#include "relay/command/log_time.h"

#include <string.h>

#include "config/settings/value.h"

enum { TEXT_MAX = 40, DATE_LEN = 10, MINUTES_LEN = 16, SECONDS_LEN = 19 };

static const int64_t MS_A_DAY = 86400000;

/* What is left out is 0, and the time is UTC's. */
static bool parse_written(struct slice text, struct civil *out_at)
{
	static const char zero[] = "0000-00-00T00:00:00Z";
	char whole[sizeof(zero)];
	if (text.len != DATE_LEN && text.len != MINUTES_LEN && text.len != SECONDS_LEN) {
		return false;
	}
	memcpy(whole, zero, sizeof(zero));
	memcpy(whole, text.ptr, text.len);
	if (text.len > DATE_LEN && whole[DATE_LEN] == ' ') {
		whole[DATE_LEN] = 'T';
	}
	return civil_parse(slice_of(whole, sizeof(whole) - 1), out_at);
}

bool log_time_parse(struct slice text, struct civil now, struct civil *out_at)
{
	uint64_t ago_ms;
	int64_t today_ms = now.ms - now.ms % MS_A_DAY;
	if (slice_eq(text, SLICE_LIT("today"))) {
		*out_at = (struct civil){.ms = today_ms};
		return true;
	}
	if (slice_eq(text, SLICE_LIT("yesterday"))) {
		*out_at = (struct civil){.ms = today_ms - MS_A_DAY};
		return true;
	}
	if (civil_parse(text, out_at) || parse_written(text, out_at)) {
		return true;
	}
	if (text.len > TEXT_MAX || !settings_parse_duration(text, &ago_ms) ||
	    ago_ms > (uint64_t)now.ms) {
		return false;
	}
	*out_at = (struct civil){.ms = now.ms - (int64_t)ago_ms};
	return true;
}
