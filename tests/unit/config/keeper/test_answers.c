#include "config/keeper/answers.h"

#include "tests/support/check_main.h"
#include "tests/support/vaults.h"

static struct vault *vault;
static struct secret *frame;
static unsigned char hash[32];

static void setup(void)
{
	char hex[64];
	vault = vaults_sample(vaults_by_credential('k'));
	vaults_hash(VAULTS_TOKEN, hash, hex);
}

static void teardown(void)
{
	secret_free(&frame);
	vault_free(&vault);
}

/* The answer, read back as a client does; its fields point into `frame`. */
static struct wire_message ask(const struct wire_message *request)
{
	struct wire_message answer;
	struct wire_frame w;
	secret_free(&frame);
	ck_assert_uint_eq(keeper_answer(vault, request, &frame), FAULT_NONE);
	wire_frame_init(&w, WIRE_ANSWER_MAX);
	struct slice bytes = secret_view(frame);
	ck_assert_uint_eq(wire_frame_feed(&w, &bytes), FAULT_NONE);
	ck_assert(wire_frame_is_whole(&w));
	secret_free(&frame);
	frame = STEAL(w.body);
	w.body = frame;
	ck_assert_uint_eq(wire_frame_read(&w, &answer), FAULT_NONE);
	return answer;
}

static const struct {
	struct wire_message request;
	enum fault fault;
} rows[] = {
	{{.code = WIRE_PING}, FAULT_NONE},
	{{.code = WIRE_PING, .count = 1}, FAULT_KEEPER_PROTOCOL},
	{{.code = 0}, FAULT_KEEPER_PROTOCOL},
	{{.code = 99}, FAULT_KEEPER_PROTOCOL},
	{{.code = WIRE_FIND_CALLER}, FAULT_KEEPER_PROTOCOL},
	{{.code = WIRE_FIND_CALLER, .count = 1, .fields = {SLICE_INIT("too short a hash")}},
	 FAULT_KEEPER_PROTOCOL},
	{{.code = WIRE_FIND_CALLER,
	  .count = 1,
	  .fields = {SLICE_INIT("a hash that no token has, surely")}},
	 FAULT_NO_CALLER},
	{{.code = WIRE_FIND_CALLER,
	  .count = 2,
	  .fields = {SLICE_INIT("a hash that no token has, surely")}},
	 FAULT_KEEPER_PROTOCOL},
	{{.code = WIRE_GET_TENANT}, FAULT_KEEPER_PROTOCOL},
	{{.code = WIRE_GET_TENANT, .count = 1, .fields = {SLICE_INIT("acme")}}, FAULT_NONE},
	{{.code = WIRE_GET_TENANT, .count = 1, .fields = {SLICE_INIT("ACME")}}, FAULT_NOT_FOUND},
	{{.code = WIRE_GET_TENANT, .count = 1, .fields = {SLICE_INIT("acme\0")}}, FAULT_NOT_FOUND},
	{{.code = WIRE_GET_TENANT, .count = 1}, FAULT_NOT_FOUND},
	{{.code = WIRE_GET_TENANT, .count = 1, .fields = {SLICE_INIT("asleep")}},
	 FAULT_TENANT_SUSPENDED},
	{{.code = WIRE_OPEN_SERVER, .count = 1, .fields = {SLICE_INIT("acme")}},
	 FAULT_KEEPER_PROTOCOL},
	{{.code = WIRE_OPEN_SERVER, .count = 2, .fields = {SLICE_INIT("acme"), SLICE_INIT("main")}},
	 FAULT_NONE},
	{{.code = WIRE_OPEN_SERVER, .count = 2, .fields = {SLICE_INIT("bare"), SLICE_INIT("main")}},
	 FAULT_NOT_FOUND},
	{{.code = WIRE_OPEN_SERVER, .count = 2, .fields = {SLICE_INIT(""), SLICE_INIT("operator")}},
	 FAULT_NOT_FOUND},
	{{.code = WIRE_OPEN_SERVER,
	  .count = 2,
	  .fields = {SLICE_INIT("asleep"), SLICE_INIT("main")}},
	 FAULT_TENANT_SUSPENDED},
	{{.code = WIRE_OPEN_JOB,
	  .count = 2,
	  .fields = {SLICE_INIT("a hash that no token has, surely"), SLICE_INIT("acme")}},
	 FAULT_KEEPER_PROTOCOL},
	{{.code = WIRE_OPEN_JOB,
	  .count = 3,
	  .fields = {SLICE_INIT("too short a hash"), SLICE_INIT("acme"), SLICE_INIT("main")}},
	 FAULT_KEEPER_PROTOCOL},
};

