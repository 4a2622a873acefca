#include "config/keeper/client.h"

#include <limits.h>
#include <pthread.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "config/keeper/wire.h"
#include "tests/support/check_main.h"

/* A keeper that answers each request, in turn, with bytes of a script; what a real one says is test_keeper.c's. */

enum { PATIENCE_MS = 20 * 1000, ARENA = 16 * 1024 };

static char folder[] = "/tmp/pagepost-client-XXXXXX";
static char socket_path[PATH_MAX];
static int listener;
static pthread_t keeper;

struct script {
	const struct slice *answers; /* an empty one: the connection is closed without an answer */
	size_t count;
	bool reconnects; /* closes after each answer */
};

static void *play(void *arg)
{
	const struct script *s = arg;
	char request[1024];
	int fd = -1;
	for (size_t i = 0; i < s->count; i++) {
		fd = fd < 0 ? accept(listener, NULL, NULL) : fd;
		ssize_t n = recv(fd, request, sizeof(request), 0);
		if (n > 0) {
			send(fd, s->answers[i].ptr, s->answers[i].len, MSG_NOSIGNAL);
		}
		if (s->reconnects || s->answers[i].len == 0) {
			close(fd);
			fd = -1;
		}
	}
	if (fd >= 0) {
		close(fd);
	}
	return NULL;
}

static struct keeper_client *start(struct script *s)
{
	struct keeper_client *c;
	ck_assert_int_eq(pthread_create(&keeper, NULL, play, s), 0);
	ck_assert_uint_eq(keeper_client_new(slice_of_text(socket_path), PATIENCE_MS, &c),
			  FAULT_NONE);
	return c;
}

static void stop(struct keeper_client **c)
{
	keeper_client_free(c);
	pthread_join(keeper, NULL);
}

static void setup(void)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	ck_assert_ptr_nonnull(mkdtemp(folder));
	size_t len = strlen(folder);
	memcpy(socket_path, folder, len);
	memcpy(socket_path + len, "/socket", 8);
	memcpy(address.sun_path, socket_path, len + 8);
	listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	ck_assert_int_eq(bind(listener, (struct sockaddr *)&address, sizeof(address)), 0);
	ck_assert_int_eq(listen(listener, 8), 0);
}

static void teardown(void)
{
	close(listener);
	unlink(socket_path);
	rmdir(folder);
}

#define PING_ANSWER "\0\0\0\x0d\2\0\1\0\x08\0\0\0\0\0\0\0\x2a"

START_TEST(an_answer_is_understood)
{
	struct slice answers[] = {SLICE_INIT(PING_ANSWER), SLICE_INIT(PING_ANSWER)};
	struct script s = {.answers = answers, .count = 2};
	uint64_t generation = 0;
	struct keeper_client *c = start(&s);
	ck_assert_uint_eq(keeper_ping(c, &generation), FAULT_NONE);
	ck_assert_uint_eq(generation, 42);
	ck_assert_uint_eq(keeper_ping(c, &generation), FAULT_NONE);
	stop(&c);
}
END_TEST

/* The connection of the question before is dead: the question is asked again over a new one. */
START_TEST(a_kept_connection_may_be_dead)
{
	struct slice answers[] = {SLICE_INIT(PING_ANSWER), SLICE_INIT(PING_ANSWER)};
	struct script s = {.answers = answers, .count = 2, .reconnects = true};
	uint64_t generation;
	struct keeper_client *c = start(&s);
	ck_assert_uint_eq(keeper_ping(c, &generation), FAULT_NONE);
	ck_assert_uint_eq(keeper_ping(c, &generation), FAULT_NONE);
	stop(&c);
}
END_TEST

