#include "spool-free/base/base64.h"
#include "spool-free/base/digest.h"
#include "spool-free/base/hex.h"
#include "spool-free/base/instant.h"
#include "spool-free/base/wipe.h"
#include "relay/command/vault_session.h"

enum {
	TOKEN_BYTES = 32,
	TOKEN_LETTERS = 43, /* of base64url without padding: RFC 4648 section 5 */
	TOKEN_PREFIX = 3,
	TOKEN_ID_MIN = 8, /* digits of the hash that name a token on the command line */
};

struct slice vault_session_option(const struct vault_session *s, enum vault_option option)
{
	return slice_of_text(s->options[option]);
}

const struct vault_values *vault_session_values(const struct vault_session *s,
						enum vault_option option)
{
	return &s->values[option - OPTION_PIN];
}

static struct slice now_text(char room[CIVIL_RFC3339_LEN])
{
	civil_rfc3339(civil_now(), room);
	return slice_of(room, CIVIL_RFC3339_LEN);
}

static enum fault find_tenant(struct vault_session *s, struct slice id, struct vault_record *out)
{
	struct vault_key_name name = {.kind = VAULT_TENANT, .name = id};
	return vault_find(s->vault, name, NULL, &s->arena, out, NULL);
}

enum fault vault_session_need_tenant(struct vault_session *s, struct slice id, struct problem *p)
{
	struct vault_record r;
	enum fault f = find_tenant(s, id, &r);
	if (f == FAULT_NOT_FOUND) {
		problem_set(p, f, "There is no tenant ");
		problem_add_name(p, id);
		problem_add(p, "; 'pagepost vault tenant add' makes one.");
	}
	return f;
}

static enum fault check_default_server(const struct vault_session *s, struct problem *p)
{
	struct slice name = vault_session_option(s, OPTION_DEFAULT_SERVER);
	if (name.len > 0 && !vault_is_name(name)) {
		return problem_set(p, FAULT_BAD_RECORD,
				   "The name of a server must be 1 to 64 of a-z, 0-9 and '-'.");
	}
	return FAULT_NONE;
}

static void set_if_given(const struct vault_session *s, enum vault_option option,
			 struct slice *field)
{
	if (s->options[option] != NULL) {
		*field = vault_session_option(s, option);
	}
}

/* What was not given stays as it is. */
static enum fault put_settings(struct vault_session *s, struct slice id, struct problem *p)
{
	struct vault_record r = {.kind = VAULT_SETTINGS};
	struct vault_key_name name = {.kind = VAULT_SETTINGS, .tenant = id};
	enum fault f = vault_find(s->vault, name, NULL, &s->arena, &r, p);
	if (f == FAULT_NOT_FOUND) {
		f = FAULT_NONE;
	}
	if (f == FAULT_NONE) {
		f = check_default_server(s, p);
	}
	if (f != FAULT_NONE) {
		return f;
	}
	r.settings.tenant = id;
	set_if_given(s, OPTION_SUBJECT_PREFIX, &r.settings.subject_prefix);
	set_if_given(s, OPTION_FROM_NAME, &r.settings.from_name);
	set_if_given(s, OPTION_FROM, &r.settings.from_address);
	set_if_given(s, OPTION_BUTTON_LABEL, &r.settings.button_label);
	set_if_given(s, OPTION_DEFAULT_SERVER, &r.settings.default_server);
	return vault_put(s->vault, &r, NULL, p);
}

enum fault vault_tenant_add(struct vault_session *s, struct problem *p)
{
	char now[CIVIL_RFC3339_LEN];
	struct vault_record r;
	struct slice id = slice_of_text(s->name);
	enum fault f = find_tenant(s, id, &r);
	if (f == FAULT_NONE) {
		problem_set(p, FAULT_CONFLICT, "There is a tenant ");
		problem_add_name(p, id);
		problem_add(p, " already; 'pagepost vault tenant set' changes it.");
		return FAULT_CONFLICT;
	}
	if (f != FAULT_NOT_FOUND) {
		return f;
	}
	r = (struct vault_record){
		.kind = VAULT_TENANT,
		.tenant = {.id = id, .state = VAULT_ACTIVE, .created = now_text(now)},
	};
	f = vault_put(s->vault, &r, NULL, p);
	return f == FAULT_NONE ? put_settings(s, id, p) : f;
}

enum fault vault_tenant_set(struct vault_session *s, struct problem *p)
{
	struct slice id = slice_of_text(s->name);
	enum fault f = vault_session_need_tenant(s, id, p);
	return f == FAULT_NONE ? put_settings(s, id, p) : f;
}

enum fault vault_tenant_remove(struct vault_session *s, struct problem *p)
{
	struct slice id = slice_of_text(s->name);
	enum fault f = vault_session_need_tenant(s, id, p);
	return f == FAULT_NONE ? vault_shred(s->vault, id, &s->shredded) : f;
}

/* "pp_" and 256 random bits as 43 letters. */
static enum fault make_token(struct secret **out_token)
{
	unsigned char random[TOKEN_BYTES];
	char padded[TOKEN_LETTERS + 1];
	char *room;
	enum fault f = vault_crypto_random(random, sizeof(random));
	if (f == FAULT_NONE) {
		f = secret_new_room(TOKEN_PREFIX + TOKEN_LETTERS, out_token, &room);
	}
	if (f == FAULT_NONE) {
		base64_encode(slice_of(random, sizeof(random)), padded);
		memcpy(room, "pp_", TOKEN_PREFIX);
		for (size_t i = 0; i < TOKEN_LETTERS; i++) {
			char c = padded[i];
			room[TOKEN_PREFIX + i] = c == '+' ? '-' : c == '/' ? '_' : c;
		}
	}
	wipe(random, sizeof(random));
	wipe(padded, sizeof(padded));
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
			  .created = now_text(now)},
	};
	return vault_put(s->vault, &r, NULL, p);
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
	return vault_remove(s->vault, vault_name_of(&found));
}
