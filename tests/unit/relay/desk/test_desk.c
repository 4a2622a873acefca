#include "relay/desk/desk.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "tests/support/check_main.h"
#include "tests/support/oom.h"

enum { PEERS = 4, LARGE = 4 * 1024 * 1024, SHORT_MS = 40 };

static struct loop *loop;
static struct loop_timer *tick;
static struct desk *desk;
static struct buf large;

/* What the handlers saw. */
static struct {
	unsigned calls;
	struct desk_call *kept;
	struct desk_call *all[5 * PEERS];
	char query[64], body[64];
} seen;

static void keep_text(char room[64], struct slice text)
{
	size_t n = text.len < 63 ? text.len : 63;
	memcpy(room, n > 0 ? text.ptr : "", n);
	room[n] = '\0';
}

static void say_ok(void *ctx, struct desk_call *c)
{
	ck_assert_ptr_eq(ctx, &seen);
	seen.calls++;
	keep_text(seen.query, desk_call_query(c));
	keep_text(seen.body, desk_call_body(c));
	desk_answer(c, 200, SLICE_LIT("text/plain"), SLICE_LIT("fine\n"));
}

static void keep_call(void *ctx UNUSED, struct desk_call *c)
{
	seen.all[seen.calls % COUNT_OF(seen.all)] = c;
	seen.calls++;
	seen.kept = c;
}

static void say_much(void *ctx UNUSED, struct desk_call *c)
{
	desk_answer(c, 200, SLICE_LIT("text/plain"), buf_view(&large));
}

static unsigned fails_at; /* which allocation of the next refusal; 0: none */
static bool has_failed;

static void say_busy(void *ctx UNUSED, struct desk_call *c)
{
	struct problem problem;
	(void)problem_set(&problem, FAULT_BUSY, "Not now.");
	if (fails_at > 0) {
		oom_arm(fails_at);
	}
	desk_refuse(c, &problem, 7);
	has_failed = fails_at > 0 && oom_disarm();
}

static void find_parameter(void *ctx UNUSED, struct desk_call *c)
{
	struct slice value = SLICE_LIT("-");
	(void)!desk_call_parameter(c, SLICE_LIT("n"), &value);
	desk_answer(c, 200, SLICE_LIT("text/plain"), value);
}

static const struct desk_route routes[] = {
	{HTTP_GET, SLICE_INIT("/ok"), say_ok},	    {HTTP_POST, SLICE_INIT("/ok"), say_ok},
	{HTTP_GET, SLICE_INIT("/kept"), keep_call}, {HTTP_GET, SLICE_INIT("/much"), say_much},
	{HTTP_GET, SLICE_INIT("/busy"), say_busy},  {HTTP_GET, SLICE_INIT("/n"), find_parameter},
};

static void on_tick(void *unused UNUSED)
{
	loop_stop(loop);
}

static void setup(void)
{
	memset(&seen, 0, sizeof(seen));
	ck_assert_int_eq(loop_new(&loop), FAULT_NONE);
	ck_assert_int_eq(loop_timer_new(loop, on_tick, NULL, &tick), FAULT_NONE);
	buf_init(&large, LARGE);
	const struct desk_params params = {
		.loop = loop,
		.routes = routes,
		.route_count = COUNT_OF(routes),
		.ctx = &seen,
		.asks_who = true,
		.connections = PEERS,
	};
	ck_assert_int_eq(desk_new(&params, &desk), FAULT_NONE);
}

static void teardown(void)
{
	desk_free(&desk);
	buf_deinit(&large);
	loop_timer_free(&tick);
	loop_free(&loop);
}

static void impatient(void)
{
	struct desk_params params = {.loop = loop,
				     .routes = routes,
				     .route_count = COUNT_OF(routes),
				     .ctx = &seen,
				     .connections = PEERS,
				     .request_ms = SHORT_MS,
				     .answer_ms = SHORT_MS};
	desk_free(&desk);
	ck_assert_int_eq(desk_new(&params, &desk), FAULT_NONE);
}

