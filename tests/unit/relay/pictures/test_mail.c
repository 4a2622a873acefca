#include "relay/pictures/mail.h"

#include <sys/socket.h>
#include <unistd.h>

#include "relay/net/libcurl.h"
#include "tests/support/check_main.h"

enum { LATER_MS = 60 * 1000 };

START_TEST(only_what_there_is_a_way_to)
{
	const struct fetch_rules rules = {0};
	struct pictures *p;
	struct pictures_mail m;
	struct instant until = instant_after(instant_now(), LATER_MS);
	int pair[2];
	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, pair), 0);
	ck_assert_int_eq(pictures_adopt(pair[0], 1, &p), FAULT_NONE);
	pictures_mail_init(&m, NULL, NULL, until);
	ck_assert(m.calls.convert == NULL && m.calls.fetch == NULL);
	pictures_mail_init(&m, p, NULL, until);
	ck_assert(m.calls.convert != NULL && m.calls.fetch == NULL);
	pictures_mail_init(&m, NULL, &rules, until);
	ck_assert(m.calls.convert == NULL && m.calls.fetch != NULL);
	ck_assert_ptr_eq(m.calls.context, &m);
	pictures_stop(&p);
	close(pair[1]);
}
END_TEST

/* A mail whose time for pictures is over asks nobody any more. */
START_TEST(late)
{
	const struct fetch_rules rules = {0};
	struct pictures *p;
	struct pictures_mail m;
	struct arena a;
	struct slice made;
	int pair[2];
	char byte;
	const struct render_conversion wanted = {.bytes = SLICE_LIT("x"), .most = 1};
	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, pair), 0);
	ck_assert_int_eq(pictures_adopt(pair[0], LATER_MS, &p), FAULT_NONE);
	arena_init(&a, 1000);
	pictures_mail_init(&m, p, &rules, instant_now());
	ck_assert_int_eq(m.calls.convert(&m, &wanted, &a, &made), FAULT_DEADLINE);
	ck_assert_int_eq(m.calls.fetch(&m, SLICE_LIT("http://localhost/"), 1, &a, &made),
			 FAULT_DEADLINE);
	ck_assert_int_lt(recv(pair[1], &byte, 1, MSG_DONTWAIT), 0);
	pictures_stop(&p);
	close(pair[1]);
	arena_deinit(&a);
}
END_TEST

START_TEST(refused_addresses)
{
	const struct fetch_rules rules = {.timeout_ms = LATER_MS};
	struct pictures_mail m;
	struct arena a;
	struct slice made;
	arena_init(&a, 1000);
	ck_assert_int_eq(libcurl_start(), FAULT_NONE);
	pictures_mail_init(&m, NULL, &rules, instant_after(instant_now(), LATER_MS));
	ck_assert_int_eq(m.calls.fetch(&m, SLICE_LIT("file:///etc/passwd"), 100, &a, &made),
			 FAULT_BAD_FIELD);
	ck_assert_int_eq(m.calls.fetch(&m, SLICE_LIT("http://127.0.0.1/"), 100, &a, &made),
			 FAULT_UPSTREAM_BLOCKED);
	arena_deinit(&a);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("mail");
	TCase *t = tcase_create("rows");
	tcase_add_test(t, only_what_there_is_a_way_to);
	tcase_add_test(t, late);
	tcase_add_test(t, refused_addresses);
	suite_add_tcase(s, t);
	return check_main(s);
}
