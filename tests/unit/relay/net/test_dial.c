#include "relay/net/dial.h"

#include <netinet/in.h>
#include <unistd.h>

#include "relay/net/listen.h"
#include "tests/support/certs.h"
#include "tests/support/check_main.h"
#include "tests/support/ends.h"

static struct loop *loop;
static struct dialer *dialer;
static struct certs certs;
static struct tls_context *server_tls, *client_tls;
static struct listener *listener;
static struct stream *served;
static const struct tls_context *serve_with; /* NULL: in the clear */
static bool serves;			     /* false: accepts and says nothing */
static int silent_fd;

static enum fault got_fault;
static const char *got_trouble;
static struct stream *got_stream;
static unsigned got_calls;

/* Names of the suite: what stands before .test, "-" between its addresses with _ for dots, x for colons; all else is the system's. */
static unsigned asked; /* times a name was looked up */

static void resolve(const char *name, uint16_t port, struct address_list *out_list)
{
	struct slice rest = slice_of_text(name);
	struct slice one;
	asked++;
	if (!slice_ends(rest, SLICE_LIT(".test"))) {
		resolve_look_up(name, port, out_list);
		return;
	}
	rest = slice_first(rest, rest.len - 5);
	while (rest.len > 0 && out_list->count < RESOLVE_ADDRESSES_MAX) {
		char text[64] = "";
		bool more = slice_cut_to(&rest, '-', &one);
		one = more ? one : rest;
		rest = more ? rest : SLICE_LIT("");
		ck_assert_uint_lt(one.len, sizeof(text));
		for (size_t i = 0; i < one.len; i++) {
			char c = one.ptr[i];
			text[i] = (char)(c == '_' ? '.' : c == 'x' ? ':' : c);
		}
		ck_assert(resolve_literal(text, port, &out_list->addresses[out_list->count++]));
	}
}

static void on_served(void *owner, enum stream_event event)
{
	(void)owner;
	if (event == STREAM_ENDED || event == STREAM_FAILED || event == STREAM_LATE) {
		stream_free(&served);
	}
}

static void on_accept(void *owner, int fd, const struct address *peer)
{
	(void)owner;
	(void)peer;
	if (!serves) {
		silent_fd = fd;
		return;
	}
	ck_assert_int_eq(stream_accept(loop, fd, serve_with, on_served, NULL, &served), FAULT_NONE);
}

static void on_dial(void *owner, enum fault f, const char *trouble, struct stream *s)
{
	got_calls++;
	got_fault = f;
	got_trouble = trouble;
	got_stream = s;
	*(struct dial **)owner = NULL;
	loop_stop(loop);
}

static void setup(void)
{
	static const char *const ranges[] = {"127.0.0.0/8", "::1"};
	uint16_t ports[2] = {0};
	struct cert_pair pair;
	ck_assert_int_eq(loop_new(&loop), FAULT_NONE);
	certs_init(&certs);
	certs_leaf(&certs, &(struct cert_spec){.host = "localhost"}, &pair);
	ck_assert_int_eq(tls_context_server_new(pair.cert_file, pair.key_file, &server_tls, NULL),
			 FAULT_NONE);
	ck_assert_int_eq(
		tls_context_client_new(certs.ca_file, (struct slice){0}, &client_tls, NULL),
		FAULT_NONE);
	ck_assert_int_eq(listener_new(loop, &(struct listener_params){.address = "127.0.0.1"},
				      on_accept, NULL, &listener, NULL),
			 FAULT_NONE);
	ports[0] = listener_port(listener);
	ports[1] = 1; /* nobody listens there */
	ck_assert_int_eq(dialer_new(&(struct dialer_params){.allowed_ranges = ranges,
							    .allowed_range_count = 2,
							    .allowed_ports = ports,
							    .allowed_port_count = 2,
							    .resolve = resolve},
				    &dialer, NULL),
			 FAULT_NONE);
	serves = true;
	serve_with = NULL;
	got_calls = 0;
	silent_fd = -1;
	asked = 0;
}

static void teardown(void)
{
	stream_free(&got_stream);
	stream_free(&served);
	listener_free(&listener);
	dialer_free(&dialer);
	tls_context_free(&server_tls);
	tls_context_free(&client_tls);
	certs_deinit(&certs);
	loop_free(&loop);
}

