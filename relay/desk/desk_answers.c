#include "relay/desk/desk.h"

/* What handlers say, in terms of the two answers that desk.c sends. */

void desk_fail(struct desk_call *c, enum fault f, const struct problem *problem)
{
	if (problem != NULL && problem->fault == f) {
		desk_refuse(c, problem, 0);
	} else {
		desk_fail_saying(c, f, "");
	}
}

void desk_fail_saying(struct desk_call *c, enum fault f, const char *sentence)
{
	struct problem problem;
	(void)problem_set(&problem, f, sentence);
	desk_refuse(c, &problem, 0);
}

void desk_answer_json(struct desk_call *c, const struct json_writer *written, struct slice body)
{
	enum fault f = json_writer_fault(written);
	if (f == FAULT_NONE) {
		desk_answer(c, 200, SLICE_LIT("application/json"), body);
	} else {
		desk_fail(c, f, NULL);
	}
}
