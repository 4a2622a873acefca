#include "relay/confluence/oauth.h"

#include <string.h>

#include "spool-free/base/base64.h"
#include "spool-free/base/json.h"
#include "relay/net/sign.h"

enum {
	FORM_MAX = 32 * 1024,
	CLAIMS_MAX = 8 * 1024,
	HTTP_OK = 200,
	HTTP_TOO_MANY = 429,
	HTTP_SERVER_ERROR = 500,
};

#define OAUTH_CAUSE(name, kind, owner, retry, code, detail, remedy)                                \
	[OAUTH_##name] = {SLICE_INIT(code),   CAUSE_##kind,	 CAUSE_OWNER_##owner, retry,       \
			  SLICE_INIT(detail), SLICE_INIT(remedy)},
static const struct smtp_cause causes[] = {
#include "relay/confluence/oauth.def"
};

#define OAUTH_ERROR(error, number, words, cause)                                                   \
	{SLICE_INIT(error), number, SLICE_INIT(words), OAUTH_##cause},
static const struct {
	struct slice error;
	uint64_t number;
	struct slice words;
	enum oauth_cause cause;
} errors[] = {
#include "relay/confluence/oauth.def"
};

const struct smtp_cause *oauth_cause(enum oauth_cause cause)
{
	return &causes[cause];
}

uint64_t oauth_use_ms(uint64_t expires_s)
{
	uint64_t tenth = expires_s / 10;
	return (expires_s - (tenth < OAUTH_MARGIN_S ? tenth : OAUTH_MARGIN_S)) * 1000;
}

/* --- what is said --- */

/* Counts while `at` is NULL, then writes the same into room of that size: no copy outside the secret. */
struct pen {
	char *at;
	size_t len;
};

static void put(struct pen *pen, struct slice s)
{
	if (pen->at != NULL && s.len > 0) {
		memcpy(pen->at + pen->len, s.ptr, s.len);
	}
	pen->len += s.len;
}

static bool is_unreserved(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '-' || c == '.' || c == '_' || c == '~';
}

/* "&name=value"; RFC 6749 appendix B. An empty value is left out. */
static void put_pair(struct pen *pen, const char *name, struct slice value)
{
	static const char digits[] = "0123456789ABCDEF";
	if (value.len == 0) {
		return;
	}
	put(pen, pen->len > 0 ? SLICE_LIT("&") : SLICE_LIT(""));
	put(pen, slice_of_text(name));
	put(pen, SLICE_LIT("="));
	for (size_t i = 0; i < value.len; i++) {
		unsigned char byte = (unsigned char)value.ptr[i];
		const char escape[] = {'%', digits[byte >> 4], digits[byte & 15]};
		put(pen, is_unreserved(value.ptr[i]) ? slice_of(value.ptr + i, 1)
						     : slice_of(escape, sizeof(escape)));
	}
}

struct saying {
	const struct oauth_client *client;
	struct slice refresh;
	struct slice assertion;
};

static void put_form(struct pen *pen, const struct saying *s)
{
	const struct oauth_client *c = s->client;
	switch (c->flow) {
	case OAUTH_NONE:
		return;
	case OAUTH_CLIENT_CREDENTIALS:
		put_pair(pen, "grant_type", SLICE_LIT("client_credentials"));
		break;
	case OAUTH_REFRESH_TOKEN:
		put_pair(pen, "grant_type", SLICE_LIT("refresh_token"));
		put_pair(pen, "refresh_token", s->refresh);
		break;
	case OAUTH_SERVICE_ACCOUNT:
		put_pair(pen, "grant_type",
			 SLICE_LIT("urn:ietf:params:oauth:grant-type:jwt-bearer"));
		put_pair(pen, "assertion", s->assertion);
		return;
	}
	put_pair(pen, "client_id", c->client_id);
	put_pair(pen, "client_secret", secret_view(c->secret));
	put_pair(pen, "scope", c->scope);
}

/* RFC 4648 section 5, without padding. */
static enum fault add_base64url(struct buf *b, struct slice bytes)
{
	char *at;
	size_t len = base64_len(bytes.len);
	enum fault f = buf_reserve(b, len, &at);
	if (f != FAULT_NONE) {
		return f;
	}
	base64_encode(bytes, at);
	while (len > 0 && at[len - 1] == '=') {
		len--;
	}
	for (size_t i = 0; i < len; i++) {
		at[i] = at[i] == '+' ? '-' : at[i] == '/' ? '_' : at[i];
	}
	buf_grew(b, len);
	return FAULT_NONE;
}

static enum fault write_head(const struct oauth_client *c, struct buf *into)
{
	struct json_writer w;
	json_writer_init(&w, into);
	json_put_object(&w);
	json_member_text(&w, "alg", SLICE_LIT("RS256"));
	json_member_text(&w, "typ", SLICE_LIT("JWT"));
	if (c->key_id.len > 0) {
		json_member_text(&w, "kid", c->key_id);
	}
	json_put_object_end(&w);
	return json_writer_fault(&w);
}

static enum fault write_claims(const struct oauth_client *c, struct slice mailbox, uint64_t now_s,
			       struct buf *into)
{
	struct json_writer w;
	json_writer_init(&w, into);
	json_put_object(&w);
	json_member_text(&w, "iss", c->client_id);
	json_member_text(&w, "scope", c->scope);
	json_member_text(&w, "aud", c->token_url);
	json_member_text(&w, "sub", mailbox);
	json_member_u64(&w, "iat", now_s);
	json_member_u64(&w, "exp", now_s + OAUTH_ASSERTION_S);
	json_put_object_end(&w);
	return json_writer_fault(&w);
}

/* RFC 7518 3.3: RSA alone. */
static enum fault sign_rs256(const struct secret *pem, struct slice bytes, char out[SIGN_MAX],
			     size_t *out_len)
{
	CLEANUP(sign_key_free) struct sign_key *key = NULL;
	enum fault f = sign_key_new(pem, &key);
	if (f == FAULT_NONE && sign_key_kind(key) != SIGN_RSA_SHA256) {
		f = FAULT_BAD_RECORD;
	}
	return f == FAULT_NONE ? sign_bytes(key, bytes, out, out_len) : f;
}

/* RFC 7515 7.1: head.claims.signature */
static enum fault write_assertion(const struct oauth_client *c, struct slice mailbox,
				  uint64_t now_s, struct buf *into)
{
	CLEANUP(buf_deinit) struct buf json;
	char signature[SIGN_MAX];
	size_t len = 0;
	buf_init(&json, CLAIMS_MAX);
	enum fault f = write_head(c, &json);
	if (f == FAULT_NONE) {
		f = add_base64url(into, buf_view(&json));
	}
	buf_clear(&json);
	if (f == FAULT_NONE) {
		f = write_claims(c, mailbox, now_s, &json);
	}
	if (f == FAULT_NONE) {
		f = buf_add_byte(into, '.');
	}
	if (f == FAULT_NONE) {
		f = add_base64url(into, buf_view(&json));
	}
	if (f == FAULT_NONE) {
		f = sign_rs256(c->secret, buf_view(into), signature, &len);
	}
	if (f == FAULT_NONE) {
		f = buf_add_byte(into, '.');
	}
	return f == FAULT_NONE ? add_base64url(into, slice_of(signature, len)) : f;
}

enum fault oauth_form(const struct oauth_client *c, struct slice mailbox,
		      const struct secret *refresh, uint64_t now_s, struct secret **out_form)
{
	CLEANUP(buf_deinit) struct buf assertion;
	struct saying s = {.client = c};
	struct pen pen = {0};
	char *room;
	buf_init(&assertion, FORM_MAX);
	if (c->flow == OAUTH_SERVICE_ACCOUNT) {
		enum fault f = write_assertion(c, mailbox, now_s, &assertion);
		if (f != FAULT_NONE) {
			return f;
		}
	}
	s.assertion = buf_view(&assertion);
	s.refresh = secret_view(refresh != NULL ? refresh : c->refresh);
	put_form(&pen, &s);
	if (pen.len > FORM_MAX) {
		return FAULT_BAD_RECORD;
	}
	enum fault f = secret_new_room(pen.len, out_form, &room);
	if (f == FAULT_NONE) {
		pen = (struct pen){.at = room};
		put_form(&pen, &s);
	}
	return f;
}

/* --- what is answered --- */

enum key { KEY_TOKEN, KEY_TYPE, KEY_EXPIRES, KEY_REFRESH, KEY_ERROR, KEY_DESCRIPTION, KEY_COUNT };

static const struct slice keys[KEY_COUNT] = {
	[KEY_TOKEN] = SLICE_INIT("access_token"),
	[KEY_TYPE] = SLICE_INIT("token_type"),
	[KEY_EXPIRES] = SLICE_INIT("expires_in"),
	[KEY_REFRESH] = SLICE_INIT("refresh_token"),
	[KEY_ERROR] = SLICE_INIT("error"),
	[KEY_DESCRIPTION] = SLICE_INIT("error_description"),
};

static bool read_value(struct json *j, enum key key, struct slice *out)
{
	struct json_token t = json_next(j);
	if (t.kind == JSON_STRING || (t.kind == JSON_NUMBER && key == KEY_EXPIRES)) {
		*out = t.text;
		return true;
	}
	return t.kind == JSON_NULL;
}

static bool read_values(struct json *j, struct slice values[KEY_COUNT])
{
	uint64_t seen = 0;
	struct json_token t = json_next(j);
	if (t.kind != JSON_OBJECT) {
		return false;
	}
	for (t = json_next(j); t.kind != JSON_OBJECT_END; t = json_next(j)) {
		size_t i = 0;
		while (i < KEY_COUNT && !slice_eq(t.text, keys[i])) {
			i++;
		}
		if (t.kind != JSON_KEY || (i == KEY_COUNT && json_skip(j, t) != FAULT_NONE)) {
			return false;
		}
		if (i < KEY_COUNT && (json_seen_twice(&seen, (unsigned)i) ||
				      !read_value(j, (enum key)i, &values[i]))) {
			return false;
		}
	}
	return json_next(j).kind == JSON_END;
}

static enum fault refuse(struct problem *p, enum fault f, enum oauth_cause cause,
			 const char *sentence)
{
	problem_set(p, f, sentence);
	if (p != NULL) {
		p->cause = &causes[cause];
	}
	return f;
}

/* Behind "AADSTS"; 0 when there is none. */
static uint64_t microsofts_number(struct slice text)
{
	static const struct slice mark = SLICE_INIT("AADSTS");
	uint64_t number = 0;
	struct slice rest = slice_skip(text, slice_find(text, mark) + mark.len);
	size_t digits = 0;
	while (digits < rest.len && rest.ptr[digits] >= '0' && rest.ptr[digits] <= '9') {
		digits++;
	}
	return slice_to_u64(slice_first(rest, digits), UINT32_MAX, &number) ? number : 0;
}

static bool is_later(int status)
{
	return status == HTTP_TOO_MANY || status >= HTTP_SERVER_ERROR;
}

static enum oauth_cause later(int status)
{
	return status == HTTP_TOO_MANY ? OAUTH_THROTTLED : OAUTH_UNAVAILABLE;
}

/* The last row fits all that nobody knows; there the status knows more. */
static enum oauth_cause judge(int status, struct slice error, struct slice words, uint64_t number)
{
	size_t i = 0;
	while (i + 1 < COUNT_OF(errors) &&
	       ((errors[i].error.len > 0 && !slice_eq(errors[i].error, error)) ||
		(errors[i].number > 0 && errors[i].number != number) ||
		(errors[i].words.len > 0 && slice_find(words, errors[i].words) == words.len))) {
		i++;
	}
	return i + 1 == COUNT_OF(errors) && is_later(status) ? later(status) : errors[i].cause;
}

static enum fault tell_error(int status, const struct slice values[KEY_COUNT], struct problem *p)
{
	uint64_t number = microsofts_number(values[KEY_DESCRIPTION]);
	enum oauth_cause cause = judge(status, values[KEY_ERROR], values[KEY_DESCRIPTION], number);
	bool passes = causes[cause].kind == CAUSE_TEMPORARY || causes[cause].kind == CAUSE_THROTTLE;
	enum fault f = passes ? FAULT_OAUTH_LATER : FAULT_OAUTH_REFUSED;
	refuse(p, f, cause, "The OAuth server gives no token; its error is ");
	problem_add_name(p, values[KEY_ERROR]);
	if (number > 0) {
		problem_add(p, " (AADSTS");
		problem_add_number(p, number);
		problem_add(p, ")");
	}
	problem_add(p, ". ");
	problem_add(p, causes[cause].detail.ptr);
	return f;
}

static enum fault not_oauth(int status, struct problem *p)
{
	enum fault f = is_later(status) ? FAULT_OAUTH_LATER : FAULT_OAUTH_PROTOCOL;
	if (f == FAULT_OAUTH_LATER) {
		refuse(p, f, later(status),
		       "The OAuth server gives no token at the moment; it answered ");
	} else {
		refuse(p, f, OAUTH_NOT_OAUTH,
		       "What answers at the token URL is no token endpoint; it answered ");
	}
	problem_add_number(p, (uint64_t)status);
	problem_add(p, ".");
	return f;
}

/* What is to stand in an AUTH line: printable ASCII without blanks (RFC 6750 2.1). */
static bool is_token(struct slice s, size_t most)
{
	for (size_t i = 0; i < s.len; i++) {
		if (s.ptr[i] <= ' ' || s.ptr[i] >= 0x7F) {
			return false;
		}
	}
	return s.len > 0 && s.len <= most;
}

static enum fault take(const struct slice values[KEY_COUNT], struct oauth_answer *out)
{
	CLEANUP(secret_free) struct secret *token = NULL;
	CLEANUP(secret_free) struct secret *refresh = NULL;
	uint64_t expires_s = OAUTH_EXPIRES_S;
	enum fault f = secret_new(values[KEY_TOKEN], &token);
	if (f == FAULT_NONE && values[KEY_REFRESH].len > 0) {
		f = secret_new(values[KEY_REFRESH], &refresh);
	}
	if (f != FAULT_NONE) {
		return f;
	}
	if (values[KEY_EXPIRES].len > 0 &&
	    !slice_to_u64(values[KEY_EXPIRES], OAUTH_EXPIRES_MAX_S, &expires_s)) {
		expires_s =
			OAUTH_EXPIRES_S; /* so long that it is no number of ours, or none at all */
	}
	*out = (struct oauth_answer){
		.token = STEAL(token), .refresh = STEAL(refresh), .expires_s = expires_s};
	return FAULT_NONE;
}

enum fault oauth_read(int status, struct buf *body, struct oauth_answer *out_answer,
		      struct problem *p)
{
	struct slice values[KEY_COUNT] = {0};
	struct json j;
	json_init(&j, body->ptr, body->len);
	if (body->len == 0 || !read_values(&j, values)) {
		return not_oauth(status, p);
	}
	if (values[KEY_ERROR].len > 0) {
		return tell_error(status, values, p);
	}
	bool is_bearer = values[KEY_TYPE].len == 0 ||
			 slice_eq_nocase(values[KEY_TYPE], SLICE_LIT("bearer"));
	if (status != HTTP_OK || !is_bearer || !is_token(values[KEY_TOKEN], OAUTH_TOKEN_MAX) ||
	    (values[KEY_REFRESH].len > 0 && !is_token(values[KEY_REFRESH], OAUTH_REFRESH_MAX))) {
		return not_oauth(status, p);
	}
	return take(values, out_answer);
}
