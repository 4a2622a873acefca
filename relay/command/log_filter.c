#include "relay/command/log_filter.h"

#include "spool-free/job/outcome.h"
#include "config/vault/value.h"

/* --- what can be said at all ------------------------------------------------------------------------- */

static bool is_below(struct slice event, struct slice group)
{
	return slice_eq(event, group) ||
	       (event.len > group.len && event.ptr[group.len] == '.' && slice_starts(event, group));
}

static bool is_event(struct slice value)
{
	for (unsigned i = 0; i < EVENT_COUNT; i++) {
		if (is_below(event_rows[i].text, value)) {
			return true;
		}
	}
	return false;
}

static bool is_outcome(struct slice value)
{
	for (unsigned o = 0; o <= OUTCOME_PARTLY; o++) {
		if (slice_eq(outcome_name((enum outcome)o), value)) {
			return true;
		}
	}
	return false;
}

static bool is_fault(struct slice value)
{
	for (unsigned f = FAULT_NONE + 1; f < FAULT_COUNT; f++) {
		if (slice_eq(fault_slug((enum fault)f), value)) {
			return true;
		}
	}
	return false;
}

/* What could stand in a line behind "tenant=", "upstream=" or "job=". */
static bool is_word(struct slice value)
{
	for (size_t i = 0; i < value.len; i++) {
		if (value.ptr[i] <= ' ' || value.ptr[i] > '~') {
			return false;
		}
	}
	return value.len > 0;
}

static const struct {
	struct slice key;
	bool (*is_good)(struct slice value);
	const char *wrong; /* behind the value */
} checks[] = {
	{SLICE_INIT("event"), is_event, " is no event; 'man pagepost' lists them under EVENTS."},
	{SLICE_INIT("outcome"), is_outcome,
	 " is no outcome: delivered, deferred, refused, uncertain, untried or partly."},
	{SLICE_INIT("fault"), is_fault, " is no fault: it is the end of a problem's type."},
	{SLICE_INIT("tenant"), vault_is_name, " is no tenant's id: 1 to 64 of a-z, 0-9 and '-'."},
	{SLICE_INIT("upstream"), is_word, " is no mail server."},
	{SLICE_INIT("job"), is_word, " is no job's id."},
};

static enum fault check(struct slice key, struct slice value, struct problem *p)
{
	for (size_t i = 0; i < COUNT_OF(checks); i++) {
		if (slice_eq(checks[i].key, key) && !checks[i].is_good(value)) {
			problem_set(p, FAULT_BAD_FIELD, "");
			problem_add_name(p, value);
			problem_add(p, checks[i].wrong);
			return FAULT_BAD_FIELD;
		}
	}
	return FAULT_NONE;
}

enum fault log_filter_add(struct log_filter *f, struct slice key, struct slice value,
			  struct problem *p)
{
	enum fault fault = check(key, value, p);
	if (fault == FAULT_NONE && f->count == LOG_WANTED_MAX) {
		fault = problem_set(p, FAULT_BAD_FIELD, "At most 64 values can be asked for.");
	}
	if (fault == FAULT_NONE) {
		f->wanted[f->count++] = (struct log_wanted){key, value};
	}
	return fault;
}

/* --- lines ------------------------------------------------------------------------------------------- */

/* A mail server may be named without its port. */
static bool is_at(struct slice upstream, struct slice host)
{
	return slice_eq_nocase(upstream, host) ||
	       (upstream.len > host.len && upstream.ptr[host.len] == ':' &&
		slice_starts_nocase(upstream, host));
}

static bool fits_one(const struct log_wanted *w, struct slice said)
{
	if (slice_eq(w->key, SLICE_LIT("event"))) {
		return is_below(said, w->value);
	}
	return slice_eq(w->key, SLICE_LIT("upstream")) ? is_at(said, w->value)
						       : slice_eq(said, w->value);
}

/* Any of the values that are wanted of the key of number `first`. */
static bool fits_key(const struct log_filter *f, size_t first, const struct log_line *l)
{
	struct slice said;
	if (!log_line_value(l, f->wanted[first].key, &said)) {
		return false;
	}
	for (size_t i = first; i < f->count; i++) {
		if (slice_eq(f->wanted[i].key, f->wanted[first].key) &&
		    fits_one(&f->wanted[i], said)) {
			return true;
		}
	}
	return false;
}

static bool is_first_of_key(const struct log_filter *f, size_t at)
{
	for (size_t i = 0; i < at; i++) {
		if (slice_eq(f->wanted[i].key, f->wanted[at].key)) {
			return false;
		}
	}
	return true;
}

bool log_filter_fits(const struct log_filter *f, const struct log_line *l)
{
	if (l->level < f->least || (f->has_since && l->at.ms < f->since.ms) ||
	    (f->has_until && l->at.ms >= f->until.ms)) {
		return false;
	}
	for (size_t i = 0; i < f->count; i++) {
		if (is_first_of_key(f, i) && !fits_key(f, i, l)) {
			return false;
		}
	}
	return true;
}
