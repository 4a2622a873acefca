#include "relay/smtp/undot.h"

bool undot_is_over(const struct undot *u)
{
	return u->state == UNDOT_OVER;
}

static void count(struct undot *u, size_t n)
{
	u->line += n;
	u->has_long = u->has_long || u->line > UNDOT_LINE_MAX;
}

/* Text up to the next CR; what it passes over is content. */
static size_t pass_text(struct undot *u, struct slice in)
{
	size_t n = slice_find_byte(in, '\r');
	struct slice text = slice_first(in, n);
	u->has_bare = u->has_bare || slice_find_byte(text, '\n') < n;
	count(u, n);
	if (n == in.len) {
		u->state = UNDOT_TEXT;
		return n;
	}
	u->state = UNDOT_CR;
	return n + 1;
}

static void after_cr(struct undot *u, char byte)
{
	if (byte == '\n') {
		u->state = UNDOT_LINE;
		u->line = 0;
	} else {
		u->has_bare = true;
		count(u, 1);
		u->state = UNDOT_TEXT;
	}
}

/* Bytes that are content and follow on each other in `in` from `from` on. */
struct run {
	struct slice in;
	size_t from;
	undot_fn *fn;
	void *ctx;
};

static void give(const struct run *r, size_t to)
{
	if (to > r->from) {
		r->fn(r->ctx, slice_of(r->in.ptr + r->from, to - r->from));
	}
}

/* A dot at the start of a line is never content: what stood before it is given, what follows it begins a new run. */
static void drop_dot(struct run *r, size_t at)
{
	give(r, at);
	r->from = at + 1;
}

static void after_dot(struct undot *u, struct run *r, size_t *at)
{
	if (r->in.ptr[*at] == '\r') {
		u->state = UNDOT_DOT_CR;
		/* Content only if no LF follows: kept out of the run until that is known. */
		r->from = ++*at;
	} else {
		u->state = UNDOT_TEXT;
	}
}

static void after_dot_cr(struct undot *u, struct run *r, size_t *at)
{
	if (r->in.ptr[*at] == '\n') {
		u->state = UNDOT_OVER;
		r->from = ++*at;
		return;
	}
	r->fn(r->ctx, SLICE_LIT("\r"));
	u->has_bare = true;
	count(u, 1);
	u->state = UNDOT_TEXT;
}

size_t undot_feed(struct undot *u, struct slice in, undot_fn *fn, void *ctx)
{
	struct run r = {.in = in, .fn = fn, .ctx = ctx};
	size_t at = 0;
	while (at < in.len && u->state != UNDOT_OVER) {
		switch (u->state) {
		case UNDOT_LINE:
			if (in.ptr[at] == '.') {
				drop_dot(&r, at++);
				u->state = UNDOT_DOT;
			} else {
				u->state = UNDOT_TEXT;
			}
			break;
		case UNDOT_DOT:
			after_dot(u, &r, &at);
			break;
		case UNDOT_DOT_CR:
			after_dot_cr(u, &r, &at);
			break;
		case UNDOT_TEXT:
			at += pass_text(u, slice_skip(in, at));
			break;
		case UNDOT_CR:
			if (in.ptr[at] == '\r') {
				/* The CR before it stood alone; this one may not. */
				u->has_bare = true;
				count(u, 1);
				at++;
			} else {
				after_cr(u, in.ptr[at]);
				at += u->state == UNDOT_LINE ? 1 : 0;
			}
			break;
		case UNDOT_OVER:
			break;
		}
	}
	give(&r, at);
	return at;
}
