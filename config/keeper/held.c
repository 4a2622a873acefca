#include "config/keeper/held.h"

#include "spool-free/base/event.h"
#include "config/keeper/admin.h"
#include "config/keeper/answers.h"
#include "config/keeper/house_answers.h"
#include "config/keeper/house_keys.h"
#include "config/keeper/prove.h"
#include "config/keeper/work.h"

enum {
	LOCK_WAIT_MS = 2000,
	USES_MS = 60 * 1000,
	SWEEP_MS = 3600 * 1000,
};

enum fault held_open(struct held *h, struct problem *p)
{
	return commit_load(h->path, h->unlock, &h->vault, &h->seen, p);
}

void held_close(struct held *h)
{
	recall_deinit(&h->recall);
	house_deinit(&h->house);
	vault_free(&h->vault);
}

static void note_refusal(struct held *h, enum fault f)
{
	if (f != h->refused && f != FAULT_NONE) {
		event_log(EVENT_VAULT_REFUSED, EVENT_FAULT(f),
			  EVENT_NUMBER("generation", vault_generation(h->vault)));
	}
	h->refused = f;
}

/* What is newer; or, after a change that could not even be undone, what the files say. */
static enum fault read_anew(struct held *h)
{
	h->changes++; /* of the ledger alone, perhaps: the generation does not tell */
	enum fault f = h->is_unsettled
			       ? commit_revert(h->path, h->vault, h->unlock, &h->seen, NULL)
			       : commit_reload(h->path, h->vault, h->unlock, &h->seen, NULL);
	h->is_unsettled = h->is_unsettled && f != FAULT_NONE;
	return f;
}

static void look_for_change(struct held *h)
{
	struct commit_stamp now;
	enum fault f = commit_look(h->path, &now);
	if (f != FAULT_NONE) {
		h->seen = (struct commit_stamp){0};
		note_refusal(h, f);
		return;
	}
	if (commit_stamp_eq(&now, &h->seen)) {
		return;
	}
	uint64_t before = vault_generation(h->vault);
	f = read_anew(h);
	if (f == FAULT_NONE && vault_generation(h->vault) != before) {
		event_log(EVENT_VAULT_RELOADED,
			  EVENT_NUMBER("generation", vault_generation(h->vault)));
	}
	if (f == FAULT_NO_MEMORY) {
		h->seen = (struct commit_stamp){0}; /* the files are good: try again */
	}
	note_refusal(h, f);
}

void held_reload(struct held *h, uint64_t retention_ms)
{
	if (retention_ms != h->retention_ms) {
		h->retention_ms = retention_ms;
		h->sweep_due = instant_now();
	}
	h->seen = (struct commit_stamp){0};
	look_for_change(h);
}

/* --- changing it ----------------------------------------------------------------------------------- */

/* The newest vault, locked. A file that was refused is not written over. */
static enum fault begin_change(struct held *h, uint64_t wait_ms, int *out_lock, struct problem *p)
{
	enum fault f = vault_store_lock(h->path, wait_ms, out_lock, p);
	h->is_kept_out = f == FAULT_CONFLICT && (h->is_kept_out || wait_ms > 0);
	if (f != FAULT_NONE) {
		return f;
	}
	look_for_change(h);
	return h->refused == FAULT_NONE
		       ? FAULT_NONE
		       : problem_set(
				 p, h->refused,
				 "The vault's file is not one that this keeper takes; until the "
				 "operator has mended that, nothing is changed.");
}

static void revert(struct held *h)
{
	h->is_unsettled = true;
	enum fault f = read_anew(h);
	if (f != FAULT_NONE) {
		h->seen = (struct commit_stamp){0};
	}
	note_refusal(h, f);
}

/*
 * What was changed is in the files, or undone. After a fault the files tell: it may have come behind the vault, or behind
 * the ledger without a tenant's keys, which is gone then.
 */
static enum fault save_change(struct held *h, bool *out_is_saved, struct problem *p)
{
	uint64_t before = vault_generation(h->vault);
	size_t lost = vault_lost(h->vault);
	h->changes++;
	enum fault f = commit_save(h->path, h->vault, false, NULL, p);
	*out_is_saved = f == FAULT_NONE;
	if (f != FAULT_NONE) {
		revert(h);
		*out_is_saved = !h->is_unsettled && (vault_generation(h->vault) > before ||
						     vault_lost(h->vault) > lost);
		event_log(*out_is_saved ? EVENT_VAULT_BEHIND : EVENT_VAULT_UNSAVED, EVENT_FAULT(f));
		return f;
	}
	if (commit_look(h->path, &h->seen) != FAULT_NONE) {
		h->seen = (struct commit_stamp){0}; /* it is saved all the same: looked at anew */
	}
	return FAULT_NONE;
}

