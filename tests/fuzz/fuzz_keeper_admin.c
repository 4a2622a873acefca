/*
 * Requests to a keeper, by tokens that administer and that send: whatever they say, the answer is one of the protocol, no
 * secret is in it, another tenant's records are as they were, and what is not told as a change is none.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "config/keeper/admin.h"
#include "config/keeper/answers.h"
#include "config/keeper/house_answers.h"
#include "config/keeper/house_keys.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* libconfig 1.5 loses the start of a text that has no end; read by LeakSanitizer. */
const char *__lsan_default_suppressions(void);

__attribute__((visibility("default"))) const char *__lsan_default_suppressions(void)
{
	return "leak:libconfig";
}

enum { TODAY = 20786 };

/* A token is its hash; "aaaa..." administers acme, "bbbb..." sends for it, "cccc..." administers other. */
#define HEX_A	 "6161616161616161616161616161616161616161616161616161616161616161"
#define HEX_B	 "6262626262626262626262626262626262626262626262626262626262626262"
#define HEX_C	 "6363636363636363636363636363636363636363636363636363636363636363"
#define NOW	 "2026-11-29T12:00:00.000Z"
#define PASSWORD "correct horse battery"

static struct vault *vault;

static void put(struct vault_record r)
{
	enum fault f = vault_put(vault, &r, NULL, NULL);
	assert(f == FAULT_NONE);
	vault_record_deinit(&r);
}

static void put_tenant(const char *id)
{
	put((struct vault_record){.kind = VAULT_TENANT,
				  .tenant = {.id = slice_of_text(id), .created = SLICE_LIT(NOW)}});
	struct vault_record r = {.kind = VAULT_SERVER,
				 .server = {.tenant = slice_of_text(id),
					    .name = SLICE_LIT("main"),
					    .host = SLICE_LIT("h.example"),
					    .port = 587,
					    .username = SLICE_LIT("u")}};
	enum fault f = secret_new(SLICE_LIT(PASSWORD), &r.server.password);
	assert(f == FAULT_NONE);
	put(r);
}

static void put_token(const char *hash, const char *tenant, enum vault_scope scope)
{
	put((struct vault_record){.kind = VAULT_TOKEN,
				  .token = {.hash = slice_of_text(hash),
					    .tenant = slice_of_text(tenant),
					    .label = SLICE_LIT("x"),
					    .created = SLICE_LIT(NOW),
					    .scope = scope}});
}

static void make_vault(void)
{
	static const char bytes[] = "a credential of at least thirty-two bytes, as it must be";
	struct secret *credential;
	struct vault_kdf kdf = {.log_n = 10, .r = 8, .p = 1};
	enum fault f = secret_new(slice_of_text(bytes), &credential);
	assert(f == FAULT_NONE);
	const struct vault_unlock unlock = {.kind = VAULT_CREDENTIAL, .bytes = credential};
	f = vault_create(&unlock, kdf, &vault, NULL);
	assert(f == FAULT_NONE);
	secret_free(&credential);
	f = house_keys_make(vault, NULL);
	assert(f == FAULT_NONE);
	put_tenant("acme");
	put_tenant("other");
	put_token(HEX_A, "acme", VAULT_SCOPE_ADMIN);
	put_token(HEX_B, "acme", VAULT_SCOPE_SEND);
	put_token(HEX_C, "other", VAULT_SCOPE_ADMIN);
}

static size_t count_of(const char *tenant)
{
	size_t count = 0;
	struct slice id = slice_of_text(tenant);
	for (size_t i = 0; (i = vault_next_of(vault, id, i)) < vault_count(vault); i++) {
		count++;
	}
	return count;
}

static bool holds(struct slice text, struct slice part)
{
	return slice_find(text, part) < text.len;
}

static struct wire_message read_answer(const struct secret *frame)
{
	struct wire_message answer;
	struct wire_frame w;
	struct slice bytes = secret_view(frame);
	wire_frame_init(&w, WIRE_ANSWER_MAX);
	enum fault f = wire_frame_feed(&w, &bytes);
	assert(f == FAULT_NONE && bytes.len == 0 && wire_frame_is_whole(&w));
	f = wire_frame_read(&w, &answer);
	assert(f == FAULT_NONE);
	wire_frame_deinit(&w);
	return answer;
}

static void check_admin(const struct wire_message *request, struct slice asked)
{
	struct admin_change change;
	struct secret *frame = NULL;
	bool is_others = slice_starts(request->fields[0], SLICE_LIT("cccc"));
	const char *whose = is_others ? "acme" : "other";
	size_t count = vault_count(vault);
	size_t theirs = count_of(whose);
	enum fault f = admin_answer(vault, request, SLICE_LIT(NOW), &change, &frame);
	assert(f == FAULT_NONE);
	struct wire_message answer = read_answer(frame);
	assert(wire_result_fault(answer.code) == FAULT_NONE || !change.is_made);
	assert(change.is_made || change.is_begun || vault_count(vault) == count);
	assert(!change.is_made || admin_is_change(request));
	assert(count_of(whose) == theirs);
	assert(holds(asked, SLICE_LIT(PASSWORD)) ||
	       !holds(secret_view(frame), SLICE_LIT(PASSWORD)));
	assert(!change.is_made || change.tenant.len > 0);
	secret_free(&frame);
	if (change.is_made || change.is_begun) {
		vault_free(&vault);
		make_vault();
	}
}

/* Whatever is signed begins as a receipt does, and says what a claim says. */
static void check_house(const struct wire_message *request)
{
	struct secret *frame = NULL;
	enum fault f = house_answer(vault, request, TODAY, &frame);
	assert(f == FAULT_NONE);
	struct wire_message answer = read_answer(frame);
	if (request->code == WIRE_SIGN_RECEIPT && wire_result_fault(answer.code) == FAULT_NONE) {
		assert(receipt_is_claim(request->fields[0]));
		assert(holds(secret_view(frame), SLICE_LIT("eyJhbGciOiJFZERTQSIsImtpZCI6")));
	}
	secret_free(&frame);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct wire_message request;
	struct wire_frame w;
	struct secret *frame = NULL;
	struct slice asked = slice_of(data, size);
	struct slice bytes = asked;
	if (vault == NULL) {
		make_vault();
	}
	wire_frame_init(&w, WIRE_REQUEST_MAX);
	if (wire_frame_feed(&w, &bytes) == FAULT_NONE && wire_frame_is_whole(&w) &&
	    wire_frame_read(&w, &request) == FAULT_NONE) {
		if (house_is_request(&request)) {
			check_house(&request);
		} else if (admin_is_request(&request)) {
			check_admin(&request, asked);
		} else {
			enum fault f = keeper_answer(vault, &request, &frame);
			assert(f == FAULT_NONE);
			read_answer(frame);
			secret_free(&frame);
		}
	}
	wire_frame_deinit(&w);
	return 0;
}
