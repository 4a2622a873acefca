#include "relay/confluence/oauth.h"

#include <string.h>

#include <openssl/evp.h>
#include <openssl/pem.h>

#include "spool-free/base/base64.h"
#include "tests/support/check_main.h"
#include "tests/support/oom.h"

enum { NOW_S = 1795000000 };

static struct oauth_client client;
static struct secret *form;

static struct secret *secret_of(struct slice bytes)
{
	struct secret *s;
	ck_assert_uint_eq(secret_new(bytes, &s), FAULT_NONE);
	return s;
}

static void setup(void)
{
	client = (struct oauth_client){
		.flow = OAUTH_CLIENT_CREDENTIALS,
		.token_url = SLICE_LIT("https://login.example.org/token"),
		.client_id = SLICE_LIT("app 1"),
		.scope = SLICE_LIT("https://a/.default"),
		.secret = secret_of(SLICE_LIT("s+&=%~ \xC3\xA4")),
	};
}

static void teardown(void)
{
	secret_free(&client.secret);
	secret_free(&client.refresh);
	secret_free(&form);
}

static void check_form(const struct secret *refresh, const char *expected)
{
	secret_free(&form);
	ck_assert_uint_eq(oauth_form(&client, SLICE_LIT("box@a.example"), refresh, NOW_S, &form),
			  FAULT_NONE);
	struct slice got = secret_view(form);
	ck_assert_msg(slice_eq(got, slice_of_text(expected)), "%.*s", (int)got.len, got.ptr);
}

START_TEST(forms_are_written)
{
	check_form(NULL, "grant_type=client_credentials&client_id=app%201&client_secret="
			 "s%2B%26%3D%25~%20%C3%A4&scope=https%3A%2F%2Fa%2F.default");
	client.scope.len = 0;
	check_form(NULL, "grant_type=client_credentials&client_id=app%201&client_secret="
			 "s%2B%26%3D%25~%20%C3%A4");
	client.flow = OAUTH_REFRESH_TOKEN;
	client.refresh = secret_of(SLICE_LIT("the/record's"));
	secret_free(&client.secret);
	check_form(NULL,
		   "grant_type=refresh_token&refresh_token=the%2Frecord%27s&client_id=app%201");
	struct secret *own = secret_of(SLICE_LIT("own"));
	check_form(own, "grant_type=refresh_token&refresh_token=own&client_id=app%201");
	secret_free(&own);
}
END_TEST

static EVP_PKEY *key_of_client(void)
{
	EVP_PKEY *key = EVP_RSA_gen(2048U);
	BIO *bio = BIO_new(BIO_s_mem());
	char *bytes;
	ck_assert_int_eq(PEM_write_bio_PrivateKey(bio, key, NULL, NULL, 0, NULL, NULL), 1);
	long len = BIO_get_mem_data(bio, &bytes);
	secret_free(&client.secret);
	client.secret = secret_of(slice_of(bytes, (size_t)len));
	client.flow = OAUTH_SERVICE_ACCOUNT;
	BIO_free(bio);
	return key;
}

/* base64url without padding, back to bytes. */
static struct slice unpack(struct slice text, char *room)
{
	size_t len = 0;
	size_t n = text.len;
	for (size_t i = 0; i < n; i++) {
		char c = text.ptr[i];
		room[i] = c == '-' ? '+' : c == '_' ? '/' : c;
	}
	while (n % 4 != 0) {
		room[n++] = '=';
	}
	ck_assert_uint_eq(base64_decode(slice_of(room, n), room, &len), FAULT_NONE);
	return slice_of(room, len);
}

