#include "relay/smtp/dkim.h"

#include "spool-free/base/base64.h"
#include "spool-free/base/domain.h"
#include "spool-free/base/wipe.h"
#include "relay/net/sign.h"
#include "relay/smtp/dkim_relaxed.h"

enum {
	HEAD_MAX = 2 * 1024 * 1024,
	FIELDS_MAX = 64, /* the writer of messages makes twenty or so */
	BLOCK = 16 * 1024,
	LINE = 74, /* of base64 in a folded field */
	HASH_TEXT = 44,
	SIGNATURE_FIELD_MAX = 8 * 1024,
};

/*
 * What a mail means to its reader, and what tells programs how to show it. `guarded`: an added one is seen by readers, or
 * changes what they see. `renamed`: some servers write it anew.
 */
static const struct {
	struct slice name;
	bool guarded;
	bool renamed;
} signed_fields[] = {
	{SLICE_INIT("From"), true, false},
	{SLICE_INIT("Reply-To"), true, false},
	{SLICE_INIT("To"), true, false},
	{SLICE_INIT("Cc"), true, false},
	{SLICE_INIT("Subject"), true, false},
	{SLICE_INIT("Date"), true, true},
	{SLICE_INIT("Message-ID"), true, true},
	{SLICE_INIT("In-Reply-To"), false, false},
	{SLICE_INIT("References"), false, false},
	{SLICE_INIT("MIME-Version"), true, false},
	{SLICE_INIT("Content-Type"), true, false},
	{SLICE_INIT("Content-Transfer-Encoding"), true, false},
	{SLICE_INIT("List-Id"), false, false},
	{SLICE_INIT("List-Unsubscribe"), false, false},	     /* RFC 8058 section 4 wants both */
	{SLICE_INIT("List-Unsubscribe-Post"), false, false}, /* signed */
};

struct signing {
	const struct dkim_job *job;
	struct buf head; /* as it is in the message; `rest` of it belongs to the body */
	struct slice rest;
	struct dkim_field fields[FIELDS_MAX];
	size_t field_count;
	struct buf names;   /* the value of h= */
	struct buf signed_; /* the fields as they are hashed */
	char body_hash[HASH_TEXT];
};

bool dkim_key_fits(const struct dkim_key *key, struct slice from_domain)
{
	return domain_holds(key->domain, from_domain);
}

/* Reads as far as the empty line behind the head; what came behind that is the body's. */
static enum fault read_head(struct signing *s, struct rope_cursor *at)
{
	size_t end = s->head.len;
	while (end == s->head.len) {
		char *room;
		size_t seen = s->head.len > 3 ? s->head.len - 3 : 0;
		enum fault f = buf_reserve(&s->head, BLOCK, &room);
		if (f != FAULT_NONE) {
			return f;
		}
		size_t n = rope_read(at, room, BLOCK);
		if (n == 0) {
			return FAULT_MALFORMED; /* a head alone is no message */
		}
		buf_grew(&s->head, n);
		struct slice fresh = slice_skip(buf_view(&s->head), seen);
		end = seen + slice_find(fresh, SLICE_LIT("\r\n\r\n"));
	}
	s->rest = slice_skip(buf_view(&s->head), end + 4);
	struct slice fields = slice_first(buf_view(&s->head), end + 2);
	while (fields.len > 0) {
		if (s->field_count == FIELDS_MAX ||
		    !dkim_field_cut(&fields, &s->fields[s->field_count])) {
			return FAULT_MALFORMED;
		}
		s->field_count++;
	}
	return FAULT_NONE;
}

static enum fault hash_body(struct signing *s, struct rope_cursor *at)
{
	CLEANUP(digest_free) struct digest *hash = NULL;
	char block[BLOCK];
	unsigned char out[DIGEST_LEN];
	enum fault f = digest_new(&hash);
	if (f != FAULT_NONE) {
		return f;
	}
	struct dkim_body body = {.hash = hash};
	dkim_body_feed(&body, s->rest);
	for (size_t n = rope_read(at, block, sizeof(block)); n > 0;
	     n = rope_read(at, block, sizeof(block))) {
		dkim_body_feed(&body, slice_of(block, n));
	}
	dkim_body_end(&body, out);
	base64_encode(slice_of(out, sizeof(out)), s->body_hash);
	wipe(block, sizeof(block));
	wipe(&body, sizeof(body));
	return FAULT_NONE;
}