static void turn(void)
{
	loop_timer_set(tick, 1);
	loop_run(loop);
}

/* The client's end. */
static int come(void)
{
	int ends[2];
	const struct address nobody = {.len = 0};
	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends),
			 0);
	desk_accept(desk, ends[1], &nobody);
	return ends[0];
}

static void say(int fd, const char *text)
{
	size_t len = strlen(text);
	ck_assert_int_eq(send(fd, text, len, MSG_NOSIGNAL), (ssize_t)len);
}

/* All until the desk closes; an empty text when it closed without a word. */
static struct slice hear(int fd)
{
	static char room[8192];
	size_t len = 0;
	for (;;) {
		ssize_t n = recv(fd, room + len, sizeof(room) - len, 0);
		if (n > 0) {
			len += (size_t)n;
			ck_assert_uint_lt(len, sizeof(room));
		} else if (n == 0 || errno != EAGAIN) {
			break;
		} else {
			turn();
		}
	}
	close(fd);
	return slice_of(room, len);
}

static struct slice ask(const char *request)
{
	int fd = come();
	say(fd, request);
	return hear(fd);
}

static void holds(struct slice answer, const char *text)
{
	ck_assert_msg(slice_find(answer, slice_of_text(text)) < answer.len, "'%s' is not in: %.*s",
		      text, (int)answer.len, answer.ptr);
}

#define HEAD(line) line " HTTP/1.1\r\nHost: x\r\n"

static const struct {
	const char *request;
	const char *status;
	const char *holds;
} asked[] = {
	{HEAD("GET /ok") "\r\n", "HTTP/1.1 200 OK\r\n", "\r\n\r\nfine\n"},
	{HEAD("GET /ok?a=b") "\r\n", "HTTP/1.1 200 OK\r\n", "Connection: close\r\n"},
	{HEAD("HEAD /ok") "\r\n", "HTTP/1.1 200 OK\r\n", "Content-Length: 5\r\n"},
	{HEAD("POST /ok") "Content-Length: 2\r\n\r\n{}", "HTTP/1.1 200 OK\r\n", "fine"},
	{HEAD("GET /n?a=1&n=22&n=3") "\r\n", "HTTP/1.1 200 OK\r\n", "\r\n\r\n22"},
	{HEAD("GET /n?nn=1&n") "\r\n", "HTTP/1.1 200 OK\r\n", "\r\n\r\n-"},
	{HEAD("GET /nothing") "\r\n", "HTTP/1.1 404 Not Found\r\n", "problem:not-found"},
	{HEAD("GET /ok/") "\r\n", "HTTP/1.1 404 Not Found\r\n", "problem:not-found"},
	{HEAD("DELETE /ok") "\r\n", "HTTP/1.1 405 Method Not Allowed\r\n", "Allow: GET, POST\r\n"},
	{HEAD("POST /kept") "\r\n", "HTTP/1.1 405 Method Not Allowed\r\n", "Allow: GET\r\n"},
	{HEAD("GET /busy") "\r\n", "HTTP/1.1 503 Service Unavailable\r\n", "Retry-After: 7\r\n"},
	{HEAD("GET /busy") "\r\n", "HTTP/1.1 503 Service Unavailable\r\n", "\"Not now.\""},
	{"GET /ok HTTP/1.1\r\n\r\n", "HTTP/1.1 400 Bad Request\r\n", "problem:malformed"},
	{"nonsense\r\n\r\n", "HTTP/1.1 400 Bad Request\r\n", "problem:malformed"},
	{"GET /ok HTTP/2.0\r\nHost: x\r\n\r\n", "HTTP/1.1 505 ", "problem:http-version"},
	{HEAD("POST /ok") "Content-Length: 16385\r\n\r\n", "HTTP/1.1 413 ", "at most 16384 bytes"},
	{HEAD("POST /ok") "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "HTTP/1.1 411 ",
	 "problem:length-required"},
};

