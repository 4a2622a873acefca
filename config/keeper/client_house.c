#include <string.h>

#include "config/keeper/client_inside.h"

enum fault keeper_tag_key(struct keeper_client *c, uint32_t day,
			  unsigned char out_key[KEEPER_DAY_KEY], struct problem *p)
{
	CLEANUP(wire_frame_deinit) struct wire_frame w;
	struct wire_message answer;
	unsigned char number[WIRE_NUMBER];
	wire_put_number(number, day, WIRE_NUMBER);
	const struct wire_message request = {
		.code = WIRE_TAG_KEY, .count = 1, .fields = {slice_of(number, WIRE_NUMBER)}};
	enum fault f = client_ask(c, &request, &w, &answer, p);
	if (f != FAULT_NONE) {
		return f;
	}
	if (answer.count != 1 || answer.fields[0].len != KEEPER_DAY_KEY) {
		return FAULT_KEEPER_PROTOCOL;
	}
	memcpy(out_key, answer.fields[0].ptr, KEEPER_DAY_KEY);
	return FAULT_NONE;
}

enum fault keeper_sign_receipt(struct keeper_client *c, struct slice claim, struct buf *out_receipt,
			       struct problem *p)
{
	CLEANUP(wire_frame_deinit) struct wire_frame w;
	struct wire_message answer;
	const struct wire_message request = {
		.code = WIRE_SIGN_RECEIPT, .count = 1, .fields = {claim}};
	enum fault f = client_ask(c, &request, &w, &answer, p);
	if (f != FAULT_NONE) {
		return f;
	}
	if (answer.count != 1 || answer.fields[0].len == 0 ||
	    answer.fields[0].len > RECEIPT_JWS_MAX) {
		return FAULT_KEEPER_PROTOCOL;
	}
	return buf_add(out_receipt, answer.fields[0]);
}

enum fault keeper_receipt_keys(struct keeper_client *c, struct receipt_keys *out_keys,
			       struct problem *p)
{
	CLEANUP(wire_frame_deinit) struct wire_frame w;
	struct wire_message answer;
	struct receipt_keys keys;
	const struct wire_message request = {.code = WIRE_RECEIPT_KEY};
	enum fault f = client_ask(c, &request, &w, &answer, p);
	if (f != FAULT_NONE) {
		return f;
	}
	if (answer.count == 0 || answer.count > RECEIPT_KEYS_MAX) {
		return FAULT_KEEPER_PROTOCOL;
	}
	for (keys.count = 0; keys.count < answer.count; keys.count++) {
		struct slice key = answer.fields[keys.count];
		if (key.len != ED25519_PUBLIC) {
			return FAULT_KEEPER_PROTOCOL;
		}
		memcpy(keys.keys[keys.count], key.ptr, ED25519_PUBLIC);
	}
	*out_keys = keys;
	return FAULT_NONE;
}