START_TEST(requests_are_judged)
{
	struct wire_message answer = ask(&rows[_i].request);
	ck_assert_uint_eq(wire_result_fault(answer.code), rows[_i].fault);
	if (rows[_i].fault != FAULT_NONE) {
		ck_assert_uint_eq(answer.count, 0);
	}
}
END_TEST

START_TEST(a_caller_is_its_tenant)
{
	struct wire_message request = {
		.code = WIRE_FIND_CALLER, .count = 1, .fields = {slice_of(hash, sizeof(hash))}};
	struct wire_message answer = ask(&request);
	ck_assert_uint_eq(answer.count, 1);
	ck_assert(slice_eq(answer.fields[0], SLICE_LIT("acme")));
	/* A token whose tenant is gone is nobody's. */
	struct vault_key_name acme = {VAULT_TENANT, {0}, SLICE_LIT("acme")};
	ck_assert_uint_eq(vault_remove(vault, acme), FAULT_NONE);
	answer = ask(&request);
	ck_assert_uint_eq(wire_result_fault(answer.code), FAULT_NO_CALLER);
}
END_TEST

static const struct {
	const char *token, *tenant, *server;
	enum fault fault;
} jobs[] = {
	{VAULTS_TOKEN, "acme", "main", FAULT_NONE},
	{VAULTS_TOKEN, "acme", "", FAULT_NONE},
	{VAULTS_TOKEN, "acme", "nosuch", FAULT_NOT_FOUND},
	{VAULTS_TOKEN, "bare", "", FAULT_NO_CALLER},
	{VAULTS_TOKEN, "", "main", FAULT_NO_CALLER},
	{VAULTS_SLEEPER, "asleep", "", FAULT_TENANT_SUSPENDED},
	{"pp_unknown", "acme", "main", FAULT_NO_CALLER},
};

/* Tenant and server in one answer, for whom the token stands for and for nobody else. */
START_TEST(jobs_are_opened_by_their_token)
{
	char hex[64];
	vaults_hash(jobs[_i].token, hash, hex);
	struct wire_message request = {.code = WIRE_OPEN_JOB,
				       .count = 3,
				       .fields = {slice_of(hash, sizeof(hash)),
						  slice_of_text(jobs[_i].tenant),
						  slice_of_text(jobs[_i].server)}};
	struct wire_message answer = ask(&request);
	ck_assert_uint_eq(wire_result_fault(answer.code), jobs[_i].fault);
	if (jobs[_i].fault != FAULT_NONE) {
		ck_assert_uint_eq(answer.count, 0);
		return;
	}
	const struct slice *server = answer.fields + WIRE_TENANT_FIELDS;
	ck_assert_uint_eq(answer.count, WIRE_TENANT_FIELDS + WIRE_SERVER_FIELDS);
	ck_assert(slice_eq(answer.fields[WIRE_SUBJECT_PREFIX], SLICE_LIT("[Wiki] ")));
	ck_assert(slice_eq(server[WIRE_NAME], SLICE_LIT("main")));
	ck_assert(slice_eq(server[WIRE_PASSWORD], SLICE_LIT(VAULTS_PASSWORD)));
}
END_TEST

