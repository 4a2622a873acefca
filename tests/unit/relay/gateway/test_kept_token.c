#include "relay/gateway/kept_token.h"

#include "relay/gateway/tokens.h"
#include "tests/support/check_main.h"

static struct kept_token kept;
static const struct instant start = {.ms = 1000};

static void setup(void)
{
	kept = (struct kept_token){0};
}

static void teardown(void)
{
	kept_token_deinit(&kept);
}

static struct secret *made(const char *text)
{
	struct secret *s = NULL;
	ck_assert_uint_eq(secret_new(slice_of_text(text), &s), FAULT_NONE);
	return s;
}

/* Whether its refresh token, NULL for none, was a new one. */
static bool put(const char *token, const char *refresh, struct instant now)
{
	bool is_rotated;
	struct oauth_answer a = {.token = made(token),
				 .refresh = refresh != NULL ? made(refresh) : NULL,
				 .expires_s = 3600};
	ck_assert_uint_eq(kept_token_put(&kept, now, &a, &is_rotated), FAULT_NONE);
	ck_assert_ptr_null(a.token);
	ck_assert_ptr_null(a.refresh);
	return is_rotated;
}

START_TEST(it_is_good_until_its_end)
{
	uint64_t use_ms = oauth_use_ms(3600);
	ck_assert(!kept_token_is_good(&kept, start));
	ck_assert(!put("t", NULL, start));
	ck_assert(kept_token_is_good(&kept, instant_after(start, use_ms - 1)));
	ck_assert(!kept_token_is_good(&kept, instant_after(start, use_ms)));
	kept_token_drop(&kept);
	ck_assert(!kept_token_is_good(&kept, start));
}
END_TEST

START_TEST(what_is_lent_stays_until_all_gave_it_back)
{
	put("first", NULL, start);
	struct token *one = token_lend(kept.token);
	struct token *two = token_lend(kept.token);
	put("second", NULL, start);
	ck_assert_ptr_eq(one, two);
	ck_assert_ptr_ne(kept.token, one);
	ck_assert(!one->is_kept);
	token_give_back(one);
	ck_assert(slice_eq(secret_view(two->secret), SLICE_LIT("first")));
	token_give_back(two); /* the last one: a sanitizer sees it go */
	struct token *third = token_lend(kept.token);
	token_give_back(third); /* it is kept all the same */
	ck_assert(slice_eq(secret_view(kept.token->secret), SLICE_LIT("second")));
}
END_TEST

START_TEST(a_refresh_token_is_new_when_it_is_not_the_one_that_was_sent)
{
	CLEANUP(secret_free) struct secret *of_record = made("r1");
	kept_token_sent(&kept, of_record);
	ck_assert(!put("t", NULL, start));
	ck_assert(!put("t", "r1", start));
	ck_assert_ptr_null(kept.refresh);
	ck_assert(put("t", "r2", start));
	ck_assert(slice_eq(secret_view(kept.refresh), SLICE_LIT("r2")));
	kept_token_sent(&kept, of_record); /* its own goes first */
	ck_assert(!put("t", "r2", start));
	ck_assert(put("t", "r1", start));
	kept_token_fail(&kept, start, FAULT_OAUTH_LATER, 0);
	ck_assert_ptr_nonnull(kept.refresh);
	kept_token_fail(&kept, start, FAULT_OAUTH_REFUSED, 0);
	ck_assert_ptr_null(kept.refresh);
}
END_TEST

static uint64_t paused_by(enum fault f, uint64_t said_s)
{
	kept_token_fail(&kept, start, f, said_s);
	ck_assert(kept_token_is_paused(&kept, start));
	ck_assert(!kept_token_is_paused(&kept, kept.pause_until));
	return instant_left_ms(kept.pause_until, start);
}

START_TEST(pauses_double_up_to_the_longest)
{
	uint64_t due_ms = TOKENS_PAUSE_MS;
	ck_assert(!kept_token_is_paused(&kept, start));
	for (unsigned i = 0; i < 10; i++) {
		ck_assert_uint_eq(paused_by(FAULT_OAUTH_UNREACHABLE, 0), due_ms);
		due_ms = due_ms * 2 < TOKENS_PAUSE_MAX_MS ? due_ms * 2 : TOKENS_PAUSE_MAX_MS;
	}
	put("t", NULL, start);
	ck_assert(!kept_token_is_paused(&kept, start));
	ck_assert_uint_eq(paused_by(FAULT_OAUTH_UNREACHABLE, 0), TOKENS_PAUSE_MS);
}
END_TEST

START_TEST(what_the_server_says_counts_when_it_is_longer)
{
	ck_assert_uint_eq(paused_by(FAULT_OAUTH_LATER, 1), TOKENS_PAUSE_MS);
	ck_assert_uint_eq(paused_by(FAULT_OAUTH_LATER, 77), 77 * 1000);
	ck_assert_uint_eq(paused_by(FAULT_OAUTH_LATER, UINT64_MAX), TOKENS_SAID_MAX_MS);
	ck_assert_uint_eq(paused_by(FAULT_OAUTH_REFUSED, 77), 8 * TOKENS_PAUSE_MS);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("gateway kept_token");
	TCase *t = tcase_create("kept_token");
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, it_is_good_until_its_end);
	tcase_add_test(t, what_is_lent_stays_until_all_gave_it_back);
	tcase_add_test(t, a_refresh_token_is_new_when_it_is_not_the_one_that_was_sent);
	tcase_add_test(t, pauses_double_up_to_the_longest);
	tcase_add_test(t, what_the_server_says_counts_when_it_is_longer);
	suite_add_tcase(s, t);
	return check_main(s);
}
