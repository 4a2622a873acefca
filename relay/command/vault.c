#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "spool-free/base/event.h"
#include "config/settings/settings.h"
#include "config/vault/store.h"
#include "relay/command/command.h"
#include "relay/command/command_settings.h"
#include "relay/command/vault_options.h"

#define BIT(option)  VAULT_BIT(OPTION_##option)
#define FROM(option) VAULT_FROM(OPTION_##option)
#define LOOKS	     (BIT(FROM_NAME) | BIT(FROM))
#define TENANT_OPTIONS                                                                             \
	(LOOKS | BIT(DEFAULT_SERVER) | BIT(SUBJECT_PREFIX) | BIT(BUTTON_LABEL) | BIT(REGION) |     \
	 BIT(OPERATOR_SERVER))
#define WHOSE (BIT(TENANT) | BIT(OPERATOR) | BIT(HALF_FILE))
#define SERVER_OPTIONS                                                                             \
	(LOOKS | WHOSE | BIT(HOST) | BIT(PORT) | BIT(TLS) | BIT(USERNAME) | BIT(CA) |              \
	 FROM(PROVIDER))
#define POLICY_OF (BIT(TENANT) | BIT(SPACE))

/* What is told when the vault was saved, and no sooner. */

static void print_token(const struct vault_session *s)
{
	struct slice token = secret_view(s->typed);
	fflush(stdout);
	/* Past stdio, whose buffer would keep a copy. */
	if (write(STDOUT_FILENO, token.ptr, token.len) == (ssize_t)token.len) {
		fputs("\n", stdout);
	}
}

static void tell_removal(const struct vault_session *s)
{
	fprintf(stderr,
		"pagepost %s: the tenant and its records (%zu in all) were shredded; no backup "
		"opens "
		"them any more.\n",
		s->command, s->shredded);
}

static void tell_rotation(const struct vault_session *s)
{
	fprintf(stderr,
		"pagepost %s: all keys are new. Backups of before open no more; 'pagepost vault "
		"backup' makes one of now.\n",
		s->command);
}

