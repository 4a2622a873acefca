#include "spool-free/base/metric.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

static const struct slice other = SLICE_INIT("other");

enum kind { KIND_COUNTER, KIND_GAUGE, KIND_HISTOGRAM };

static const struct {
	struct slice name;
	enum kind kind;
	struct slice labels;
	struct slice meaning;
} rows[METRIC_COUNT] = {
#define METRIC(name, kind, text, labels, meaning)                                                  \
	[METRIC_##name] = {SLICE_INIT(text), KIND_##kind, SLICE_INIT(labels), SLICE_INIT(meaning)},
#include "spool-free/base/metric.def"
#undef METRIC
};

static const struct slice kind_names[] = {
	[KIND_COUNTER] = SLICE_INIT("counter"),
	[KIND_GAUGE] = SLICE_INIT("gauge"),
	[KIND_HISTOGRAM] = SLICE_INIT("histogram"),
};

/* --- histograms --- */

/* From what a small page takes to render to what a large mail takes through a slow server. */
static const struct {
	uint64_t us;
	struct slice text; /* in seconds */
} bounds[METRIC_BUCKETS] = {
	{100, SLICE_INIT("0.0001")},  {500, SLICE_INIT("0.0005")},    {1000, SLICE_INIT("0.001")},
	{2500, SLICE_INIT("0.0025")}, {5000, SLICE_INIT("0.005")},    {10000, SLICE_INIT("0.01")},
	{25000, SLICE_INIT("0.025")}, {50000, SLICE_INIT("0.05")},    {100000, SLICE_INIT("0.1")},
	{250000, SLICE_INIT("0.25")}, {500000, SLICE_INIT("0.5")},    {1000000, SLICE_INIT("1")},
	{2500000, SLICE_INIT("2.5")}, {5000000, SLICE_INIT("5")},     {10000000, SLICE_INIT("10")},
	{30000000, SLICE_INIT("30")}, {120000000, SLICE_INIT("120")},
};

void metric_observe(struct metric_histogram *h, uint64_t us)
{
	size_t i = 0;
	while (i < METRIC_BUCKETS && us > bounds[i].us) {
		i++;
	}
	atomic_fetch_add_explicit(&h->buckets[i], 1, memory_order_relaxed);
	atomic_fetch_add_explicit(&h->sum_us, us, memory_order_relaxed);
}

/* --- names --- */

struct name {
	char *text;
	size_t len;
};

struct metric_names {
	pthread_mutex_t lock;
	unsigned most;
	unsigned count;
	struct name names[];
};

enum fault metric_names_new(unsigned most, struct metric_names **out_names)
{
	struct metric_names *n = calloc(1, sizeof(*n) + most * sizeof(n->names[0]));
	if (n == NULL) {
		return FAULT_NO_MEMORY;
	}
	n->most = most;
	pthread_mutex_init(&n->lock, NULL);
	*out_names = n;
	return FAULT_NONE;
}

void metric_names_free(struct metric_names **names)
{
	struct metric_names *n = *names;
	if (n == NULL) {
		return;
	}
	*names = NULL;
	for (unsigned i = 0; i < n->count; i++) {
		free(n->names[i].text);
	}
	pthread_mutex_destroy(&n->lock);
	free(n);
}

static unsigned add_name(struct metric_names *n, struct slice name)
{
	char *text = n->count < n->most ? malloc(name.len + 1) : NULL;
	if (text == NULL) {
		return n->most;
	}
	memcpy(text, name.len > 0 ? name.ptr : "", name.len);
	n->names[n->count] = (struct name){.text = text, .len = name.len};
	return n->count++;
}

unsigned metric_names_find(struct metric_names *n, struct slice name)
{
	unsigned i = 0;
	if (slice_eq(name, other)) { /* two samples of one name would be none */
		return n->most;
	}
	pthread_mutex_lock(&n->lock);
	while (i < n->count && !slice_eq(slice_of(n->names[i].text, n->names[i].len), name)) {
		i++;
	}
	if (i == n->count) {
		i = add_name(n, name);
	}
	pthread_mutex_unlock(&n->lock);
	return i;
}

unsigned metric_names_count(struct metric_names *n)
{
	pthread_mutex_lock(&n->lock);
	unsigned count = n->count;
	pthread_mutex_unlock(&n->lock);
	return count;
}

struct slice metric_names_text(struct metric_names *n, unsigned number)
{
	struct slice text = other;
	pthread_mutex_lock(&n->lock);
	if (number < n->count) {
		text = slice_of(n->names[number].text, n->names[number].len);
	}
	pthread_mutex_unlock(&n->lock);
	return text;
}

/* --- the page --- */

void metric_page_init(struct metric_page *p, struct buf *into)
{
	*p = (struct metric_page){.into = into};
}

static void add(struct metric_page *p, struct slice s)
{
	if (p->fault == FAULT_NONE) {
		p->fault = buf_add(p->into, s);
	}
}

static void add_number(struct metric_page *p, uint64_t number)
{
	if (p->fault == FAULT_NONE) {
		p->fault = buf_add_u64(p->into, number);
	}
}

/* 0.000001 is as small as it gets. */
static void add_seconds(struct metric_page *p, uint64_t us)
{
	enum { DIGITS = 6, MILLION = 1000000 };
	char digits[DIGITS];
	uint64_t rest = us % MILLION;
	for (size_t i = DIGITS; i > 0; i--) {
		digits[i - 1] = (char)('0' + rest % 10);
		rest /= 10;
	}
	add_number(p, us / MILLION);
	add(p, SLICE_LIT("."));
	add(p, slice_of(digits, sizeof(digits)));
}

static void begin(struct metric_page *p, enum metric m)
{
	if (p->has_begun && p->now == m) {
		return;
	}
	p->has_begun = true;
	p->now = m;
	const struct slice parts[] = {
		SLICE_LIT("# HELP "),	  rows[m].name,		SLICE_LIT(" "), rows[m].meaning,
		SLICE_LIT("\n"),	  SLICE_LIT("# TYPE "), rows[m].name,	SLICE_LIT(" "),
		kind_names[rows[m].kind], SLICE_LIT("\n"),
	};
	for (size_t i = 0; i < COUNT_OF(parts); i++) {
		add(p, parts[i]);
	}
}

/* A backslash, a quote and the end of a line are written with a backslash before them. */
static void add_value(struct metric_page *p, struct slice value)
{
	for (size_t i = 0; i < value.len; i++) {
		char c = value.ptr[i];
		if (c == '\n') {
			add(p, SLICE_LIT("\\n"));
			continue;
		}
		if (c == '\\' || c == '"') {
			add(p, SLICE_LIT("\\"));
		}
		add(p, slice_of(&c, 1));
	}
}

/* `le` is one label more, unless it is empty. */
static void add_labels(struct metric_page *p, enum metric m, const struct slice *labels,
		       struct slice le)
{
	struct slice rest = rows[m].labels;
	struct slice comma = {0};
	if (rest.len == 0 && le.len == 0) {
		return;
	}
	add(p, SLICE_LIT("{"));
	for (size_t i = 0; rest.len > 0; i++) {
		struct slice name = rest;
		if (!slice_cut_to(&rest, ',', &name)) {
			rest = (struct slice){0};
		}
		assert(i < METRIC_LABELS_MAX && labels != NULL);
		add(p, comma);
		add(p, name);
		add(p, SLICE_LIT("=\""));
		add_value(p, labels[i]);
		add(p, SLICE_LIT("\""));
		comma = SLICE_LIT(",");
	}
	if (le.len > 0) {
		add(p, comma);
		add(p, SLICE_LIT("le=\""));
		add(p, le);
		add(p, SLICE_LIT("\""));
	}
	add(p, SLICE_LIT("}"));
}

static void add_head(struct metric_page *p, enum metric m, const struct slice *labels)
{
	begin(p, m);
	add(p, rows[m].name);
	add_labels(p, m, labels, (struct slice){0});
	add(p, SLICE_LIT(" "));
}

void metric_put(struct metric_page *p, enum metric m, const struct slice *labels, uint64_t value)
{
	add_head(p, m, labels);
	add_number(p, value);
	add(p, SLICE_LIT("\n"));
}

void metric_put_us(struct metric_page *p, enum metric m, const struct slice *labels, uint64_t us)
{
	add_head(p, m, labels);
	add_seconds(p, us);
	add(p, SLICE_LIT("\n"));
}

static void add_part(struct metric_page *p, enum metric m, struct slice suffix,
		     const struct slice *labels, struct slice le)
{
	add(p, rows[m].name);
	add(p, suffix);
	add_labels(p, m, labels, le);
	add(p, SLICE_LIT(" "));
}

void metric_put_histogram(struct metric_page *p, enum metric m, const struct slice *labels,
			  const struct metric_histogram *h)
{
	uint64_t so_far = 0;
	assert(rows[m].kind == KIND_HISTOGRAM);
	begin(p, m);
	/* Buckets are read once: the count is their sum, whatever comes meanwhile. */
	for (size_t i = 0; i <= METRIC_BUCKETS; i++) {
		so_far += atomic_load_explicit(&h->buckets[i], memory_order_relaxed);
		add_part(p, m, SLICE_LIT("_bucket"), labels,
			 i < METRIC_BUCKETS ? bounds[i].text : SLICE_LIT("+Inf"));
		add_number(p, so_far);
		add(p, SLICE_LIT("\n"));
	}
	add_part(p, m, SLICE_LIT("_sum"), labels, (struct slice){0});
	add_seconds(p, atomic_load_explicit(&h->sum_us, memory_order_relaxed));
	add(p, SLICE_LIT("\n"));
	add_part(p, m, SLICE_LIT("_count"), labels, (struct slice){0});
	add_number(p, so_far);
	add(p, SLICE_LIT("\n"));
}
