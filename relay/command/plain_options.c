#include "relay/command/plain_options.h"

#include <assert.h>
#include <getopt.h>

enum { BY_NAME = 256 }; /* and a row's number; below it are letters */

static void make_tables(const struct plain_option *rows, size_t count,
			struct option longs[PLAIN_OPTIONS_MAX + 1],
			char letters[2 * PLAIN_OPTIONS_MAX + 1])
{
	for (size_t i = 0; i < count; i++) {
		bool has_value = rows[i].kind == PLAIN_TEXT;
		if (rows[i].name != NULL) {
			*longs++ = (struct option){.name = rows[i].name,
						   .has_arg = has_value ? required_argument
									: no_argument,
						   .val = BY_NAME + (int)i};
		}
		if (rows[i].letter != '\0') {
			*letters++ = rows[i].letter;
		}
		if (rows[i].letter != '\0' && has_value) {
			*letters++ = ':';
		}
	}
	*longs = (struct option){.name = NULL};
	*letters = '\0';
}

static const struct plain_option *find(const struct plain_option *rows, size_t count, int got)
{
	if (got >= BY_NAME) {
		return &rows[got - BY_NAME];
	}
	for (size_t i = 0; i < count; i++) {
		if (rows[i].letter != '\0' && rows[i].letter == got) {
			return &rows[i];
		}
	}
	return NULL;
}

bool plain_options_read(int argc, char **argv, const struct plain_option *rows, size_t count,
			void *into)
{
	struct option longs[PLAIN_OPTIONS_MAX + 1];
	char letters[2 * PLAIN_OPTIONS_MAX + 1];
	int got;
	assert(count <= PLAIN_OPTIONS_MAX);
	make_tables(rows, count, longs, letters);
	optind = 0; /* glibc: begin anew, whatever was parsed before */
	while ((got = getopt_long(argc, argv, letters, longs, NULL)) != -1) {
		const struct plain_option *row = find(rows, count, got);
		if (row == NULL) {
			return false;
		}
		void *place = (char *)into + row->at;
		if (row->kind == PLAIN_TEXT) {
			*(const char **)place = optarg;
		} else {
			*(bool *)place = true;
		}
		if (row->kind == PLAIN_LAST) {
			break;
		}
	}
	return true;
}