START_TEST(a_keeper_killed_in_the_middle_is_down)
{
	static const struct slice answers[][1] = {
		{SLICE_INIT("")},			/* before it said anything */
		{SLICE_INIT("\0\0")},			/* in its head */
		{SLICE_INIT("\0\0\0\x0d\2\0\1\0\x08")}, /* in its body */
	};
	struct script s = {.answers = answers[_i], .count = 1, .reconnects = true};
	uint64_t generation;
	struct keeper_client *c = start(&s);
	ck_assert_uint_eq(keeper_ping(c, &generation), FAULT_KEEPER_DOWN);
	stop(&c);
}
END_TEST

static const struct slice nonsense[] = {
	SLICE_INIT("\0\0\0\0"),
	SLICE_INIT("\xff\xff\xff\xff"),
	SLICE_INIT("\0\0\0\3\1\0\0"),				  /* version */
	SLICE_INIT("\0\0\0\3\2\xc8\0"),				  /* a result that is none */
	SLICE_INIT("\0\0\0\3\2\0\0"),				  /* fields are missing */
	SLICE_INIT("\0\0\0\6\2\0\1\0\1x"),			  /* a generation of one byte */
	SLICE_INIT(PING_ANSWER PING_ANSWER),			  /* two answers */
	SLICE_INIT("\0\0\0\x0e\2\0\1\0\x08\0\0\0\0\0\0\0\x2a\0"), /* a byte too many */
};

START_TEST(nonsense_is_told)
{
	struct script s = {.answers = &nonsense[_i], .count = 1};
	uint64_t generation;
	struct keeper_client *c = start(&s);
	ck_assert_uint_eq(keeper_ping(c, &generation), FAULT_KEEPER_PROTOCOL);
	stop(&c);
}
END_TEST

#define LIMITS "\0\0\0\3\0\0\0\x1e\0\0\1\xf4\0\0\0\x64"
#define PIN    "0123456789abcdef0123456789abcdef"

/* A whole answer but for the field `at`, which is `value`. */
static const struct {
	size_t at;
	struct slice value;
	enum fault fault;
} servers[] = {
	{WIRE_NAME, SLICE_INIT("n"), FAULT_NONE},
	{WIRE_TLS, SLICE_INIT("\2"), FAULT_KEEPER_PROTOCOL},
	{WIRE_TLS, SLICE_INIT(""), FAULT_KEEPER_PROTOCOL},
	{WIRE_PORT, SLICE_INIT("\1"), FAULT_KEEPER_PROTOCOL},
	{WIRE_PORT, SLICE_INIT("\0\1\1"), FAULT_KEEPER_PROTOCOL},
	{WIRE_HAS_PASSWORD, SLICE_INIT(""), FAULT_KEEPER_PROTOCOL},
	{WIRE_IS_OPERATORS, SLICE_INIT(""), FAULT_KEEPER_PROTOCOL},
	{WIRE_OAUTH_FLOW, SLICE_INIT(""), FAULT_KEEPER_PROTOCOL},
	{WIRE_OAUTH_FLOW, SLICE_INIT("\4"), FAULT_KEEPER_PROTOCOL},
	{WIRE_OAUTH_FLOW, SLICE_INIT("\xff"), FAULT_KEEPER_PROTOCOL},
	{WIRE_LIMITS, SLICE_INIT("\0\0\0\3"), FAULT_KEEPER_PROTOCOL},
	{WIRE_LIMITS, SLICE_INIT(LIMITS "\0"), FAULT_KEEPER_PROTOCOL},
	{WIRE_PINS, SLICE_INIT("short"), FAULT_KEEPER_PROTOCOL},
	{WIRE_PINS, SLICE_INIT(PIN PIN PIN), FAULT_KEEPER_PROTOCOL},
	{WIRE_DKIM, SLICE_INIT("domain.without.a.key"), FAULT_KEEPER_PROTOCOL},
	{WIRE_DKIM + 2, SLICE_INIT("a key without a domain"), FAULT_KEEPER_PROTOCOL},
};

