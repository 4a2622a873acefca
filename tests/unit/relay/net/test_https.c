#include "relay/net/https.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include "tests/support/check_main.h"
#include "tests/support/web.h"

#define OK "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"

static struct certs certs;
static struct cert_pair good, other;
static struct secret *token;
static struct problem problem;

static void setup(void)
{
	signal(SIGPIPE, SIG_IGN);
	certs_init(&certs);
	certs_leaf(&certs, &(struct cert_spec){.host = "localhost"}, &good);
	certs_leaf(&certs, &(struct cert_spec){.host = "mail.example.net"}, &other);
	ck_assert_int_eq(secret_new(SLICE_LIT("pp_token"), &token), FAULT_NONE);
}

static void teardown(void)
{
	secret_free(&token);
	certs_deinit(&certs);
}

static void put_url(const struct web *w, const char *origin, char out[64])
{
	int n = snprintf(out, 64, "%s:%u/", origin, w->port);
	ck_assert_int_lt(n, 64);
}

static struct https *client(void)
{
	struct https *h;
	const struct https_params params = {
		.ca_file = certs.ca_file, .bearer = token, .timeout_ms = 10000};
	ck_assert_int_eq(https_new(&params, &h, &problem), FAULT_NONE);
	return h;
}

static bool was_asked(const struct web *w, const char *text)
{
	struct slice all = buf_view(&w->requests);
	return slice_find(all, slice_of_text(text)) < all.len;
}

/* Two requests over one connection: first a multipart POST, then a GET. */
START_TEST(test_post_and_get)
{
	static const char *const answers[] = {
		"HTTP/1.1 202 Accepted\r\nLocation: /v1/jobs/x\r\nContent-Length: 3\r\n\r\n{1}",
		OK};
	static const char *const headers[] = {"Prefer: wait=1"};
	char url[64];
	struct web w;
	struct https_answer a;
	web_start(&w, &good, answers, 2);
	put_url(&w, "https://localhost", url);
	struct https *h = client();
	const struct https_part parts[] = {
		{.name = "job", .type = "application/json", .bytes = SLICE_LIT("{\"a\":\0}")},
		{.name = "attachment",
		 .file_name = "a \"b\".pem",
		 .type = "text/plain",
		 .path = certs.ca_file},
	};
	const struct https_request post = {
		.url = url, .headers = headers, .header_count = 1, .parts = parts, .part_count = 2};
	ck_assert_int_eq(https_exchange(h, &post, &a, &problem), FAULT_NONE);
	ck_assert_int_eq(a.status, 202);
	ck_assert(slice_eq(buf_view(&a.body), SLICE_LIT("{1}")));
	ck_assert(slice_eq(buf_view(&a.location), SLICE_LIT("/v1/jobs/x")));
	https_answer_deinit(&a);
	ck_assert_int_eq(https_exchange(h, &(struct https_request){.url = url}, &a, &problem),
			 FAULT_NONE);
	ck_assert_int_eq(a.status, 200);
	ck_assert_uint_eq(a.location.len, 0);
	https_answer_deinit(&a);
	https_free(&h);
	web_stop(&w);
	ck_assert_uint_eq(w.connections, 1);
	ck_assert(was_asked(&w, "POST / HTTP/1.1\r\n"));
	ck_assert(was_asked(&w, "\r\nAuthorization: Bearer pp_token\r\n"));
	ck_assert(was_asked(&w, "\r\nPrefer: wait=1\r\n"));
	ck_assert(was_asked(&w, "name=\"job\"\r\nContent-Type: application/json\r\n\r\n{\"a\":"));
	ck_assert(was_asked(&w, "name=\"attachment\"; filename=\"a %22b%22.pem\"\r\n"));
	ck_assert(was_asked(&w, "-----BEGIN CERTIFICATE-----"));
	ck_assert(was_asked(&w, "GET / HTTP/1.1\r\n"));
	web_deinit(&w);
}
END_TEST

/* The environment has no say. */
START_TEST(test_environment)
{
	static const char *const answers[] = {OK};
	char url[64];
	struct web w;
	struct https_answer a;
	setenv("https_proxy", "http://127.0.0.1:1", 1);
	setenv("ALL_PROXY", "http://127.0.0.1:1", 1);
	web_start(&w, &good, answers, 1);
	put_url(&w, "https://localhost", url);
	struct https *h = client();
	ck_assert_int_eq(https_exchange(h, &(struct https_request){.url = url}, &a, &problem),
			 FAULT_NONE);
	https_answer_deinit(&a);
	https_free(&h);
	web_stop(&w);
	web_deinit(&w);
}
END_TEST

