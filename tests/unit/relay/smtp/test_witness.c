#include "relay/smtp/witness.h"

#include "tests/support/check_main.h"

static struct smtp_reply reply(int code, const char *text)
{
	struct smtp_reply r = {.code = code};
	for (; text[r.text_len] != '\0'; r.text_len++) {
		r.text[r.text_len] = text[r.text_len];
	}
	return r;
}

static struct slice said(const struct smtp_witness_lines *l)
{
	return slice_of(l->text, l->len);
}

START_TEST(keeps_what_was_said)
{
	static struct smtp_witness w;
	struct smtp_reply hello = reply(220, "mx \xc3\xa4 ready");
	struct smtp_reply no = reply(535, "no");
	smtp_witness_greeted(&w, &hello);
	ck_assert(slice_eq(slice_of(w.greeting, w.greeting_len), SLICE_LIT("mx ?? ready")));
	smtp_witness_asks(&w, false);
	smtp_witness_capable(&w, false, SLICE_LIT("STARTTLS"));
	smtp_witness_asks(&w, true);
	smtp_witness_capable(&w, true, SLICE_LIT("SIZE 5"));
	smtp_witness_capable(&w, true, SLICE_LIT(""));
	smtp_witness_capable(&w, true, SLICE_LIT("A\x1b\nB"));
	ck_assert(slice_eq(said(&w.clear), SLICE_LIT("STARTTLS\n")));
	ck_assert(slice_eq(said(&w.secure), SLICE_LIT("SIZE 5\nA??B\n")));
	smtp_witness_asks(&w, true);
	ck_assert_uint_eq(w.secure.len, 0);
	ck_assert_uint_gt(w.clear.len, 0);
	smtp_witness_refused(&w, NULL);
	ck_assert_int_eq(w.refusal.code, 0);
	smtp_witness_refused(&w, &no);
	ck_assert_int_eq(w.refusal.code, 535);
}
END_TEST

START_TEST(keeps_whole_lines_and_no_more_than_there_is_room_for)
{
	static struct smtp_witness w;
	char line[WITNESS_LINES_MAX];
	for (size_t i = 0; i < sizeof(line); i++) {
		line[i] = 'x';
	}
	smtp_witness_capable(&w, true, slice_of(line, sizeof(line)));
	ck_assert_uint_eq(w.secure.len, 0);
	smtp_witness_capable(&w, true, slice_of(line, sizeof(line) - 1));
	ck_assert_uint_eq(w.secure.len, sizeof(line));
	smtp_witness_capable(&w, true, SLICE_LIT("y"));
	ck_assert_uint_eq(w.secure.len, sizeof(line));
	struct smtp_reply hello = {.code = 220, .text_len = REPLY_TEXT_MAX};
	smtp_witness_greeted(&w, &hello);
	ck_assert_uint_eq(w.greeting_len, WITNESS_GREETING_MAX);
}
END_TEST

START_TEST(need_not_be_there)
{
	struct smtp_reply r = reply(220, "x");
	smtp_witness_greeted(NULL, &r);
	smtp_witness_asks(NULL, true);
	smtp_witness_capable(NULL, true, SLICE_LIT("x"));
	smtp_witness_refused(NULL, &r);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("smtp witness");
	TCase *t = tcase_create("witness");
	tcase_add_test(t, keeps_what_was_said);
	tcase_add_test(t, keeps_whole_lines_and_no_more_than_there_is_room_for);
	tcase_add_test(t, need_not_be_there);
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	return check_main(suite());
}
