/*
 * NAME     vault_session - one command on the vault: what was asked for, the vault opened for it, its actions
 * OWNS     the vault, the lock, what was typed; vault_session_close() lets go of all of it
 * FLOW     everything typed is read first, then the vault is locked, read, changed and replaced: nobody waits
 *          for a person at a keyboard
 * SEE      vault_options.h (which action takes what), vault.c (the table of them)
 */
#ifndef RELAY_COMMAND_VAULT_SESSION_H
#define RELAY_COMMAND_VAULT_SESSION_H

#include "spool-free/base/problem.h"
#include "config/vault/vault.h"

/* In the order of their bits; what an action allows is a set of them. */
enum vault_option {
#define VAULT_OPTION(name, text, value) OPTION_##name,
#include "relay/command/vault_option.def"
#undef VAULT_OPTION
	OPTION_COUNT
};

enum {
	VAULT_OAUTH_FIRST = OPTION_OAUTH_FLOW, /* up to the last: for --auth oauth alone */
	VAULT_OAUTH_LAST = OPTION_OAUTH_GOOGLE_FILE,
	VAULT_REPEATED_FIRST = OPTION_PIN, /* and all behind it: may be given more than once */
	VAULT_VALUES_MAX = 4,
	VAULT_REPEATED = OPTION_COUNT - VAULT_REPEATED_FIRST,
	VAULT_WORDS_MAX = 64, /* behind an action: KEY=VALUE */
};

/* Of an option that may be given more than once: what it was given, in order. */
struct vault_values {
	const char *at[VAULT_VALUES_MAX];
	size_t count;
};

struct vault_session {
	const char *path;
	const char *credential; /* file; NULL: a passphrase opens */
	const char *command;	/* as it was called: vault, tenant, server ... */
	const char *name;	/* the first word behind the action; NULL: none was given */
	const char *words[VAULT_WORDS_MAX]; /* all of them */
	size_t word_count;
	const char *options[OPTION_COUNT]; /* NULL: not given */
	struct vault_values values[VAULT_REPEATED];
	const char *settings_file; /* NULL: none was given */
	struct slice backups;	   /* of the settings; empty: beside the vault */
	uint64_t backup_keep_ms;   /* of the settings; 0: none were given */
	struct secret *key;	   /* passphrase or credential */
	struct secret *typed;	/* a server's password or secret, a new passphrase or credential */
	struct secret *refresh; /* a server's refresh token */
	struct secret *half;	/* a tenant's; NULL: none was given */
	struct vault_unlock unlock;
	struct vault *vault;
	int lock; /* -1: not held */
	struct arena arena;
	struct slice changed; /* the tenant, when neither an option nor the name says it */
	size_t shredded;      /* records that went with their tenant */
	int exit_code;	      /* of what was done without a fault */
};

void vault_session_init(struct vault_session *s);
void vault_session_close(struct vault_session *s);

/* The steps of a command, for actions that go another way than most. */
MUST_USE enum fault vault_session_key(struct vault_session *s, struct problem *p);
MUST_USE enum fault vault_session_new_key(struct vault_session *s, struct problem *p);
MUST_USE enum fault vault_session_lock(struct vault_session *s, struct problem *p);
MUST_USE enum fault vault_session_open(struct vault_session *s, struct problem *p);
MUST_USE enum fault vault_session_save(struct vault_session *s, struct problem *p);
/* --half-file, when it was given. */
MUST_USE enum fault vault_session_half(struct vault_session *s, struct problem *p);

/* The actions. They change or show the opened vault; saving is the caller's. */
typedef enum fault vault_action_fn(struct vault_session *s, struct problem *p);

vault_action_fn vault_tenant_add, vault_tenant_set, vault_tenant_remove;
vault_action_fn vault_tenant_suspend, vault_tenant_resume;
vault_action_fn vault_token_new, vault_token_revoke;
vault_action_fn vault_server_put, vault_server_remove;
vault_action_fn vault_list_tenants, vault_list_tokens, vault_list_servers, vault_list_all;
vault_action_fn vault_list_aws, vault_list_policies;
vault_action_fn vault_show_tenant, vault_show_server, vault_show_aws;
vault_action_fn vault_get_settings, vault_set_settings, vault_get_policy, vault_set_policy;
vault_action_fn vault_aws_put, vault_aws_remove;
vault_action_fn vault_show_slots, vault_change_slot, vault_rotate_keys;
vault_action_fn vault_show_receipt_key, vault_rotate_receipt_key;
vault_action_fn vault_server_check;

/* Those that do all by themselves: they ask for the key, lock, open and save. */
vault_action_fn vault_init, vault_edit_settings, vault_verify_files, vault_backup, vault_restore;
vault_action_fn vault_tenant_export, vault_tenant_import;

/* What is typed besides the key that opens the vault, before it is locked. */
vault_action_fn vault_server_ask, vault_ask_passphrase, vault_ask_credential;
vault_action_fn vault_ask_removal, vault_ask_slots;

/* Of the vault that is open: what it holds, each record opened. */
vault_action_fn vault_verify;

/* What was given for an option as bytes; empty when it was not. */
struct slice vault_session_option(const struct vault_session *s, enum vault_option option);
const struct vault_values *vault_session_values(const struct vault_session *s,
						enum vault_option option);
/* "There is no tenant 'x' ..." when it is not there. */
MUST_USE enum fault vault_session_need_tenant(struct vault_session *s, struct slice id,
					      struct problem *p);
/* "There is no such server ...", or account of AWS. */
MUST_USE enum fault vault_session_missing(enum vault_kind kind, struct problem *p);
/* Whose server or account it is, and its name: --operator has one name of its own. */
MUST_USE enum fault vault_session_name_server(struct vault_session *s, struct vault_key_name *out,
					      struct problem *p);

#endif
