#include "relay/gateway/incident.h"

#include "relay/gateway/lane.h"
#include "relay/gateway/pauses.h"
#include "relay/gateway/tenant_look.h"

enum { ARENA_MAX = 128 * 1024, BODY_MAX = 64 * 1024 };

/* What a request says of a pause. */
struct wish {
	struct slice what, name;
	struct slice reason;
	uint64_t seconds; /* 0: not said */
};

/* --- requests --- */

static enum fault unknown_field(struct slice key, struct problem *problem)
{
	(void)problem_set(problem, FAULT_UNKNOWN_FIELD,
			  "A pause has 'what', 'name', 'seconds' and 'reason', and no ");
	problem_add_name(problem, key);
	problem_add(problem, ".");
	return FAULT_UNKNOWN_FIELD;
}

static enum fault take_pair(struct wish *w, const struct keeper_pair *p, struct problem *problem)
{
	const struct {
		struct slice key;
		struct slice *into;
	} texts[] = {
		{SLICE_LIT("what"), &w->what},
		{SLICE_LIT("name"), &w->name},
		{SLICE_LIT("reason"), &w->reason},
	};
	for (size_t i = 0; i < COUNT_OF(texts); i++) {
		if (slice_eq(p->key, texts[i].key) && p->type == KEEPER_TEXT) {
			*texts[i].into = p->value;
			return FAULT_NONE;
		}
	}
	if (!slice_eq(p->key, SLICE_LIT("seconds"))) {
		return unknown_field(p->key, problem);
	}
	if (p->type != KEEPER_NUMBER || !slice_to_u64(p->value, PAUSE_SECONDS_MAX, &w->seconds) ||
	    w->seconds == 0) {
		return problem_set(
			problem, FAULT_BAD_FIELD,
			"A pause must last from 1 second to 366 days; without a time, it "
			"lasts until it is lifted.");
	}
	return FAULT_NONE;
}

static enum fault target_of(const struct wish *w, struct pause_target *out_target,
			    struct problem *problem)
{
	if (slice_eq(w->what, pause_what_name(PAUSE_TENANT))) {
		return pause_tenant(w->name, out_target, problem);
	}
	if (slice_eq(w->what, pause_what_name(PAUSE_UPSTREAM))) {
		return pause_upstream(w->name, out_target, problem);
	}
	if (!slice_eq(w->what, pause_what_name(PAUSE_ALL)) || w->name.len > 0) {
		return problem_set(
			problem, FAULT_BAD_FIELD,
			"'what' must be 'all', 'tenant' or 'upstream'; the last two have "
			"a 'name'.");
	}
	*out_target = (struct pause_target){.what = PAUSE_ALL};
	return FAULT_NONE;
}

enum fault incident_read_body(const struct desk_call *call, struct arena *arena,
			      struct recordspec *out_record, struct problem *problem)
{
	struct slice body;
	enum fault f = arena_copy(arena, desk_call_body(call), &body);
	/* The arena's own bytes, which may be changed. */
	return f == FAULT_NONE ? recordspec_parse((char *)(uintptr_t)body.ptr, body.len, arena,
						  out_record, problem)
			       : f;
}

static enum fault read_wish(const struct desk_call *call, struct arena *arena,
			    struct wish *out_wish, struct problem *problem)
{
	struct recordspec record;
	struct wish w = {.seconds = 0};
	enum fault f = incident_read_body(call, arena, &record, problem);
	for (size_t i = 0; f == FAULT_NONE && i < record.count; i++) {
		f = take_pair(&w, &record.pairs[i], problem);
	}
	*out_wish = w;
	return f;
}

/* --- what waits hears of it --- */

static void tell_lanes(struct gateway *g)
{
	for (unsigned i = 0; i < g->lane_count; i++) {
		lane_release(&g->lanes[i]);
	}
}

static enum fault pause_now(struct gateway *g, const struct wish *w, struct problem *problem)
{
	struct instant now = instant_now();
	struct pause p = {.since = civil_now()};
	enum fault f = target_of(w, &p.target, problem);
	if (f == FAULT_NONE && w->reason.len > 0) {
		f = pause_take_reason(&p, w->reason, problem);
	}
	if (w->seconds > 0) {
		p.until.ms = p.since.ms + (int64_t)w->seconds * 1000;
		p.ends = instant_after(now, w->seconds * 1000);
	}
	if (f == FAULT_NONE) {
		f = pauses_set(g->pauses, &p, now, problem);
	}
	if (f == FAULT_NONE) {
		tell_lanes(g);
	}
	return f;
}

static enum fault resume_now(struct gateway *g, const struct wish *w, struct problem *problem)
{
	struct pause_target target;
	enum fault f = target_of(w, &target, problem);
	if (f == FAULT_NONE && !pauses_lift(g->pauses, &target, instant_now())) {
		return problem_set(problem, FAULT_NOT_FOUND,
				   "This is not paused; 'pagepost pauses' lists what is.");
	}
	return f;
}

enum fault incident_begin_paused(struct gateway *g, struct problem *problem)
{
	static const struct wish all = {.what = SLICE_INIT("all"),
					.reason = SLICE_INIT("settings")};
	return pause_now(g, &all, problem);
}

/* --- answers --- */

static void put_all(struct json_writer *w, const struct pause *list, size_t count)
{
	json_put_object(w);
	json_put_key(w, "pauses");
	json_put_array(w);
	for (size_t i = 0; i < count; i++) {
		pause_put(w, &list[i]);
	}
	json_put_array_end(w);
	json_put_object_end(w);
}

void incident_tell_pauses(void *gateway, struct desk_call *call)
{
	struct gateway *g = gateway;
	struct pause list[PAUSES_MAX];
	struct json_writer w;
	CLEANUP(buf_deinit) struct buf body;
	buf_init(&body, BODY_MAX);
	json_writer_init(&w, &body);
	put_all(&w, list, pauses_list(g->pauses, instant_now(), list));
	desk_answer_json(call, &w, buf_view(&body));
}

typedef enum fault act_fn(struct gateway *g, const struct wish *w, struct problem *problem);

/* What is on afterwards is the answer. */
static void act(struct gateway *g, struct desk_call *call, act_fn *fn)
{
	struct wish w;
	struct problem problem = {.fault = FAULT_NONE};
	CLEANUP(arena_deinit) struct arena arena;
	arena_init(&arena, ARENA_MAX);
	enum fault f = read_wish(call, &arena, &w, &problem);
	f = f == FAULT_NONE ? fn(g, &w, &problem) : f;
	if (f == FAULT_NONE) {
		incident_tell_pauses(g, call);
		return;
	}
	desk_fail(call, f, &problem);
}

static void pause_known(void *gateway, struct desk_call *call)
{
	act(gateway, call, pause_now);
}

/* A tenant's name with a slip in it would pause nobody. */
void incident_pause(void *gateway, struct desk_call *call)
{
	struct wish w;
	struct pause_target target = {.what = PAUSE_ALL};
	struct problem problem = {.fault = FAULT_NONE};
	CLEANUP(arena_deinit) struct arena arena;
	arena_init(&arena, ARENA_MAX);
	enum fault f = read_wish(call, &arena, &w, &problem);
	f = f == FAULT_NONE ? target_of(&w, &target, &problem) : f;
	if (f != FAULT_NONE) {
		desk_fail(call, f, &problem);
	} else if (target.what == PAUSE_TENANT) {
		tenant_look(gateway, call, pause_name(&target), pause_known);
	} else {
		pause_known(gateway, call);
	}
}

void incident_resume(void *gateway, struct desk_call *call)
{
	act(gateway, call, resume_now);
}
