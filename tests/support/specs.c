#include "tests/support/specs.h"

#include <stdlib.h>
#include <string.h>

static const struct jobspec_limits limits = {.page_body = 1000, .files = 3, .recipients = 5};

void specs_parse(struct specs *s, struct slice json, enum jobspec_form form)
{
	*s = (struct specs){.bytes = malloc(json.len > 0 ? json.len : 1), .len = json.len};
	s->fault = job_new(64 * 1024, &s->job);
	if (s->bytes == NULL || s->fault != FAULT_NONE) {
		s->fault = problem_set(&s->problem, FAULT_NO_MEMORY, "");
		return;
	}
	if (json.len > 0) {
		memcpy(s->bytes, json.ptr, json.len);
	}
	s->fault = jobspec_parse(s->bytes, s->len, form, &limits, s->job, &s->problem);
}

void specs_parse_with(struct specs *s, struct slice fields, enum jobspec_form form)
{
	static const char start[] = "{\"page\":{\"title\":\"T\",\"body\":\"<p/"
				    ">\"},\"to\":[{\"email\":\"a@b.example\"}],";
	static char json[64 * 1024];
	size_t n = sizeof(start) - 1;
	memcpy(json, start, n);
	memcpy(json + n, fields.ptr, fields.len);
	json[n + fields.len] = '}';
	specs_parse(s, slice_of(json, n + fields.len + 1), form);
}

void specs_free(struct specs *s)
{
	job_free(&s->job);
	free(s->bytes);
	s->bytes = NULL;
}