static struct dial *dial(const char *host, uint16_t port, const struct tls_context *tls)
{
	static struct dial *d;
	const struct dial_params params = {
		.loop = loop,
		.host = slice_of_text(host),
		.port = port,
		.tls = tls,
		.connect_ms = 10000,
		.handshake_ms = 10000,
	};
	ck_assert_int_eq(dial_start(dialer, &params, on_dial, &d, &d), FAULT_NONE);
	ck_assert_uint_eq(got_calls, 0);
	return d;
}

static const struct {
	const char *host;
	bool tls;
} good[] = {
	{"127.0.0.1", false},
	{"localhost",
	 false}, /* ::1 is refused where nobody listens, the next address has its turn */
};

static void on_peer(void *owner, enum stream_event event)
{
	(void)event;
	(void)owner;
}

START_TEST(test_good)
{
	serve_with = good[_i].tls ? server_tls : NULL;
	dial(good[_i].host, listener_port(listener), good[_i].tls ? client_tls : NULL);
	loop_run(loop);
	ck_assert_int_eq(got_fault, FAULT_NONE);
	ck_assert_ptr_nonnull(got_stream);
	ck_assert_str_eq(stream_tls_version(got_stream), good[_i].tls ? "TLSv1.3" : "");
	stream_rebind(got_stream, on_peer, NULL);
}
END_TEST

static const struct {
	const char *name;
	const char *host;
	uint16_t port; /* 0: the listener's */
	enum fault fault;
} bad[] = {
	{"nobody listens", "127.0.0.1", 1, FAULT_UPSTREAM_DOWN},
	{"nobody listens, by name", "localhost", 1, FAULT_UPSTREAM_DOWN},
	{"port not allowed", "127.0.0.1", 22, FAULT_UPSTREAM_BLOCKED},
	{"private address", "10.0.0.1", 0, FAULT_UPSTREAM_BLOCKED},
	{"metadata service", "169.254.169.254", 0, FAULT_UPSTREAM_BLOCKED},
	{"mapped loopback", "::ffff:127.0.0.1", 0, FAULT_UPSTREAM_BLOCKED},
	{"unspecified", "0.0.0.0", 0, FAULT_UPSTREAM_BLOCKED},
	{"no name", "", 0, FAULT_UPSTREAM_NAME},
	{"not a name", "a b", 0, FAULT_UPSTREAM_NAME},
	{"a name that is reserved for not being there", "nowhere.invalid", 0, FAULT_UPSTREAM_NAME},
	{"a name with no address", ".test", 0, FAULT_UPSTREAM_NAME},
	{"a name with a private address", "10_0_0_1.test", 0, FAULT_UPSTREAM_BLOCKED},
	{"a name with private addresses", "10_0_0_1-192_168_0_1.test", 0, FAULT_UPSTREAM_BLOCKED},
	{"a name with a private address, and one where nobody listens", "10_0_0_1-127_0_0_1.test",
	 1, FAULT_UPSTREAM_DOWN},
};

START_TEST(test_bad)
{
	struct instant began = loop_now(loop);
	dial(bad[_i].host, bad[_i].port != 0 ? bad[_i].port : listener_port(listener), NULL);
	loop_run(loop);
	ck_assert_msg(got_fault == bad[_i].fault, "%s: fault %d", bad[_i].name, (int)got_fault);
	ck_assert_ptr_null(got_stream);
	ck_assert_str_eq(got_trouble, "");
	ck_assert_uint_eq(got_calls, 1);
	/* Whoever refused, and however fast: never sooner than the timer says. */
	ck_assert_uint_ge(loop_now(loop).ms - began.ms, DIAL_REFUSAL_MS);
	ck_assert_uint_le(asked, 1);
}
END_TEST

static const struct {
	uint64_t passed, left;
} refusals[] = {
	{0, DIAL_REFUSAL_MS},	      {1, DIAL_REFUSAL_MS - 1},
	{DIAL_REFUSAL_MS - 1, 1},     {DIAL_REFUSAL_MS, DIAL_REFUSAL_MS},
	{3 * DIAL_REFUSAL_MS - 7, 7},
};