static void tell_change(const struct admin_change *c)
{
	event_log(EVENT_KEEPER_REQUEST, EVENT_TEXT("tenant", c->tenant),
		  EVENT_TEXT("kind", c->kind), EVENT_TEXT("change", slice_of_text(c->what)),
		  EVENT_TEXT("by", c->by));
}

static enum fault change_locked(struct held *h, const struct wire_message *request,
				struct secret **out_frame, struct problem *p)
{
	struct admin_change change;
	bool is_saved = false;
	char now[CIVIL_RFC3339_LEN];
	civil_rfc3339(civil_now(), now);
	enum fault f = admin_answer(h->vault, request, slice_of(now, sizeof(now)), &change,
				    out_frame);
	if (f == FAULT_NONE && change.is_made) {
		f = save_change(h, &is_saved, p);
	} else if (change.is_begun || change.is_made) {
		revert(h);
	}
	if (is_saved) {
		tell_change(&change);
		/* Where nothing is retained, what was uninstalled goes at once. */
		h->sweep_due = h->retention_ms == 0 ? instant_now() : h->sweep_due;
	}
	return f;
}

/* Its answer, or that it was not made. All requests wait where one does: a lock that stays taken is waited for once. */
static enum fault change(struct held *h, const struct wire_message *request,
			 struct secret **out_frame)
{
	int lock = -1;
	struct problem p = {0};
	enum fault f = begin_change(h, h->is_kept_out ? 0 : LOCK_WAIT_MS, &lock, &p);
	if (f == FAULT_NONE) {
		f = change_locked(h, request, out_frame, &p);
	}
	vault_store_unlock(&lock);
	if (f != FAULT_NONE) {
		secret_free(out_frame);
		return work_refusal(f, &p, out_frame);
	}
	return FAULT_NONE;
}

/* --- housekeeping ------------------------------------------------------------------------------------ */

static void tell_gone(const struct house_gone *gone)
{
	for (size_t i = 0; i < gone->count; i++) {
		event_log(EVENT_KEEPER_REQUEST,
			  EVENT_TEXT("tenant", slice_of(gone->tenants[i].id, gone->tenants[i].len)),
			  EVENT_TEXT("kind", SLICE_LIT("tenant")),
			  EVENT_TEXT("change", SLICE_LIT("shredded")),
			  EVENT_TEXT("by", SLICE_LIT("retention")));
	}
}

/* A round that cannot be saved is tried again with the next one. */
static void keep_house_locked(struct held *h, struct instant now)
{
	struct house_gone gone = {0};
	size_t changed = 0;
	bool is_saved;
	bool sweeps = instant_is_past(h->sweep_due, now);
	enum fault f = house_write_uses(&h->house, h->vault, &changed);
	if (f == FAULT_NONE && sweeps) {
		f = house_sweep(h->vault, civil_now(), h->retention_ms, &gone);
	}
	if (sweeps) { /* whatever came of it: what is always due leaves no time for requests */
		bool is_over = f == FAULT_NONE && gone.count < HOUSE_SWEEP;
		h->sweep_due = instant_after(now, is_over ? SWEEP_MS : USES_MS);
	}
	if (f != FAULT_NONE) {
		revert(h);
		return;
	}
	if (changed + gone.count > 0 && save_change(h, &is_saved, NULL) != FAULT_NONE &&
	    !is_saved) {
		return;
	}
	house_uses_are_saved(&h->house);
	tell_gone(&gone);
}

void held_keep_house(struct held *h)
{
	int lock = -1;
	struct instant now = instant_now();
	bool is_due = instant_is_past(h->sweep_due, now) ||
		      (instant_is_past(h->uses_due, now) && house_has_news(&h->house));
	if (!is_due) {
		return;
	}
	if (house_has_news(&h->house)) {
		/* So what comes first after a while is written at once. */
		h->uses_due = instant_after(now, USES_MS);
	}
	/* Requests wait meanwhile: who holds the lock now is not waited for. */
	if (begin_change(h, 0, &lock, NULL) == FAULT_NONE) {
		keep_house_locked(h, now);
	} else {
		h->sweep_due = instant_after(now, USES_MS);
	}
	vault_store_unlock(&lock);
}

