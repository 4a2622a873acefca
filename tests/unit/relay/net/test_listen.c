#include "relay/net/listen.h"

#include <netinet/in.h>
#include <sys/resource.h>
#include <unistd.h>

#include "tests/support/check_main.h"

static struct loop *loop;
static struct problem problem;

static void setup(void)
{
	ck_assert_int_eq(loop_new(&loop), FAULT_NONE);
}

static void teardown(void)
{
	loop_free(&loop);
}

struct taken {
	struct listener *listener;
	unsigned wanted, count;
	bool frees;
	int fds[128];
	struct address peer;
};

static void on_accept(void *owner, int fd, const struct address *peer)
{
	struct taken *t = owner;
	t->fds[t->count++] = fd;
	t->peer = *peer;
	if (t->count == t->wanted) {
		if (t->frees) {
			listener_free(&t->listener);
		}
		loop_stop(loop);
	}
}

static void close_all(const int *fds, unsigned count)
{
	for (unsigned i = 0; i < count; i++) {
		close(fds[i]);
	}
}

static int connect_to(uint16_t port)
{
	const struct sockaddr_in at = {.sin_family = AF_INET,
				       .sin_port = htons(port),
				       .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(connect(fd, (const struct sockaddr *)&at, sizeof(at)), 0);
	return fd;
}

static void listen_on(struct taken *t, const char *address, uint16_t port, bool shared)
{
	const struct listener_params params = {.address = address, .port = port, .shared = shared};
	ck_assert_int_eq(listener_new(loop, &params, on_accept, t, &t->listener, &problem),
			 FAULT_NONE);
}

START_TEST(test_accepts_many)
{
	struct taken t = {.wanted = 100, .frees = _i == 1};
	int clients[100];
	listen_on(&t, "127.0.0.1", 0, false);
	for (unsigned i = 0; i < t.wanted; i++) {
		clients[i] = connect_to(listener_port(t.listener));
	}
	loop_run(loop);
	ck_assert_uint_eq(t.count, 100);
	ck_assert_int_eq(t.peer.sockaddr.ss_family, AF_INET);
	ck_assert_int_eq(t.listener == NULL, _i == 1);
	listener_free(&t.listener);
	close_all(t.fds, t.count);
	close_all(clients, t.wanted);
}
END_TEST

START_TEST(test_shared_port)
{
	struct taken first = {.wanted = 1};
	struct taken second = {.wanted = 1};
	listen_on(&first, "127.0.0.1", 0, true);
	listen_on(&second, "127.0.0.1", listener_port(first.listener), true);
	ck_assert_uint_eq(listener_port(first.listener), listener_port(second.listener));
	int client = connect_to(listener_port(first.listener));
	loop_run(loop);
	ck_assert_uint_eq(first.count + second.count, 1);
	close(client);
	close_all(first.fds, first.count);
	close_all(second.fds, second.count);
	listener_free(&first.listener);
	listener_free(&second.listener);
}
END_TEST

START_TEST(test_both_families)
{
	struct taken t = {.wanted = 1};
	const struct listener_params params = {.address = "::"};
	if (listener_new(loop, &params, on_accept, &t, &t.listener, &problem) != FAULT_NONE) {
		return; /* a machine without IPv6 */
	}
	int client = connect_to(listener_port(t.listener));
	loop_run(loop);
	ck_assert_uint_eq(t.count, 1);
	close(client);
	close_all(t.fds, t.count);
	listener_free(&t.listener);
}
END_TEST

static const struct {
	const char *address;
	const char *says;
} refusals[] = {
	{"", "must be an IPv4 or IPv6 address"},
	{"localhost", "must be an IPv4 or IPv6 address"},
	{"127.0.0.1:80", "must be an IPv4 or IPv6 address"},
	{"256.0.0.1", "must be an IPv4 or IPv6 address"},
	{"192.0.2.1", "no such address"},
	{"127.0.0.1", "Another program listens already (port "}, /* the port of another listener */
};

START_TEST(test_refused)
{
	struct taken t = {0};
	struct listener *second = NULL;
	listen_on(&t, "127.0.0.1", 0, false);
	const struct listener_params params = {.address = refusals[_i].address,
					       .port = listener_port(t.listener)};
	ck_assert_int_eq(listener_new(loop, &params, on_accept, &t, &second, &problem),
			 FAULT_SYSTEM);
	ck_assert_ptr_null(second);
	struct slice text = problem_text(&problem);
	ck_assert_msg(slice_find(text, slice_of_text(refusals[_i].says)) < text.len, "%.*s",
		      (int)text.len, text.ptr);
	listener_free(&t.listener);
}
END_TEST

/* Descriptors run out: the listener rests, and takes what waits when some were given back. */

struct rest {
	struct taken taken;
	struct rlimit before;
	struct loop_timer *timer;
};

static void give_back(void *owner)
{
	struct rest *r = owner;
	ck_assert_uint_eq(r->taken.count, 0);
	setrlimit(RLIMIT_NOFILE, &r->before);
}

START_TEST(test_out_of_descriptors)
{
	struct rest r = {.taken = {.wanted = 1}};
	listen_on(&r.taken, "127.0.0.1", 0, false);
	ck_assert_int_eq(loop_timer_new(loop, give_back, &r, &r.timer), FAULT_NONE);
	int client = connect_to(listener_port(r.taken.listener));
	ck_assert_int_eq(getrlimit(RLIMIT_NOFILE, &r.before), 0);
	const struct rlimit none = {.rlim_cur = 0, .rlim_max = r.before.rlim_max};
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &none), 0);
	loop_timer_set(r.timer, 30);
	loop_run(loop);
	ck_assert_uint_eq(r.taken.count, 1);
	loop_timer_free(&r.timer);
	close(client);
	close_all(r.taken.fds, r.taken.count);
	listener_free(&r.taken.listener);
}
END_TEST

