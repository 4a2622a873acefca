#include "config/keeper/answers.h"

#include <string.h>

#include "tests/support/check_main.h"
#include "tests/support/vaults.h"

static struct vault *vault;
static struct secret *frame;
static unsigned char hash[32];

#define OF_BARE "pp_bare56789012345678901234567890123456789012345"
#define OF_GONE "pp_gone56789012345678901234567890123456789012345"

static void put_tenant(const char *id, enum vault_state state)
{
	struct vault_record r = {.kind = VAULT_TENANT,
				 .tenant = {.id = slice_of_text(id),
					    .state = state,
					    .created = SLICE_LIT("2026-11-22T00:00:00.000Z")}};
	ck_assert_uint_eq(vault_put(vault, &r, NULL, NULL), FAULT_NONE);
}

static void put_token(const char *token, const char *tenant, enum vault_scope scope)
{
	unsigned char bytes[32];
	char hex[64];
	vaults_hash(token, bytes, hex);
	struct vault_record r = {.kind = VAULT_TOKEN,
				 .token = {.hash = slice_of(hex, sizeof(hex)),
					   .tenant = slice_of_text(tenant),
					   .label = SLICE_LIT("a label"),
					   .created = SLICE_LIT("2026-11-22T00:00:00.000Z"),
					   .scope = scope}};
	ck_assert_uint_eq(vault_put(vault, &r, NULL, NULL), FAULT_NONE);
}

/* Besides the sample: a token of "bare", and the tenant "gone", which is uninstalled, with its own. */
static void setup(void)
{
	char hex[64];
	vault = vaults_sample(vaults_by_credential('k'));
	put_token(OF_BARE, "bare", VAULT_SCOPE_SEND);
	put_tenant("gone", VAULT_UNINSTALLED);
	put_token(OF_GONE, "gone", VAULT_SCOPE_BOTH);
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
	{{.code = WIRE_GET_TENANT, .count = 1, .fields = {SLICE_INIT("acme")}},
	 FAULT_KEEPER_PROTOCOL},
	{{.code = WIRE_GET_TENANT, .count = 3, .fields = {SLICE_INIT("acme")}},
	 FAULT_KEEPER_PROTOCOL},
	{{.code = WIRE_GET_TENANT, .count = 2, .fields = {SLICE_INIT("acme")}}, FAULT_NONE},
	{{.code = WIRE_GET_TENANT, .count = 2, .fields = {SLICE_INIT("acme"), SLICE_INIT("DOCS")}},
	 FAULT_NONE},
	{{.code = WIRE_GET_TENANT, .count = 2, .fields = {SLICE_INIT("ACME")}}, FAULT_NOT_FOUND},
	{{.code = WIRE_GET_TENANT, .count = 2, .fields = {SLICE_INIT("acme\0")}}, FAULT_NOT_FOUND},
	{{.code = WIRE_GET_TENANT, .count = 2}, FAULT_NOT_FOUND},
	{{.code = WIRE_GET_TENANT, .count = 2, .fields = {SLICE_INIT("asleep")}},
	 FAULT_TENANT_SUSPENDED},
	{{.code = WIRE_GET_TENANT, .count = 2, .fields = {SLICE_INIT("gone")}}, FAULT_TENANT_GONE},
	{{.code = 4, .count = 2, .fields = {SLICE_INIT("acme"), SLICE_INIT("main")}},
	 FAULT_KEEPER_PROTOCOL}, /* an operation that there was */
	{{.code = WIRE_OPEN_JOB, .count = 1, .fields = {SLICE_INIT("acme")}},
	 FAULT_KEEPER_PROTOCOL},
	{{.code = WIRE_OPEN_JOB,
	  .count = 3,
	  .fields = {SLICE_INIT("a hash that no token has, surely"), SLICE_INIT("acme"),
		     SLICE_INIT("main")}},
	 FAULT_KEEPER_PROTOCOL},
	{{.code = WIRE_OPEN_JOB,
	  .count = 6,
	  .fields = {SLICE_INIT("a hash that no token has, surely"), SLICE_INIT(""),
		     SLICE_INIT("acme")}},
	 FAULT_KEEPER_PROTOCOL},
	{{.code = WIRE_OPEN_JOB,
	  .count = 5,
	  .fields = {SLICE_INIT("too short a hash"), SLICE_INIT(""), SLICE_INIT("acme"),
		     SLICE_INIT("main")}},
	 FAULT_KEEPER_PROTOCOL},
	{{.code = WIRE_OPEN_JOB,
	  .count = 5,
	  .fields = {SLICE_INIT("a hash that no token has, surely"), SLICE_INIT(""),
		     SLICE_INIT("acme"), SLICE_INIT("main")}},
	 FAULT_NO_CALLER},
	{{.code = WIRE_GET_RECORD,
	  .count = 4,
	  .fields = {SLICE_INIT("a hash that no token has, surely")}},
	 FAULT_KEEPER_PROTOCOL}, /* admin.h answers that */
};

