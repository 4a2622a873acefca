#include "relay/smtp/sink_session.h"

#include "tests/support/check_main.h"
#include "tests/support/chunks.h"
#include "tests/support/sink_talk.h"

#define HELLO	 "EHLO me\r\n"
#define MAIL	 "MAIL FROM:<a@b.example>\r\n"
#define RCPT	 "RCPT TO:<c@d.example>\r\n"
#define NOBODY	 "RCPT TO:<no@d.example>\r\n"
#define ENVELOPE HELLO MAIL RCPT
#define GREETED	 " 220 250 250 250"

static const struct slice refused[] = {SLICE_INIT("no@d.example")};

static const struct {
	const char *name, *input, *codes, *taken;
	unsigned without;
} rows[] = {
	{"one chunk", ENVELOPE "BDAT 3 LAST\r\nx\r\nQUIT\r\n", GREETED " 250 221",
	 "a@b.example|c@d.example|3|x\r\n", 0},
	{"one flight, twice", ENVELOPE "BDAT 3 LAST\r\nx\r\n" MAIL RCPT "bdat 3 last\r\ny\r\n",
	 GREETED " 250 250 250 250", NULL, 0},
	{"three chunks, cut in mid-line", ENVELOPE "BDAT 2\r\nabBDAT 2\r\nc\rBDAT 1 LAST\r\n\n",
	 GREETED " 250 250 250", "a@b.example|c@d.example|5|abc\r\n", 0},
	{"an empty last one", ENVELOPE "BDAT 3\r\nx\r\nBDAT 0 LAST\r\n", GREETED " 250 250",
	 "a@b.example|c@d.example|3|x\r\n", 0},
	{"dots are no more than dots", ENVELOPE "BDAT 11 LAST\r\n.\r\n..x\r\n.\r\nQUIT\r\n",
	 GREETED " 250 221", "a@b.example|c@d.example|11|.\r\n..x\r\n.\r\n", 0},
	/* What is refused is read all the same. */
	{"out of sequence", HELLO "BDAT 12\r\nNOOP\r\nNOOP\r\nNOOP\r\n", " 220 250 503 250", "", 0},
	{"before EHLO", "BDAT 6\r\nQUIT\r\nNOOP\r\n", " 220 503 250", "", 0},
	{"nobody accepted", HELLO MAIL NOBODY "BDAT 6 LAST\r\nQUIT\r\nRSET\r\n" MAIL,
	 " 220 250 250 550 554 250 250", "", 0},
	{"nobody accepted, two chunks",
	 HELLO MAIL NOBODY "BDAT 6\r\nQUIT\r\nBDAT 6 LAST\r\nQUIT\r\n", " 220 250 250 550 554 554",
	 "", 0},
	{"behind a refused one", ENVELOPE "DATA\r\n.\r\n", GREETED " 354 250",
	 "a@b.example|c@d.example|0|", 0},
	{"DATA behind BDAT", ENVELOPE "BDAT 3\r\nx\r\nDATA\r\n", GREETED " 250 503", "", 0},
	{"RCPT behind BDAT", ENVELOPE "BDAT 3\r\nx\r\n" RCPT, GREETED " 250 503", "", 0},
	{"RSET forgets", ENVELOPE "BDAT 3\r\nx\r\nRSET\r\n" MAIL RCPT "BDAT 3 LAST\r\ny\r\n",
	 GREETED " 250 250 250 250 250", "a@b.example|c@d.example|3|y\r\n", 0},
	{"too large", ENVELOPE "BDAT 2000000 LAST\r\n", GREETED, "", 0},
	{"a bare LF", ENVELOPE "BDAT 4 LAST\r\nx\ny\r\n", GREETED " 550 500", "", 0},
	{"a bare LF, counted", ENVELOPE "BDAT 5 LAST\r\nx\ny\r\nNOOP\r\n", GREETED " 550 250", "",
	 0},
	{"a bare CR at the end", ENVELOPE "BDAT 2 LAST\r\nx\rNOOP\r\n", GREETED " 550 250", "", 0},
	{"CR CR LF", ENVELOPE "BDAT 4 LAST\r\nx\r\r\nNOOP\r\n", GREETED " 550 250", "", 0},
	/* What is no BDAT ends it: content and commands could not be told apart. */
	{"no number", ENVELOPE "BDAT\r\nNOOP\r\n", GREETED " 501", "", 0},
	{"a number that is none", ENVELOPE "BDAT 3x\r\nNOOP\r\n", GREETED " 501", "", 0},
	{"a number below none", ENVELOPE "BDAT -3\r\nNOOP\r\n", GREETED " 501", "", 0},
	{"a number past all", ENVELOPE "BDAT 99999999999999999999 LAST\r\nNOOP\r\n", GREETED " 501",
	 "", 0},
	{"another word than LAST", ENVELOPE "BDAT 3 FIRST\r\nx\r\n", GREETED " 501", "", 0},
	{"it was not offered", ENVELOPE "BDAT 6 LAST\r\nQUIT\r\nNOOP\r\n", GREETED " 503 250", "",
	 SINK_CHUNKING},
};

static void talk(size_t i, size_t chunk)
{
	struct sink_talk t;
	char got[400];
	sink_talk_init(&t);
	t.policy.user = (struct slice){0};
	t.policy.refused = refused;
	t.policy.refused_count = COUNT_OF(refused);
	t.policy.without = rows[i].without;
	ck_assert_int_eq(sink_talk(&t, false, slice_of_text(rows[i].input), chunk), FAULT_NONE);
	sink_talk_codes(&t, got, sizeof(got));
	ck_assert_msg(strcmp(got, rows[i].codes) == 0, "%s in chunks of %zu: %s", rows[i].name,
		      chunk, got);
	struct slice taken = buf_view(&t.taken);
	struct slice wanted = slice_of_text(rows[i].taken);
	ck_assert_msg(rows[i].taken == NULL ||
			      (slice_starts(taken, wanted) && (wanted.len > 0 || taken.len == 0)),
		      "%s in chunks of %zu: %.*s", rows[i].name, chunk, (int)taken.len, taken.ptr);
	sink_talk_deinit(&t);
}

START_TEST(test_rows)
{
	for (size_t chunk = 1; chunk <= CHUNKS_MAX; chunk++) {
		talk((size_t)_i, chunk);
	}
	talk((size_t)_i, SIZE_MAX);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("relay/smtp/sink_chunk");
	TCase *t = tcase_create("sink_chunk");
	tcase_add_loop_test(t, test_rows, 0, COUNT_OF(rows));
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	return check_main(suite());
}
