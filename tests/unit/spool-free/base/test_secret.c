#include "spool-free/base/secret.h"

#include <string.h>

#include <openssl/crypto.h>

#include "tests/support/check_main.h"

START_TEST(keeps_copies_and_compares)
{
	struct secret *s = NULL;
	struct secret *copy = NULL;
	ck_assert_uint_eq(secret_heap_start(), FAULT_NONE);
	ck_assert_uint_eq(secret_new(SLICE_LIT("pass\0word"), &s), FAULT_NONE);
	ck_assert(CRYPTO_secure_allocated(s));
	ck_assert_uint_eq(secret_copy(s, &copy), FAULT_NONE);
	ck_assert(CRYPTO_secure_allocated(copy));
	ck_assert(slice_eq(secret_view(copy), SLICE_LIT("pass\0word")));
	ck_assert(secret_eq(s, secret_view(copy)));
	ck_assert(!secret_eq(s, SLICE_LIT("pass\0worD")));
	ck_assert(!secret_eq(s, SLICE_LIT("pass")));
	ck_assert(!secret_eq(s, SLICE_LIT("")));
	secret_free(&copy);
	ck_assert_ptr_null(copy);
	secret_free(&copy);
	secret_free(&s);
}
END_TEST

START_TEST(none_is_empty)
{
	struct secret *empty = NULL;
	ck_assert_uint_eq(secret_view(NULL).len, 0);
	ck_assert(secret_eq(NULL, SLICE_LIT("")));
	ck_assert(!secret_eq(NULL, SLICE_LIT("a")));
	ck_assert_uint_eq(secret_copy(NULL, &empty), FAULT_NONE);
	ck_assert_ptr_nonnull(empty);
	ck_assert_uint_eq(secret_view(empty).len, 0);
	secret_free(&empty);
}
END_TEST

START_TEST(room_is_filled_by_the_caller)
{
	struct secret *s = NULL;
	char *room = NULL;
	ck_assert_uint_eq(secret_new_room(5, &s, &room), FAULT_NONE);
	ck_assert(slice_eq(secret_view(s), SLICE_LIT("\0\0\0\0\0")));
	memcpy(room, "token", 5);
	ck_assert(secret_eq(s, SLICE_LIT("token")));
	secret_free(&s);
}
END_TEST

START_TEST(is_joined_out_of_parts)
{
	const struct slice parts[] = {SLICE_LIT("a"), SLICE_LIT(""), {NULL, 0}, SLICE_LIT("\0bc")};
	const struct slice too_much[] = {{"", SIZE_MAX}, {"", 2}};
	struct secret *s = NULL;
	ck_assert_uint_eq(secret_new_parts(parts, COUNT_OF(parts), &s), FAULT_NONE);
	ck_assert(secret_eq(s, SLICE_LIT("a\0bc")));
	secret_free(&s);
	ck_assert_uint_eq(secret_new_parts(NULL, 0, &s), FAULT_NONE);
	ck_assert_uint_eq(secret_view(s).len, 0);
	secret_free(&s);
	ck_assert_uint_eq(secret_new_parts(too_much, COUNT_OF(too_much), &s), FAULT_TOO_LARGE);
	ck_assert_ptr_null(s);
}
END_TEST

START_TEST(is_wiped_when_freed)
{
	struct secret *s = NULL;
	ck_assert_uint_eq(secret_heap_start(), FAULT_NONE);
	ck_assert_uint_eq(secret_new(SLICE_LIT("a canary of forty bytes that must be gone."), &s),
			  FAULT_NONE);
	/* The secure heap stays mapped, so its bytes can be looked at after the free. */
	volatile const char *bytes = secret_view(s).ptr + 20;
	ck_assert_int_eq(bytes[0], 't');
	secret_free(&s);
	for (int i = 0; i < 16; i++) {
		ck_assert_int_eq(bytes[i], 0);
	}
}
END_TEST

START_TEST(limits_hold)
{
	static char large[SECRET_MAX + 1];
	struct secret *s = NULL;
	ck_assert_uint_eq(secret_new(slice_of(large, sizeof(large)), &s), FAULT_TOO_LARGE);
	ck_assert_ptr_null(s);
	ck_assert_uint_eq(secret_new(slice_of(large, SECRET_MAX), &s), FAULT_NONE);
	secret_free(&s);
}
END_TEST

START_TEST(a_full_heap_is_a_fault)
{
	enum { MOST = 200 };
	static char large[SECRET_MAX];
	struct secret *all[MOST] = {0};
	size_t count = 0;
	enum fault f = FAULT_NONE;
	ck_assert_uint_eq(secret_heap_start(), FAULT_NONE);
	while (f == FAULT_NONE && count < MOST) {
		f = secret_new(slice_of(large, sizeof(large)), &all[count]);
		count += f == FAULT_NONE;
	}
	ck_assert_uint_eq(f, FAULT_NO_MEMORY);
	ck_assert_ptr_null(all[count]);
	for (size_t i = 0; i < count; i++) {
		secret_free(&all[i]);
	}
	ck_assert_uint_eq(secret_new(SLICE_LIT("room again"), &all[0]), FAULT_NONE);
	secret_free(&all[0]);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("base/secret");
	TCase *t = tcase_create("secret");
	tcase_add_test(t, is_joined_out_of_parts);
	tcase_add_test(t, keeps_copies_and_compares);
	tcase_add_test(t, none_is_empty);
	tcase_add_test(t, room_is_filled_by_the_caller);
	tcase_add_test(t, is_wiped_when_freed);
	tcase_add_test(t, limits_hold);
	tcase_add_test(t, a_full_heap_is_a_fault);
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	return check_main(suite());
}
