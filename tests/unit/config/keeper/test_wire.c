#include "config/keeper/wire.h"

#include <string.h>

#include "tests/support/check_main.h"
#include "tests/support/chunks.h"
#include "tests/support/oom.h"

enum { LIMIT = 80 };

static bool feed(void *ctx, struct slice chunk)
{
	struct wire_frame *w = ctx;
	ck_assert_uint_eq(wire_frame_feed(w, &chunk), FAULT_NONE);
	ck_assert_uint_eq(chunk.len, 0);
	return true;
}

START_TEST(messages_survive_every_chunking)
{
	struct wire_message m = {.code = WIRE_OPEN_JOB,
				 .count = 3,
				 .fields = {SLICE_LIT("acme"), SLICE_LIT(""), SLICE_LIT("a\0b")}};
	struct wire_message back;
	struct secret *frame;
	struct wire_frame w;
	ck_assert_uint_eq(wire_write(&m, LIMIT, &frame), FAULT_NONE);
	wire_frame_init(&w, LIMIT);
	for (size_t size = 1; size <= CHUNKS_MAX; size++) {
		ck_assert(!wire_frame_is_whole(&w));
		chunks_each(secret_view(frame), size, feed, &w);
		ck_assert(wire_frame_is_whole(&w));
		ck_assert_uint_eq(wire_frame_read(&w, &back), FAULT_NONE);
		ck_assert_uint_eq(back.code, WIRE_OPEN_JOB);
		ck_assert_uint_eq(back.count, 3);
		ck_assert(slice_eq(back.fields[0], SLICE_LIT("acme")));
		ck_assert_uint_eq(back.fields[1].len, 0);
		ck_assert(slice_eq(back.fields[2], SLICE_LIT("a\0b")));
		wire_frame_deinit(&w);
	}
	secret_free(&frame);
}
END_TEST

START_TEST(what_follows_a_frame_is_left)
{
	struct slice bytes = SLICE_LIT("\0\0\0\3\4\1\0next");
	struct wire_frame w;
	wire_frame_init(&w, LIMIT);
	ck_assert_uint_eq(wire_frame_feed(&w, &bytes), FAULT_NONE);
	ck_assert(wire_frame_is_whole(&w));
	ck_assert(slice_eq(bytes, SLICE_LIT("next")));
	ck_assert_uint_eq(wire_frame_feed(&w, &bytes), FAULT_NONE);
	ck_assert(slice_eq(bytes, SLICE_LIT("next")));
	wire_frame_deinit(&w);
}
END_TEST

static const struct {
	struct slice bytes;
	bool is_refused_early; /* by its length */
} refused[] = {
	{SLICE_INIT("\0\0\0\0"), true},
	{SLICE_INIT("\0\0\0\2"), true},
	{SLICE_INIT("\0\0\0\x51"), true},
	{SLICE_INIT("\xff\xff\xff\xff"), true},
	{SLICE_INIT("GET "), true},
	{SLICE_INIT("\0\0\0\3\0\1\0"), false},
	{SLICE_INIT("\0\0\0\3\1\1\0"), false},
	{SLICE_INIT("\0\0\0\3\2\1\0"), false},
	{SLICE_INIT("\0\0\0\3\3\1\0"), false},
	{SLICE_INIT("\0\0\0\3\5\1\0"), false},
	{SLICE_INIT("\0\0\0\3\4\1\1"), false},
	{SLICE_INIT("\0\0\0\4\4\1\0x"), false},
	{SLICE_INIT("\0\0\0\4\4\1\1\0"), false},
	{SLICE_INIT("\0\0\0\5\4\1\1\0\1"), false},
	{SLICE_INIT("\0\0\0\6\4\1\1\0\2x"), false},
	{SLICE_INIT("\0\0\0\7\4\1\1\0\1xy"), false},
	{SLICE_INIT("\0\0\0\7\4\1\2\0\0\xff\xff"), false},
	{SLICE_INIT("\0\0\0\3\4\1\xff"), false},
};

START_TEST(other_bytes_are_refused)
{
	struct slice bytes = refused[_i].bytes;
	struct wire_message m;
	struct wire_frame w;
	wire_frame_init(&w, LIMIT);
	enum fault f = wire_frame_feed(&w, &bytes);
	if (refused[_i].is_refused_early) {
		ck_assert_uint_eq(f, FAULT_KEEPER_PROTOCOL);
	} else {
		ck_assert_uint_eq(f, FAULT_NONE);
		ck_assert(wire_frame_is_whole(&w));
		ck_assert_uint_eq(wire_frame_read(&w, &m), FAULT_KEEPER_PROTOCOL);
	}
	wire_frame_deinit(&w);
}
END_TEST

