#include "relay/intake/condition.h"

/* RFC 9110 8.8.3: what stands between the quotes. */
static bool is_tag(struct slice s)
{
	for (size_t i = 1; i + 1 < s.len; i++) {
		unsigned char c = (unsigned char)s.ptr[i];
		if (c <= ' ' || c == '"' || c == 0x7F) {
			return false;
		}
	}
	return s.len >= 2 && s.ptr[0] == '"' && s.ptr[s.len - 1] == '"';
}

static enum fault read_match(struct slice text, struct keeper_condition *out,
			     struct problem *problem)
{
	uint64_t version;
	if (slice_eq(text, SLICE_LIT("*"))) {
		*out = (struct keeper_condition){.kind = KEEPER_IF_ANY};
		return FAULT_NONE;
	}
	if (slice_starts(text, SLICE_LIT("W/"))) {
		return problem_set(problem, FAULT_MALFORMED,
				   "If-Match must be a strong tag: without 'W/'.");
	}
	if (!is_tag(text)) {
		return problem_set(problem, FAULT_MALFORMED,
				   "If-Match must be '*', or one tag in quotes, as ETag has it.");
	}
	if (!slice_to_u64(slice_of(text.ptr + 1, text.len - 2), UINT32_MAX, &version) ||
	    version == 0) {
		return problem_set(problem, FAULT_PRECONDITION,
				   "The tag in If-Match is none that a record ever had.");
	}
	*out = (struct keeper_condition){.kind = KEEPER_IF_VERSION, .version = (uint32_t)version};
	return FAULT_NONE;
}

enum fault condition_read(const struct condition_fields *fields,
			  struct keeper_condition *out_condition, struct problem *problem)
{
	if (fields->match.ptr != NULL && fields->none_match.ptr != NULL) {
		return problem_set(problem, FAULT_MALFORMED,
				   "If-Match and If-None-Match contradict each other: send one.");
	}
	if (fields->match.ptr != NULL) {
		return read_match(fields->match, out_condition, problem);
	}
	if (fields->none_match.ptr == NULL) {
		*out_condition = (struct keeper_condition){.kind = fields->removes ? KEEPER_IF_ANY
										   : KEEPER_IF_NEW};
		return FAULT_NONE;
	}
	if (fields->removes || !slice_eq(fields->none_match, SLICE_LIT("*"))) {
		return problem_set(problem, FAULT_MALFORMED,
				   fields->removes
					   ? "What there is not cannot be removed: leave out "
					     "If-None-Match."
					   : "If-None-Match must be '*': the record is new.");
	}
	*out_condition = (struct keeper_condition){.kind = KEEPER_IF_ABSENT};
	return FAULT_NONE;
}
