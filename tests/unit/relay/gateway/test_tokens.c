#include "relay/gateway/tokens.h"

#include <signal.h>
#include <stdio.h>

#include <openssl/crypto.h>

#include "spool-free/job/cause.h"
#include "relay/net/libcurl.h"
#include "tests/support/check_main.h"
#include "tests/support/web.h"

/* Against a token endpoint of this machine; what happens when a token gets old, and under load, is tests/e2e/oauth's. */

enum { WANTS = 50, PATIENCE_MS = 20 * 1000, URL_ROOM = 64, SHORT_MS = 1000 };

static struct certs certs;
static struct cert_pair pair;
static struct tls_context *tls;
static struct loop *loop;
static struct look_ups *look_ups;
static struct poster *poster;
static struct poster_rules rules;
static uint16_t port;
static struct tokens *tokens;
static struct web web;
static char url[URL_ROOM];
static struct oauth_client client;
static struct tokens_want wants[WANTS];
static unsigned due;

static void make_tokens(uint64_t young_ms)
{
	const struct tokens_params t = {
		.loop = loop, .poster = poster, .timeout_ms = PATIENCE_MS, .young_ms = young_ms};
	ck_assert_uint_eq(tokens_new(&t, &tokens), FAULT_NONE);
}

static void setup(void)
{
	signal(SIGPIPE, SIG_IGN);
	certs_init(&certs);
	certs_leaf(&certs, &(struct cert_spec){.host = "localhost"}, &pair);
	ck_assert_uint_eq(libcurl_start(), FAULT_NONE);
	ck_assert_uint_eq(loop_new(&loop), FAULT_NONE);
	ck_assert_uint_eq(look_ups_new(resolve_look_up, &look_ups), FAULT_NONE);
	ck_assert_uint_eq(tls_context_client_new(certs.ca_file, (struct slice){0}, &tls, NULL),
			  FAULT_NONE);
	rules = (struct poster_rules){.range_count = 2, .ports = &port, .port_count = 1};
	ck_assert_uint_eq(address_range_parse(SLICE_LIT("127.0.0.0/8"), &rules.ranges[0]),
			  FAULT_NONE);
	ck_assert_uint_eq(address_range_parse(SLICE_LIT("::1/128"), &rules.ranges[1]), FAULT_NONE);
	const struct poster_params params = {
		.loop = loop, .look_ups = look_ups, .tls = tls, .rules = &rules};
	ck_assert_uint_eq(poster_new(&params, &poster), FAULT_NONE);
	make_tokens(TOKENS_YOUNG_MS);
	client = (struct oauth_client){.flow = OAUTH_CLIENT_CREDENTIALS,
				       .client_id = SLICE_LIT("app")};
	ck_assert_uint_eq(secret_new(SLICE_LIT("s"), &client.secret), FAULT_NONE);
}

static void teardown(void)
{
	for (size_t i = 0; i < WANTS; i++) {
		tokens_give_back(&wants[i]);
	}
	tokens_free(&tokens);
	look_ups_stop(look_ups);
	poster_free(&poster);
	look_ups_free(&look_ups);
	tls_context_free(&tls);
	loop_free(&loop);
	secret_free(&client.secret);
	secret_free(&client.refresh);
	certs_deinit(&certs);
}

static void serve(const char *const *answers, size_t count)
{
	web_start(&web, &pair, answers, count);
	port = web.port;
	int n = snprintf(url, sizeof(url), "https://localhost:%u/", port);
	client.token_url = slice_of(url, (size_t)n);
}

static void got(void *owner, struct tokens_want *w)
{
	ck_assert_ptr_eq(owner, w);
	if (--due == 0) {
		loop_stop(loop);
	}
}

static bool ask_for(struct tokens_want *w, struct slice server, struct instant deadline)
{
	*w = (struct tokens_want){.tenant = SLICE_LIT("acme"),
				  .server = server,
				  .mailbox = SLICE_LIT("box@a.example"),
				  .client = &client,
				  .deadline = deadline,
				  .done = got,
				  .owner = w};
	bool is_there = tokens_get(tokens, w);
	due += !is_there;
	return is_there;
}