START_TEST(test_refusals_come_at_whole_multiples)
{
	uint64_t left = dial_refusal_left_ms(refusals[_i].passed);
	ck_assert_uint_eq(left, refusals[_i].left);
	ck_assert_uint_eq((refusals[_i].passed + left) % DIAL_REFUSAL_MS, 0);
}
END_TEST

/* connect_ms is over before the refusal's time. */
START_TEST(test_no_later_than_the_budget)
{
	static struct dial *d;
	const struct dial_params params = {.loop = loop,
					   .host = SLICE_LIT("10.0.0.1"),
					   .port = listener_port(listener),
					   .connect_ms = 1,
					   .handshake_ms = 1};
	ck_assert_int_eq(dial_start(dialer, &params, on_dial, &d, &d), FAULT_NONE);
	loop_run(loop);
	ck_assert_int_eq(got_fault, FAULT_UPSTREAM_BLOCKED);
}
END_TEST

/* Of several addresses one is good: in vain are those that are refused, that never answer, or where TLS breaks. */
static const struct {
	const char *host;
	bool tls;
} good_among_bad[] = {
	{"127_0_0_2-127_0_0_1.test", false},
	{"10_0_0_1-127_0_0_1.test", false},
	{"xx1-127_0_0_2-127_0_0_1.test", false},
	{"127_0_0_2-xx1-127_0_0_1-127_0_0_3.test", false},
};

START_TEST(test_good_among_bad)
{
	dial(good_among_bad[_i].host, listener_port(listener), NULL);
	loop_run(loop);
	ck_assert_int_eq(got_fault, FAULT_NONE);
	ck_assert_ptr_nonnull(got_stream);
	ck_assert_uint_eq(asked, 1);
	stream_rebind(got_stream, on_peer, NULL);
}
END_TEST

/* The first connection is closed in the handshake; from the second on TLS is spoken, if at all. */
static unsigned accepted;
static bool speaks;

static void on_second(void *owner, int fd, const struct address *peer)
{
	if (++accepted == 1 || !speaks) {
		close(fd);
	} else {
		on_accept(owner, fd, peer);
	}
}

static void listen_twice(void)
{
	uint16_t port = listener_port(listener);
	listener_free(&listener);
	ck_assert_int_eq(listener_new(loop,
				      &(struct listener_params){.address = "0.0.0.0", .port = port},
				      on_second, NULL, &listener, NULL),
			 FAULT_NONE);
	accepted = 0;
	serve_with = server_tls;
}

static void dial_localhost_twice(void)
{
	static struct dial *d;
	const struct dial_params params = {.loop = loop,
					   .host = SLICE_LIT("127_0_0_1-127_0_0_2.test"),
					   .port = listener_port(listener),
					   .tls = client_tls,
					   .connect_ms = 10000,
					   .handshake_ms = 10000};
	ck_assert_int_eq(dial_start(dialer, &params, on_dial, &d, &d), FAULT_NONE);
	loop_run(loop);
}

START_TEST(test_tls_that_breaks_at_one_address)
{
	listen_twice();
	speaks = _i == 0;
	dial_localhost_twice();
	ck_assert_uint_eq(accepted, 2);
	/* The second speaks TLS, though for another name: that is final, and what is told. */
	ck_assert_int_eq(got_fault, speaks ? FAULT_UPSTREAM_CERT : FAULT_UPSTREAM_TLS);
	ck_assert_str_eq(got_trouble,
			 speaks ? "the certificate is for another name"
				: "the peer closed the connection during the handshake");
	ck_assert_ptr_null(got_stream);
}
END_TEST

START_TEST(test_certificate_is_final)
{
	listen_twice();
	accepted = 1;
	speaks = true;
	dial_localhost_twice();
	ck_assert_uint_eq(accepted, 2);
	ck_assert_int_eq(got_fault, FAULT_UPSTREAM_CERT);
}
END_TEST

