/*
 * The ConfluOps alarm badge: the state of an alarm of Amazon CloudWatch, true for one moment only. The state comes from
 * what the job brings for the macro, else, with its time, from the macro's parameters. Anything but one clear state is
 * "state unknown at send time": never OK.
 */
#include "render/confluence/live.h"

#include "render/confluence/macros.h"
#include "render/confluence/targets.h"

enum { STAMP_TEXT = 20, WORDS_MAX = 2000 };

struct state {
	struct slice word;
	uint8_t colour;
};

static const struct state states[] = {
	{SLICE_INIT("OK"), STATUS_GREEN},
	{SLICE_INIT("ALARM"), STATUS_RED},
	{SLICE_INIT("INSUFFICIENT_DATA"), STATUS_YELLOW},
};

struct reading {
	const struct state *state; /* NULL: none, or several */
	bool contradicts;
	bool has_stamp;
	int64_t minute; /* since 1970 */
};

static bool number_at(struct slice s, size_t at, size_t len, uint64_t max, uint64_t *out_number)
{
	return s.len >= at + len &&
	       slice_to_u64(slice_first(slice_skip(s, at), len), max, out_number);
}

/* `Z`, `+02:00` or nothing behind the minutes; in minutes ahead of UTC. */
static bool zone_of(struct slice rest, int64_t *out_minutes)
{
	size_t at = 0;
	uint64_t hours;
	uint64_t minutes;
	while (at < rest.len && (rest.ptr[at] == ':' || rest.ptr[at] == '.' ||
				 (rest.ptr[at] >= '0' && rest.ptr[at] <= '9'))) {
		at++;
	}
	rest = slice_skip(rest, at);
	*out_minutes = 0;
	if (rest.len == 0 || slice_eq(rest, SLICE_LIT("Z"))) {
		return rest.len > 0; /* a time of nowhere is none */
	}
	if ((rest.ptr[0] != '+' && rest.ptr[0] != '-') || !number_at(rest, 1, 2, 14, &hours) ||
	    !number_at(rest, rest.len - 2, 2, 59, &minutes)) {
		return false;
	}
	*out_minutes = (int64_t)(hours * 60 + minutes) * (rest.ptr[0] == '-' ? -1 : 1);
	return true;
}

/* RFC 3339, to the minute. */
static bool read_stamp(struct slice s, int64_t *out_minute)
{
	uint64_t year;
	uint64_t month;
	uint64_t day;
	uint64_t hour;
	uint64_t minute;
	int64_t zone;
	if (!number_at(s, 0, 4, 9999, &year) || !number_at(s, 5, 2, 12, &month) ||
	    !number_at(s, 8, 2, 31, &day) || !number_at(s, 11, 2, 23, &hour) ||
	    !number_at(s, 14, 2, 59, &minute) || month == 0 || day == 0 || s.ptr[4] != '-' ||
	    s.ptr[7] != '-' || s.ptr[10] != 'T' || s.ptr[13] != ':' ||
	    !zone_of(slice_skip(s, 16), &zone)) {
		return false;
	}
	int64_t days = civil_days((int)year, (unsigned)month, (unsigned)day);
	*out_minute = days * 24 * 60 + (int64_t)(hour * 60 + minute) - zone;
	return true;
}

static const struct state *state_named(struct slice word)
{
	for (size_t i = 0; i < COUNT_OF(states); i++) {
		if (slice_eq(states[i].word, word)) {
			return &states[i];
		}
	}
	return NULL;
}

static void read_word(struct reading *d, struct slice word)
{
	const struct state *state = state_named(word);
	int64_t minute;
	if (state != NULL) {
		d->contradicts = d->contradicts || (d->state != NULL && d->state != state);
		d->state = state;
	} else if (!d->has_stamp && read_stamp(word, &minute)) {
		d->has_stamp = true;
		d->minute = minute;
	}
}

static bool is_word_byte(char c)
{
	return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || c == '_' ||
	       c == '-' || c == ':' || c == '.' || c == '+';
}

static struct slice without_signs(struct slice word)
{
	while (word.len > 0 && (word.ptr[word.len - 1] == ':' || word.ptr[word.len - 1] == '.' ||
				word.ptr[word.len - 1] == '-')) {
		word = slice_first(word, word.len - 1);
	}
	return word;
}