const struct vault_action vault_actions[] = {
	{"init", NULL, NAME_NONE, WAY_OWN, 0, 0, NULL, vault_init, NULL,
	 "init                        make a vault: by passphrase, or by --credential FILE (made "
	 "if missing)"},
	{"tenant", "add", NAME_NEEDED, WAY_CHANGES, TENANT_OPTIONS, 0, NULL, vault_tenant_add, NULL,
	 "add ID [--default-server NAME] [--from ADDRESS] [--from-name TEXT]\n"
	 "                              [--subject-prefix TEXT] [--button-label TEXT] [--region "
	 "NAME]\n"
	 "                              [--operator-server yes|no]"},
	{"tenant", "set", NAME_NEEDED, WAY_CHANGES, TENANT_OPTIONS, 0, NULL, vault_tenant_set, NULL,
	 "set ID ...                  the same options; what is not given stays"},
	{"tenant", "list", NAME_NONE, WAY_READS, BIT(JSON), 0, NULL, vault_list_tenants, NULL,
	 "list [--json]"},
	{"tenant", "show", NAME_NEEDED, WAY_READS, BIT(JSON), 0, NULL, vault_show_tenant, NULL,
	 "show ID [--json]"},
	{"tenant", "suspend", NAME_NEEDED, WAY_CHANGES, 0, 0, NULL, vault_tenant_suspend, NULL,
	 "suspend ID                  its jobs are refused until it is resumed"},
	{"tenant", "resume", NAME_NEEDED, WAY_CHANGES, 0, 0, NULL, vault_tenant_resume, NULL,
	 "resume ID"},
	{"tenant", "remove", NAME_NEEDED, WAY_CHANGES, BIT(YES), 0, vault_ask_removal,
	 vault_tenant_remove, tell_removal,
	 "remove ID [--yes]           shredded, with all that is its own: no backup brings it "
	 "back"},
	{"tenant", "export", NAME_NEEDED, WAY_OWN, BIT(OUTPUT) | BIT(HALF_FILE), BIT(OUTPUT), NULL,
	 vault_tenant_export, NULL,
	 "export ID --output FILE [--half-file FILE]\n"
	 "                              one file, sealed by a passphrase that is asked for"},
	{"tenant", "import", NAME_NEEDED, WAY_OWN, BIT(AS), 0, NULL, vault_tenant_import, NULL,
	 "import FILE [--as ID]       what 'export' wrote; its passphrase is asked for"},
	{"token", "new", NAME_NONE, WAY_CHANGES, BIT(TENANT) | BIT(LABEL) | BIT(SCOPE),
	 BIT(TENANT) | BIT(LABEL), NULL, vault_token_new, print_token,
	 "new --tenant ID --label TEXT [--scope send|admin|send-admin]\n"
	 "                              prints the token, once"},
	{"token", "list", NAME_NONE, WAY_READS, BIT(TENANT) | BIT(JSON), 0, NULL, vault_list_tokens,
	 NULL, "list [--tenant ID] [--json]"},
	{"token", "revoke", NAME_NEEDED, WAY_CHANGES, 0, 0, NULL, vault_token_revoke, NULL,
	 "revoke ID                   the first digits of it, as listed"},
	{"server", "put", NAME_MAYBE, WAY_CHANGES, SERVER_OPTIONS, 0, vault_server_ask,
	 vault_server_put, NULL,
	 "put (NAME --tenant ID | --operator)\n"
	 "                              --host HOST [--port N] [--tls starttls|implicit] "
	 "[--username USER]\n"
	 "                              [--from ADDRESS] [--from-name TEXT] [--ca FILE] [--pin "
	 "SHA256]...\n"
	 "                              [--profile NAME] [--connections N] [--per-minute N] "
	 "[--per-hour N]\n"
	 "                              [--recipients-per-mail N] [--return-path ADDRESS] "
	 "[--half-file FILE]\n"
	 "                              [--dkim-domain DOMAIN --dkim-selector NAME "
	 "--dkim-key-file FILE]...\n"
	 "                              the password is asked for, or read from standard input;\n"
	 "                              by OAuth: --username MAILBOX --oauth-client-id ID\n"
	 "                              --provider microsoft365 --tenant-id ID | --provider google "
	 "|\n"
	 "                              --auth oauth --oauth-token-url URL [--oauth-scope TEXT]\n"
	 "                              [--oauth-flow "
	 "client-credentials|service-account|refresh-token]\n"
	 "                              [--oauth-secret-file FILE] [--oauth-refresh-file FILE]\n"
	 "                              [--oauth-google-file FILE | --oauth-key-file FILE]\n"
	 "                              secrets that no file holds are asked for"},
	{"server", "list", NAME_NONE, WAY_READS, BIT(TENANT) | BIT(JSON) | BIT(HALF_FILE), 0, NULL,
	 vault_list_servers, NULL, "list [--tenant ID] [--half-file FILE] [--json]"},
	{"server", "show", NAME_MAYBE, WAY_READS, WHOSE | BIT(JSON), 0, NULL, vault_show_server,
	 NULL, "show (NAME --tenant ID | --operator) [--half-file FILE] [--json]"},
	{"server", "remove", NAME_MAYBE, WAY_CHANGES, WHOSE, 0, NULL, vault_server_remove, NULL,
	 "remove (NAME --tenant ID | --operator) [--half-file FILE]"},
	{"server", "check", NAME_MAYBE, WAY_READS, WHOSE | BIT(JSON) | BIT(FROM) | BIT(TO), 0, NULL,
	 vault_server_check, NULL,
	 "check (NAME --tenant ID | --operator) [--from ADDRESS] [--to ADDRESS]\n"
	 "                              [--half-file FILE] [--json]\n"
	 "                              looks at it as 'pagepost doctor' does; sends nothing"},
	{"settings", "get", NAME_NONE, WAY_READS, BIT(TENANT) | BIT(JSON), BIT(TENANT), NULL,
	 vault_get_settings, NULL, "get --tenant ID [--json]"},
	{"settings", "set", NAME_MANY, WAY_CHANGES, BIT(TENANT), BIT(TENANT), NULL,
	 vault_set_settings, NULL,
	 "set --tenant ID KEY=VALUE... KEY= forgets; KEY=@FILE takes a long text from a file"},
	{"settings", "edit", NAME_NONE, WAY_OWN, BIT(TENANT), BIT(TENANT), NULL,
	 vault_edit_settings, NULL,
	 "edit --tenant ID            in the editor that $VISUAL or $EDITOR names"},
	{"policy", "get", NAME_NONE, WAY_READS, POLICY_OF | BIT(JSON), BIT(TENANT), NULL,
	 vault_get_policy, NULL, "get --tenant ID [--space KEY] [--json]"},
	{"policy", "set", NAME_MANY, WAY_CHANGES, POLICY_OF, BIT(TENANT), NULL, vault_set_policy,
	 NULL,
	 "set --tenant ID [--space KEY] KEY=VALUE...\n"
	 "                              of a list: KEY=A,B or KEY=A KEY=B"},
	{"policy", "list", NAME_NONE, WAY_READS, BIT(TENANT) | BIT(JSON), 0, NULL,
	 vault_list_policies, NULL, "list [--tenant ID] [--json]"},
	{"aws", "put", NAME_NEEDED, WAY_CHANGES,
	 BIT(TENANT) | BIT(ROLE_ARN) | BIT(REGION) | BIT(LABEL) | BIT(EXTERNAL_ID),
	 BIT(TENANT) | BIT(ROLE_ARN) | BIT(REGION), NULL, vault_aws_put, NULL,
	 "put NAME --tenant ID --role-arn ARN --region NAME [--label TEXT] [--external-id TEXT]"},
	{"aws", "list", NAME_NONE, WAY_READS, BIT(TENANT) | BIT(JSON), 0, NULL, vault_list_aws,
	 NULL, "list [--tenant ID] [--json]"},
	{"aws", "show", NAME_NEEDED, WAY_READS, BIT(TENANT) | BIT(JSON), BIT(TENANT), NULL,
	 vault_show_aws, NULL, "show NAME --tenant ID [--json]"},
	{"aws", "remove", NAME_NEEDED, WAY_CHANGES, BIT(TENANT), BIT(TENANT), NULL,
	 vault_aws_remove, NULL, "remove NAME --tenant ID"},
	{"list", NULL, NAME_NONE, WAY_READS, BIT(JSON), 0, NULL, vault_list_all, NULL,
	 "list [--json]               tenants, servers and tokens"},
	{"slots", NULL, NAME_NONE, WAY_READS, BIT(JSON), 0, NULL, vault_show_slots, NULL,
	 "slots [--json]              what opens the vault"},
	{"passphrase", "change", NAME_NONE, WAY_CHANGES, 0, 0, vault_ask_passphrase,
	 vault_change_slot, NULL,
	 "change                      or add one, when --credential opens the vault"},
	{"credential", "change", NAME_NEEDED, WAY_CHANGES, 0, 0, vault_ask_credential,
	 vault_change_slot, NULL,
	 "change FILE                 or add one, when a passphrase opens the vault"},
	{"rotate", NULL, NAME_NONE, WAY_CHANGES, 0, 0, vault_ask_slots, vault_rotate_keys,
	 tell_rotation,
	 "rotate                      new keys for all; opens by the same as before"},
	{"receipt-key", "show", NAME_NONE, WAY_READS, 0, 0, NULL, vault_show_receipt_key, NULL,
	 "show                       what receipts are proved by: a JWK set"},
	{"receipt-key", "rotate", NAME_NONE, WAY_CHANGES, 0, 0, NULL, vault_rotate_receipt_key,
	 NULL,
	 "rotate                     another one signs from now on; those of before prove yet"},
	{"verify", NULL, NAME_MAYBE, WAY_OWN, 0, 0, NULL, vault_verify_files, NULL,
	 "verify [BACKUP]             open every record, of the vault or of a backup"},
	{"backup", NULL, NAME_NONE, WAY_OWN, BIT(TO) | BIT(KEEP), 0, NULL, vault_backup, NULL,
	 "backup [--to FOLDER] [--keep TIME]\n"
	 "                              a sealed copy; those older than TIME, such as 35d, go"},
	{"restore", NULL, NAME_NEEDED, WAY_OWN, BIT(ALLOW_ROLLBACK), 0, NULL, vault_restore, NULL,
	 "restore BACKUP [--allow-rollback]"},
	{.first = NULL},
};

