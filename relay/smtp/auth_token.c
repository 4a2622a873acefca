#include "relay/smtp/auth_token.h"

#include <string.h>

#include "spool-free/base/json.h"
#include "relay/smtp/auth.h"
#include "relay/smtp/saslname.h"

enum { PIECE = 8 /* bytes in a row that are in the token too are taken for a part of it */ };

enum fault auth_token_say_xoauth2(const struct smtp_login *login, struct secret **out_message)
{
	const struct slice parts[] = {SLICE_LIT("user="), login->username,
				      SLICE_LIT("\1auth=Bearer "), secret_view(login->token),
				      SLICE_LIT("\1\1")};
	return secret_new_parts(parts, COUNT_OF(parts), out_message);
}

static enum fault escape_name(struct slice name, struct secret **out_name)
{
	char *at;
	enum fault f = secret_new_room(smtp_saslname_write(name, NULL), out_name, &at);
	if (f == FAULT_NONE) {
		smtp_saslname_write(name, at);
	}
	return f;
}

enum fault auth_token_say_oauthbearer(const struct smtp_login *login, struct secret **out_message)
{
	CLEANUP(secret_free) struct secret *name = NULL;
	char digits[8];
	size_t at = sizeof(digits);
	enum fault f = escape_name(login->username, &name);
	if (f != FAULT_NONE) {
		return f;
	}
	for (unsigned port = login->port; port > 0; port /= 10) {
		digits[--at] = (char)('0' + port % 10);
	}
	const struct slice parts[] = {
		login->username.len > 0 ? SLICE_LIT("n,a=") : SLICE_LIT("n,"),
		secret_view(name),
		SLICE_LIT(",\1host="),
		login->host,
		SLICE_LIT("\1port="),
		slice_of(digits + at, sizeof(digits) - at),
		SLICE_LIT("\1auth=Bearer "),
		secret_view(login->token),
		SLICE_LIT("\1\1"),
	};
	return secret_new_parts(parts, COUNT_OF(parts), out_message);
}

/* A short value that the server made up, and no piece of the token come back. */
static size_t keep_said(struct slice said, struct slice token, char into[AUTH_SAID_MAX])
{
	if (said.len == 0 || said.len > AUTH_SAID_MAX) {
		return 0;
	}
	for (size_t i = 0; i + PIECE <= said.len; i++) {
		if (slice_find(token, slice_of(said.ptr + i, PIECE)) < token.len) {
			return 0;
		}
	}
	memcpy(into, said.ptr, said.len);
	return said.len;
}

/* {"status":"401","schemes":"bearer","scope":"https://mail.example/"}: what is of another shape says nothing. */
void auth_token_refused(struct auth_refusal *r, struct slice token, char *bytes, size_t len)
{
	struct json j;
	*r = (struct auth_refusal){.came = true};
	json_init(&j, bytes, len);
	if (json_next(&j).kind != JSON_OBJECT) {
		return;
	}
	for (struct json_token key = json_next(&j); key.kind == JSON_KEY; key = json_next(&j)) {
		bool is_status = slice_eq(key.text, SLICE_LIT("status"));
		bool is_scope = slice_eq(key.text, SLICE_LIT("scope"));
		if (!is_status && !is_scope) {
			if (json_skip(&j, key) != FAULT_NONE) {
				return;
			}
			continue;
		}
		struct json_token value = json_next(&j);
		if (value.kind != JSON_STRING && value.kind != JSON_NUMBER) {
			return;
		}
		if (is_status) {
			r->status_len = keep_said(value.text, token, r->status);
		} else {
			r->scope_len = keep_said(value.text, token, r->scope);
		}
	}
}

void auth_token_explain(const struct auth_refusal *r, struct problem *p)
{
	problem_add(p, " It does not take the token");
	if (r->status_len > 0) {
		problem_add(p, ": status ");
		problem_add_name(p, slice_of(r->status, r->status_len));
	}
	if (r->scope_len > 0) {
		problem_add(p,
			    r->status_len > 0 ? ", it wants the scope " : ": it wants the scope ");
		problem_add_name(p, slice_of(r->scope, r->scope_len));
	}
	problem_add(p, ".");
}
