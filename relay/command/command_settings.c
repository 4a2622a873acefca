#include "relay/command/command_settings.h"

#include "relay/command/command.h"

int command_read_settings(const char *name, const char *file, struct settings **out_settings)
{
	struct settings_mistakes mistakes;
	settings_mistakes_init(&mistakes);
	enum fault f = settings_read(file, out_settings, &mistakes);
	int code = EXIT_DONE;
	if (f != FAULT_NONE) {
		settings_print_mistakes(stderr, &mistakes);
		code = command_fail(name, EXIT_SETTINGS,
				    "the settings file has mistakes; nothing was done.");
	}
	settings_mistakes_deinit(&mistakes);
	return code;
}