static struct slice server_answer(size_t at, struct slice value, struct secret **frame)
{
	struct wire_message m = {.count = WIRE_SERVER_FIELDS};
	struct slice *f = m.fields;
	f[WIRE_HOST] = SLICE_LIT("h");
	f[WIRE_PORT] = SLICE_LIT("\1\xd1");
	f[WIRE_TLS] = SLICE_LIT("\1");
	f[WIRE_HAS_PASSWORD] = SLICE_LIT("\0");
	f[WIRE_IS_OPERATORS] = SLICE_LIT("\1");
	f[WIRE_OAUTH_FLOW] = SLICE_LIT("\2");
	f[WIRE_OAUTH_TOKEN_URL] = SLICE_LIT("https://t.example/");
	f[WIRE_OAUTH_CLIENT_ID] = SLICE_LIT("client");
	f[WIRE_OAUTH_SECRET] = SLICE_LIT("a secret");
	f[WIRE_PINS] = SLICE_LIT(PIN PIN);
	f[WIRE_PROFILE] = SLICE_LIT("some");
	f[WIRE_LIMITS] = SLICE_LIT(LIMITS);
	/* The first place is empty: what is there comes up in the keeper's order all the same. */
	f[WIRE_DKIM + 3] = SLICE_LIT("a.example");
	f[WIRE_DKIM + 4] = SLICE_LIT("s1");
	f[WIRE_DKIM + 5] = SLICE_LIT("one key");
	f[WIRE_DKIM + 9] = SLICE_LIT("b.example");
	f[WIRE_DKIM + 10] = SLICE_LIT("s2");
	f[WIRE_DKIM + 11] = SLICE_LIT("other key");
	f[at] = value;
	ck_assert_uint_eq(wire_write(&m, WIRE_ANSWER_MAX, frame), FAULT_NONE);
	return secret_view(*frame);
}

static void check_server(const struct keeper_server *s)
{
	ck_assert_uint_eq(s->port, 465);
	ck_assert_uint_eq(s->tls, TLS_IMPLICIT);
	ck_assert(s->is_operators);
	ck_assert_ptr_null(s->password);
	ck_assert_uint_eq(s->username.len, 0);
	ck_assert(slice_eq(s->host, SLICE_LIT("h")));
	ck_assert_uint_eq(s->oauth.flow, OAUTH_SERVICE_ACCOUNT);
	ck_assert(slice_eq(s->oauth.token_url, SLICE_LIT("https://t.example/")));
	ck_assert(slice_eq(s->oauth.client_id, SLICE_LIT("client")));
	ck_assert(secret_eq(s->oauth.secret, SLICE_LIT("a secret")));
	ck_assert_ptr_null(s->oauth.refresh);
	ck_assert(slice_eq(s->pins, SLICE_LIT(PIN PIN)));
	ck_assert(slice_eq(s->profile, SLICE_LIT("some")));
	ck_assert_uint_eq(s->limits.connections, 3);
	ck_assert_uint_eq(s->limits.per_minute, 30);
	ck_assert_uint_eq(s->limits.per_hour, 500);
	ck_assert_uint_eq(s->limits.recipients_per_mail, 100);
	ck_assert_uint_eq(s->dkim_count, 2);
	ck_assert(slice_eq(s->dkim[0].domain, SLICE_LIT("a.example")));
	ck_assert(slice_eq(s->dkim[0].selector, SLICE_LIT("s1")));
	ck_assert(secret_eq(s->dkim[0].key, SLICE_LIT("one key")));
	ck_assert(slice_eq(s->dkim[1].domain, SLICE_LIT("b.example")));
	ck_assert(secret_eq(s->dkim[1].key, SLICE_LIT("other key")));
}

START_TEST(servers_are_judged)
{
	struct secret *frame;
	struct slice answer = server_answer(servers[_i].at, servers[_i].value, &frame);
	struct script s = {.answers = &answer, .count = 1};
	struct keeper_server server;
	struct arena a;
	struct keeper_client *c = start(&s);
	arena_init(&a, ARENA);
	enum fault f = keeper_open_server(c, SLICE_LIT("t"), SLICE_LIT(""), &a, &server);
	ck_assert_uint_eq(f, servers[_i].fault);
	if (f == FAULT_NONE) {
		check_server(&server);
		keeper_server_deinit(&server);
		keeper_server_deinit(&server);
	}
	arena_deinit(&a);
	stop(&c);
	secret_free(&frame);
}
END_TEST