START_TEST(an_assertion_is_signed)
{
	static const struct slice start = SLICE_INIT(
		"grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion=");
	char room[4096];
	struct slice part;
	EVP_PKEY *key = key_of_client();
	client.key_id = SLICE_LIT("kid");
	ck_assert_uint_eq(oauth_form(&client, SLICE_LIT("box@a.example"), NULL, NOW_S, &form),
			  FAULT_NONE);
	struct slice rest = secret_view(form);
	ck_assert(slice_starts(rest, start));
	rest = slice_skip(rest, start.len);
	struct slice whole = rest;
	ck_assert(slice_cut_to(&rest, '.', &part));
	ck_assert(slice_eq(unpack(part, room),
			   SLICE_LIT("{\"alg\":\"RS256\",\"typ\":\"JWT\",\"kid\":\"kid\"}")));
	ck_assert(slice_cut_to(&rest, '.', &part));
	ck_assert(slice_eq(unpack(part, room),
			   SLICE_LIT("{\"iss\":\"app 1\",\"scope\":\"https://a/.default\","
				     "\"aud\":\"https://login.example.org/token\",\"sub\":"
				     "\"box@a.example\",\"iat\":1795000000,\"exp\":1795003600}")));
	struct slice signature = unpack(rest, room);
	struct slice text = slice_first(whole, whole.len - rest.len - 1);
	EVP_MD_CTX *digest = EVP_MD_CTX_new();
	ck_assert_int_eq(EVP_DigestVerifyInit(digest, NULL, EVP_sha256(), NULL, key), 1);
	ck_assert_int_eq(EVP_DigestVerify(digest, (const unsigned char *)signature.ptr,
					  signature.len, (const unsigned char *)text.ptr, text.len),
			 1);
	EVP_MD_CTX_free(digest);
	EVP_PKEY_free(key);
}
END_TEST

START_TEST(a_key_that_is_none_is_told)
{
	client.flow = OAUTH_SERVICE_ACCOUNT;
	ck_assert_uint_eq(oauth_form(&client, SLICE_LIT("box@a.example"), NULL, NOW_S, &form),
			  FAULT_BAD_RECORD);
}
END_TEST

static const struct {
	uint64_t expires_s, use_s;
} uses[] = {{0, 0},	{1, 1},	      {9, 9},	    {10, 9},
	    {600, 540}, {3000, 2700}, {3600, 3300}, {86400, 86100}};

START_TEST(a_token_is_used_until_shortly_before_its_end)
{
	ck_assert_uint_eq(oauth_use_ms(uses[_i].expires_s), uses[_i].use_s * 1000);
}
END_TEST

#define TOKEN "{\"access_token\":\"abc\",\"token_type\":\"Bearer\""

static const struct {
	const char *body, *refresh;
	uint64_t expires_s;
} answers[] = {
	{TOKEN ",\"expires_in\":3599}", NULL, 3599},
	{TOKEN ",\"expires_in\":\"3599\"}", NULL, 3599}, /* as some servers write it */
	{TOKEN "}", NULL, OAUTH_EXPIRES_S},
	{TOKEN ",\"expires_in\":0}", NULL, 0},
	{TOKEN ",\"expires_in\":-1}", NULL, OAUTH_EXPIRES_S},
	{TOKEN ",\"expires_in\":1e3}", NULL, OAUTH_EXPIRES_S},
	{TOKEN ",\"expires_in\":99999999999999999999}", NULL, OAUTH_EXPIRES_S},
	{TOKEN ",\"expires_in\":null,\"refresh_token\":null}", NULL, OAUTH_EXPIRES_S},
	{TOKEN ",\"refresh_token\":\"r/2\"}", "r/2", OAUTH_EXPIRES_S},
	{TOKEN ",\"ext_expires_in\":1,\"more\":{\"a\":[1]},\"expires_in\":5}", NULL, 5},
	{"{\"access_token\":\"a\\u0062c\",\"token_type\":\"bearer\"}", NULL, OAUTH_EXPIRES_S},
	{"{\"access_token\":\"abc\"}", NULL, OAUTH_EXPIRES_S},
};

static enum fault read_answer(int status, struct slice text, struct oauth_answer *out,
			      struct problem *p)
{
	CLEANUP(buf_deinit) struct buf body;
	buf_init(&body, 64 * 1024);
	ck_assert_uint_eq(buf_add(&body, text), FAULT_NONE);
	return oauth_read(status, &body, out, p);
}

START_TEST(answers_are_read)
{
	struct oauth_answer a = {0};
	ck_assert_uint_eq(read_answer(200, slice_of_text(answers[_i].body), &a, NULL), FAULT_NONE);
	ck_assert(secret_eq(a.token, SLICE_LIT("abc")));
	ck_assert_uint_eq(a.expires_s, answers[_i].expires_s);
	ck_assert_int_eq(a.refresh != NULL, answers[_i].refresh != NULL);
	ck_assert(slice_eq(secret_view(a.refresh), slice_of_text(answers[_i].refresh)));
	secret_free(&a.token);
	secret_free(&a.refresh);
}
END_TEST

