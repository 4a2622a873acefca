#include "relay/gateway/tally.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

struct of_tenant {
	_Atomic uint64_t jobs[TALLY_ENDS];
	_Atomic uint64_t bytes;
};

struct of_upstream {
	_Atomic uint64_t messages[TALLY_ENDS];
	_Atomic uint64_t bytes;
};

struct tally {
	_Atomic uint64_t jobs[TALLY_ENDS];
	_Atomic uint64_t faults[FAULT_COUNT];
	_Atomic uint64_t turned_away;
	_Atomic uint64_t recipients[OUTCOME_PARTLY + 1];
	_Atomic uint64_t bytes_read, bytes_sent;
	struct metric_histogram job_time;
	struct metric_histogram stage_times[TALLY_STAGES];
	struct metric_names *tenant_names, *upstream_names;
	struct of_tenant *tenants; /* one more than there are names: the others */
	struct of_upstream *upstreams;
	unsigned tenant_most, upstream_most;
	pthread_mutex_t lock;		       /* of what follows */
	struct tally_fault last[TALLY_FAULTS]; /* the newest first */
	size_t last_count;
};

/* Of jobs: that of an admin's request has no name here. */
static const struct slice stage_names[TALLY_STAGES] = {
	[STAGE_CALLER] = SLICE_INIT("caller"), [STAGE_ADMIT] = SLICE_INIT("admit"),
	[STAGE_ENTER] = SLICE_INIT("enter"),   [STAGE_OPEN] = SLICE_INIT("open"),
	[STAGE_RENDER] = SLICE_INIT("render"), [STAGE_TOKEN] = SLICE_INIT("token"),
	[STAGE_SEND] = SLICE_INIT("send"),     [STAGE_RECEIPT] = SLICE_INIT("receipt"),
	[STAGE_ANSWER] = SLICE_INIT("answer"), [TALLY_STAGE_READ] = SLICE_INIT("read"),
};

/* --- life --- */

enum fault tally_new(unsigned tenants, unsigned upstreams, struct tally **out_tally)
{
	struct tally *made = calloc(1, sizeof(*made));
	if (made == NULL) {
		return FAULT_NO_MEMORY;
	}
	CLEANUP(tally_free) struct tally *t = made;
	pthread_mutex_init(&t->lock, NULL);
	t->tenant_most = tenants;
	t->upstream_most = upstreams + 1; /* and the tenants' */
	t->tenants = calloc(tenants + 1UL, sizeof(t->tenants[0]));
	t->upstreams = calloc(upstreams + 2UL, sizeof(t->upstreams[0]));
	enum fault f = metric_names_new(tenants, &t->tenant_names);
	if (f == FAULT_NONE) {
		f = metric_names_new(t->upstream_most, &t->upstream_names);
	}
	if (f == FAULT_NONE) {
		(void)metric_names_find(t->upstream_names, slice_of_text(TALLY_TENANTS));
	}
	if (f != FAULT_NONE || t->tenants == NULL || t->upstreams == NULL) {
		return FAULT_NO_MEMORY;
	}
	*out_tally = STEAL(t);
	return FAULT_NONE;
}

void tally_free(struct tally **tally)
{
	struct tally *t = *tally;
	if (t == NULL) {
		return;
	}
	*tally = NULL;
	metric_names_free(&t->tenant_names);
	metric_names_free(&t->upstream_names);
	free(t->tenants);
	free(t->upstreams);
	pthread_mutex_destroy(&t->lock);
	free(t);
}

/* --- what happened --- */

static void add(_Atomic uint64_t *to, uint64_t n)
{
	atomic_fetch_add_explicit(to, n, memory_order_relaxed);
}

static uint64_t get(const _Atomic uint64_t *from)
{
	return atomic_load_explicit(from, memory_order_relaxed);
}

void tally_read(struct tally *t, struct slice tenant, uint64_t bytes)
{
	add(&t->bytes_read, bytes);
	add(&t->tenants[metric_names_find(t->tenant_names, tenant)].bytes, bytes);
}

void tally_stage(struct tally *t, unsigned stage, uint64_t us)
{
	metric_observe(&t->stage_times[stage], us);
}

void tally_job(struct tally *t, struct slice tenant, unsigned end, uint64_t us)
{
	add(&t->jobs[end], 1);
	add(&t->tenants[metric_names_find(t->tenant_names, tenant)].jobs[end], 1);
	metric_observe(&t->job_time, us);
}

void tally_recipients(struct tally *t, const struct recipient_outcome *results, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		add(&t->recipients[results[i].outcome], 1);
	}
}

