#include "spool-free/job/receipt_jws.h"

#include <string.h>

#include "spool-free/base/digest.h"
#include "spool-free/base/json.h"

#define HEAD "{\"alg\":\"EdDSA\",\"kid\":\""
enum { HEAD_WHOLE = 21 }; /* so much of it is the same in base64, whatever follows */
#define TAIL "\",\"typ\":\"pagepost-receipt+jws\"}"

_Static_assert(sizeof(HEAD) - 1 + RECEIPT_KEY_ID + sizeof(TAIL) - 1 == RECEIPT_HEADER,
	       "the header has one length");

bool receipt_is_claim(struct slice claim)
{
	if (claim.len > RECEIPT_CLAIM_MAX || !slice_starts(claim, SLICE_LIT(RECEIPT_CLAIM_START)) ||
	    claim.ptr[claim.len - 1] != '}') {
		return false;
	}
	for (size_t i = 0; i < claim.len; i++) {
		if ((unsigned char)claim.ptr[i] < ' ') {
			return false;
		}
	}
	return true;
}

/* RFC 7638 3: the SHA-256 of the key as JSON, its members in order and nothing between them. */
enum fault receipt_key_id(const unsigned char key[ED25519_PUBLIC], char out[RECEIPT_KEY_ID])
{
	static const char head[] = "{\"crv\":\"Ed25519\",\"kty\":\"OKP\",\"x\":\"";
	enum { HEAD_LEN = sizeof(head) - 1, X_LEN = BASE64URL_LEN(ED25519_PUBLIC) };
	char text[HEAD_LEN + X_LEN + 2];
	unsigned char hash[DIGEST_LEN];
	memcpy(text, head, HEAD_LEN);
	base64url_encode(slice_of(key, ED25519_PUBLIC), text + HEAD_LEN);
	memcpy(text + HEAD_LEN + X_LEN, "\"}", 2);
	enum fault f = digest_of(DIGEST_SHA256, slice_of(text, sizeof(text)), hash);
	if (f == FAULT_NONE) {
		base64url_encode(slice_of(hash, sizeof(hash)), out);
	}
	return f;
}

/* --- signed and checked ---------------------------------------------------------------------------- */

static enum fault add_header(const unsigned char key[ED25519_PUBLIC], struct buf *out)
{
	char header[RECEIPT_HEADER];
	memcpy(header, HEAD, sizeof(HEAD) - 1);
	memcpy(header + sizeof(HEAD) - 1 + RECEIPT_KEY_ID, TAIL, sizeof(TAIL) - 1);
	enum fault f = receipt_key_id(key, header + sizeof(HEAD) - 1);
	if (f == FAULT_NONE) {
		f = base64url_add(out, slice_of(header, sizeof(header)));
	}
	return f == FAULT_NONE ? buf_add_byte(out, '.') : f;
}

enum fault receipt_jws_sign(const struct secret *seed, struct slice claim, struct buf *out)
{
	unsigned char key[ED25519_PUBLIC];
	unsigned char signature[ED25519_SIGNATURE];
	size_t before = out->len;
	if (!receipt_is_claim(claim)) {
		return FAULT_BAD_FIELD;
	}
	enum fault f = ed25519_public(seed, key);
	if (f == FAULT_NONE) {
		f = add_header(key, out);
	}
	if (f == FAULT_NONE) {
		f = base64url_add(out, claim);
	}
	if (f == FAULT_NONE) {
		f = ed25519_sign(seed, slice_skip(buf_view(out), before), signature);
	}
	if (f == FAULT_NONE) {
		f = buf_add_byte(out, '.');
	}
	return f == FAULT_NONE ? base64url_add(out, slice_of(signature, sizeof(signature))) : f;
}

/* The key whose header the text begins with. */
static enum fault find_key(struct slice jws, const struct receipt_keys *keys, size_t *out_key,
			   struct problem *p)
{
	for (size_t i = 0; i < keys->count; i++) {
		CLEANUP(buf_deinit) struct buf header;
		buf_init(&header, RECEIPT_JWS_MAX);
		enum fault f = add_header(keys->keys[i], &header);
		if (f != FAULT_NONE) {
			return f;
		}
		if (slice_starts(jws, buf_view(&header))) {
			*out_key = i;
			return FAULT_NONE;
		}
	}
	char start[BASE64URL_LEN(HEAD_WHOLE)];
	base64url_encode(slice_of(HEAD, HEAD_WHOLE), start);
	if (slice_starts(jws, slice_of(start, sizeof(start)))) {
		return problem_set(
			p, FAULT_BAD_FIELD,
			"The receipt names a key that is not among the given ones: take the keys "
			"of the Pagepost that made it (GET /v1/receipt-key tells those of before, "
			"too).");
	}
	return problem_set(p, FAULT_BAD_FIELD,
			   "This is no receipt: one is what a job's answer has as 'receipt', three "
			   "parts of letters and digits with dots between them.");
}

