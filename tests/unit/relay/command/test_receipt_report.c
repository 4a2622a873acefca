#include "relay/command/receipt_report.h"

#include <string.h>

#include "spool-free/base/digest.h"
#include "spool-free/base/hex.h"
#include "tests/support/check_main.h"
#include "tests/support/oom.h"

#define HASH "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define MESSAGE(size)                                                                              \
	"\"message\":{\"sha256\":\"" HASH "\",\"size\":" size ",\"html_bytes\":30,\"text_bytes\":" \
	"4}"
#define REST                                                                                       \
	"\"outcome\":\"partly\",\"recipients\":{\"delivered\":2,\"refused\":1},\"taken\":\"t1\","  \
	"\"ended\":\"t2\",\"software\":\"pagepost 9\"}"

enum { ROOM = 64 * 1024 };

static struct buf claim;
static struct buf out;
static struct problem problem;

static void setup(void)
{
	buf_init(&claim, ROOM);
	buf_init(&out, ROOM);
}

static void teardown(void)
{
	buf_deinit(&claim);
	buf_deinit(&out);
}

static const struct {
	const char *claim;
	const char *text; /* NULL: refused */
} rows[] = {
	{"{\"receipt\":1,\"job\":\"j\",\"page\":{\"id\":\"4711\",\"version\":7}," MESSAGE(
		 "99") "," REST,
	 "job         j\n"
	 "page        4711, version 7\n"
	 "message     99 bytes; of it HTML 30, text 4\n"
	 "SHA-256     " HASH "\n"
	 "outcome     partly\n"
	 "recipients  2 delivered, 1 refused\n"
	 "taken       t1\n"
	 "ended       t2\n"
	 "software    pagepost 9\n"},
	/* A later version may say more. */
	{"{\"receipt\":1,\"more\":{\"job\":\"other\",\"deep\":[{}]},\"job\":\"j\",\"page\":{\"id\":"
	 "\"\\u001b[2J\"}"
	 "," MESSAGE("99") "," REST,
	 "job         j\n"
	 "page        ?[2J\n"
	 "message     99 bytes; of it HTML 30, text 4\n"
	 "SHA-256     " HASH "\n"
	 "outcome     partly\n"
	 "recipients  2 delivered, 1 refused\n"
	 "taken       t1\n"
	 "ended       t2\n"
	 "software    pagepost 9\n"},
	{"{\"receipt\":1}", NULL},
	{"{\"receipt\":1," MESSAGE("\"x\"") "," REST, NULL},
	{"{\"receipt\":1," MESSAGE("-1") "," REST, NULL},
	{"{\"receipt\":1," MESSAGE("99"), NULL},
	{"{\"receipt\":1,\"message\":{\"sha256\":\"01\",\"size\":1}," REST, NULL},
	{"{\"receipt\":1,\"recipients\":[]," MESSAGE("99") "}", NULL},
	{"{\"receipt\":1,\"recipients\":{\"a\":\"1\"}," MESSAGE("99") "}", NULL},
	{"{\"receipt\":1,\"recipients\":{\"a\":1,\"b\":1,\"c\":1,\"d\":1,\"e\":1,\"f\":1,\"g\":1,"
	 "\"h\":1,"
	 "\"i\":1}," MESSAGE("99") "}",
	 NULL},
	{"{\"receipt\":1," MESSAGE("99") "," REST "x}", NULL},
	{"[]", NULL},
	{"", NULL},
};

START_TEST(a_claim_is_told_or_refused)
{
	struct receipt_message m = {.size = 0};
	ck_assert_uint_eq(buf_add_text(&claim, rows[_i].claim), FAULT_NONE);
	enum fault f = receipt_report_write(&claim, &out, &m, &problem);
	if (rows[_i].text == NULL) {
		ck_assert_uint_eq(f, FAULT_BAD_FIELD);
		ck_assert(slice_starts(problem_text(&problem), SLICE_LIT("The receipt's claim")));
		ck_assert_uint_eq(out.len, 0);
		return;
	}
	ck_assert_uint_eq(f, FAULT_NONE);
	ck_assert_msg(slice_eq(buf_view(&out), slice_of_text(rows[_i].text)), "%.*s", (int)out.len,
		      out.ptr);
	ck_assert_uint_eq(m.size, 99);
	ck_assert(slice_eq(m.sha256, SLICE_LIT(HASH)));
}
END_TEST

