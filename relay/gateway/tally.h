/*
 * NAME     tally - what the gateway did since it started, in numbers; and the last faults
 * HOLDS    sums, ids of tenants and names of the operator's mail servers: nothing of any mail or person
 * LIMIT    so many tenants and upstreams as given, those that come first; the rest is added up as other.
 *          TALLY_FAULTS faults, the newest ones; a fault that comes again is one entry
 * THREADS  safe from any thread
 */
#ifndef RELAY_GATEWAY_TALLY_H
#define RELAY_GATEWAY_TALLY_H

#include "spool-free/base/instant.h"
#include "spool-free/base/metric.h"
#include "spool-free/job/outcome.h"
#include "relay/gateway/stage.h"

struct tally;

/* What all of the tenants' own mail servers are called. */
#define TALLY_TENANTS "tenants"

enum {
	TALLY_FAULTS = 16,
	TALLY_TENANT_MAX = 64,
	TALLY_LABEL_MAX = 264,
};

/* How a job may end. The first ones are outcomes. */
enum tally_end { TALLY_FAULT = OUTCOME_PARTLY + 1, TALLY_REPEATED, TALLY_ENDS };

/* The stages of a flight; and the one in which the body is read. */
enum { TALLY_STAGE_READ = STAGE_COUNT, TALLY_STAGES };

struct tally_fault {
	enum fault fault;
	char tenant[TALLY_TENANT_MAX]; /* may be empty */
	size_t tenant_len;
	char upstream[TALLY_LABEL_MAX]; /* the same */
	size_t upstream_len;
	struct civil last;
	uint64_t times;
};

MUST_USE enum fault tally_new(unsigned tenants, unsigned upstreams, struct tally **out_tally);
void tally_free(struct tally **t);

/* --- what happened --- */

void tally_read(struct tally *t, struct slice tenant, uint64_t bytes); /* the body of a job */
void tally_stage(struct tally *t, unsigned stage, uint64_t us);
/* A job's end. */
void tally_job(struct tally *t, struct slice tenant, unsigned end, uint64_t us);
void tally_recipients(struct tally *t, const struct recipient_outcome *results, size_t count);
void tally_message(struct tally *t, struct slice upstream, unsigned end, uint64_t bytes);
/* Of any request; upstream empty unless it is about one. */
void tally_fault(struct tally *t, enum fault f, struct slice tenant, struct slice upstream);
/* A request that is answered by a fault, and that no job came of. */
void tally_turned_away(struct tally *t);

/* --- what is told of it --- */

struct slice tally_end_name(unsigned end);
struct slice tally_stage_name(unsigned stage);
uint64_t tally_jobs(const struct tally *t, unsigned end);
uint64_t tally_bytes_read(const struct tally *t);
uint64_t tally_bytes_sent(const struct tally *t);
uint64_t tally_faults(const struct tally *t, enum fault f);
uint64_t tally_all_turned_away(const struct tally *t);
/* Jobs, faults, recipients, stages, bytes, tenants and upstreams; `refused` is added to the faults: FAULT_COUNT of them. */
void tally_put_jobs(struct tally *t, struct metric_page *p, const uint64_t *refused);
void tally_put_upstreams(struct tally *t, struct metric_page *p);
void tally_put_tenants(struct tally *t, struct metric_page *p);
/* The number of an upstream's name among those told apart, and its text: the same cap for what is counted elsewhere. */
unsigned tally_upstream(struct tally *t, struct slice label);
unsigned tally_upstream_count(const struct tally *t);		/* numbers there may be */
bool tally_upstream_is_known(struct tally *t, unsigned number); /* so far; the others are */
struct slice tally_upstream_text(struct tally *t, unsigned number);

/* The newest first; how many there are. */
size_t tally_last_faults(struct tally *t, struct tally_fault out_faults[TALLY_FAULTS]);

struct tally_faults {
	size_t count;
	struct tally_fault of[TALLY_FAULTS + FAULT_COUNT];
};

/* A fault of nobody's that was counted elsewhere, to its place in the list; each at most once. */
void tally_faults_add(struct tally_faults *list, enum fault f, uint64_t times, struct civil last);

#endif
