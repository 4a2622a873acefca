#include "relay/command/status_show.h"

enum {
	LINE_MAX_BYTES = 512,
	LEAST_FAULTS = 3, /* that have room before the upstreams take it */
	NAME_WIDTH = 34,
	FAULT_WIDTH = 22,
	TENANT_WIDTH = 14,
};

struct screen {
	const struct status_view *view;
	struct buf *into;
	struct buf line;
	enum fault fault;
	unsigned rows; /* that were written */
};

/* --- a line --- */

static void put(struct screen *s, struct slice text)
{
	if (s->fault == FAULT_NONE) {
		s->fault = buf_add(&s->line, text);
	}
}

static void put_text(struct screen *s, const char *text)
{
	put(s, slice_of_text(text));
}

static void put_number(struct screen *s, uint64_t number)
{
	if (s->fault == FAULT_NONE) {
		s->fault = buf_add_u64(&s->line, number);
	}
}

/* Foreign text in a line: what is no printable ASCII is a ?, and it is cut to `width`. */
static void put_cut(struct screen *s, struct slice text, size_t width)
{
	text = slice_first(text, width);
	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i] >= ' ' && text.ptr[i] <= '~' ? text.ptr[i] : '?';
		put(s, slice_of(&c, 1));
	}
}

static void pad_to(struct screen *s, size_t column)
{
	do {
		put_text(s, " ");
	} while (s->fault == FAULT_NONE && s->line.len < column);
}

static bool has_room(const struct screen *s)
{
	return s->view->rows == 0 || s->rows < s->view->rows;
}

static void add(struct screen *s, struct slice bytes)
{
	if (s->fault == FAULT_NONE) {
		s->fault = buf_add(s->into, bytes);
	}
}

static void end_line(struct screen *s, bool is_head)
{
	struct slice line = buf_view(&s->line);
	if (s->view->columns > 0) {
		line = slice_first(line, s->view->columns);
	}
	if (has_room(s)) {
		bool is_bold = is_head && s->view->bold;
		add(s, is_bold ? SLICE_LIT("\033[1m") : (struct slice){0});
		add(s, line);
		add(s, is_bold ? SLICE_LIT("\033[0m") : (struct slice){0});
		add(s, SLICE_LIT("\n"));
		s->rows++;
	}
	buf_clear(&s->line);
}

/* --- quantities --- */

/* 12, 3.4 K, 250 M: three digits or so. */
static void put_bytes(struct screen *s, uint64_t bytes)
{
	static const char *const units[] = {" B", " KiB", " MiB", " GiB", " TiB"};
	size_t unit = 0;
	uint64_t tenths = bytes < UINT64_MAX / 10 ? bytes * 10 : UINT64_MAX;
	while (tenths >= 10240 && unit + 1 < COUNT_OF(units)) {
		tenths /= 1024;
		unit++;
	}
	put_number(s, tenths / 10);
	if (unit > 0 && tenths < 1000) {
		put_text(s, ".");
		put_number(s, tenths % 10);
	}
	put_text(s, units[unit]);
}

/* Two units at most: 3 h 12 min. */
static void put_duration(struct screen *s, uint64_t seconds)
{
	static const struct {
		uint64_t seconds;
		const char *name;
	} units[] = {{86400, " d"}, {3600, " h"}, {60, " min"}, {1, " s"}};
	size_t i = 0;
	while (i + 1 < COUNT_OF(units) && seconds < units[i].seconds) {
		i++;
	}
	put_number(s, seconds / units[i].seconds);
	put_text(s, units[i].name);
	uint64_t rest = seconds % units[i].seconds;
	if (i + 1 < COUNT_OF(units) && rest >= units[i + 1].seconds) {
		put_text(s, " ");
		put_number(s, rest / units[i + 1].seconds);
		put_text(s, units[i + 1].name);
	}
}

static void put_many(struct screen *s, uint64_t number, const char *what)
{
	put_number(s, number);
	put_text(s, what);
}

/* A second, of what came between the two looks; 0 when the gateway was started anew. */
static uint64_t per_second(const struct screen *s, uint64_t before, uint64_t now, uint64_t times)
{
	uint64_t ms = s->view->between_ms;
	return ms > 0 && now > before ? (now - before) * times * 1000 / ms : 0;
}

static uint64_t ended(const struct status *s)
{
	return s->delivered + s->partly + s->deferred + s->refused + s->uncertain + s->untried +
	       s->fault + s->repeated;
}

/* --- the head --- */

