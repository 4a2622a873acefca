#include "relay/smtp/scram.h"

#include <assert.h>
#include <string.h>

#include "spool-free/base/base64.h"
#include "spool-free/base/wipe.h"
#include "relay/smtp/saslname.h"

enum { NONCE_MAX = SCRAM_CHANCE_LEN / 3 * 4, HEADER_MAX = 32, FIRST_BLOCK_LEN = 4 };

/* Of the salted password: the last round's result and the sum of all. Then, in its place: what the server must say. */
struct scram_keys {
	unsigned char last[DIGEST_LEN];
	unsigned char sum[DIGEST_LEN];
	unsigned char expected[DIGEST_LEN];
};

static const char out_of_order[] = "The mail server's words do not follow SCRAM.";

void scram_init(struct scram *s, enum digest_kind digest, enum scram_bound bound,
		const struct scram_binding *binding, struct slice chance)
{
	assert(binding->type.len + 4 <= HEADER_MAX && binding->len <= SCRAM_BINDING_MAX &&
	       chance.len <= SCRAM_CHANCE_LEN);
	*s = (struct scram){.digest = digest, .bound = bound, .binding = *binding};
	s->chance_len = chance.len;
	memcpy(s->chance, chance.ptr, chance.len);
}

void scram_deinit(struct scram *s)
{
	secret_free(&s->first);
	secret_free(&s->room);
	wipe(s, sizeof(*s));
}

static enum fault refuse(struct scram *s, enum fault f, const char *why)
{
	s->why = why;
	return f;
}

static struct slice digest_slice(const struct scram *s, const unsigned char *bytes)
{
	return slice_of(bytes, digest_len(s->digest));
}

/* Writes forward and counts; with `at` NULL it counts only. */
struct writer {
	char *at;
	size_t len;
};

static void put(struct writer *w, struct slice s)
{
	if (w->at != NULL && s.len > 0) {
		memcpy(w->at + w->len, s.ptr, s.len);
	}
	w->len += s.len;
}

static void put_base64(struct writer *w, struct slice s)
{
	if (w->at != NULL) {
		base64_encode(s, w->at + w->len);
	}
	w->len += base64_len(s.len);
}

/* RFC 5802 7, gs2-header: how the channel is bound, and no authorization identity of its own. */
static void put_header(struct writer *w, const struct scram *s)
{
	if (s->bound == SCRAM_BINDS) {
		put(w, SLICE_LIT("p="));
		put(w, s->binding.type);
		put(w, SLICE_LIT(",,"));
	} else {
		put(w, s->bound == SCRAM_COULD_BIND ? SLICE_LIT("y,,") : SLICE_LIT("n,,"));
	}
}

static void put_name(struct writer *w, struct slice username)
{
	w->len += smtp_saslname_write(username, w->at != NULL ? w->at + w->len : NULL);
}

static void put_first_bare(struct writer *w, const struct scram *s, struct slice username)
{
	put(w, SLICE_LIT("n="));
	put_name(w, username);
	put(w, SLICE_LIT(",r="));
	put_base64(w, slice_of(s->chance, s->chance_len));
}

static void put_final_bare(struct writer *w, const struct scram *s)
{
	char bytes[HEADER_MAX + SCRAM_BINDING_MAX];
	struct writer binding = {.at = bytes};
	put_header(&binding, s);
	if (s->bound == SCRAM_BINDS) {
		put(&binding, slice_of(s->binding.bytes, s->binding.len));
	}
	put(w, SLICE_LIT("c="));
	put_base64(w, slice_of(bytes, binding.len));
	put(w, SLICE_LIT(",r="));
	put(w, slice_first(slice_skip(secret_view(s->first), 2), s->nonce_len));
	wipe(bytes, binding.len);
}

/* RFC 5802 3, AuthMessage: what both ends have seen. */
static void put_seen(struct writer *w, const struct scram *s, struct slice username)
{
	put_first_bare(w, s, username);
	put(w, SLICE_LIT(","));
	put(w, secret_view(s->first));
	put(w, SLICE_LIT(","));
	put_final_bare(w, s);
}

