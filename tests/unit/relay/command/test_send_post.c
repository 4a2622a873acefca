#include "relay/command/send_post.h"

#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "relay/command/command.h"
#include "tests/support/captured.h"
#include "tests/support/check_main.h"
#include "tests/support/web.h"

#define BODY(length, text) "Content-Length: " length "\r\n\r\n" text
#define DELIVERED	   "HTTP/1.1 200 OK\r\n" BODY("38", "{\"state\":\"done\",\"outcome\":\"delivered\"}")
#define REFUSED		   "HTTP/1.1 200 OK\r\n" BODY("36", "{\"state\":\"done\",\"outcome\":\"refused\"}")
#define SENDING		   "HTTP/1.1 200 OK\r\n" BODY("19", "{\"state\":\"sending\"}")
#define ACCEPTED                                                                                   \
	"HTTP/1.1 202 Accepted\r\nLocation: /v1/jobs/7\r\n" BODY("18", "{\"state\":\"queued\"}")
#define PROVEN                                                                                     \
	"HTTP/1.1 200 OK\r\n" BODY(                                                                \
		"56", "{\"state\":\"done\",\"outcome\":\"delivered\",\"receipt\":\"a.b.c\"}")
#define LOST "HTTP/1.1 202 Accepted\r\n" BODY("18", "{\"state\":\"queued\"}")
#define ELSEWHERE                                                                                  \
	"HTTP/1.1 202 Accepted\r\nLocation: https://elsewhere.example/\r\n" BODY(                  \
		"18", "{\"state\":\"queued\"}")
#define PROBLEM "HTTP/1.1 401 Unauthorized\r\n" BODY("28", "{\"title\":\"No.\",\"status\":401}")
#define HTML	"HTTP/1.1 502 Bad Gateway\r\n" BODY("6", "<html>")

static struct certs certs;
static struct cert_pair pair;
static struct secret *token;
static struct send_post post;
static struct web web;
static char url[64];
static bool has_receipt;

static void setup(void)
{
	signal(SIGPIPE, SIG_IGN);
	certs_init(&certs);
	certs_leaf(&certs, &(struct cert_spec){.host = "localhost"}, &pair);
	ck_assert_int_eq(secret_new(SLICE_LIT("pp_token"), &token), FAULT_NONE);
	post = (struct send_post){.url = url,
				  .ca_file = certs.ca_file,
				  .token = token,
				  .job = SLICE_LIT("{}"),
				  .wait_s = 3,
				  .receipt_fd = -1};
}

static void teardown(void)
{
	secret_free(&token);
	certs_deinit(&certs);
}

static int run(const char *const *answers, size_t count, struct buf *out_said)
{
	struct captured captured;
	web_start(&web, &pair, answers, count);
	ck_assert_int_lt(snprintf(url, sizeof(url), "https://localhost:%u/some/path", web.port),
			 64);
	captured_begin(&captured);
	int code = send_post(&post, &has_receipt);
	captured_end(&captured, out_said);
	web_stop(&web);
	return code;
}

static bool was_asked(const char *text)
{
	struct slice all = buf_view(&web.requests);
	return slice_find(all, slice_of_text(text)) < all.len;
}

static const struct {
	const char *name;
	const char *answers[3];
	size_t count;
	bool raw;
	int code;
	const char *said;
} rows[] = {
	{"delivered", {DELIVERED}, 1, false, EXIT_DONE, "outcome: delivered\n"},
	{"refused", {REFUSED}, 1, false, EXIT_NOT_DELIVERED, "outcome: refused\n"},
	{"as it came",
	 {DELIVERED},
	 1,
	 true,
	 EXIT_DONE,
	 "{\"state\":\"done\",\"outcome\":\"delivered\"}\n"},
	{"later", {ACCEPTED, SENDING, DELIVERED}, 3, false, EXIT_DONE, "outcome: delivered\n"},
	{"a problem", {PROBLEM}, 1, false, EXIT_NOT_DELIVERED, "not sent: No. (HTTP 401)\n"},
	{"accepted, and nowhere to ask", {LOST}, 1, false, EXIT_NOT_DELIVERED, ""},
	{"accepted, and to be asked elsewhere", {ELSEWHERE}, 1, false, EXIT_NOT_DELIVERED, ""},
	{"another server", {HTML}, 1, false, EXIT_NOT_DELIVERED, ""},
	{"no answer", {NULL}, 1, false, EXIT_NOT_DELIVERED, ""},
	{"no answer later", {ACCEPTED, NULL, NULL}, 3, false, EXIT_NOT_DELIVERED, ""},
};