static bool ask(struct tokens_want *w, struct instant deadline)
{
	return ask_for(w, SLICE_LIT("main"), deadline);
}

static struct instant later(void)
{
	return instant_after(loop_now(loop), 10 * PATIENCE_MS);
}

static size_t asked(void)
{
	size_t count = 0;
	struct slice rest = buf_view(&web.requests);
	while (slice_find(rest, SLICE_LIT("POST ")) < rest.len) {
		rest = slice_skip(rest, slice_find(rest, SLICE_LIT("POST ")) + 5);
		count++;
	}
	return count;
}

#define ANSWER(length, json) "HTTP/1.1 200 OK\r\nContent-Length: " length "\r\n\r\n" json
#define GOOD		     ANSWER("59", "{\"access_token\":\"t1\",\"token_type\":\"Bearer\",\"expires_in\":99}")
#define SECOND		     ANSWER("59", "{\"access_token\":\"t2\",\"token_type\":\"Bearer\",\"expires_in\":99}")
#define ENDED		     ANSWER("58", "{\"access_token\":\"t0\",\"token_type\":\"Bearer\",\"expires_in\":0}")
#define SHORT		     ANSWER("58", "{\"access_token\":\"t0\",\"token_type\":\"Bearer\",\"expires_in\":1}")
#define ROTATED		     ANSWER("57", "{\"access_token\":\"t0\",\"refresh_token\":\"r2\",\"expires_in\":0}")
#define NO		     "HTTP/1.1 400 No\r\nContent-Length: 26\r\n\r\n{\"error\":\"invalid_client\"}"

#define LATER(field) "HTTP/1.1 503 No\r\n" field "Content-Length: 2\r\n\r\n{}"

START_TEST(many_wants_need_one_post)
{
	static const char *const answers[] = {GOOD};
	serve(answers, 1);
	for (size_t i = 0; i < WANTS; i++) {
		ck_assert(!ask(&wants[i], later()));
	}
	loop_run(loop);
	for (size_t i = 0; i < WANTS; i++) {
		ck_assert_uint_eq(wants[i].fault, FAULT_NONE);
		ck_assert(secret_eq(wants[i].token, SLICE_LIT("t1")));
		ck_assert_ptr_eq(wants[i].token, wants[0].token); /* lent, not copied */
	}
	struct tokens_want one;
	ck_assert(ask(&one, later())); /* it is kept */
	ck_assert(secret_eq(one.token, SLICE_LIT("t1")));
	tokens_give_back(&one);
	tokens_give_back(&one);
	web_stop(&web);
	ck_assert_uint_eq(asked(), 1);
	web_deinit(&web);
}
END_TEST

START_TEST(one_that_has_ended_is_got_anew)
{
	static const char *const answers[] = {ENDED, SECOND};
	serve(answers, 2);
	ck_assert(!ask(&wants[0], later()));
	loop_run(loop);
	ck_assert(secret_eq(wants[0].token, SLICE_LIT("t0")));
	ck_assert(!ask(&wants[1], later()));
	loop_run(loop);
	ck_assert(secret_eq(wants[1].token, SLICE_LIT("t2")));
	ck_assert(secret_eq(wants[0].token, SLICE_LIT("t0"))); /* lent still */
	web_stop(&web);
	web_deinit(&web);
}
END_TEST

static void let_it_be(void *ctx UNUSED)
{
	loop_stop(loop);
}

static void run_for(uint64_t ms)
{
	struct loop_timer *timer;
	ck_assert_uint_eq(loop_timer_new(loop, let_it_be, NULL, &timer), FAULT_NONE);
	loop_timer_set(timer, ms);
	loop_run(loop);
	loop_timer_free(&timer);
}

/* What the secrets' heap gives for one token. */
static size_t size_of_one(void)
{
	struct secret *s;
	size_t before = CRYPTO_secure_used();
	ck_assert_uint_eq(secret_new(SLICE_LIT("t0"), &s), FAULT_NONE);
	size_t size = CRYPTO_secure_used() - before;
	secret_free(&s);
	return size;
}

