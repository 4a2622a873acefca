#include "relay/net/tls_facts.h"

#include <string.h>

#include "tests/support/certs.h"
#include "tests/support/check_main.h"
#include "tests/support/ends.h"

static struct certs certs;
static struct tls_context *server_tls, *client_tls;
static struct ends ends;

static void serve(const struct cert_spec *spec)
{
	struct cert_pair pair;
	certs_leaf(&certs, spec, &pair);
	ck_assert_int_eq(tls_context_server_new(pair.cert_file, pair.key_file, &server_tls, NULL),
			 FAULT_NONE);
}

static void setup(void)
{
	certs_init(&certs);
	ck_assert_int_eq(
		tls_context_client_new(certs.ca_file, (struct slice){0}, &client_tls, NULL),
		FAULT_NONE);
	ends_init(&ends);
}

static void teardown(void)
{
	ends_deinit(&ends);
	tls_context_free(&server_tls);
	tls_context_free(&client_tls);
	certs_deinit(&certs);
}

static const struct {
	const char *name;
	struct cert_spec spec;
	const char *host;
	const char *names;
	const char *trouble; /* "": trusted */
} rows[] = {
	{"a name", {.host = "localhost"}, "localhost", "localhost", ""},
	{"an address", {.host = "127.0.0.1"}, "127.0.0.1", "127.0.0.1", ""},
	{"an IPv6 address", {.host = "::1"}, "::1", "::1", ""},
	{"another name",
	 {.host = "mail.example.net"},
	 "localhost",
	 "mail.example.net",
	 "the certificate is for another name"},
	{"expired",
	 {.host = "localhost", .begins_days = -20, .ends_days = -1},
	 "localhost",
	 "localhost",
	 "the certificate has expired"},
	{"self-signed",
	 {.host = "localhost", .self_signed = true},
	 "localhost",
	 "localhost",
	 "the certificate is self-signed"},
	{"a direction that turns and a line of its own",
	 {.host = "mail\xE2\x80\xAE.example\x1b.net"},
	 "localhost",
	 "mail?.example?.net",
	 "the certificate is for another name"},
};

START_TEST(test_facts)
{
	struct tls_facts facts;
	serve(&rows[_i].spec);
	ends_open(&ends, server_tls, client_tls, slice_of_text(rows[_i].host));
	bool trusted = rows[_i].trouble[0] == '\0';
	ck_assert_msg(ends_run(&ends, trusted ? ends_both_ready : ends_client_over), "%s",
		      rows[_i].name);
	ck_assert(stream_tls_facts(ends.client.stream, &facts));
	ck_assert_str_eq(facts.protocol, "TLSv1.3");
	ck_assert_msg(strncmp(facts.cipher, "TLS_", 4) == 0, "%s: %s", rows[_i].name, facts.cipher);
	ck_assert(facts.has_certificate);
	ck_assert_str_eq(facts.subject, "leaf");
	ck_assert_msg(strcmp(facts.names, rows[_i].names) == 0, "%s: %s", rows[_i].name,
		      facts.names);
	ck_assert_str_ne(facts.issuer, "");
	ck_assert_int_gt(facts.ends, facts.begins);
	ck_assert_int_gt(facts.begins, 1700000000);
	ck_assert_int_eq(facts.trusted, trusted);
	ck_assert_str_eq(facts.trouble, rows[_i].trouble);
	ck_assert(!stream_tls_facts(ends.server.stream, &facts));
}
END_TEST

START_TEST(test_none_in_the_clear)
{
	struct tls_facts facts;
	ends_open(&ends, NULL, NULL, SLICE_LIT("localhost"));
	ck_assert(ends_run(&ends, ends_both_ready));
	ck_assert(!stream_tls_facts(ends.client.stream, &facts));
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("relay/net/tls_facts");
	TCase *t = tcase_create("tls_facts");
	tcase_set_timeout(t, 60);
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_loop_test(t, test_facts, 0, COUNT_OF(rows));
	tcase_add_test(t, test_none_in_the_clear);
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	return check_main(suite());
}
