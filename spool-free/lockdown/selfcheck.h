/*
 * NAME     selfcheck - what a confined process finds out about itself: each attempt of probe.h, and how it stands with
 *          privileges, cores, file sizes and descriptors. Answered by gateway and keeper to `pagepost selfcheck`
 * USE      of a running process: nothing that works is harmed but what is in the folder given
 * FORM     lines, "name value" and "attempt result name", between processes of one version
 * THREADS  binds to the thread that asks: what holds for one that was made after the confinement shows there
 * SEE      design.md section 9
 */
#ifndef SPOOL_FREE_LOCKDOWN_SELFCHECK_H
#define SPOOL_FREE_LOCKDOWN_SELFCHECK_H

#include "spool-free/base/buf.h"
#include "spool-free/lockdown/probe.h"

enum { SELFCHECK_FOLDER_MAX = 200, SELFCHECK_TEXT_MAX = 8192 };

/* How the folder's name begins, so that no other can be meant; and the file in it that the attempts are on. */
#define SELFCHECK_FOLDER "pagepost-selfcheck-"
#define SELFCHECK_VICTIM "/victim"

enum selfcheck_number {
	SELFCHECK_PID,
	SELFCHECK_DUMPABLE,	     /* 0 */
	SELFCHECK_NO_NEW_PRIVILEGES, /* 1 */
	SELFCHECK_SECCOMP,	     /* 2: a filter */
	SELFCHECK_CORE_LIMIT,	     /* 0 */
	SELFCHECK_FILE_LIMIT,	     /* bytes that a file may have; 0 in the gateway */
	SELFCHECK_WRITABLE,	     /* descriptors of files that are open for writing: 0 */
	SELFCHECK_NUMBERS
};

struct selfcheck {
	uint64_t numbers[SELFCHECK_NUMBERS];
	enum probe_result attempts[PROBE_ATTEMPTS];
};

/* `folder`: made for this alone, with the file in it. BAD_FIELD: it is no absolute path, a long one, or of another name. */
MUST_USE enum fault selfcheck_run(struct slice folder, struct selfcheck *out);
/* Of each attempt what is worse. */
void selfcheck_merge(struct selfcheck *into, const struct selfcheck *other);

MUST_USE enum fault selfcheck_write(const struct selfcheck *s, struct buf *into);
MUST_USE enum fault selfcheck_read(struct slice text, struct selfcheck *out); /* MALFORMED */

struct slice selfcheck_number_name(enum selfcheck_number n);

#endif
