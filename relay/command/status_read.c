#include "relay/command/status_read.h"

#include <stddef.h>

#include "spool-free/base/json.h"

enum kind { NUMBER, TEXT, BOOL };

struct field {
	const char *name; /* with a dot: of an object inside */
	enum kind kind;
	size_t at;
};

#define AT(type, member) offsetof(struct type, member)

static const struct field fields[] = {
	{"version", TEXT, AT(status, version)},
	{"now", TEXT, AT(status, now)},
	{"started", TEXT, AT(status, started)},
	{"stopping", BOOL, AT(status, stopping)},
	{"keeper_up", BOOL, AT(status, keeper_up)},
	{"pid", NUMBER, AT(status, pid)},
	{"loops", NUMBER, AT(status, loops)},
	{"requests", NUMBER, AT(status, requests)},
	{"clients", NUMBER, AT(status, clients)},
	{"log_dropped", NUMBER, AT(status, log_dropped)},
	{"upstreams_untold", NUMBER, AT(status, upstreams_untold)},
	{"turned_away", NUMBER, AT(status, turned_away)},
	{"jobs.in_flight", NUMBER, AT(status, jobs)},
	{"jobs.limit", NUMBER, AT(status, jobs_limit)},
	{"jobs.ended.delivered", NUMBER, AT(status, delivered)},
	{"jobs.ended.partly", NUMBER, AT(status, partly)},
	{"jobs.ended.deferred", NUMBER, AT(status, deferred)},
	{"jobs.ended.refused", NUMBER, AT(status, refused)},
	{"jobs.ended.uncertain", NUMBER, AT(status, uncertain)},
	{"jobs.ended.untried", NUMBER, AT(status, untried)},
	{"jobs.ended.fault", NUMBER, AT(status, fault)},
	{"jobs.ended.repeated", NUMBER, AT(status, repeated)},
	{"memory.used", NUMBER, AT(status, memory)},
	{"memory.limit", NUMBER, AT(status, memory_limit)},
	{"bytes.received", NUMBER, AT(status, received)},
	{"bytes.sent", NUMBER, AT(status, sent)},
	{"process.cpu_ms", NUMBER, AT(status, cpu_ms)},
	{"process.resident", NUMBER, AT(status, resident)},
	{"process.descriptors", NUMBER, AT(status, descriptors)},
	{"process.descriptors_limit", NUMBER, AT(status, descriptors_limit)},
	{NULL, NUMBER, 0},
};

static const struct field upstream_fields[] = {
	{"name", TEXT, AT(status_upstream, name)},
	{"tenant", TEXT, AT(status_upstream, tenant)},
	{"breaker", TEXT, AT(status_upstream, breaker)},
	{"class", TEXT, AT(status_upstream, class)},
	{"busy", NUMBER, AT(status_upstream, busy)},
	{"idle", NUMBER, AT(status_upstream, idle)},
	{"allowed", NUMBER, AT(status_upstream, allowed)},
	{"waiting", NUMBER, AT(status_upstream, waiting)},
	{"pause_ms", NUMBER, AT(status_upstream, pause_ms)},
	{"retry_ms", NUMBER, AT(status_upstream, retry_ms)},
	{"throttled", BOOL, AT(status_upstream, throttled)},
	{NULL, NUMBER, 0},
};

static const struct field pause_fields[] = {
	{"what", TEXT, AT(status_pause, what)},
	{"name", TEXT, AT(status_pause, name)},
	{"port", NUMBER, AT(status_pause, port)},
	{"since", TEXT, AT(status_pause, since)},
	{"until", TEXT, AT(status_pause, until)},
	{"reason", TEXT, AT(status_pause, reason)},
	{NULL, NUMBER, 0},
};

static const struct field fault_fields[] = {
	{"fault", TEXT, AT(status_fault, fault)},
	{"title", TEXT, AT(status_fault, title)},
	{"tenant", TEXT, AT(status_fault, tenant)},
	{"upstream", TEXT, AT(status_fault, upstream)},
	{"age_s", NUMBER, AT(status_fault, age_s)},
	{"times", NUMBER, AT(status_fault, times)},
	{NULL, NUMBER, 0},
};

/* Where a value stands: "jobs.ended.fault". */
struct path {
	char text[64];
	size_t len;
};

static bool path_add(struct path *p, struct slice key)
{
	size_t dot = p->len > 0 ? 1 : 0;
	if (key.len + dot > sizeof(p->text) - p->len) {
		return false;
	}
	if (dot > 0) {
		p->text[p->len++] = '.';
	}
	for (size_t i = 0; i < key.len; i++) {
		p->text[p->len++] = key.ptr[i];
	}
	return true;
}

static bool is_of(enum kind kind, enum json_kind found)
{
	switch (kind) {
	case NUMBER:
		return found == JSON_NUMBER;
	case TEXT:
		return found == JSON_STRING;
	case BOOL:
		return found == JSON_TRUE || found == JSON_FALSE;
	}
	return false;
}

static void store(const struct field *f, const struct json_token *t, char *into)
{
	switch (f->kind) {
	case NUMBER:
		(void)slice_to_u64(t->text, UINT64_MAX, (uint64_t *)(void *)(into + f->at));
		break;
	case TEXT:
		*(struct slice *)(void *)(into + f->at) = t->text;
		break;
	case BOOL:
		*(bool *)(into + f->at) = t->kind == JSON_TRUE;
		break;
	}
}

