#include "relay/gateway/incident_debug.h"

#include "relay/gateway/debugging.h"
#include "relay/gateway/debugs.h"
#include "relay/gateway/incident.h"
#include "relay/gateway/pause.h"
#include "relay/gateway/tenant_look.h"

enum { BODY_MAX = 16 * 1024, ARENA_MAX = 128 * 1024 };

struct wish {
	struct pause_target tenant;
	uint64_t minutes; /* 0: not said */
};

static enum fault take_pair(struct wish *w, const struct keeper_pair *p, struct problem *problem)
{
	if (slice_eq(p->key, SLICE_LIT("tenant")) && p->type == KEEPER_TEXT) {
		return pause_tenant(p->value, &w->tenant, problem);
	}
	if (slice_eq(p->key, SLICE_LIT("minutes"))) {
		return debugging_minutes(p, &w->minutes, problem);
	}
	return problem_set(problem, FAULT_UNKNOWN_FIELD,
			   "A debug log has a 'tenant' and 'minutes', and nothing else.");
}

static enum fault read_wish(const struct desk_call *call, struct arena *arena, bool has_minutes,
			    struct wish *out_wish, struct problem *problem)
{
	struct recordspec record;
	struct wish w = {.minutes = 0};
	enum fault f = incident_read_body(call, arena, &record, problem);
	for (size_t i = 0; f == FAULT_NONE && i < record.count; i++) {
		f = take_pair(&w, &record.pairs[i], problem);
	}
	if (f == FAULT_NONE && (w.tenant.name_len == 0 || (w.minutes > 0) != has_minutes)) {
		f = problem_set(problem, FAULT_BAD_FIELD,
				"A debug log is switched on with a 'tenant' and 'minutes', and off "
				"with a 'tenant'.");
	}
	*out_wish = w;
	return f;
}

static void put_one(struct json_writer *w, const struct debug *d)
{
	json_put_object(w);
	json_member_text(w, "tenant", slice_of(d->tenant, d->tenant_len));
	json_member_time(w, "until", d->until);
	json_put_object_end(w);
}

void incident_debug_tell(void *gateway, struct desk_call *call)
{
	struct gateway *g = gateway;
	struct debug list[DEBUGS_MAX];
	struct json_writer w;
	CLEANUP(buf_deinit) struct buf body;
	size_t count = debugs_list(g->debugs, instant_now(), list);
	buf_init(&body, BODY_MAX);
	json_writer_init(&w, &body);
	json_put_object(&w);
	json_put_key(&w, "debug");
	json_put_array(&w);
	for (size_t i = 0; i < count; i++) {
		put_one(&w, &list[i]);
	}
	json_put_array_end(&w);
	json_put_object_end(&w);
	desk_answer_json(call, &w, buf_view(&body));
}

static void end(struct gateway *g, struct desk_call *call, enum fault f,
		const struct problem *problem)
{
	if (f == FAULT_NONE) {
		incident_debug_tell(g, call);
	} else {
		desk_fail(call, f, problem);
	}
}

static void switch_on(void *gateway, struct desk_call *call)
{
	struct gateway *g = gateway;
	struct wish w;
	struct debug unused;
	struct problem problem = {.fault = FAULT_NONE};
	CLEANUP(arena_deinit) struct arena arena;
	arena_init(&arena, ARENA_MAX);
	enum fault f = read_wish(call, &arena, true, &w, &problem);
	if (f == FAULT_NONE) {
		const struct debugs_wish wish = {
			.tenant = pause_name(&w.tenant),
			.minutes = w.minutes,
			.by = DEBUGS_BY_OPERATOR,
			.now = instant_now(),
			.date = civil_now(),
		};
		f = debugs_on(g->debugs, &wish, &unused, &problem);
	}
	end(g, call, f, &problem);
}

void incident_debug_on(void *gateway, struct desk_call *call)
{
	struct wish w;
	struct problem problem = {.fault = FAULT_NONE};
	CLEANUP(arena_deinit) struct arena arena;
	arena_init(&arena, ARENA_MAX);
	enum fault f = read_wish(call, &arena, true, &w, &problem);
	if (f == FAULT_NONE) {
		tenant_look(gateway, call, pause_name(&w.tenant), switch_on);
	} else {
		end(gateway, call, f, &problem);
	}
}

void incident_debug_off(void *gateway, struct desk_call *call)
{
	struct gateway *g = gateway;
	struct wish w;
	struct problem problem = {.fault = FAULT_NONE};
	CLEANUP(arena_deinit) struct arena arena;
	arena_init(&arena, ARENA_MAX);
	enum fault f = read_wish(call, &arena, false, &w, &problem);
	if (f == FAULT_NONE &&
	    !debugs_off(g->debugs, pause_name(&w.tenant), DEBUGS_BY_OPERATOR, instant_now())) {
		f = problem_set(&problem, FAULT_NOT_FOUND,
				"No debug log is on for this tenant; 'pagepost debug' lists those "
				"that are.");
	}
	end(g, call, f, &problem);
}