static const struct {
	const char *text;
	const char *receipt; /* NULL: there is none */
} texts[] = {
	{"a.b.c", "a.b.c"},
	{" a.b.c\r\n", "a.b.c"},
	{"", ""},
	{"{\"id\":\"x\",\"recipients\":[{\"receipt\":\"no\"}],\"receipt\":\"a.b.c\",\"more\":1}",
	 "a.b.c"},
	{"{\"receipt\":\"\"}", NULL},
	{"{\"receipt\":{\"receipt\":\"x\"}}", NULL},
	{"{\"id\":\"x\"}", NULL},
	{"{\"id\"", NULL},
};

START_TEST(a_receipt_is_found_in_an_answer)
{
	struct slice receipt;
	ck_assert_uint_eq(buf_add_text(&claim, texts[_i].text), FAULT_NONE);
	enum fault f = receipt_report_find(&claim, &receipt, &problem);
	if (texts[_i].receipt == NULL) {
		ck_assert_uint_eq(f, FAULT_BAD_FIELD);
		ck_assert(slice_eq(problem_text(&problem),
				   SLICE_LIT("There is no receipt in this answer.")));
		return;
	}
	ck_assert_uint_eq(f, FAULT_NONE);
	ck_assert(slice_eq(receipt, slice_of_text(texts[_i].receipt)));
}
END_TEST

#define WIRE "Subject: x\r\n\r\nHello\r\n"

static const struct {
	const char *message;
	bool is_same;
} messages[] = {
	{WIRE, true},
	{"Subject: x\n\nHello\n", true},
	{"Subject: x\r\n\nHello\n", true},
	{"Received: a\n b\n" WIRE, true},
	{"Subject: x\r\n\r\nHello", false},
	{"Subject: x\r\n\r\nHello\r\n\r\n", false},
	{"Subject: x\r\n\r\nHullo\r\n", false},
	{"Subject: x\r\r\n\r\nHello\r\n", false},
	{"", false},
	{"\n", false},
};

START_TEST(a_message_is_the_one_or_not)
{
	unsigned char hash[DIGEST_LEN];
	char hex[2 * DIGEST_LEN];
	bool is_same = !messages[_i].is_same;
	struct receipt_message m = {.sha256 = slice_of(hex, sizeof(hex)), .size = strlen(WIRE)};
	digest_sha256(SLICE_LIT(WIRE), hash);
	hex_encode(slice_of(hash, sizeof(hash)), hex);
	ck_assert_uint_eq(buf_add_text(&claim, messages[_i].message), FAULT_NONE);
	ck_assert_uint_eq(receipt_report_compare(&m, &claim, &is_same), FAULT_NONE);
	ck_assert(is_same == messages[_i].is_same);
}
END_TEST

START_TEST(without_memory_nothing_is_told)
{
	bool failed = true;
	for (unsigned n = 1; failed; n++) {
		struct receipt_message m;
		buf_clear(&claim);
		buf_deinit(&out);
		buf_init(&out, ROOM);
		ck_assert_uint_eq(buf_add_text(&claim, rows[0].claim), FAULT_NONE);
		oom_arm(n);
		enum fault f = receipt_report_write(&claim, &out, &m, &problem);
		failed = oom_disarm();
		ck_assert_uint_eq(f, failed ? FAULT_NO_MEMORY : FAULT_NONE);
	}
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("relay/command/receipt_report");
	TCase *t = tcase_create("receipt_report");
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_loop_test(t, a_claim_is_told_or_refused, 0, COUNT_OF(rows));
	tcase_add_loop_test(t, a_receipt_is_found_in_an_answer, 0, COUNT_OF(texts));
	tcase_add_loop_test(t, a_message_is_the_one_or_not, 0, COUNT_OF(messages));
	tcase_add_test(t, without_memory_nothing_is_told);
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	return check_main(suite());
}
