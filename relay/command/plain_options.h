/*
 * NAME     plain_options - a command line whose options are texts and flags, by a table
 * OWNS     nothing: texts are the command line's
 * LIMIT    PLAIN_OPTIONS_MAX rows
 */
#ifndef RELAY_COMMAND_PLAIN_OPTIONS_H
#define RELAY_COMMAND_PLAIN_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

enum { PLAIN_OPTIONS_MAX = 16 };

enum plain_option_kind {
	PLAIN_TEXT, /* into a const char * */
	PLAIN_FLAG, /* into a bool */
	PLAIN_LAST, /* the same, and nothing behind it is read */
};

struct plain_option {
	const char *name; /* --name, or NULL */
	char letter;	  /* -l, or '\0' */
	enum plain_option_kind kind;
	size_t at; /* of what it goes into, in the struct */
};

/* False when there is one that is none: getopt has said which. Behind it optind is at what is no option. */
bool plain_options_read(int argc, char **argv, const struct plain_option *rows, size_t count,
			void *into);

#endif