/* The settings file names what the command line does not; its texts go into the session's arena. */
static enum fault keep_settings(const struct settings *settings, struct vault_session *s)
{
	struct slice path = {0};
	struct slice credential = {0};
	struct slice end = slice_of("", 1);
	struct slice vault_parts[] = {slice_of_text(settings->vault.file), end};
	struct slice key_parts[] = {slice_of_text(settings->vault.credential), end};
	struct slice backup_parts[] = {slice_of_text(settings->vault.backups), end};
	enum fault f = arena_join(&s->arena, vault_parts, 2, &path);
	if (f == FAULT_NONE) {
		f = arena_join(&s->arena, key_parts, 2, &credential);
	}
	if (f == FAULT_NONE) {
		f = arena_join(&s->arena, backup_parts, 2, &s->backups);
	}
	if (f != FAULT_NONE) {
		return f;
	}
	s->backups.len--;
	s->backup_keep_ms = settings->vault.backup_keep_ms;
	s->path = s->path == NULL ? path.ptr : s->path;
	if (s->credential == NULL && credential.len > 1) {
		s->credential = credential.ptr;
	}
	return FAULT_NONE;
}

static int take_settings(struct vault_session *s)
{
	struct settings *settings;
	int code = command_read_settings(s->command, s->settings_file, &settings);
	if (code != EXIT_DONE) {
		return code;
	}
	enum fault f = keep_settings(settings, s);
	settings_free(&settings);
	return f == FAULT_NONE
		       ? EXIT_DONE
		       : command_fail(s->command, EXIT_CANNOT_RUN, "there is not enough memory.");
}

