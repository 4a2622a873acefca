/*
 * NAME     command_settings - reads the settings for a command, and tells every mistake
 * RETURNS  EXIT_DONE, or EXIT_SETTINGS after the mistakes went to standard error
 */
#ifndef RELAY_COMMAND_COMMAND_SETTINGS_H
#define RELAY_COMMAND_COMMAND_SETTINGS_H

#include "config/settings/settings.h"

/* What a command that asks the running gateway reads without -c. */
#define COMMAND_SETTINGS_FILE "/etc/pagepost/pagepost.conf"

int command_read_settings(const char *name, const char *file, struct settings **out_settings);

#endif
