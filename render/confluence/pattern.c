#include "render/confluence/pattern.h"

#include "spool-free/base/text.h"

enum { NOWHERE = UINT8_MAX, ANY = UINT32_MAX };

/* --- reading: operators wait on a stack until what they join is complete --- */

/* A piece of the automaton: where it begins, and the list of its loose ends, threaded through them. */
struct piece {
	uint8_t start;
	uint8_t ends; /* number of a loose end: state * 2 + (0: next, 1: other) */
};

struct reading {
	struct pattern *p;
	struct slice rest;
	struct piece pieces[PATTERN_MAX + 1];
	char operators[PATTERN_MAX + 1]; /* '(' '|' '.': one behind the other */
	uint8_t piece_count;
	uint8_t operator_count;
	bool after_piece; /* what comes next stands behind something */
	bool bad;
};

static uint8_t *end_of(struct pattern *p, uint8_t number)
{
	struct pattern_state *s = &p->states[number / 2];
	return number % 2 == 0 ? &s->next : &s->other;
}

static void tie(struct pattern *p, uint8_t ends, uint8_t to)
{
	while (ends != NOWHERE) {
		uint8_t *at = end_of(p, ends);
		ends = *at;
		*at = to;
	}
}

static uint8_t both_ends(struct pattern *p, uint8_t a, uint8_t b)
{
	uint8_t last = a;
	if (a == NOWHERE) {
		return b;
	}
	while (*end_of(p, last) != NOWHERE) {
		last = *end_of(p, last);
	}
	*end_of(p, last) = b;
	return a;
}

static uint8_t add_state(struct reading *d, enum pattern_step step)
{
	struct pattern *p = d->p;
	if (p->state_count == PATTERN_STATES) {
		d->bad = true;
		return 0;
	}
	p->states[p->state_count] = (struct pattern_state){
		.step = (uint8_t)step, .next = NOWHERE, .other = NOWHERE};
	return p->state_count++;
}

static void push(struct reading *d, uint8_t start, uint8_t ends)
{
	d->pieces[d->piece_count++] = (struct piece){.start = start, .ends = ends};
	d->after_piece = true;
}

static struct piece pop(struct reading *d)
{
	static const struct piece none = {0, NOWHERE};
	if (d->piece_count == 0) {
		d->bad = true;
		return none;
	}
	return d->pieces[--d->piece_count];
}

static void apply(struct reading *d, char sign)
{
	struct piece b = pop(d);
	struct piece a = pop(d);
	if (d->bad) {
		return;
	}
	if (sign == '.') {
		tie(d->p, a.ends, b.start);
		push(d, a.start, b.ends);
		return;
	}
	uint8_t fork = add_state(d, PATTERN_FORK);
	d->p->states[fork].next = a.start;
	d->p->states[fork].other = b.start;
	push(d, fork, both_ends(d->p, a.ends, b.ends));
}

/* One behind the other binds closer than `|`. */
static void add_operator(struct reading *d, char sign)
{
	while (d->operator_count > 0 && !d->bad) {
		char before = d->operators[d->operator_count - 1];
		if (before == '(' || (sign == '.' && before == '|')) {
			break;
		}
		d->operator_count--;
		apply(d, before);
	}
	d->operators[d->operator_count++] = sign;
	d->after_piece = false;
}

static void open_group(struct reading *d)
{
	if (d->after_piece) {
		add_operator(d, '.');
	}
	if (slice_starts(d->rest, SLICE_LIT("?"))) {
		d->bad = !slice_starts(d->rest, SLICE_LIT("?:"));
		d->rest = slice_skip(d->rest, 2);
	}
	d->operators[d->operator_count++] = '(';
	d->after_piece = false;
}

static void close_group(struct reading *d)
{
	while (d->operator_count > 0 && d->operators[d->operator_count - 1] != '(' && !d->bad) {
		apply(d, d->operators[--d->operator_count]);
	}
	if (d->operator_count == 0 || !d->after_piece) {
		d->bad = true;
		return;
	}
	d->operator_count--;
}

