#include "relay/net/stream.h"

#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

#include <openssl/ssl.h>

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

static size_t expected;

static bool server_has_all(const struct ends *p)
{
	return p->server.got.len >= expected;
}

static bool client_has_all(const struct ends *p)
{
	return p->client.got.len >= expected;
}

static char *pattern(size_t size)
{
	char *bytes = malloc(size);
	ck_assert_ptr_nonnull(bytes);
	for (size_t i = 0; i < size; i++) {
		bytes[i] = (char)(i * 31 + i / 251);
	}
	return bytes;
}

/* Every size, both ways of transport, several ways of reading: all bytes arrive, in order. */

static const struct {
	const char *name;
	bool tls;
	size_t size;
	size_t bite;
	bool lazy;
} transfers[] = {
	{"one byte in the clear", false, 1, 0, false},
	{"one byte under TLS", true, 1, 0, false},
	{"a full record", true, 16384, 0, false},
	{"a record and a byte", true, 16385, 0, false},
	{"one record in small bites: TLS holds the rest", true, 16384, 100, true},
	{"seventeen records in bites that fit none", true, 17 * 16384 + 5, 4097, true},
	{"small bites until AGAIN", true, 100000, 7, false},
	{"more than the socket takes, in the clear", false, 8 * 1024 * 1024, 0, false},
	{"more than the socket takes, under TLS", true, 8 * 1024 * 1024, 0, false},
	{"more than the socket takes, a lazy reader", true, 4 * 1024 * 1024, 0, true},
	{"more than the socket takes, a lazy reader with small bites", true, 1024 * 1024, 999,
	 true},
};

START_TEST(test_transfer)
{
	char *bytes = pattern(transfers[_i].size);
	expected = transfers[_i].size;
	open_pair(transfers[_i].tls);
	ends.server.bite = transfers[_i].bite;
	ends.server.lazy = transfers[_i].lazy;
	ends_send(&ends.client, slice_of(bytes, expected));
	ck_assert_msg(ends_run(&ends, server_has_all), "%s: stalled", transfers[_i].name);
	ck_assert(slice_eq(buf_view(&ends.server.got), slice_of(bytes, expected)));
	/* And back. */
	ends_send(&ends.server, slice_of(bytes, expected));
	ck_assert_msg(ends_run(&ends, client_has_all), "%s: stalled", transfers[_i].name);
	ck_assert(slice_eq(buf_view(&ends.client.got), slice_of(bytes, expected)));
	free(bytes);
}
END_TEST

/* Both ends write at once, far more than the sockets hold. */

static bool both_have_all(const struct ends *p)
{
	return p->client.got.len >= expected && p->server.got.len >= expected;
}

START_TEST(test_full_duplex)
{
	expected = 4 * 1024 * 1024;
	char *bytes = pattern(expected);
	open_pair(_i == 1);
	ends_send(&ends.client, slice_of(bytes, expected));
	ends_send(&ends.server, slice_of(bytes, expected));
	ck_assert(ends_run(&ends, both_have_all));
	ck_assert(slice_eq(buf_view(&ends.server.got), slice_of(bytes, expected)));
	ck_assert(slice_eq(buf_view(&ends.client.got), slice_of(bytes, expected)));
	free(bytes);
}
END_TEST

/* Bytes wait while nobody wants them, and are told as soon as somebody does. */

START_TEST(test_want_off_and_on)
{
	static const char text[] = "held back";
	open_pair(true);
	expected = 5;
	ends.server.bite = 5;
	ends.server.lazy = true;
	ends_send(&ends.client, slice_of(text, 9));
	ck_assert(ends_run(&ends, server_has_all));
	/* Four bytes are inside TLS now; the socket has none. */
	stream_want(ends.server.stream, false, false);
	ends_send(&ends.server, slice_of(text, 4));
	stream_want(ends.server.stream, false, true);
	expected = 4;
	ck_assert(ends_run(&ends, client_has_all));
	ends.server.bite = 0;
	expected = 9;
	stream_want(ends.server.stream, true, false);
	ck_assert(ends_run(&ends, server_has_all));
	ck_assert(slice_eq(buf_view(&ends.server.got), slice_of(text, 9)));
}
END_TEST

/* The end: what came before it is read, then it is told, once. */

