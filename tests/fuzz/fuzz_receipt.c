/*
 * Receipts as somebody brings them: a first byte chooses a set of keys, a receipt, what was signed, or an answer with one. Sets
 * that were read are written and read the same; nothing but what was signed is taken for genuine; and what is told has no
 * control characters.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "relay/command/receipt_report.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { SET, RECEIPT, CLAIM, ANSWER, MEANINGS };

static void check_set(char *bytes, size_t len)
{
	struct receipt_keys keys, again;
	CLEANUP(buf_deinit) struct buf b;
	buf_init(&b, RECEIPT_SET_MAX);
	if (receipt_keys_read(bytes, len, &keys, NULL) != FAULT_NONE) {
		return;
	}
	assert(keys.count > 0 && keys.count <= RECEIPT_KEYS_MAX);
	enum fault f = receipt_keys_write(&keys, &b);
	assert(f == FAULT_NONE);
	f = receipt_keys_read(b.ptr, b.len, &again, NULL);
	assert(f == FAULT_NONE && again.count == keys.count);
	assert(memcmp(again.keys, keys.keys, keys.count * sizeof(keys.keys[0])) == 0);
}

static const struct secret *seed(void)
{
	static struct secret *made;
	if (made == NULL) {
		enum fault f = secret_new(SLICE_LIT("a seed of 32 bytes, always same."), &made);
		assert(f == FAULT_NONE);
	}
	return made;
}

static void check_receipt(struct slice text)
{
	struct receipt_keys keys = {.count = 1};
	CLEANUP(buf_deinit) struct buf claim;
	CLEANUP(buf_deinit) struct buf again;
	size_t key;
	buf_init(&claim, RECEIPT_CLAIM_MAX);
	buf_init(&again, RECEIPT_JWS_MAX);
	enum fault f = ed25519_public(seed(), keys.keys[0]);
	assert(f == FAULT_NONE);
	if (receipt_jws_check(text, &keys, &claim, &key, NULL) == FAULT_NONE) {
		f = receipt_jws_sign(seed(), buf_view(&claim), &again);
		assert(f == FAULT_NONE && slice_eq(buf_view(&again), text));
	}
}

/* Signed, proved and told: what is no claim is not signed. */
static void check_claim(struct slice text)
{
	struct receipt_keys keys = {.count = 1};
	struct receipt_message m;
	CLEANUP(buf_deinit) struct buf jws;
	CLEANUP(buf_deinit) struct buf claim;
	CLEANUP(buf_deinit) struct buf out;
	size_t key;
	buf_init(&jws, RECEIPT_JWS_MAX);
	buf_init(&claim, RECEIPT_CLAIM_MAX);
	buf_init(&out, 8 * (size_t)RECEIPT_CLAIM_MAX);
	enum fault f = ed25519_public(seed(), keys.keys[0]);
	assert(f == FAULT_NONE);
	f = receipt_jws_sign(seed(), text, &jws);
	assert((f == FAULT_NONE) == receipt_is_claim(text));
	if (f != FAULT_NONE) {
		return;
	}
	f = receipt_jws_check(buf_view(&jws), &keys, &claim, &key, NULL);
	assert(f == FAULT_NONE && slice_eq(buf_view(&claim), text));
	if (receipt_report_write(&claim, &out, &m, NULL) == FAULT_NONE) {
		for (size_t i = 0; i < out.len; i++) {
			assert((unsigned char)out.ptr[i] >= ' ' || out.ptr[i] == '\n');
		}
	}
}

static void check_answer(struct slice text)
{
	struct slice receipt;
	CLEANUP(buf_deinit) struct buf b;
	buf_init(&b, text.len + 1);
	enum fault f = buf_add(&b, text);
	assert(f == FAULT_NONE);
	if (receipt_report_find(&b, &receipt, NULL) == FAULT_NONE) {
		check_receipt(receipt);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size == 0) {
		return 0;
	}
	CLEANUP(buf_deinit) struct buf bytes;
	buf_init(&bytes, size);
	enum fault f = buf_add(&bytes, slice_of(data + 1, size - 1));
	assert(f == FAULT_NONE);
	switch (data[0] % MEANINGS) {
	case SET:
		check_set(bytes.ptr, bytes.len);
		break;
	case RECEIPT:
		check_receipt(buf_view(&bytes));
		break;
	case CLAIM:
		check_claim(buf_view(&bytes));
		break;
	default:
		check_answer(buf_view(&bytes));
		break;
	}
	return 0;
}