static enum fault check_signature(const unsigned char key[ED25519_PUBLIC], struct slice text,
				  struct slice signature, struct problem *p)
{
	unsigned char bytes[ED25519_SIGNATURE];
	size_t len;
	if (signature.len == BASE64URL_LEN(ED25519_SIGNATURE) &&
	    base64url_decode(signature, (char *)bytes, &len) == FAULT_NONE &&
	    ed25519_verify(key, text, bytes)) {
		return FAULT_NONE;
	}
	return problem_set(p, FAULT_BAD_FIELD,
			   "The receipt's signature does not fit: the receipt was changed, or was "
			   "not signed by this key.");
}

static enum fault take_claim(struct slice encoded, struct buf *out, struct problem *p)
{
	char *at;
	size_t len;
	enum fault f = buf_reserve(out, encoded.len * 3 / 4, &at);
	if (f != FAULT_NONE) {
		return f;
	}
	if (base64url_decode(encoded, at, &len) != FAULT_NONE ||
	    !receipt_is_claim(slice_of(at, len))) {
		return problem_set(p, FAULT_BAD_FIELD, "What was signed is no receipt's claim.");
	}
	buf_grew(out, len);
	return FAULT_NONE;
}

enum fault receipt_jws_check(struct slice jws, const struct receipt_keys *keys,
			     struct buf *out_claim, size_t *out_key, struct problem *p)
{
	size_t key = 0;
	if (jws.len > RECEIPT_JWS_MAX) {
		return problem_set(p, FAULT_BAD_FIELD, "A receipt is shorter than this text.");
	}
	enum fault f = find_key(jws, keys, &key, p);
	if (f != FAULT_NONE) {
		return f;
	}
	struct slice rest = slice_skip(jws, BASE64URL_LEN(RECEIPT_HEADER) + 1);
	struct slice claim = slice_first(rest, slice_find_byte(rest, '.'));
	struct slice text = slice_first(jws, BASE64URL_LEN(RECEIPT_HEADER) + 1 + claim.len);
	f = check_signature(keys->keys[key], text, slice_skip(rest, claim.len + 1), p);
	if (f == FAULT_NONE) {
		f = take_claim(claim, out_claim, p);
	}
	if (f == FAULT_NONE) {
		*out_key = key;
	}
	return f;
}

/* --- sets of keys ---------------------------------------------------------------------------------- */

static enum fault put_key(struct json_writer *w, const unsigned char key[ED25519_PUBLIC])
{
	char x[BASE64URL_LEN(ED25519_PUBLIC)];
	char id[RECEIPT_KEY_ID];
	base64url_encode(slice_of(key, ED25519_PUBLIC), x);
	enum fault f = receipt_key_id(key, id);
	if (f != FAULT_NONE) {
		return f;
	}
	json_put_object(w);
	json_member_text(w, "kty", SLICE_LIT("OKP"));
	json_member_text(w, "crv", SLICE_LIT("Ed25519"));
	json_member_text(w, "x", slice_of(x, sizeof(x)));
	json_member_text(w, "kid", slice_of(id, sizeof(id)));
	json_member_text(w, "use", SLICE_LIT("sig"));
	json_member_text(w, "alg", SLICE_LIT("EdDSA"));
	json_put_object_end(w);
	return json_writer_fault(w);
}

enum fault receipt_keys_write(const struct receipt_keys *keys, struct buf *out)
{
	struct json_writer w;
	json_writer_init(&w, out);
	json_put_object(&w);
	json_put_key(&w, "keys");
	json_put_array(&w);
	enum fault f = FAULT_NONE;
	for (size_t i = 0; i < keys->count && f == FAULT_NONE; i++) {
		f = put_key(&w, keys->keys[i]);
	}
	json_put_array_end(&w);
	json_put_object_end(&w);
	return f == FAULT_NONE ? json_writer_fault(&w) : f;
}

