#include "relay/intake/key_half.h"

#include "tests/support/check_main.h"

/* 32 times 0xFB is "-_v7" again and again in base64url. */
#define PLAIN "+/v7+/v7+/v7+/v7+/v7+/v7+/v7+/v7+/v7+/v7+/s"
#define URL   "-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_s"
#define A43   "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

static const struct {
	const char *text;
	char byte; /* 32 times; of one that is refused nothing */
	bool fits;
} rows[] = {
	{PLAIN "=", '\xFB', true},
	{PLAIN, '\xFB', true},
	{URL "=", '\xFB', true},
	{URL, '\xFB', true},
	{A43 "=", 0, true},
	{"", 0, false},
	{"=", 0, false},
	{PLAIN "==", 0, false},
	{PLAIN "A", 0, false},
	{PLAIN "A=", 0, false},
	{"AAAA", 0, false},
	{A43 "AAAA", 0, false},
	{A43 " ", 0, false},
	{" " A43, 0, false},
	{"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", 0, false},
	{"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA==", 0, false},
	{"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB", 0, false}, /* a bit that is left over */
	{"AAAAAAAAAAAAAAAAAAAA.AAAAAAAAAAAAAAAAAAAAAA", 0, false},
	{"AAAAAAAAAAAAAAAAAAAA\x80"
	 "AAAAAAAAAAAAAAAAAAAAAA",
	 0, false},
	{"0000000000000000000000000000000000000000000000000000000000000000", 0, false},
};

START_TEST(reads)
{
	struct secret *half = NULL;
	struct problem p = {0};
	struct slice text = slice_of_text(rows[_i].text);
	enum fault f = key_half_parse(text, "The X-Pagepost-Key", &half, &p);
	if (!rows[_i].fits) {
		ck_assert_uint_eq(f, FAULT_BAD_FIELD);
		ck_assert_ptr_null(half);
		ck_assert(
			slice_eq(problem_text(&p), SLICE_LIT("The X-Pagepost-Key must be 32 bytes "
							     "in base64 or base64url.")));
		return;
	}
	ck_assert_uint_eq(f, FAULT_NONE);
	ck_assert_uint_eq(secret_view(half).len, KEY_HALF_LEN);
	for (size_t i = 0; i < KEY_HALF_LEN; i++) {
		ck_assert_int_eq(secret_view(half).ptr[i], rows[_i].byte);
	}
	secret_free(&half);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("relay/intake/key_half");
	TCase *t = tcase_create("key_half");
	tcase_add_loop_test(t, reads, 0, COUNT_OF(rows));
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	return check_main(suite());
}
