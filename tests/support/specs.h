/*
 * NAME     specs - a job out of JSON that a row of a test holds, read from a block of its exact size
 */
#ifndef TESTS_SUPPORT_SPECS_H
#define TESTS_SUPPORT_SPECS_H

#include "relay/intake/jobspec.h"

struct specs {
	char *bytes; /* the JSON as the parser left it */
	size_t len;
	struct job *job;
	struct problem problem;
	enum fault fault;
};

/* Limits: page body 1,000 bytes, 3 files, 5 recipients. */
void specs_parse(struct specs *s, struct slice json, enum jobspec_form form);
/* The same around `fields`: a good page and a good recipient go before them. */
void specs_parse_with(struct specs *s, struct slice fields, enum jobspec_form form);
void specs_free(struct specs *s);

#endif
