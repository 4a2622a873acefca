/*
 * NAME     table - jobs in flight and, for a while after their end, their answers
 * OWNS     copies of what it is given; answers are wiped when they expire. Memory only
 * LIMITS   `entries` jobs, `bytes` of answers beside the newest one; when it is full the oldest ended one makes
 *          room. `retained_ms` after the end
 * FAULTS   BUSY when every entry is in flight, CONFLICT for a repeated key with another body,
 *          NO_MEMORY
 * THREADS  safe from any thread
 */
#ifndef SPOOL_FREE_JOB_TABLE_H
#define SPOOL_FREE_JOB_TABLE_H

#include "spool-free/base/buf.h"
#include "spool-free/base/instant.h"
#include "spool-free/base/uuid.h"

struct job_table;

enum job_state {
	JOB_STATE_QUEUED,
	JOB_STATE_RENDERING,
	JOB_STATE_SENDING,
	JOB_STATE_WAITING, /* for its turn, or for another attempt */
	JOB_STATE_DONE,	   /* the upstream answered for every recipient */
	JOB_STATE_FAULT,   /* we could not */
};

enum { JOB_KEY_HASH = 32 };

struct job_table_params {
	size_t entries;
	size_t bytes;
	uint64_t retained_ms;
};

/* A job as it comes in. With a key, `key_hash` covers tenant and key, `body_hash` the request's
 * body. */
struct job_ticket {
	struct uuid id;
	struct slice tenant;
	bool has_key;
	unsigned char key_hash[JOB_KEY_HASH];
	unsigned char body_hash[JOB_KEY_HASH];
};

/* What the table tells of a job. */
struct job_view {
	struct uuid id;
	enum job_state state;
	struct civil eta; /* about when it goes on; ms 0: not known */
	int status;	  /* HTTP status of the answer; 0 while it is in flight */
};

MUST_USE enum fault job_table_new(const struct job_table_params *params,
				  struct job_table **out_table);
void job_table_free(struct job_table **t);

/*
 * Enters a job, or finds the one that came before with the same key and body: then `*out_repeated`
 * is true, `out_first` tells of the first one and `answer` gets its answer (empty while it is in
 * flight).
 */
MUST_USE enum fault job_table_enter(struct job_table *t, const struct job_ticket *ticket,
				    struct instant now, bool *out_repeated,
				    struct job_view *out_first, struct buf *answer);
void job_table_set_state(struct job_table *t, const struct uuid *id, enum job_state state);
void job_table_set_waiting(struct job_table *t, const struct uuid *id, struct civil eta);
/*
 * The end: `answer` is copied and kept with its status. Without memory for it the entry is dropped. After a fault
 * (nothing was sent) the key is free: the next job with it is tried anew.
 */
void job_table_end(struct job_table *t, const struct uuid *id, enum job_state state, int status,
		   struct slice answer, struct instant now);
/* NOT_FOUND for an unknown, expired or another tenant's job: no difference shows. */
MUST_USE enum fault job_table_find(struct job_table *t, const struct uuid *id, struct slice tenant,
				   struct job_view *out_view, struct buf *answer);

/* An answer goes before its time. NOT_FOUND also while the job is in flight. */
MUST_USE enum fault job_table_forget(struct job_table *t, const struct uuid *id);
void job_table_expire(struct job_table *t, struct instant now);
size_t job_table_in_flight(struct job_table *t);

#endif