#define ERROR(error, words)                                                                        \
	"{\"error\":\"" error "\",\"error_description\":\"" words "\",\"trace_id\":\"x\"}"

static const struct {
	int status;
	const char *body;
	enum fault fault;
	const char *cause;
	const char *part; /* of the sentence */
} refused[] = {
	{400, ERROR("invalid_client", "AADSTS7000215: canary"), FAULT_OAUTH_REFUSED,
	 "microsoft-client-secret-wrong", "error is 'invalid_client' (AADSTS7000215)."},
	{401, ERROR("invalid_client", "AADSTS7000222: canary"), FAULT_OAUTH_REFUSED,
	 "microsoft-client-secret-expired", "(AADSTS7000222)"},
	{400, ERROR("unauthorized_client", "AADSTS700016: canary"), FAULT_OAUTH_REFUSED,
	 "microsoft-app-unknown", "(AADSTS700016)"},
	{400, ERROR("unauthorized_client", "AADSTS7000112: canary"), FAULT_OAUTH_REFUSED,
	 "microsoft-app-disabled", "(AADSTS7000112)"},
	{400, ERROR("invalid_request", "AADSTS90002: canary"), FAULT_OAUTH_REFUSED,
	 "microsoft-directory-unknown", "(AADSTS90002)"},
	{400, ERROR("invalid_scope", "AADSTS70011: canary"), FAULT_OAUTH_REFUSED,
	 "microsoft-scope-wrong", "(AADSTS70011)"},
	{400, ERROR("invalid_grant", "AADSTS65001: canary"), FAULT_OAUTH_REFUSED,
	 "microsoft-no-consent", "(AADSTS65001)"},
	{400, ERROR("invalid_grant", "AADSTS700082: canary"), FAULT_OAUTH_REFUSED,
	 "microsoft-refresh-token-void", "(AADSTS700082)"},
	{400, ERROR("invalid_grant", "AADSTS50126: canary"), FAULT_OAUTH_REFUSED,
	 "microsoft-account-refused", "(AADSTS50126)"},
	{400, ERROR("invalid_grant", "AADSTS53003: canary"), FAULT_OAUTH_REFUSED,
	 "microsoft-sign-in-rule", "(AADSTS53003)"},
	{400, ERROR("invalid_grant", "AADSTS99999999999: canary"), FAULT_OAUTH_REFUSED,
	 "oauth-grant-refused", "'invalid_grant'. "},
	{400, ERROR("invalid_grant", "AADSTS: canary"), FAULT_OAUTH_REFUSED, "oauth-grant-refused",
	 "'invalid_grant'. "},
	{503, ERROR("temporarily_unavailable", "AADSTS90033: canary"), FAULT_OAUTH_LATER,
	 "oauth-server-unavailable", "(AADSTS90033)"},
	{400, ERROR("invalid_grant", "Invalid JWT Signature."), FAULT_OAUTH_REFUSED,
	 "google-key-void", "'invalid_grant'. "},
	{400, ERROR("invalid_grant", "Invalid email or User ID"), FAULT_OAUTH_REFUSED,
	 "google-mailbox-unknown", "'invalid_grant'. "},
	{400, ERROR("invalid_grant", "Invalid grant: account not found"), FAULT_OAUTH_REFUSED,
	 "google-account-unknown", "'invalid_grant'. "},
	{400, ERROR("invalid_grant", "Token must be a short-lived token (60 minutes)"),
	 FAULT_OAUTH_REFUSED, "google-clock", "'invalid_grant'. "},
	{400, ERROR("invalid_grant", "Token has been expired or revoked."), FAULT_OAUTH_REFUSED,
	 "google-refresh-token-void", "'invalid_grant'. "},
	{401,
	 ERROR("unauthorized_client",
	       "Client is unauthorized to retrieve access tokens using this method"),
	 FAULT_OAUTH_REFUSED, "google-no-delegation", "'unauthorized_client'. "},
	{401, ERROR("unauthorized_client", "canary"), FAULT_OAUTH_REFUSED,
	 "oauth-client-not-authorized", "'unauthorized_client'. "},
	{401, "{\"error\":\"invalid_client\"}", FAULT_OAUTH_REFUSED, "oauth-client-refused",
	 "'invalid_client'. "},
	{400, "{\"error\":\"invalid_scope\"}", FAULT_OAUTH_REFUSED, "oauth-scope-refused", "scope"},
	{400, "{\"error\":\"unsupported_grant_type\"}", FAULT_OAUTH_REFUSED, "oauth-flow-refused",
	 "'unsupported_grant_type'"},
	{400, "{\"error\":\"new<error>\"}", FAULT_OAUTH_REFUSED, "oauth-request-refused", "'new"},
	/* An error that nobody knows, where the status says that it passes. */
	{500, "{\"error\":\"invalid_request\"}", FAULT_OAUTH_LATER, "oauth-server-unavailable",
	 "'invalid_request'. "},
	{503, ERROR("new", "canary"), FAULT_OAUTH_LATER, "oauth-server-unavailable", "'new'. "},
	{504, ERROR("new", "AADSTS99999: canary"), FAULT_OAUTH_LATER, "oauth-server-unavailable",
	 "(AADSTS99999)"},
	{429, "{\"error\":\"new\"}", FAULT_OAUTH_LATER, "oauth-throttled", "'new'. "},
	{499, "{\"error\":\"new\"}", FAULT_OAUTH_REFUSED, "oauth-request-refused", "'new'. "},
	/* One that is known stays what it is. */
	{503, "{\"error\":\"invalid_client\"}", FAULT_OAUTH_REFUSED, "oauth-client-refused",
	 "'invalid_client'. "},
	{429, ERROR("invalid_grant", "AADSTS50196: canary"), FAULT_OAUTH_LATER, "oauth-throttled",
	 "(AADSTS50196)"},
	/* An error with a good status is one all the same. */
	{200, "{\"error\":\"invalid_client\",\"access_token\":\"abc\"}", FAULT_OAUTH_REFUSED,
	 "oauth-client-refused", "'invalid_client'"},
	{429, "", FAULT_OAUTH_LATER, "oauth-throttled", "answered 429."},
	{500, "<html>", FAULT_OAUTH_LATER, "oauth-server-unavailable", "answered 500."},
	{503, "{}", FAULT_OAUTH_LATER, "oauth-server-unavailable", "answered 503."},
	{200, "", FAULT_OAUTH_PROTOCOL, "oauth-not-a-token-endpoint", "answered 200."},
	{200, "<html>", FAULT_OAUTH_PROTOCOL, "oauth-not-a-token-endpoint", "answered 200."},
	{200, "[]", FAULT_OAUTH_PROTOCOL, "oauth-not-a-token-endpoint", "answered 200."},
	{200, "{}", FAULT_OAUTH_PROTOCOL, "oauth-not-a-token-endpoint", "answered 200."},
	{200, TOKEN, FAULT_OAUTH_PROTOCOL, "oauth-not-a-token-endpoint", "answered 200."},
	{200, TOKEN "} more", FAULT_OAUTH_PROTOCOL, "oauth-not-a-token-endpoint", "answered 200."},
	{200, TOKEN ",\"access_token\":\"d\"}", FAULT_OAUTH_PROTOCOL, "oauth-not-a-token-endpoint",
	 "answered 200."},
	{302, TOKEN "}", FAULT_OAUTH_PROTOCOL, "oauth-not-a-token-endpoint", "answered 302."},
	{404, "{\"access_token\":7}", FAULT_OAUTH_PROTOCOL, "oauth-not-a-token-endpoint",
	 "answered 404."},
	{200, "{\"access_token\":\"\"}", FAULT_OAUTH_PROTOCOL, "oauth-not-a-token-endpoint",
	 "answered 200."},
	{200, "{\"access_token\":\"a b\"}", FAULT_OAUTH_PROTOCOL, "oauth-not-a-token-endpoint",
	 "answered 200."},
	{200, "{\"access_token\":\"a\\u0001b\"}", FAULT_OAUTH_PROTOCOL,
	 "oauth-not-a-token-endpoint", "answered 200."},
	{200, "{\"access_token\":\"\xC3\xA4\"}", FAULT_OAUTH_PROTOCOL, "oauth-not-a-token-endpoint",
	 "answered 200."},
	{200, "{\"access_token\":\"abc\",\"token_type\":\"mac\"}", FAULT_OAUTH_PROTOCOL,
	 "oauth-not-a-token-endpoint", "answered 200."},
	{200, TOKEN ",\"refresh_token\":\"a\\nb\"}", FAULT_OAUTH_PROTOCOL,
	 "oauth-not-a-token-endpoint", "answered 200."},
};

