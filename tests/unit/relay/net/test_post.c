#include "relay/net/post.h"

#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "relay/net/libcurl.h"
#include "tests/support/check_main.h"
#include "tests/support/web.h"

enum { PATIENCE_MS = 20 * 1000, URL_ROOM = 128 };

static struct certs certs;
static struct cert_pair good, other;
static struct tls_context *tls;
static struct loop *loop;
static struct look_ups *look_ups;
static struct poster *poster;
static struct poster_rules rules;
static uint16_t ports[2];
static struct secret *form;
static struct post post;
static unsigned told;

/* Names of these tests lead where they say; no other is known. */
static void resolve(const char *name, uint16_t port, struct address_list *out_list)
{
	struct slice s = slice_of_text(name);
	const char *address = slice_eq(s, SLICE_LIT("localhost"))	  ? "127.0.0.1"
			      : slice_eq(s, SLICE_LIT("private.example")) ? "10.1.2.3"
									  : NULL;
	out_list->count = address != NULL &&
			  resolve_literal(address, port, &out_list->addresses[0]);
}

static void over(void *owner, struct post *p)
{
	ck_assert_ptr_eq(owner, &told);
	ck_assert_ptr_eq(p, &post);
	told++;
	loop_stop(loop);
}

static void setup(void)
{
	signal(SIGPIPE, SIG_IGN);
	certs_init(&certs);
	certs_leaf(&certs, &(struct cert_spec){.host = "localhost"}, &good);
	certs_leaf(&certs, &(struct cert_spec){.host = "other.example"}, &other);
	ck_assert_uint_eq(libcurl_start(), FAULT_NONE);
	ck_assert_uint_eq(loop_new(&loop), FAULT_NONE);
	ck_assert_uint_eq(look_ups_new(resolve, &look_ups), FAULT_NONE);
	ck_assert_uint_eq(tls_context_client_new(certs.ca_file, (struct slice){0}, &tls, NULL),
			  FAULT_NONE);
	rules = (struct poster_rules){.range_count = 1, .ports = ports, .port_count = 1};
	ck_assert_uint_eq(address_range_parse(SLICE_LIT("127.0.0.0/8"), &rules.ranges[0]),
			  FAULT_NONE);
	const struct poster_params params = {
		.loop = loop, .look_ups = look_ups, .tls = tls, .rules = &rules};
	ck_assert_uint_eq(poster_new(&params, &poster), FAULT_NONE);
	ck_assert_uint_eq(secret_new(SLICE_LIT("a=b&c=d"), &form), FAULT_NONE);
}

static void teardown(void)
{
	post_deinit(&post);
	look_ups_stop(look_ups);
	poster_free(&poster);
	look_ups_free(&look_ups);
	tls_context_free(&tls);
	loop_free(&loop);
	secret_free(&form);
	certs_deinit(&certs);
}

static void send_to(const char *host, unsigned port, const char *path, uint64_t timeout_ms)
{
	char url[URL_ROOM];
	int n = snprintf(url, sizeof(url), "%s:%u%s", host, port, path);
	post = (struct post){.url = slice_of(url, (size_t)n),
			     .party = SLICE_LIT("acme"),
			     .form = form,
			     .timeout_ms = timeout_ms,
			     .done = over,
			     .owner = &told};
	post_send(poster, &post);
	ck_assert_uint_eq(told, 0);
}

#define OK "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n{\"a\"}"

START_TEST(a_form_is_posted)
{
	static const char *const answers[] = {OK};
	struct web w;
	web_start(&w, &good, answers, 1);
	ports[0] = w.port;
	send_to("https://localhost", w.port, "/token?x=y", PATIENCE_MS);
	loop_run(loop);
	web_stop(&w);
	ck_assert_uint_eq(post.fault, FAULT_NONE);
	ck_assert_int_eq(post.status, 200);
	ck_assert(slice_eq(buf_view(&post.body), SLICE_LIT("{\"a\"}")));
	struct slice asked = buf_view(&w.requests);
	ck_assert(slice_starts(asked, SLICE_LIT("POST /token?x=y HTTP/1.1\r\n")));
	ck_assert(slice_ends(asked, SLICE_LIT("\r\n\r\na=b&c=d")));
	ck_assert(slice_find(asked, SLICE_LIT("application/x-www-form-urlencoded")) < asked.len);
	ck_assert(slice_find(asked, SLICE_LIT("Accept: application/json\r\n")) < asked.len);
	ck_assert(slice_find(asked, SLICE_LIT("Expect")) == asked.len);
	web_deinit(&w);
}
END_TEST

/* A redirect is an answer like another: nobody goes there. */
START_TEST(other_answers_are_answers)
{
	static const char *const answers[] = {
		"HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 2\r\n\r\nno"};
	struct web w;
	web_start(&w, &good, answers, 1);
	ports[0] = w.port;
	send_to("https://127.0.0.1", w.port, "/", PATIENCE_MS);
	loop_run(loop);
	ck_assert_uint_eq(post.fault, FAULT_UPSTREAM_CERT); /* it is not made out to the number */
	told = 0;
	send_to("https://localhost", w.port, "/", PATIENCE_MS);
	loop_run(loop);
	web_stop(&w);
	ck_assert_uint_eq(post.fault, FAULT_NONE);
	ck_assert_int_eq(post.status, 302);
	web_deinit(&w);
}
END_TEST