/* --- running an action ----------------------------------------------------------------------------- */

static enum fault run_usual(struct vault_session *s, const struct vault_action *act,
			    struct problem *p)
{
	struct vault_stamp stamp;
	enum fault f = vault_store_stamp(s->path, &stamp);
	if (f == FAULT_VAULT_MISSING) { /* told before anything is asked */
		return problem_set(
			p, f,
			"There is no vault file at this place; 'pagepost vault init' makes one.");
	}
	f = vault_session_key(s, p);
	if (f == FAULT_NONE) {
		f = vault_session_half(s, p);
	}
	if (f == FAULT_NONE && act->ask != NULL) {
		f = act->ask(s, p);
	}
	if (f == FAULT_NONE && act->way == WAY_CHANGES) {
		f = vault_session_lock(s, p);
	}
	if (f == FAULT_NONE) {
		f = vault_session_open(s, p);
	}
	if (f == FAULT_NONE) {
		f = act->run(s, p);
	}
	return f == FAULT_NONE && act->way == WAY_CHANGES ? vault_session_save(s, p) : f;
}

/* As the keeper tells of what it changes. */
static void log_change(const struct vault_session *s, const struct vault_action *act)
{
	struct slice tenant = vault_session_option(s, OPTION_TENANT);
	if (s->changed.len > 0) {
		tenant = s->changed;
	} else if (strcmp(act->first, "tenant") == 0) {
		tenant = slice_of_text(s->name);
	}
	event_log(
		EVENT_KEEPER_REQUEST,
		EVENT_TEXT("tenant", tenant.len > 0 ? tenant : SLICE_LIT("-")),
		EVENT_TEXT("kind", slice_of_text(act->second != NULL ? act->first : "vault")),
		EVENT_TEXT("change", slice_of_text(act->second != NULL ? act->second : act->first)),
		EVENT_TEXT("by", SLICE_LIT("command-line")));
}

static int code_of(enum fault f)
{
	bool is_mistake = f == FAULT_BAD_RECORD || f == FAULT_BAD_FIELD || f == FAULT_BAD_ADDRESS;
	return is_mistake ? EXIT_USAGE : EXIT_VAULT;
}

static int run(struct vault_session *s, const struct vault_action *act)
{
	struct problem p = {0};
	enum fault f = act->way == WAY_OWN ? act->run(s, &p) : run_usual(s, act, &p);
	if (f == FAULT_KEY_HALF && s->half == NULL) {
		problem_add(&p, " It is given by --half-file FILE.");
	}
	if (f != FAULT_NONE) {
		p.fault = f;
		return command_problem(s->command, code_of(f), &p);
	}
	if (act->way == WAY_CHANGES || act->run == vault_tenant_import ||
	    act->run == vault_restore || act->run == vault_edit_settings) {
		log_change(s, act);
	}
	if (act->after != NULL) {
		act->after(s);
	}
	return s->exit_code;
}

static int run_asked(struct vault_session *s, struct vault_asked *asked)
{
	const struct vault_action *act = vault_options_find(asked, s);
	if (act == NULL) {
		return EXIT_USAGE;
	}
	int code = vault_options_check(act, s);
	if (code == EXIT_DONE && s->settings_file != NULL) {
		code = take_settings(s);
	}
	if (code != EXIT_DONE) {
		return code;
	}
	if (s->path == NULL) {
		return vault_options_refuse(s, "the vault must be named by -c FILE or --vault FILE",
					    "");
	}
	return run(s, act);
}

int command_vault(int argc, char **argv)
{
	struct vault_asked asked = {0};
	struct vault_session s;
	vault_session_init(&s);
	event_start(STDERR_FILENO, SLICE_LIT("command"));
	int code = vault_options_read(argc, argv, &s, &asked);
	if (code == EXIT_DONE && asked.help) {
		vault_options_usage(stdout, s.command);
	} else if (code == EXIT_DONE) {
		code = run_asked(&s, &asked);
	}
	vault_session_close(&s);
	return code;
}

/* The same actions, by the first of their words. */

int command_tenant(int argc, char **argv)
{
	return command_vault(argc, argv);
}

int command_server(int argc, char **argv)
{
	return command_vault(argc, argv);
}

int command_token(int argc, char **argv)
{
	return command_vault(argc, argv);
}

int command_settings(int argc, char **argv)
{
	return command_vault(argc, argv);
}

int command_policy(int argc, char **argv)
{
	return command_vault(argc, argv);
}

int command_aws(int argc, char **argv)
{
	return command_vault(argc, argv);
}
