#include "relay/net/look_up.h"

#include <pthread.h>
#include <string.h>

#include "tests/support/check_main.h"

enum { MANY = 40 };

static struct loop *loop;
static struct look_ups *look_ups;

/* The resolver of the suite: names that begin with "hang" are answered once the gate is open. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t moved = PTHREAD_COND_INITIALIZER;
static bool open;
static unsigned hanging, most_hanging, asked;

static void resolve(const char *name, uint16_t port, struct address_list *out_list)
{
	pthread_mutex_lock(&lock);
	asked++;
	if (strncmp(name, "hang", 4) == 0) {
		hanging++;
		most_hanging = hanging > most_hanging ? hanging : most_hanging;
		pthread_cond_broadcast(&moved);
		while (!open) {
			pthread_cond_wait(&moved, &lock);
		}
		hanging--;
	}
	pthread_mutex_unlock(&lock);
	out_list->count = port;
}

static void open_gate(void)
{
	pthread_mutex_lock(&lock);
	open = true;
	pthread_cond_broadcast(&moved);
	pthread_mutex_unlock(&lock);
}

static void wait_for_hanging(unsigned count)
{
	pthread_mutex_lock(&lock);
	while (hanging < count) {
		pthread_cond_wait(&moved, &lock);
	}
	pthread_mutex_unlock(&lock);
}

static void setup(void)
{
	open = false;
	hanging = 0;
	most_hanging = 0;
	asked = 0;
	ck_assert_int_eq(loop_new(&loop), FAULT_NONE);
	ck_assert_int_eq(look_ups_new(resolve, &look_ups), FAULT_NONE);
}

static void teardown(void)
{
	look_ups_free(&look_ups);
	ck_assert_ptr_null(look_ups);
	loop_free(&loop);
}

static struct look_up *pending[MANY];
static unsigned told, stop_after;

static void on_told(void *owner, const struct address_list *list)
{
	struct look_up **mine = owner;
	ck_assert_uint_eq(list->count, 7);
	ck_assert_ptr_nonnull(*mine);
	*mine = NULL;
	if (++told == stop_after) {
		loop_stop(loop);
	}
}

static void start(const char *name, const char *party, size_t at)
{
	const struct look_up_params params = {
		.loop = loop, .name = name, .party = slice_of_text(party), .port = 7};
	ck_assert_int_eq(look_up_start(look_ups, &params, on_told, &pending[at], &pending[at]),
			 FAULT_NONE);
}

START_TEST(each_is_told_once)
{
	told = 0;
	stop_after = MANY;
	for (size_t i = 0; i < MANY; i++) {
		start("a.example", i % 2 == 0 ? "acme" : "", i);
	}
	ck_assert_uint_eq(told, 0);
	loop_run(loop);
	ck_assert_uint_eq(told, MANY);
	ck_assert_uint_eq(asked, MANY);
}
END_TEST

START_TEST(a_party_whose_names_hang_holds_up_itself_alone)
{
	told = 0;
	stop_after = 3;
	for (size_t i = 0; i < MANY - 3; i++) {
		start("hang.example", "acme", i);
	}
	wait_for_hanging(LOOK_UP_SHARE);
	for (size_t i = MANY - 3; i < MANY; i++) {
		start("a.example", "other", i);
	}
	loop_run(loop);
	ck_assert_uint_eq(told, 3);
	ck_assert_uint_eq(asked, LOOK_UP_SHARE + 3);
	open_gate();
	stop_after = MANY;
	loop_run(loop);
	ck_assert_uint_eq(told, MANY);
	ck_assert_uint_eq(most_hanging, LOOK_UP_SHARE);
}
END_TEST

/* Called off while it waits, while it runs, and when its answer is on the way. */
START_TEST(what_is_called_off_is_not_told)
{
	told = 0;
	stop_after = 1;
	for (size_t i = 0; i < MANY - 1; i++) {
		start("hang.example", "acme", i);
	}
	wait_for_hanging(LOOK_UP_SHARE);
	for (size_t i = 0; i < MANY - 1; i++) {
		look_up_cancel(&pending[i]);
		ck_assert_ptr_null(pending[i]);
	}
	open_gate();
	start("a.example", "acme", MANY - 1);
	loop_run(loop);
	ck_assert_uint_eq(told, 1);
	ck_assert_uint_le(asked, LOOK_UP_SHARE + 1);
}
END_TEST

START_TEST(freed_with_answers_that_nobody_took)
{
	for (size_t i = 0; i < MANY; i++) {
		start("a.example", "acme", i);
	}
	look_ups_stop(look_ups);
	for (size_t i = 0; i < MANY; i++) {
		look_up_cancel(&pending[i]);
	}
	ck_assert_uint_eq(asked, LOOK_UP_SHARE);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("relay/net/look_up");
	TCase *t = tcase_create("look_up");
	tcase_set_timeout(t, 60);
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, each_is_told_once);
	tcase_add_test(t, a_party_whose_names_hang_holds_up_itself_alone);
	tcase_add_test(t, what_is_called_off_is_not_told);
	tcase_add_test(t, freed_with_answers_that_nobody_took);
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	return check_main(suite());
}