/* The states among the words, in capitals as CloudWatch writes them, and the first moment. */
static struct reading read_words(struct slice text)
{
	struct reading d = {.state = NULL};
	for (unsigned words = 0; text.len > 0 && words < WORDS_MAX; words++) {
		size_t at = 0;
		while (at < text.len && is_word_byte(text.ptr[at])) {
			at++;
		}
		read_word(&d, without_signs(slice_first(text, at)));
		text = slice_skip(text, at);
		while (text.len > 0 && !is_word_byte(text.ptr[0])) {
			text = slice_skip(text, 1);
		}
	}
	d.state = d.contradicts ? NULL : d.state;
	return d;
}

static struct reading read_params(const struct macro *m)
{
	static const struct slice names[] = {SLICE_INIT("state"), SLICE_INIT("stateValue"),
					     SLICE_INIT("alarmState")};
	static const struct slice stamps[] = {SLICE_INIT("stateUpdated"),
					      SLICE_INIT("stateUpdatedTimestamp"),
					      SLICE_INIT("timestamp"), SLICE_INIT("updated")};
	struct reading d = {.state = state_named(macro_first_param(m, names, COUNT_OF(names)))};
	d.has_stamp = read_stamp(macro_first_param(m, stamps, COUNT_OF(stamps)), &d.minute);
	/* What a page holds without its time may be years old. */
	d.state = d.has_stamp ? d.state : NULL;
	return d;
}

static void put_two(char *at, unsigned number)
{
	at[0] = (char)('0' + number / 10 % 10);
	at[1] = (char)('0' + number % 10);
}

/* "2026-11-22 02:40 UTC" */
static void add_stamp(struct reader *r, int64_t minute)
{
	char text[STAMP_TEXT + 1] = "0000-00-00 00:00 UTC";
	int year;
	unsigned month;
	unsigned day;
	int64_t of_day = (minute % (24 * 60) + 24 * 60) % (24 * 60);
	civil_date((minute - of_day) / (24 * 60), &year, &month, &day);
	put_two(text, (unsigned)year / 100);
	put_two(text + 2, (unsigned)year % 100);
	put_two(text + 5, month);
	put_two(text + 8, day);
	put_two(text + 11, (unsigned)(of_day / 60));
	put_two(text + 14, (unsigned)(of_day % 60));
	words_add(&r->b, slice_of(text, STAMP_TEXT));
}

static void show(struct reader *r, struct slice label, const struct reading *d)
{
	macro_own_line(r);
	words_add(&r->b, label);
	words_add(&r->b, SLICE_LIT(": "));
	struct node_status *s = &builder_leaf(&r->b, NODE_STATUS)->of.status;
	s->mixed_case = true;
	if (d->state != NULL) {
		s->text = d->state->word;
		s->colour = d->state->colour;
	} else {
		s->text = reader_phrase(r, SLICE_LIT("state unknown at send time"));
	}
	if (d->has_stamp) {
		words_add(&r->b, SLICE_LIT(" "));
		add_stamp(r, d->minute);
	}
	words_add(&r->b, SLICE_LIT(" – "));
	target_show_link(r, r->page_url, reader_phrase(r, SLICE_LIT("open page for live status")));
	macro_own_line(r);
}

static enum macro_fate alarm(struct reader *r, struct macro *m, struct element *body)
{
	static const struct slice names[] = {SLICE_INIT("label"), SLICE_INIT("alarmName"),
					     SLICE_INIT("alarm"), SLICE_INIT("name"),
					     SLICE_INIT("title"), SLICE_INIT("")};
	struct slice label = words_keep(&r->b, macro_first_param(m, names, COUNT_OF(names)));
	struct known_live *live = macro_live(r, m);
	struct reading d = live != NULL ? read_words(live_text(r, live)) : read_params(m);
	(void)body;
	if (live != NULL && !d.has_stamp) { /* it was asked for this mail */
		d.has_stamp = r->params->now.ms > 0;
		d.minute = r->params->now.ms / (60 * 1000);
	}
	show(r, label.len > 0 ? label : reader_phrase(r, SLICE_LIT("Alarm")), &d);
	return d.state != NULL ? MACRO_SNAPSHOT : MACRO_CARD;
}

static const struct macro_rule rows[] = {
	MACRO_OWN("confluops", alarm, 0, "Alarm"),
	MACRO_OWN("confluops-alarm", alarm, 0, "Alarm"),
	MACRO_OWN("alarm-badge", alarm, 0, "Alarm"),
};

const struct macro_table macro_alarm = {rows, COUNT_OF(rows)};
