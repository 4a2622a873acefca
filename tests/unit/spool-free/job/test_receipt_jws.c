#include "spool-free/job/receipt_jws.h"

#include <string.h>

#include "spool-free/base/hex.h"
#include "tests/support/check_main.h"
#include "tests/support/oom.h"

#define CLAIM "{\"receipt\":1,\"job\":\"x\"}"
/* RFC 8037 appendix A. */
#define SEED "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"
#define KID  "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"

static struct secret *seed;
static struct receipt_keys keys;
static struct buf jws;
static struct buf claim;
static struct problem problem;

static void setup(void)
{
	char *room;
	ck_assert_uint_eq(secret_new_room(ED25519_SEED, &seed, &room), FAULT_NONE);
	ck_assert_uint_eq(hex_decode(SLICE_LIT(SEED), room), FAULT_NONE);
	buf_init(&jws, RECEIPT_JWS_MAX);
	buf_init(&claim, RECEIPT_CLAIM_MAX);
	keys = (struct receipt_keys){.count = 1};
	ck_assert_uint_eq(ed25519_public(seed, keys.keys[0]), FAULT_NONE);
	ck_assert_uint_eq(receipt_jws_sign(seed, SLICE_LIT(CLAIM), &jws), FAULT_NONE);
}

static void teardown(void)
{
	secret_free(&seed);
	buf_deinit(&jws);
	buf_deinit(&claim);
}

static enum fault check(struct slice text)
{
	size_t key = 99;
	buf_clear(&claim);
	enum fault f = receipt_jws_check(text, &keys, &claim, &key, &problem);
	ck_assert_uint_eq(key, f == FAULT_NONE ? keys.count - 1 : 99);
	return f;
}

static bool says(const char *words)
{
	struct slice text = problem_text(&problem);
	return slice_find(text, slice_of_text(words)) < text.len;
}

START_TEST(a_keys_id_is_its_thumbprint)
{
	char id[RECEIPT_KEY_ID];
	ck_assert_uint_eq(receipt_key_id(keys.keys[0], id), FAULT_NONE);
	ck_assert(slice_eq(slice_of(id, sizeof(id)), SLICE_LIT(KID)));
}
END_TEST

START_TEST(what_is_signed_is_read_back)
{
	char header[RECEIPT_HEADER];
	size_t len;
	struct slice text = buf_view(&jws);
	ck_assert_uint_eq(check(text), FAULT_NONE);
	ck_assert(slice_eq(buf_view(&claim), SLICE_LIT(CLAIM)));
	ck_assert_uint_eq(
		base64url_decode(slice_first(text, slice_find_byte(text, '.')), header, &len),
		FAULT_NONE);
	ck_assert(
		slice_eq(slice_of(header, len), SLICE_LIT("{\"alg\":\"EdDSA\",\"kid\":\"" KID
							  "\",\"typ\":\"pagepost-receipt+jws\"}")));
	/* One of before is found as well. */
	keys.count = 2;
	memcpy(keys.keys[1], keys.keys[0], ED25519_PUBLIC);
	keys.keys[0][0] ^= 1;
	ck_assert_uint_eq(check(text), FAULT_NONE);
}
END_TEST

/* Each letter, by one that is none, by one that changes a bit, and left out. */
START_TEST(a_changed_letter_is_refused)
{
	char text[RECEIPT_JWS_MAX];
	size_t len = jws.len;
	for (size_t i = 0; i < len; i++) {
		memcpy(text, jws.ptr, len);
		text[i] = text[i] == 'A' ? 'B' : 'A';
		ck_assert_uint_eq(check(slice_of(text, len)), FAULT_BAD_FIELD);
		text[i] = '=';
		ck_assert_uint_eq(check(slice_of(text, len)), FAULT_BAD_FIELD);
		memcpy(text, jws.ptr, len);
		memmove(text + i, text + i + 1, len - i - 1);
		ck_assert_uint_eq(check(slice_of(text, len - 1)), FAULT_BAD_FIELD);
		ck_assert_uint_eq(check(slice_first(buf_view(&jws), i)), FAULT_BAD_FIELD);
	}
	memcpy(text, jws.ptr, len);
	text[len] = '.';
	ck_assert_uint_eq(check(slice_of(text, len + 1)), FAULT_BAD_FIELD);
	ck_assert(says("signature does not fit"));
	keys.keys[0][0] ^= 1;
	ck_assert_uint_eq(check(buf_view(&jws)), FAULT_BAD_FIELD);
	ck_assert(says("not among the given ones"));
	ck_assert_uint_eq(check(SLICE_LIT("")), FAULT_BAD_FIELD);
	ck_assert(says("This is no receipt"));
	ck_assert_uint_eq(check(SLICE_LIT("eyJhbGciOiJub25lIn0.e30.")), FAULT_BAD_FIELD);
	ck_assert(says("This is no receipt"));
}
END_TEST