START_TEST(test_orderly_end)
{
	static const char text[] = "last words";
	open_pair(_i == 1);
	expected = 0;
	size_t n;
	ck_assert_int_eq(stream_write(ends.client.stream, slice_of(text, 10), &n), STREAM_MOVED);
	stream_finish(ends.client.stream);
	ends.server.bite = 3;
	ends.server.lazy = true;
	ends.server.frees_at_end = true;
	ck_assert(ends_run(&ends, ends_server_over));
	ck_assert_int_eq(ends.server.last, 'E');
	ck_assert(slice_eq(buf_view(&ends.server.got), slice_of(text, 10)));
	/* The other direction ends as well when the server has closed. */
	ck_assert(ends_run(&ends, ends_client_over));
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

/* relay.md B11: the peer answers and resets while we still write; its answer is read before the failure is told. */

START_TEST(test_last_words_of_a_reset)
{
	const struct linger at_once = {.l_onoff = 1, .l_linger = 0};
	static const char answer[] = "552 too large\r\n";
	expected = 16 * 1024 * 1024;
	char *bytes = pattern(expected);
	int fd = ends_open_raw(&ends, NULL);
	ck_assert_int_eq(write(fd, answer, 15), 15);
	setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
	close(fd);
	ends.server.readies = 0;
	ends_send(&ends.server, slice_of(bytes, expected));
	ck_assert(ends_run(&ends, ends_server_over));
	ck_assert_int_eq(ends.server.last, 'F');
	ck_assert_int_eq(ends.server.fault, FAULT_UPSTREAM_LOST);
	ck_assert(slice_eq(buf_view(&ends.server.got), slice_of(answer, 15)));
	free(bytes);
}
END_TEST

START_TEST(test_write_lost_without_reader)
{
	expected = 4 * 1024 * 1024;
	char *bytes = pattern(expected);
	open_pair(true);
	stream_free(&ends.client.stream);
	ends.server.to_send = slice_of(bytes, expected);
	stream_want(ends.server.stream, false, true);
	ck_assert(ends_run(&ends, ends_server_over));
	ck_assert_int_eq(ends.server.last, 'F');
	free(bytes);
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

/* The deadline, in each phase. */

START_TEST(test_late_in_handshake)
{
	int fd = ends_open_raw_server(&ends, client_tls, SLICE_LIT("localhost"));
	ends.client.frees_at_end = true;
	stream_deadline(ends.client.stream, 20);
	ck_assert(ends_run(&ends, ends_client_over));
	ck_assert_int_eq(ends.client.last, 'L');
	ck_assert_uint_eq(ends.client.readies, 0);
	close(fd);
}
END_TEST

START_TEST(test_late_as_server)
{
	int fd = ends_open_raw(&ends, server_tls);
	stream_deadline(ends.server.stream, 20);
	ck_assert(ends_run(&ends, ends_server_over));
	ck_assert_int_eq(ends.server.last, 'L');
	ck_assert_int_eq(ends.server.fault, FAULT_DEADLINE);
	close(fd);
}
END_TEST

START_TEST(test_late_when_open)
{
	open_pair(_i == 1);
	stream_deadline(ends.server.stream, 5);
	stream_deadline(ends.server.stream, 0); /* taken back */
	stream_deadline(ends.client.stream, 30);
	ck_assert(ends_run(&ends, ends_client_over));
	ck_assert_int_eq(ends.client.last, 'L');
	ck_assert_int_eq(ends.server.last, '\0');
}
END_TEST

START_TEST(test_late_while_writing)
{
	expected = 16 * 1024 * 1024;
	char *bytes = pattern(expected);
	open_pair(_i == 1);
	stream_want(ends.server.stream, false, false);
	ends_send(&ends.client, slice_of(bytes, expected));
	stream_deadline(ends.client.stream, 50);
	ck_assert(ends_run(&ends, ends_client_over));
	ck_assert_int_eq(ends.client.last, 'L');
	ck_assert_uint_gt(ends.client.to_send.len, 0);
	free(bytes);
}
END_TEST

START_TEST(test_connection_refused)
{
	struct address at;
	close(ends_listen(&at));
	struct ends *p = &ends;
	/* The port was free a moment ago, and nobody listens on it. */
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	ck_assert_int_eq(connect(fd, (const struct sockaddr *)&at.sockaddr, at.len), -1);
	close(fd);
	ends_connect(p, &at, NULL, (struct slice){0});
	ck_assert(ends_run(p, ends_client_over));
	ck_assert_int_eq(p->client.last, 'F');
	ck_assert_int_eq(p->client.fault, FAULT_UPSTREAM_DOWN);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("relay/net/stream");
	TCase *t = tcase_create("stream");
	tcase_set_timeout(t, 60);
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_loop_test(t, test_transfer, 0, COUNT_OF(transfers));
	tcase_add_loop_test(t, test_full_duplex, 0, 2);
	tcase_add_test(t, test_want_off_and_on);
	tcase_add_loop_test(t, test_orderly_end, 0, 2);
	tcase_add_test(t, test_truncated_tls);
	tcase_add_test(t, test_last_words_of_a_reset);
	tcase_add_test(t, test_write_lost_without_reader);
	tcase_add_loop_test(t, test_certificate, 0, COUNT_OF(certificates));
	tcase_add_test(t, test_unknown_authority);
	tcase_add_loop_test(t, test_bad_host, 0, COUNT_OF(bad_hosts));
	tcase_add_test(t, test_start_tls);
	tcase_add_test(t, test_start_tls_after_injection);
	tcase_add_loop_test(t, test_bad_server, 0, COUNT_OF(bad_servers));
	tcase_add_loop_test(t, test_client_version, 0, COUNT_OF(clients));
	tcase_add_test(t, test_late_in_handshake);
	tcase_add_test(t, test_late_as_server);
	tcase_add_loop_test(t, test_late_when_open, 0, 2);
	tcase_add_loop_test(t, test_late_while_writing, 0, 2);
	tcase_add_test(t, test_connection_refused);
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	return check_main(suite());
}