static enum fault name_field(struct signing *s, struct slice name)
{
	enum fault f = s->names.len > 0 ? buf_add_text(&s->names, ":") : FAULT_NONE;
	return f == FAULT_NONE ? buf_add(&s->names, name) : f;
}

/* RFC 6376 5.4.2: of several of one name, the last one first. */
static enum fault take_fields(struct signing *s, struct slice name, bool guarded)
{
	enum fault f = FAULT_NONE;
	for (size_t i = s->field_count; i > 0 && f == FAULT_NONE; i--) {
		if (!slice_eq_nocase(s->fields[i - 1].name, name)) {
			continue;
		}
		f = dkim_field_relax(&s->fields[i - 1], &s->signed_);
		f = f == FAULT_NONE ? buf_add_text(&s->signed_, "\r\n") : f;
		f = f == FAULT_NONE ? name_field(s, name) : f;
	}
	return f == FAULT_NONE && guarded ? name_field(s, name) : f;
}

static enum fault choose_fields(struct signing *s)
{
	enum fault f = FAULT_NONE;
	for (size_t i = 0; i < COUNT_OF(signed_fields) && f == FAULT_NONE; i++) {
		if (!(signed_fields[i].renamed && s->job->renames)) {
			f = take_fields(s, signed_fields[i].name, signed_fields[i].guarded);
		}
	}
	return f;
}

/* Names in rows, folded where a colon stands (RFC 6376 3.5, h=). */
static enum fault add_names(struct buf *into, struct slice names)
{
	size_t column = 3;
	enum fault f = FAULT_NONE;
	while (names.len > 0 && f == FAULT_NONE) {
		struct slice name = slice_first(names, slice_find_byte(names, ':') + 1);
		if (column + name.len > LINE) {
			f = buf_add_text(into, "\r\n\t");
			column = 1;
		}
		f = f == FAULT_NONE ? buf_add(into, name) : f;
		column += name.len;
		names = slice_skip(names, name.len);
	}
	return f;
}

static enum fault add_folded(struct buf *into, struct slice text)
{
	enum fault f = FAULT_NONE;
	while (text.len > 0 && f == FAULT_NONE) {
		f = buf_add_text(into, "\r\n\t");
		f = f == FAULT_NONE ? buf_add(into, slice_first(text, LINE)) : f;
		text = slice_skip(text, LINE);
	}
	return f;
}

/* The field with an empty b=, without its CRLF. */
static enum fault begin_field(const struct signing *s, const struct dkim_key *key,
			      enum sign_kind kind, struct buf *into)
{
	struct buf number;
	buf_init(&number, 20);
	enum fault f = buf_add_u64(&number, (uint64_t)(s->job->now.ms / 1000));
	const struct slice parts[] = {
		SLICE_LIT("DKIM-Signature: v=1; c=relaxed/relaxed; a="),
		kind == SIGN_RSA_SHA256 ? SLICE_LIT("rsa-sha256") : SLICE_LIT("ed25519-sha256"),
		SLICE_LIT(";\r\n\td="),
		key->domain,
		SLICE_LIT(";\r\n\ts="),
		key->selector,
		SLICE_LIT(";\r\n\tt="),
		buf_view(&number),
		SLICE_LIT(";\r\n\tbh="),
		slice_of(s->body_hash, HASH_TEXT),
		SLICE_LIT(";\r\n\th="),
	};
	for (size_t i = 0; i < COUNT_OF(parts) && f == FAULT_NONE; i++) {
		f = buf_add(into, parts[i]);
	}
	buf_deinit(&number);
	f = f == FAULT_NONE ? add_names(into, buf_view(&s->names)) : f;
	return f == FAULT_NONE ? buf_add_text(into, ";\r\n\tb=") : f;
}