/* What was read of one key, and of the set, which is an object with a list of objects. */
struct set_reader {
	struct json json;
	struct receipt_keys *keys;
	struct slice kty, crv, x;
};

static enum fault end_key(struct set_reader *r, struct problem *p)
{
	struct receipt_keys *k = r->keys;
	size_t len;
	if (!slice_eq(r->kty, SLICE_LIT("OKP")) || !slice_eq(r->crv, SLICE_LIT("Ed25519"))) {
		return FAULT_NONE;
	}
	if (k->count == RECEIPT_KEYS_MAX) {
		return problem_set(p, FAULT_BAD_FIELD, "A key set may have at most 32 keys.");
	}
	if (r->x.len != BASE64URL_LEN(ED25519_PUBLIC) ||
	    base64url_decode(r->x, (char *)k->keys[k->count], &len) != FAULT_NONE) {
		return problem_set(p, FAULT_BAD_FIELD,
				   "A key's 'x' must be 32 bytes in base64url.");
	}
	k->count++;
	r->kty = (struct slice){0};
	return FAULT_NONE;
}

static enum fault read_member(struct set_reader *r, struct slice name)
{
	struct json_token value = json_next(&r->json);
	if (value.kind != JSON_STRING) {
		return json_skip(&r->json, value);
	}
	if (slice_eq(name, SLICE_LIT("kty"))) {
		r->kty = value.text;
	} else if (slice_eq(name, SLICE_LIT("crv"))) {
		r->crv = value.text;
	} else if (slice_eq(name, SLICE_LIT("x"))) {
		r->x = value.text;
	}
	return FAULT_NONE;
}

/* Behind its brace. */
static enum fault read_key(struct set_reader *r, struct problem *p)
{
	struct json_token t;
	r->kty = r->crv = r->x = (struct slice){0};
	while ((t = json_next(&r->json)).kind == JSON_KEY) {
		enum fault f = read_member(r, t.text);
		if (f != FAULT_NONE) {
			return f;
		}
	}
	return t.kind == JSON_OBJECT_END ? end_key(r, p) : json_fault(&r->json);
}

static enum fault read_list(struct set_reader *r, struct problem *p)
{
	struct json_token t = json_next(&r->json);
	if (t.kind != JSON_ARRAY) {
		return t.kind == JSON_BAD ? json_fault(&r->json)
					  : problem_set(p, FAULT_BAD_FIELD,
							"A key set's 'keys' must be a list.");
	}
	while ((t = json_next(&r->json)).kind != JSON_ARRAY_END) {
		enum fault f = t.kind == JSON_OBJECT ? read_key(r, p) : json_skip(&r->json, t);
		if (f != FAULT_NONE) {
			return f;
		}
	}
	return FAULT_NONE;
}

/* A set has "keys"; whatever else there is in it is passed over. A key by itself has none. */
static enum fault read_top(struct set_reader *r, struct problem *p)
{
	struct json_token t = json_next(&r->json);
	if (t.kind != JSON_OBJECT) {
		return t.kind == JSON_BAD
			       ? json_fault(&r->json)
			       : problem_set(p, FAULT_BAD_FIELD, "A key set is a JSON object.");
	}
	while ((t = json_next(&r->json)).kind == JSON_KEY) {
		enum fault f = slice_eq(t.text, SLICE_LIT("keys")) ? read_list(r, p)
								   : read_member(r, t.text);
		if (f != FAULT_NONE) {
			return f;
		}
	}
	if (t.kind != JSON_OBJECT_END || json_next(&r->json).kind != JSON_END) {
		return json_fault(&r->json);
	}
	return end_key(r, p);
}

enum fault receipt_keys_read(char *bytes, size_t len, struct receipt_keys *out_keys,
			     struct problem *p)
{
	struct receipt_keys keys = {0};
	struct set_reader r = {.keys = &keys};
	json_init(&r.json, bytes, len);
	/* Nothing at all may have no place either. */
	enum fault f = len > 0 ? read_top(&r, p) : FAULT_NONE;
	if (f != FAULT_NONE && json_fault(&r.json) != FAULT_NONE) {
		problem_set_text(p, f, problem_text(json_problem(&r.json)));
	}
	if (f == FAULT_NONE && keys.count == 0) {
		f = problem_set(p, FAULT_BAD_FIELD,
				"There is no Ed25519 key in it: a key is what GET /v1/receipt-key "
				"answers, or one key of that.");
	}
	if (f == FAULT_NONE) {
		*out_keys = keys;
	}
	return f;
}
