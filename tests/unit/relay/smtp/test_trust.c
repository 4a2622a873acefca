#include "relay/smtp/trust.h"

#include <stdio.h>

#include "spool-free/base/buf.h"
#include "tests/support/certs.h"
#include "tests/support/check_main.h"

/* A base that trusts one authority, and another authority's certificate in memory. */
struct setting {
	struct certs certs;
	struct tls_context *base;
	struct buf pem;
	struct smtp_trust trust;
	struct problem problem;
};

static struct setting s;

static void set_up(void)
{
	char block[4096];
	s = (struct setting){.base = NULL};
	certs_init(&s.certs);
	ck_assert_int_eq(
		tls_context_client_new(s.certs.ca_file, SLICE_LIT(""), &s.base, &s.problem),
		FAULT_NONE);
	FILE *f = fopen(s.certs.ca_file, "rb");
	ck_assert_ptr_nonnull(f);
	buf_init(&s.pem, 1024 * 1024);
	ck_assert_int_eq(buf_add(&s.pem, slice_of(block, fread(block, 1, sizeof(block), f))),
			 FAULT_NONE);
	fclose(f);
}

static void clear_up(void)
{
	smtp_trust_deinit(&s.trust);
	tls_context_free(&s.base);
	certs_deinit(&s.certs);
	buf_deinit(&s.pem);
}

static struct smtp_trust_entry *take(void)
{
	struct smtp_trust_entry *e = NULL;
	ck_assert_int_eq(smtp_trust_take(&s.trust, s.base, buf_view(&s.pem), &e, &s.problem),
			 FAULT_NONE);
	return e;
}

/* The same authority by another text: PEM may stand between other lines. */
static void vary(void)
{
	ck_assert_int_eq(buf_add_text(&s.pem, "#\n"), FAULT_NONE);
}

START_TEST(makes_each_once)
{
	struct smtp_trust_entry *a = take();
	struct smtp_trust_entry *b = take();
	ck_assert_ptr_eq(a, b);
	ck_assert_uint_eq(a->users, 2);
	const struct tls_context *context = a->context;
	smtp_trust_release(&a);
	smtp_trust_release(&b);
	ck_assert_ptr_null(a);
	smtp_trust_release(&a); /* twice is fine */
	a = take();
	ck_assert_ptr_eq(a->context, context); /* kept though nobody used it */
	vary();
	b = take();
	ck_assert_ptr_ne(a, b);
	smtp_trust_release(&a);
	smtp_trust_release(&b);
}
END_TEST

START_TEST(the_one_longest_unused_makes_room)
{
	struct smtp_trust_entry *first = take();
	struct smtp_trust_entry *held[SMTP_TRUST_MAX] = {NULL};
	for (size_t i = 1; i < SMTP_TRUST_MAX; i++) {
		vary();
		held[i] = take();
	}
	vary();
	struct smtp_trust_entry *none = NULL;
	ck_assert_int_eq(smtp_trust_take(&s.trust, s.base, buf_view(&s.pem), &none, &s.problem),
			 FAULT_BUSY);
	ck_assert_ptr_null(none);
	struct smtp_trust_entry *room = held[7];
	smtp_trust_release(&held[7]);
	ck_assert_ptr_eq(take(), room);
	smtp_trust_release(&room);
	smtp_trust_release(&first);
	for (size_t i = 1; i < SMTP_TRUST_MAX; i++) {
		smtp_trust_release(&held[i]);
	}
}
END_TEST

static const struct {
	const char *name;
	struct slice pem;
} bad[] = {
	{"no PEM", SLICE_INIT("hello")},
	{"a frame with nothing in it",
	 SLICE_INIT("-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n")},
	{"no base64", SLICE_INIT("-----BEGIN CERTIFICATE-----\n!!!!\n-----END CERTIFICATE-----\n")},
	{"base64 of nothing",
	 SLICE_INIT("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")},
	{"NUL", SLICE_INIT("\0")},
};

START_TEST(refuses_what_is_no_certificate)
{
	struct smtp_trust_entry *e = NULL;
	ck_assert_msg(smtp_trust_take(&s.trust, s.base, bad[_i].pem, &e, &s.problem) ==
			      FAULT_BAD_RECORD,
		      "%s", bad[_i].name);
	ck_assert_ptr_null(e);
	ck_assert_uint_gt(problem_text(&s.problem).len, 0);
	for (size_t i = 0; i < SMTP_TRUST_MAX; i++) {
		ck_assert_uint_eq(s.trust.entries[i].users, 0);
	}
}
END_TEST

static Suite *suite(void)
{
	Suite *all = suite_create("smtp trust");
	TCase *t = tcase_create("trust");
	tcase_set_timeout(t, 60); /* the machine may be busy; nothing is judged by time */
	tcase_add_checked_fixture(t, set_up, clear_up);
	tcase_add_test(t, makes_each_once);
	tcase_add_test(t, the_one_longest_unused_makes_room);
	tcase_add_loop_test(t, refuses_what_is_no_certificate, 0, COUNT_OF(bad));
	suite_add_tcase(all, t);
	return all;
}

int main(void)
{
	return check_main(suite());
}
