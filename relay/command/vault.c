#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "config/settings/settings.h"
#include "config/vault/commit.h"
#include "relay/command/command.h"
#include "relay/command/command_settings.h"
#include "relay/command/vault_input.h"
#include "relay/command/vault_session.h"

enum {
	LOCK_WAIT_MS = 10 * 1000,
	OPENED_MAX =
		1024 * 1024 *
		1024, /* of all records together, for lists; pages never touched cost nothing */
	LONG_FIRST = 1000, /* getopt's number of the first enum vault_option */
	LONG_VAULT = 900,
	LONG_CREDENTIAL,
	LONG_HELP,
};

/* What is typed besides the key that opens the vault. */
enum asks { ASKS_NOTHING, ASKS_PASSWORD, ASKS_PASSPHRASE, ASKS_CREDENTIAL };
enum names { NAME_NONE, NAME_NEEDED, NAME_MAYBE };

#define BIT(option)  (UINT64_C(1) << (option))
#define FROM(option) (BIT(OPTION_COUNT) - BIT(option)) /* it, and all behind it */
#define LOOKS	     (BIT(OPTION_FROM_NAME) | BIT(OPTION_FROM))
#define TENANT_OPTIONS                                                                             \
	(LOOKS | BIT(OPTION_DEFAULT_SERVER) | BIT(OPTION_SUBJECT_PREFIX) | BIT(OPTION_BUTTON_LABEL))
#define WHOSE (BIT(OPTION_TENANT) | BIT(OPTION_OPERATOR))
#define SERVER_OPTIONS                                                                             \
	(LOOKS | WHOSE | BIT(OPTION_HOST) | BIT(OPTION_PORT) | BIT(OPTION_TLS) |                   \
	 BIT(OPTION_USERNAME) | BIT(OPTION_CA) | FROM(OPTION_PROVIDER))

struct action {
	const char *first;
	const char *second; /* NULL: one word says it all */
	enum names name;
	bool changes;
	enum asks asks;
	uint64_t allowed;
	uint64_t needed;
	vault_action_fn *run; /* NULL: what was typed is all */
	const char *usage;
};

