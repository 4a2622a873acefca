/*
 * NAME     mistake - the list of what is wrong in a settings file
 * SEE      settings.h for the list itself and its printing
 */
#ifndef CONFIG_SETTINGS_MISTAKE_H
#define CONFIG_SETTINGS_MISTAKE_H

#include "spool-free/base/problem.h"
#include "config/settings/settings.h"

/* Where it is. */
struct settings_spot {
	const char *file;
	unsigned line;
	struct slice key;
};

/* Copies everything. `allowed` may be NULL. */
MUST_USE enum fault settings_mistakes_add(struct settings_mistakes *m,
					  const struct settings_spot *spot,
					  const struct problem *wrong,
					  const struct problem *allowed);

#endif