enum fault scram_say_first(const struct scram *s, struct slice username,
			   struct secret **out_message)
{
	struct writer counted = {0};
	put_header(&counted, s);
	put_first_bare(&counted, s, username);
	struct writer w = {0};
	enum fault f = secret_new_room(counted.len, out_message, &w.at);
	if (f == FAULT_NONE) {
		put_header(&w, s);
		put_first_bare(&w, s, username);
	}
	return f;
}

/* "x=value" off the front, up to the comma behind it or the end. */
static bool cut_attribute(struct slice *rest, char name, struct slice *out_value)
{
	struct slice attribute = slice_first(*rest, slice_find_byte(*rest, ','));
	if (attribute.len < 3 || attribute.ptr[0] != name || attribute.ptr[1] != '=') {
		return false;
	}
	*rest = slice_skip(*rest, attribute.len + 1);
	*out_value = slice_skip(attribute, 2);
	return true;
}

/* Ours, and something of the server's: else an old answer could be played again. */
static bool continues_nonce(const struct scram *s, struct slice nonce)
{
	char ours[NONCE_MAX];
	size_t len = base64_len(s->chance_len);
	base64_encode(slice_of(s->chance, s->chance_len), ours);
	for (size_t i = 0; i < nonce.len; i++) {
		if (nonce.ptr[i] <= ' ' || nonce.ptr[i] > '~') {
			return false;
		}
	}
	return nonce.len > len && slice_starts(nonce, slice_of(ours, len));
}

/* HMAC of the salt and the number of the one block: PBKDF2's first round. */
static enum fault start_work(struct scram *s, struct slice coded_salt,
			     const struct secret *password)
{
	char salt[SCRAM_MESSAGE_MAX + FIRST_BLOCK_LEN];
	size_t len;
	char *room;
	if (base64_decode(coded_salt, salt, &len) != FAULT_NONE) {
		return refuse(s, FAULT_UPSTREAM_PROTOCOL, out_of_order);
	}
	memcpy(salt + len, "\0\0\0\1", FIRST_BLOCK_LEN);
	enum fault f = secret_new_room(sizeof(*s->keys), &s->room, &room);
	if (f == FAULT_NONE) {
		s->keys = (struct scram_keys *)room; /* bytes alone: no alignment is asked for */
		f = digest_hmac(s->digest, secret_view(password),
				slice_of(salt, len + FIRST_BLOCK_LEN), s->keys->last);
	}
	if (f == FAULT_NONE) {
		memcpy(s->keys->sum, s->keys->last, DIGEST_LEN);
		s->state = SCRAM_WORKS;
	}
	return f;
}

enum fault scram_take_first(struct scram *s, struct slice message, const struct secret *password)
{
	struct slice rest = message;
	struct slice nonce, salt, count;
	uint64_t rounds;
	if (s->state != SCRAM_BEGUN || message.len > SCRAM_MESSAGE_MAX ||
	    !cut_attribute(&rest, 'r', &nonce) || !cut_attribute(&rest, 's', &salt) ||
	    !cut_attribute(&rest, 'i', &count) || !slice_to_u64(count, UINT64_MAX, &rounds)) {
		return refuse(s, FAULT_UPSTREAM_PROTOCOL, out_of_order);
	}
	if (!continues_nonce(s, nonce)) {
		return refuse(s, FAULT_UPSTREAM_PROTOCOL,
			      "The mail server's answer belongs to another login than this one.");
	}
	if (rounds < SCRAM_ROUNDS_MIN) {
		return refuse(
			s, FAULT_UPSTREAM_PROTOCOL,
			"The mail server keeps this password with fewer than 4096 rounds of SCRAM; "
			"so few do not protect it.");
	}
	if (rounds > SCRAM_ROUNDS_MAX) {
		return refuse(s, FAULT_UPSTREAM_PROTOCOL,
			      "The mail server asks for more than 600000 rounds of SCRAM.");
	}
	s->nonce_len = nonce.len;
	s->rounds_left = (unsigned)rounds - 1;
	enum fault f = secret_new(message, &s->first);
	return f == FAULT_NONE ? start_work(s, salt, password) : f;
}