/* Milliseconds until there may be something to do. */
int held_idle_ms(const struct held *h)
{
	struct instant now = instant_now();
	uint64_t sweep = instant_left_ms(h->sweep_due, now);
	uint64_t uses = instant_left_ms(h->uses_due, now);
	bool by_uses = house_has_news(&h->house) && uses < sweep;
	return (int)(by_uses ? uses : sweep) + 1;
}

/* Of a request that a token stands first in, and that was answered well. */
static void note_use(struct held *h, struct slice request, struct slice frame)
{
	enum { OPERATION_AT = 1, HASH_AT = 5, RESULT_AT = WIRE_HEAD + 1 };
	if (request.len < HASH_AT + HOUSE_HASH || frame.len <= RESULT_AT ||
	    wire_result_fault((uint8_t)frame.ptr[RESULT_AT]) != FAULT_NONE) {
		return;
	}
	char operation = request.ptr[OPERATION_AT];
	if (operation == WIRE_FIND_CALLER ||
	    (operation >= WIRE_OPEN_JOB && operation <= WIRE_CHANGE_HALF)) {
		house_note_use(&h->house, slice_of(request.ptr + HASH_AT, HOUSE_HASH), civil_now());
	}
}

static enum fault answer_admin(struct held *h, const struct wire_message *request,
			       struct secret **out_frame)
{
	struct admin_change none;
	return admin_is_change(request)
		       ? change(h, request, out_frame)
		       : admin_answer(h->vault, request, (struct slice){0}, &none, out_frame);
}

/* --- the house's own keys --------------------------------------------------------------------------- */

static enum fault make_keys(struct held *h, struct problem *p)
{
	bool is_saved;
	enum fault f = house_keys_make(h->vault, p);
	if (f != FAULT_NONE) {
		revert(h);
		return f;
	}
	f = save_change(h, &is_saved, p);
	if (is_saved) {
		event_log(EVENT_KEEPER_REQUEST, EVENT_TEXT("tenant", SLICE_LIT("-")),
			  EVENT_TEXT("kind", SLICE_LIT("house")),
			  EVENT_TEXT("change", SLICE_LIT("made")),
			  EVENT_TEXT("by", SLICE_LIT("keeper")));
	}
	return f;
}

/* Once in a vault's life. Who may have made them meanwhile is seen under the lock. */
static enum fault need_keys(struct held *h, struct problem *p)
{
	int lock = -1;
	if (house_keys_are_there(h->vault)) {
		return FAULT_NONE;
	}
	enum fault f = begin_change(h, h->is_kept_out ? 0 : LOCK_WAIT_MS, &lock, p);
	if (f == FAULT_NONE && !house_keys_are_there(h->vault)) {
		f = make_keys(h, p);
	}
	vault_store_unlock(&lock);
	return f;
}

static enum fault answer_house(struct held *h, const struct wire_message *request,
			       struct secret **out_frame)
{
	enum { DAY_MS = 24 * 3600 * 1000 };
	struct problem p = {0};
	enum fault f = need_keys(h, &p);
	return f == FAULT_NONE ? house_answer(h->vault, request, civil_now().ms / DAY_MS, out_frame)
			       : work_refusal(f, &p, out_frame);
}

static enum fault find_answer(struct held *h, const struct wire_frame *in,
			      struct secret **out_frame)
{
	struct wire_message request;
	enum fault f = wire_frame_read(in, &request);
	if (f != FAULT_NONE) {
		return f;
	}
	if (house_is_request(&request)) {
		return answer_house(h, &request, out_frame);
	}
	return admin_is_request(&request) ? answer_admin(h, &request, out_frame)
					  : keeper_answer(h->vault, &request, out_frame);
}

enum fault held_answer(struct held *h, const struct wire_frame *in, struct secret **out_frame)
{
	struct slice bytes = secret_view(in->body);
	if (prove_is_request(in)) {
		return prove_answer(in, out_frame);
	}
	look_for_change(h);
	if (!recall_find(&h->recall, h->changes, bytes, out_frame)) {
		enum fault f = find_answer(h, in, out_frame);
		if (f != FAULT_NONE) {
			return f;
		}
		recall_keep(&h->recall, h->changes, bytes, secret_view(*out_frame));
	}
	note_use(h, bytes, secret_view(*out_frame));
	return FAULT_NONE;
}