START_TEST(refusals_have_their_cause)
{
	struct oauth_answer a = {0};
	struct problem p = {0};
	enum fault f = read_answer(refused[_i].status, slice_of_text(refused[_i].body), &a, &p);
	struct slice said = problem_text(&p);
	ck_assert_uint_eq(f, refused[_i].fault);
	ck_assert_uint_eq(p.fault, refused[_i].fault);
	ck_assert_ptr_nonnull(p.cause);
	ck_assert_msg(slice_eq(p.cause->code, slice_of_text(refused[_i].cause)), "%s",
		      p.cause->code.ptr);
	ck_assert_msg(slice_find(said, slice_of_text(refused[_i].part)) < said.len, "%.*s",
		      (int)said.len, said.ptr);
	/* No word of the description. */
	ck_assert_uint_eq(slice_find(said, SLICE_LIT("canary")), said.len);
	ck_assert_uint_eq(
		read_answer(refused[_i].status, slice_of_text(refused[_i].body), &a, NULL),
		refused[_i].fault);
	ck_assert_ptr_null(a.token);
}
END_TEST

START_TEST(tokens_have_a_limit)
{
	static char body[OAUTH_TOKEN_MAX + 64];
	static const char start[] = "{\"access_token\":\"";
	struct oauth_answer a = {0};
	size_t len = sizeof(start) - 1;
	memset(body, 'a', sizeof(body));
	memcpy(body, start, len);
	memcpy(body + len + OAUTH_TOKEN_MAX, "\"}", 2);
	ck_assert_uint_eq(read_answer(200, slice_of(body, len + OAUTH_TOKEN_MAX + 2), &a, NULL),
			  FAULT_NONE);
	secret_free(&a.token);
	memcpy(body + len + OAUTH_TOKEN_MAX, "a\"}", 3);
	ck_assert_uint_eq(read_answer(200, slice_of(body, len + OAUTH_TOKEN_MAX + 3), &a, NULL),
			  FAULT_OAUTH_PROTOCOL);
}
END_TEST