static void resume(void *owner)
{
	struct rest *r = owner;
	ck_assert_uint_eq(r->taken.count, 0);
	listener_pause(r->taken.listener, false);
}

START_TEST(test_pause)
{
	struct rest r = {.taken = {.wanted = 1}};
	listen_on(&r.taken, "127.0.0.1", 0, false);
	ck_assert_int_eq(loop_timer_new(loop, resume, &r, &r.timer), FAULT_NONE);
	listener_pause(r.taken.listener, true);
	int client = connect_to(listener_port(r.taken.listener));
	loop_timer_set(r.timer, 20);
	loop_run(loop);
	ck_assert_uint_eq(r.taken.count, 1);
	loop_timer_free(&r.timer);
	close(client);
	close_all(r.taken.fds, r.taken.count);
	listener_free(&r.taken.listener);
}
END_TEST

/* A socket handed in is used as it is, even one that blocks. */
START_TEST(test_adopt)
{
	struct taken t = {.wanted = 1};
	struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	ck_assert_int_eq(bind(fd, (const struct sockaddr *)&at, sizeof(at)), 0);
	ck_assert_int_eq(listen(fd, 4), 0);
	ck_assert_int_eq(listener_adopt(loop, fd, on_accept, &t, &t.listener), FAULT_NONE);
	int client = connect_to(listener_port(t.listener));
	loop_run(loop);
	ck_assert_uint_eq(t.count, 1);
	close(client);
	close_all(t.fds, t.count);
	listener_free(&t.listener);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("relay/net/listen");
	TCase *t = tcase_create("listen");
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_loop_test(t, test_accepts_many, 0, 2);
	tcase_add_test(t, test_shared_port);
	tcase_add_test(t, test_both_families);
	tcase_add_loop_test(t, test_refused, 0, COUNT_OF(refusals));
	tcase_add_test(t, test_out_of_descriptors);
	tcase_add_test(t, test_pause);
	tcase_add_test(t, test_adopt);
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	return check_main(suite());
}
