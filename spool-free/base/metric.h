/*
 * NAME     metric - the numbers a gateway tells: histograms, names of a bounded number, and the page in Prometheus' text
 * TABLE    metric.def; no number is told that has no row there
 * RULE     a label's value is a fixed word, a tenant's id or an operator's server; never user data
 * SEE      Prometheus, "Exposition formats", text format 0.0.4; "Metric and label naming"
 * THREADS  histograms and names: safe from any thread. A page: one owner
 */
#ifndef SPOOL_FREE_BASE_METRIC_H
#define SPOOL_FREE_BASE_METRIC_H

#include <stdatomic.h>

#include "spool-free/base/buf.h"

enum metric {
#define METRIC(name, kind, text, labels, meaning) METRIC_##name,
#include "spool-free/base/metric.def"
#undef METRIC
	METRIC_COUNT
};

enum { METRIC_LABELS_MAX = 2, METRIC_BUCKETS = 17 };

/* --- histograms --- */

/* All-zero is a valid empty one. */
struct metric_histogram {
	_Atomic uint64_t
		buckets[METRIC_BUCKETS + 1]; /* each by itself; the last one takes all above */
	_Atomic uint64_t sum_us;
};

void metric_observe(struct metric_histogram *h, uint64_t us);

/* --- names --- */

struct metric_names;

/* At most `most` names are told apart, those that come first. */
MUST_USE enum fault metric_names_new(unsigned most, struct metric_names **out_names);
void metric_names_free(struct metric_names **n);
/* Below `most` the name's own number, the same each time; `most` itself: it is one of the others. */
unsigned metric_names_find(struct metric_names *n, struct slice name);
unsigned metric_names_count(struct metric_names *n);
/* "other" for `most`. Valid as long as the names are. */
struct slice metric_names_text(struct metric_names *n, unsigned number);

/* --- the page --- */

struct metric_page {
	struct buf *into;
	enum fault fault; /* the first one of the buf; what follows is not written */
	enum metric now;
	bool has_begun;
};

void metric_page_init(struct metric_page *p, struct buf *into);
/*
 * One sample. `labels` are as many as the row has; NULL when it has none. All samples of a metric come one after the
 * other.
 */
void metric_put(struct metric_page *p, enum metric m, const struct slice *labels, uint64_t value);
/* The same in seconds, of microseconds. */
void metric_put_us(struct metric_page *p, enum metric m, const struct slice *labels, uint64_t us);
void metric_put_histogram(struct metric_page *p, enum metric m, const struct slice *labels,
			  const struct metric_histogram *h);

#endif