START_TEST(test_rows)
{
	struct buf said;
	post.raw = rows[_i].raw;
	int code = run(rows[_i].answers, rows[_i].count, &said);
	ck_assert_msg(code == rows[_i].code, "%s: %d", rows[_i].name, code);
	ck_assert_msg(slice_eq(buf_view(&said), slice_of_text(rows[_i].said)), "%s: %.*s",
		      rows[_i].name, (int)said.len, said.ptr);
	ck_assert(was_asked("POST /v1/jobs HTTP/1.1\r\n"));
	ck_assert(was_asked("\r\nAuthorization: Bearer pp_token\r\n"));
	ck_assert(was_asked("\r\nPrefer: wait=3\r\n"));
	ck_assert(!was_asked("Idempotency-Key"));
	ck_assert(!was_asked("X-Pagepost-Key"));
	if (rows[_i].count == 3) {
		ck_assert(was_asked("GET /v1/jobs/7 HTTP/1.1\r\n"));
	}
	buf_deinit(&said);
	web_deinit(&web);
}
END_TEST

START_TEST(test_files_and_key)
{
	static const char *const answers[] = {DELIVERED};
	struct buf said;
	post.files[0] = certs.ca_file;
	post.file_count = 1;
	post.idempotency_key = "again";
	ck_assert_int_eq(run(answers, 1, &said), EXIT_DONE);
	ck_assert(was_asked("\r\nIdempotency-Key: again\r\n"));
	ck_assert(was_asked("name=\"attachment\"; filename=\"ca0.pem\"\r\nContent-Type: "
			    "application/octet-stream\r\n"));
	buf_deinit(&said);
	web_deinit(&web);
}
END_TEST

/* With each request: the gateway keeps none. */
START_TEST(test_half)
{
	static const char *const answers[] = {ACCEPTED, DELIVERED};
	CLEANUP(secret_free) struct secret *half = NULL;
	struct buf said;
	ck_assert_uint_eq(secret_new(SLICE_LIT("a half of thirty-two bytes, raw."), &half),
			  FAULT_NONE);
	post.key_half = half;
	ck_assert_int_eq(run(answers, 2, &said), EXIT_DONE);
	ck_assert(
		was_asked("\r\nX-Pagepost-Key: YSBoYWxmIG9mIHRoaXJ0eS10d28gYnl0ZXMsIHJhdy4=\r\n"));
	buf_deinit(&said);
	web_deinit(&web);
}
END_TEST

/* It goes where it is wanted, and is not missed where it is not. */
START_TEST(test_receipt)
{
	static const char *const answers[] = {PROVEN};
	struct buf said;
	char got[16] = "";
	int ends[2];
	ck_assert_int_eq(pipe(ends), 0);
	post.receipt_fd = _i == 0 ? ends[1] : -1;
	ck_assert_int_eq(run(answers, 1, &said), EXIT_DONE);
	ck_assert_int_eq(has_receipt, _i == 0);
	close(ends[1]);
	ck_assert_int_eq(read(ends[0], got, sizeof(got) - 1), _i == 0 ? 6 : 0);
	ck_assert_str_eq(got, _i == 0 ? "a.b.c\n" : "");
	close(ends[0]);
	buf_deinit(&said);
	web_deinit(&web);
}
END_TEST

START_TEST(test_missing_file)
{
	static const char *const answers[] = {DELIVERED};
	struct buf said;
	post.files[0] = "/nonexistent/file.pdf";
	post.file_count = 1;
	ck_assert_int_eq(run(answers, 1, &said), EXIT_USAGE);
	ck_assert_uint_eq(web.connections, 0);
	buf_deinit(&said);
	web_deinit(&web);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("relay/command/send_post");
	TCase *t = tcase_create("send_post");
	tcase_set_timeout(t, 60);
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_loop_test(t, test_rows, 0, COUNT_OF(rows));
	tcase_add_test(t, test_files_and_key);
	tcase_add_test(t, test_half);
	tcase_add_loop_test(t, test_receipt, 0, 2);
	tcase_add_test(t, test_missing_file);
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	return check_main(suite());
}
