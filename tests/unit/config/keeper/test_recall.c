#include "config/keeper/recall.h"

#include <string.h>

#include "tests/support/check_main.h"
#include "tests/support/oom.h"

#define REQUEST(op, text)    "\3" op "\1\0\4" text
#define ANSWER(result, text) "\0\0\0\x09\3" result "\1\0\4" text

static const struct slice caller = SLICE_INIT(REQUEST("\2", "acme"));
static const struct slice answer = SLICE_INIT(ANSWER("\0", "data"));
static struct recall r;

static void teardown(void)
{
	recall_deinit(&r);
	recall_deinit(&r);
}

static bool knows(uint64_t generation, struct slice request, struct slice frame)
{
	struct secret *got = NULL;
	bool found = recall_find(&r, generation, request, &got);
	bool same = found && secret_eq(got, frame);
	ck_assert_int_eq(found, got != NULL);
	secret_free(&got);
	return same;
}

START_TEST(an_answer_is_known_again)
{
	ck_assert(!knows(1, caller, answer));
	recall_keep(&r, 1, caller, answer);
	ck_assert(knows(1, caller, answer));
	ck_assert(knows(1, caller, answer));
	ck_assert(!knows(1, SLICE_LIT(REQUEST("\2", "acmf")), answer));
	ck_assert(!knows(1, slice_first(caller, caller.len - 1), answer));
	recall_keep(&r, 1, caller, SLICE_LIT(ANSWER("\0", "more")));
	ck_assert(knows(1, caller, SLICE_LIT(ANSWER("\0", "more"))));
}
END_TEST

START_TEST(another_vault_makes_all_forgotten)
{
	recall_keep(&r, 1, caller, answer);
	ck_assert(!knows(2, caller, answer));
	ck_assert(!knows(1, caller, answer)); /* nor does it come back */
	recall_keep(&r, 2, caller, answer);
	recall_keep(&r, 3, SLICE_LIT(REQUEST("\3", "acme")), answer);
	ck_assert(!knows(3, caller, answer));
	ck_assert(knows(3, SLICE_LIT(REQUEST("\3", "acme")), answer));
}
END_TEST

static char large[RECALL_FRAME_MAX + 1] = ANSWER("\0", "");

static const struct {
	const char *name;
	struct slice request, frame;
	bool is_kept;
} rows[] = {
	{"caller", SLICE_INIT(REQUEST("\2", "acme")), SLICE_INIT(ANSWER("\0", "data")), true},
	{"tenant", SLICE_INIT(REQUEST("\3", "acme")), SLICE_INIT(ANSWER("\0", "data")), true},
	{"ping", SLICE_INIT(REQUEST("\1", "acme")), SLICE_INIT(ANSWER("\0", "data")), false},
	{"no operation any more", SLICE_INIT(REQUEST("\4", "acme")),
	 SLICE_INIT(ANSWER("\0", "data")), false},
	{"a server's password", SLICE_INIT(REQUEST("\5", "acme")), SLICE_INIT(ANSWER("\0", "data")),
	 false},
	{"a record", SLICE_INIT(REQUEST("\6", "acme")), SLICE_INIT(ANSWER("\0", "data")), false},
	{"names of records", SLICE_INIT(REQUEST("\7", "acme")), SLICE_INIT(ANSWER("\0", "data")),
	 false},
	{"a change", SLICE_INIT(REQUEST("\x08", "acme")), SLICE_INIT(ANSWER("\0", "data")), false},
	{"a removal", SLICE_INIT(REQUEST("\x09", "acme")), SLICE_INIT(ANSWER("\0", "data")), false},
	{"an event", SLICE_INIT(REQUEST("\x0a", "acme")), SLICE_INIT(ANSWER("\0", "data")), false},
	{"a tenant's end", SLICE_INIT(REQUEST("\x0b", "acme")), SLICE_INIT(ANSWER("\0", "data")),
	 false},
	{"a half of the key", SLICE_INIT(REQUEST("\x0c", "acme")), SLICE_INIT(ANSWER("\0", "data")),
	 false},
	{"unknown operation", SLICE_INIT(REQUEST("\x0d", "acme")), SLICE_INIT(ANSWER("\0", "data")),
	 false},
	{"no caller", SLICE_INIT(REQUEST("\2", "acme")), SLICE_INIT(ANSWER("\2", "data")), false},
	{"suspended", SLICE_INIT(REQUEST("\3", "acme")), SLICE_INIT(ANSWER("\5", "data")), false},
	{"unknown result", SLICE_INIT(REQUEST("\2", "acme")), SLICE_INIT(ANSWER("\xff", "data")),
	 false},
	{"largest answer", SLICE_INIT(REQUEST("\3", "acme")), {large, RECALL_FRAME_MAX}, true},
	{"larger answer", SLICE_INIT(REQUEST("\3", "acme")), {large, RECALL_FRAME_MAX + 1}, false},
	{"larger request",
	 {large, RECALL_REQUEST_MAX + 1},
	 SLICE_INIT(ANSWER("\0", "data")),
	 false},
	{"no request", SLICE_INIT(""), SLICE_INIT(ANSWER("\0", "data")), false},
	{"no answer", SLICE_INIT(REQUEST("\2", "acme")), SLICE_INIT(""), false},
};

START_TEST(only_what_is_no_secret_is_kept)
{
	recall_keep(&r, 1, rows[_i].request, rows[_i].frame);
	ck_assert_msg(knows(1, rows[_i].request, rows[_i].frame) == rows[_i].is_kept, "%s",
		      rows[_i].name);
}
END_TEST

START_TEST(many_answers_take_each_others_places)
{
	enum { MANY = RECALL_PLACES * 4 };
	char request[] = REQUEST("\2", "0000");
	unsigned known = 0;
	for (unsigned pass = 0; pass < 2; pass++) {
		for (unsigned i = 0; i < MANY; i++) {
			for (unsigned digit = 0; digit < 4; digit++) {
				request[5 + digit] = (char)('a' + (i >> (4 * digit) & 15));
			}
			struct slice s = slice_of(request, sizeof(request) - 1);
			if (pass == 0) {
				recall_keep(&r, 1, s, slice_of(request, sizeof(request) - 1));
				recall_keep(&r, 1, s, answer);
			} else {
				known += knows(1, s, answer);
			}
		}
	}
	ck_assert_uint_gt(known, RECALL_PLACES / 4);
	ck_assert_uint_le(known, RECALL_PLACES);
}
END_TEST

START_TEST(without_memory_nothing_is_kept)
{
	oom_arm(1);
	recall_keep(&r, 1, caller, answer);
	ck_assert(oom_disarm());
	ck_assert(!knows(1, caller, answer));
	recall_keep(&r, 1, caller, answer);
	ck_assert(knows(1, caller, answer));
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("config/keeper/recall");
	TCase *t = tcase_create("recall");
	tcase_add_checked_fixture(t, NULL, teardown);
	tcase_add_test(t, an_answer_is_known_again);
	tcase_add_test(t, another_vault_makes_all_forgotten);
	tcase_add_loop_test(t, only_what_is_no_secret_is_kept, 0, COUNT_OF(rows));
	tcase_add_test(t, many_answers_take_each_others_places);
	tcase_add_test(t, without_memory_nothing_is_kept);
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
