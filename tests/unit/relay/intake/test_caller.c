#include "relay/intake/caller.h"

#include <string.h>

#include "spool-free/base/hex.h"
#include "tests/support/check_main.h"

#define TOKEN "pp_abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNO-_"

static const struct {
	struct slice field;
	struct slice token;
} fields[] = {
	{SLICE_INIT("Bearer x"), SLICE_INIT("x")},  {SLICE_INIT("bearer   x"), SLICE_INIT("x")},
	{SLICE_INIT("Bearer"), SLICE_INIT("")},	    {SLICE_INIT("Bearer "), SLICE_INIT("")},
	{SLICE_INIT("Basic eDp5"), SLICE_INIT("")}, {SLICE_INIT(""), SLICE_INIT("")},
	{SLICE_INIT("Bearerx y"), SLICE_INIT("")},  {SLICE_INIT(TOKEN), SLICE_INIT("")},
	{SLICE_INIT("Bearer\tx"), SLICE_INIT("")},
};

START_TEST(finds_the_token)
{
	ck_assert(slice_eq(caller_bearer(fields[_i].field), fields[_i].token));
}
END_TEST

static const struct slice refused[] = {
	SLICE_INIT(""),
	SLICE_INIT("pp_"),
	SLICE_INIT("x"),
	SLICE_INIT(TOKEN "x"),
	SLICE_INIT("pp_abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNO-"),
	SLICE_INIT("pp_abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNO+/"),
	SLICE_INIT("pp_abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMN-_="),
	SLICE_INIT("PP_abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNO-_"),
	SLICE_INIT("pp_abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNO\0_"),
	SLICE_INIT("pp_abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNO _"),
};

START_TEST(refuses_what_cannot_be_a_token)
{
	struct problem problem = {0};
	unsigned char hash[DIGEST_LEN];
	ck_assert_uint_eq(caller_token_hash(refused[_i], hash, &problem), FAULT_NO_CALLER);
	ck_assert_uint_eq(problem.fault, FAULT_NO_CALLER);
	ck_assert_uint_gt(problem.len, 0);
}
END_TEST

START_TEST(hashes_a_token)
{
	struct problem problem = {0};
	unsigned char hash[DIGEST_LEN];
	char text[2 * DIGEST_LEN];
	ck_assert_uint_eq(caller_token_hash(SLICE_LIT(TOKEN), hash, &problem), FAULT_NONE);
	hex_encode(slice_of(hash, sizeof(hash)), text);
	/* printf %s TOKEN | sha256sum */
	ck_assert(slice_eq(
		slice_of(text, sizeof(text)),
		SLICE_LIT("f76cc91ce35edc6636d9409cd6b88c98b4aadd844d6bda8a9bea8875fe47dee2")));
}
END_TEST

/* What is made is taken, and says all of its chance. */
START_TEST(makes_a_token)
{
	unsigned char random[CALLER_TOKEN_RANDOM];
	unsigned char hash[DIGEST_LEN];
	struct secret *token = NULL;
	struct problem problem = {0};
	memset(random, 0xFB, sizeof(random));
	ck_assert_uint_eq(caller_token_make(random, &token), FAULT_NONE);
	ck_assert(slice_eq(secret_view(token),
			   SLICE_LIT("pp_-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_s")));
	ck_assert_uint_eq(caller_token_hash(secret_view(token), hash, &problem), FAULT_NONE);
	secret_free(&token);
	for (size_t i = 0; i < sizeof(random); i++) {
		struct secret *other = NULL;
		random[i] ^= 1;
		ck_assert_uint_eq(caller_token_make(random, &token), FAULT_NONE);
		random[i] ^= 1;
		ck_assert_uint_eq(caller_token_make(random, &other), FAULT_NONE);
		ck_assert(!secret_eq(token, secret_view(other)));
		secret_free(&token);
		secret_free(&other);
	}
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("relay/intake/caller");
	TCase *t = tcase_create("caller");
	tcase_add_loop_test(t, finds_the_token, 0, COUNT_OF(fields));
	tcase_add_loop_test(t, refuses_what_cannot_be_a_token, 0, COUNT_OF(refused));
	tcase_add_test(t, hashes_a_token);
	tcase_add_test(t, makes_a_token);
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	return check_main(suite());
}