/* Every row has a stable code and two whole sentences; none is longer than an answer's problem bears. */
START_TEST(causes_are_whole)
{
	for (int i = 0; i < OAUTH_CAUSES; i++) {
		const struct smtp_cause *c = oauth_cause((enum oauth_cause)i);
		ck_assert(c->code.len > 0 && slice_ends(c->detail, SLICE_LIT(".")) &&
			  slice_ends(c->remedy, SLICE_LIT(".")));
		ck_assert_uint_lt(c->detail.len, 250);
		for (int k = 0; k < i; k++) {
			ck_assert(!slice_eq(c->code, oauth_cause((enum oauth_cause)k)->code));
		}
	}
}
END_TEST

START_TEST(a_failing_allocation_is_a_fault)
{
	EVP_PKEY_free(key_of_client());
	for (unsigned n = 1; n < 400; n++) {
		struct secret *got = NULL;
		oom_arm(n);
		enum fault f = oauth_form(&client, SLICE_LIT("b@a.example"), NULL, NOW_S, &got);
		bool failed = oom_disarm();
		secret_free(&got);
		if (!failed) {
			ck_assert_uint_eq(f, FAULT_NONE);
			break;
		}
		ck_assert(f == FAULT_NO_MEMORY || f == FAULT_BAD_RECORD || f == FAULT_NONE);
	}
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("relay/confluence/oauth");
	TCase *t = tcase_create("oauth");
	tcase_set_timeout(t, 60);
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, forms_are_written);
	tcase_add_test(t, an_assertion_is_signed);
	tcase_add_test(t, a_key_that_is_none_is_told);
	tcase_add_loop_test(t, a_token_is_used_until_shortly_before_its_end, 0, COUNT_OF(uses));
	tcase_add_loop_test(t, answers_are_read, 0, COUNT_OF(answers));
	tcase_add_loop_test(t, refusals_have_their_cause, 0, COUNT_OF(refused));
	tcase_add_test(t, tokens_have_a_limit);
	tcase_add_test(t, causes_are_whole);
	tcase_add_test(t, a_failing_allocation_is_a_fault);
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
