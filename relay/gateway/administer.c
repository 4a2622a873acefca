#include "relay/gateway/administer.h"

#include <unistd.h>

#include "spool-free/base/hex.h"
#include "spool-free/base/wipe.h"
#include "relay/intake/caller.h"
#include "relay/intake/key_half.h"
#include "relay/intake/record_answer.h"
#include "relay/gateway/debugging.h"

enum { HASH_HEX = 2 * KEEPER_TOKEN_HASH, OK = 200, CREATED = 201, NO_CONTENT = 204 };

typedef enum fault administer_fn(struct flight *f, struct keeper_client *keeper);

static administer_fn get_record, put_record, remove_record, list_records, make_token, put_key,
	confirm_key, remove_key, remove_tenant, tell_installed, tell_upgraded, tell_uninstalled;

static const struct {
	administer_fn *apply; /* NULL: none of the routes here */
	bool changes;
	bool has_body;
} calls[] = {
	[ROUTE_RECORD_GET] = {get_record, false, false},
	[ROUTE_RECORD_PUT] = {put_record, true, true},
	[ROUTE_RECORD_REMOVE] = {remove_record, true, false},
	[ROUTE_RECORD_LIST] = {list_records, false, false},
	[ROUTE_TOKEN_NEW] = {make_token, true, true},
	[ROUTE_KEY_PUT] = {put_key, true, true},
	[ROUTE_KEY_CONFIRM] = {confirm_key, true, false},
	[ROUTE_KEY_REMOVE] = {remove_key, true, false},
	[ROUTE_TENANT_REMOVE] = {remove_tenant, true, false},
	[ROUTE_INSTALLED] = {tell_installed, true, false},
	[ROUTE_UPGRADED] = {tell_upgraded, false, false},
	[ROUTE_UNINSTALLED] = {tell_uninstalled, true, false},
	[ROUTE_DEBUG_GET] = {debugging_get, false, false},
	[ROUTE_DEBUG_PUT] = {debugging_put, false, true},
	[ROUTE_DEBUG_REMOVE] = {debugging_remove, false, false},
};

bool administer_is_route(enum intake_route route)
{
	return (size_t)route < COUNT_OF(calls) && calls[route].apply != NULL;
}

bool administer_has_body(enum intake_route route)
{
	return administer_is_route(route) && calls[route].has_body;
}

enum fault administer_prepare(struct flight *f)
{
	struct administering *a = &f->admin;
	a->kind = intake_request_kind(f->request);
	enum fault fault = arena_copy(&f->job->arena, intake_request_target_id(f->request),
				      &a->name);
	if (fault != FAULT_NONE) {
		return problem_set(&f->problem, fault, "");
	}
	if (administer_has_body(f->route)) {
		a->record = *intake_request_record(f->request);
	}
	return intake_request_condition(f->request, &a->condition, &f->problem);
}

/* --- what each route asks --- */

static struct keeper_target target_of(const struct flight *f)
{
	return (struct keeper_target){
		.proof = &f->proof, .kind = f->admin.kind, .name = f->admin.name};
}

static enum fault done(struct flight *f, int status)
{
	f->admin.status = status;
	return FAULT_NONE;
}

static enum fault get_record(struct flight *f, struct keeper_client *keeper)
{
	const struct keeper_target target = target_of(f);
	struct keeper_document d;
	enum fault fault = keeper_get_record(keeper, &target, &f->job->arena, &d, &f->problem);
	if (fault != FAULT_NONE) {
		return fault;
	}
	f->admin.version = d.version;
	fault = record_answer(&d, &f->report);
	return fault == FAULT_NONE ? done(f, OK) : fault;
}

static enum fault put_record(struct flight *f, struct keeper_client *keeper)
{
	const struct keeper_target target = target_of(f);
	struct keeper_put put = {.condition = f->admin.condition,
				 .pairs = f->admin.record.pairs,
				 .count = f->admin.record.count};
	enum fault fault = keeper_put_record(keeper, &target, &put, &f->problem);
	if (fault == FAULT_NONE) {
		f->admin.version = put.version;
		fault = record_answer_put(put.version, &f->report);
	}
	return fault == FAULT_NONE ? done(f, put.is_new ? CREATED : OK) : fault;
}

/*
 * By the first digits of its hash, or all; they must fit one of the tenant's tokens only. The keeper is not even asked about
 * those of others, whose record it would have to open to know.
 */
