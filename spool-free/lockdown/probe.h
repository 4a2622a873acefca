/*
 * NAME     probe - the self-check: tries in earnest what the confinement forbids, and tells what became of each attempt
 * USE      after lockdown_apply(), with a folder and a file in it made for this alone before: in a process that is not
 *          confined the attempts succeed, and harm both
 * SEE      design.md section 9
 */
#ifndef SPOOL_FREE_LOCKDOWN_PROBE_H
#define SPOOL_FREE_LOCKDOWN_PROBE_H

#include "spool-free/base/slice.h"

enum {
	PROBE_ATTEMPTS = 31,
	PROBE_WRITES = 26, /* of them: they would bring something into a file, or change one */
};

enum probe_result {
	PROBE_REFUSED, /* by the confinement: EPERM, EACCES, EFBIG, ENOSYS, EROFS */
	PROBE_CLOSED,  /* EBADF: what is inherited was closed */
	PROBE_DONE,    /* the attempt succeeded */
	PROBE_UNCLEAR, /* it failed for another reason, and proves nothing */
};

struct probe_params {
	const char *folder; /* of its own */
	const char *victim; /* a file of at least one byte in it */
	int inherited; /* a descriptor of the victim that was opened for reading and writing before; -1: none */
};

struct slice probe_name(size_t attempt);
bool probe_is_write(size_t attempt);
struct slice probe_result_name(enum probe_result r); /* refused, closed, done, unclear */
enum probe_result probe_try(size_t attempt, const struct probe_params *p);

#endif
