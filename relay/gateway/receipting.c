#include "relay/gateway/receipting.h"

#include "spool-free/job/receipt.h"
#include "relay/gateway/receipt_set.h"

enum { PATIENCE_MS = 3000 };

bool receipting_is_due(const struct flight *f)
{
	return f->is_sent && f->job->wants_receipt;
}

static enum fault write_claim(struct flight *f)
{
	struct receipt r = {
		.job = f->job->id,
		.page_id = f->job->page.id,
		.page_version = f->job->page.version,
		.message_size = f->rendered.message.size,
		.html_size = f->rendered.report.html_bytes,
		.text_size = f->rendered.report.text_bytes,
		.results = f->results,
		.recipient_count = f->composed.recipient_count,
		.taken = f->job->taken_at,
		.ended = civil_now(),
		.software = SLICE_LIT("pagepost " PAGEPOST_VERSION),
	};
	enum fault fault = receipt_hash(&f->rendered.message, r.sha256);
	buf_init(&f->receipt.claim, RECEIPT_CLAIM_MAX);
	return fault == FAULT_NONE ? receipt_claim(&r, &f->receipt.claim) : fault;
}

static enum fault sign(struct flight *f)
{
	struct keeper_client *keeper;
	enum fault fault = keepers_borrow(f->gateway->keepers, &keeper);
	if (fault != FAULT_NONE) {
		return fault;
	}
	buf_init(&f->receipt.signed_claim, RECEIPT_JWS_MAX);
	f->receipt.problem = (struct problem){0}; /* of the try before */
	fault = keeper_sign_receipt(keeper, buf_view(&f->receipt.claim), &f->receipt.signed_claim,
				    &f->receipt.problem);
	keepers_return(f->gateway->keepers, keeper, fault);
	return fault;
}

/* The keeper restarts, or somebody has the vault while its keys are made. */
static bool may_pass(enum fault fault)
{
	return fault == FAULT_KEEPER_DOWN || fault == FAULT_CONFLICT;
}

/* A process that has given up has time for answers, and none for a keeper that may not be there. */
static enum fault make(struct flight *f)
{
	enum fault fault = atomic_load(&f->gateway->gave_up) ? FAULT_STOPPING : FAULT_NONE;
	if (fault == FAULT_NONE && f->receipt.claim.len == 0) {
		f->receipt.until = instant_after(instant_now(), PATIENCE_MS);
		fault = write_claim(f);
	}
	return fault == FAULT_NONE ? sign(f) : fault;
}

bool receipting_apply(struct flight *f)
{
	enum fault fault = make(f);
	if (may_pass(fault) && !instant_is_past(f->receipt.until, instant_now())) {
		return true;
	}
	if (fault != FAULT_NONE) {
		if (f->receipt.problem.fault != fault) {
			problem_set(&f->receipt.problem, fault, "");
		}
		flight_tell(EVENT_RECEIPT_MISSED, f, EVENT_FAULT(fault));
	}
	return false;
}

bool receipting_tells_known_keys(const struct lane *client, struct intake_request *r)
{
	CLEANUP(buf_deinit) struct buf keys;
	buf_init(&keys, RECEIPT_SET_MAX);
	bool found = receipt_set_find(client->gateway->receipt_set, loop_now(client->loop), &keys);
	if (found) {
		intake_answer(r, 200, (struct slice){0}, buf_view(&keys));
	}
	return found;
}

enum fault receipting_tell_keys(struct flight *f)
{
	struct keeper_client *keeper;
	struct receipt_keys keys;
	enum fault fault = keepers_borrow(f->gateway->keepers, &keeper);
	if (fault != FAULT_NONE) {
		return fault;
	}
	fault = keeper_receipt_keys(keeper, &keys, &f->problem);
	keepers_return(f->gateway->keepers, keeper, fault);
	if (fault == FAULT_NONE) {
		buf_init(&f->report, RECEIPT_SET_MAX);
		fault = receipt_keys_write(&keys, &f->report);
	}
	if (fault == FAULT_NONE) {
		receipt_set_keep(f->gateway->receipt_set, buf_view(&f->report), instant_now());
	}
	return fault;
}
