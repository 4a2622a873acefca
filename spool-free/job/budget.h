/*
 * NAME     budget - how much memory jobs may hold: all together, and one tenant's share
 * LIMITS   design.md section 11: 512 MiB in all, at most half of it one tenant's; 1,024 jobs, at most half one tenant's
 * THREADS  safe from any thread
 */
#ifndef SPOOL_FREE_JOB_BUDGET_H
#define SPOOL_FREE_JOB_BUDGET_H

#include "spool-free/base/fault.h"
#include "spool-free/base/slice.h"

struct budget;

struct budget_params {
	size_t bytes;	     /* of all jobs in flight */
	size_t tenant_bytes; /* of one tenant's */
	unsigned jobs;
	unsigned tenant_jobs;
};

struct budget_use {
	size_t bytes;
	unsigned jobs;
};

/* What one job holds; all-zero is none. */
struct budget_lease {
	struct budget *from;
	size_t bytes;
	unsigned tenant_slot;
};

MUST_USE enum fault budget_new(const struct budget_params *params, struct budget **out_budget);
void budget_free(struct budget **b);

/* FAULT_BUSY when it would go over; nothing is held then. */
MUST_USE enum fault budget_take(struct budget *b, struct slice tenant, size_t bytes,
				struct budget_lease *out_lease);
MUST_USE enum fault budget_grow(struct budget_lease *lease, size_t more);
void budget_shrink(struct budget_lease *lease,
		   size_t to);			   /* no less is held if it holds less already */
void budget_give_back(struct budget_lease *lease); /* may be called twice */

struct budget_use budget_in_use(struct budget *b);
struct budget_use budget_most(const struct budget *b); /* of all jobs together */

#endif
