/*
 * NAME     take - one parsed value into its field of struct settings, judged by its row of the
 *          table
 * BOXES    libconfig, with settings.c
 * FAULTS   NO_MEMORY; a value that is not as it must be is no fault but a row in the list of
 *          mistakes
 */
#ifndef CONFIG_SETTINGS_TAKE_H
#define CONFIG_SETTINGS_TAKE_H

#include <libconfig.h>

#include "config/settings/key.h"
#include "config/settings/mistake.h"

struct settings_taker {
	struct settings *into;
	struct settings_mistakes *mistakes;
	const char *file;		    /* to be told; an included file tells its own name */
	const char *folder;		    /* of relative paths */
	unsigned lines[SETTINGS_KEY_COUNT]; /* where a key was set; 0: nowhere */
};

/* Everything below the root: unknown groups and keys, values, and keys that contradict each other.
 */
MUST_USE enum fault settings_take(struct settings_taker *t, const config_setting_t *root);

#endif
