#include "relay/command/command.h"

#include <stdio.h>

int command_fail(const char *name, enum exit_code code, const char *sentence)
{
	fprintf(stderr, "pagepost %s: %s\n", name, sentence);
	return code;
}

int command_problem(const char *name, enum exit_code code, const struct problem *problem)
{
	struct slice text = problem_text(problem);
	fprintf(stderr, "pagepost %s: %.*s\n", name, (int)text.len, text.ptr);
	return code;
}
