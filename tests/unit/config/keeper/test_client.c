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

#define PING_ANSWER "\0\0\0\x0d\4\0\1\0\x08\0\0\0\0\0\0\0\x2a"

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
		{SLICE_INIT("\0\0\0\x0d\4\0\1\0\x08")}, /* in its body */
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
	SLICE_INIT("\0\0\0\3\2\0\0"),				  /* version */
	SLICE_INIT("\0\0\0\3\4\xc8\0"),				  /* a result that is none */
	SLICE_INIT("\0\0\0\3\4\0\0"),				  /* fields are missing */
	SLICE_INIT("\0\0\0\6\4\0\1\0\1x"),			  /* a generation of one byte */
	SLICE_INIT(PING_ANSWER PING_ANSWER),			  /* two answers */
	SLICE_INIT("\0\0\0\x0e\4\0\1\0\x08\0\0\0\0\0\0\0\x2a\0"), /* a byte too many */
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

#define WORDS	"\1\4\2\1\2"
#define AMOUNTS "\0\0\0\x15\0\0\0\1\0\0\0\0"

enum { SERVER = WIRE_TENANT_FIELDS, SPACE = WIRE_SPACE_POLICY };

/* A whole answer but for the field `at`, which is `value`. */
static const struct {
	size_t at;
	struct slice value;
	enum fault fault;
} jobs[] = {
	{SERVER + WIRE_NAME, SLICE_INIT("n"), FAULT_NONE},
	{WIRE_CSS, SLICE_INIT("p{}"), FAULT_NONE},
	{WIRE_TENANT_NUMBERS, SLICE_INIT(""), FAULT_KEEPER_PROTOCOL},
	{WIRE_TENANT_NUMBERS, SLICE_INIT("\0\0\0\1\0\0\0\2\0\0\0\1\0\0\0"), FAULT_KEEPER_PROTOCOL},
	{WIRE_TENANT_NUMBERS, SLICE_INIT("\0\0\0\1\0\0\0\2\0\0\0\1\0\0\0\1\0"),
	 FAULT_KEEPER_PROTOCOL},
	{WIRE_TENANT_POLICY + WIRE_POLICY_WORDS, SLICE_INIT(""), FAULT_KEEPER_PROTOCOL},
	{WIRE_TENANT_POLICY + WIRE_POLICY_WORDS, SLICE_INIT("\3\0\0\0\0"), FAULT_KEEPER_PROTOCOL},
	{WIRE_TENANT_POLICY + WIRE_POLICY_WORDS, SLICE_INIT("\0\5\0\0\0"), FAULT_KEEPER_PROTOCOL},
	{SPACE + WIRE_POLICY_WORDS, SLICE_INIT("\0\0\3\0\0"), FAULT_KEEPER_PROTOCOL},
	{SPACE + WIRE_POLICY_WORDS, SLICE_INIT("\0\0\0\xff\0"), FAULT_KEEPER_PROTOCOL},
	{SPACE + WIRE_POLICY_WORDS, SLICE_INIT("\0\0\0\0\3"), FAULT_KEEPER_PROTOCOL},
	{SPACE + WIRE_POLICY_WORDS, SLICE_INIT("\0\0\0\0"), FAULT_KEEPER_PROTOCOL},
	{WIRE_TENANT_NUMBERS, SLICE_INIT("\0\0\0\1\0\0\0\2\0\0\0\1\0\0\0\3"),
	 FAULT_KEEPER_PROTOCOL},
	{SPACE + WIRE_POLICY_LIMITS, SLICE_INIT("\0\0\0\1"), FAULT_KEEPER_PROTOCOL},
	{SERVER + WIRE_TLS, SLICE_INIT("\2"), FAULT_KEEPER_PROTOCOL},
	{SERVER + WIRE_TLS, SLICE_INIT(""), FAULT_KEEPER_PROTOCOL},
	{SERVER + WIRE_PORT, SLICE_INIT("\1"), FAULT_KEEPER_PROTOCOL},
	{SERVER + WIRE_PORT, SLICE_INIT("\0\1\1"), FAULT_KEEPER_PROTOCOL},
	{SERVER + WIRE_HAS_PASSWORD, SLICE_INIT(""), FAULT_KEEPER_PROTOCOL},
	{SERVER + WIRE_IS_OPERATORS, SLICE_INIT(""), FAULT_KEEPER_PROTOCOL},
	{SERVER + WIRE_OAUTH_FLOW, SLICE_INIT(""), FAULT_KEEPER_PROTOCOL},
	{SERVER + WIRE_OAUTH_FLOW, SLICE_INIT("\4"), FAULT_KEEPER_PROTOCOL},
	{SERVER + WIRE_OAUTH_FLOW, SLICE_INIT("\xff"), FAULT_KEEPER_PROTOCOL},
	{SERVER + WIRE_LIMITS, SLICE_INIT("\0\0\0\3"), FAULT_KEEPER_PROTOCOL},
	{SERVER + WIRE_LIMITS, SLICE_INIT(LIMITS "\0"), FAULT_KEEPER_PROTOCOL},
	{SERVER + WIRE_PINS, SLICE_INIT("short"), FAULT_KEEPER_PROTOCOL},
	{SERVER + WIRE_PINS, SLICE_INIT(PIN PIN PIN), FAULT_KEEPER_PROTOCOL},
	{SERVER + WIRE_DKIM, SLICE_INIT("domain.without.a.key"), FAULT_KEEPER_PROTOCOL},
	{SERVER + WIRE_DKIM + 2, SLICE_INIT("a key without a domain"), FAULT_KEEPER_PROTOCOL},
};