/* Though nobody asks; what lives longer stays, and so does what is lent. */
START_TEST(one_that_has_ended_leaves_memory)
{
	static const char *const answers[] = {SHORT, SHORT, GOOD};
	static const struct slice servers[] = {SLICE_INIT("main"), SLICE_INIT("second"),
					       SLICE_INIT("third")};
	serve(answers, COUNT_OF(answers));
	for (size_t i = 0; i < COUNT_OF(servers); i++) {
		ck_assert(!ask_for(&wants[i], servers[i], later()));
		loop_run(loop);
	}
	web_stop(&web); /* which has secrets of its own in the heap */
	size_t all = CRYPTO_secure_used();
	tokens_give_back(&wants[0]);
	tokens_give_back(&wants[2]);
	run_for(SHORT_MS + 200);
	ck_assert_uint_eq(CRYPTO_secure_used(), all - size_of_one());
	ck_assert(secret_eq(wants[1].token, SLICE_LIT("t0")));
	tokens_give_back(&wants[1]);
	ck_assert_uint_eq(CRYPTO_secure_used(), all - 2 * size_of_one());
	ck_assert(ask_for(&wants[2], servers[2], later()));
	ck_assert_uint_eq(asked(), COUNT_OF(servers));
	web_deinit(&web);
}
END_TEST

START_TEST(another_secret_is_another_client)
{
	static const char *const answers[] = {GOOD, SECOND};
	unsigned char before[DIGEST_LEN];
	serve(answers, 2);
	ck_assert(!ask(&wants[0], later()));
	loop_run(loop);
	memcpy(before, wants[0].credential, sizeof(before));
	secret_free(&client.secret);
	ck_assert_uint_eq(secret_new(SLICE_LIT("changed"), &client.secret), FAULT_NONE);
	ck_assert(!ask(&wants[1], later()));
	loop_run(loop);
	ck_assert(secret_eq(wants[1].token, SLICE_LIT("t2")));
	ck_assert(memcmp(before, wants[1].credential, sizeof(before)) != 0);
	web_stop(&web);
	web_deinit(&web);
}
END_TEST

/* What was refused is told again at once, to everybody, and nobody is asked. */
START_TEST(a_refusal_is_kept_for_a_while)
{
	static const char *const answers[] = {NO};
	serve(answers, 1);
	ck_assert(!ask(&wants[0], later()));
	ck_assert(!ask(&wants[1], later()));
	loop_run(loop);
	ck_assert(ask(&wants[2], later()));
	for (size_t i = 0; i < 3; i++) {
		ck_assert_uint_eq(wants[i].fault, FAULT_OAUTH_REFUSED);
		ck_assert_uint_eq(wants[i].problem.fault, FAULT_OAUTH_REFUSED);
		ck_assert(
			slice_eq(wants[i].problem.cause->code, SLICE_LIT("oauth-client-refused")));
		ck_assert_ptr_null(wants[i].token);
	}
	web_stop(&web);
	ck_assert_uint_eq(asked(), 1);
	web_deinit(&web);
}
END_TEST

static const struct {
	const char *answer;
	uint64_t pause_ms;
} pauses[] = {
	{LATER(""), TOKENS_PAUSE_MS},
	{LATER("Retry-After: 1\r\n"), TOKENS_PAUSE_MS},
	{LATER("Retry-After: 120\r\n"), 120 * 1000},
	{LATER("Retry-After: 999999\r\n"), TOKENS_SAID_MAX_MS},
	{NO, TOKENS_PAUSE_MS},
	{"HTTP/1.1 400 No\r\nRetry-After: 120\r\nContent-Length: 26\r\n\r\n"
	 "{\"error\":\"invalid_client\"}",
	 TOKENS_PAUSE_MS}, /* an admin mends that, and does not wait */
};

START_TEST(a_server_is_left_alone_as_long_as_it_says)
{
	const char *const answers[] = {pauses[_i].answer};
	serve(answers, 1);
	ck_assert(!ask(&wants[0], later()));
	loop_run(loop);
	ck_assert(ask(&wants[1], later()));
	web_stop(&web);
	for (size_t i = 0; i < 2; i++) {
		ck_assert_uint_ne(wants[i].fault, FAULT_NONE);
		ck_assert_uint_le(wants[i].retry_after_ms, pauses[_i].pause_ms);
		ck_assert_uint_gt(wants[i].retry_after_ms, pauses[_i].pause_ms - TOKENS_PAUSE_MS);
	}
	ck_assert_uint_eq(asked(), 1);
	web_deinit(&web);
}
END_TEST

