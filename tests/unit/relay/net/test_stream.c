#include "relay/net/stream.h"

#include <stdlib.h>
#include <unistd.h>

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

/* All of it before the client looked for the first time. */
START_TEST(test_last_words_of_a_reset_at_once)
{
	const struct linger at_once = {.l_onoff = 1};
	int fd = ends_open_raw_server(&ends, NULL, (struct slice){0});
	ck_assert_int_eq(write(fd, "554 no\r\n", 8), 8);
	ck_assert_int_eq(setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once)), 0);
	close(fd);
	ck_assert(ends_run(&ends, ends_client_over));
	ck_assert_uint_eq(ends.client.readies, 1);
	ck_assert(slice_eq(buf_view(&ends.client.got), SLICE_LIT("554 no\r\n")));
	ck_assert_int_eq(ends.client.fault, FAULT_UPSTREAM_LOST);
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
	tcase_add_test(t, test_last_words_of_a_reset);
	tcase_add_test(t, test_last_words_of_a_reset_at_once);
	tcase_add_test(t, test_write_lost_without_reader);
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