START_TEST(requests_are_judged)
{
	struct wire_message answer = ask(&rows[_i].request);
	ck_assert_uint_eq(wire_result_fault(answer.code), rows[_i].fault);
	if (rows[_i].fault != FAULT_NONE) {
		ck_assert_uint_le(answer.count, 1); /* a sentence */
	}
}
END_TEST

static const struct {
	const char *token, *tenant;
	enum vault_scope scope;
	unsigned flags;
} callers[] = {
	{VAULTS_TOKEN, "acme", VAULT_SCOPE_SEND, WIRE_MAY_SEND},
	{VAULTS_TOKEN, "acme", VAULT_SCOPE_ADMIN, WIRE_MAY_ADMINISTER},
	{VAULTS_TOKEN, "acme", VAULT_SCOPE_BOTH, WIRE_MAY_SEND | WIRE_MAY_ADMINISTER},
	{OF_GONE, "gone", VAULT_SCOPE_SEND, WIRE_MAY_SEND | WIRE_IS_UNINSTALLED},
	{OF_GONE, "gone", VAULT_SCOPE_ADMIN, WIRE_MAY_ADMINISTER | WIRE_IS_UNINSTALLED},
};

START_TEST(a_caller_is_its_tenant)
{
	char hex[64];
	put_token(callers[_i].token, callers[_i].tenant, callers[_i].scope);
	vaults_hash(callers[_i].token, hash, hex);
	struct wire_message request = {
		.code = WIRE_FIND_CALLER, .count = 1, .fields = {slice_of(hash, sizeof(hash))}};
	struct wire_message answer = ask(&request);
	ck_assert_uint_eq(answer.count, 2);
	ck_assert(slice_eq(answer.fields[0], slice_of_text(callers[_i].tenant)));
	ck_assert_uint_eq(answer.fields[1].len, 1);
	ck_assert_uint_eq((unsigned char)answer.fields[1].ptr[0], callers[_i].flags);
	/* A token whose tenant is gone is nobody's. */
	struct vault_key_name tenant = {VAULT_TENANT, {0}, slice_of_text(callers[_i].tenant)};
	ck_assert_uint_eq(vault_remove(vault, tenant), FAULT_NONE);
	answer = ask(&request);
	ck_assert_uint_eq(wire_result_fault(answer.code), FAULT_NO_CALLER);
}
END_TEST

/* As the client asks: the token's hash, a half, whom it takes the token for, the server, the space. */
static struct wire_message open_job(const char *token, struct slice half, const char *tenant,
				    const char *server, const char *space)
{
	char hex[64];
	vaults_hash(token, hash, hex);
	struct wire_message request = {.code = WIRE_OPEN_JOB,
				       .count = 5,
				       .fields = {slice_of(hash, sizeof(hash)), half,
						  slice_of_text(tenant), slice_of_text(server),
						  slice_of_text(space)}};
	return ask(&request);
}

