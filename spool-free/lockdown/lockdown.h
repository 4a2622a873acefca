/*
 * NAME     lockdown - the confinement of a process, in named steps (design.md, promise 1 and section 4)
 * WHEN     once, before the first thread, after everything was opened that is written to: listeners and the keeper's
 *          socket are bound already, the vault is unsealed, keys and certificates are read
 * AFTER    gateway: no file can be made, changed or removed anywhere, none read but below the folders named here;
 *          no program run, no process made; sockets of IPv4, IPv6, UNIX and routing look-ups only; bind() only for
 *          those look-ups. keeper: files are made and replaced in the vault's folder and its backups' alone; UNIX
 *          sockets only, no connection made. pictures: nothing is read but what is named here, no socket is made, processes are made of
 *          itself only. All: no core, no tracing, no page both writable and executable, none that goes to swap
 * FAULTS   CONFINEMENT when a step failed, or lacks in this kernel and may not; nothing is undone then
 * BOXES    libseccomp (filter.c), Landlock by system call (landlock.c)
 * SEE      landlock(7), seccomp(2), setrlimit(2), PR_SET_DUMPABLE in prctl(2)
 */
#ifndef SPOOL_FREE_LOCKDOWN_LOCKDOWN_H
#define SPOOL_FREE_LOCKDOWN_LOCKDOWN_H

#include "spool-free/base/problem.h"

enum lockdown_role {
	LOCKDOWN_GATEWAY,
	LOCKDOWN_KEEPER,
	LOCKDOWN_PICTURES, /* takes requests for pictures, and makes a process for each */
	LOCKDOWN_PICTURE,  /* such a process: the filter alone, upon that of the one that made it */
};

enum lockdown_step {
	LOCKDOWN_ONE_THREAD, /* what follows binds the calling thread and those it will make */
	LOCKDOWN_NO_NEW_PRIVILEGES,
	LOCKDOWN_NOT_DUMPABLE,
	LOCKDOWN_NO_CORE,
	LOCKDOWN_FILE_SIZE,
	LOCKDOWN_DESCRIPTORS,
	LOCKDOWN_MEMORY,
	LOCKDOWN_LANDLOCK,
	LOCKDOWN_SECCOMP,
	LOCKDOWN_STEP_COUNT
};

enum lockdown_result {
	LOCKDOWN_DONE,
	LOCKDOWN_NOT_NEEDED, /* what it would stop cannot happen here anyway */
	LOCKDOWN_LACKING,    /* this kernel does not have it */
	LOCKDOWN_FAILED,
};

enum { LOCKDOWN_VAULT_BYTES = 256 * 1024 * 1024 /* the keeper's largest file */ };

struct lockdown_params {
	enum lockdown_role role;
	const char *writable_folder; /* the vault's; for the keeper only, NULL otherwise */
	const char *backup_folder; /* the same, where the key ledger's copy is replaced; or NULL */
	const char *socket_folder; /* the keeper's socket is removed from it at the end; or NULL */
	const char *const
		*readable; /* besides the system's own (landlock.c); missing ones are passed over */
	size_t readable_count;
	bool landlock_may_lack;
	bool seccomp_may_lack;
	bool memory_may_lack;
	struct problem *problem; /* gets the sentence of the step that ends it; may be NULL */
};

/* Told after each step, in order; with a step that ends it, that one is the last. */
typedef void lockdown_report_fn(void *ctx, enum lockdown_step step, enum lockdown_result result);

/* `report` may be NULL. */
MUST_USE enum fault lockdown_apply(const struct lockdown_params *p, lockdown_report_fn *report,
				   void *ctx);

/* First thing in a program: closes every descriptor above `last_kept` that was inherited. */
MUST_USE enum fault lockdown_close_above(int last_kept);

struct slice lockdown_step_name(enum lockdown_step s);	   /* no-new-privileges, landlock ... */
struct slice lockdown_result_name(enum lockdown_result r); /* done, not-needed, lacking, failed */

#endif
