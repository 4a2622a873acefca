#include "spool-free/job/job.h"

#include <stdlib.h>

#include "spool-free/base/wipe.h"

enum fault job_new(size_t arena_limit, struct job **out_job)
{
	struct job *j = calloc(1, sizeof(*j));
	if (j == NULL) {
		return FAULT_NO_MEMORY;
	}
	arena_init(&j->arena, arena_limit);
	*out_job = j;
	return FAULT_NONE;
}

void job_free(struct job **j)
{
	struct job *old = *j;
	if (old == NULL) {
		return;
	}
	secret_free(&old->account.password);
	secret_free(&old->account.token);
	arena_deinit(&old->arena);
	/* Last: the room is free for others only when it is wiped. */
	budget_give_back(&old->lease);
	wipe(old, sizeof(*old));
	free(old);
	*j = NULL;
}

bool job_is_late(const struct job *j, struct instant now)
{
	return instant_is_past(j->deadline, now);
}

size_t job_recipient_count(const struct job *j)
{
	return j->to_count + j->cc_count + j->bcc_count;
}
