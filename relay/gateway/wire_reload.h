/*
 * NAME     wire_reload - SIGHUP: the settings file and the certificate are read again, and taken where that can be
 * RULE     what reload.def calls TAKEN goes into new rules (rules.h); for what it calls KEPT, settings.kept names the key. With a
 *          mistake anywhere nothing is taken, and settings.bad says why. No job ends by it, and no socket is opened anew
 * ORDER    read on a worker; one reload at a time: what is asked for meanwhile is done once more behind it
 * THREADS  the first lane's
 */
#ifndef RELAY_GATEWAY_WIRE_RELOAD_H
#define RELAY_GATEWAY_WIRE_RELOAD_H

#include "config/settings/settings.h"
#include "relay/gateway/gateway.h"

struct reload;

/* `start`: the settings that the process was started with, read from `file`. Both outlive it. */
MUST_USE enum fault reload_new(struct gateway *g, const char *file, const struct settings *start,
			       struct reload **out_reload);
void reload_free(struct reload **r); /* after the workers are gone */

enum { RELOAD_PATHS = 8 };

/* What the confinement must let be read for it: files, or the folders in which they are replaced. */
struct reload_paths {
	char *items[RELOAD_PATHS]; /* NULL where there is none */
	size_t count;
};
void reload_paths_find(const char *file, const struct settings *s, struct reload_paths *out_paths);
void reload_paths_deinit(struct reload_paths *p);

#endif