static const struct {
	const char *token, *tenant, *server;
	enum fault fault;
	const char *opened, *password;
} jobs[] = {
	{VAULTS_TOKEN, "acme", "main", FAULT_NONE, "main", VAULTS_PASSWORD},
	{VAULTS_TOKEN, "acme", "", FAULT_NONE, "main", VAULTS_PASSWORD},
	{OF_BARE, "bare", "", FAULT_NONE, "operator", "of the operator"},
	{OF_BARE, "bare", "main", FAULT_NOT_FOUND, NULL, NULL},
	{OF_BARE, "bare", "operator", FAULT_NOT_FOUND, NULL, NULL},
	{VAULTS_TOKEN, "acme", "nosuch", FAULT_NOT_FOUND, NULL, NULL},
	{VAULTS_TOKEN, "acme", "operator", FAULT_NOT_FOUND, NULL, NULL},
	{VAULTS_TOKEN, "bare", "", FAULT_NO_CALLER, NULL, NULL},
	{VAULTS_TOKEN, "", "main", FAULT_NO_CALLER, NULL, NULL},
	{VAULTS_TOKEN, "", "operator", FAULT_NO_CALLER, NULL, NULL},
	{VAULTS_TOKEN, "ACME", "main", FAULT_NO_CALLER, NULL, NULL},
	{VAULTS_SLEEPER, "asleep", "", FAULT_TENANT_SUSPENDED, NULL, NULL},
	{OF_GONE, "gone", "", FAULT_TENANT_GONE, NULL, NULL},
	{"pp_unknown", "acme", "main", FAULT_NO_CALLER, NULL, NULL},
};

/* Tenant and server in one answer, for whom the token stands for and for nobody else. */
START_TEST(jobs_are_opened_by_their_token)
{
	struct wire_message answer = open_job(jobs[_i].token, (struct slice){0}, jobs[_i].tenant,
					      jobs[_i].server, "");
	ck_assert_uint_eq(wire_result_fault(answer.code), jobs[_i].fault);
	if (jobs[_i].fault != FAULT_NONE) {
		ck_assert_uint_le(answer.count, 1);
		return;
	}
	const struct slice *server = answer.fields + WIRE_TENANT_FIELDS;
	bool is_operators = server[WIRE_IS_OPERATORS].ptr[0] != 0;
	ck_assert_uint_eq(answer.count, WIRE_TENANT_FIELDS + WIRE_SERVER_FIELDS);
	ck_assert(slice_eq(answer.fields[WIRE_SUBJECT_PREFIX],
			   is_operators ? SLICE_LIT("") : SLICE_LIT("[Wiki] ")));
	ck_assert_int_eq(is_operators, strcmp(jobs[_i].opened, "operator") == 0);
	ck_assert(slice_eq(server[WIRE_NAME], slice_of_text(jobs[_i].opened)));
	ck_assert(slice_eq(server[WIRE_PASSWORD], slice_of_text(jobs[_i].password)));
}
END_TEST

static const struct {
	const char *half;
	enum fault fault;
	const char *sentence;
} halves[] = {
	{"", FAULT_KEY_HALF, "X-Pagepost-Key"},
	{"22222222222222222222222222222222", FAULT_KEY_HALF, "not the one"},
	{"hhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhh", FAULT_NONE, NULL},
	{"hhhhhhhhhhhhhhhhhhhhhhhhhhhhhhh", FAULT_KEEPER_PROTOCOL, NULL},
	{"hhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhh", FAULT_KEEPER_PROTOCOL, NULL},
};

START_TEST(a_split_tenants_job_needs_its_half)
{
	struct secret *half = vaults_half('h');
	ck_assert_uint_eq(vault_split(vault, SLICE_LIT("acme"), half, NULL), FAULT_NONE);
	secret_free(&half);
	struct wire_message answer = open_job(VAULTS_TOKEN, slice_of_text(halves[_i].half), "acme",
					      "main", "");
	ck_assert_uint_eq(wire_result_fault(answer.code), halves[_i].fault);
	if (halves[_i].sentence != NULL) {
		struct slice part = slice_of_text(halves[_i].sentence);
		ck_assert_uint_eq(answer.count, 1);
		ck_assert_uint_lt(slice_find(answer.fields[0], part), answer.fields[0].len);
	}
	if (halves[_i].fault == FAULT_NONE) {
		ck_assert(slice_eq(answer.fields[WIRE_TENANT_FIELDS + WIRE_PASSWORD],
				   SLICE_LIT(VAULTS_PASSWORD)));
	}
}
END_TEST

