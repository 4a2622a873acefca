#include "tests/support/admins.h"

#include <check.h>

#include "tests/support/vaults.h"

struct admins admins;

const struct slice admins_no_half = {0};
const char *const admins_only_host[3] = {"host", "tsmtp.example.org", NULL};

void admins_store(struct vault_record r)
{
	ck_assert_uint_eq(vault_put(admins.vault, &r, NULL, NULL), FAULT_NONE);
	vault_record_deinit(&r);
}

void admins_store_token(const char *token, const char *tenant, enum vault_scope scope)
{
	unsigned char bytes[32];
	char hex[64];
	vaults_hash(token, bytes, hex);
	admins_store((struct vault_record){.kind = VAULT_TOKEN,
					   .token = {.hash = slice_of(hex, sizeof(hex)),
						     .tenant = slice_of_text(tenant),
						     .label = SLICE_LIT("the app"),
						     .created = SLICE_LIT(ADMINS_NOW),
						     .scope = scope}});
}

void admins_setup(void)
{
	admins.vault = vaults_sample(vaults_by_credential('k'));
	admins_store((struct vault_record){
		.kind = VAULT_TENANT,
		.tenant = {.id = SLICE_LIT("other"), .created = SLICE_LIT(ADMINS_NOW)}});
	admins_store(vaults_server("other", "theirs", "the other's"));
	admins_store_token(ADMINS_TOKEN, "acme", VAULT_SCOPE_BOTH);
	admins_store_token(ADMINS_OF_OTHER, "other", VAULT_SCOPE_ADMIN);
	admins_store_token(ADMINS_SENDER, "acme", VAULT_SCOPE_SEND);
}

void admins_teardown(void)
{
	secret_free(&admins.frame);
	vault_free(&admins.vault);
}

enum fault admins_ask(void)
{
	struct wire_frame w;
	secret_free(&admins.frame);
	ck_assert_uint_eq(admin_answer(admins.vault, &admins.request, SLICE_LIT(ADMINS_NOW),
				       &admins.change, &admins.frame),
			  FAULT_NONE);
	wire_frame_init(&w, WIRE_ANSWER_MAX);
	struct slice bytes = secret_view(admins.frame);
	ck_assert_uint_eq(wire_frame_feed(&w, &bytes), FAULT_NONE);
	secret_free(&admins.frame);
	admins.frame = STEAL(w.body);
	w.body = admins.frame;
	ck_assert_uint_eq(wire_frame_read(&w, &admins.answer), FAULT_NONE);
	return wire_result_fault(admins.answer.code);
}

void admins_begin(enum wire_operation code, const char *token)
{
	char hex[64];
	vaults_hash(token, admins.hash, hex);
	admins.request = (struct wire_message){
		.code = (uint8_t)code,
		.count = 1,
		.fields = {slice_of(admins.hash, sizeof(admins.hash))}};
}

void admins_add(struct slice field)
{
	admins.request.fields[admins.request.count++] = field;
}

void admins_name(enum wire_operation code, const char *token, struct slice half,
		 enum keeper_kind of, const char *name)
{
	admins_begin(code, token);
	admins.kind = (unsigned char)of;
	admins_add(half);
	admins_add(slice_of(&admins.kind, 1));
	admins_add(slice_of_text(name));
}

void admins_say_condition(enum keeper_condition_kind what, uint32_t version)
{
	admins.condition[0] = (unsigned char)what;
	wire_put_number(admins.condition + 1, version, WIRE_NUMBER);
	admins_add(slice_of(admins.condition, sizeof(admins.condition)));
}

enum fault admins_get(enum keeper_kind of, const char *name)
{
	admins_name(WIRE_GET_RECORD, ADMINS_TOKEN, admins_no_half, of, name);
	return admins_ask();
}

/* Pairs: key, typed value ... */
enum fault admins_put(enum keeper_kind of, const char *name, enum keeper_condition_kind what,
		      uint32_t version, const char *const *pairs)
{
	admins_name(WIRE_PUT_RECORD, ADMINS_TOKEN, admins_no_half, of, name);
	admins_say_condition(what, version);
	for (size_t i = 0; pairs[i] != NULL; i++) {
		admins_add(slice_of_text(pairs[i]));
	}
	return admins_ask();
}

/* The typed value of a key in the answer to a GET; empty when it is not told. */
struct slice admins_told(const char *key)
{
	for (size_t i = 1; i + 1 < admins.answer.count; i += 2) {
		if (slice_eq(admins.answer.fields[i], slice_of_text(key))) {
			return admins.answer.fields[i + 1];
		}
	}
	return (struct slice){0};
}

void admins_check_told(const char *key, const char *value)
{
	struct slice said = admins_told(key);
	ck_assert_msg(slice_eq(said, slice_of_text(value)), "%s: '%.*s' is not '%s'", key,
		      (int)said.len, said.ptr, value);
}

void admins_check_sentence(const char *part)
{
	ck_assert_uint_eq(admins.answer.count, 1);
	struct slice said = admins.answer.fields[0];
	ck_assert_msg(slice_find(said, slice_of_text(part)) < said.len, "%.*s", (int)said.len,
		      said.ptr);
	ck_assert(!admins.change.is_made);
}