void tally_message(struct tally *t, struct slice upstream, unsigned end, uint64_t bytes)
{
	struct of_upstream *u = &t->upstreams[tally_upstream(t, upstream)];
	add(&t->bytes_sent, bytes);
	add(&u->messages[end], 1);
	add(&u->bytes, bytes);
}

static bool is_same(const struct tally_fault *l, enum fault f, struct slice tenant,
		    struct slice upstream)
{
	return slice_eq(fault_slug(l->fault), fault_slug(f)) &&
	       slice_eq(slice_of(l->tenant, l->tenant_len), tenant) &&
	       slice_eq(slice_of(l->upstream, l->upstream_len), upstream);
}

/* To the front, from where it was, or in place of the oldest one. */
static struct tally_fault *bring_forward(struct tally *t, size_t at)
{
	struct tally_fault moved = t->last[at];
	memmove(&t->last[1], &t->last[0], at * sizeof(t->last[0]));
	t->last[0] = moved;
	return &t->last[0];
}

static void note_fault(struct tally *t, enum fault f, struct slice tenant, struct slice upstream)
{
	size_t at = 0;
	tenant = slice_first(tenant, TALLY_TENANT_MAX);
	upstream = slice_first(upstream, TALLY_LABEL_MAX);
	while (at < t->last_count && !is_same(&t->last[at], f, tenant, upstream)) {
		at++;
	}
	bool is_new = at == t->last_count;
	if (is_new && t->last_count < TALLY_FAULTS) {
		t->last_count++;
	} else if (is_new) {
		at = TALLY_FAULTS - 1;
	}
	struct tally_fault *l = bring_forward(t, at);
	if (is_new) {
		*l = (struct tally_fault){
			.fault = f, .tenant_len = tenant.len, .upstream_len = upstream.len};
		memcpy(l->tenant, tenant.len > 0 ? tenant.ptr : "", tenant.len);
		memcpy(l->upstream, upstream.len > 0 ? upstream.ptr : "", upstream.len);
	}
	l->last = civil_now();
	l->times++;
}

void tally_fault(struct tally *t, enum fault f, struct slice tenant, struct slice upstream)
{
	add(&t->faults[f], 1);
	pthread_mutex_lock(&t->lock);
	note_fault(t, f, tenant, upstream);
	pthread_mutex_unlock(&t->lock);
}

void tally_turned_away(struct tally *t)
{
	add(&t->turned_away, 1);
}

/* --- what is told of it --- */

struct slice tally_end_name(unsigned end)
{
	if (end <= OUTCOME_PARTLY) {
		return outcome_name((enum outcome)end);
	}
	return end == TALLY_FAULT ? SLICE_LIT("fault") : SLICE_LIT("repeated");
}

struct slice tally_stage_name(unsigned stage)
{
	return stage_names[stage];
}

uint64_t tally_jobs(const struct tally *t, unsigned end)
{
	return get(&t->jobs[end]);
}

uint64_t tally_bytes_read(const struct tally *t)
{
	return get(&t->bytes_read);
}

uint64_t tally_bytes_sent(const struct tally *t)
{
	return get(&t->bytes_sent);
}

uint64_t tally_faults(const struct tally *t, enum fault f)
{
	return get(&t->faults[f]);
}

uint64_t tally_all_turned_away(const struct tally *t)
{
	return get(&t->turned_away);
}

/* Some faults are told alike: one of them stands for all. */
static bool is_first_of_slug(enum fault f)
{
	enum fault first = FAULT_NONE + 1;
	while (!slice_eq(fault_slug(first), fault_slug(f))) {
		first++;
	}
	return first == f;
}

/* Each from the start, so that its first time is an increase. */
static void put_faults(const struct tally *t, struct metric_page *p, const uint64_t *refused)
{
	for (enum fault f = FAULT_NONE + 1; f < FAULT_COUNT; f++) {
		const struct slice slug = fault_slug(f);
		uint64_t times = 0;
		for (enum fault g = f; g < FAULT_COUNT; g++) {
			times += slice_eq(fault_slug(g), slug) ? get(&t->faults[g]) + refused[g]
							       : 0;
		}
		if (is_first_of_slug(f)) {
			metric_put(p, METRIC_FAULTS, &slug, times);
		}
	}
}

