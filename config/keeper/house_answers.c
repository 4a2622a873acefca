#include "config/keeper/house_answers.h"

#include "config/keeper/house_keys.h"
#include "config/keeper/work.h"

/* What an answer's fields point to until it is written. */
struct told {
	struct wire_message answer;
	struct secret *key;
	struct buf receipt;
	struct receipt_keys keys;
	struct problem problem;
};

static void close_told(struct told *t)
{
	secret_free(&t->key);
	buf_deinit(&t->receipt);
}

bool house_is_request(const struct wire_message *request)
{
	return request->code >= WIRE_TAG_KEY && request->code <= WIRE_RECEIPT_KEY;
}

static enum fault answer_tag_key(const struct vault *v, struct slice field, int64_t today,
				 struct told *t)
{
	if (field.len != WIRE_NUMBER) {
		return FAULT_KEEPER_PROTOCOL;
	}
	uint32_t day = (uint32_t)wire_get_number(field);
	if (day < today - HOUSE_DAYS || day > today + 1) {
		return problem_set(&t->problem, FAULT_NOT_FOUND,
				   "There is a key for today, for the 31 days before it and for "
				   "tomorrow, and for no other day.");
	}
	enum fault f = house_keys_day(v, day, &t->key, &t->problem);
	t->answer.fields[0] = secret_view(t->key);
	t->answer.count = 1;
	return f;
}

static enum fault answer_sign(const struct vault *v, struct slice claim, struct told *t)
{
	if (!receipt_is_claim(claim)) {
		return problem_set(&t->problem, FAULT_KEEPER_PROTOCOL,
				   "Only a receipt's claim is signed.");
	}
	enum fault f = house_keys_sign(v, claim, &t->receipt, &t->problem);
	t->answer.fields[0] = buf_view(&t->receipt);
	t->answer.count = 1;
	return f;
}

static enum fault answer_keys(const struct vault *v, struct told *t)
{
	enum fault f = house_keys_public(v, &t->keys, &t->problem);
	for (size_t i = 0; i < t->keys.count; i++) {
		t->answer.fields[i] = slice_of(t->keys.keys[i], ED25519_PUBLIC);
	}
	t->answer.count = t->keys.count;
	return f;
}

static enum fault answer_any(const struct vault *v, const struct wire_message *m, int64_t today,
			     struct told *t)
{
	if (m->count != (m->code == WIRE_RECEIPT_KEY ? 0 : 1)) {
		return FAULT_KEEPER_PROTOCOL;
	}
	switch (m->code) {
	case WIRE_TAG_KEY:
		return answer_tag_key(v, m->fields[0], today, t);
	case WIRE_SIGN_RECEIPT:
		return answer_sign(v, m->fields[0], t);
	case WIRE_RECEIPT_KEY:
		return answer_keys(v, t);
	default:
		return FAULT_KEEPER_PROTOCOL;
	}
}

enum fault house_answer(const struct vault *v, const struct wire_message *request, int64_t today,
			struct secret **out_frame)
{
	CLEANUP(close_told) struct told t = {0};
	buf_init(&t.receipt, RECEIPT_JWS_MAX);
	enum fault f = answer_any(v, request, today, &t);
	return f == FAULT_NONE ? wire_write(&t.answer, WIRE_ANSWER_MAX, out_frame)
			       : work_refusal(f, &t.problem, out_frame);
}
