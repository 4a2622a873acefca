#include "spool-free/job/receipt.h"

#include <string.h>

#include "spool-free/base/base64.h"
#include "spool-free/base/json.h"
#include "tests/support/check_main.h"
#include "tests/support/oom.h"

enum { ARENA = 1024 * 1024, BYTES = 200 * 1000 };

static const struct recipient_outcome results[] = {
	{.outcome = OUTCOME_DELIVERED, .text = SLICE_INIT("250 words of a server")},
	{.outcome = OUTCOME_REFUSED},
	{.outcome = OUTCOME_DELIVERED},
	{.outcome = OUTCOME_UNCERTAIN},
	{.outcome = OUTCOME_UNTRIED},
	{.outcome = OUTCOME_DEFERRED},
};

static const struct receipt whole = {
	.job = {{1, 2, 3}},
	.page_id = SLICE_INIT("4711\"\\\n"),
	.page_version = 7,
	.message_size = 12345,
	.html_size = 99,
	.text_size = 11,
	.sha256 = {0xab, 0x01},
	.results = results,
	.recipient_count = COUNT_OF(results),
	.taken = {.ms = INT64_C(1795995903004)},
	.ended = {.ms = INT64_C(1795995904005)},
	.software = SLICE_INIT("pagepost 1.2.3"),
};

static void check_claim(const struct receipt *r, const char *want)
{
	CLEANUP(buf_deinit) struct buf b;
	buf_init(&b, RECEIPT_CLAIM_MAX);
	ck_assert_uint_eq(receipt_claim(r, &b), FAULT_NONE);
	ck_assert(receipt_is_claim(buf_view(&b)));
	ck_assert_msg(slice_eq(buf_view(&b), slice_of_text(want)), "%.*s", (int)b.len, b.ptr);
}

START_TEST(says_all_that_is_known)
{
	check_claim(&whole,
		    "{\"receipt\":1,\"job\":\"01020300-0000-0000-0000-000000000000\",\"page\":{"
		    "\"id\":\"4711\\\"\\\\\\n\",\"version\":7},\"message\":{\"sha256\":"
		    "\"ab01000000000000000000000000000000000000000000000000000000000000\","
		    "\"size\":12345,\"html_bytes\":99,\"text_bytes\":11},\"outcome\":\"partly\","
		    "\"recipients\":{\"untried\":1,\"delivered\":2,\"deferred\":1,\"refused\":1,"
		    "\"uncertain\":1},\"taken\":\"2026-11-29T23:45:03.004Z\","
		    "\"ended\":\"2026-11-29T23:45:04.005Z\",\"software\":\"pagepost 1.2.3\"}");
}
END_TEST

START_TEST(leaves_out_what_the_job_did_not_say)
{
	struct receipt r = whole;
	r.page_id.len = 0;
	r.results = &results[3];
	r.recipient_count = 1;
	check_claim(&r,
		    "{\"receipt\":1,\"job\":\"01020300-0000-0000-0000-000000000000\",\"message\":{"
		    "\"sha256\":"
		    "\"ab01000000000000000000000000000000000000000000000000000000000000\","
		    "\"size\":12345,\"html_bytes\":99,\"text_bytes\":11},\"outcome\":\"uncertain\","
		    "\"recipients\":{\"uncertain\":1},\"taken\":\"2026-11-29T23:45:03.004Z\","
		    "\"ended\":\"2026-11-29T23:45:04.005Z\",\"software\":\"pagepost 1.2.3\"}");
}
END_TEST

/* The longest page id that a job may have, each byte of it escaped. */
START_TEST(the_longest_claim_finds_room)
{
	char id[255];
	struct receipt r = whole;
	CLEANUP(buf_deinit) struct buf b;
	buf_init(&b, RECEIPT_CLAIM_MAX);
	memset(id, 1, sizeof(id));
	r.page_id = slice_of(id, sizeof(id));
	r.page_version = UINT64_MAX;
	ck_assert_uint_eq(receipt_claim(&r, &b), FAULT_NONE);
	ck_assert(receipt_is_claim(buf_view(&b)));
}
END_TEST

START_TEST(a_claim_has_a_limit)
{
	CLEANUP(buf_deinit) struct buf b;
	buf_init(&b, 100);
	ck_assert_uint_eq(receipt_claim(&whole, &b), FAULT_TOO_LARGE);
}
END_TEST

/* The hash of a rope is that of its bytes in one piece, whatever it is made of. */
START_TEST(hashes_what_is_sent)
{
	static char bytes[BYTES];
	static char flat[2 * BYTES];
	struct arena a;
	struct rope r;
	unsigned char want[DIGEST_LEN];
	unsigned char got[DIGEST_LEN];
	static const char head[] = "Subject: x\r\n\r\n";
	arena_init(&a, ARENA);
	rope_init(&r, &a);
	for (size_t i = 0; i < sizeof(bytes); i++) {
		bytes[i] = (char)(i * 31 + i / 256);
	}
	ck_assert_uint_eq(rope_add(&r, slice_of_text(head)), FAULT_NONE);
	ck_assert_uint_eq(rope_add_base64(&r, slice_of(bytes, sizeof(bytes))), FAULT_NONE);
	ck_assert_uint_eq(rope_add(&r, SLICE_LIT("end\r\n")), FAULT_NONE);
	ck_assert_uint_eq(rope_put_first(&r, SLICE_LIT("DKIM-Signature: y\r\n")), FAULT_NONE);
	size_t n = 0;
	memcpy(flat, "DKIM-Signature: y\r\n", 19);
	n = 19;
	memcpy(flat + n, head, sizeof(head) - 1);
	n += sizeof(head) - 1;
	base64_encode_lines(slice_of(bytes, sizeof(bytes)), flat + n);
	n += base64_lines_len(sizeof(bytes));
	memcpy(flat + n, "end\r\n", 5);
	n += 5;
	ck_assert_uint_eq(n, r.size);
	digest_sha256(slice_of(flat, n), want);
	ck_assert_uint_eq(receipt_hash(&r, got), FAULT_NONE);
	ck_assert_mem_eq(got, want, sizeof(got));
	ck_assert_uint_eq(receipt_hash(&r, got), FAULT_NONE); /* and it can be sent again */
	ck_assert_mem_eq(got, want, sizeof(got));
	oom_arm(1);
	ck_assert_uint_eq(receipt_hash(&r, got), FAULT_NO_MEMORY);
	ck_assert(oom_disarm());
	arena_deinit(&a);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("spool-free/job/receipt");
	TCase *t = tcase_create("receipt");
	tcase_add_test(t, says_all_that_is_known);
	tcase_add_test(t, leaves_out_what_the_job_did_not_say);
	tcase_add_test(t, the_longest_claim_finds_room);
	tcase_add_test(t, a_claim_has_a_limit);
	tcase_add_test(t, hashes_what_is_sent);
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	return check_main(suite());
}