static void fill_tenant(struct slice *f)
{
	f[WIRE_SUBJECT_PREFIX] = SLICE_LIT("[W] ");
	f[WIRE_TENANT_FROM_ADDRESS] = SLICE_LIT("a@b.example");
	f[WIRE_TENANT_FROM_NAME] = SLICE_LIT("A");
	f[WIRE_BUTTON_LABEL] = SLICE_LIT("Open");
	f[WIRE_HEADER_TEXT] = SLICE_LIT("head");
	f[WIRE_CSS] = SLICE_LIT("p{}");
	f[WIRE_TENANT_NUMBERS] = SLICE_LIT("\0\0\2\x80\0\1\0\0\0\0\0\1\0\0\0\2");
	for (size_t i = 0; i < 2; i++) {
		struct slice *policy = f + (i == 0 ? WIRE_TENANT_POLICY : WIRE_SPACE_POLICY);
		policy[WIRE_POLICY_WORDS] = i == 0 ? SLICE_LIT(WORDS) : SLICE_LIT("\0\0\0\0\0");
		policy[WIRE_POLICY_LIMITS] = SLICE_LIT(AMOUNTS);
		policy[WIRE_POLICY_GROUPS] = SLICE_LIT("g1\ng2");
		policy[WIRE_POLICY_SPACES] = SLICE_LIT("S");
		policy[WIRE_POLICY_DOMAINS] = SLICE_LIT("d.example");
		policy[WIRE_POLICY_SENDERS] = SLICE_LIT("s@d.example");
		policy[WIRE_POLICY_HOSTS] = SLICE_LIT(".h.example");
	}
}

static void fill_server(struct slice *f)
{
	f[WIRE_NAME] = SLICE_LIT("n");
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
	f[WIRE_RETURN_PATH] = SLICE_LIT("back@h.example");
	f[WIRE_LIMITS] = SLICE_LIT(LIMITS);
	/* The first place is empty: what is there comes up in the keeper's order all the same. */
	f[WIRE_DKIM + 3] = SLICE_LIT("a.example");
	f[WIRE_DKIM + 4] = SLICE_LIT("s1");
	f[WIRE_DKIM + 5] = SLICE_LIT("one key");
	f[WIRE_DKIM + 9] = SLICE_LIT("b.example");
	f[WIRE_DKIM + 10] = SLICE_LIT("s2");
	f[WIRE_DKIM + 11] = SLICE_LIT("other key");
}

static struct slice job_answer(size_t at, struct slice value, size_t count, struct secret **frame)
{
	struct wire_message m = {.count = count};
	fill_tenant(m.fields);
	fill_server(m.fields + SERVER);
	m.fields[at] = value;
	ck_assert_uint_eq(wire_write(&m, WIRE_ANSWER_MAX, frame), FAULT_NONE);
	return secret_view(*frame);
}

/* What is asked does not matter to a script. */
static enum fault open_job(struct keeper_client *c, struct arena *a, struct keeper_opened *out,
			   struct problem *p)
{
	static const struct keeper_proof proof;
	static const struct keeper_caller caller = {.tenant = "t", .tenant_len = 1};
	const struct keeper_job job = {.proof = &proof, .caller = &caller};
	return keeper_open_job(c, &job, a, out, p);
}

static void check_rules(const struct policy_rules *r)
{
	ck_assert(r->recipients.is_set);
	ck_assert_uint_eq(r->recipients.most, 20);
	ck_assert(r->attachments.is_set);
	ck_assert_uint_eq(r->attachments.most, 0);
	ck_assert(!r->attachment_bytes.is_set);
	ck_assert(slice_eq(r->groups, SLICE_LIT("g1\ng2")));
	ck_assert(slice_eq(r->spaces, SLICE_LIT("S")));
	ck_assert(slice_eq(r->recipient_domains, SLICE_LIT("d.example")));
	ck_assert(slice_eq(r->senders, SLICE_LIT("s@d.example")));
	ck_assert(slice_eq(r->upstream_hosts, SLICE_LIT(".h.example")));
}

