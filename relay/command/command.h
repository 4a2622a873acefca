/*
 * NAME     command - the subcommands of `pagepost`: table commands.def, one file for each
 * RETURNS  enum exit_code (design.md section 12); a command says on standard error what was wrong,
 * in one sentence
 */
#ifndef RELAY_COMMAND_COMMAND_H
#define RELAY_COMMAND_COMMAND_H

#include "spool-free/base/problem.h"

enum exit_code {
	EXIT_DONE = 0,
	EXIT_NOT_DELIVERED = 1,
	EXIT_USAGE = 2,
	EXIT_SETTINGS = 3,
	EXIT_VAULT = 4,
	EXIT_CANNOT_RUN = 5,
};

#define COMMAND(name, what) int command_##name(int argc, char **argv);
#include "relay/command/commands.def"
#undef COMMAND

/* "pagepost NAME: SENTENCE" to standard error; returns `code` so that a command can end with it. */
int command_fail(const char *name, enum exit_code code, const char *sentence);
int command_problem(const char *name, enum exit_code code, const struct problem *problem);

#endif
