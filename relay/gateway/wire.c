#include "relay/gateway/wire.h"

#include <malloc.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "spool-free/base/event.h"
#include "spool-free/lockdown/lockdown.h"
#include "spool-free/lockdown/memory.h"
#include "relay/net/libcurl.h"
#include "relay/gateway/lane.h"
#include "relay/gateway/operate.h"
#include "relay/gateway/pulse.h"
#include "relay/gateway/receipt_set.h"
#include "relay/gateway/service.h"
#include "relay/gateway/wire_incident.h"
#include "relay/gateway/wire_operate.h"
#include "relay/gateway/wire_reload.h"
#include "relay/gateway/wire_settings.h"

enum {
	FREE_KEPT = 1024 * 1024,
	FREE_MUCH = 16 * 1024 * 1024,
	SWEEP_MIN_MS = 500,
	PULSES = 4, /* in the time that the manager's watchdog waits */
};

/* What lives as long as the gateway runs. */
struct wiring {
	const struct settings *settings; /* of the start */
	const char *settings_file;
	struct reload *reload;
	struct gateway gateway;
	struct tls_context *client_tls;
	struct dialer *dialer;
	struct loop_signal *terminate;
	struct loop_signal *interrupt;
	struct loop_timer *sweep;
	struct pulse *pulse;
	struct tls_context *oauth_tls;
	struct poster_rules oauth;
	char host_name[WIRE_HOST_NAME];
	bool memory_locked;
};

static enum fault open_tls(struct wiring *w, struct problem *problem)
{
	return tls_context_client_new(w->settings->relay.ca_file, (struct slice){0}, &w->client_tls,
				      problem);
}

/* Listeners are opened before the confinement and before the first thread. */
static enum fault open_lanes(struct wiring *w, struct problem *problem)
{
	const struct settings *s = w->settings;
	struct gateway *g = &w->gateway;
	unsigned count = wire_lane_count(s);
	struct lane_params params = {
		.listen = {.address = s->listen.address, .port = s->listen.port, .shared = true},
		.inherited_fd = service_socket(SERVICE_CLIENTS),
	};
	struct rules *rules;
	enum fault f = wire_rules(s, count, &rules, problem);
	if (f != FAULT_NONE) {
		return f;
	}
	g->rulebook.current = rules;
	params.rules = rules;
	g->lanes = calloc(count, sizeof(*g->lanes));
	if (g->lanes == NULL) {
		return problem_set(problem, FAULT_NO_MEMORY, "");
	}
	for (unsigned i = 0; i < count; i++) {
		g->lane_count = i + 1;
		f = lane_init(&g->lanes[i], g, &params, problem);
		if (f != FAULT_NONE) {
			return f;
		}
		params.listen.port = listener_port(g->lanes[0].listener);
		if (params.inherited_fd >= 0) { /* each lane waits on the one socket */
			params.inherited_fd = dup(params.inherited_fd);
		}
	}
	rules_begin(g, rules);
	return FAULT_NONE;
}

static enum fault open_shared(struct wiring *w)
{
	const struct settings *s = w->settings;
	struct gateway *g = &w->gateway;
	const struct budget_params budget = wire_budget(s);
	const struct job_table_params table = wire_job_table(s);
	enum fault f = budget_new(&budget, &g->budget);
	if (f == FAULT_NONE) {
		f = job_table_new(&table, &g->table);
	}
	if (f == FAULT_NONE) {
		f = keepers_new(slice_of_text(s->keeper.socket), wire_keeper_count(s),
				s->keeper.answer_ms, &g->keepers);
	}
	if (f == FAULT_NONE) {
		f = tag_keys_new(&g->tag_keys);
	}
	if (f == FAULT_NONE) {
		f = callers_new(&g->callers);
	}
	if (f == FAULT_NONE) {
		f = receipt_set_new(&g->receipt_set);
	}
	if (f == FAULT_NONE) {
		f = sizes_new(&g->sizes);
	}
	if (f == FAULT_NONE) {
		f = workers_new(wire_worker_count(s), &g->workers);
	}
	return f;
}

static enum fault open_relays(struct wiring *w, struct problem *problem)
{
	const struct settings *s = w->settings;
	struct gateway *g = &w->gateway;
	const struct dialer_params dialer = wire_dialer(s);
	enum fault f = dialer_new(&dialer, &w->dialer, problem);
	struct smtp_relay_params relay = wire_relay_params(s);
	relay.dialer = w->dialer;
	relay.tls = w->client_tls;
	relay.ehlo_name = wire_ehlo_name(s, w->host_name);
	for (unsigned i = 0; f == FAULT_NONE && i < g->lane_count; i++) {
		f = lane_open_relay(&g->lanes[i], &relay);
	}
	return f;
}