void tally_put_jobs(struct tally *t, struct metric_page *p, const uint64_t *refused)
{
	struct slice label;
	for (unsigned i = 0; i < TALLY_ENDS; i++) {
		label = tally_end_name(i);
		metric_put(p, METRIC_JOBS, &label, get(&t->jobs[i]));
	}
	put_faults(t, p, refused);
	for (unsigned i = 0; i < OUTCOME_PARTLY; i++) {
		label = outcome_name((enum outcome)i);
		metric_put(p, METRIC_RECIPIENTS, &label, get(&t->recipients[i]));
	}
	metric_put_histogram(p, METRIC_JOB_SECONDS, NULL, &t->job_time);
	for (unsigned i = 0; i < TALLY_STAGES; i++) {
		label = tally_stage_name(i);
		if (label.len > 0) {
			metric_put_histogram(p, METRIC_STAGE_SECONDS, &label, &t->stage_times[i]);
		}
	}
	metric_put(p, METRIC_BYTES_RECEIVED, NULL, get(&t->bytes_read));
	metric_put(p, METRIC_BYTES_SENT, NULL, get(&t->bytes_sent));
}

/* Those that came so far, and the others. */
static bool is_told(unsigned i, unsigned count, unsigned most)
{
	return i < count || i == most;
}

void tally_put_upstreams(struct tally *t, struct metric_page *p)
{
	unsigned count = metric_names_count(t->upstream_names);
	unsigned most = t->upstream_most;
	for (unsigned i = 0; i <= most; i++) {
		if (!is_told(i, count, most)) {
			continue;
		}
		struct slice labels[] = {metric_names_text(t->upstream_names, i), {0}};
		for (unsigned end = 0; end < TALLY_REPEATED; end++) {
			labels[1] = tally_end_name(end);
			metric_put(p, METRIC_UPSTREAM_MESSAGES, labels,
				   get(&t->upstreams[i].messages[end]));
		}
	}
	for (unsigned i = 0; i <= most; i++) {
		if (!is_told(i, count, most)) {
			continue;
		}
		struct slice label = metric_names_text(t->upstream_names, i);
		metric_put(p, METRIC_UPSTREAM_BYTES, &label, get(&t->upstreams[i].bytes));
	}
}

void tally_put_tenants(struct tally *t, struct metric_page *p)
{
	unsigned count = metric_names_count(t->tenant_names);
	unsigned most = t->tenant_most;
	for (unsigned i = 0; i <= most; i++) {
		if (!is_told(i, count, most)) {
			continue;
		}
		struct slice labels[] = {metric_names_text(t->tenant_names, i), {0}};
		for (unsigned end = 0; end < TALLY_ENDS; end++) {
			labels[1] = tally_end_name(end);
			metric_put(p, METRIC_TENANT_JOBS, labels, get(&t->tenants[i].jobs[end]));
		}
	}
	for (unsigned i = 0; i <= most; i++) {
		if (!is_told(i, count, most)) {
			continue;
		}
		struct slice label = metric_names_text(t->tenant_names, i);
		metric_put(p, METRIC_TENANT_BYTES, &label, get(&t->tenants[i].bytes));
	}
}

unsigned tally_upstream(struct tally *t, struct slice label)
{
	return metric_names_find(t->upstream_names, label);
}

unsigned tally_upstream_count(const struct tally *t)
{
	return t->upstream_most + 1;
}

bool tally_upstream_is_known(struct tally *t, unsigned number)
{
	return is_told(number, metric_names_count(t->upstream_names), t->upstream_most);
}

struct slice tally_upstream_text(struct tally *t, unsigned number)
{
	return metric_names_text(t->upstream_names, number);
}

size_t tally_last_faults(struct tally *t, struct tally_fault out_faults[TALLY_FAULTS])
{
	pthread_mutex_lock(&t->lock);
	size_t count = t->last_count;
	memcpy(out_faults, t->last, count * sizeof(t->last[0]));
	pthread_mutex_unlock(&t->lock);
	return count;
}

void tally_faults_add(struct tally_faults *list, enum fault f, uint64_t times, struct civil last)
{
	static const struct slice nobody;
	struct tally_fault made = {.fault = f, .last = last, .times = times};
	size_t from = 0;
	size_t to = 0;
	while (from < list->count && !is_same(&list->of[from], f, nobody, nobody)) {
		from++;
	}
	if (from < list->count) {
		const struct tally_fault *l = &list->of[from];
		made.times += l->times;
		made.last = l->last.ms > last.ms ? l->last : last;
	} else {
		assert(list->count < COUNT_OF(list->of));
		list->count++;
	}
	while (to < from && list->of[to].last.ms >= made.last.ms) {
		to++;
	}
	memmove(&list->of[to + 1], &list->of[to], (from - to) * sizeof(list->of[0]));
	list->of[to] = made;
}