START_TEST(requests_are_answered_and_the_connection_ends)
{
	struct slice answer = ask(asked[_i].request);
	ck_assert_msg(slice_starts(answer, slice_of_text(asked[_i].status)), "%.*s",
		      (int)answer.len, answer.ptr);
	holds(answer, asked[_i].holds);
	ck_assert_uint_eq(slice_find(answer, SLICE_LIT("Strict-Transport")), answer.len);
}
END_TEST

START_TEST(head_has_no_body)
{
	ck_assert(slice_ends(ask(HEAD("HEAD /ok") "\r\n"), SLICE_LIT("\r\n\r\n")));
	ck_assert_uint_eq(seen.calls, 1);
}
END_TEST

START_TEST(a_request_may_come_byte_by_byte)
{
	static const char request[] = HEAD("POST /ok?q") "Content-Length: 4\r\n\r\nbody";
	int fd = come();
	for (size_t i = 0; i < sizeof(request) - 1; i++) {
		char one[2] = {request[i], '\0'};
		ck_assert_uint_eq(seen.calls, 0);
		say(fd, one);
		turn();
	}
	holds(hear(fd), "fine");
	ck_assert_uint_eq(seen.calls, 1);
	ck_assert_str_eq(seen.query, "q");
	ck_assert_str_eq(seen.body, "body");
}
END_TEST

START_TEST(a_head_has_a_limit)
{
	char field[] = "X-Long: 1234567890123456789012345678901234567890\r\n";
	int fd = come();
	say(fd, HEAD("GET /ok"));
	for (size_t sent = 0; sent < 2UL * DESK_HEAD_MAX; sent += sizeof(field)) {
		say(fd, field);
	}
	holds(hear(fd), "HTTP/1.1 431 ");
	ck_assert_uint_eq(seen.calls, 0);
}
END_TEST

START_TEST(a_large_answer_comes_whole)
{
	static char zeros[65536];
	char room[65536];
	size_t got = 0;
	memset(zeros, 'z', sizeof(zeros));
	while (large.len < LARGE) {
		ck_assert_int_eq(buf_add(&large, slice_of(zeros, sizeof(zeros))), FAULT_NONE);
	}
	int fd = come();
	say(fd, HEAD("GET /much") "\r\n");
	for (ssize_t n = -1; n != 0;) {
		n = recv(fd, room, sizeof(room), 0);
		got += n > 0 ? (size_t)n : 0;
		if (n < 0) {
			ck_assert_int_eq(errno, EAGAIN);
			turn();
		}
	}
	ck_assert_uint_gt(got, LARGE);
	close(fd);
}
END_TEST

START_TEST(a_handler_may_answer_later)
{
	int fd = come();
	say(fd, HEAD("GET /kept") "\r\n");
	while (seen.calls == 0) {
		turn();
	}
	desk_answer(seen.kept, 200, SLICE_LIT("text/plain"), SLICE_LIT("late"));
	holds(hear(fd), "\r\n\r\nlate");
}
END_TEST

START_TEST(a_call_outlives_its_client_and_its_desk)
{
	int fd = come();
	say(fd, HEAD("GET /kept") "\r\n");
	while (seen.calls == 0) {
		turn();
	}
	if (_i == 0) {
		close(fd);
		turn();
	} else {
		desk_free(&desk);
		close(fd);
	}
	desk_answer(seen.kept, 200, SLICE_LIT("text/plain"), SLICE_LIT("to nobody"));
	turn();
}
END_TEST

START_TEST(who_comes_too_slowly_is_told)
{
	impatient();
	int fd = come();
	say(fd, "GET /ok HT");
	holds(hear(fd), "HTTP/1.1 408 ");
	ck_assert_uint_eq(seen.calls, 0);
}
END_TEST

START_TEST(who_reads_too_slowly_is_dropped)
{
	static char zeros[LARGE];
	char byte;
	impatient();
	ck_assert_int_eq(buf_add(&large, slice_of(zeros, sizeof(zeros))), FAULT_NONE);
	int fd = come();
	say(fd, HEAD("GET /much") "\r\n");
	/* It never reads; the desk's end is closed all the same, and writing to it says so. */
	while (send(fd, "x", 1, MSG_NOSIGNAL) == 1 || errno == EAGAIN) {
		turn();
	}
	ck_assert_int_eq(errno, EPIPE);
	ck_assert_int_eq(recv(fd, &byte, 1, 0), 1); /* what had gone out before */
	close(fd);
}
END_TEST

