#include "relay/gateway/debugging.h"

#include "spool-free/base/json.h"
#include "relay/smtp/transcript.h"
#include "relay/gateway/debugs.h"
#include "relay/gateway/tally.h"

enum { OK = 200, NO_CONTENT = 204, US_IN_MS = 1000 };

/* --- the dialogue --- */

static void write_line(void *flight, enum transcript_side side, struct slice text)
{
	static const struct slice sides[] = {[TRANSCRIPT_SAYS] = SLICE_INIT("says"),
					     [TRANSCRIPT_HEARS] = SLICE_INIT("hears"),
					     [TRANSCRIPT_NOTES] = SLICE_INIT("notes")};
	const struct flight *f = flight;
	char id[UUID_TEXT];
	if (debugs_take_line(f->gateway->debugs, f->job->tenant, instant_now())) {
		uuid_text(&f->job->id, id);
		event_log(EVENT_DEBUG_SMTP, EVENT_TEXT("job", slice_of(id, sizeof(id))),
			  EVENT_TEXT("tenant", f->job->tenant), EVENT_TEXT("side", sides[side]),
			  EVENT_QUOTED("line", text));
	}
}

_Static_assert((size_t)TAG_LEN <= (size_t)REDACT_TAG_MAX, "a tag has room");

static struct slice tag_address(void *flight, struct slice address, char room[REDACT_TAG_MAX])
{
	const struct flight *f = flight;
	return tag_keys_tag(f->gateway->tag_keys, civil_now(), address, room);
}

void debugging_begin(struct flight *f)
{
	struct smtp_delivery *d = &f->delivery;
	struct debug unused;
	if (!debugs_find(f->gateway->debugs, f->job->tenant, instant_now(), &unused)) {
		return;
	}
	struct transcript *t = arena_array(&f->job->arena, 1, sizeof(*t));
	if (t != NULL) {
		*t = (struct transcript){
			.owner = f,
			.line = write_line,
			.tag = tag_address,
			.username = d->upstream.username,
			.sender = d->sender,
			.password = d->upstream.password,
			.token = d->upstream.token,
			.recipients = d->recipients,
			.recipient_count = d->recipient_count,
		};
	}
	d->transcript = t;
}

void debugging_stage(const struct flight *f, unsigned stage, uint64_t us)
{
	char id[UUID_TEXT];
	if (!debugs_take_line(f->gateway->debugs, flight_tenant(f), instant_now())) {
		return;
	}
	if (f->has_id) {
		uuid_text(&f->job->id, id);
	}
	event_log(EVENT_DEBUG_STAGE, EVENT_TEXT("tenant", flight_tenant(f)),
		  EVENT_TEXT("stage", tally_stage_name(stage)), EVENT_NUMBER("ms", us / US_IN_MS),
		  EVENT_MAYBE("job", slice_of(id, f->has_id ? sizeof(id) : 0)));
}

/* --- the API --- */

static enum fault answer(struct flight *f, const struct debug *d)
{
	struct json_writer w;
	json_writer_init(&w, &f->report);
	json_put_object(&w);
	json_member_bool(&w, "on", d != NULL);
	if (d != NULL) {
		json_member_time(&w, "until", d->until);
		json_member_u64(&w, "lines_a_minute", DEBUGS_LINES);
	}
	json_put_object_end(&w);
	f->admin.status = OK;
	return json_writer_fault(&w);
}

enum fault debugging_get(struct flight *f, struct keeper_client *keeper UNUSED)
{
	struct debug d;
	bool is_on = debugs_find(f->gateway->debugs, flight_tenant(f), instant_now(), &d);
	return answer(f, is_on ? &d : NULL);
}

enum fault debugging_minutes(const struct keeper_pair *p, uint64_t *out_minutes,
			     struct problem *problem)
{
	return slice_eq(p->key, SLICE_LIT("minutes")) && p->type == KEEPER_NUMBER &&
			       slice_to_u64(p->value, DEBUGS_MINUTES_MAX, out_minutes) &&
			       *out_minutes > 0
		       ? FAULT_NONE
		       : problem_set(problem, FAULT_BAD_FIELD,
				     "The debug log takes 'minutes': a whole number from 1 to 60.");
}

enum fault debugging_put(struct flight *f, struct keeper_client *keeper UNUSED)
{
	static const struct keeper_pair none = {.key = SLICE_INIT("none")};
	const struct recordspec *record = &f->admin.record;
	struct debug d;
	struct debugs_wish w = {
		.tenant = flight_tenant(f),
		.by = DEBUGS_BY_ADMIN,
		.now = instant_now(),
		.date = civil_now(),
	};
	enum fault fault = debugging_minutes(record->count == 1 ? &record->pairs[0] : &none,
					     &w.minutes, &f->problem);
	if (fault == FAULT_NONE) {
		fault = debugs_on(f->gateway->debugs, &w, &d, &f->problem);
	}
	return fault == FAULT_NONE ? answer(f, &d) : fault;
}

enum fault debugging_remove(struct flight *f, struct keeper_client *keeper UNUSED)
{
	(void)debugs_off(f->gateway->debugs, flight_tenant(f), DEBUGS_BY_ADMIN, instant_now());
	f->admin.status = NO_CONTENT;
	return FAULT_NONE;
}