static const struct action actions[] = {
	{"init", NULL, NAME_NONE, true, ASKS_NOTHING, 0, 0, NULL,
	 "init                        make a vault: by passphrase, or by --credential FILE (made "
	 "if missing)"},
	{"tenant", "add", NAME_NEEDED, true, ASKS_NOTHING, TENANT_OPTIONS, 0, vault_tenant_add,
	 "tenant add ID [--default-server NAME] [--from ADDRESS] [--from-name TEXT]\n"
	 "                              [--subject-prefix TEXT] [--button-label TEXT]"},
	{"tenant", "set", NAME_NEEDED, true, ASKS_NOTHING, TENANT_OPTIONS, 0, vault_tenant_set,
	 "tenant set ID ...           the same options; what is not given stays"},
	{"tenant", "list", NAME_NONE, false, ASKS_NOTHING, 0, 0, vault_list_tenants, "tenant list"},
	{"tenant", "remove", NAME_NEEDED, true, ASKS_NOTHING, 0, 0, vault_tenant_remove,
	 "tenant remove ID            with its servers and tokens"},
	{"token", "new", NAME_NONE, true, ASKS_NOTHING, BIT(OPTION_TENANT) | BIT(OPTION_LABEL),
	 BIT(OPTION_TENANT) | BIT(OPTION_LABEL), vault_token_new,
	 "token new --tenant ID --label TEXT\n"
	 "                              prints the token, once"},
	{"token", "list", NAME_NONE, false, ASKS_NOTHING, BIT(OPTION_TENANT), 0, vault_list_tokens,
	 "token list [--tenant ID]"},
	{"token", "revoke", NAME_NEEDED, true, ASKS_NOTHING, 0, 0, vault_token_revoke,
	 "token revoke ID             the first digits of it, as listed"},
	{"server", "put", NAME_MAYBE, true, ASKS_PASSWORD, SERVER_OPTIONS, 0, vault_server_put,
	 "server put (NAME --tenant ID | --operator)\n"
	 "                              --host HOST [--port N] [--tls starttls|implicit] "
	 "[--username USER]\n"
	 "                              [--from ADDRESS] [--from-name TEXT] [--ca FILE] [--pin "
	 "SHA256]...\n"
	 "                              [--profile NAME] [--connections N] [--per-minute N] "
	 "[--per-hour N]\n"
	 "                              [--recipients-per-mail N]\n"
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
	{"server", "list", NAME_NONE, false, ASKS_NOTHING, BIT(OPTION_TENANT), 0,
	 vault_list_servers, "server list [--tenant ID]"},
	{"server", "remove", NAME_MAYBE, true, ASKS_NOTHING, WHOSE, 0, vault_server_remove,
	 "server remove (NAME --tenant ID | --operator)"},
	{"list", NULL, NAME_NONE, false, ASKS_NOTHING, 0, 0, vault_list_all, "list"},
	{"passphrase", "change", NAME_NONE, true, ASKS_PASSPHRASE, 0, 0, NULL,
	 "passphrase change           or add one, when --credential opens the vault"},
	{"credential", "change", NAME_NEEDED, true, ASKS_CREDENTIAL, 0, 0, NULL,
	 "credential change FILE      or add one, when a passphrase opens the vault"},
	{"verify", NULL, NAME_NONE, false, ASKS_NOTHING, 0, 0, vault_verify,
	 "verify                      open every record"},
};

static const struct option longs[] = {
	{"vault", required_argument, NULL, LONG_VAULT},
	{"credential", required_argument, NULL, LONG_CREDENTIAL},
	{"help", no_argument, NULL, LONG_HELP},
	{"tenant", required_argument, NULL, LONG_FIRST + OPTION_TENANT},
	{"label", required_argument, NULL, LONG_FIRST + OPTION_LABEL},
	{"host", required_argument, NULL, LONG_FIRST + OPTION_HOST},
	{"port", required_argument, NULL, LONG_FIRST + OPTION_PORT},
	{"tls", required_argument, NULL, LONG_FIRST + OPTION_TLS},
	{"username", required_argument, NULL, LONG_FIRST + OPTION_USERNAME},
	{"from", required_argument, NULL, LONG_FIRST + OPTION_FROM},
	{"from-name", required_argument, NULL, LONG_FIRST + OPTION_FROM_NAME},
	{"ca", required_argument, NULL, LONG_FIRST + OPTION_CA},
	{"default-server", required_argument, NULL, LONG_FIRST + OPTION_DEFAULT_SERVER},
	{"subject-prefix", required_argument, NULL, LONG_FIRST + OPTION_SUBJECT_PREFIX},
	{"button-label", required_argument, NULL, LONG_FIRST + OPTION_BUTTON_LABEL},
	{"operator", no_argument, NULL, LONG_FIRST + OPTION_OPERATOR},
	{"provider", required_argument, NULL, LONG_FIRST + OPTION_PROVIDER},
	{"auth", required_argument, NULL, LONG_FIRST + OPTION_AUTH},
	{"oauth-flow", required_argument, NULL, LONG_FIRST + OPTION_OAUTH_FLOW},
	{"oauth-token-url", required_argument, NULL, LONG_FIRST + OPTION_OAUTH_TOKEN_URL},
	{"oauth-client-id", required_argument, NULL, LONG_FIRST + OPTION_OAUTH_CLIENT_ID},
	{"oauth-scope", required_argument, NULL, LONG_FIRST + OPTION_OAUTH_SCOPE},
	{"oauth-secret-file", required_argument, NULL, LONG_FIRST + OPTION_OAUTH_SECRET_FILE},
	{"oauth-refresh-file", required_argument, NULL, LONG_FIRST + OPTION_OAUTH_REFRESH_FILE},
	{"oauth-key-file", required_argument, NULL, LONG_FIRST + OPTION_OAUTH_KEY_FILE},
	{"oauth-google-file", required_argument, NULL, LONG_FIRST + OPTION_OAUTH_GOOGLE_FILE},
	{"tenant-id", required_argument, NULL, LONG_FIRST + OPTION_TENANT_ID},
	{"profile", required_argument, NULL, LONG_FIRST + OPTION_PROFILE},
	{"connections", required_argument, NULL, LONG_FIRST + OPTION_CONNECTIONS},
	{"per-minute", required_argument, NULL, LONG_FIRST + OPTION_PER_MINUTE},
	{"per-hour", required_argument, NULL, LONG_FIRST + OPTION_PER_HOUR},
	{"recipients-per-mail", required_argument, NULL, LONG_FIRST + OPTION_RECIPIENTS},
	{"pin", required_argument, NULL, LONG_FIRST + OPTION_PIN},
	{"dkim-domain", required_argument, NULL, LONG_FIRST + OPTION_DKIM_DOMAIN},
	{"dkim-selector", required_argument, NULL, LONG_FIRST + OPTION_DKIM_SELECTOR},
	{"dkim-key-file", required_argument, NULL, LONG_FIRST + OPTION_DKIM_KEY_FILE},
	{0},
};

static void print_usage(FILE *to)
{
	fputs("usage: pagepost vault ACTION (-c FILE | --vault FILE) [--credential FILE]\n\n", to);
	for (size_t i = 0; i < COUNT_OF(actions); i++) {
		fprintf(to, "  %s\n", actions[i].usage);
	}
	fputs("\nWithout --credential the vault opens by its passphrase: asked for on a terminal, "
	      "else the first\n"
	      "line of standard input. Passwords are never taken from the command line.\n",
	      to);
}

static int refuse_usage(const char *sentence, const char *word)
{
	fprintf(stderr, "pagepost vault: %s%s; 'pagepost vault --help' shows what there is.\n",
		sentence, word);
	return EXIT_USAGE;
}

void vault_session_init(struct vault_session *s)
{
	*s = (struct vault_session){.lock = -1};
	arena_init(&s->arena, OPENED_MAX);
}

void vault_session_close(struct vault_session *s)
{
	vault_free(&s->vault);
	vault_store_unlock(&s->lock);
	secret_free(&s->key);
	secret_free(&s->typed);
	secret_free(&s->refresh);
	arena_deinit(&s->arena);
}

/* --- the command line ------------------------------------------------------------------------------ */

struct asked {
	const char *words[3];
	size_t count;
	const char *settings_file;
	bool help;
};

static int take_option(struct vault_session *s, int option, const char *value)
{
	if (option >= OPTION_PIN) {
		struct vault_values *v = &s->values[option - OPTION_PIN];
		if (v->count == VAULT_VALUES_MAX) {
			return refuse_usage("this was given too often: ", value);
		}
		v->at[v->count++] = value;
	}
	s->options[option] = value != NULL ? value : "";
	return EXIT_DONE;
}

static int read_options(int argc, char **argv, struct vault_session *s, struct asked *out)
{
	int got;
	optind = 0; /* glibc: begin anew, whatever was parsed before */
	opterr = 0;
	/* "-": words come as option 1, wherever they stand. */
	while ((got = getopt_long(argc, argv, "-c:h", longs, NULL)) != -1) {
		if (got == 1) {
			if (out->count == COUNT_OF(out->words)) {
				return refuse_usage("there is a word too many: ", optarg);
			}
			out->words[out->count++] = optarg;
		} else if (got == 'c') {
			out->settings_file = optarg;
		} else if (got == LONG_VAULT) {
			s->path = optarg;
		} else if (got == LONG_CREDENTIAL) {
			s->credential = optarg;
		} else if (got == LONG_HELP || got == 'h') {
			out->help = true;
		} else if (got >= LONG_FIRST) {
			int code = take_option(s, got - LONG_FIRST, optarg);
			if (code != EXIT_DONE) {
				return code;
			}
		} else {
			return refuse_usage("this option is unknown or lacks its value: ",
					    argv[optind - 1]);
		}
	}
	return EXIT_DONE;
}

static const struct action *find_action(struct asked *a, struct vault_session *s)
{
	for (size_t i = 0; i < COUNT_OF(actions); i++) {
		size_t words = actions[i].second != NULL ? 2 : 1;
		if (a->count < words || strcmp(a->words[0], actions[i].first) != 0 ||
		    (words == 2 && strcmp(a->words[1], actions[i].second) != 0)) {
			continue;
		}
		s->name = a->count > words ? a->words[words] : NULL;
		return a->count > words + 1 ? NULL : &actions[i];
	}
	return NULL;
}

static const char *option_name(unsigned option)
{
	for (size_t i = 0; longs[i].name != NULL; i++) {
		if (longs[i].val == LONG_FIRST + (int)option) {
			return longs[i].name;
		}
	}
	return "";
}

static int check_options(const struct action *act, const struct vault_session *s)
{
	for (unsigned i = 0; i < OPTION_COUNT; i++) {
		if (s->options[i] != NULL && (act->allowed & BIT(i)) == 0) {
			return refuse_usage("this action does not take --", option_name(i));
		}
		if (s->options[i] == NULL && (act->needed & BIT(i)) != 0) {
			return refuse_usage("this action needs --", option_name(i));
		}
	}
	if (act->name == NAME_NEEDED && s->name == NULL) {
		return refuse_usage("a name is missing after ", act->second);
	}
	if (act->name == NAME_NONE && s->name != NULL) {
		return refuse_usage("there is a word too many: ", s->name);
	}
	return EXIT_DONE;
}

/* The settings file names what the command line does not; its texts go into the session's arena. */
static int take_settings(const char *file, struct vault_session *s)
{
	struct settings *settings;
	struct slice path = {0};
	struct slice credential = {0};
	int code = command_settings("vault", file, &settings);
	if (code != EXIT_DONE) {
		return code;
	}
	struct slice vault_parts[] = {slice_of_text(settings->vault.file), slice_of("", 1)};
	struct slice key_parts[] = {slice_of_text(settings->vault.credential), slice_of("", 1)};
	enum fault f = arena_join(&s->arena, vault_parts, 2, &path);
	if (f == FAULT_NONE) {
		f = arena_join(&s->arena, key_parts, 2, &credential);
	}
	settings_free(&settings);
	if (f != FAULT_NONE) {
		return command_fail("vault", EXIT_CANNOT_RUN, "there is not enough memory.");
	}
	if (s->path == NULL) {
		s->path = path.ptr;
	}
	if (s->credential == NULL && credential.len > 1) {
		s->credential = credential.ptr;
	}
	return EXIT_DONE;
}

/* --- running an action ----------------------------------------------------------------------------- */

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

static enum fault read_typed(struct vault_session *s, const struct action *act, struct problem *p)
{
	switch (act->asks) {
	case ASKS_NOTHING:
		break;
	case ASKS_PASSWORD:
		return vault_server_ask(s, p);
	case ASKS_PASSPHRASE:
		return vault_input_new_passphrase(&s->typed, p);
	case ASKS_CREDENTIAL:
		return vault_input_new_credential(s->name, &s->typed, p);
	}
	return FAULT_NONE;
}

static enum fault open_vault(struct vault_session *s, struct problem *p)
{
	struct commit_stamp stamp;
	return commit_load(s->path, &s->unlock, &s->vault, &stamp, p);
}

static enum fault init_vault(struct vault_session *s, struct problem *p)
{
	struct vault_stamp stamp;
	if (vault_store_stamp(s->path, &stamp) == FAULT_NONE) {
		return problem_set(
			p, FAULT_VAULT_EXISTS,
			"There is a vault file at this place already; it was left as it is.");
	}
	enum fault f = read_key(s, true, p);
	if (f == FAULT_NONE) {
		f = vault_store_lock(s->path, LOCK_WAIT_MS, &s->lock, p);
	}
	if (f == FAULT_NONE) {
		f = vault_create(&s->unlock, vault_kdf_usual, &s->vault, p);
	}
	return f == FAULT_NONE ? commit_save(s->path, s->vault, true, NULL, p) : f;
}

static enum fault set_slot(struct vault_session *s, enum asks asks, struct problem *p)
{
	struct vault_unlock fresh = {.bytes = s->typed};
	fresh.kind = asks == ASKS_PASSPHRASE ? VAULT_PASSPHRASE : VAULT_CREDENTIAL;
	return vault_set_slot(s->vault, &fresh, vault_kdf_usual, p);
}

static enum fault run(struct vault_session *s, const struct action *act, struct problem *p)
{
	struct vault_stamp stamp;
	enum fault f = vault_store_stamp(s->path, &stamp);
	if (f == FAULT_VAULT_MISSING) { /* told before anything is asked */
		return problem_set(
			p, f,
			"There is no vault file at this place; 'pagepost vault init' makes one.");
	}
	f = read_key(s, false, p);
	if (f == FAULT_NONE) {
		f = read_typed(s, act, p);
	}
	if (f == FAULT_NONE && act->changes) {
		f = vault_store_lock(s->path, LOCK_WAIT_MS, &s->lock, p);
	}
	if (f == FAULT_NONE) {
		f = open_vault(s, p);
	}
	if (f == FAULT_NONE) {
		f = act->run != NULL ? act->run(s, p) : set_slot(s, act->asks, p);
	}
	return f == FAULT_NONE && act->changes ? commit_save(s->path, s->vault, false, NULL, p) : f;
}

static void print_token(const struct vault_session *s)
{
	struct slice token = secret_view(s->typed);
	fflush(stdout);
	/* Past stdio, whose buffer would keep a copy. */
	if (write(STDOUT_FILENO, token.ptr, token.len) == (ssize_t)token.len) {
		fputs("\n", stdout);
	}
}

static int code_of(enum fault f)
{
	bool is_mistake = f == FAULT_BAD_RECORD || f == FAULT_BAD_FIELD || f == FAULT_BAD_ADDRESS;
	return is_mistake ? EXIT_USAGE : EXIT_VAULT;
}

static int run_asked(struct vault_session *s, struct asked *asked)
{
	struct problem p = {0};
	const struct action *act = find_action(asked, s);
	if (act == NULL) {
		return refuse_usage("there is no such action: ",
				    asked->count > 0 ? asked->words[0] : "(none was given)");
	}
	int code = check_options(act, s);
	if (code == EXIT_DONE && asked->settings_file != NULL) {
		code = take_settings(asked->settings_file, s);
	}
	if (code != EXIT_DONE) {
		return code;
	}
	if (s->path == NULL) {
		return refuse_usage("the vault must be named by -c FILE or --vault FILE", "");
	}
	bool is_init = act == &actions[0];
	enum fault f = is_init ? init_vault(s, &p) : run(s, act, &p);
	if (f != FAULT_NONE) {
		p.fault = f;
		return command_problem("vault", code_of(f), &p);
	}
	if (act->run == vault_token_new) {
		print_token(s);
	}
	if (act->run == vault_tenant_remove) {
		fprintf(stderr,
			"pagepost vault: the tenant and its records (%zu in all) were shredded; no "
			"backup opens them any more.\n",
			s->shredded);
	}
	return EXIT_DONE;
}

int command_vault(int argc, char **argv)
{
	struct asked asked = {0};
	struct vault_session s;
	vault_session_init(&s);
	int code = read_options(argc, argv, &s, &asked);
	if (code == EXIT_DONE && asked.help) {
		print_usage(stdout);
	} else if (code == EXIT_DONE) {
		code = run_asked(&s, &asked);
	}
	vault_session_close(&s);
	return code;
}
