/*
 * What a token endpoint answers: it is a token that may stand in an AUTH line, or a fault with a cause and a sentence that
 * can be shown.
 */
#include <stdlib.h>

#include "spool-free/base/text.h"
#include "relay/confluence/oauth.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool truth)
{
	if (!truth) {
		abort();
	}
}

static void judge_token(struct slice s, size_t most)
{
	must(s.len > 0 && s.len <= most);
	for (size_t i = 0; i < s.len; i++) {
		must(s.ptr[i] > ' ' && s.ptr[i] < 0x7F);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const int statuses[] = {200, 400, 502, 429, 302};
	static bool has_heap;
	struct oauth_answer a = {0};
	struct problem p = {0};
	struct buf body;
	if (!has_heap) {
		must(secret_heap_start() == FAULT_NONE);
		has_heap = true;
	}
	if (size < 1) {
		return 0;
	}
	buf_init(&body, size);
	must(buf_add(&body, slice_of(data + 1, size - 1)) == FAULT_NONE);
	enum fault f = oauth_read(statuses[data[0] % COUNT_OF(statuses)], &body, &a, &p);
	if (f == FAULT_NONE) {
		judge_token(secret_view(a.token), OAUTH_TOKEN_MAX);
		must(a.expires_s <= OAUTH_EXPIRES_MAX_S);
		must(oauth_use_ms(a.expires_s) <= a.expires_s * 1000);
		if (a.refresh != NULL) {
			judge_token(secret_view(a.refresh), OAUTH_REFRESH_MAX);
		}
	} else {
		must(p.fault == f && p.cause != NULL && a.token == NULL && a.refresh == NULL);
		must(text_is_header_safe(problem_text(&p)));
	}
	secret_free(&a.token);
	secret_free(&a.refresh);
	buf_deinit(&body);
	return 0;
}