static void take_value(const struct field *table, const struct path *p, const struct json_token *t,
		       void *into)
{
	for (const struct field *f = table; f->name != NULL; f++) {
		if (slice_eq(slice_of(p->text, p->len), slice_of_text(f->name)) &&
		    is_of(f->kind, t->kind)) {
			store(f, t, into);
		}
	}
}

static bool is_begin(const struct json_token *t)
{
	return t->kind == JSON_OBJECT || t->kind == JSON_ARRAY;
}

/* A row of a list, behind its brace: values alone, objects inside are passed over. */
static enum fault read_row(struct json *j, const struct field *table, void *into)
{
	for (struct json_token t = json_next(j); t.kind == JSON_KEY; t = json_next(j)) {
		struct path p = {.len = 0};
		bool fits = path_add(&p, t.text);
		struct json_token value = json_next(j);
		if (is_begin(&value)) {
			enum fault f = json_skip(j, value);
			if (f != FAULT_NONE) {
				return f;
			}
		} else if (fits && into != NULL) {
			take_value(table, &p, &value, into);
		}
	}
	return json_fault(j);
}

static enum fault read_upstreams(struct json *j, struct status *s)
{
	struct json_token t = json_next(j);
	for (; t.kind == JSON_OBJECT; t = json_next(j)) {
		bool fits = s->upstream_count < STATUS_UPSTREAMS;
		struct status_upstream *u = fits ? &s->upstreams[s->upstream_count++] : NULL;
		s->upstreams_left += !fits;
		enum fault f = read_row(j, upstream_fields, u);
		if (f != FAULT_NONE) {
			return f;
		}
	}
	return t.kind == JSON_ARRAY_END ? FAULT_NONE : FAULT_MALFORMED;
}

static enum fault read_pauses(struct json *j, struct status *s)
{
	struct json_token t = json_next(j);
	for (; t.kind == JSON_OBJECT; t = json_next(j)) {
		bool fits = s->pause_count < STATUS_PAUSES;
		enum fault f = read_row(j, pause_fields,
					fits ? &s->pauses[s->pause_count++] : NULL);
		if (f != FAULT_NONE) {
			return f;
		}
	}
	return t.kind == JSON_ARRAY_END ? FAULT_NONE : FAULT_MALFORMED;
}

static enum fault read_faults(struct json *j, struct status *s)
{
	struct json_token t = json_next(j);
	for (; t.kind == JSON_OBJECT; t = json_next(j)) {
		bool fits = s->fault_count < STATUS_FAULTS;
		enum fault f = read_row(j, fault_fields,
					fits ? &s->faults[s->fault_count++] : NULL);
		if (f != FAULT_NONE) {
			return f;
		}
	}
	return t.kind == JSON_ARRAY_END ? FAULT_NONE : FAULT_MALFORMED;
}

static enum fault read_list(struct json *j, struct slice name, struct json_token begun,
			    struct status *s)
{
	if (slice_eq(name, SLICE_LIT("upstreams"))) {
		return read_upstreams(j, s);
	}
	if (slice_eq(name, SLICE_LIT("pauses"))) {
		return read_pauses(j, s);
	}
	if (slice_eq(name, SLICE_LIT("faults"))) {
		return read_faults(j, s);
	}
	return json_skip(j, begun);
}

/* Objects inside are gone through by their path; no recursion. */
static enum fault read_all(struct json *j, struct status *s)
{
	enum { DEPTH = 4 };
	struct path at[DEPTH] = {{.len = 0}};
	size_t depth = 0;
	for (;;) {
		struct json_token t = json_next(j);
		if (t.kind == JSON_OBJECT_END && depth == 0) {
			return FAULT_NONE;
		}
		if (t.kind == JSON_OBJECT_END) {
			depth--;
			continue;
		}
		if (t.kind != JSON_KEY) {
			return FAULT_MALFORMED;
		}
		struct path p = at[depth];
		struct slice key = t.text;
		bool fits = path_add(&p, key);
		enum fault f = FAULT_NONE;
		t = json_next(j);
		if (t.kind == JSON_OBJECT && fits && depth + 1 < DEPTH) {
			at[++depth] = p;
		} else if (t.kind == JSON_ARRAY && depth == 0) {
			f = read_list(j, key, t, s);
		} else if (is_begin(&t)) {
			f = json_skip(j, t);
		} else if (fits) {
			take_value(fields, &p, &t, s);
		}
		if (f != FAULT_NONE) {
			return f;
		}
	}
}

enum fault status_read(char *bytes, size_t len, struct status *out_status, struct problem *problem)
{
	struct json j;
	*out_status = (struct status){.pid = 0};
	json_init(&j, bytes, len);
	if (json_next(&j).kind != JSON_OBJECT || read_all(&j, out_status) != FAULT_NONE ||
	    json_next(&j).kind != JSON_END) {
		return problem_set(problem, FAULT_MALFORMED,
				   "What the gateway says of itself cannot be read; is it of "
				   "another version than this program?");
	}
	return FAULT_NONE;
}