START_TEST(one_more_takes_the_place_of_the_oldest)
{
	int fds[PEERS + 1];
	char byte;
	for (unsigned i = 0; i <= PEERS; i++) {
		fds[i] = come();
		turn();
	}
	ck_assert_int_eq(recv(fds[0], &byte, 1, 0), 0);
	for (unsigned i = 1; i <= PEERS; i++) {
		say(fds[i], HEAD("GET /ok") "\r\n");
		holds(hear(fds[i]), "fine");
	}
	close(fds[0]);
}
END_TEST

START_TEST(those_with_a_handler_keep_theirs)
{
	int fds[PEERS];
	char byte;
	struct desk_call *calls[PEERS];
	for (unsigned i = 0; i < PEERS; i++) {
		fds[i] = come();
		say(fds[i], HEAD("GET /kept") "\r\n");
		while (seen.calls == i) {
			turn();
		}
		calls[i] = seen.kept;
	}
	int fd = come();
	turn();
	ck_assert_int_eq(recv(fd, &byte, 1, 0), 0);
	close(fd);
	for (unsigned i = 0; i < PEERS; i++) {
		desk_answer(calls[i], 200, SLICE_LIT("text/plain"), SLICE_LIT("kept"));
		holds(hear(fds[i]), "kept");
	}
}
END_TEST

/* Nobody had time to read what the oldest one says. */
START_TEST(a_request_that_lies_there_is_served_before_it_makes_room)
{
	int fds[2 * PEERS];
	for (unsigned i = 0; i < 2 * PEERS; i++) {
		int ends[2];
		const struct address nobody = {.len = 0};
		int made = socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends);
		ck_assert_int_eq(made, 0);
		fds[i] = ends[0];
		say(fds[i], HEAD("GET /ok") "\r\n");
		desk_accept(desk, ends[1], &nobody);
	}
	for (unsigned i = 0; i < 2 * PEERS; i++) {
		holds(hear(fds[i]), "fine");
	}
}
END_TEST

static int connect_to(const struct listener *l)
{
	const struct sockaddr_in at = {.sin_family = AF_INET,
				       .sin_port = htons(listener_port(l)),
				       .sin_addr = {htonl(INADDR_LOOPBACK)}};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(connect(fd, (const struct sockaddr *)&at, sizeof(at)), 0);
	ck_assert_int_eq(fcntl(fd, F_SETFL, O_NONBLOCK), 0);
	return fd;
}

static struct listener *listen_for_desk(void)
{
	const struct desk_params params = {.loop = loop,
					   .routes = routes,
					   .route_count = COUNT_OF(routes),
					   .ctx = &seen,
					   .connections = PEERS};
	const struct listener_params where = {.address = "127.0.0.1"};
	struct listener *listener = NULL;
	struct problem problem;
	desk_free(&desk);
	ck_assert_int_eq(desk_new(&params, &desk), FAULT_NONE);
	ck_assert_int_eq(listener_new(loop, &where, desk_accept, desk, &listener, &problem),
			 FAULT_NONE);
	desk_listens(desk, listener);
	return listener;
}

/* The listener's queue holds who comes while all handlers are at work, and none of them is hung up on. */
START_TEST(further_ones_wait_their_turn)
{
	enum { MANY = 5 * PEERS };
	struct listener *listener = listen_for_desk();
	int fds[MANY];
	for (unsigned i = 0; i < MANY; i++) {
		fds[i] = connect_to(listener);
		say(fds[i], HEAD("GET /kept") "\r\n");
	}
	unsigned most = 0;
	for (unsigned answered = 0; answered < MANY; answered++) {
		while (seen.calls == answered) {
			turn();
		}
		most = seen.calls - answered > most ? seen.calls - answered : most;
		desk_answer(seen.all[answered], 200, SLICE_LIT("text/plain"), SLICE_LIT("kept"));
	}
	ck_assert_uint_le(most, PEERS + 1);
	for (unsigned i = 0; i < MANY; i++) {
		holds(hear(fds[i]), "kept");
	}
	desk_listens(desk, NULL);
	listener_free(&listener);
}
END_TEST