static const struct {
	const char *answer;
	uint64_t least_s, most_s;
} waits[] = {
	{"HTTP/1.1 503 No\r\nRetry-After: 120\r\nContent-Length: 0\r\n\r\n", 120, 120},
	{"HTTP/1.1 429 No\r\nretry-after: 0\r\nContent-Length: 0\r\n\r\n", 0, 0},
	{"HTTP/1.1 429 No\r\nRetry-After: soon\r\nContent-Length: 0\r\n\r\n", 0, 0},
	{"HTTP/1.1 429 No\r\nRetry-After: -5\r\nContent-Length: 0\r\n\r\n", 0, 0},
	{"HTTP/1.1 429 No\r\nRetry-After: Fri, 31 Dec 1999 23:59:59 GMT\r\n"
	 "Content-Length: 0\r\n\r\n",
	 0, 0},
	{"HTTP/1.1 429 No\r\nRetry-After: Fri, 31 Dec 2100 23:59:59 GMT\r\n"
	 "Content-Length: 0\r\n\r\n",
	 3600, INT64_MAX},
	{OK, 0, 0},
};

START_TEST(an_answer_says_when_to_come_again)
{
	const char *const answers[] = {waits[_i].answer};
	struct web w;
	web_start(&w, &good, answers, 1);
	ports[0] = w.port;
	send_to("https://localhost", w.port, "/", PATIENCE_MS);
	loop_run(loop);
	web_stop(&w);
	ck_assert_uint_eq(post.fault, FAULT_NONE);
	ck_assert_uint_ge(post.retry_after_s, waits[_i].least_s);
	ck_assert_uint_le(post.retry_after_s, waits[_i].most_s);
	web_deinit(&w);
}
END_TEST

static char large[POST_BODY_MAX + 200];

static const struct {
	const char *answer; /* NULL: closes */
	enum fault fault;
} ends[] = {
	{NULL, FAULT_UPSTREAM_LOST},
	{"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\ncut", FAULT_UPSTREAM_LOST},
	{"HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\n", FAULT_TOO_LARGE},
	{"SSH-2.0-OpenSSH\r\n", FAULT_UPSTREAM_LOST},
	{large, FAULT_TOO_LARGE},
};

START_TEST(answers_that_are_none)
{
	const char *answers[] = {ends[_i].answer};
	struct web w;
	int n = snprintf(large, sizeof(large), "HTTP/1.1 200 OK\r\n\r\n");
	for (size_t i = (size_t)n; i < sizeof(large) - 1; i++) {
		large[i] = 'x';
	}
	web_start(&w, &good, answers, 1);
	ports[0] = w.port;
	send_to("https://localhost", w.port, "/", PATIENCE_MS);
	loop_run(loop);
	web_stop(&w);
	ck_assert_uint_eq(post.fault, ends[_i].fault);
	web_deinit(&w);
}
END_TEST

START_TEST(a_stranger_gets_nothing)
{
	static const char *const answers[] = {OK};
	struct web w;
	web_start(&w, &other, answers, 1);
	ports[0] = w.port;
	send_to("https://localhost", w.port, "/", PATIENCE_MS);
	loop_run(loop);
	web_stop(&w);
	ck_assert_uint_eq(post.fault, FAULT_UPSTREAM_CERT);
	ck_assert_uint_eq(w.requests.len, 0);
	web_deinit(&w);
}
END_TEST

/* Accepts by the kernel's queue, and never says a word. */
static int silent(void)
{
	struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t len = sizeof(at);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	ck_assert(bind(fd, (struct sockaddr *)&at, sizeof(at)) == 0 && listen(fd, 8) == 0 &&
		  getsockname(fd, (struct sockaddr *)&at, &len) == 0);
	ports[0] = ntohs(at.sin_port);
	return fd;
}

START_TEST(silence_has_an_end)
{
	int fd = silent();
	send_to("https://localhost", ports[0], "/", 50);
	loop_run(loop);
	ck_assert_uint_eq(post.fault, FAULT_DEADLINE);
	close(fd);
}
END_TEST

/* Holds the loop up, so that whatever is due by then comes in one round. */
static void hold_up(void *ctx)
{
	(void)ctx;
	poll(NULL, 0, 200);
}

/* In the round in which the post is late, before anybody is told. */
static void look_for_the_end(void *listening)
{
	const struct timeval patience = {.tv_sec = PATIENCE_MS / 1000};
	char hello[4096];
	ssize_t n;
	ck_assert_uint_eq(told, 0);
	int fd = accept(*(int *)listening, NULL, NULL);
	ck_assert(fd >= 0);
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	do {
		n = recv(fd, hello, sizeof(hello), 0);
	} while (n > 0);
	ck_assert_int_eq(n, 0);
	close(fd);
}