enum fault scram_turn(struct scram *s, const struct secret *password)
{
	unsigned rounds = s->rounds_left < SCRAM_ROUNDS_A_TURN ? s->rounds_left
							       : SCRAM_ROUNDS_A_TURN;
	enum fault f = digest_stretch(s->digest, secret_view(password), rounds, s->keys->last,
				      s->keys->sum);
	if (f == FAULT_NONE) {
		s->rounds_left -= rounds;
		s->state = s->rounds_left == 0 ? SCRAM_WORKED : SCRAM_WORKS;
	}
	return f;
}

/* RFC 5802 3: from the salted password to our proof, and to the signature that is the server's. */
static enum fault sign(struct scram *s, struct slice seen, unsigned char proof[DIGEST_LEN])
{
	struct scram_keys *k = s->keys;
	struct slice salted = digest_slice(s, k->sum);
	unsigned char key[DIGEST_LEN], stored[DIGEST_LEN];
	enum fault f = digest_hmac(s->digest, salted, SLICE_LIT("Client Key"), key);
	if (f == FAULT_NONE) {
		f = digest_of(s->digest, digest_slice(s, key), stored);
	}
	if (f == FAULT_NONE) {
		f = digest_hmac(s->digest, digest_slice(s, stored), seen, proof);
	}
	for (size_t i = 0; f == FAULT_NONE && i < salted.len; i++) {
		proof[i] ^= key[i];
	}
	if (f == FAULT_NONE) {
		f = digest_hmac(s->digest, salted, SLICE_LIT("Server Key"), key);
	}
	if (f == FAULT_NONE) {
		f = digest_hmac(s->digest, digest_slice(s, key), seen, k->expected);
	}
	wipe(k->last, sizeof(k->last));
	wipe(k->sum, sizeof(k->sum));
	wipe(key, sizeof(key));
	wipe(stored, sizeof(stored));
	return f;
}

static enum fault sign_seen(struct scram *s, struct slice username, unsigned char proof[DIGEST_LEN])
{
	CLEANUP(secret_free) struct secret *seen = NULL;
	struct writer counted = {0};
	put_seen(&counted, s, username);
	struct writer w = {0};
	enum fault f = secret_new_room(counted.len, &seen, &w.at);
	if (f == FAULT_NONE) {
		put_seen(&w, s, username);
		f = sign(s, secret_view(seen), proof);
	}
	return f;
}

enum fault scram_say_final(struct scram *s, struct slice username, struct secret **out_message)
{
	unsigned char proof[DIGEST_LEN];
	struct writer counted = {0};
	put_final_bare(&counted, s);
	size_t len = counted.len + 3 + base64_len(digest_len(s->digest));
	struct writer w = {0};
	enum fault f = sign_seen(s, username, proof);
	if (f == FAULT_NONE) {
		f = secret_new_room(len, out_message, &w.at);
	}
	if (f == FAULT_NONE) {
		put_final_bare(&w, s);
		put(&w, SLICE_LIT(",p="));
		put_base64(&w, digest_slice(s, proof));
		s->state = SCRAM_PROVES;
	}
	wipe(proof, sizeof(proof));
	return f;
}

enum fault scram_take_final(struct scram *s, struct slice message)
{
	struct slice rest = message;
	struct slice value;
	char signature[SCRAM_MESSAGE_MAX];
	size_t len;
	if (s->state != SCRAM_PROVES || message.len > SCRAM_MESSAGE_MAX) {
		return refuse(s, FAULT_UPSTREAM_PROTOCOL, out_of_order);
	}
	if (cut_attribute(&rest, 'e', &value)) {
		s->state = SCRAM_DENIED;
		return FAULT_NONE;
	}
	if (!cut_attribute(&rest, 'v', &value) ||
	    base64_decode(value, signature, &len) != FAULT_NONE) {
		return refuse(s, FAULT_UPSTREAM_PROTOCOL, out_of_order);
	}
	CLEANUP(secret_free) struct secret *expected = NULL;
	enum fault f = secret_new(digest_slice(s, s->keys->expected), &expected);
	if (f != FAULT_NONE) {
		return f;
	}
	if (!secret_eq(expected, slice_of(signature, len))) {
		return refuse(s, FAULT_UPSTREAM_PROTOCOL,
			      "The mail server did not prove that it knows the password too.");
	}
	s->state = SCRAM_SURE;
	return FAULT_NONE;
}