static enum fault find_token(struct flight *f, struct keeper_client *keeper)
{
	const struct keeper_target target = target_of(f);
	struct slice given = f->admin.name;
	struct slice *names;
	size_t count, fitting = 0;
	enum fault fault = keeper_list_records(keeper, &target, &f->job->arena, &names, &count,
					       &f->problem);
	for (size_t i = 0; fault == FAULT_NONE && i < count; i++) {
		if (slice_starts(names[i], given)) {
			f->admin.name = names[i];
			fitting++;
		}
	}
	if (fault != FAULT_NONE || fitting == 1) {
		return fault;
	}
	return fitting == 0 ? problem_set(&f->problem, FAULT_NOT_FOUND, "")
			    : problem_set(&f->problem, FAULT_CONFLICT,
					  "More than one token's id begins so; give more digits.");
}

static enum fault remove_record(struct flight *f, struct keeper_client *keeper)
{
	enum fault fault = f->admin.kind == KEEPER_TOKEN ? find_token(f, keeper) : FAULT_NONE;
	const struct keeper_target target = target_of(f);
	if (fault == FAULT_NONE) {
		fault = keeper_remove_record(keeper, &target, f->admin.condition, &f->problem);
	}
	return fault == FAULT_NONE ? done(f, NO_CONTENT) : fault;
}

/* One that was revoked since the names were told is left out. */
static enum fault tell_tokens(struct flight *f, struct keeper_client *keeper,
			      const struct slice *names, size_t count)
{
	struct keeper_target target = target_of(f);
	struct json_writer w;
	record_answer_tokens(&w, &f->report);
	for (size_t i = 0; i < count; i++) {
		struct keeper_document d;
		struct arena_mark mark = arena_mark(&f->job->arena);
		target.name = names[i];
		enum fault fault = keeper_get_record(keeper, &target, &f->job->arena, &d,
						     &f->problem);
		if (fault == FAULT_NONE) {
			record_answer_tokens_add(&w, names[i], &d);
		} else if (fault != FAULT_NOT_FOUND) {
			return fault;
		}
		arena_go_back(&f->job->arena, mark);
	}
	return record_answer_tokens_end(&w);
}

static enum fault list_records(struct flight *f, struct keeper_client *keeper)
{
	const struct keeper_target target = target_of(f);
	struct slice *names;
	size_t count;
	enum fault fault = keeper_list_records(keeper, &target, &f->job->arena, &names, &count,
					       &f->problem);
	if (fault == FAULT_NONE) {
		fault = target.kind == KEEPER_TOKEN
				? tell_tokens(f, keeper, names, count)
				: record_answer_list(target.kind, names, count, &f->report);
	}
	return fault == FAULT_NONE ? done(f, OK) : fault;
}

/* --- tokens: the keeper gets to know the hash alone --- */

static enum fault judge_token_fields(struct flight *f)
{
	const struct recordspec *record = &f->admin.record;
	for (size_t i = 0; i < record->count; i++) {
		if (!slice_eq(record->pairs[i].key, SLICE_LIT("label")) &&
		    !slice_eq(record->pairs[i].key, SLICE_LIT("scope"))) {
			(void)problem_set(&f->problem, FAULT_UNKNOWN_FIELD,
					  "A new token has a 'label' and a 'scope', and no ");
			problem_add_name(&f->problem, record->pairs[i].key);
			problem_add(&f->problem, ".");
			return FAULT_UNKNOWN_FIELD;
		}
	}
	return FAULT_NONE;
}

static enum fault draw_token(struct secret **out_token)
{
	unsigned char random[CALLER_TOKEN_RANDOM];
	enum fault fault = getentropy(random, sizeof(random)) == 0
				   ? caller_token_make(random, out_token)
				   : FAULT_SYSTEM;
	wipe(random, sizeof(random));
	return fault;
}

static enum fault make_token(struct flight *f, struct keeper_client *keeper)
{
	static const struct slice path = SLICE_INIT("/v1/tenant/tokens/");
	CLEANUP(secret_free) struct secret *token = NULL;
	unsigned char hash[KEEPER_TOKEN_HASH];
	char hex[HASH_HEX];
	enum fault fault = judge_token_fields(f);
	if (fault == FAULT_NONE) {
		fault = draw_token(&token);
	}
	if (fault != FAULT_NONE) {
		return fault;
	}
	digest_sha256(secret_view(token), hash);
	hex_encode(slice_of(hash, sizeof(hash)), hex);
	f->admin.name = slice_of(hex, sizeof(hex));
	const struct slice parts[] = {path, f->admin.name};
	const struct keeper_target target = target_of(f);
	struct keeper_put put = {.condition = {.kind = KEEPER_IF_NEW},
				 .pairs = f->admin.record.pairs,
				 .count = f->admin.record.count};
	/* Before the keeper is asked: what was made is to be told. */
	fault = arena_join(&f->job->arena, parts, COUNT_OF(parts), &f->admin.location);
	if (fault == FAULT_NONE) {
		fault = record_answer_token(token, f->admin.name, &f->report);
	}
	if (fault == FAULT_NONE) {
		fault = keeper_put_record(keeper, &target, &put, &f->problem);
		f->admin.version = put.version;
	}
	f->admin.name = (struct slice){0};
	return fault == FAULT_NONE ? done(f, CREATED) : fault;
}

