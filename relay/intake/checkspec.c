#include "relay/intake/checkspec.h"

#include "relay/intake/fields.h"

struct spec {
	struct mailbox from, to;
};

static const struct field rows[] = {
	{SLICE_INIT("from"), fields_take_mailbox, offsetof(struct spec, from), 0},
	{SLICE_INIT("to"), fields_take_mailbox, offsetof(struct spec, to), 0},
};

static enum fault take(struct job *job, const struct spec *s)
{
	job->has_from = s->from.address.len > 0;
	job->from.mailbox = s->from;
	if (s->to.address.len == 0) {
		return FAULT_NONE;
	}
	job->to = arena_array(&job->arena, 1, sizeof(*job->to));
	if (job->to == NULL) {
		return FAULT_NO_MEMORY;
	}
	job->to[0] = (struct party){.mailbox = s->to};
	job->to_count = 1;
	return FAULT_NONE;
}

enum fault checkspec_parse(char *bytes, size_t len, struct job *job, struct problem *problem)
{
	struct fields r;
	struct spec s = {.from = {.address = {0}}};
	if (len == 0) {
		return FAULT_NONE;
	}
	if (len > CHECKSPEC_MAX) {
		return problem_set(problem, FAULT_TOO_LARGE,
				   "The body of a check may have at most 4096 bytes.");
	}
	fields_init(&r, bytes, len, NULL, problem);
	enum fault f = fields_object(&r, json_next(&r.json), rows, COUNT_OF(rows), &s);
	if (f == FAULT_NONE && json_next(&r.json).kind != JSON_END) {
		f = json_fault(&r.json);
		if (problem != NULL) {
			*problem = *json_problem(&r.json);
		}
	}
	if (f != FAULT_NONE) {
		return f;
	}
	f = take(job, &s);
	return f == FAULT_NONE ? f : problem_set(problem, f, "");
}
