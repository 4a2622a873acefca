#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "relay/gateway/wire.h"
#include "relay/command/command.h"
#include "relay/command/command_settings.h"
#include "relay/command/inherited.h"
#include "relay/command/log_outlet.h"
#include "relay/command/outlet.h"

static const char usage[] =
	"usage: pagepost gateway -c FILE\n"
	"\n"
	"Takes jobs over HTTPS and relays them; asks the keeper for mail servers. Prints\n"
	"`port=N` on standard output when clients can connect. SIGTERM drains and ends it;\n"
	"on SIGHUP it reads the settings and the certificate again.\n";

static enum exit_code exit_of(enum fault f)
{
	if (f == FAULT_NONE) {
		return EXIT_DONE;
	}
	return f == FAULT_BAD_SETTING ? EXIT_SETTINGS : EXIT_CANNOT_RUN;
}

int command_gateway(int argc, char **argv)
{
	struct settings *settings;
	struct problem problem = {0};
	struct outlet outlet;
	if (argc == 2 && strcmp(argv[1], "--help") == 0) {
		fputs(usage, stdout);
		return EXIT_DONE;
	}
	if (argc != 3 || strcmp(argv[1], "-c") != 0) {
		fputs(usage, stderr);
		return EXIT_USAGE;
	}
	int code = command_read_settings("gateway", argv[2], &settings);
	if (code != EXIT_DONE) {
		return code;
	}
	if (inherited_close() != FAULT_NONE) {
		return command_fail("gateway", EXIT_CANNOT_RUN, INHERITED_SENTENCE);
	}
	outlet_open(&outlet);
	log_outlet_start(settings->log.form, settings->log.least, SLICE_LIT("gateway"));
	enum fault f = wire_run_gateway(settings, argv[2], STDOUT_FILENO, &problem);
	settings_free(&settings);
	return f == FAULT_NONE ? EXIT_DONE : command_problem("gateway", exit_of(f), &problem);
}