static const struct {
	const char *name, *url;
	bool other_name;
	const char *answer;
	enum fault fault;
	const char *says;
} failures[] = {
	{"wrong name", "https://localhost", true, OK, FAULT_UPSTREAM_CERT, "cannot be trusted"},
	{"address instead of name", "https://127.0.0.1", false, OK, FAULT_UPSTREAM_CERT,
	 "cannot be trusted"},
	{"in the clear", "http://localhost", false, OK, FAULT_BAD_FIELD, "https://"},
	{"a file", "file:///etc/hostname", false, OK, FAULT_BAD_FIELD, "https://"},
	{"no URL", "https://", false, OK, FAULT_BAD_FIELD, "https://host:port"},
	{"closes", "https://localhost", false, NULL, FAULT_UPSTREAM_LOST, "without an answer"},
	{"cut short", "https://localhost", false, "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nx",
	 FAULT_UPSTREAM_LOST, "within the answer"},
	{"no HTTP", "https://localhost", false, "220 mail ESMTP\r\n", FAULT_UPSTREAM_LOST,
	 "is not HTTP"},
	{"too long", "https://localhost", false, NULL, FAULT_TOO_LARGE, "too long"},
};

START_TEST(test_failure)
{
	static char too_long[HTTPS_BODY_MAX + 200];
	const char *answers[1] = {failures[_i].answer};
	char url[64];
	struct web w;
	struct https_answer a;
	if (failures[_i].fault == FAULT_TOO_LARGE) {
		int n = snprintf(too_long, sizeof(too_long),
				 "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n",
				 HTTPS_BODY_MAX + 1);
		memset(too_long + n, 'x', HTTPS_BODY_MAX + 1);
		answers[0] = too_long;
	}
	web_start(&w, failures[_i].other_name ? &other : &good, answers, 1);
	put_url(&w, failures[_i].url, url);
	struct https *h = client();
	ck_assert_msg(https_exchange(h, &(struct https_request){.url = url}, &a, &problem) ==
			      failures[_i].fault,
		      "%s: %.*s", failures[_i].name, (int)problem.len, problem.text);
	struct slice text = problem_text(&problem);
	ck_assert_msg(slice_find(text, slice_of_text(failures[_i].says)) < text.len, "%s: %.*s",
		      failures[_i].name, (int)text.len, text.ptr);
	https_free(&h);
	web_stop(&w);
	ck_assert_uint_le(w.connections, 2);
	web_deinit(&w);
}
END_TEST

/* A redirect is an answer like any other: the token goes nowhere else. */
START_TEST(test_no_redirect)
{
	static const char *const answers[] = {"HTTP/1.1 307 Temporary Redirect\r\nLocation: "
					      "https://localhost:1/\r\nContent-Length: 0\r\n\r\n",
					      OK};
	char url[64];
	struct web w;
	struct https_answer a;
	web_start(&w, &good, answers, 2);
	put_url(&w, "https://localhost", url);
	struct https *h = client();
	ck_assert_int_eq(https_exchange(h, &(struct https_request){.url = url}, &a, &problem),
			 FAULT_NONE);
	ck_assert_int_eq(a.status, 307);
	https_answer_deinit(&a);
	https_free(&h);
	web_stop(&w);
	web_deinit(&w);
}
END_TEST

START_TEST(test_unknown_authority)
{
	static const char *const answers[] = {OK};
	char url[64];
	struct web w;
	struct https *h;
	struct https_answer a;
	web_start(&w, &good, answers, 1);
	put_url(&w, "https://localhost", url);
	const struct https_params params = {.timeout_ms = 10000};
	ck_assert_int_eq(https_new(&params, &h, &problem), FAULT_NONE);
	ck_assert_int_eq(https_exchange(h, &(struct https_request){.url = url}, &a, &problem),
			 FAULT_UPSTREAM_CERT);
	https_free(&h);
	web_stop(&w);
	web_deinit(&w);
}
END_TEST

START_TEST(test_missing_file)
{
	struct https_answer a;
	struct https *h = client();
	const struct https_part part = {.name = "attachment", .path = "/nonexistent/file"};
	const struct https_request post = {
		.url = "https://localhost:1/", .parts = &part, .part_count = 1};
	ck_assert_int_eq(https_exchange(h, &post, &a, &problem), FAULT_BAD_FIELD);
	https_free(&h);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("relay/net/https");
	TCase *t = tcase_create("https");
	tcase_set_timeout(t, 60);
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, test_post_and_get);
	tcase_add_test(t, test_environment);
	tcase_add_loop_test(t, test_failure, 0, COUNT_OF(failures));
	tcase_add_test(t, test_no_redirect);
	tcase_add_test(t, test_unknown_authority);
	tcase_add_test(t, test_missing_file);
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	return check_main(suite());
}