static void repeat(struct reading *d, char how)
{
	struct piece a = pop(d);
	uint8_t fork = add_state(d, PATTERN_FORK);
	if (d->bad) {
		return;
	}
	d->p->states[fork].next = a.start;
	uint8_t open = (uint8_t)(fork * 2 + 1);
	if (how == '?') {
		push(d, fork, both_ends(d->p, a.ends, open));
		return;
	}
	tie(d->p, a.ends, fork);
	push(d, how == '*' ? fork : a.start, open);
}

static void add_range(struct reading *d, struct pattern_set *set, uint32_t low, uint32_t high)
{
	struct pattern *p = d->p;
	if (p->range_count == PATTERN_RANGES || low > high) {
		d->bad = true;
		return;
	}
	p->ranges[p->range_count++] = (struct pattern_range){low, high};
	set->count++;
}

/* `\d`, `\w`, `\s` into a set; false when the letter stands for none. */
static bool add_class(struct reading *d, struct pattern_set *set, uint32_t letter)
{
	switch (letter) {
	case 'd':
		add_range(d, set, '0', '9');
		return true;
	case 'w':
		add_range(d, set, 'a', 'z');
		add_range(d, set, 'A', 'Z');
		add_range(d, set, '0', '9');
		add_range(d, set, '_', '_');
		return true;
	case 's':
		add_range(d, set, ' ', ' ');
		add_range(d, set, '\t', '\r');
		return true;
	default:
		return false;
	}
}

static bool is_letter_or_digit(uint32_t c)
{
	return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
}

/* Behind a backslash: a class, or a sign that stands for itself. */
static void add_escaped(struct reading *d, struct pattern_set *set, bool alone)
{
	uint32_t c = d->rest.len > 0 ? text_next(&d->rest) : 'Q';
	if (add_class(d, set, c)) {
		return;
	}
	if (alone && (c == 'D' || c == 'W' || c == 'S')) {
		set->negated = add_class(d, set, c | 0x20);
	} else if (is_letter_or_digit(c)) {
		d->bad = true;
	} else {
		add_range(d, set, c, c);
	}
}

/* Behind `[`. */
static void add_bracket(struct reading *d, struct pattern_set *set)
{
	if (slice_starts(d->rest, SLICE_LIT("^"))) {
		set->negated = true;
		d->rest = slice_skip(d->rest, 1);
	}
	for (bool first = true; d->rest.len > 0 && !d->bad; first = false) {
		uint32_t low = text_next(&d->rest);
		uint32_t high = low;
		if (low == ']' && !first) {
			return;
		}
		if (low == '\\') {
			add_escaped(d, set, false);
			continue;
		}
		if (d->rest.len > 1 && d->rest.ptr[0] == '-' && d->rest.ptr[1] != ']') {
			d->rest = slice_skip(d->rest, 1);
			high = text_next(&d->rest);
		}
		d->bad = d->bad || low == '[' || high == '\\';
		add_range(d, set, low, high);
	}
	d->bad = true;
}

static void add_atom(struct reading *d, uint32_t c)
{
	struct pattern_set set = {.first = d->p->range_count};
	if (d->after_piece) {
		add_operator(d, '.');
	}
	if (c == '.') {
		add_range(d, &set, 0, ANY);
	} else if (c == '[') {
		add_bracket(d, &set);
	} else if (c == '\\') {
		add_escaped(d, &set, true);
	} else {
		add_range(d, &set, c, c);
	}
	uint8_t state = add_state(d, PATTERN_TAKE);
	if (!d->bad) {
		d->p->states[state].set = set;
		push(d, state, (uint8_t)(state * 2));
	}
}

static void read_one(struct reading *d)
{
	uint32_t c = text_next(&d->rest);
	switch (c) {
	case '(':
		open_group(d);
		break;
	case ')':
		close_group(d);
		break;
	case '|':
		d->bad = !d->after_piece;
		add_operator(d, '|');
		break;
	case '*':
	case '+':
	case '?':
		d->bad = !d->after_piece;
		repeat(d, (char)c);
		if (slice_starts(d->rest, SLICE_LIT("?")) ||
		    slice_starts(d->rest, SLICE_LIT("+"))) {
			d->rest = slice_skip(d->rest, 1); /* greedy or not, it matches the same */
		}
		break;
	case '{':
	case '}':
		d->bad = true;
		break;
	case '^':
		d->bad = d->after_piece; /* the whole text is matched anyway */
		break;
	case '$':
		d->bad = d->rest.len > 0;
		break;
	default:
		add_atom(d, c);
		break;
	}
}

