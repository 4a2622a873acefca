#include "relay/intake/prefer.h"

enum { WAIT_MAX_S = 86400 };

/* One preference, perhaps with parameters: `wait=10; x=y`. */
static bool is_wait(struct slice preference, uint64_t *out_seconds)
{
	struct slice name;
	struct slice value = slice_first(preference, slice_find_byte(preference, ';'));
	if (!slice_cut_to(&value, '=', &name) ||
	    !slice_eq_nocase(slice_trim(name), SLICE_LIT("wait"))) {
		return false;
	}
	value = slice_trim(value);
	if (value.len >= 2 && value.ptr[0] == '"' && value.ptr[value.len - 1] == '"') {
		value = slice_first(slice_skip(value, 1), value.len - 2);
	}
	return slice_to_u64(value, WAIT_MAX_S, out_seconds);
}

uint64_t prefer_wait_ms(const struct http_head *h, uint64_t usual_ms, uint64_t max_ms)
{
	struct slice list;
	uint64_t seconds;
	for (size_t n = 0; http_head_nth(h, HTTP_PREFER, n, &list); n++) {
		struct slice one;
		while (list.len > 0) {
			if (!slice_cut_to(&list, ',', &one)) {
				one = list;
				list.len = 0;
			}
			if (is_wait(one, &seconds)) {
				return seconds * 1000 < max_ms ? seconds * 1000 : max_ms;
			}
		}
	}
	return usual_ms < max_ms ? usual_ms : max_ms;
}