START_TEST(a_server_without_a_login_has_no_password)
{
	struct wire_message request = {.code = WIRE_OPEN_SERVER,
				       .count = 2,
				       .fields = {SLICE_LIT("acme"), SLICE_LIT("open")}};
	struct vault_record r = {
		.kind = VAULT_SERVER,
		.server = {.tenant = SLICE_LIT("acme"),
			   .name = SLICE_LIT("open"),
			   .host = SLICE_LIT("192.0.2.7"),
			   .port = 25},
	};
	ck_assert_uint_eq(vault_put(vault, &r, NULL, NULL), FAULT_NONE);
	struct wire_message answer = ask(&request);
	ck_assert_uint_eq(answer.count, WIRE_SERVER_FIELDS);
	ck_assert_int_eq(answer.fields[WIRE_HAS_PASSWORD].ptr[0], 0);
	ck_assert_uint_eq(answer.fields[WIRE_PASSWORD].len, 0);
	ck_assert_uint_eq(wire_get_number(answer.fields[WIRE_PORT]), 25);
	ck_assert_int_eq(answer.fields[WIRE_TLS].ptr[0], TLS_STARTTLS);
}
END_TEST

/* Everything that a record says of its server; the keeper adds nothing and leaves nothing out. */
START_TEST(a_server_is_answered_whole)
{
	struct wire_message request = {.code = WIRE_OPEN_SERVER,
				       .count = 2,
				       .fields = {SLICE_LIT("acme"), SLICE_LIT("full")}};
	struct vault_record r = vaults_oauth_server("acme", "full");
	ck_assert_uint_eq(vault_put(vault, &r, NULL, NULL), FAULT_NONE);
	vault_record_deinit(&r);
	struct wire_message answer = ask(&request);
	const struct slice *f = answer.fields;
	ck_assert_uint_eq(answer.count, WIRE_SERVER_FIELDS);
	ck_assert_uint_eq(f[WIRE_HAS_PASSWORD].ptr[0], 0);
	ck_assert_int_eq(f[WIRE_IS_OPERATORS].ptr[0], 0);
	ck_assert_int_eq(f[WIRE_OAUTH_FLOW].ptr[0], OAUTH_REFRESH_TOKEN);
	ck_assert(slice_eq(f[WIRE_OAUTH_TOKEN_URL], SLICE_LIT("https://login.example.org/token")));
	ck_assert(slice_eq(f[WIRE_OAUTH_CLIENT_ID], SLICE_LIT("client")));
	ck_assert(slice_eq(f[WIRE_OAUTH_KEY_ID], SLICE_LIT("key-1")));
	ck_assert(slice_eq(f[WIRE_OAUTH_SCOPE], SLICE_LIT("one two")));
	ck_assert(slice_eq(f[WIRE_OAUTH_SECRET], SLICE_LIT("the client's")));
	ck_assert(slice_eq(f[WIRE_OAUTH_REFRESH], SLICE_LIT("refreshing")));
	ck_assert_uint_eq(f[WIRE_PINS].len, 64);
	ck_assert_int_eq(f[WIRE_PINS].ptr[0], 0x01);
	ck_assert_int_eq((unsigned char)f[WIRE_PINS].ptr[63], 0x98);
	ck_assert(slice_eq(f[WIRE_PROFILE], SLICE_LIT("special")));
	ck_assert(slice_eq(f[WIRE_LIMITS], SLICE_LIT("\0\0\0\3\0\0\0\x1e\0\0\1\xf4\0\0\0\x64")));
	ck_assert(slice_eq(f[WIRE_DKIM], SLICE_LIT("example.org")));
	ck_assert(slice_eq(f[WIRE_DKIM + 1], SLICE_LIT("2026")));
	ck_assert(slice_eq(f[WIRE_DKIM + 2], SLICE_LIT("any text; it was looked at before")));
	ck_assert_uint_eq(f[WIRE_DKIM + 3].len, 0);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("config/keeper/answers");
	TCase *t = tcase_create("answers");
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_loop_test(t, requests_are_judged, 0, COUNT_OF(rows));
	tcase_add_test(t, a_caller_is_its_tenant);
	tcase_add_loop_test(t, jobs_are_opened_by_their_token, 0, COUNT_OF(jobs));
	tcase_add_test(t, a_server_without_a_login_has_no_password);
	tcase_add_test(t, a_server_is_answered_whole);
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
