#include "relay/command/remote.h"

#include <stdio.h>
#include <stdlib.h>

#include "spool-free/base/json.h"
#include "relay/command/vault_input.h"

enum { TOKEN_MAX = 8 * 1024 };

enum fault remote_token(const char *file, struct secret **out_token, struct problem *p)
{
	if (file != NULL) {
		return vault_input_secret_line(file, TOKEN_MAX, out_token, p);
	}
	struct slice token = slice_trim(slice_of_text(getenv("PAGEPOST_TOKEN")));
	if (token.len == 0 || token.len > TOKEN_MAX) {
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