START_TEST(no_server_is_told)
{
	struct slice answer = SLICE_INIT("\0\0\0\3\2\4\0");
	struct script s = {.answers = &answer, .count = 1};
	struct keeper_server server;
	struct arena a;
	struct keeper_client *c = start(&s);
	arena_init(&a, ARENA);
	ck_assert_uint_eq(keeper_open_server(c, SLICE_LIT("t"), SLICE_LIT(""), &a, &server),
			  FAULT_NO_SERVER);
	arena_deinit(&a);
	stop(&c);
}
END_TEST

START_TEST(a_full_arena_is_told_and_nothing_leaks)
{
	struct secret *frame;
	struct slice answer = server_answer(WIRE_NAME, SLICE_LIT("n"), &frame);
	struct script s = {.answers = &answer, .count = 1};
	struct keeper_server server;
	struct arena none;
	struct keeper_client *c = start(&s);
	arena_init(&none, 0);
	ck_assert_uint_eq(keeper_open_server(c, SLICE_LIT("t"), SLICE_LIT(""), &none, &server),
			  FAULT_NO_MEMORY);
	arena_deinit(&none);
	stop(&c);
	secret_free(&frame);
}
END_TEST

START_TEST(paths_that_cannot_be_are_refused)
{
	static char longest[109];
	struct keeper_client *c;
	memset(longest, 'a', sizeof(longest) - 1);
	ck_assert_uint_eq(keeper_client_new(SLICE_LIT(""), 1, &c), FAULT_BAD_SETTING);
	ck_assert_uint_eq(keeper_client_new(slice_of_text(longest), 1, &c), FAULT_BAD_SETTING);
	longest[107] = '\0';
	ck_assert_uint_eq(keeper_client_new(slice_of_text(longest), 1, &c), FAULT_NONE);
	keeper_client_free(&c);
	keeper_client_free(&c);
}
END_TEST

START_TEST(nobody_there_is_down)
{
	uint64_t generation;
	struct keeper_client *c;
	unlink(socket_path);
	ck_assert_uint_eq(keeper_client_new(slice_of_text(socket_path), 0, &c), FAULT_NONE);
	ck_assert_uint_eq(keeper_ping(c, &generation), FAULT_KEEPER_DOWN);
	keeper_client_free(&c);
}
END_TEST

/* It accepts, by the kernel's queue, and never answers. */
START_TEST(a_silent_keeper_is_down)
{
	uint64_t generation;
	struct keeper_client *c;
	ck_assert_uint_eq(keeper_client_new(slice_of_text(socket_path), 20, &c), FAULT_NONE);
	ck_assert_uint_eq(keeper_ping(c, &generation), FAULT_KEEPER_DOWN);
	keeper_client_free(&c);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("config/keeper/client");
	TCase *t = tcase_create("client");
	tcase_set_timeout(t, 60);
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, an_answer_is_understood);
	tcase_add_test(t, a_kept_connection_may_be_dead);
	tcase_add_loop_test(t, a_keeper_killed_in_the_middle_is_down, 0, 3);
	tcase_add_loop_test(t, nonsense_is_told, 0, COUNT_OF(nonsense));
	tcase_add_loop_test(t, servers_are_judged, 0, COUNT_OF(servers));
	tcase_add_test(t, no_server_is_told);
	tcase_add_test(t, a_full_arena_is_told_and_nothing_leaks);
	tcase_add_test(t, paths_that_cannot_be_are_refused);
	tcase_add_test(t, nobody_there_is_down);
	tcase_add_test(t, a_silent_keeper_is_down);
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