static void check_tenant(const struct keeper_tenant *t)
{
	ck_assert(slice_eq(t->subject_prefix, SLICE_LIT("[W] ")));
	ck_assert(slice_eq(t->from_address, SLICE_LIT("a@b.example")));
	ck_assert(slice_eq(t->from_name, SLICE_LIT("A")));
	ck_assert(slice_eq(t->button_label, SLICE_LIT("Open")));
	ck_assert(slice_eq(t->header_text, SLICE_LIT("head")));
	ck_assert(slice_eq(t->css, SLICE_LIT("p{}")));
	ck_assert_uint_eq(t->image_side, 640);
	ck_assert_uint_eq(t->attached, 65536);
	ck_assert(t->always_from);
	ck_assert_uint_eq(t->operator_server, POLICY_NO);
	check_rules(&t->policy);
	ck_assert_uint_eq(t->policy.enforce, POLICY_YES);
	ck_assert_uint_eq(t->policy.from, POLICY_FROM_LIST);
	ck_assert_uint_eq(t->policy.job_accounts, POLICY_NO);
	ck_assert_uint_eq(t->policy.external_images, POLICY_YES);
	ck_assert_uint_eq(t->policy.operator_server, POLICY_NO);
	check_rules(&t->space_policy);
	ck_assert_uint_eq(t->space_policy.enforce, POLICY_UNSET);
	ck_assert_uint_eq(t->space_policy.from, POLICY_FROM_UNSET);
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
	ck_assert(slice_eq(s->return_path, SLICE_LIT("back@h.example")));
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

START_TEST(jobs_are_judged)
{
	struct secret *frame;
	struct slice answer = job_answer(jobs[_i].at, jobs[_i].value,
					 WIRE_TENANT_FIELDS + WIRE_SERVER_FIELDS, &frame);
	struct script s = {.answers = &answer, .count = 1};
	struct keeper_opened opened;
	struct arena a;
	struct keeper_client *c = start(&s);
	arena_init(&a, ARENA);
	enum fault f = open_job(c, &a, &opened, NULL);
	ck_assert_uint_eq(f, jobs[_i].fault);
	if (f == FAULT_NONE) {
		check_tenant(&opened.tenant);
		check_server(&opened.server);
		keeper_server_deinit(&opened.server);
		keeper_server_deinit(&opened.server);
	}
	arena_deinit(&a);
	stop(&c);
	secret_free(&frame);
}
END_TEST

START_TEST(a_job_has_all_fields_and_no_more)
{
	static const size_t counts[] = {0,
					1,
					WIRE_TENANT_FIELDS,
					WIRE_SERVER_FIELDS,
					WIRE_TENANT_FIELDS + WIRE_SERVER_FIELDS - 1,
					WIRE_TENANT_FIELDS + WIRE_SERVER_FIELDS + 1};
	struct secret *frame;
	struct slice answer = job_answer(WIRE_CSS, SLICE_LIT(""), counts[_i], &frame);
	struct script s = {.answers = &answer, .count = 1};
	struct keeper_opened opened;
	struct arena a;
	struct keeper_client *c = start(&s);
	arena_init(&a, ARENA);
	ck_assert_uint_eq(open_job(c, &a, &opened, NULL), FAULT_KEEPER_PROTOCOL);
	arena_deinit(&a);
	stop(&c);
	secret_free(&frame);
}
END_TEST

START_TEST(tenants_are_judged)
{
	static const struct {
		size_t count;
		enum fault fault;
	} counts[] = {{WIRE_TENANT_FIELDS, FAULT_NONE},
		      {WIRE_TENANT_FIELDS - 1, FAULT_KEEPER_PROTOCOL},
		      {WIRE_TENANT_FIELDS + 1, FAULT_KEEPER_PROTOCOL},
		      {0, FAULT_KEEPER_PROTOCOL}};
	struct secret *frame;
	struct slice answer = job_answer(WIRE_CSS, SLICE_LIT("p{}"), counts[_i].count, &frame);
	struct script s = {.answers = &answer, .count = 1};
	struct keeper_tenant tenant;
	struct arena a;
	struct keeper_client *c = start(&s);
	arena_init(&a, ARENA);
	enum fault f = keeper_get_tenant(c, SLICE_LIT("t"), SLICE_LIT("S"), &a, &tenant);
	ck_assert_uint_eq(f, counts[_i].fault);
	if (f == FAULT_NONE) {
		check_tenant(&tenant);
	}
	arena_deinit(&a);
	stop(&c);
	secret_free(&frame);
}
END_TEST

static const struct {
	struct slice answer;
	enum fault fault;
	unsigned flags;
} callers[] = {
	{SLICE_INIT("\0\0\0\x0a\4\0\2\0\2ab\0\1\0"), FAULT_NONE, 0},
	{SLICE_INIT("\0\0\0\x0a\4\0\2\0\2ab\0\1\1"), FAULT_NONE, WIRE_MAY_SEND},
	{SLICE_INIT("\0\0\0\x0a\4\0\2\0\2ab\0\1\6"), FAULT_NONE,
	 WIRE_MAY_ADMINISTER | WIRE_IS_UNINSTALLED},
	{SLICE_INIT("\0\0\0\x07\4\0\1\0\2ab"), FAULT_KEEPER_PROTOCOL, 0}, /* flags are missing */
	{SLICE_INIT("\0\0\0\x08\4\0\2\0\0\0\1\1"), FAULT_KEEPER_PROTOCOL, 0}, /* no tenant */
	{SLICE_INIT("\0\0\0\x09\4\0\2\0\2ab\0\0"), FAULT_KEEPER_PROTOCOL, 0},
	{SLICE_INIT("\0\0\0\x0b\4\0\2\0\2ab\0\2\1\1"), FAULT_KEEPER_PROTOCOL, 0},
	{SLICE_INIT("\0\0\0\x49\4\0\2\0\x41" PIN PIN "x\0\1\1"), FAULT_KEEPER_PROTOCOL, 0},
};

START_TEST(callers_are_judged)
{
	static const unsigned char hash[KEEPER_TOKEN_HASH];
	struct script s = {.answers = &callers[_i].answer, .count = 1};
	struct keeper_caller caller;
	struct keeper_client *c = start(&s);
	enum fault f = keeper_find_caller(c, hash, &caller);
	ck_assert_uint_eq(f, callers[_i].fault);
	if (f == FAULT_NONE) {
		unsigned flags = callers[_i].flags;
		ck_assert(slice_eq(slice_of(caller.tenant, caller.tenant_len), SLICE_LIT("ab")));
		ck_assert_int_eq(caller.may_send, (flags & WIRE_MAY_SEND) != 0);
		ck_assert_int_eq(caller.may_administer, (flags & WIRE_MAY_ADMINISTER) != 0);
		ck_assert_int_eq(caller.is_uninstalled, (flags & WIRE_IS_UNINSTALLED) != 0);
	}
	stop(&c);
}
END_TEST

START_TEST(no_server_is_told)
{
	static const struct {
		struct slice answer;
		const char *sentence;
	} told[] = {{SLICE_INIT("\0\0\0\3\4\4\0"), ""},
		    {SLICE_INIT("\0\0\0\x0a\4\4\1\0\5None."), "None."}};
	struct script s = {.answers = &told[_i].answer, .count = 1};
	struct keeper_opened opened;
	struct problem p = {0};
	struct arena a;
	struct keeper_client *c = start(&s);
	arena_init(&a, ARENA);
	ck_assert_uint_eq(open_job(c, &a, &opened, &p), FAULT_NO_SERVER);
	ck_assert(slice_eq(slice_of(p.text, p.len), slice_of_text(told[_i].sentence)));
	ck_assert_uint_eq(p.fault, p.len > 0 ? FAULT_NO_SERVER : FAULT_NONE);
	arena_deinit(&a);
	stop(&c);
}
END_TEST

/* Full at once, and when the server's secrets have been read. */
START_TEST(a_full_arena_is_told_and_nothing_leaks)
{
	static char large[2 * ARENA];
	struct secret *frame;
	memset(large, 'a', sizeof(large));
	struct slice answer = job_answer(SERVER + WIRE_CA_PEM, slice_of(large, sizeof(large)),
					 WIRE_TENANT_FIELDS + WIRE_SERVER_FIELDS, &frame);
	struct script s = {.answers = &answer, .count = 1};
	struct keeper_opened opened;
	struct arena a;
	struct keeper_client *c = start(&s);
	arena_init(&a, _i == 0 ? 0 : ARENA);
	ck_assert_uint_eq(open_job(c, &a, &opened, NULL), FAULT_NO_MEMORY);
	arena_deinit(&a);
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
	tcase_add_loop_test(t, jobs_are_judged, 0, COUNT_OF(jobs));
	tcase_add_loop_test(t, a_job_has_all_fields_and_no_more, 0, 6);
	tcase_add_loop_test(t, tenants_are_judged, 0, 4);
	tcase_add_loop_test(t, callers_are_judged, 0, COUNT_OF(callers));
	tcase_add_loop_test(t, no_server_is_told, 0, 2);
	tcase_add_loop_test(t, a_full_arena_is_told_and_nothing_leaks, 0, 2);
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