/* Signed by the right key, and under the right header, but no claim. */
START_TEST(what_is_no_claim_is_refused)
{
	static const char other[] = "{\"iss\":\"x\"}";
	unsigned char signature[ED25519_SIGNATURE];
	jws.len = BASE64URL_LEN(RECEIPT_HEADER) + 1;
	ck_assert_uint_eq(base64url_add(&jws, slice_of_text(other)), FAULT_NONE);
	ck_assert_uint_eq(ed25519_sign(seed, buf_view(&jws), signature), FAULT_NONE);
	ck_assert_uint_eq(buf_add_byte(&jws, '.'), FAULT_NONE);
	ck_assert_uint_eq(base64url_add(&jws, slice_of(signature, sizeof(signature))), FAULT_NONE);
	ck_assert_uint_eq(check(buf_view(&jws)), FAULT_BAD_FIELD);
	ck_assert(says("no receipt's claim"));
}
END_TEST

static const struct {
	struct slice text;
	bool is;
} claims[] = {
	{SLICE_INIT(CLAIM), true},
	{SLICE_INIT("{\"receipt\":1,}"), true},
	{SLICE_INIT(""), false},
	{SLICE_INIT("}"), false},
	{SLICE_INIT("{}"), false},
	{SLICE_INIT("{\"receipt\":1}"), false},
	{SLICE_INIT("{\"receipt\":2,\"job\":\"x\"}"), false},
	{SLICE_INIT(" {\"receipt\":1,\"job\":\"x\"}"), false},
	{SLICE_INIT("{\"receipt\":1,\"job\":\"x\"} "), false},
	{SLICE_INIT("{\"receipt\":1,\n\"job\":\"x\"}"), false},
	{SLICE_INIT("{\"receipt\":1,\0\"job\":\"x\"}"), false},
};

START_TEST(nothing_but_claims_is_signed)
{
	size_t before = jws.len;
	buf_clear(&jws);
	ck_assert(receipt_is_claim(claims[_i].text) == claims[_i].is);
	ck_assert_uint_eq(receipt_jws_sign(seed, claims[_i].text, &jws),
			  claims[_i].is ? FAULT_NONE : FAULT_BAD_FIELD);
	ck_assert_uint_eq(jws.len > 0, claims[_i].is);
	ck_assert(jws.len <= before + 4);
}
END_TEST

START_TEST(claims_have_a_limit)
{
	char text[RECEIPT_CLAIM_MAX + 1];
	memset(text, 'x', sizeof(text));
	memcpy(text, RECEIPT_CLAIM_START, sizeof(RECEIPT_CLAIM_START) - 1);
	text[RECEIPT_CLAIM_MAX] = '}';
	ck_assert(!receipt_is_claim(slice_of(text, sizeof(text))));
	text[RECEIPT_CLAIM_MAX - 1] = '}';
	buf_clear(&jws);
	ck_assert_uint_eq(receipt_jws_sign(seed, slice_of(text, RECEIPT_CLAIM_MAX), &jws),
			  FAULT_NONE);
	ck_assert_uint_eq(jws.len, RECEIPT_JWS_MAX);
	ck_assert_uint_eq(check(buf_view(&jws)), FAULT_NONE);
}
END_TEST

static enum fault read_keys(const char *text, struct receipt_keys *out)
{
	static char room[RECEIPT_SET_MAX];
	size_t len = strlen(text);
	memcpy(room, text, len);
	return receipt_keys_read(room, len, out, &problem);
}

START_TEST(a_set_is_written_and_read)
{
	CLEANUP(buf_deinit) struct buf set;
	struct receipt_keys back;
	buf_init(&set, RECEIPT_SET_MAX);
	for (size_t i = 1; i < RECEIPT_KEYS_MAX; i++) {
		memset(keys.keys[i], (int)i, ED25519_PUBLIC);
	}
	keys.count = RECEIPT_KEYS_MAX;
	ck_assert_uint_eq(receipt_keys_write(&keys, &set), FAULT_NONE);
	ck_assert(slice_starts(buf_view(&set),
			       SLICE_LIT("{\"keys\":[{\"kty\":\"OKP\",\"crv\":\"Ed25519\",")));
	ck_assert_uint_lt(slice_find(buf_view(&set), SLICE_LIT("\"kid\":\"" KID "\"")), set.len);
	ck_assert_uint_eq(receipt_keys_read(set.ptr, set.len, &back, &problem), FAULT_NONE);
	ck_assert_uint_eq(back.count, keys.count);
	ck_assert_mem_eq(back.keys, keys.keys, sizeof(keys.keys));
}
END_TEST

