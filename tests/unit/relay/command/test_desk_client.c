#include "relay/command/desk_client.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "spool-free/base/local_socket.h"
#include "tests/support/check_main.h"

/* A gateway that says what it is told to, in pieces of `piece` bytes, and closes. */
static struct {
	char folder[32], path[64];
	int listener;
	const char *says;
	size_t piece;
	bool reads_nothing;
	char heard[256];
	pthread_t thread;
} peer;

static struct problem problem;
static struct desk_client_answer answer;

static void hear(int fd)
{
	size_t len = 0;
	while (strstr(peer.heard, "\r\n\r\n") == NULL) {
		ssize_t n = recv(fd, peer.heard + len, sizeof(peer.heard) - 1 - len, 0);
		ck_assert_int_gt(n, 0);
		len += (size_t)n;
		peer.heard[len] = '\0';
	}
}

static void *serve(void *unused)
{
	int fd = accept(peer.listener, NULL, NULL);
	size_t len = strlen(peer.says);
	if (!peer.reads_nothing) {
		hear(fd);
	}
	for (size_t at = 0; at < len; at += peer.piece) {
		size_t n = len - at < peer.piece ? len - at : peer.piece;
		if (send(fd, peer.says + at, n, MSG_NOSIGNAL) < 0) {
			break;
		}
	}
	close(fd);
	return unused;
}

static void begin(const char *says)
{
	const struct local_socket s = {.path = peer.path, .whose = "gateway", .mode = 0600};
	memcpy(peer.folder, "/tmp/pagepost-desk-XXXXXX", sizeof("/tmp/pagepost-desk-XXXXXX"));
	ck_assert_ptr_nonnull(mkdtemp(peer.folder));
	snprintf(peer.path, sizeof(peer.path), "%s/g.sock", peer.folder);
	ck_assert_int_eq(local_socket_listen(&s, &peer.listener, &problem), FAULT_NONE);
	ck_assert_int_eq(fcntl(peer.listener, F_SETFL, 0), 0); /* accept() is to wait */
	peer.says = says;
	peer.piece = peer.piece > 0 ? peer.piece : 4096;
	ck_assert_int_eq(pthread_create(&peer.thread, NULL, serve, NULL), 0);
}

static void end(void)
{
	pthread_join(peer.thread, NULL);
	close(peer.listener);
	unlink(peer.path);
	rmdir(peer.folder);
	desk_client_answer_deinit(&answer);
}

static enum fault ask(const char *path, const char *body)
{
	return desk_ask(peer.path, "POST", path, slice_of_text(body), &answer, &problem);
}

static void says(const char *sentence)
{
	ck_assert_msg(slice_eq(problem_text(&problem), slice_of_text(sentence)), "%.*s",
		      (int)problem.len, problem.text);
}

#define OK "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\n"

START_TEST(an_answer_comes_in_any_pieces)
{
	static const size_t pieces[] = {1, 2, 7, 64, 4096};
	peer.piece = pieces[_i];
	begin(OK "hello");
	ck_assert_int_eq(ask("/a?b=c", "body"), FAULT_NONE);
	ck_assert_int_eq(answer.status, 200);
	ck_assert(slice_eq(answer.body, SLICE_LIT("hello")));
	ck_assert_str_eq(peer.heard, "POST /a?b=c HTTP/1.1\r\nHost: gateway\r\nContent-Length: "
				     "4\r\n\r\nbody");
	end();
}
END_TEST

#define LOST "The gateway closed its socket without a whole answer."

static const char *const broken[] = {
	"",
	"x",
	"HTTP/1.1 200 OK\r\n",
	"HTTP/1.1 200 OK\r\n\r\n",
	"HTTP/1.1 2xx OK\r\nContent-Length: 0\r\n\r\n",
	"HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n",
	"220 mail.example.com ESMTP\r\n\r\n",
	OK "hell",
	OK "hello!",
	"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n",
};

START_TEST(half_an_answer_is_none)
{
	begin(broken[_i]);
	ck_assert_int_eq(ask("/", ""), FAULT_SYSTEM);
	says(LOST);
	end();
}
END_TEST

#define PROBLEM(status, body) "HTTP/1.1 " status " X\r\ncontent-length: " body

static const struct {
	const char *says;
	enum fault fault;
	const char *sentence;
} refused[] = {
	{PROBLEM("503", "69\r\n\r\n{\"type\":\"urn:pagepost:problem:busy\",\"status\":503,"
			"\"detail\":\"Not now.\"}"),
	 FAULT_BUSY, "Not now."},
	{PROBLEM("403", "41\r\n\r\n{\"type\":\"urn:pagepost:problem:forbidden\"}"), FAULT_FORBIDDEN,
	 "This caller may not do this."},
	{PROBLEM("418", "54\r\n\r\n{\"type\":\"urn:other:problem:busy\",\"detail\":\"A teapot.\"}"),
	 FAULT_SYSTEM, "A teapot."},
	{PROBLEM("500", "8\r\n\r\nnot json"), FAULT_SYSTEM,
	 "The operating system refused a call that Pagepost needs."},
};

START_TEST(a_refusal_is_told_in_the_gateways_words)
{
	begin(refused[_i].says);
	ck_assert_int_eq(ask("/", ""), refused[_i].fault);
	says(refused[_i].sentence);
	end();
}
END_TEST

START_TEST(what_it_said_before_it_closed_is_heard)
{
	static char large[48 * 1024];
	memset(large, 'x', sizeof(large) - 1);
	peer.reads_nothing = true;
	begin(OK "hello");
	ck_assert_int_eq(ask("/", large), FAULT_NONE);
	ck_assert(slice_eq(answer.body, SLICE_LIT("hello")));
	end();
}
END_TEST

START_TEST(a_request_has_a_limit)
{
	static char large[80 * 1024];
	memset(large, 'x', sizeof(large) - 1);
	peer.reads_nothing = true;
	begin("");
	ck_assert_int_eq(ask("/", large), FAULT_TOO_LARGE);
	says("The request to the gateway is too large.");
	end();
}
END_TEST

START_TEST(nobody_there)
{
	ck_assert_int_eq(
		desk_ask("/nonexistent/g.sock", "GET", "/", (struct slice){0}, &answer, &problem),
		FAULT_SYSTEM);
	says("The gateway does not answer at its socket (No such file or directory). Is it "
	     "running, with the settings that -c names (gateway.socket)?");
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("command/desk_client");
	TCase *t = tcase_create("desk_client");
	tcase_add_loop_test(t, an_answer_comes_in_any_pieces, 0, 5);
	tcase_add_loop_test(t, half_an_answer_is_none, 0, COUNT_OF(broken));
	tcase_add_loop_test(t, a_refusal_is_told_in_the_gateways_words, 0, COUNT_OF(refused));
	tcase_add_test(t, what_it_said_before_it_closed_is_heard);
	tcase_add_test(t, a_request_has_a_limit);
	tcase_add_test(t, nobody_there);
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	return check_main(suite());
}