/* The authorities are read before the confinement, and once: token endpoints are asked by libcurl, on each lane. */
static enum fault open_oauth(struct wiring *w, struct problem *problem)
{
	const struct settings *s = w->settings;
	enum fault f = libcurl_start();
	if (f == FAULT_NONE) {
		f = wire_oauth_rules(s, &w->oauth);
	}
	if (f != FAULT_NONE) {
		return problem_set(problem, f, "");
	}
	if (s->oauth.ca_file == NULL && s->relay.ca_file == NULL) {
		return FAULT_NONE; /* the system's authorities, which mail servers' context has read */
	}
	return tls_context_client_new(s->oauth.ca_file, (struct slice){0}, &w->oauth_tls, problem);
}

static enum fault open_tokens(struct wiring *w)
{
	struct gateway *g = &w->gateway;
	const struct poster_params poster = {
		.look_ups = dialer_look_ups(w->dialer),
		.tls = w->oauth_tls != NULL ? w->oauth_tls : w->client_tls,
		.rules = &w->oauth,
	};
	enum fault f = FAULT_NONE;
	for (unsigned i = 0; f == FAULT_NONE && i < g->lane_count; i++) {
		f = lane_open_tokens(&g->lanes[i], &poster, w->settings->oauth.time_ms);
	}
	return f;
}

static void begin_to_stop(void *wiring)
{
	struct wiring *w = wiring;
	service_stopping();
	operate_stop(&w->gateway);
	atomic_store(&w->gateway.is_stopping, true);
	for (unsigned i = 0; i < w->gateway.lane_count; i++) {
		lane_drain(&w->gateway.lanes[i]);
	}
}

/* A crowd leaves much behind that is free, in small pieces: when nothing is under way the kernel gets it back. */
static void give_back(const struct wiring *w)
{
	if (atomic_load(&w->gateway.flights) == 0 && mallinfo2().fordblks > FREE_MUCH) {
		memory_give_back(FREE_KEPT, w->memory_locked);
	}
}

/* Answers past their time are wiped although nobody comes any more. */
static void sweep(void *wiring)
{
	struct wiring *w = wiring;
	uint64_t quarter_ms = w->settings->limits.retained_ms / 4;
	job_table_expire(w->gateway.table, loop_now(w->gateway.lanes[0].loop));
	wire_incident_expire(&w->gateway, loop_now(w->gateway.lanes[0].loop));
	rules_prune(&w->gateway);
	give_back(w);
	loop_timer_set(w->sweep, quarter_ms < SWEEP_MIN_MS ? SWEEP_MIN_MS : quarter_ms);
}

static void tell_ready(const struct wiring *w, int ready_fd)
{
	uint16_t port = listener_port(w->gateway.lanes[0].listener);
	event_log(EVENT_LISTEN, EVENT_NUMBER("port", port));
	event_log(EVENT_START, EVENT_NUMBER("lanes", w->gateway.lane_count));
	service_ready();
	if (ready_fd >= 0) {
		struct buf line;
		buf_init(&line, 64);
		if (buf_add_text(&line, "port=") == FAULT_NONE &&
		    buf_add_u64(&line, port) == FAULT_NONE &&
		    buf_add_byte(&line, '\n') == FAULT_NONE &&
		    write(ready_fd, line.ptr, line.len) != (ssize_t)line.len) {
			event_log(EVENT_LISTEN, EVENT_TEXT("ready", SLICE_LIT("nobody-reads")));
		}
		buf_deinit(&line);
	}
}

static enum fault run(struct wiring *w, int ready_fd)
{
	struct gateway *g = &w->gateway;
	enum fault f = loop_signal_new(g->lanes[0].loop, SIGTERM, begin_to_stop, w, &w->terminate);
	if (f == FAULT_NONE) {
		f = loop_signal_new(g->lanes[0].loop, SIGINT, begin_to_stop, w, &w->interrupt);
	}
	if (f == FAULT_NONE) {
		f = reload_new(g, w->settings_file, w->settings, &w->reload);
	}
	if (f == FAULT_NONE) {
		f = loop_timer_new(g->lanes[0].loop, sweep, w, &w->sweep);
	}
	if (f == FAULT_NONE) {
		sweep(w);
	}
	if (f == FAULT_NONE) {
		f = pulse_new(g, service_watchdog_ms() / PULSES, &w->pulse);
	}
	for (unsigned i = 1; f == FAULT_NONE && i < g->lane_count; i++) {
		f = lane_start(&g->lanes[i]);
	}
	if (f == FAULT_NONE) {
		tell_ready(w, ready_fd);
		lane_run(&g->lanes[0]);
	}
	for (unsigned i = 1; i < g->lane_count; i++) {
		lane_drain(&g->lanes[i]);
		lane_join(&g->lanes[i]);
	}
	event_log(EVENT_STOP, EVENT_NUMBER("unfinished", atomic_load(&g->flights)));
	return f;
}

