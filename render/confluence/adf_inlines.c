/* Text of ADF, and what stands in its lines. */
#include "render/confluence/adf_inside.h"

#include "render/confluence/emoji.h"
#include "render/confluence/known.h"
#include "render/confluence/macros.h"
#include "render/confluence/style.h"
#include "render/confluence/targets.h"

enum { DAY_MS = 24 * 60 * 60 * 1000 };

static const uint64_t timestamp_max = (uint64_t)253402300799 * 1000; /* the year 9999 */

static bool is_of_word(char c)
{
	return (unsigned char)c >= 0x80 || (c >= '0' && c <= '9') ||
	       ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
}

static bool is_behind_chip(const struct adf *a)
{
	return a->chip + 1 == a->shown;
}

void adf_part_before(struct adf *a)
{
	const struct node *last = builder_frame(&a->r->b)->last;
	bool in_word = last != NULL && last->kind == NODE_TEXT && last->of.text.len > 0 &&
		       is_of_word(last->of.text.ptr[last->of.text.len - 1]);
	if ((in_word || is_behind_chip(a)) && builder_is_inline(&a->r->b)) {
		a->r->b.space = true;
	}
}

void adf_part_behind(struct adf *a)
{
	a->chip = a->shown;
}

void adf_words(struct adf *a, const struct adf_node *n)
{
	struct slice text = adf_tape_text(&a->tape, n->text);
	if (text.len > 0) {
		if (is_behind_chip(a) && is_of_word(text.ptr[0])) {
			a->r->b.space = true;
		}
		struct adf_look before = adf_look_begin(a, n);
		words_add_kept(&a->r->b, text);
		adf_look_end(a, &before);
	}
}

void adf_hard_break(struct adf *a, const struct adf_node *n)
{
	(void)n;
	builder_leaf(&a->r->b, NODE_BREAK);
}

/* A leaf under the node's own marks. */
static struct node *leaf(struct adf *a, const struct adf_node *n, enum node_kind kind)
{
	struct adf_look before = adf_look_begin(a, n);
	struct node *made = builder_leaf(&a->r->b, kind);
	adf_look_end(a, &before);
	return made;
}

static struct node *chip(struct adf *a, const struct adf_node *n, enum node_kind kind)
{
	adf_part_before(a);
	struct node *made = leaf(a, n, kind);
	adf_part_behind(a);
	return made;
}

void adf_mention(struct adf *a, const struct adf_node *n)
{
	struct slice name = adf_attr_words(a, n, ADF_W_text);
	name = slice_starts(name, SLICE_LIT("@")) ? slice_skip(name, 1) : name;
	if (name.len == 0) {
		name = target_user_name(a->r, adf_attr(a, n, ADF_W_id));
	}
	chip(a, n, NODE_MENTION)->of.mention.name = name;
}

void adf_status(struct adf *a, const struct adf_node *n)
{
	static const struct slice colours[] = {
		[STATUS_NEUTRAL] = SLICE_INIT("neutral"), [STATUS_BLUE] = SLICE_INIT("blue"),
		[STATUS_RED] = SLICE_INIT("red"),	  [STATUS_YELLOW] = SLICE_INIT("yellow"),
		[STATUS_GREEN] = SLICE_INIT("green"),	  [STATUS_PURPLE] = SLICE_INIT("purple"),
	};
	struct slice text = adf_attr_words(a, n, ADF_W_text);
	if (text.len == 0) {
		return;
	}
	uint32_t custom = style_colour(adf_attr(a, n, ADF_W_color));
	struct node_status *s = &chip(a, n, NODE_STATUS)->of.status;
	s->text = text;
	s->mixed_case = slice_eq(adf_attr(a, n, ADF_W_style), SLICE_LIT("mixedCase"));
	s->subtle = slice_eq(adf_attr(a, n, ADF_W_style), SLICE_LIT("subtle"));
	s->colour = (uint8_t)adf_attr_among(a, n, ADF_W_color, colours, COUNT_OF(colours),
					    custom != COLOUR_NONE ? STATUS_CUSTOM : STATUS_NEUTRAL);
	s->custom = custom;
}

/* Milliseconds, of which the day in UTC counts; also before 1970. */
static bool read_day(struct slice text, struct node_date *date)
{
	uint64_t ms;
	bool before = slice_starts(text, SLICE_LIT("-"));
	text = before ? slice_skip(text, 1) : text;
	text = slice_first(text, slice_find_byte(text, '.'));
	if (!slice_to_u64(text, timestamp_max, &ms)) {
		return false;
	}
	int year;
	unsigned month, day;
	int64_t days = (int64_t)(ms / DAY_MS);
	civil_date(before ? -days - (ms % DAY_MS > 0) : days, &year, &month, &day);
	if (year < 1) {
		return false;
	}
	date->year = (uint16_t)year;
	date->month = (uint8_t)month;
	date->day = (uint8_t)day;
	return true;
}

void adf_date(struct adf *a, const struct adf_node *n)
{
	struct node_date date = {.raw = adf_attr_words(a, n, ADF_W_timestamp)};
	if (read_day(date.raw, &date) || date.raw.len > 0) {
		chip(a, n, NODE_DATE)->of.date = date;
	}
}

void adf_emoji(struct adf *a, const struct adf_node *n)
{
	char space[EMOJI_MAX];
	struct slice text = adf_attr_words(a, n, ADF_W_text);
	if (text.len == 0 || emoji_is_shortcut(text)) {
		struct slice by_id = emoji_by_id(adf_attr(a, n, ADF_W_id), space);
		struct slice name = adf_attr(a, n, ADF_W_shortName);
		text = by_id.len > 0 ? by_id : name.len > 0 ? name : text;
		text = words_keep(&a->r->b, text);
	}
	if (text.len > 0) {
		struct node_emoji *e = &leaf(a, n, NODE_EMOJI)->of.emoji;
		e->text = text;
		if (emoji_is_shortcut(
			    text)) { /* one of the site's own: its picture, if it came along */
			e->attachment = target_medium(a->r, adf_attr(a, n, ADF_W_id),
						      slice_of(NULL, 0));
		}
	}
}

void adf_jira_issue(struct adf *a, const struct adf_node *n)
{
	struct slice key = adf_attr_words(a, n, ADF_W_issueKey);
	const struct known_link *known = known_issue(a->r, key);
	struct slice href = known != NULL ? reader_href(a->r, known->url) : slice_of(NULL, 0);
	if (key.len > 0) {
		target_show_link(a->r, href.len > 0 ? href : macro_issue_href(a->r, key), key);
	}
}
