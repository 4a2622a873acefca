#include "relay/command/remote.h"

#include <stdio.h>
#include <stdlib.h>

#include "spool-free/base/json.h"
#include "relay/command/vault_input.h"

enum { TOKEN_MAX = 8 * 1024 };

/* Of letters that a header may have; RFC 6750 2.1 allows fewer, and the other side looks at those. */
static bool is_token(struct slice token)
{
	for (size_t i = 0; i < token.len; i++) {
		if (token.ptr[i] <= ' ' || token.ptr[i] > '~') {
			return false;
		}
	}
	return token.len > 0 && token.len <= TOKEN_MAX;
}

static enum fault refuse(struct problem *p, const char *where)
{
	problem_set(p, FAULT_BAD_FIELD, where);
	problem_add(p, " holds no token: that is one line of printable letters without a blank, as "
		       "'pagepost vault token new' printed it.");
	return FAULT_BAD_FIELD;
}

static enum fault token_of_file(const char *file, struct secret **out_token, struct problem *p)
{
	CLEANUP(secret_free) struct secret *line = NULL;
	enum fault f = vault_input_secret_line(file, TOKEN_MAX, &line, p);
	if (f != FAULT_NONE && f != FAULT_BAD_FIELD) {
		return f;
	}
	struct slice token = f == FAULT_NONE ? slice_trim(secret_view(line)) : (struct slice){0};
	return is_token(token) ? secret_new(token, out_token) : refuse(p, "The token file");
}

enum fault remote_token(const char *file, struct secret **out_token, struct problem *p)
{
	if (file != NULL) {
		return token_of_file(file, out_token, p);
	}
	struct slice token = slice_trim(slice_of_text(getenv("PAGEPOST_TOKEN")));
	if (token.len > 0 && !is_token(token)) {
		return refuse(p, "PAGEPOST_TOKEN");
	}
	if (token.len == 0) {
		return problem_set(p, FAULT_NO_CALLER,
				   "It needs the tenant's token: in the file of --token-file, or "
				   "in PAGEPOST_TOKEN.");
	}
	return secret_new(token, out_token);
}

enum fault remote_url(const char *url, const struct slice *parts, size_t count, struct buf *into)
{
	struct slice all = slice_of_text(url);
	size_t scheme = sizeof("https://") - 1;
	size_t host = slice_find_byte(slice_skip(all, scheme), '/');
	enum fault f = buf_add(into, slice_first(all, scheme + host));
	for (size_t i = 0; f == FAULT_NONE && i < count; i++) {
		f = buf_add(into, parts[i]);
	}
	return f == FAULT_NONE ? buf_add_byte(into, '\0') : f;
}

struct slice remote_detail(struct buf *body)
{
	struct json j;
	json_init(&j, body->ptr, body->len);
	struct json_token t = json_next(&j);
	for (t = json_next(&j); t.kind == JSON_KEY; t = json_next(&j)) {
		bool is_detail = slice_eq(t.text, SLICE_LIT("detail"));
		if (is_detail) {
			t = json_next(&j);
			return t.kind == JSON_STRING ? t.text : (struct slice){0};
		}
		if (json_skip(&j, t) != FAULT_NONE) {
			break;
		}
	}
	return (struct slice){0};
}

void remote_tell_refusal(const char *command, const char *what, int status, struct buf *body)
{
	struct slice detail = remote_detail(body);
	fprintf(stderr, "pagepost %s: %s (HTTP %d). ", command, what, status);
	for (size_t i = 0; i < detail.len; i++) {
		char c = detail.ptr[i];
		fputc((unsigned char)c < ' ' || c == 0x7f ? '?' : c, stderr);
	}
	fputc('\n', stderr);
}