static void close_all(struct wiring *w)
{
	struct gateway *g = &w->gateway;
	loop_signal_free(&w->terminate);
	loop_signal_free(&w->interrupt);
	loop_timer_free(&w->sweep);
	workers_free(&g->workers);
	pulse_free(&w->pulse);
	reload_free(&w->reload);
	dialer_stop(w->dialer);
	operate_close(g);
	for (unsigned i = 0; i < g->lane_count; i++) {
		lane_deinit(&g->lanes[i]);
	}
	free(g->lanes);
	rules_end(g);
	dialer_free(&w->dialer);
	pictures_stop(&g->pictures);
	wire_incident_close(g);
	sizes_free(&g->sizes);
	callers_free(&g->callers);
	tag_keys_free(&g->tag_keys);
	receipt_set_free(&g->receipt_set);
	keepers_free(&g->keepers);
	job_table_free(&g->table);
	budget_free(&g->budget);
	tls_context_free(&w->client_tls);
	tls_context_free(&w->oauth_tls);
}

/* A program is run: before the confinement. Without it mails go out, with pictures named that readers do not show. */
static void open_pictures(struct wiring *w)
{
	const struct settings *s = w->settings;
	const struct pictures_params params = wire_pictures(s);
	w->gateway.pictures_ms = wire_pictures_ms(s);
	if (s->pictures.convert) {
		enum fault f = pictures_start(&params, &w->gateway.pictures);
		if (f != FAULT_NONE) {
			event_log(EVENT_PICTURES_DOWN, EVENT_FAULT(f));
		}
	}
}

static void tell_step(void *ctx, enum lockdown_step step, enum lockdown_result result)
{
	struct wiring *w = ctx;
	w->memory_locked = w->memory_locked || (step == LOCKDOWN_MEMORY && result == LOCKDOWN_DONE);
	event_log(EVENT_LOCKDOWN, EVENT_TEXT("step", lockdown_step_name(step)),
		  EVENT_TEXT("result", lockdown_result_name(result)));
}

/* After everything was opened, before the first thread. */
static enum fault confine(struct wiring *w, struct problem *problem)
{
	const struct settings *s = w->settings;
	const char *readable[2 + RELOAD_PATHS] = {s->keeper.socket};
	size_t count = 1;
	struct reload_paths reload;
	reload_paths_find(w->settings_file, s, &reload);
	for (size_t i = 0; i < reload.count; i++) {
		readable[count++] = reload.items[i];
	}
	if (s->relay.ca_file != NULL) {
		readable[count++] = s->relay.ca_file;
	}
	const struct lockdown_params params = {
		.role = LOCKDOWN_GATEWAY,
		.readable = readable,
		.readable_count = count,
		.landlock_may_lack = wire_landlock_may_lack(s),
		.seccomp_may_lack = wire_seccomp_may_lack(s),
		.memory_may_lack = wire_memory_may_lack(s),
		.problem = problem,
	};
	enum fault f = lockdown_apply(&params, tell_step, w);
	reload_paths_deinit(&reload);
	return f;
}

enum fault wire_run_gateway(const struct settings *settings, const char *settings_file,
			    int ready_fd, struct problem *problem)
{
	struct wiring w = {.settings = settings, .settings_file = settings_file};
	/* What one job frees the next one takes: back to the kernel goes only what is more than that. */
	(void)mallopt(M_TRIM_THRESHOLD, FREE_KEPT);
	enum fault f = open_tls(&w, problem);
	if (f == FAULT_NONE) {
		f = open_lanes(&w, problem);
	}
	if (f == FAULT_NONE) {
		f = wire_operate(settings, &w.gateway, problem);
	}
	if (f == FAULT_NONE) {
		open_pictures(&w);
		f = open_oauth(&w, problem);
	}
	if (f == FAULT_NONE) {
		f = confine(&w, problem);
	}
	if (f == FAULT_NONE) {
		f = open_shared(&w);
	}
	if (f == FAULT_NONE) {
		f = wire_incident(settings, &w.gateway, problem);
	}
	if (f == FAULT_NONE) {
		f = open_relays(&w, problem);
	}
	if (f == FAULT_NONE) {
		f = open_tokens(&w);
	}
	if (f == FAULT_NONE) {
		f = run(&w, ready_fd);
	}
	if (f != FAULT_NONE && problem->fault != f) {
		problem_set(problem, f, "");
	}
	bool is_idle = atomic_load(&w.gateway.flights) == 0;
	if (f == FAULT_NONE && !is_idle) {
		/* A forced end: workers are still at what was left under way, and use all of this. */
		_exit(EXIT_SUCCESS);
	}
	if (is_idle) { /* also what was opened before a start was refused */
		close_all(&w);
	}
	return f;
}
