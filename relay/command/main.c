#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "spool-free/base/secret.h"
#include "relay/command/command.h"

struct command_row {
	const char *name;
	const char *what;
	int (*run)(int argc, char **argv);
};

static const struct command_row commands[] = {
#define COMMAND(name, what) {#name, what, command_##name},
#include "relay/command/commands.def"
#undef COMMAND
	{NULL, NULL, NULL},
};

enum { NAME_ROOM = 32 };

static void print_usage(FILE *to)
{
	fputs("usage: pagepost COMMAND [ARGUMENT]...\n\n", to);
	for (const struct command_row *c = commands; c->name != NULL; c++) {
		fprintf(to, "  %-10s %s\n", c->name, c->what);
	}
	fputs("\n`pagepost COMMAND --help` tells more; `pagepost --version` the version.\n", to);
}

/* Their confinement judges it with all other memory: a machine without swap needs no lock, and settings may allow it. */
static bool judges_memory(const char *name)
{
	return strcmp(name, "gateway") == 0 || strcmp(name, "keeper") == 0 ||
	       strcmp(name, "serve") == 0;
}

int main(int argc, char **argv)
{
	static char whole_name[NAME_ROOM];
	const char *name = argc > 1 ? argv[1] : "";
	if (strcmp(name, "--help") == 0 || strcmp(name, "help") == 0) {
		print_usage(stdout);
		return EXIT_DONE;
	}
	if (strcmp(name, "--version") == 0) {
		puts("pagepost " PAGEPOST_VERSION);
		return EXIT_DONE;
	}
	/* A peer that is gone is told by the write that fails. */
	signal(SIGPIPE, SIG_IGN);
	enum fault f = secret_heap_start();
	if (f != FAULT_NONE && !judges_memory(name)) {
		return command_fail("start", EXIT_CANNOT_RUN,
				    "memory for secrets cannot be locked; raise the limit "
				    "'memlock' (ulimit -l) to at least 4096 KiB");
	}
	for (const struct command_row *c = commands; c->name != NULL; c++) {
		if (strcmp(c->name, name) == 0) {
			/* getopt(3) begins its sentences with it. */
			snprintf(whole_name, sizeof(whole_name), "pagepost %s", c->name);
			argv[1] = whole_name;
			return c->run(argc - 1, argv + 1);
		}
	}
	if (name[0] != '\0') {
		fprintf(stderr, "pagepost: there is no command '%s'\n\n", name);
	}
	print_usage(stderr);
	return EXIT_USAGE;
}
