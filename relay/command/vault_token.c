#include "spool-free/base/digest.h"
#include "spool-free/base/hex.h"
#include "spool-free/base/instant.h"
#include "spool-free/base/wipe.h"
#include "config/vault/assign.h"
#include "relay/intake/caller.h"
#include "relay/command/vault_session.h"

enum { TOKEN_ID_MIN = 8 }; /* digits of the hash that name a token on the command line */

static enum fault make_token(struct secret **out_token)
{
	unsigned char random[CALLER_TOKEN_RANDOM];
	enum fault f = vault_crypto_random(random, sizeof(random));
	if (f == FAULT_NONE) {
		f = caller_token_make(random, out_token);
	}
	wipe(random, sizeof(random));
	return f;
}

/* The only place that prints a secret: this once, to who asked for it. It is told when the vault was saved. */
enum fault vault_token_new(struct vault_session *s, struct problem *p)
{
	unsigned char hash[DIGEST_LEN];
	char hex[VAULT_HASH_HEX];
	char now[CIVIL_RFC3339_LEN];
	struct slice tenant = vault_session_option(s, OPTION_TENANT);
	enum fault f = vault_session_need_tenant(s, tenant, p);
	if (f == FAULT_NONE) {
		f = make_token(&s->typed);
	}
	if (f != FAULT_NONE) {
		return f;
	}
	digest_sha256(secret_view(s->typed), hash);
	hex_encode(slice_of(hash, sizeof(hash)), hex);
	struct vault_record r = {
		.kind = VAULT_TOKEN,
		.token = {.hash = slice_of(hex, sizeof(hex)),
			  .tenant = tenant,
			  .label = vault_session_option(s, OPTION_LABEL),
			  .created = slice_of(now, sizeof(now))},
	};
	civil_rfc3339(civil_now(), now);
	if (s->options[OPTION_SCOPE] != NULL) {
		f = vault_assign(&r, SLICE_LIT("scope"), 't', vault_session_option(s, OPTION_SCOPE),
				 &s->arena, p);
	}
	return f == FAULT_NONE ? vault_put(s->vault, &r, NULL, p) : f;
}

/* By the first digits of its hash, as the list shows them; they must fit one token only. */
enum fault vault_token_revoke(struct vault_session *s, struct problem *p)
{
	struct slice id = slice_of_text(s->name);
	struct vault_record found = {.kind = VAULT_TOKEN};
	unsigned fitting = 0;
	if (id.len < TOKEN_ID_MIN) {
		return problem_set(
			p, FAULT_BAD_RECORD,
			"A token is named by at least 8 digits of its id in 'token list'.");
	}
	for (size_t i = 0; i < vault_count(s->vault); i++) {
		struct vault_record r;
		if (vault_kind_at(s->vault, i) != VAULT_TOKEN) {
			continue;
		}
		enum fault f = vault_at(s->vault, i, NULL, &s->arena, &r, p);
		if (f != FAULT_NONE) {
			return f;
		}
		if (slice_starts(r.token.hash, id)) {
			found = r;
			fitting++;
		}
	}
	if (fitting != 1) {
		return fitting == 0
			       ? problem_set(p, FAULT_NOT_FOUND, "No token has this id.")
			       : problem_set(p, FAULT_CONFLICT,
					     "More than one token begins so; give more digits.");
	}
	s->changed = found.token.tenant;
	return vault_remove(s->vault, vault_name_of(&found));
}
