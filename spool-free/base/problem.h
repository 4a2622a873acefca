/*
 * NAME     problem - a fault with one sentence that says what was wrong, where, and what would be right
 * OWNS     its text, in place; a longer one is cut at PROBLEM_MAX
 * RULE     the sentence may name fields, limits, offsets, host-independent facts; never a secret, an
 *          address, a title, a file name or other user data. Text from outside passes through
 *          problem_add_name(), which keeps letters, digits and -_. only
 * SEE      RFC 9457: `detail`
 */
#ifndef SPOOL_FREE_BASE_PROBLEM_H
#define SPOOL_FREE_BASE_PROBLEM_H

#include "spool-free/base/fault.h"
#include "spool-free/base/slice.h"

enum { PROBLEM_MAX = 400 };

struct smtp_cause;

struct problem {
	enum fault fault;
	/* What a mail server meant by the answer behind it (spool-free/job/cause.h); mostly NULL */
	const struct smtp_cause *cause;
	bool is_operators; /* the mail server, or the rule, behind it is the operator's, not a tenant's own */
	size_t len;
	char text[PROBLEM_MAX];
};

/*
 * Starts a new sentence; returns `f` so that a parser can write
 *     return problem_set(p, FAULT_BAD_FIELD, "The field 'to' must be a list.");
 * `p` may be NULL: then only the fault travels.
 */
enum fault problem_set(struct problem *p, enum fault f, const char *literal);
/* The same, with what errno says behind it: "The file cannot be read (Permission denied)."; `literal` has no full stop. */
enum fault problem_set_errno(struct problem *p, enum fault f, const char *literal);
void problem_add(struct problem *p, const char *literal);
void problem_add_number(struct problem *p, uint64_t number);
void problem_add_name(struct problem *p, struct slice name); /* in quotes, at most 64 bytes */

/* A sentence of ours that came from another process of ours. */
void problem_set_text(struct problem *p, enum fault f, struct slice sentence);

/* Whose it is to mend, as fault_owner_name(); of what is the operator's an admin has nothing to mend. */
struct slice problem_owner_name(const struct problem *p);
struct slice problem_text(const struct problem *p); /* the fault's title when nothing was added */

#endif
