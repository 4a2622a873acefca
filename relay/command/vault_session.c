#include "relay/command/vault_session.h"

#include <string.h>

#include "config/vault/commit.h"
#include "relay/command/vault_input.h"

enum {
	LOCK_WAIT_MS = 10 * 1000,
	OPENED_MAX = 1024 * 1024 *
		     1024, /* of all records, for lists; untouched pages cost nothing */
};

void vault_session_init(struct vault_session *s)
{
	*s = (struct vault_session){.lock = -1, .command = "vault"};
	arena_init(&s->arena, OPENED_MAX);
}

void vault_session_close(struct vault_session *s)
{
	vault_free(&s->vault);
	vault_store_unlock(&s->lock);
	secret_free(&s->key);
	secret_free(&s->typed);
	secret_free(&s->refresh);
	secret_free(&s->half);
	arena_deinit(&s->arena);
}

struct slice vault_session_option(const struct vault_session *s, enum vault_option option)
{
	return slice_of_text(s->options[option]);
}

const struct vault_values *vault_session_values(const struct vault_session *s,
						enum vault_option option)
{
	return &s->values[option - VAULT_REPEATED_FIRST];
}

static enum fault read_key(struct vault_session *s, bool is_new, struct problem *p)
{
	enum fault f;
	s->unlock.kind = s->credential != NULL ? VAULT_CREDENTIAL : VAULT_PASSPHRASE;
	if (s->credential != NULL) {
		f = is_new ? vault_input_new_credential(s->credential, &s->key, p)
			   : vault_input_credential(s->credential, &s->key, p);
	} else {
		f = is_new ? vault_input_new_passphrase(&s->key, p)
			   : vault_input_line("Passphrase of the vault", &s->key, p);
	}
	s->unlock.bytes = s->key;
	return f;
}

enum fault vault_session_key(struct vault_session *s, struct problem *p)
{
	return read_key(s, false, p);
}

enum fault vault_session_new_key(struct vault_session *s, struct problem *p)
{
	return read_key(s, true, p);
}

enum fault vault_session_lock(struct vault_session *s, struct problem *p)
{
	return vault_store_lock(s->path, LOCK_WAIT_MS, &s->lock, p);
}

enum fault vault_session_open(struct vault_session *s, struct problem *p)
{
	struct commit_stamp stamp;
	return commit_load(s->path, &s->unlock, &s->vault, &stamp, p);
}

enum fault vault_session_save(struct vault_session *s, struct problem *p)
{
	return commit_save(s->path, s->vault, false, NULL, p);
}

enum fault vault_session_half(struct vault_session *s, struct problem *p)
{
	const char *file = s->options[OPTION_HALF_FILE];
	return file != NULL ? vault_input_half(file, &s->half, p) : FAULT_NONE;
}

static enum fault refuse(struct problem *p, const char *sentence)
{
	return problem_set(p, FAULT_BAD_RECORD, sentence);
}

enum fault vault_session_need_tenant(struct vault_session *s, struct slice id, struct problem *p)
{
	struct vault_record r;
	struct vault_key_name name = {.kind = VAULT_TENANT, .name = id};
	enum fault f = vault_find(s->vault, name, NULL, &s->arena, &r, NULL);
	if (f == FAULT_NOT_FOUND) {
		problem_set(p, f, "There is no tenant ");
		problem_add_name(p, id);
		problem_add(p, "; 'pagepost tenant add' makes one.");
	}
	return f;
}

enum fault vault_session_missing(enum vault_kind kind, struct problem *p)
{
	return problem_set(p, FAULT_NOT_FOUND,
			   kind == VAULT_AWS
				   ? "There is no such account; 'pagepost aws list' shows them."
				   : "There is no such server; 'pagepost server list' shows them.");
}

enum fault vault_session_name_server(struct vault_session *s, struct vault_key_name *out,
				     struct problem *p)
{
	bool is_operators = s->options[OPTION_OPERATOR] != NULL;
	*out = (struct vault_key_name){.kind = VAULT_SERVER};
	if (is_operators == (s->options[OPTION_TENANT] != NULL)) {
		return refuse(p, "A server is either a tenant's (--tenant ID) or the operator's "
				 "default (--operator).");
	}
	if (is_operators && s->name != NULL) {
		return refuse(p, "The operator's default server has no name; leave the name out.");
	}
	if (!is_operators && s->name == NULL) {
		return refuse(p, "The server needs a name: 1 to 64 of a-z, 0-9 and '-'.");
	}
	out->tenant = vault_session_option(s, OPTION_TENANT);
	out->name = is_operators ? SLICE_LIT(VAULT_OPERATOR_SERVER) : slice_of_text(s->name);
	return is_operators ? FAULT_NONE : vault_session_need_tenant(s, out->tenant, p);
}