/* Their answers are written, or as much as goes out. */
START_TEST(those_that_do_not_read_keep_nobody_waiting)
{
	enum { MANY = 3 * PEERS };
	static char zeros[LARGE];
	struct listener *listener = listen_for_desk();
	int fds[MANY];
	ck_assert_int_eq(buf_add(&large, slice_of(zeros, sizeof(zeros))), FAULT_NONE);
	for (unsigned i = 0; i < MANY; i++) {
		fds[i] = connect_to(listener);
		say(fds[i], HEAD("GET /much") "\r\n");
	}
	struct instant before = instant_now();
	int fd = connect_to(listener);
	say(fd, HEAD("GET /ok") "\r\n");
	holds(hear(fd), "fine");
	ck_assert_uint_lt(instant_now().ms - before.ms, DESK_ANSWER_MS / 2);
	for (unsigned i = 0; i < MANY; i++) {
		close(fds[i]);
	}
	desk_listens(desk, NULL);
	listener_free(&listener);
}
END_TEST

START_TEST(who_finds_no_memory_sees_the_connection_end_or_is_served)
{
	const struct address nobody = {.len = 0};
	for (unsigned n = 1;; n++) {
		int ends[2];
		int made = socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends);
		ck_assert_int_eq(made, 0);
		say(ends[0], HEAD("GET /ok") "\r\n");
		oom_arm(n);
		desk_accept(desk, ends[1], &nobody);
		bool failed = oom_disarm();
		struct slice answer = hear(ends[0]);
		bool is_whole = slice_ends(answer, SLICE_LIT("fine\n"));
		ck_assert_msg(is_whole || (failed && answer.len == 0), "%u: %.*s", n,
			      (int)answer.len, answer.ptr);
		if (!failed) {
			break;
		}
	}
}
END_TEST

START_TEST(without_memory_no_half_answer_goes_out)
{
	do {
		fails_at++;
		struct slice answer = ask(HEAD("GET /busy") "\r\n");
		if (answer.len > 0) {
			ck_assert(slice_starts(answer, SLICE_LIT("HTTP/1.1 503 ")));
			holds(answer, "Connection: close\r\n");
		}
		if (!has_failed) {
			holds(answer, "\"Not now.\"");
		}
	} while (has_failed);
	ck_assert_uint_gt(fails_at, 1);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("desk/desk");
	TCase *t = tcase_create("desk");
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_loop_test(t, requests_are_answered_and_the_connection_ends, 0, COUNT_OF(asked));
	tcase_add_test(t, head_has_no_body);
	tcase_add_test(t, a_request_may_come_byte_by_byte);
	tcase_add_test(t, a_head_has_a_limit);
	tcase_add_test(t, a_large_answer_comes_whole);
	tcase_add_test(t, a_handler_may_answer_later);
	tcase_add_loop_test(t, a_call_outlives_its_client_and_its_desk, 0, 2);
	tcase_add_test(t, who_comes_too_slowly_is_told);
	tcase_add_test(t, who_reads_too_slowly_is_dropped);
	tcase_add_test(t, one_more_takes_the_place_of_the_oldest);
	tcase_add_test(t, those_with_a_handler_keep_theirs);
	tcase_add_test(t, a_request_that_lies_there_is_served_before_it_makes_room);
	tcase_add_test(t, further_ones_wait_their_turn);
	tcase_add_test(t, those_that_do_not_read_keep_nobody_waiting);
	tcase_add_test(t, who_finds_no_memory_sees_the_connection_end_or_is_served);
	tcase_add_test(t, without_memory_no_half_answer_goes_out);
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	return check_main(suite());
}