/* What is refused by us and what is refused by the peer look the same to whoever asked. */
START_TEST(test_blocked_looks_like_down)
{
	ck_assert(slice_eq(fault_slug(FAULT_UPSTREAM_BLOCKED), fault_slug(FAULT_UPSTREAM_DOWN)));
	ck_assert(slice_eq(fault_title(FAULT_UPSTREAM_BLOCKED), fault_title(FAULT_UPSTREAM_DOWN)));
	ck_assert_int_eq(fault_status(FAULT_UPSTREAM_BLOCKED), fault_status(FAULT_UPSTREAM_DOWN));
}
END_TEST

START_TEST(test_wrong_certificate)
{
	serve_with = server_tls;
	dial("127.0.0.1", listener_port(listener), client_tls);
	loop_run(loop);
	ck_assert_int_eq(got_fault, FAULT_UPSTREAM_CERT);
	ck_assert_str_eq(got_trouble, "the certificate is for another address");
	ck_assert_ptr_null(got_stream);
}
END_TEST

static void start_with(uint64_t handshake_ms, struct dial **out_dial)
{
	const struct dial_params params = {
		.loop = loop,
		.host = SLICE_LIT("localhost"),
		.port = listener_port(listener),
		.tls = client_tls,
		.connect_ms = 10000,
		.handshake_ms = handshake_ms,
	};
	ck_assert_int_eq(dial_start(dialer, &params, on_dial, out_dial, out_dial), FAULT_NONE);
}

START_TEST(test_handshake_too_slow)
{
	struct dial *d;
	serves = false;
	start_with(30, &d);
	loop_run(loop);
	ck_assert_int_eq(got_fault, FAULT_UPSTREAM_TLS);
	ck_assert_str_eq(got_trouble, "the handshake took too long");
	close(silent_fd);
}
END_TEST

static void cancel(void *owner)
{
	dial_cancel(owner);
}

static void stop(void *owner)
{
	(void)owner;
	loop_stop(loop);
}

/* Called off while the name is looked up, at once and a little later: nothing is told, nothing leaks. */
START_TEST(test_cancel)
{
	struct dial *d;
	struct loop_timer *soon, *end;
	ck_assert_int_eq(loop_timer_new(loop, cancel, &d, &soon), FAULT_NONE);
	ck_assert_int_eq(loop_timer_new(loop, stop, NULL, &end), FAULT_NONE);
	serves = false;
	start_with(10000, &d);
	dial_cancel(&d);
	ck_assert_ptr_null(d);
	start_with(10000, &d);
	loop_timer_set(soon, (uint64_t)_i);
	loop_timer_set(end, 60);
	loop_run(loop);
	ck_assert_uint_eq(got_calls, 0);
	ck_assert_ptr_null(d);
	loop_timer_free(&soon);
	loop_timer_free(&end);
}
END_TEST

START_TEST(test_bad_range)
{
	static const char *const ranges[] = {"127.0.0.0/8", "10.0.0.0/99"};
	struct problem problem;
	struct dialer *d = NULL;
	ck_assert_int_eq(dialer_new(&(struct dialer_params){.allowed_ranges = ranges,
							    .allowed_range_count = 2},
				    &d, &problem),
			 FAULT_BAD_SETTING);
	ck_assert_ptr_null(d);
	ck_assert(slice_find(problem_text(&problem), SLICE_LIT("number 2")) <
		  problem_text(&problem).len);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("relay/net/dial");
	TCase *t = tcase_create("dial");
	tcase_set_timeout(t, 60);
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_loop_test(t, test_good, 0, COUNT_OF(good));
	tcase_add_loop_test(t, test_bad, 0, COUNT_OF(bad));
	tcase_add_loop_test(t, test_refusals_come_at_whole_multiples, 0, COUNT_OF(refusals));
	tcase_add_test(t, test_no_later_than_the_budget);
	tcase_add_loop_test(t, test_good_among_bad, 0, COUNT_OF(good_among_bad));
	tcase_add_loop_test(t, test_tls_that_breaks_at_one_address, 0, 2);
	tcase_add_test(t, test_certificate_is_final);
	tcase_add_test(t, test_blocked_looks_like_down);
	tcase_add_test(t, test_wrong_certificate);
	tcase_add_test(t, test_handshake_too_slow);
	tcase_add_loop_test(t, test_cancel, 0, 3);
	tcase_add_test(t, test_bad_range);
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	return check_main(suite());
}
