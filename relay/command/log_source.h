/*
 * NAME     log_source - where lines of the log come from: a file, standard input, or the journal
 * FOLLOWS  a file as `tail -F` does: to its end, then what is added; anew when it was made shorter or another one has its
 *          name. The journal is read by `journalctl`, a child that ends with this process
 * OWNS     descriptor, child, and the bytes that were read
 * LIMIT    LOG_LINE_MAX bytes a line: a longer one is told as one that is no event
 * FAULTS   NOT_FOUND and SYSTEM with a sentence, NO_MEMORY
 */
#ifndef RELAY_COMMAND_LOG_SOURCE_H
#define RELAY_COMMAND_LOG_SOURCE_H

#include <sys/types.h>

#include "spool-free/base/buf.h"
#include "spool-free/base/problem.h"

struct log_source {
	const char *path; /* of a file; NULL: none */
	bool follows;
	int fd;
	pid_t child;
	struct buf read;
	size_t taken; /* bytes of it that were told */
	bool is_over;
	bool skips;    /* the rest of a line that is too long */
	uint64_t line; /* number of the one told last */
};

struct log_journal {
	const char *program;	    /* journalctl */
	const char *const *matches; /* FIELD=value, NULL at the end */
	const char *since, *until;  /* "@seconds", or NULL */
};

/* "-" is standard input. `from_end`: what is there already is passed over. */
MUST_USE enum fault log_source_open(struct log_source *s, const char *path, bool follows,
				    bool from_end, struct problem *p);
MUST_USE enum fault log_source_open_journal(struct log_source *s, const struct log_journal *j,
					    bool follows, struct problem *p);
void log_source_close(struct log_source *s);

/* The next line, without its end; its bytes may be changed, and stay until the next call. NOT_FOUND: there is no more. */
MUST_USE enum fault log_source_next(struct log_source *s, char **out_bytes, size_t *out_len,
				    struct problem *p);

#endif
