#include "relay/intake/caller.h"

#include <string.h>

#include "spool-free/base/base64.h"
#include "spool-free/base/wipe.h"

enum { PREFIX = 3, LETTERS = CALLER_TOKEN_LEN - PREFIX };

static bool is_base64url(struct slice s)
{
	for (size_t i = 0; i < s.len; i++) {
		char c = s.ptr[i];
		if (!((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
		      c == '-' || c == '_')) {
			return false;
		}
	}
	return true;
}

struct slice caller_bearer(struct slice authorization)
{
	struct slice token = authorization;
	struct slice scheme;
	if (!slice_cut_to(&token, ' ', &scheme) || !slice_eq_nocase(scheme, SLICE_LIT("Bearer"))) {
		return (struct slice){0};
	}
	while (token.len > 0 && token.ptr[0] == ' ') { /* RFC 9110 11.4: 1*SP */
		token = slice_skip(token, 1);
	}
	return token;
}

enum fault caller_token_hash(struct slice token, unsigned char out_hash[DIGEST_LEN],
			     struct problem *problem)
{
	if (token.len == 0) {
		return problem_set(problem, FAULT_NO_CALLER,
				   "The request must carry a token: Authorization: Bearer pp_...");
	}
	if (token.len != CALLER_TOKEN_LEN || !slice_starts(token, SLICE_LIT("pp_")) ||
	    !is_base64url(token)) {
		return problem_set(problem, FAULT_NO_CALLER,
				   "The token is none of this Pagepost: it must be 'pp_' and 43 "
				   "letters, digits, '-' or '_'.");
	}
	digest_sha256(token, out_hash);
	return FAULT_NONE;
}

/* RFC 4648 5, without padding. */
enum fault caller_token_make(const unsigned char random[CALLER_TOKEN_RANDOM],
			     struct secret **out_token)
{
	char padded[LETTERS + 1];
	char *room;
	enum fault f = secret_new_room(CALLER_TOKEN_LEN, out_token, &room);
	if (f != FAULT_NONE) {
		return f;
	}
	base64_encode(slice_of(random, CALLER_TOKEN_RANDOM), padded);
	memcpy(room, "pp_", PREFIX);
	for (size_t i = 0; i < LETTERS; i++) {
		char c = padded[i];
		room[PREFIX + i] = c == '+' ? '-' : c == '/' ? '_' : c;
	}
	wipe(padded, sizeof(padded));
	return FAULT_NONE;
}