/* The tenant's policy and that of the job's space; of no other. */
START_TEST(policies_are_those_of_tenant_and_space)
{
	static const struct {
		const char *space;
		const char *groups;
	} spaces[] = {{"DOCS", "of the space"},
		      {"docs", "of the space"},
		      {"", ""},
		      {"DOC", ""},
		      {"OTHER", ""}};
	struct vault_record r = {
		.kind = VAULT_POLICY,
		.policy = {.tenant = SLICE_LIT("acme"), .groups = SLICE_LIT("of the tenant")}};
	ck_assert_uint_eq(vault_put(vault, &r, NULL, NULL), FAULT_NONE);
	r.policy.space = SLICE_LIT("DOCS");
	r.policy.groups = SLICE_LIT("of the space");
	ck_assert_uint_eq(vault_put(vault, &r, NULL, NULL), FAULT_NONE);
	r.policy.tenant = SLICE_LIT("bare");
	r.policy.space = SLICE_LIT("OTHER");
	ck_assert_uint_eq(vault_put(vault, &r, NULL, NULL), FAULT_NONE);
	for (size_t i = 0; i < COUNT_OF(spaces); i++) {
		struct wire_message answer = open_job(VAULTS_TOKEN, (struct slice){0}, "acme",
						      "main", spaces[i].space);
		const struct slice *f = answer.fields;
		ck_assert_uint_eq(wire_result_fault(answer.code), FAULT_NONE);
		ck_assert(slice_eq(f[WIRE_TENANT_POLICY + WIRE_POLICY_GROUPS],
				   SLICE_LIT("of the tenant")));
		ck_assert(slice_eq(f[WIRE_SPACE_POLICY + WIRE_POLICY_GROUPS],
				   slice_of_text(spaces[i].groups)));
	}
}
END_TEST

START_TEST(a_server_without_a_login_has_no_password)
{
	struct vault_record r = {
		.kind = VAULT_SERVER,
		.server = {.tenant = SLICE_LIT("acme"),
			   .name = SLICE_LIT("open"),
			   .host = SLICE_LIT("192.0.2.7"),
			   .port = 25},
	};
	ck_assert_uint_eq(vault_put(vault, &r, NULL, NULL), FAULT_NONE);
	struct wire_message answer = open_job(VAULTS_TOKEN, (struct slice){0}, "acme", "open", "");
	const struct slice *f = answer.fields + WIRE_TENANT_FIELDS;
	ck_assert_uint_eq(answer.count, WIRE_TENANT_FIELDS + WIRE_SERVER_FIELDS);
	ck_assert_int_eq(f[WIRE_HAS_PASSWORD].ptr[0], 0);
	ck_assert_uint_eq(f[WIRE_PASSWORD].len, 0);
	ck_assert_uint_eq(wire_get_number(f[WIRE_PORT]), 25);
	ck_assert_int_eq(f[WIRE_TLS].ptr[0], TLS_STARTTLS);
}
END_TEST

/* Everything that a record says of its server; the keeper adds nothing and leaves nothing out. */
START_TEST(a_server_is_answered_whole)
{
	struct vault_record r = vaults_oauth_server("acme", "full");
	ck_assert_uint_eq(vault_put(vault, &r, NULL, NULL), FAULT_NONE);
	vault_record_deinit(&r);
	struct wire_message answer = open_job(VAULTS_TOKEN, (struct slice){0}, "acme", "full", "");
	const struct slice *f = answer.fields + WIRE_TENANT_FIELDS;
	ck_assert_uint_eq(answer.count, WIRE_TENANT_FIELDS + WIRE_SERVER_FIELDS);
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
	tcase_add_loop_test(t, a_caller_is_its_tenant, 0, COUNT_OF(callers));
	tcase_add_loop_test(t, jobs_are_opened_by_their_token, 0, COUNT_OF(jobs));
	tcase_add_loop_test(t, a_split_tenants_job_needs_its_half, 0, COUNT_OF(halves));
	tcase_add_test(t, policies_are_those_of_tenant_and_space);
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
