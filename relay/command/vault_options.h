/*
 * NAME     vault_options - the command line of `pagepost vault` and its kin: words to an action, options that it takes
 * RULE     an action is one row of the table in vault.c; usage, checks and completion follow from it
 * RETURNS  an exit code; what is wrong is said on standard error
 */
#ifndef RELAY_COMMAND_VAULT_OPTIONS_H
#define RELAY_COMMAND_VAULT_OPTIONS_H

#include <stdio.h>

#include "relay/command/vault_session.h"

#define VAULT_BIT(option) (UINT64_C(1) << (option))
/* That option, and all behind it. */
#define VAULT_FROM(option) (VAULT_BIT(OPTION_COUNT) - VAULT_BIT(option))

enum vault_names { NAME_NONE, NAME_NEEDED, NAME_MAYBE, NAME_MANY };

enum vault_way {
	WAY_READS,   /* opened, shown */
	WAY_CHANGES, /* locked, opened, changed, saved */
	WAY_OWN,     /* it does all by itself */
};

struct vault_action {
	const char *first;
	const char *second; /* NULL: one word says it all */
	enum vault_names name;
	enum vault_way way;
	uint64_t allowed;
	uint64_t needed;
	vault_action_fn *ask; /* what is typed; NULL: nothing */
	vault_action_fn *run;
	void (*after)(const struct vault_session *s); /* told once it is saved; NULL: nothing */
	const char *usage;			      /* behind the first word */
};

/* Ends with a row whose `first` is NULL. */
extern const struct vault_action vault_actions[];

struct vault_asked {
	const char *words[VAULT_WORDS_MAX + 2];
	size_t count;
	bool help;
};

/* `argv[0]` is the command: "vault", or the first word of its actions. */
int vault_options_read(int argc, char **argv, struct vault_session *s, struct vault_asked *out);
/* NULL after it was said that there is none. */
const struct vault_action *vault_options_find(const struct vault_asked *a, struct vault_session *s);
int vault_options_check(const struct vault_action *act, const struct vault_session *s);
int vault_options_refuse(const struct vault_session *s, const char *sentence, const char *word);
void vault_options_usage(FILE *to, const char *command);

/* For completion: the option's name as typed, and whether a value follows. */
const char *vault_option_name(enum vault_option option);
bool vault_option_takes_value(enum vault_option option);

#endif