static bool read_all(struct pattern *p, struct slice expression)
{
	struct reading d = {.p = p, .rest = expression};
	if (slice_starts(d.rest, SLICE_LIT("(?i)"))) {
		p->any_case = true;
		d.rest = slice_skip(d.rest, 4);
	}
	while (d.rest.len > 0 && !d.bad) {
		read_one(&d);
	}
	while (d.operator_count > 0 && !d.bad) {
		char sign = d.operators[--d.operator_count];
		d.bad = sign == '(' || !d.after_piece;
		if (!d.bad) {
			apply(&d, sign);
		}
	}
	struct piece whole = pop(&d);
	uint8_t accept = add_state(&d, PATTERN_ACCEPT);
	if (d.bad || d.piece_count > 0) {
		return false;
	}
	tie(p, whole.ends, accept);
	p->start = whole.start;
	return true;
}

bool pattern_read(struct slice expression, struct pattern *out_pattern)
{
	expression = slice_trim(expression);
	if (expression.len == 0 || expression.len > PATTERN_MAX) {
		return false;
	}
	*out_pattern = (struct pattern){.state_count = 0};
	return read_all(out_pattern, expression);
}

/* --- matching: the set of all states that the text so far can have led to --- */

struct states {
	bool in[PATTERN_STATES];
	uint8_t list[PATTERN_STATES];
	uint8_t count;
};

/* Forks are followed at once; each state is looked at once. */
static void enter(const struct pattern *p, struct states *all, uint8_t state)
{
	uint8_t waiting[PATTERN_STATES];
	uint8_t count = 0;
	if (!all->in[state]) {
		all->in[state] = true;
		waiting[count++] = state;
	}
	while (count > 0) {
		uint8_t at = waiting[--count];
		const struct pattern_state *s = &p->states[at];
		const uint8_t ways[] = {s->next, s->other};
		all->list[all->count++] = at;
		for (size_t i = 0; s->step == PATTERN_FORK && i < COUNT_OF(ways); i++) {
			if (!all->in[ways[i]]) {
				all->in[ways[i]] = true;
				waiting[count++] = ways[i];
			}
		}
	}
}

static uint32_t lower(uint32_t c)
{
	return c >= 'A' && c <= 'Z' ? c | 0x20 : c;
}

static bool takes(const struct pattern *p, const struct pattern_set *set, uint32_t c)
{
	bool found = false;
	uint32_t upper = p->any_case && c >= 'a' && c <= 'z' ? c & ~0x20U : c;
	uint32_t small = p->any_case ? lower(c) : c;
	for (uint8_t i = set->first; i < set->first + set->count && !found; i++) {
		const struct pattern_range *r = &p->ranges[i];
		found = (c >= r->low && c <= r->high) || (small >= r->low && small <= r->high) ||
			(upper >= r->low && upper <= r->high);
	}
	return found != set->negated;
}

static bool accepts(const struct pattern *p, const struct states *all)
{
	for (uint8_t i = 0; i < all->count; i++) {
		if (p->states[all->list[i]].step == PATTERN_ACCEPT) {
			return true;
		}
	}
	return false;
}

bool pattern_matches(const struct pattern *p, struct slice text)
{
	struct states now = {.count = 0};
	text = slice_first(text, PATTERN_TEXT_MAX);
	enter(p, &now, p->start);
	while (text.len > 0 && now.count > 0) {
		struct states then = {.count = 0};
		uint32_t c = text_next(&text);
		for (uint8_t i = 0; i < now.count; i++) {
			const struct pattern_state *s = &p->states[now.list[i]];
			if (s->step == PATTERN_TAKE && takes(p, &s->set, c)) {
				enter(p, &then, s->next);
			}
		}
		now = then;
	}
	return accepts(p, &now);
}