START_TEST(more_fields_than_any_message_has_are_refused)
{
	enum { ROOM = 3 + 2 * (WIRE_FIELDS_MAX + 1) };
	static unsigned char body[WIRE_HEAD + ROOM];
	struct wire_message m;
	struct wire_frame w;
	for (size_t count = WIRE_FIELDS_MAX; count <= WIRE_FIELDS_MAX + 1; count++) {
		size_t len = 3 + 2 * count;
		struct slice bytes = slice_of(body, WIRE_HEAD + len);
		wire_put_number(body, len, WIRE_HEAD);
		body[WIRE_HEAD] = WIRE_VERSION;
		body[WIRE_HEAD + 1] = WIRE_PING;
		body[WIRE_HEAD + 2] = (unsigned char)count;
		wire_frame_init(&w, sizeof(body));
		ck_assert_uint_eq(wire_frame_feed(&w, &bytes), FAULT_NONE);
		ck_assert(wire_frame_is_whole(&w));
		ck_assert_uint_eq(wire_frame_read(&w, &m),
				  count <= WIRE_FIELDS_MAX ? FAULT_NONE : FAULT_KEEPER_PROTOCOL);
		wire_frame_deinit(&w);
	}
}
END_TEST

START_TEST(limits_hold_when_writing)
{
	static char large[UINT16_MAX + 1];
	struct secret *frame = NULL;
	struct wire_message m = {.code = 1, .count = 1, .fields = {{large, LIMIT - 4}}};
	ck_assert_uint_eq(wire_write(&m, LIMIT, &frame), FAULT_TOO_LARGE);
	m.fields[0].len = LIMIT - 5;
	ck_assert_uint_eq(wire_write(&m, LIMIT, &frame), FAULT_NONE);
	secret_free(&frame);
	m.fields[0].len = sizeof(large);
	ck_assert_uint_eq(wire_write(&m, SIZE_MAX, &frame), FAULT_TOO_LARGE);
}
END_TEST

START_TEST(results_have_numbers_of_their_own)
{
	for (unsigned f = 0; f < FAULT_COUNT; f++) {
		enum fault back = wire_result_fault(wire_result_of((enum fault)f));
		ck_assert(back == (enum fault)f || back == FAULT_INTERNAL);
	}
	static const enum fault told[] = {
		FAULT_NONE,	     FAULT_NO_CALLER,	     FAULT_NOT_FOUND,
		FAULT_NO_SERVER,     FAULT_TENANT_SUSPENDED, FAULT_VAULT_DAMAGED,
		FAULT_BAD_RECORD,    FAULT_KEEPER_PROTOCOL,  FAULT_NO_MEMORY,
		FAULT_FORBIDDEN,     FAULT_KEY_HALF,	     FAULT_TENANT_GONE,
		FAULT_PRECONDITION,  FAULT_NO_PRECONDITION,  FAULT_CONFLICT,
		FAULT_VAULT_FULL,    FAULT_VAULT_IO,	     FAULT_VAULT_MISSING,
		FAULT_VAULT_ROLLBACK};
	for (size_t i = 0; i < COUNT_OF(told); i++) {
		ck_assert_uint_eq(wire_result_fault(wire_result_of(told[i])), told[i]);
	}
	ck_assert_uint_eq(wire_result_fault(200), FAULT_KEEPER_PROTOCOL);
	/* Numbers that were given away are not given to another. */
	ck_assert_uint_eq(wire_result_of(FAULT_NONE), 0);
	ck_assert_uint_eq(wire_result_of(FAULT_NO_CALLER), 2);
	ck_assert_uint_eq(wire_result_of(FAULT_TENANT_SUSPENDED), 5);
	ck_assert_uint_eq(wire_result_of(FAULT_KEEPER_PROTOCOL), 10);
	ck_assert_uint_eq(wire_result_of(FAULT_KEY_HALF), 12);
	ck_assert_uint_eq(wire_result_of(FAULT_VAULT_ROLLBACK), 20);
}
END_TEST

START_TEST(numbers_are_big_endian)
{
	unsigned char bytes[8];
	wire_put_number(bytes, 0x0102030405060708U, 8);
	ck_assert_uint_eq(bytes[0], 1);
	ck_assert_uint_eq(bytes[7], 8);
	ck_assert_uint_eq(wire_get_number(slice_of(bytes, 8)), 0x0102030405060708U);
	ck_assert_uint_eq(wire_get_number(slice_of(bytes, 2)), 0x0102U);
	wire_put_number(bytes, UINT64_MAX, 8);
	ck_assert_uint_eq(wire_get_number(slice_of(bytes, 8)), UINT64_MAX);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("config/keeper/wire");
	TCase *t = tcase_create("wire");
	tcase_add_test(t, messages_survive_every_chunking);
	tcase_add_test(t, what_follows_a_frame_is_left);
	tcase_add_loop_test(t, other_bytes_are_refused, 0, COUNT_OF(refused));
	tcase_add_test(t, more_fields_than_any_message_has_are_refused);
	tcase_add_test(t, limits_hold_when_writing);
	tcase_add_test(t, results_have_numbers_of_their_own);
	tcase_add_test(t, numbers_are_big_endian);
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	if (secret_heap_start() != FAULT_NONE) {
		return 1;
	}
	return check_main(suite());
}
