#include "relay/intake/spec.h"

#include "spool-free/base/wipe.h"

enum { HOST_MAX = 253, PASSWORD_MAX = 1024, TOKEN_MAX = 16 * 1024, IMPLICIT_PORT = 465 };

static enum fault take_port(struct fields *r, const struct field *f, struct json_token value,
			    void *into)
{
	struct account *account = into;
	uint64_t number = 0;
	(void)f;
	if (value.kind != JSON_NUMBER || !slice_to_u64(value.text, UINT16_MAX, &number) ||
	    number == 0) {
		return fields_wrong_type(r, value, "must be a number from 1 to 65535.");
	}
	account->port = (uint16_t)number;
	return FAULT_NONE;
}

static enum fault take_tls(struct fields *r, const struct field *f, struct json_token value,
			   void *into)
{
	struct account *account = into;
	struct spec *s = r->ctx;
	bool starttls = value.kind == JSON_STRING && slice_eq(value.text, SLICE_LIT("starttls"));
	bool implicit = value.kind == JSON_STRING && slice_eq(value.text, SLICE_LIT("implicit"));
	(void)f;
	if (!starttls && !implicit) {
		return fields_wrong_type(r, value,
					 "must be \"starttls\" (as on port 587) or \"implicit\" "
					 "(as on port 465).");
	}
	account->tls = implicit ? TLS_IMPLICIT : TLS_STARTTLS;
	s->has_tls = true;
	return FAULT_NONE;
}

/* RFC 6750 2.1: no more than that stands in a token; a byte else would end it in an AUTH line. */
static bool is_token(struct slice s)
{
	for (size_t i = 0; i < s.len; i++) {
		if (s.ptr[i] <= ' ' || s.ptr[i] >= 0x7F) {
			return false;
		}
	}
	return true;
}

static enum fault keep_secret(struct fields *r, struct json_token value, struct secret **out)
{
	enum fault fault = secret_new(value.text, out);
	(void)(fault != FAULT_NONE ? problem_set(r->problem, fault, "") : fault);
	return fault;
}

/* All of it that was read, with what unescaping left behind. */
static void wipe_value(struct fields *r, struct json_token value)
{
	wipe(r->json.bytes + value.at + 1, r->json.at - value.at - 2);
}

static enum fault take_password(struct fields *r, const struct field *f, struct json_token value,
				void *into)
{
	struct account *account = into;
	enum fault fault;
	if (value.kind != JSON_STRING) {
		return fields_wrong_type(r, value, "must be a string.");
	}
	/* RFC 4616: NUL separates; and no server takes more than a line. */
	if (value.text.len > f->max || slice_find_byte(value.text, '\0') < value.text.len) {
		fault = fields_wrong(r, FAULT_BAD_FIELD,
				     "must have at most 1024 bytes, none of them NUL.");
	} else {
		fault = keep_secret(r, value, &account->password);
	}
	wipe_value(r, value);
	return fault;
}

static enum fault take_token(struct fields *r, const struct field *f, struct json_token value,
			     void *into)
{
	struct account *account = into;
	enum fault fault;
	if (value.kind != JSON_STRING) {
		return fields_wrong_type(r, value, "must be a string.");
	}
	if (value.text.len > f->max || !is_token(value.text)) {
		fault = fields_wrong(r, FAULT_BAD_FIELD,
				     "must be an OAuth access token: printable ASCII without "
				     "blanks, at most 16384 bytes.");
	} else {
		fault = keep_secret(r, value, &account->token);
	}
	wipe_value(r, value);
	return fault;
}

static const struct field account_rows[] = {
	{SLICE_INIT("host"), fields_take_text, offsetof(struct account, host), HOST_MAX},
	{SLICE_INIT("port"), take_port, 0, 0},
	{SLICE_INIT("tls"), take_tls, 0, 0},
	{SLICE_INIT("username"), fields_take_text, offsetof(struct account, username),
	 JOB_NAME_MAX},
	{SLICE_INIT("password"), take_password, 0, PASSWORD_MAX},
	{SLICE_INIT("access_token"), take_token, 0, TOKEN_MAX},
};

static enum fault must_be_there(struct fields *r, const char *key)
{
	fields_enter(r, key);
	return fields_wrong(r, FAULT_BAD_FIELD, "must be there, and not empty.");
}

static enum fault take_account(struct fields *r, struct json_token value, struct account *account)
{
	const struct spec *s = r->ctx;
	enum fault f = fields_object(r, value, account_rows, COUNT_OF(account_rows), account);
	if (f != FAULT_NONE) {
		return f;
	}
	if (account->host.len == 0) {
		return must_be_there(r, "host");
	}
	if (account->port == 0) {
		return must_be_there(r, "port");
	}
	if (!s->has_tls) {
		account->tls = account->port == IMPLICIT_PORT ? TLS_IMPLICIT : TLS_STARTTLS;
	}
	bool has_password = secret_view(account->password).len > 0;
	bool has_token = secret_view(account->token).len > 0;
	if (has_password && has_token) {
		fields_enter(r, "access_token");
		return fields_wrong(r, FAULT_BAD_FIELD, "must not stand beside a 'password'.");
	}
	if (account->username.len > 0 && !has_password && !has_token) {
		return must_be_there(r, "password");
	}
	if (account->username.len == 0 && (has_password || has_token)) {
		return must_be_there(r, "username");
	}
	return FAULT_NONE;
}

enum fault spec_take_server(struct fields *r, const struct field *f, struct json_token value,
			    void *into)
{
	struct job *job = into;
	if (value.kind == JSON_OBJECT) {
		job->has_account = true;
		return take_account(r, value, &job->account);
	}
	if (value.kind != JSON_STRING) {
		return fields_wrong_type(
			r, value,
			"must be the name of a mail server or an account {host, port, "
			"tls, username, password or access_token}.");
	}
	return fields_take_text(r, f, value, into);
}