#define KEY                                                                                        \
	"{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":"                                              \
	"\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\"}"

static const struct {
	const char *text;
	size_t count; /* 0: refused */
	const char *says;
} sets[] = {
	{KEY, 1, NULL},
	{"{\"keys\":[" KEY "]}", 1, NULL},
	{"{\"more\":{\"keys\":[]},\"keys\":[" KEY "," KEY "],\"kty\":1}", 2, NULL},
	{"{\"keys\":[{\"kty\":\"RSA\",\"n\":[1,{}]},7," KEY "]}", 1, NULL},
	{"{\"keys\":[]}", 0, "no Ed25519 key"},
	{"{}", 0, "no Ed25519 key"},
	{"[]", 0, "is a JSON object"},
	{"", 0, "no Ed25519 key"},
	{" ", 0, "byte 1"},
	{"{\"keys\":{}}", 0, "must be a list"},
	{"{\"keys\":[" KEY, 0, "byte"},
	{"{\"keys\":[" KEY "]}x", 0, "byte"},
	{"{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"AA\"}", 0, "32 bytes"},
	{"{\"kty\":\"OKP\",\"crv\":\"Ed25519\"}", 0, "32 bytes"},
	{"{\"kty\":\"OKP\",\"crv\":\"X25519\",\"x\":\"AA\"}", 0, "no Ed25519 key"},
};

START_TEST(sets_of_others_are_read)
{
	struct receipt_keys back = {.count = 0};
	enum fault f = read_keys(sets[_i].text, &back);
	ck_assert_uint_eq(f == FAULT_NONE, sets[_i].count > 0);
	ck_assert_uint_eq(back.count, sets[_i].count);
	ck_assert(sets[_i].says == NULL || says(sets[_i].says));
}
END_TEST

START_TEST(a_set_has_a_limit)
{
	CLEANUP(buf_deinit) struct buf set;
	struct receipt_keys back;
	buf_init(&set, RECEIPT_SET_MAX);
	ck_assert_uint_eq(buf_add_text(&set, "{\"keys\":["), FAULT_NONE);
	for (size_t i = 0; i <= RECEIPT_KEYS_MAX; i++) {
		ck_assert_uint_eq(buf_add_text(&set, i > 0 ? "," KEY : KEY), FAULT_NONE);
	}
	ck_assert_uint_eq(buf_add_text(&set, "]}"), FAULT_NONE);
	ck_assert_uint_eq(receipt_keys_read(set.ptr, set.len, &back, &problem), FAULT_BAD_FIELD);
	ck_assert(says("at most 32 keys"));
}
END_TEST

START_TEST(without_memory_nothing_is_signed)
{
	bool failed = true;
	for (unsigned n = 1; failed; n++) {
		buf_deinit(&jws);
		buf_init(&jws, RECEIPT_JWS_MAX);
		oom_arm(n);
		enum fault f = receipt_jws_sign(seed, SLICE_LIT(CLAIM), &jws);
		failed = oom_disarm();
		ck_assert(f == FAULT_NONE || (failed && f == FAULT_NO_MEMORY));
	}
	ck_assert_uint_eq(check(buf_view(&jws)), FAULT_NONE);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("spool-free/job/receipt_jws");
	TCase *t = tcase_create("receipt_jws");
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, a_keys_id_is_its_thumbprint);
	tcase_add_test(t, what_is_signed_is_read_back);
	tcase_add_test(t, a_changed_letter_is_refused);
	tcase_add_test(t, what_is_no_claim_is_refused);
	tcase_add_loop_test(t, nothing_but_claims_is_signed, 0, COUNT_OF(claims));
	tcase_add_test(t, claims_have_a_limit);
	tcase_add_test(t, a_set_is_written_and_read);
	tcase_add_loop_test(t, sets_of_others_are_read, 0, COUNT_OF(sets));
	tcase_add_test(t, a_set_has_a_limit);
	tcase_add_test(t, without_memory_nothing_is_signed);
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	return secret_heap_start() == FAULT_NONE ? check_main(suite()) : 1;
}
