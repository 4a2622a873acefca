#include "relay/net/throwaway.h"

#include <unistd.h>

#include "relay/net/tls.h"
#include "tests/support/certs.h"
#include "tests/support/check_main.h"

START_TEST(test_leaf_serves)
{
	struct certs c;
	struct cert_pair pair;
	struct tls_context *server = NULL;
	struct tls_context *client = NULL;
	struct problem problem = {0};
	certs_init(&c);
	certs_leaf(&c, &(struct cert_spec){.host = "localhost"}, &pair);
	ck_assert_int_eq(tls_context_server_new(pair.cert_file, pair.key_file, &server, &problem),
			 FAULT_NONE);
	ck_assert_int_eq(tls_context_client_new(c.ca_file, (struct slice){0}, &client, &problem),
			 FAULT_NONE);
	tls_context_free(&server);
	tls_context_free(&client);
	certs_deinit(&c);
	ck_assert_int_ne(access(pair.cert_file, F_OK), 0);
}
END_TEST

START_TEST(test_no_folder)
{
	struct throwaway *t = NULL;
	ck_assert_int_eq(throwaway_new("/nonexistent-folder/ca.pem", &t), FAULT_SYSTEM);
	ck_assert_ptr_null(t);
}
END_TEST

START_TEST(test_too_many_hosts)
{
	struct certs c;
	const char *hosts[200];
	certs_init(&c);
	for (size_t i = 0; i < COUNT_OF(hosts); i++) {
		hosts[i] = "host.example.org";
	}
	const struct throwaway_leaf leaf = {.hosts = hosts,
					    .host_count = COUNT_OF(hosts),
					    .cert_file = "/nonexistent-folder/a",
					    .key_file = "/nonexistent-folder/b"};
	ck_assert_int_eq(throwaway_write(c.authority, &leaf), FAULT_NO_MEMORY);
	certs_deinit(&c);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("throwaway");
	TCase *t = tcase_create("authority");
	tcase_add_test(t, test_leaf_serves);
	tcase_add_test(t, test_no_folder);
	tcase_add_test(t, test_too_many_hosts);
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	return check_main(suite());
}
