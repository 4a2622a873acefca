#include "relay/command/vault_options.h"

#include <getopt.h>
#include <string.h>

#include "relay/command/command.h"

enum {
	LONG_FIRST = 1000, /* getopt's number of the first enum vault_option */
	LONG_VAULT = 900,
	LONG_CREDENTIAL,
	LONG_HELP,
};

static const struct option longs[] = {
#define VAULT_OPTION(name, text, value) {text, value, NULL, LONG_FIRST + OPTION_##name},
#include "relay/command/vault_option.def"
#undef VAULT_OPTION
	{"vault", required_argument, NULL, LONG_VAULT},
	{"credential", required_argument, NULL, LONG_CREDENTIAL},
	{"config", required_argument, NULL, 'c'},
	{"help", no_argument, NULL, LONG_HELP},
	{0},
};

const char *vault_option_name(enum vault_option option)
{
	return longs[option].name;
}

bool vault_option_takes_value(enum vault_option option)
{
	return longs[option].has_arg == required_argument;
}

static bool is_vault(const char *command)
{
	return strcmp(command, "vault") == 0;
}

void vault_options_usage(FILE *to, const char *command)
{
	fprintf(to, "usage: pagepost %s ACTION (-c FILE | --vault FILE) [--credential FILE]\n\n",
		command);
	for (const struct vault_action *a = vault_actions; a->first != NULL; a++) {
		if (is_vault(command)) {
			fprintf(to, "  %s%s%s\n", a->second != NULL ? a->first : "",
				a->second != NULL ? " " : "", a->usage);
		} else if (strcmp(a->first, command) == 0) {
			fprintf(to, "  %s\n", a->usage);
		}
	}
	fputs("\nWithout --credential the vault opens by its passphrase: asked for on a terminal, "
	      "else the first\n"
	      "line of standard input. Passwords are never taken from the command line.\n",
	      to);
}

int vault_options_refuse(const struct vault_session *s, const char *sentence, const char *word)
{
	fprintf(stderr, "pagepost %s: %s%s; 'pagepost %s --help' shows what there is.\n",
		s->command, sentence, word, s->command);
	return EXIT_USAGE;
}

static int take_option(struct vault_session *s, unsigned option, const char *value)
{
	if (option >= VAULT_REPEATED_FIRST) {
		struct vault_values *v = &s->values[option - VAULT_REPEATED_FIRST];
		if (v->count == VAULT_VALUES_MAX) {
			return vault_options_refuse(s, "this was given too often: ", value);
		}
		v->at[v->count++] = value;
	}
	s->options[option] = value != NULL ? value : "";
	return EXIT_DONE;
}

static int take_word(struct vault_session *s, struct vault_asked *a, const char *word)
{
	if (a->count == COUNT_OF(a->words)) {
		return vault_options_refuse(s, "there is a word too many: ", word);
	}
	a->words[a->count++] = word;
	return EXIT_DONE;
}

static int take(struct vault_session *s, struct vault_asked *a, int got, char **argv)
{
	switch (got) {
	case 1:
		return take_word(s, a, optarg);
	case 'c':
		s->settings_file = optarg;
		return EXIT_DONE;
	case LONG_VAULT:
		s->path = optarg;
		return EXIT_DONE;
	case LONG_CREDENTIAL:
		s->credential = optarg;
		return EXIT_DONE;
	case 'h':
	case LONG_HELP:
		a->help = true;
		return EXIT_DONE;
	default:
		return got >= LONG_FIRST
			       ? take_option(s, (unsigned)(got - LONG_FIRST), optarg)
			       : vault_options_refuse(s,
						      "this option is unknown or lacks its value: ",
						      argv[optind - 1]);
	}
}

int vault_options_read(int argc, char **argv, struct vault_session *s, struct vault_asked *out)
{
	int got;
	int code = EXIT_DONE;
	const char *space = strrchr(argv[0], ' '); /* "pagepost tenant" */
	s->command = space != NULL ? space + 1 : argv[0];
	if (!is_vault(s->command)) {
		code = take_word(s, out, s->command);
	}
	optind = 0; /* glibc: begin anew, whatever was parsed before */
	opterr = 0;
	/* "-": words come as option 1, wherever they stand. */
	while (code == EXIT_DONE && (got = getopt_long(argc, argv, "-c:h", longs, NULL)) != -1) {
		code = take(s, out, got, argv);
	}
	/* Behind "--" all are words. */
	for (; code == EXIT_DONE && optind < argc; optind++) {
		code = take_word(s, out, argv[optind]);
	}
	return code;
}

static size_t words_of(const struct vault_action *act)
{
	return act->second != NULL ? 2 : 1;
}

static bool fits(const struct vault_action *act, const struct vault_asked *a)
{
	return a->count >= words_of(act) && strcmp(a->words[0], act->first) == 0 &&
	       (act->second == NULL || strcmp(a->words[1], act->second) == 0);
}

static bool is_first(const char *word)
{
	const struct vault_action *act = vault_actions;
	while (act->first != NULL && strcmp(act->first, word) != 0) {
		act++;
	}
	return act->first != NULL;
}

/* The first word may be right, and the second what is wrong or missing. */
static void refuse_action(const struct vault_asked *a, const struct vault_session *s)
{
	size_t at = a->count > 0 && is_first(a->words[0]) ? 1 : 0;
	if (a->count <= at) {
		vault_options_refuse(
			s, at > 0 ? "an action is missing after " : "an action is missing",
			at > 0 ? a->words[0] : "");
		return;
	}
	vault_options_refuse(s, "there is no such action: ", a->words[at]);
}

const struct vault_action *vault_options_find(const struct vault_asked *a, struct vault_session *s)
{
	const struct vault_action *act = vault_actions;
	while (act->first != NULL && !fits(act, a)) {
		act++;
	}
	if (act->first == NULL) {
		refuse_action(a, s);
		return NULL;
	}
	size_t words = words_of(act);
	size_t most = act->name == NAME_MANY ? VAULT_WORDS_MAX : 1;
	if (a->count > words + most) {
		vault_options_refuse(s, "there is a word too many: ", a->words[words + most]);
		return NULL;
	}
	for (size_t i = words; i < a->count; i++) {
		s->words[s->word_count++] = a->words[i];
	}
	s->name = s->word_count > 0 ? s->words[0] : NULL;
	return act;
}

int vault_options_check(const struct vault_action *act, const struct vault_session *s)
{
	for (unsigned i = 0; i < OPTION_COUNT; i++) {
		if (s->options[i] != NULL && (act->allowed & VAULT_BIT(i)) == 0) {
			return vault_options_refuse(s, "this action does not take --",
						    vault_option_name(i));
		}
		if (s->options[i] == NULL && (act->needed & VAULT_BIT(i)) != 0) {
			return vault_options_refuse(s, "this action needs --",
						    vault_option_name(i));
		}
	}
	if ((act->name == NAME_NEEDED || act->name == NAME_MANY) && s->name == NULL) {
		return vault_options_refuse(s,
					    act->name == NAME_MANY
						    ? "at least one KEY=VALUE is missing after "
						    : "a name or file is missing after ",
					    act->second != NULL ? act->second : act->first);
	}
	if (act->name == NAME_NONE && s->name != NULL) {
		return vault_options_refuse(s, "there is a word too many: ", s->name);
	}
	return EXIT_DONE;
}
