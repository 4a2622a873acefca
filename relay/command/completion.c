#include <stdio.h>
#include <string.h>

#include "config/vault/assign.h"
#include "relay/command/command.h"
#include "relay/command/vault_options.h"

/* What bash completes, from the tables of commands, actions and options (bash(1), "Programmable Completion"). */

static const char *const commands[] = {
#define COMMAND(name, what) #name,
#include "relay/command/commands.def"
#undef COMMAND
};

/* Whatever follows names a file or a folder. */
static const char *const file_options[] = {
	"--vault",
	"--credential",
	"--config",
	"-c",
	"--half-file",
	"--output",
	"--to",
	"--ca",
	"--oauth-secret-file",
	"--oauth-refresh-file",
	"--oauth-key-file",
	"--oauth-google-file",
	"--dkim-key-file",
	"--socket",
	"--receipt",
	"--key",
	"--message",
	"--token-file",
};

static const struct {
	const char *option;
	const char *words;
} choices[] = {
	{"--tls", "starttls implicit"},
	{"--scope", "send admin send-admin"},
	{"--auth", "password oauth"},
	{"--operator-server", "yes no"},
#define PROFILE(name, ...) name " "
	{
		"--profile",
#include "relay/smtp/profile.def"
	},
#undef PROFILE
	{"--provider", "microsoft365 google"},
	{"--oauth-flow", "client-credentials service-account refresh-token"},
	{"--outcome", "delivered deferred refused uncertain untried partly"},
	{"--level", "info warning error"},
#define EVENT(name, level, text, ...) text " "
	{
		"--event",
#include "spool-free/base/event.def"
	},
#undef EVENT
#define FAULT(name, status, slug, ...) slug " "
	{
		"--fault",
#include "spool-free/base/fault.def"
	},
#undef FAULT
#define FIELD(key, ...) #key " "
	{
		"--count",
#include "spool-free/base/event_field.def"
	},
#undef FIELD
};

/* Commands that are none of the vault's, and what they take besides files. */
static const struct {
	const char *command;
	const char *words;
} others[] = {
	{"log",
	 "--tenant --upstream --outcome --fault --event --job --level --since --until --find "
	 "--count --follow --json --config --help"},
	{"status", "--once --every --json --socket --config --help"},
	{"pause", "--all --tenant --upstream --for --reason --json --config --help"},
	{"resume", "--all --tenant --upstream --json --config --help"},
	{"pauses", "--json --config --help"},
	{"debug", "--tenant --minutes --off --url --token-file --ca --json --config --help"},
	{"receipt", "--key --message --json --help"},
	{"selfcheck", "--url --ca --token-file --no-mail --json -c --help"},
};

static bool is_first_of(const struct vault_action *act)
{
	for (const struct vault_action *a = vault_actions; a != act; a++) {
		if (strcmp(a->first, act->first) == 0) {
			return false;
		}
	}
	return true;
}

static void put_commands(void)
{
	fputs("words='", stdout);
	for (size_t i = 0; i < COUNT_OF(commands); i++) {
		printf("%s ", commands[i]);
	}
	fputs("--help --version'\n", stdout);
}

/* What may follow `first`, or `vault` when it is NULL. */
static void put_actions(const char *first)
{
	fputs("words='", stdout);
	for (const struct vault_action *a = vault_actions; a->first != NULL; a++) {
		if (first == NULL && is_first_of(a)) {
			printf("%s ", a->first);
		} else if (first != NULL && strcmp(a->first, first) == 0) {
			printf("%s ", a->second);
		}
	}
	fputs("--help'", stdout);
}

static void put_keys(enum vault_kind kind)
{
	fputs("compopt -o nospace; ", stdout);
	fputs("words=' ", stdout);
	for (const struct vault_field *f = vault_fields_of(kind); f->key != NULL; f++) {
		if (vault_assignable(kind, slice_of_text(f->key)) != NULL) {
			printf("%s= ", f->key);
		}
	}
	fputs("'; ", stdout);
}