/* --- the tenant's half of the key --- */

static enum fault change_half(struct flight *f, struct keeper_client *keeper,
			      enum keeper_half_change change, const struct secret *fresh)
{
	enum fault fault = keeper_change_half(keeper, &f->proof, change, fresh, &f->problem);
	return fault == FAULT_NONE ? done(f, NO_CONTENT) : fault;
}

static enum fault put_key(struct flight *f, struct keeper_client *keeper)
{
	const struct recordspec *record = &f->admin.record;
	CLEANUP(secret_free) struct secret *fresh = NULL;
	if (record->count != 1 || !slice_eq(record->pairs[0].key, SLICE_LIT("key")) ||
	    record->pairs[0].type != KEEPER_TEXT) {
		return problem_set(&f->problem, FAULT_BAD_FIELD,
				   "The body must have one field, 'key': 32 bytes in base64.");
	}
	enum fault fault = key_half_parse(record->pairs[0].value, "The field 'key'", &fresh,
					  &f->problem);
	return fault == FAULT_NONE ? change_half(f, keeper, KEEPER_HALF_ADD, fresh) : fault;
}

static enum fault confirm_key(struct flight *f, struct keeper_client *keeper)
{
	return change_half(f, keeper, KEEPER_HALF_KEEP, NULL);
}

static enum fault remove_key(struct flight *f, struct keeper_client *keeper)
{
	return change_half(f, keeper, KEEPER_HALF_DROP, NULL);
}

/* --- the tenant --- */

static enum fault remove_tenant(struct flight *f, struct keeper_client *keeper)
{
	enum fault fault = keeper_shred_tenant(keeper, &f->proof, &f->problem);
	return fault == FAULT_NONE ? done(f, NO_CONTENT) : fault;
}

static enum fault tell_event(struct flight *f, struct keeper_client *keeper,
			     enum keeper_event event)
{
	enum fault fault = keeper_tell_event(keeper, &f->proof, event, &f->problem);
	return fault == FAULT_NONE ? done(f, NO_CONTENT) : fault;
}

static enum fault tell_installed(struct flight *f, struct keeper_client *keeper)
{
	return tell_event(f, keeper, KEEPER_INSTALLED);
}

static enum fault tell_uninstalled(struct flight *f, struct keeper_client *keeper)
{
	return tell_event(f, keeper, KEEPER_UNINSTALLED);
}

/* Nothing here depends on which version of the app is installed. */
static enum fault tell_upgraded(struct flight *f, struct keeper_client *keeper UNUSED)
{
	return done(f, NO_CONTENT);
}

/* --- asking and answering --- */

enum fault administer_apply(struct flight *f, bool *out_is_lost)
{
	struct keeper_client *keeper;
	*out_is_lost = false;
	enum fault fault = keepers_borrow(f->gateway->keepers, &keeper);
	if (fault != FAULT_NONE) {
		return fault;
	}
	buf_deinit(&f->report); /* of a try before */
	buf_init(&f->report, RECORD_ANSWER_MAX);
	f->problem = (struct problem){0};
	fault = calls[f->route].apply(f, keeper);
	keepers_return(f->gateway->keepers, keeper, fault);
	f->admin.is_done = fault == FAULT_NONE;
	if (fault == FAULT_KEEPER_DOWN && calls[f->route].changes) {
		*out_is_lost = true;
		(void)problem_set(
			&f->problem, fault,
			"The keeper did not answer: this was done, or it was not. Look at "
			"what is there before you ask again.");
	}
	return fault;
}

void administer_answer(struct flight *f)
{
	const struct intake_reply reply = {
		.status = f->admin.status,
		.version = f->admin.version,
		.location = f->admin.location,
		.body = buf_view(&f->report),
	};
	intake_answer_record(f->request, &reply);
	f->request = NULL;
}