/* RFC 6376 3.7: the signed fields, then this one with b= empty and no line end. */
static enum fault sign_field(const struct signing *s, const struct sign_key *key, struct buf *field)
{
	struct buf hashed;
	struct dkim_field own = {.name = SLICE_LIT("DKIM-Signature")};
	char signature[SIGN_MAX];
	char text[(SIGN_MAX + 2) / 3 * 4];
	size_t len;
	own.value = slice_skip(buf_view(field), own.name.len + 1);
	buf_init(&hashed, HEAD_MAX);
	enum fault f = buf_add(&hashed, buf_view(&s->signed_));
	f = f == FAULT_NONE ? dkim_field_relax(&own, &hashed) : f;
	f = f == FAULT_NONE ? sign_bytes(key, buf_view(&hashed), signature, &len) : f;
	buf_deinit(&hashed);
	if (f != FAULT_NONE) {
		return f;
	}
	base64_encode(slice_of(signature, len), text);
	f = add_folded(field, slice_of(text, base64_len(len)));
	return f == FAULT_NONE ? buf_add_text(field, "\r\n") : f;
}

static enum fault sign_with(const struct signing *s, const struct dkim_key *by,
			    struct rope *message)
{
	CLEANUP(sign_key_free) struct sign_key *key = NULL;
	struct buf field;
	struct slice copy;
	enum fault f = sign_key_new(by->key, &key);
	if (f != FAULT_NONE) {
		return f;
	}
	buf_init(&field, SIGNATURE_FIELD_MAX);
	f = begin_field(s, by, sign_key_kind(key), &field);
	f = f == FAULT_NONE ? sign_field(s, key, &field) : f;
	f = f == FAULT_NONE ? arena_copy(message->arena, buf_view(&field), &copy) : f;
	f = f == FAULT_NONE ? rope_put_first(message, copy) : f;
	buf_deinit(&field);
	return f;
}

static enum fault say_which(struct problem *problem, enum fault f, const struct dkim_key *key)
{
	if (f != FAULT_BAD_RECORD) {
		return problem_set(problem, f, "");
	}
	problem_set(problem, f, "The DKIM key with the selector ");
	problem_add_name(problem, key->selector);
	problem_add(problem, " cannot sign: it must be an RSA key of ");
	problem_add_number(problem, SERVER_RSA_BITS_MIN);
	problem_add(problem, " to ");
	problem_add_number(problem, SERVER_RSA_BITS_MAX);
	problem_add(problem, " bits, or an Ed25519 key, as PEM without a passphrase.");
	return f;
}

static enum fault sign_all(struct signing *s, struct rope *message, struct problem *problem)
{
	struct rope_cursor at;
	rope_rewind(message, &at);
	enum fault f = read_head(s, &at);
	f = f == FAULT_NONE ? hash_body(s, &at) : f;
	f = f == FAULT_NONE ? choose_fields(s) : f;
	if (f != FAULT_NONE) {
		return problem_set(problem, f, "");
	}
	for (size_t i = s->job->key_count; i > 0; i--) { /* the first one comes to stand on top */
		const struct dkim_key *key = &s->job->keys[i - 1];
		f = dkim_key_fits(key, s->job->from_domain) ? sign_with(s, key, message) : f;
		if (f != FAULT_NONE) {
			return say_which(problem, f, key);
		}
	}
	return FAULT_NONE;
}

enum fault dkim_sign(const struct dkim_job *job, struct rope *message, struct problem *problem)
{
	bool any = false;
	for (size_t i = 0; i < job->key_count; i++) {
		any = any || dkim_key_fits(&job->keys[i], job->from_domain);
	}
	if (!any) {
		return FAULT_NONE;
	}
	struct signing s = {.job = job};
	buf_init(&s.head, HEAD_MAX);
	buf_init(&s.names, SIGNATURE_FIELD_MAX);
	buf_init(&s.signed_, HEAD_MAX);
	enum fault f = sign_all(&s, message, problem);
	buf_deinit(&s.signed_);
	buf_deinit(&s.names);
	buf_deinit(&s.head);
	return f;
}