static void put_options(const struct vault_action *act)
{
	bool has_keys = act->name == NAME_MANY;
	if (has_keys) {
		put_keys(strcmp(act->first, "policy") == 0 ? VAULT_POLICY : VAULT_SETTINGS);
	}
	fputs(has_keys ? "words+='" : "words='", stdout);
	for (unsigned i = 0; i < OPTION_COUNT; i++) {
		if ((act->allowed & VAULT_BIT(i)) != 0) {
			printf("--%s ", vault_option_name(i));
		}
	}
	fputs("--vault --credential --config'", stdout);
}

static void put_cases(void)
{
	for (size_t i = 0; i < COUNT_OF(others); i++) {
		printf("\t'%s '*) words='%s' ;;\n", others[i].command, others[i].words);
	}
	for (const struct vault_action *a = vault_actions; a->first != NULL; a++) {
		if (a->second == NULL) {
			printf("\t'%s '*) ", a->first);
			put_options(a);
			fputs(" ;;\n", stdout);
			continue;
		}
		if (is_first_of(a)) {
			printf("\t'%s ') ", a->first);
			put_actions(a->first);
			fputs(" ;;\n", stdout);
		}
		printf("\t'%s %s') ", a->first, a->second);
		put_options(a);
		fputs(" ;;\n", stdout);
	}
}

static void put_values(void)
{
	fputs("\tcase $prev in\n\t", stdout);
	for (size_t i = 0; i < COUNT_OF(file_options); i++) {
		printf("%s%s", i > 0 ? " | " : "", file_options[i]);
	}
	fputs(") return ;;\n", stdout);
	for (size_t i = 0; i < COUNT_OF(choices); i++) {
		printf("\t%s) mapfile -t COMPREPLY < <(compgen -W '%s' -- \"$cur\"); return ;;\n",
		       choices[i].option, choices[i].words);
	}
	fputs("\tesac\n", stdout);
}

/* Words that are no option and no option's value; `vault` may be left out before an action. */
static void put_said(void)
{
	fputs("\tfor ((i = 1; i < COMP_CWORD; i++)); do\n\t\tcase ${COMP_WORDS[i]} in\n\t\t",
	      stdout);
	for (unsigned i = 0; i < OPTION_COUNT; i++) {
		if (!vault_option_takes_value(i)) {
			printf("--%s | ", vault_option_name(i));
		}
	}
	fputs("--help) ;;\n"
	      "\t\t-*) ((i++)) ;;\n"
	      "\t\t*) said+=(\"${COMP_WORDS[i]}\") ;;\n"
	      "\t\tesac\n\tdone\n"
	      "\tif [[ ${said[0]-} == vault ]]; then\n"
	      "\t\tsaid=(\"${said[@]:1}\")\n\t\t",
	      stdout);
	put_actions(NULL);
	fputs("\n\telse\n\t\t", stdout);
	put_commands();
	fputs("\tfi\n", stdout);
}

static void put_script(void)
{
	fputs("# What bash completes of pagepost; 'pagepost completion' made it from its tables.\n"
	      "_pagepost()\n{\n"
	      "\tlocal cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]} words i\n"
	      "\tlocal said=()\n"
	      "\tCOMPREPLY=()\n",
	      stdout);
	put_values();
	put_said();
	fputs("\tcase \"${said[0]-} ${said[1]-}\" in\n\t' ') ;;\n", stdout);
	put_cases();
	/* Files, for the other commands. */
	fputs("\t*) return ;;\n\tesac\n"
	      "\tmapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$cur\")\n"
	      "}\n"
	      "complete -o bashdefault -o default -F _pagepost pagepost\n",
	      stdout);
}

int command_completion(int argc, char **argv)
{
	bool is_help = argc > 1 && strcmp(argv[1], "--help") == 0;
	if (argc > 1) {
		fputs("usage: pagepost completion\n\nPrints a script for bash; 'make install' puts "
		      "it "
		      "where bash looks for it.\n",
		      is_help ? stdout : stderr);
		return is_help ? EXIT_DONE : EXIT_USAGE;
	}
	put_script();
	return EXIT_DONE;
}
