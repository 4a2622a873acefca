#include "render/confluence/soup.h"

#include "spool-free/base/text.h"
#include "render/confluence/entities.h"
#include "render/confluence/soup_names.h"

enum {
	NAME_LENGTH_MAX = 64,
	SEARCH_DEPTH = 64, /* how many open elements an end tag may look at */
};

struct soup {
	struct reader *r;
	struct slice rest;
	unsigned base; /* elements open before */
	uint64_t base_overflow;
	struct slice only; /* a page of HTML: the id of what alone is shown, should it come */
	bool is_page;	   /* HTML, not storage format */
	bool found_only;   /* it has come, as the first element since */
	/* Looked for once in vain: never again, so work stays linear */
	bool no_comment_end, no_cdata_end, no_tags;
	uint8_t no_raw_end; /* a bit for each number of a raw name */
	uint8_t ranks[READER_DEPTH];
};

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

static bool is_letter(char c)
{
	return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

static void text(struct soup *s, struct slice run)
{
	while (run.len > 0) {
		size_t at = slice_find_byte(run, '&');
		if (at > 0) {
			reader_text(s->r, slice_first(run, at));
		}
		run = slice_skip(run, at);
		if (run.len == 0) {
			break;
		}
		uint32_t code;
		char bytes[TEXT_UTF8_MAX] = {'&'};
		size_t len = 1;
		if (entities_next(&run, &code)) {
			len = text_encode(code, bytes);
		} else {
			run = slice_skip(run, 1);
		}
		reader_text(s->r, slice_of(bytes, len));
	}
}

static bool is_open(const struct soup *s)
{
	return s->r->depth > s->base || s->r->overflow > s->base_overflow;
}

/* Lower case, in the arena only if it was not. */
static struct slice lower(struct soup *s, struct slice name)
{
	bool upper = false;
	for (size_t i = 0; i < name.len; i++) {
		upper = upper || (name.ptr[i] >= 'A' && name.ptr[i] <= 'Z');
	}
	if (!upper || name.len > NAME_LENGTH_MAX) {
		return name;
	}
	struct builder *b = &s->r->b;
	char *at = b->fault == FAULT_NONE ? arena_bytes(b->arena, name.len) : NULL;
	if (at == NULL) {
		b->fault = FAULT_NO_MEMORY;
		return name;
	}
	for (size_t i = 0; i < name.len; i++) {
		char c = name.ptr[i];
		at[i] = c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
	}
	return slice_of(at, name.len);
}

static struct slice decode_value(struct soup *s, struct slice value)
{
	if (slice_find_byte(value, '&') == value.len) {
		return value;
	}
	struct gather g = {.ptr = NULL};
	while (value.len > 0) {
		size_t at = slice_find_byte(value, '&');
		gather_add(&g, &s->r->b, slice_first(value, at));
		value = slice_skip(value, at);
		uint32_t code;
		char bytes[TEXT_UTF8_MAX] = {'&'};
		size_t len = 1;
		if (value.len > 0 && entities_next(&value, &code)) {
			len = text_encode(code, bytes);
		} else if (value.len > 0) {
			value = slice_skip(value, 1);
		} else {
			break;
		}
		gather_add(&g, &s->r->b, slice_of(bytes, len));
	}
	return gather_view(&g);
}

/* Closes what stands above the first of `names` within `reach`, and that itself. */
static bool close_up_to(struct soup *s, struct slice name, enum soup_rank reach)
{
	struct reader *r = s->r;
	unsigned steps = 0;
	for (unsigned i = r->depth; i-- > s->base && steps < SEARCH_DEPTH; steps++) {
		if (slice_eq(r->stack[i].name, name)) {
			while (r->overflow > s->base_overflow || r->depth > i) {
				reader_end(r);
			}
			return true;
		}
		if (s->ranks[i] > reach) {
			return false;
		}
	}
	return false;
}

/* HTML's implied end tags: an item ends the item before it, a block a paragraph. */
static void close_before(struct soup *s, struct slice name, enum soup_rank rank)
{
	static const struct slice cells[] = {SLICE_INIT("td"), SLICE_INIT("th")};
	static const struct slice groups[] = {SLICE_INIT("thead"), SLICE_INIT("tbody"),
					      SLICE_INIT("tfoot"), SLICE_INIT("colgroup"),
					      SLICE_INIT("caption")};
	static const struct slice terms[] = {SLICE_INIT("dt"), SLICE_INIT("dd")};
	switch (rank) {
	case RANK_PARAGRAPH:
	case RANK_BLOCK:
	case RANK_TABLE:
		close_up_to(s, SLICE_LIT("p"), RANK_PARAGRAPH);
		break;
	case RANK_ITEM:
		if (slice_eq(name, SLICE_LIT("li"))) {
			close_up_to(s, name, RANK_ITEM);
			break;
		}
		for (size_t i = 0; i < COUNT_OF(terms); i++) {
			close_up_to(s, terms[i], RANK_ITEM);
		}
		break;
	case RANK_GROUP:
		for (size_t i = 0; i < COUNT_OF(groups); i++) {
			close_up_to(s, groups[i], RANK_GROUP);
		}
		break;
	case RANK_ROW:
		close_up_to(s, name, RANK_ROW);
		close_up_to(s, SLICE_LIT("colgroup"), RANK_CELL);
		break;
	case RANK_CELL:
		for (size_t i = 0; i < COUNT_OF(cells); i++) {
			close_up_to(s, cells[i], RANK_CELL);
		}
		break;
	case RANK_INLINE:
	case RANK_MACRO:
		break;
	}
}

/* All up to the end tag, which goes, too. False when there is none. */
static bool cut_raw(struct soup *s, size_t number, struct slice *out_inside)
{
	struct slice rest = s->rest;
	uint8_t bit = (uint8_t)(1U << number);
	if ((s->no_raw_end & bit) != 0) {
		return false;
	}
	for (size_t at; (at = slice_find(rest, SLICE_LIT("</"))) < rest.len;) {
		rest = slice_skip(rest, at + 2);
		if (slice_starts_nocase(rest, soup_raw_name(number))) {
			*out_inside = slice_first(s->rest, (size_t)(rest.ptr - 2 - s->rest.ptr));
			s->rest = slice_skip(rest, slice_find_byte(rest, '>') + 1);
			return true;
		}
	}
	s->no_raw_end |= bit;
	return false;
}

/* Without its end tag it is no such element; where elements are not looked at any more, it is nothing. */
static void raw(struct soup *s, const struct tag *tag, size_t number)
{
	struct slice inside;
	if (cut_raw(s, number, &inside) && s->r->depth < READER_DEPTH) {
		reader_start(s->r, tag);
		reader_text(s->r, inside);
		reader_end(s->r);
	}
}

/* What stands around the page's own content does not count. */
static void begin_only(struct soup *s, const struct tag *tag)
{
	if (s->only.len == 0 || !slice_eq(tag_attr(tag, SLICE_LIT("id")), s->only)) {
		return;
	}
	s->only.len = 0;
	s->found_only = true;
	reader_forget(s->r);
	s->base_overflow = 0;
}

static void start(struct soup *s, struct tag *tag, bool empty)
{
	enum soup_rank rank = soup_rank(tag->name);
	size_t number = soup_raw_number(tag->name);
	close_before(s, tag->name, rank);
	if (number < SOUP_RAW_NAMES) {
		raw(s, tag, number);
		return;
	}
	begin_only(s, tag);
	if (s->r->depth < READER_DEPTH) {
		s->ranks[s->r->depth] = (uint8_t)rank;
	}
	reader_start(s->r, tag);
	if (empty || soup_is_void(tag->name)) {
		reader_end(s->r);
	}
}

/* Takes one attribute off the front, or a byte that is none. */
static void read_attr(struct soup *s, struct slice *rest, struct tag *tag)
{
	size_t at = 0;
	while (at < rest->len && !is_blank(rest->ptr[at]) && rest->ptr[at] != '>' &&
	       rest->ptr[at] != '=' && rest->ptr[at] != '/') {
		at++;
	}
	struct slice name = slice_first(*rest, at);
	*rest = slice_skip(*rest, at > 0 ? at : 1);
	struct slice look = *rest;
	while (look.len > 0 && is_blank(look.ptr[0])) {
		look = slice_skip(look, 1);
	}
	struct slice value = slice_of(NULL, 0);
	if (at > 0 && look.len > 0 && look.ptr[0] == '=') {
		look = slice_skip(look, 1);
		while (look.len > 0 && is_blank(look.ptr[0])) {
			look = slice_skip(look, 1);
		}
		char quote = look.len > 0 && (look.ptr[0] == '"' || look.ptr[0] == '\'')
				     ? look.ptr[0]
				     : 0;
		size_t end = 0;
		if (quote != 0) {
			look = slice_skip(look, 1);
			end = slice_find_byte(look, quote);
		} else {
			while (end < look.len && !is_blank(look.ptr[end]) && look.ptr[end] != '>') {
				end++;
			}
		}
		value = slice_first(look, end);
		*rest = slice_skip(look, end + (quote != 0));
	}
	if (name.len > 0 && tag->attr_count < TAG_ATTRS_MAX) {
		tag->attrs[tag->attr_count++] = (struct attr){.name = lower(s, name),
							      .value = decode_value(s, value)};
	}
}

/* `rest` begins with `<` and a letter. False when the input ends inside. */
static bool start_tag(struct soup *s)
{
	struct tag tag;
	struct slice rest = slice_skip(s->rest, 1);
	size_t at = 0;
	bool empty = false;
	tag.attr_count = 0;
	while (at < rest.len && !is_blank(rest.ptr[at]) && rest.ptr[at] != '>' &&
	       rest.ptr[at] != '/') {
		at++;
	}
	tag.name = lower(s, slice_first(rest, at));
	rest = slice_skip(rest, at);
	while (rest.len > 0 && rest.ptr[0] != '>') {
		empty = rest.ptr[0] == '/';
		if (empty || is_blank(rest.ptr[0])) {
			rest = slice_skip(rest, 1);
		} else {
			read_attr(s, &rest, &tag);
		}
	}
	if (rest.len == 0) {
		return false;
	}
	s->rest = slice_skip(rest, 1);
	start(s, &tag, empty);
	return true;
}

static bool is_heading(struct slice name)
{
	return name.len == 2 && name.ptr[0] == 'h' && name.ptr[1] >= '1' && name.ptr[1] <= '6';
}

/* The end of a heading ends whichever is open. */
static void close_heading(struct soup *s, struct slice name)
{
	char other[2] = {'h', '1'};
	if (close_up_to(s, name, RANK_PARAGRAPH)) {
		return;
	}
	for (; other[1] <= '6' && !close_up_to(s, slice_of(other, 2), RANK_PARAGRAPH); other[1]++) {
	}
}

/* `rest` begins with `</` and a letter. */
static bool end_tag(struct soup *s)
{
	struct slice rest = slice_skip(s->rest, 2);
	size_t end = slice_find_byte(rest, '>');
	if (end == rest.len) {
		return false;
	}
	struct slice name = lower(s, slice_trim(slice_first(rest, end)));
	s->rest = slice_skip(rest, end + 1);
	if (slice_eq(name, SLICE_LIT("br"))) {
		struct tag tag = {.name = name};
		start(s, &tag, true);
	} else if (s->r->overflow > s->base_overflow) {
		reader_end(s->r);
	} else if (is_heading(name)) {
		close_heading(s, name);
	} else {
		close_up_to(s, name, soup_reach(name));
	}
	return true;
}

/* What is between `open` and `close` at the front; false when the end is missing, which `missing`
 * keeps in mind. */
static bool cut_between(struct soup *s, struct slice open, struct slice close, bool *missing,
			struct slice *out_inside)
{
	if (*missing || !slice_starts(s->rest, open)) {
		return false;
	}
	struct slice inside = slice_skip(s->rest, open.len);
	size_t at = slice_find(inside, close);
	if (at == inside.len) {
		*missing = true;
		return false;
	}
	*out_inside = slice_first(inside, at);
	s->rest = slice_skip(inside, at + close.len);
	return true;
}

/* `<!-->` and `<!--->` are whole comments in HTML. */
static bool short_comment(struct soup *s)
{
	static const struct slice comments[] = {SLICE_INIT("<!-->"), SLICE_INIT("<!--->")};
	for (size_t i = 0; i < COUNT_OF(comments); i++) {
		if (slice_starts(s->rest, comments[i])) {
			s->rest = slice_skip(s->rest, comments[i].len);
			return true;
		}
	}
	return false;
}

/* A document type, with an inner subset perhaps, or a processing instruction: up to its end. */
static bool declaration(struct soup *s)
{
	struct slice rest = slice_skip(s->rest, 1);
	size_t end = slice_find_byte(rest, '>');
	size_t bracket = slice_find_byte(slice_first(rest, end), '[');
	if (bracket < end && rest.ptr[0] == '!') {
		end = slice_find(rest, SLICE_LIT("]>"));
		end += end < rest.len;
	}
	if (end == rest.len) {
		return false;
	}
	s->rest = slice_skip(rest, end + 1);
	return true;
}

/* `rest` begins with `<`. False when it is no markup, but text. */
static bool markup(struct soup *s)
{
	struct slice inside;
	char next = s->rest.len > 1 ? s->rest.ptr[1] : 0;
	char after = s->rest.len > 2 ? s->rest.ptr[2] : 0;
	if (short_comment(s) ||
	    cut_between(s, SLICE_LIT("<!--"), SLICE_LIT("-->"), &s->no_comment_end, &inside)) {
		return true;
	}
	if (cut_between(s, SLICE_LIT("<![CDATA["), SLICE_LIT("]]>"), &s->no_cdata_end, &inside)) {
		reader_text(s->r, inside);
		return true;
	}
	if (slice_starts(s->rest, SLICE_LIT("<!--"))) {
		s->rest = slice_skip(s->rest, s->is_page ? SLICE_LIT("<!--").len : 0);
		return s->is_page;
	}
	if (slice_starts(s->rest, SLICE_LIT("<![CDATA["))) {
		s->rest = slice_skip(s->rest, SLICE_LIT("<![CDATA[").len);
		return true;
	}
	if (s->no_tags) {
		return false;
	}
	bool read = (next == '!' || next == '?')      ? declaration(s)
		    : is_letter(next)		      ? start_tag(s)
		    : next == '/' && is_letter(after) ? end_tag(s)
						      : false;
	bool tried = next == '!' || next == '?' || is_letter(next) ||
		     (next == '/' && is_letter(after));
	s->no_tags = tried && !read;
	return read;
}

static void read_all(struct soup *s)
{
	struct reader *r = s->r;
	while (s->rest.len > 0 && r->b.fault == FAULT_NONE) {
		size_t at = slice_find_byte(s->rest, '<');
		text(s, slice_first(s->rest, at));
		s->rest = slice_skip(s->rest, at);
		if (s->rest.len > 0 && !markup(s)) {
			reader_text(r, slice_first(s->rest, 1));
			s->rest = slice_skip(s->rest, 1);
		}
		if (s->found_only && !is_open(s)) {
			break;
		}
	}
	while (is_open(s) && r->b.fault == FAULT_NONE) {
		reader_end(r);
	}
}

void soup_read(struct slice input, struct reader *r)
{
	struct soup s = {.r = r, .rest = input, .base = r->depth, .base_overflow = r->overflow};
	read_all(&s);
}

void soup_read_page(struct slice html, struct slice only, struct reader *r)
{
	struct soup s = {
		.r = r,
		.rest = html,
		.base = r->depth,
		.base_overflow = r->overflow,
		.only = r->depth == 0 ? only : slice_of(NULL, 0),
		.is_page = true,
	};
	read_all(&s);
}