static void show_name(struct screen *s, const struct status *st)
{
	struct civil now = {0};
	struct civil started = {0};
	put_text(s, "pagepost ");
	put_cut(s, st->version, 32);
	if (civil_parse(st->now, &now) && civil_parse(st->started, &started) &&
	    now.ms >= started.ms) {
		put_text(s, "   up ");
		put_duration(s, (uint64_t)(now.ms - started.ms) / 1000);
	}
	put_text(s, st->keeper_up ? "   keeper up" : "   KEEPER DOWN");
	put_text(s, st->stopping ? "   STOPPING" : "");
	put_text(s, "   ");
	put_cut(s, st->now, CIVIL_RFC3339_LEN);
	end_line(s, true);
}

static void show_jobs(struct screen *s, const struct status *st)
{
	put_text(s, "jobs     ");
	put_many(s, st->jobs, " in flight of ");
	put_number(s, st->jobs_limit);
	put_text(s, ", memory ");
	put_bytes(s, st->memory);
	put_text(s, " of ");
	put_bytes(s, st->memory_limit);
	put_text(s, ", ");
	put_many(s, st->clients, " clients");
	end_line(s, false);
	put_text(s, "ended    ");
	put_many(s, st->delivered, " delivered, ");
	put_many(s, st->partly, " partly, ");
	put_many(s, st->deferred, " deferred, ");
	put_many(s, st->refused, " refused, ");
	put_many(s, st->uncertain, " uncertain, ");
	put_many(s, st->fault, " by a fault, ");
	put_many(s, st->repeated, " repeated");
	end_line(s, false);
	put_text(s, "requests ");
	put_many(s, st->requests, " under way, ");
	put_many(s, st->turned_away, " turned away");
	end_line(s, false);
}

static void show_rates(struct screen *s, const struct status *st)
{
	const struct status *b = s->view->before;
	if (b == NULL) {
		return;
	}
	uint64_t tenths = per_second(s, ended(b), ended(st), 10);
	put_text(s, "rates    ");
	put_number(s, tenths / 10);
	put_text(s, ".");
	put_many(s, tenths % 10, " jobs/s, in ");
	put_bytes(s, per_second(s, b->received, st->received, 1));
	put_text(s, "/s, out ");
	put_bytes(s, per_second(s, b->sent, st->sent, 1));
	put_text(s, "/s, processor ");
	put_many(s, per_second(s, b->cpu_ms, st->cpu_ms, 1) / 10, " %");
	end_line(s, false);
}

static void show_process(struct screen *s, const struct status *st)
{
	put_text(s, "process  ");
	put_number(s, st->pid);
	put_text(s, ", ");
	put_many(s, st->loops, " loops, memory ");
	put_bytes(s, st->resident);
	put_text(s, ", ");
	put_many(s, st->descriptors, " descriptors of ");
	put_number(s, st->descriptors_limit);
	if (st->log_dropped > 0) {
		put_text(s, ", ");
		put_many(s, st->log_dropped, " LINES OF THE LOG DROPPED");
	}
	end_line(s, false);
}

static void show_pause(struct screen *s, const struct status_pause *p)
{
	put_text(s, "PAUSED   ");
	put_cut(s, p->what, TENANT_WIDTH);
	bool is_v6 = p->port > 0 && slice_find_byte(p->name, ':') < p->name.len;
	put_text(s, p->name.len > 0 ? " " : "");
	put_text(s, is_v6 ? "[" : "");
	put_cut(s, p->name, NAME_WIDTH);
	if (p->port > 0) {
		put_text(s, is_v6 ? "]:" : ":");
		put_number(s, p->port);
	}
	put_text(s, ", since ");
	put_cut(s, p->since, CIVIL_RFC3339_LEN);
	put_text(s, p->until.len > 0 ? ", until " : "");
	put_cut(s, p->until, CIVIL_RFC3339_LEN);
	put_text(s, p->reason.len > 0 ? ", reason " : "");
	put_cut(s, p->reason, NAME_WIDTH);
	end_line(s, true);
}

/* --- upstreams --- */

static void show_state(struct screen *s, const struct status_upstream *u)
{
	bool is_open = slice_eq(u->breaker, SLICE_LIT("open"));
	if (is_open || slice_eq(u->breaker, SLICE_LIT("trying"))) {
		put_text(s, is_open ? "left alone (" : "trying again (");
		put_cut(s, u->class, 16);
		put_text(s, ")");
		if (is_open) {
			put_text(s, ", ");
			put_duration(s, (u->retry_ms + 999) / 1000);
		}
	} else if (u->throttled) {
		put_text(s, "throttled");
		if (u->pause_ms > 0) {
			put_text(s, ", ");
			put_duration(s, (u->pause_ms + 999) / 1000);
		}
	} else {
		put_text(s, "ok");
	}
	end_line(s, false);
}

