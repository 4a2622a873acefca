#include "relay/gateway/wire_reload.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "spool-free/base/event.h"
#include "relay/gateway/service.h"
#include "relay/gateway/wire_settings.h"
#include "relay/gateway/wire_told.h"

struct reload {
	struct gateway *gateway;
	const char *file;
	const struct settings *start;
	const struct settings *current; /* those that the rules in force were made of */
	struct loop_signal *hangup;
	struct worker_task task;
	bool is_under_way, is_asked_again;
	/* What the worker found */
	enum fault fault;
	struct settings *settings;
	struct rules *rules;
	struct settings_mistakes mistakes;
	struct problem problem; /* of the certificate */
};

static void read_again(void *reload)
{
	struct reload *r = reload;
	r->problem = (struct problem){0};
	settings_mistakes_init(&r->mistakes);
	r->fault = settings_read(r->file, &r->settings, &r->mistakes);
	if (r->fault == FAULT_NONE) {
		r->fault = wire_rules(r->settings, r->gateway->lane_count, &r->rules, &r->problem);
	}
}

static void begin(struct reload *r);

static void end(void *reload)
{
	struct reload *r = reload;
	r->is_under_way = false;
	service_ready();
	if (r->is_asked_again) {
		r->is_asked_again = false;
		begin(r);
	}
}

static void take(struct reload *r)
{
	unsigned kept = wire_tell_taken(
		&(struct wire_turn){.start = r->start, .current = r->current, .next = r->settings});
	service_status(kept > 0 ? "Some changed settings need a restart (settings.kept in the log)."
				: "");
	r->current = r->settings;
	event_set_least(r->settings->log.least);
	wire_rules_own(r->rules, STEAL(r->settings));
	rules_turn(r->gateway, STEAL(r->rules), end, r);
}

static void was_read(void *reload)
{
	struct reload *r = reload;
	enum fault f = r->fault;
	if (f == FAULT_NONE) {
		settings_mistakes_deinit(&r->mistakes);
		take(r);
		return;
	}
	wire_tell_bad(f, &r->mistakes, &r->problem);
	service_status(
		"The settings file or the certificate has a mistake (settings.bad in the log); "
		"what was in force before still is.");
	settings_mistakes_deinit(&r->mistakes);
	settings_free(&r->settings);
	end(r);
}

static void begin(struct reload *r)
{
	r->is_under_way = true;
	service_reloading();
	r->task = (struct worker_task){
		.run = read_again, .done = was_read, .owner = r, .home = r->gateway->lanes[0].loop};
	workers_submit_first(r->gateway->workers, &r->task);
}

static void on_hangup(void *reload)
{
	struct reload *r = reload;
	if (atomic_load(&r->gateway->is_stopping)) {
		return;
	}
	if (r->is_under_way) {
		r->is_asked_again = true;
		return;
	}
	begin(r);
}

enum fault reload_new(struct gateway *g, const char *file, const struct settings *start,
		      struct reload **out_reload)
{
	CLEANUP(reload_free) struct reload *r = calloc(1, sizeof(*r));
	if (r == NULL) {
		return FAULT_NO_MEMORY;
	}
	r->gateway = g;
	r->file = file;
	r->start = start;
	r->current = start;
	enum fault f = loop_signal_new(g->lanes[0].loop, SIGHUP, on_hangup, r, &r->hangup);
	if (f == FAULT_NONE) {
		*out_reload = STEAL(r);
	}
	return f;
}

void reload_free(struct reload **reload)
{
	struct reload *r = *reload;
	if (r == NULL) {
		return;
	}
	*reload = NULL;
	loop_signal_free(&r->hangup);
	rules_free(&r->rules); /* read, and never taken */
	settings_free(&r->settings);
	settings_mistakes_deinit(&r->mistakes);
	free(r);
}

/* --- what the confinement must let be read --- */

/* NULL for none. The caller frees it. */
static char *folder_of(const char *path)
{
	char *folder = path != NULL ? strdup(path) : NULL;
	char *slash = folder != NULL ? strrchr(folder, '/') : NULL;
	if (slash == NULL) {
		free(folder);
		return path != NULL ? strdup(".") : NULL;
	}
	slash[slash == folder ? 1 : 0] = '\0';
	return folder;
}

static char *real_folder_of(const char *path)
{
	char *folder = folder_of(path);
	char *real = folder != NULL ? realpath(folder, NULL) : NULL;
	free(folder);
	return real;
}

static bool is_beside(const char *folder, const char *secret)
{
	char *other = real_folder_of(secret);
	bool beside = other != NULL && folder != NULL && strcmp(folder, other) == 0;
	free(other);
	return beside;
}

/*
 * Files are mostly changed by putting another in their place, hence the folder. Where the vault or its key lies in it, too, the
 * file alone: then it must be written in its place, or the gateway started again.
 */
static void add(struct reload_paths *p, const char *file, const struct settings *s)
{
	char *folder = real_folder_of(file);
	if (file == NULL || p->count == RELOAD_PATHS) {
		free(folder);
		return;
	}
	if (is_beside(folder, s->vault.file) || is_beside(folder, s->vault.credential)) {
		free(folder);
		folder = strdup(file);
	}
	if (folder != NULL) {
		p->items[p->count++] = folder;
	}
}

/* A link is followed, too: then the file that it leads to is in another folder (certbot's live and archive). */
void reload_paths_find(const char *file, const struct settings *s, struct reload_paths *out_paths)
{
	const char *const files[] = {file, s->tls.certificate, s->tls.key};
	*out_paths = (struct reload_paths){0};
	for (size_t i = 0; i < COUNT_OF(files); i++) {
		char *real = files[i] != NULL ? realpath(files[i], NULL) : NULL;
		add(out_paths, files[i], s);
		add(out_paths, real, s);
		free(real);
	}
}

void reload_paths_deinit(struct reload_paths *p)
{
	for (size_t i = 0; i < p->count; i++) {
		free(p->items[i]);
	}
	p->count = 0;
}
