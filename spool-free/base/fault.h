/*
 * NAME     fault - why *we* could not finish; a relay's "no" is an outcome, not a fault
 * TABLE    fault.def: a new fault is one row there
 * SEE      RFC 9457 for what an answer makes of it
 */
#ifndef SPOOL_FREE_BASE_FAULT_H
#define SPOOL_FREE_BASE_FAULT_H

#include "spool-free/base/slice.h"

enum fault {
	FAULT_NONE = 0,
#define FAULT(name, status, slug, owner, title) FAULT_##name,
#include "spool-free/base/fault.def"
#undef FAULT
	FAULT_COUNT
};

/* Whose it is to mend. */
enum fault_owner {
	FAULT_OWNER_CALLER,
	FAULT_OWNER_ADMIN,
	FAULT_OWNER_OPERATOR,
	FAULT_OWNER_UPSTREAM
};

int fault_status(enum fault f);		/* the HTTP status of an answer that reports it */
struct slice fault_slug(enum fault f);	/* stable name: the end of the problem's type URI */
struct slice fault_title(enum fault f); /* one sentence */
enum fault_owner fault_owner(enum fault f);
struct slice fault_owner_name(enum fault f); /* caller, admin, operator, upstream */

#endif