static void show_upstream(struct screen *s, const struct status_upstream *u)
{
	enum { CONNECTIONS = NAME_WIDTH + 1, WAITING = CONNECTIONS + 21, STATE = WAITING + 9 };
	if (u->tenant.len > 0) {
		put_text(s, "of ");
		put_cut(s, u->tenant, NAME_WIDTH - 4);
		put_text(s, u->name.len > 0 ? " " : "");
	}
	size_t room = s->line.len < NAME_WIDTH ? NAME_WIDTH - s->line.len : 1;
	put_cut(s, u->name, room);
	pad_to(s, CONNECTIONS);
	put_many(s, u->busy, " busy ");
	put_many(s, u->idle, " idle of ");
	put_number(s, u->allowed);
	pad_to(s, WAITING);
	put_number(s, u->waiting);
	pad_to(s, STATE);
	show_state(s, u);
}

/* What asks for somebody's eye comes first. */
static unsigned rank_of(const struct status_upstream *u)
{
	if (u->breaker.len > 0 && !slice_eq(u->breaker, SLICE_LIT("closed"))) {
		return 0;
	}
	if (u->throttled || u->waiting > 0) {
		return 1;
	}
	return u->busy > 0 || u->tenant.len == 0 ? 2 : 3;
}

static void show_upstreams(struct screen *s, const struct status *st, unsigned most)
{
	enum { RANKS = 4 };
	size_t shown = 0;
	put_text(s, "UPSTREAM");
	pad_to(s, NAME_WIDTH + 1);
	put_text(s, "CONNECTIONS          WAITING  STATE");
	end_line(s, true);
	for (unsigned rank = 0; rank < RANKS; rank++) {
		for (size_t i = 0; i < st->upstream_count && shown < most; i++) {
			if (rank_of(&st->upstreams[i]) == rank) {
				show_upstream(s, &st->upstreams[i]);
				shown++;
			}
		}
	}
	uint64_t rest = st->upstream_count - shown + st->upstreams_untold + st->upstreams_left;
	if (rest > 0) {
		put_text(s, "and ");
		put_many(s, rest, " more");
		end_line(s, false);
	} else if (shown == 0) {
		put_text(s, "none is connected to, and nothing is known of any");
		end_line(s, false);
	}
}

/* --- faults --- */

static void show_fault(struct screen *s, const struct status_fault *f)
{
	enum { AGE = FAULT_WIDTH + 1, TIMES = AGE + 13, TENANT = TIMES + 7 };
	put_cut(s, f->fault, FAULT_WIDTH);
	pad_to(s, AGE);
	put_duration(s, f->age_s);
	pad_to(s, TIMES);
	put_number(s, f->times);
	pad_to(s, TENANT);
	put_cut(s, f->tenant.len > 0 ? f->tenant : SLICE_LIT("-"), TENANT_WIDTH);
	pad_to(s, TENANT + TENANT_WIDTH + 1);
	if (f->upstream.len > 0) {
		put_cut(s, f->upstream, NAME_WIDTH);
		put_text(s, ": ");
	}
	put_cut(s, f->title, 200);
	end_line(s, false);
}

static void show_faults(struct screen *s, const struct status *st)
{
	end_line(s, false);
	put_text(s, "LAST FAULTS");
	pad_to(s, FAULT_WIDTH + 1);
	put_text(s, "AGO          TIMES  TENANT         WHAT");
	end_line(s, true);
	for (size_t i = 0; i < st->fault_count; i++) {
		show_fault(s, &st->faults[i]);
	}
	if (st->fault_count == 0) {
		put_text(s, "none since it started");
		end_line(s, false);
	}
}

/* Faults keep some of the rows, if there are any. */
static unsigned rows_for_upstreams(const struct screen *s, const struct status *st)
{
	enum { AROUND = 4 }; /* heads, an empty line, "and 5 more" */
	size_t faults = st->fault_count < LEAST_FAULTS ? st->fault_count + 1 : LEAST_FAULTS;
	unsigned taken = s->rows + (unsigned)faults + AROUND;
	if (s->view->rows == 0) {
		return STATUS_UPSTREAMS;
	}
	return s->view->rows > taken ? s->view->rows - taken : 1;
}

enum fault status_show(const struct status *st, const struct status_view *view, struct buf *into)
{
	struct screen s = {.view = view, .into = into};
	buf_init(&s.line, LINE_MAX_BYTES);
	show_name(&s, st);
	show_jobs(&s, st);
	show_rates(&s, st);
	show_process(&s, st);
	if (view->trouble.len > 0) {
		put(&s, slice_first(view->trouble, LINE_MAX_BYTES - 1));
		end_line(&s, true);
	}
	for (size_t i = 0; i < st->pause_count; i++) {
		show_pause(&s, &st->pauses[i]);
	}
	end_line(&s, false);
	show_upstreams(&s, st, rows_for_upstreams(&s, st));
	show_faults(&s, st);
	buf_deinit(&s.line);
	return s.fault;
}