START_TEST(a_replaced_refresh_token_is_used)
{
	static const char *const answers[] = {ROTATED, GOOD};
	serve(answers, 2);
	client.flow = OAUTH_REFRESH_TOKEN;
	ck_assert_uint_eq(secret_new(SLICE_LIT("r1"), &client.refresh), FAULT_NONE);
	for (size_t i = 0; i < 2; i++) {
		ck_assert(!ask(&wants[i], later()));
		loop_run(loop);
		ck_assert_uint_eq(wants[i].fault, FAULT_NONE);
	}
	web_stop(&web);
	struct slice all = buf_view(&web.requests);
	size_t first = slice_find(all, SLICE_LIT("refresh_token=r1&"));
	ck_assert_uint_lt(first, slice_find(all, SLICE_LIT("refresh_token=r2&")));
	ck_assert_uint_lt(slice_find(all, SLICE_LIT("refresh_token=r2&")), all.len);
	web_deinit(&web);
}
END_TEST

/* One want has no time: it is told, and the others get what comes. */
START_TEST(a_want_without_time_is_told_alone)
{
	static const char *const answers[] = {GOOD};
	serve(answers, 1);
	ck_assert(!ask(&wants[0], later()));
	ck_assert(!ask(&wants[1], loop_now(loop)));
	loop_run(loop);
	ck_assert_uint_eq(wants[0].fault, FAULT_NONE);
	ck_assert_uint_eq(wants[1].fault, FAULT_DEADLINE);
	ck_assert(slice_eq(wants[1].problem.cause->code, SLICE_LIT("oauth-no-answer")));
	web_stop(&web);
	web_deinit(&web);
}
END_TEST

START_TEST(all_hear_that_the_process_ends)
{
	static const char *const answers[] = {GOOD};
	serve(answers, 1);
	ck_assert(!ask(&wants[0], later()));
	ck_assert(!ask(&wants[1], later()));
	tokens_give_up(tokens);
	ck_assert_uint_eq(due, 0);
	ck_assert(ask(&wants[2], later()));
	for (size_t i = 0; i < 3; i++) {
		ck_assert_uint_eq(wants[i].fault, FAULT_STOPPING);
	}
	web_stop(&web);
	web_deinit(&web);
}
END_TEST

START_TEST(a_want_may_leave)
{
	static const char *const answers[] = {GOOD};
	serve(answers, 1);
	ck_assert(!ask(&wants[0], later()));
	ck_assert(!ask(&wants[1], later()));
	tokens_give_back(&wants[0]);
	due = 1;
	loop_run(loop);
	ck_assert_ptr_null(wants[0].token);
	ck_assert(secret_eq(wants[1].token, SLICE_LIT("t1")));
	web_stop(&web);
	web_deinit(&web);
}
END_TEST

/* The mail server's no: a young token stays, since another one would be no better. */
START_TEST(a_young_token_is_not_dropped)
{
	static const char *const answers[] = {GOOD};
	serve(answers, 1);
	ck_assert(!ask(&wants[0], later()));
	loop_run(loop);
	ck_assert(!tokens_refused(tokens, &wants[0]));
	ck_assert(ask(&wants[1], later()));
	tokens_give_back(&wants[0]);
	ck_assert(!tokens_refused(tokens, &wants[0])); /* nothing is lent any more */
	web_stop(&web);
	ck_assert_uint_eq(asked(), 1);
	web_deinit(&web);
}
END_TEST

