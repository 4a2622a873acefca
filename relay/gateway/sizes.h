/*
 * NAME     sizes - how large a message may be, as mail servers said when a job was last sent through them: the next
 *          job for the same server is rendered to fit
 * KEY      tenant and server: the name of a record, or host, port and user of an account that a job brought; hashed
 *          with a salt of the process, so that no tenant can aim at another's place
 * OWNS     its places; sizes_free() frees them
 * LIMIT    SIZES_PLACES; a newer server takes the place of an older one
 * FAULTS   NO_MEMORY, SYSTEM when there is no chance to be had
 * THREADS  safe from any thread, without a lock: a place is one word
 */
#ifndef RELAY_GATEWAY_SIZES_H
#define RELAY_GATEWAY_SIZES_H

#include "spool-free/base/fault.h"
#include "spool-free/job/job.h"

enum { SIZES_PLACES = 1024 };

struct sizes;

MUST_USE enum fault sizes_new(struct sizes **out_sizes);
void sizes_free(struct sizes **s);

/* What the job's server said: bytes; 0 when it named no limit. One of more than a terabyte is none. */
void sizes_keep(struct sizes *s, const struct job *job, uint64_t size);
/* 0: not known, or no limit. */
uint64_t sizes_find(const struct sizes *s, const struct job *job);

#endif
