#include "relay/net/stream.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <openssl/pem.h>
#include <openssl/ssl.h>

#include "spool-free/base/digest.h"
#include "relay/net/tls_private.h"
#include "tests/support/certs.h"
#include "tests/support/check_main.h"
#include "tests/support/ends.h"

static struct certs certs;
static struct tls_context *server_tls; /* a leaf for localhost */
static struct tls_context *client_tls; /* trusts the throw-away authority */
static struct ends ends;

static struct tls_context *server_for(const struct cert_spec *spec)
{
	struct cert_pair pair;
	struct tls_context *tls;
	certs_leaf(&certs, spec, &pair);
	ck_assert_int_eq(tls_context_server_new(pair.cert_file, pair.key_file, &tls, NULL),
			 FAULT_NONE);
	return tls;
}

static void setup(void)
{
	certs_init(&certs);
	server_tls = server_for(&(struct cert_spec){.host = "localhost"});
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

static void open_pair(bool tls)
{
	ends_open(&ends, tls ? server_tls : NULL, tls ? client_tls : NULL, SLICE_LIT("localhost"));
	ck_assert(ends_run(&ends, ends_both_ready));
}

struct binding {
	struct slice type;
	size_t len;
	unsigned char bytes[STREAM_BINDING_MAX];
};

static struct binding binding_of(const struct end *e)
{
	struct binding b = {.len = 0};
	b.type = stream_binding(e->stream, b.bytes, &b.len);
	return b;
}

static bool same(const struct binding *a, const struct binding *b)
{
	return slice_eq(slice_of(a->bytes, a->len), slice_of(b->bytes, b->len));
}

START_TEST(test_exporter_names_the_session)
{
	open_pair(true);
	struct binding client = binding_of(&ends.client);
	struct binding server = binding_of(&ends.server);
	ck_assert(slice_eq(client.type, SLICE_LIT("tls-exporter")));
	ck_assert(slice_eq(server.type, client.type));
	ck_assert_uint_eq(client.len, 32);
	ck_assert(same(&client, &server));
	ends_deinit(&ends);
	ends_init(&ends);
	open_pair(true);
	struct binding another = binding_of(&ends.client);
	ck_assert_uint_eq(another.len, 32);
	ck_assert(!same(&client, &another));
}
END_TEST

static void digest_leaf(const char *cert_file, unsigned char out[DIGEST_LEN])
{
	unsigned char *der = NULL;
	FILE *f = fopen(cert_file, "r");
	ck_assert_ptr_nonnull(f);
	X509 *leaf = PEM_read_X509(f, NULL, NULL, NULL);
	fclose(f);
	int len = i2d_X509(leaf, &der);
	ck_assert_int_gt(len, 0);
	digest_sha256(slice_of(der, (size_t)len), out);
	OPENSSL_free(der);
	X509_free(leaf);
}

START_TEST(test_certificate_names_an_older_session)
{
	struct cert_pair pair;
	unsigned char expected[DIGEST_LEN];
	certs_leaf(&certs, &(struct cert_spec){.host = "localhost"}, &pair);
	tls_context_free(&server_tls);
	ck_assert_int_eq(tls_context_server_new(pair.cert_file, pair.key_file, &server_tls, NULL),
			 FAULT_NONE);
	ck_assert_int_eq(SSL_CTX_set_max_proto_version(server_tls->ctx, TLS1_2_VERSION), 1);
	open_pair(true);
	struct binding client = binding_of(&ends.client);
	struct binding server = binding_of(&ends.server);
	ck_assert(slice_eq(client.type, SLICE_LIT("tls-server-end-point")));
	ck_assert(slice_eq(server.type, client.type));
	ck_assert(same(&client, &server));
	digest_leaf(pair.cert_file, expected);
	ck_assert_uint_eq(client.len, DIGEST_LEN);
	ck_assert_mem_eq(client.bytes, expected, DIGEST_LEN);
}
END_TEST

START_TEST(test_nothing_names_a_connection_in_the_clear)
{
	open_pair(false);
	struct binding b = binding_of(&ends.client);
	ck_assert_uint_eq(b.type.len, 0);
}
END_TEST

START_TEST(test_truncated_tls)
{
	open_pair(true);
	stream_free(&ends.client.stream);
	ck_assert(ends_run(&ends, ends_server_over));
	ck_assert_int_eq(ends.server.last, 'F');
	ck_assert_int_eq(ends.server.fault, FAULT_UPSTREAM_LOST);
	size_t n;
	char byte;
	ck_assert_int_eq(stream_read(ends.server.stream, &byte, 1, &n), STREAM_OVER);
	ck_assert_int_eq(stream_write(ends.server.stream, SLICE_LIT("x"), &n), STREAM_OVER);
}
END_TEST

/* Certificates: what is wrong is told apart, and nothing wrong passes. */

static const struct {
	const char *name;
	struct cert_spec spec;
	const char *host;
	const char *trouble; /* NULL: passes */
} certificates[] = {
	{"right name", {.host = "localhost"}, "localhost", NULL},
	{"right name in other letters", {.host = "LocalHost"}, "LOCALHOST", NULL},
	{"right name with the root's dot", {.host = "localhost"}, "localhost.", NULL},
	{"right address", {.host = "127.0.0.1"}, "127.0.0.1", NULL},
	{"right IPv6 address", {.host = "::1"}, "::1", NULL},
	{"wildcard for one label", {.host = "*.example.net"}, "mail.example.net", NULL},
	{"wildcard is not for two labels",
	 {.host = "*.example.net"},
	 "a.mail.example.net",
	 "the certificate is for another name"},
	{"wildcard is not for the domain itself",
	 {.host = "*.example.net"},
	 "example.net",
	 "the certificate is for another name"},
	{"partial wildcard",
	 {.host = "m*.example.net"},
	 "mail.example.net",
	 "the certificate is for another name"},
	{"wrong name",
	 {.host = "mail.example.net"},
	 "localhost",
	 "the certificate is for another name"},
	{"name instead of address",
	 {.host = "localhost"},
	 "127.0.0.1",
	 "the certificate is for another address"},
	{"address instead of name",
	 {.host = "127.0.0.1"},
	 "localhost",
	 "the certificate is for another name"},
	{"another address",
	 {.host = "127.0.0.2"},
	 "127.0.0.1",
	 "the certificate is for another address"},
	{"expired",
	 {.host = "localhost", .begins_days = -20, .ends_days = -1},
	 "localhost",
	 "the certificate has expired"},
	{"not valid yet",
	 {.host = "localhost", .begins_days = 2, .ends_days = 20},
	 "localhost",
	 "the certificate is not valid yet"},
	{"self-signed",
	 {.host = "localhost", .self_signed = true},
	 "localhost",
	 "the certificate is self-signed"},
};

START_TEST(test_certificate)
{
	struct tls_context *tls = server_for(&certificates[_i].spec);
	ends_open(&ends, tls, client_tls, slice_of_text(certificates[_i].host));
	if (certificates[_i].trouble == NULL) {
		ck_assert_msg(ends_run(&ends, ends_both_ready), "%s", certificates[_i].name);
		ck_assert_str_eq(ends.client.version, "TLSv1.3");
	} else {
		ck_assert_msg(ends_run(&ends, ends_client_over), "%s", certificates[_i].name);
		ck_assert_int_eq(ends.client.last, 'F');
		ck_assert_int_eq(ends.client.fault, FAULT_UPSTREAM_CERT);
		ck_assert_str_eq(ends.client.trouble, certificates[_i].trouble);
		ck_assert_uint_eq(ends.client.readies, 0);
	}
	tls_context_free(&tls);
}
END_TEST

START_TEST(test_unknown_authority)
{
	struct certs other;
	struct tls_context *tls;
	certs_init(&other);
	ck_assert_int_eq(tls_context_client_new(other.ca_file, (struct slice){0}, &tls, NULL),
			 FAULT_NONE);
	ends_open(&ends, server_tls, tls, SLICE_LIT("localhost"));
	ck_assert(ends_run(&ends, ends_client_over));
	ck_assert_int_eq(ends.client.fault, FAULT_UPSTREAM_CERT);
	ck_assert_str_eq(ends.client.trouble, "the certificate comes from an unknown authority");
	ck_assert(ends_run(&ends, ends_server_over));
	ck_assert_str_eq(ends.server.trouble, "the peer does not trust our certificate");
	tls_context_free(&tls);
	certs_deinit(&other);
}
END_TEST

static const struct {
	const char *name;
	const char *host;
	size_t len;
} bad_hosts[] = {
	{"empty", "", 0},
	{"a dot alone", ".", 1},
	{"NUL inside: the name would end there", "localhost\0.example.net", 21},
};

START_TEST(test_bad_host)
{
	ends_open(&ends, server_tls, client_tls, slice_of(bad_hosts[_i].host, bad_hosts[_i].len));
	ck_assert_msg(ends_run(&ends, ends_client_over), "%s", bad_hosts[_i].name);
	ck_assert_int_eq(ends.client.last, 'F');
	ck_assert_uint_eq(ends.client.readies, 0);
}
END_TEST

/* STARTTLS on both sides of an open connection. */

START_TEST(test_start_tls)
{
	open_pair(false);
	ck_assert_str_eq(stream_tls_version(ends.client.stream), "");
	ck_assert_int_eq(stream_start_tls(ends.server.stream, server_tls, (struct slice){0}),
			 FAULT_NONE);
	ck_assert_int_eq(stream_start_tls(ends.client.stream, client_tls, SLICE_LIT("localhost")),
			 FAULT_NONE);
	ends.server.readies = 0;
	ends.client.readies = 0;
	ck_assert(ends_run(&ends, ends_both_ready));
	ck_assert_str_eq(stream_tls_version(ends.client.stream), "TLSv1.3");
}
END_TEST

/* Pins: besides all else that is verified. Letters: = the peer's key, x another. */

static const struct {
	const char *pins;
	const char *host;
	const char *trouble; /* NULL: passes */
} pinned[] = {
	{"", "localhost", NULL},
	{"=", "localhost", NULL},
	{"=x", "localhost", NULL},
	{"x=", "localhost", NULL},
	{"x", "localhost", "the certificate's key is none of those that are pinned"},
	{"xx", "localhost", "the certificate's key is none of those that are pinned"},
	{"=", "127.0.0.1", "the certificate is for another address"},
	{"x", "127.0.0.1", "the certificate is for another address"},
};

static void key_of_server(unsigned char out_key[DIGEST_LEN])
{
	struct tls_facts facts;
	open_pair(true);
	ck_assert(stream_tls_facts(ends.client.stream, &facts));
	memcpy(out_key, facts.key, DIGEST_LEN);
	ends_deinit(&ends);
	ends_init(&ends);
}

START_TEST(test_pins)
{
	struct tls_pins pins = {.count = strlen(pinned[_i].pins)};
	for (size_t i = 0; i < pins.count; i++) {
		key_of_server(pins.keys[i]);
		pins.keys[i][DIGEST_LEN - 1] ^= pinned[_i].pins[i] == 'x';
	}
	open_pair(false);
	stream_expect_pins(ends.client.stream, &pins);
	ck_assert_int_eq(stream_start_tls(ends.server.stream, server_tls, (struct slice){0}),
			 FAULT_NONE);
	ck_assert_int_eq(
		stream_start_tls(ends.client.stream, client_tls, slice_of_text(pinned[_i].host)),
		FAULT_NONE);
	ends.server.readies = 0;
	ends.client.readies = 0;
	if (pinned[_i].trouble == NULL) {
		ck_assert(ends_run(&ends, ends_both_ready));
		return;
	}
	ck_assert(ends_run(&ends, ends_client_over));
	ck_assert_int_eq(ends.client.fault, FAULT_UPSTREAM_CERT);
	ck_assert_str_eq(ends.client.trouble, pinned[_i].trouble);
	ck_assert_uint_eq(ends.client.readies, 0);
	struct tls_facts facts;
	ck_assert(stream_tls_facts(ends.client.stream, &facts));
	ck_assert(facts.has_certificate && !facts.trusted);
	ck_assert_str_eq(facts.trouble, pinned[_i].trouble);
}
END_TEST

static bool client_ready(const struct ends *p)
{
	return p->client.readies > 0;
}

START_TEST(test_start_tls_after_injection)
{
	int fd = ends_open_raw_server(&ends, NULL, (struct slice){0});
	ck_assert(ends_run(&ends, client_ready));
	stream_want(ends.client.stream, false, false);
	ck_assert_int_eq(write(fd, "250 injected\r\n", 14), 14);
	ck_assert_int_eq(stream_start_tls(ends.client.stream, client_tls, SLICE_LIT("localhost")),
			 FAULT_UPSTREAM_PROTOCOL);
	close(fd);
}
END_TEST

/* Peers that misbehave in the handshake. */

static const struct {
	const char *name;
	struct slice says;
	const char *trouble;
} bad_servers[] = {
	{"closes", SLICE_INIT(""), "the peer closed the connection during the handshake"},
	{"greets in the clear", SLICE_INIT("220 mail ESMTP\r\n"),
	 "the peer did not answer with TLS"},
	{"half a record", SLICE_INIT("\x16\x03\x03\x00"),
	 "the peer closed the connection during the handshake"},
	{"an alert", SLICE_INIT("\x15\x03\x03\x00\x02\x02\x28"),
	 "the peer has no cipher suite in common with us"},
};

START_TEST(test_bad_server)
{
	int fd = ends_open_raw_server(&ends, client_tls, SLICE_LIT("localhost"));
	struct slice says = bad_servers[_i].says;
	ck_assert_int_eq(write(fd, says.ptr, says.len), (ssize_t)says.len);
	shutdown(fd, SHUT_WR);
	ck_assert_msg(ends_run(&ends, ends_client_over), "%s", bad_servers[_i].name);
	ck_assert_int_eq(ends.client.last, 'F');
	ck_assert_int_eq(ends.client.fault, FAULT_UPSTREAM_TLS);
	ck_assert_str_eq(ends.client.trouble, bad_servers[_i].trouble);
	close(fd);
}
END_TEST

/* Clients of other TLS versions, on a thread of their own. */

struct old_client {
	int fd;
	int version;
	const char *alpn; /* with its length byte; NULL: none */
	bool connected;
};

static void *run_old_client(void *ctx)
{
	struct old_client *c = ctx;
	SSL_CTX *tls = SSL_CTX_new(TLS_client_method());
	SSL_CTX_set_security_level(tls, 0);
	SSL_CTX_set_min_proto_version(tls, TLS1_VERSION);
	SSL_CTX_set_max_proto_version(tls, c->version);
	SSL *ssl = SSL_new(tls);
	SSL_set_fd(ssl, c->fd);
	if (c->alpn != NULL) {
		SSL_set_alpn_protos(ssl, (const unsigned char *)c->alpn, (unsigned)strlen(c->alpn));
	}
	c->connected = SSL_connect(ssl) == 1;
	if (c->connected) {
		/* In TLS 1.3 a refusal of the server shows with the first read only. */
		char byte;
		SSL_read(ssl, &byte, 1);
		SSL_shutdown(ssl);
	}
	close(c->fd);
	SSL_free(ssl);
	SSL_CTX_free(tls);
	return NULL;
}

static const struct {
	const char *name;
	int version;
	const char *alpn;
	const char *seen; /* version, or NULL when the server refuses */
} clients[] = {
	{"TLS 1.0", TLS1_VERSION, NULL, NULL},
	{"TLS 1.1", TLS1_1_VERSION, NULL, NULL},
	{"TLS 1.2", TLS1_2_VERSION, NULL, "TLSv1.2"},
	{"TLS 1.3", TLS1_3_VERSION, NULL, "TLSv1.3"},
	{"ALPN http/1.1", TLS1_3_VERSION, "\x08http/1.1", "TLSv1.3"},
	{"ALPN h2 and http/1.1", TLS1_3_VERSION, "\x02h2\x08http/1.1", "TLSv1.3"},
	{"ALPN h2 only", TLS1_3_VERSION, "\x02h2", NULL},
	{"ALPN smtp (a client led astray)", TLS1_2_VERSION, "\x04smtp", NULL},
};

static bool server_ready_or_over(const struct ends *p)
{
	return p->server.readies > 0 || p->server.last != '\0';
}

START_TEST(test_client_version)
{
	pthread_t thread;
	struct old_client c = {.version = clients[_i].version, .alpn = clients[_i].alpn};
	c.fd = ends_open_raw(&ends, server_tls);
	ck_assert_int_eq(pthread_create(&thread, NULL, run_old_client, &c), 0);
	ck_assert_msg(ends_run(&ends, server_ready_or_over), "%s", clients[_i].name);
	if (clients[_i].seen != NULL) {
		ck_assert_uint_eq(ends.server.readies, 1);
		ck_assert_str_eq(ends.server.version, clients[_i].seen);
	} else {
		ck_assert_int_eq(ends.server.last, 'F');
		ck_assert_int_eq(ends.server.fault, FAULT_UPSTREAM_TLS);
		ck_assert_uint_eq(ends.server.readies, 0);
	}
	stream_free(&ends.server.stream);
	pthread_join(thread, NULL);
	if (clients[_i].seen == NULL) {
		ck_assert(!c.connected);
	}
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("relay/net/stream_tls");
	TCase *t = tcase_create("stream_tls");
	tcase_set_timeout(t, 60);
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, test_exporter_names_the_session);
	tcase_add_test(t, test_certificate_names_an_older_session);
	tcase_add_test(t, test_nothing_names_a_connection_in_the_clear);
	tcase_add_test(t, test_truncated_tls);
	tcase_add_loop_test(t, test_certificate, 0, COUNT_OF(certificates));
	tcase_add_test(t, test_unknown_authority);
	tcase_add_loop_test(t, test_bad_host, 0, COUNT_OF(bad_hosts));
	tcase_add_test(t, test_start_tls);
	tcase_add_loop_test(t, test_pins, 0, COUNT_OF(pinned));
	tcase_add_test(t, test_start_tls_after_injection);
	tcase_add_loop_test(t, test_bad_server, 0, COUNT_OF(bad_servers));
	tcase_add_loop_test(t, test_client_version, 0, COUNT_OF(clients));
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	return check_main(suite());
}