START_TEST(a_late_post_leaves_libcurl_at_once)
{
	static const struct {
		uint64_t after_ms;
		loop_fn *fn;
	} steps[] = {{20, hold_up}, {100, look_for_the_end}};
	struct loop_timer *timers[COUNT_OF(steps)];
	int fd = silent();
	send_to("https://127.0.0.1", ports[0], "/", 60);
	for (size_t i = 0; i < COUNT_OF(steps); i++) {
		ck_assert_uint_eq(loop_timer_new(loop, steps[i].fn, &fd, &timers[i]), FAULT_NONE);
		loop_timer_set(timers[i], steps[i].after_ms);
	}
	loop_run(loop);
	ck_assert_uint_eq(post.fault, FAULT_DEADLINE);
	for (size_t i = 0; i < COUNT_OF(steps); i++) {
		loop_timer_free(&timers[i]);
	}
	close(fd);
}
END_TEST

static void give_up(void *ctx)
{
	(void)ctx;
	post_cancel(&post);
	post_cancel(&post);
	loop_stop(loop);
}

START_TEST(a_cancelled_post_is_not_told)
{
	struct loop_timer *timer;
	int fd = silent();
	send_to("https://localhost", ports[0], "/", PATIENCE_MS);
	ck_assert_uint_eq(loop_timer_new(loop, give_up, NULL, &timer), FAULT_NONE);
	loop_timer_set(timer, 30);
	loop_run(loop);
	ck_assert_uint_eq(told, 0);
	send_to("https://localhost", ports[0], "/", PATIENCE_MS); /* and one that never began */
	post_cancel(&post);
	send_to("https://[fd00::1]", ports[0], "/", PATIENCE_MS); /* and one whose end is due */
	post_cancel(&post);
	loop_timer_set(timer, 30);
	loop_run(loop);
	ck_assert_uint_eq(told, 0);
	loop_timer_free(&timer);
	close(fd);
}
END_TEST

START_TEST(what_is_under_way_ends_with_the_poster)
{
	int fd = silent();
	send_to("https://localhost", ports[0], "/", PATIENCE_MS);
	poster_free(&poster);
	ck_assert_uint_eq(told, 0);
	close(fd);
}
END_TEST

static const struct {
	const char *host;
	enum fault fault;
} places[] = {
	{"http://localhost", FAULT_BAD_FIELD},
	{"ftp://localhost", FAULT_BAD_FIELD},
	{"https://user@localhost", FAULT_BAD_FIELD},
	{"https://user:pass@localhost", FAULT_BAD_FIELD},
	{"https://", FAULT_BAD_FIELD},
	{"", FAULT_BAD_FIELD},
	{"https://unknown.example", FAULT_UPSTREAM_NAME},
	{"https://private.example", FAULT_UPSTREAM_BLOCKED},
	{"https://10.1.2.3", FAULT_UPSTREAM_BLOCKED},
	{"https://169.254.169.254", FAULT_UPSTREAM_BLOCKED},
	{"https://[::1]", FAULT_UPSTREAM_BLOCKED},
	{"https://[::ffff:127.0.0.1]", FAULT_UPSTREAM_BLOCKED},
	{"https://[64:ff9b::7f00:1]", FAULT_UPSTREAM_BLOCKED},
	{"https://0.0.0.0", FAULT_UPSTREAM_BLOCKED},
	{"https://localhost", FAULT_UPSTREAM_DOWN}, /* nobody is there */
};

START_TEST(places_are_vetted)
{
	int fd = silent();
	close(fd);
	send_to(places[_i].host, ports[0], "/", PATIENCE_MS);
	loop_run(loop);
	ck_assert_uint_eq(post.fault, places[_i].fault);
	ck_assert_int_eq(post.status, 0);
}
END_TEST

START_TEST(ports_must_be_allowed)
{
	ports[0] = 443;
	send_to("https://localhost", 22, "/", PATIENCE_MS);
	loop_run(loop);
	ck_assert_uint_eq(post.fault, FAULT_UPSTREAM_BLOCKED);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("relay/net/post");
	TCase *t = tcase_create("post");
	tcase_set_timeout(t, 60);
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, a_form_is_posted);
	tcase_add_test(t, other_answers_are_answers);
	tcase_add_loop_test(t, an_answer_says_when_to_come_again, 0, COUNT_OF(waits));
	tcase_add_loop_test(t, answers_that_are_none, 0, COUNT_OF(ends));
	tcase_add_test(t, a_stranger_gets_nothing);
	tcase_add_test(t, silence_has_an_end);
	tcase_add_test(t, a_late_post_leaves_libcurl_at_once);
	tcase_add_test(t, a_cancelled_post_is_not_told);
	tcase_add_test(t, what_is_under_way_ends_with_the_poster);
	tcase_add_loop_test(t, places_are_vetted, 0, COUNT_OF(places));
	tcase_add_test(t, ports_must_be_allowed);
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	if (secret_heap_start() != FAULT_NONE) {
		return 1;
	}
	return check_main(suite());
}
