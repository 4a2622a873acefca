/*
 * NAME     vault_session - one `pagepost vault` command: what was asked for, the vault opened for it, its actions
 * OWNS     the vault, the lock, what was typed; vault_session_close() lets go of all of it
 * FLOW     everything typed is read first, then the vault is locked, read, changed and replaced: nobody waits
 *          for a person at a keyboard
 */
#ifndef RELAY_COMMAND_VAULT_SESSION_H
#define RELAY_COMMAND_VAULT_SESSION_H

#include "spool-free/base/problem.h"
#include "config/vault/vault.h"

/* Options in the order of their bits; what an action allows is a set of them. */
enum vault_option {
	OPTION_TENANT,
	OPTION_LABEL,
	OPTION_HOST,
	OPTION_PORT,
	OPTION_TLS,
	OPTION_USERNAME,
	OPTION_FROM,
	OPTION_FROM_NAME,
	OPTION_CA,
	OPTION_DEFAULT_SERVER,
	OPTION_SUBJECT_PREFIX,
	OPTION_BUTTON_LABEL,
	OPTION_OPERATOR, /* the only one without a value */
	OPTION_PROVIDER,
	OPTION_AUTH,
	OPTION_OAUTH_FLOW, /* from here on: for --auth oauth alone */
	OPTION_OAUTH_TOKEN_URL,
	OPTION_OAUTH_CLIENT_ID,
	OPTION_OAUTH_SCOPE,
	OPTION_OAUTH_SECRET_FILE,
	OPTION_OAUTH_REFRESH_FILE,
	OPTION_OAUTH_KEY_FILE,
	OPTION_OAUTH_GOOGLE_FILE, /* up to here */
	OPTION_TENANT_ID,
	OPTION_PROFILE,
	OPTION_CONNECTIONS,
	OPTION_PER_MINUTE,
	OPTION_PER_HOUR,
	OPTION_RECIPIENTS,
	OPTION_PIN, /* from here on: may be given more than once */
	OPTION_DKIM_DOMAIN,
	OPTION_DKIM_SELECTOR,
	OPTION_DKIM_KEY_FILE,
	OPTION_COUNT
};

enum { VAULT_VALUES_MAX = 4, VAULT_REPEATED = OPTION_COUNT - OPTION_PIN };

/* Of an option that may be given more than once: what it was given, in order. */
struct vault_values {
	const char *at[VAULT_VALUES_MAX];
	size_t count;
};

struct vault_session {
	const char *path;
	const char *credential;		   /* file; NULL: a passphrase opens */
	const char *name;		   /* the positional word; NULL: none was given */
	const char *options[OPTION_COUNT]; /* NULL: not given */
	struct vault_values values[VAULT_REPEATED];
	struct secret *key;	/* passphrase or credential */
	struct secret *typed;	/* a server's password or secret, a new passphrase or credential */
	struct secret *refresh; /* a server's refresh token */
	struct vault_unlock unlock;
	struct vault *vault;
	size_t shredded; /* records that are gone for good when the vault was saved */
	int lock;	 /* -1: not held */
	struct arena arena;
};

void vault_session_init(struct vault_session *s);
void vault_session_close(struct vault_session *s);

/* The actions. They change or show the opened vault; saving is the caller's. */
typedef enum fault vault_action_fn(struct vault_session *s, struct problem *p);

vault_action_fn vault_tenant_add, vault_tenant_set, vault_tenant_remove;
vault_action_fn vault_token_new, vault_token_revoke;
vault_action_fn vault_server_put, vault_server_remove;
vault_action_fn vault_list_tenants, vault_list_tokens, vault_list_servers, vault_list_all;
vault_action_fn vault_verify;

/* What is typed for vault_server_put(), before the vault is locked. */
MUST_USE enum fault vault_server_ask(struct vault_session *s, struct problem *p);

/* What was given for an option as bytes; empty when it was not. */
struct slice vault_session_option(const struct vault_session *s, enum vault_option option);
const struct vault_values *vault_session_values(const struct vault_session *s,
						enum vault_option option);
/* "There is no tenant 'x' ..." when it is not there. */
MUST_USE enum fault vault_session_need_tenant(struct vault_session *s, struct slice id,
					      struct problem *p);

#endif