/* A token that was taken back: it goes, and the next who asks gets another; whoever has it keeps it until the end. */
START_TEST(an_older_token_is_dropped)
{
	static const char *const answers[] = {GOOD, SECOND};
	tokens_free(&tokens);
	make_tokens(0);
	serve(answers, 2);
	ck_assert(!ask(&wants[0], later()));
	loop_run(loop);
	ck_assert(ask(&wants[1], later()));
	ck_assert(tokens_refused(tokens, &wants[0]));
	ck_assert(tokens_refused(tokens, &wants[1])); /* by now there is none, or another */
	tokens_give_back(&wants[0]);
	ck_assert(secret_eq(wants[1].token, SLICE_LIT("t1")));
	ck_assert(!ask(&wants[0], later()));
	loop_run(loop);
	ck_assert(secret_eq(wants[0].token, SLICE_LIT("t2")));
	web_stop(&web);
	ck_assert_uint_eq(asked(), 2);
	web_deinit(&web);
}
END_TEST

/* Another job has found out already: what there is now is another one. */
START_TEST(a_token_that_was_replaced_is_worth_another_try)
{
	static const char *const answers[] = {ENDED, SECOND};
	serve(answers, 2);
	ck_assert(!ask(&wants[0], later()));
	loop_run(loop);
	ck_assert(!ask(&wants[1], later()));
	loop_run(loop);
	ck_assert(tokens_refused(tokens, &wants[0]));
	web_stop(&web);
	web_deinit(&web);
}
END_TEST

START_TEST(a_key_that_cannot_sign_is_told_at_once)
{
	client.flow = OAUTH_SERVICE_ACCOUNT;
	client.token_url = SLICE_LIT("https://localhost/");
	ck_assert(ask(&wants[0], later()));
	ck_assert_uint_eq(wants[0].fault, FAULT_BAD_RECORD);
	ck_assert(slice_eq(problem_text(&wants[0].problem),
			   SLICE_LIT("The private key in the server's record cannot sign.")));
}
END_TEST

/* All places at work: who comes then is told so, and who left no trace. */
START_TEST(places_are_bounded)
{
	static struct tokens_want many[TOKENS_PLACES + 1];
	static char names[TOKENS_PLACES + 1][8];
	port = 1;
	client.token_url = SLICE_LIT("https://localhost:1/");
	for (size_t i = 0; i <= TOKENS_PLACES; i++) {
		int n = snprintf(names[i], sizeof(names[i]), "s%zu", i);
		many[i] = (struct tokens_want){.server = slice_of(names[i], (size_t)n),
					       .client = &client,
					       .deadline = later(),
					       .done = got,
					       .owner = &many[i]};
		bool is_there = tokens_get(tokens, &many[i]);
		ck_assert_int_eq(is_there, i == TOKENS_PLACES);
		due += !is_there;
	}
	ck_assert_uint_eq(many[TOKENS_PLACES].fault, FAULT_BUSY);
	loop_run(loop);
	for (size_t i = 0; i < TOKENS_PLACES; i++) {
		ck_assert_uint_eq(many[i].fault, FAULT_OAUTH_UNREACHABLE);
	}
	struct tokens_want *again = &many[TOKENS_PLACES];
	ck_assert(!tokens_get(tokens, again)); /* the place of another is taken */
	due = 1;
	loop_run(loop);
	ck_assert_uint_eq(again->fault, FAULT_OAUTH_UNREACHABLE);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("relay/gateway/tokens");
	TCase *t = tcase_create("tokens");
	tcase_set_timeout(t, 60);
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, many_wants_need_one_post);
	tcase_add_test(t, one_that_has_ended_is_got_anew);
	tcase_add_test(t, one_that_has_ended_leaves_memory);
	tcase_add_test(t, another_secret_is_another_client);
	tcase_add_test(t, a_refusal_is_kept_for_a_while);
	tcase_add_loop_test(t, a_server_is_left_alone_as_long_as_it_says, 0, COUNT_OF(pauses));
	tcase_add_test(t, a_replaced_refresh_token_is_used);
	tcase_add_test(t, a_want_without_time_is_told_alone);
	tcase_add_test(t, all_hear_that_the_process_ends);
	tcase_add_test(t, a_want_may_leave);
	tcase_add_test(t, a_young_token_is_not_dropped);
	tcase_add_test(t, an_older_token_is_dropped);
	tcase_add_test(t, a_token_that_was_replaced_is_worth_another_try);
	tcase_add_test(t, a_key_that_cannot_sign_is_told_at_once);
	tcase_add_test(t, places_are_bounded);
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
