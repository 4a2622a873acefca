#include "config/keeper/house_answers.h"

#include <string.h>

#include "config/keeper/house_keys.h"
#include "tests/support/check_main.h"
#include "tests/support/vaults.h"

#define CLAIM "{\"receipt\":1,\"job\":\"x\"}"

enum { TODAY = 20786 };

static struct vault *vault;
static struct secret *frame;

static void setup(void)
{
	vault = vaults_sample(vaults_by_credential('k'));
	ck_assert_uint_eq(house_keys_make(vault, NULL), FAULT_NONE);
}

static void teardown(void)
{
	secret_free(&frame);
	vault_free(&vault);
}

/* The answer, read back as a client does; its fields point into `frame`. */
static struct wire_message ask(enum wire_operation code, size_t count, struct slice field)
{
	const struct wire_message request = {
		.code = (uint8_t)code, .count = count, .fields = {field}};
	struct wire_message answer;
	struct wire_frame w;
	secret_free(&frame);
	ck_assert(house_is_request(&request));
	ck_assert_uint_eq(house_answer(vault, &request, TODAY, &frame), FAULT_NONE);
	wire_frame_init(&w, WIRE_ANSWER_MAX);
	struct slice bytes = secret_view(frame);
	ck_assert_uint_eq(wire_frame_feed(&w, &bytes), FAULT_NONE);
	ck_assert(wire_frame_is_whole(&w));
	secret_free(&frame);
	frame = STEAL(w.body);
	w.body = frame;
	ck_assert_uint_eq(wire_frame_read(&w, &answer), FAULT_NONE);
	return answer;
}

static struct wire_message ask_day(uint32_t day)
{
	static unsigned char number[WIRE_NUMBER];
	wire_put_number(number, day, WIRE_NUMBER);
	return ask(WIRE_TAG_KEY, 1, slice_of(number, WIRE_NUMBER));
}

START_TEST(a_days_key_is_told)
{
	struct secret *key;
	struct wire_message m = ask_day(TODAY);
	ck_assert_uint_eq(wire_result_fault(m.code), FAULT_NONE);
	ck_assert_uint_eq(m.count, 1);
	ck_assert_uint_eq(house_keys_day(vault, TODAY, &key, NULL), FAULT_NONE);
	ck_assert(secret_eq(key, m.fields[0]));
	secret_free(&key);
}
END_TEST

static const struct {
	uint32_t day;
	enum fault fault;
} days[] = {
	{TODAY, FAULT_NONE},	       {TODAY + 1, FAULT_NONE},	     {TODAY - 31, FAULT_NONE},
	{TODAY - 32, FAULT_NOT_FOUND}, {TODAY + 2, FAULT_NOT_FOUND}, {0, FAULT_NOT_FOUND},
	{UINT32_MAX, FAULT_NOT_FOUND},
};

START_TEST(days_have_a_range)
{
	struct wire_message m = ask_day(days[_i].day);
	ck_assert_uint_eq(wire_result_fault(m.code), days[_i].fault);
	ck_assert(days[_i].fault == FAULT_NONE ||
		  slice_starts(m.fields[0], SLICE_LIT("There is a key for today")));
}
END_TEST

START_TEST(receipts_are_signed)
{
	CLEANUP(buf_deinit) struct buf claim;
	struct receipt_keys keys = {.count = 1};
	size_t key;
	struct wire_message m = ask(WIRE_RECEIPT_KEY, 0, (struct slice){0});
	ck_assert_uint_eq(wire_result_fault(m.code), FAULT_NONE);
	ck_assert_uint_eq(m.count, 1);
	ck_assert_uint_eq(m.fields[0].len, ED25519_PUBLIC);
	memcpy(keys.keys[0], m.fields[0].ptr, ED25519_PUBLIC);
	m = ask(WIRE_SIGN_RECEIPT, 1, SLICE_LIT(CLAIM));
	ck_assert_uint_eq(wire_result_fault(m.code), FAULT_NONE);
	buf_init(&claim, RECEIPT_CLAIM_MAX);
	ck_assert_uint_eq(receipt_jws_check(m.fields[0], &keys, &claim, &key, NULL), FAULT_NONE);
	ck_assert(slice_eq(buf_view(&claim), SLICE_LIT(CLAIM)));
}
END_TEST

START_TEST(all_public_keys_are_told)
{
	for (size_t i = 1; i < RECEIPT_KEYS_MAX; i++) {
		ck_assert_uint_eq(house_keys_rotate(vault, NULL), FAULT_NONE);
	}
	struct wire_message m = ask(WIRE_RECEIPT_KEY, 0, (struct slice){0});
	ck_assert_uint_eq(m.count, RECEIPT_KEYS_MAX);
}
END_TEST

static const struct {
	enum wire_operation code;
	size_t count;
	struct slice field;
} refused[] = {
	{WIRE_TAG_KEY, 0, SLICE_INIT("")},
	{WIRE_TAG_KEY, 1, SLICE_INIT("")},
	{WIRE_TAG_KEY, 1, SLICE_INIT("abc")},
	{WIRE_TAG_KEY, 1, SLICE_INIT("abcde")},
	{WIRE_TAG_KEY, 2, SLICE_INIT("abcd")},
	{WIRE_SIGN_RECEIPT, 0, SLICE_INIT("")},
	{WIRE_SIGN_RECEIPT, 2, SLICE_INIT(CLAIM)},
	{WIRE_SIGN_RECEIPT, 1, SLICE_INIT("")},
	{WIRE_SIGN_RECEIPT, 1, SLICE_INIT("{\"iss\":\"x\"}")},
	{WIRE_SIGN_RECEIPT, 1, SLICE_INIT("eyJhbGciOiJFZERTQSJ9.e30")},
	{WIRE_RECEIPT_KEY, 1, SLICE_INIT("")},
};

/* Whatever else is to be signed is not. */
START_TEST(other_bytes_are_refused)
{
	struct wire_message m = ask(refused[_i].code, refused[_i].count, refused[_i].field);
	ck_assert_uint_eq(wire_result_fault(m.code), FAULT_KEEPER_PROTOCOL);
}
END_TEST

START_TEST(other_requests_are_others)
{
	for (unsigned code = 0; code < 256; code++) {
		const struct wire_message m = {.code = (uint8_t)code};
		ck_assert(house_is_request(&m) ==
			  (code == WIRE_TAG_KEY || code == WIRE_SIGN_RECEIPT ||
			   code == WIRE_RECEIPT_KEY));
	}
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("config/keeper/house_answers");
	TCase *t = tcase_create("house_answers");
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, a_days_key_is_told);
	tcase_add_loop_test(t, days_have_a_range, 0, COUNT_OF(days));
	tcase_add_test(t, receipts_are_signed);
	tcase_add_test(t, all_public_keys_are_told);
	tcase_add_loop_test(t, other_bytes_are_refused, 0, COUNT_OF(refused));
	tcase_add_test(t, other_requests_are_others);
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	return secret_heap_start() == FAULT_NONE ? check_main(suite()) : 1;
}
