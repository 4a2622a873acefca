#include "relay/smtp/redact.h"

#include <string.h>

enum { WORD_MOST = 32, PART_LEAST = 3, ENHANCED_PARTS = 3, SUBJECT_MAX = 7, DETAIL_MAX = 39 };

static const struct slice words[] = {
#define WORD(w) SLICE_INIT(w),
#include "relay/smtp/redact.def"
#undef WORD
};

/* Before these a number is a limit or a time. */
static const struct slice counted[] = {
	SLICE_INIT("sec"),   SLICE_INIT("second"),     SLICE_INIT("seconds"),
	SLICE_INIT("min"),   SLICE_INIT("minute"),     SLICE_INIT("minutes"),
	SLICE_INIT("hour"),  SLICE_INIT("hours"),      SLICE_INIT("day"),
	SLICE_INIT("days"),  SLICE_INIT("message"),    SLICE_INIT("messages"),
	SLICE_INIT("mails"), SLICE_INIT("recipients"), SLICE_INIT("connections"),
	SLICE_INIT("bytes"), SLICE_INIT("kb"),	       SLICE_INIT("mb"),
	SLICE_INIT("gb"),
};

/* --- what is written --- */

static void put(struct redacted *out, struct slice s)
{
	static const struct slice more = SLICE_INIT(" ...");
	if (s.len == 0 || slice_ends(slice_of(out->text, out->len), more)) {
		return;
	}
	if (out->len + s.len + more.len <= REDACT_MAX) {
		memcpy(out->text + out->len, s.ptr, s.len);
		out->len += s.len;
	} else {
		out->len -= out->text[out->len - 1] == ' ';
		memcpy(out->text + out->len, more.ptr, more.len);
		out->len += more.len;
	}
}

static void put_number(struct redacted *out, uint64_t number)
{
	char digits[20];
	size_t at = sizeof(digits);
	do {
		digits[--at] = (char)('0' + number % 10);
		number /= 10;
	} while (number > 0);
	put(out, slice_of(digits + at, sizeof(digits) - at));
}

static bool ends_by_star(const struct redacted *out)
{
	return slice_ends(slice_of(out->text, out->len), SLICE_LIT("*"));
}

static void put_gap(struct redacted *out)
{
	char last = out->len > 0 ? out->text[out->len - 1] : ' ';
	if (last != ' ' && last != '-' && last != '<') {
		put(out, SLICE_LIT(" "));
	}
}

static void put_star(struct redacted *out)
{
	if (!ends_by_star(out)) {
		put_gap(out);
		put(out, SLICE_LIT("*"));
	}
}

/* --- words --- */

static char small(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_alphanumeric(char c)
{
	c = small(c);
	return is_digit(c) || (c >= 'a' && c <= 'z');
}

_Static_assert((size_t)REDACT_WORDS == COUNT_OF(words), "each word has a place");

size_t redact_place(struct slice text)
{
	char room[WORD_MOST];
	size_t low = 0;
	size_t high = REDACT_WORDS;
	if (text.len == 0 || text.len > sizeof(room)) {
		return REDACT_WORDS;
	}
	for (size_t i = 0; i < text.len; i++) {
		room[i] = small(text.ptr[i]);
	}
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = slice_compare(slice_of(room, text.len), words[middle]);
		if (order == 0) {
			return middle;
		}
		low = order > 0 ? middle + 1 : low;
		high = order < 0 ? middle : high;
	}
	return REDACT_WORDS;
}

/* The table's word, or none. */
static struct slice find_word(struct slice text)
{
	size_t place = redact_place(text);
	return place < REDACT_WORDS ? words[place] : (struct slice){0};
}

static bool is_number(struct slice s)
{
	for (size_t i = 0; i < s.len; i++) {
		if (!is_digit(s.ptr[i])) {
			return false;
		}
	}
	return s.len > 0;
}

/* A word of the table that is no number, or none. */
static struct slice find_name(struct slice text)
{
	struct slice word = find_word(text);
	return is_number(word) ? (struct slice){0} : word;
}

bool redact_is_part(struct slice text, struct slice word)
{
	for (size_t at = 0; at + word.len <= text.len; at++) {
		size_t n = 0;
		while (n < word.len && small(text.ptr[at + n]) == word.ptr[n]) {
			n++;
		}
		bool stands_alone = (at == 0 || !is_alphanumeric(text.ptr[at - 1])) &&
				    (at + n == text.len || !is_alphanumeric(text.ptr[at + n]));
		if (n == word.len && (n >= PART_LEAST || stands_alone)) {
			return true;
		}
	}
	return false;
}

static bool is_separator(char c)
{
	return c == '-' || c == '/' || c == '=' || c == ',';
}

/* One part of a chunk; empty when it may not be told. */
static struct slice tellable(const struct redact_rules *r, struct slice part)
{
	struct slice word = find_word(part);
	return word.len > 0 && !is_number(word) && !r->hides(r->owner, word) ? word
									     : (struct slice){0};
}

static struct slice cut_part(struct slice *rest)
{
	size_t n = 0;
	while (n < rest->len && !is_separator(rest->ptr[n])) {
		n++;
	}
	struct slice part = slice_first(*rest, n);
	*rest = slice_skip(*rest, n);
	return part;
}

/* "SCRAM-SHA-256": a number may be a part of a name, behind its first. */
static bool is_tellable_part(const struct redact_rules *r, struct slice part, bool is_first)
{
	struct slice word = find_word(part);
	bool is_of_name = !is_first && word.len > 0 && is_number(word) &&
			  slice_eq(word, SLICE_LIT("256"));
	return is_of_name || tellable(r, part).len > 0;
}

static bool is_tellable(const struct redact_rules *r, struct slice chunk)
{
	bool is_first = true;
	struct slice rest = chunk;
	do {
		if (!is_tellable_part(r, cut_part(&rest), is_first)) {
			return false;
		}
		is_first = false;
		if (rest.len == 1) { /* it ends by a separator */
			return false;
		}
		rest = slice_skip(rest, 1);
	} while (rest.len > 0);
	return true;
}

/* Words of the table, and the separators between them. */
static void put_chunk(struct redacted *out, struct slice chunk)
{
	put_gap(out);
	while (chunk.len > 0) {
		put(out, find_word(cut_part(&chunk)));
		switch (chunk.len > 0 ? chunk.ptr[0] : '\0') {
		case '-':
			put(out, SLICE_LIT("-"));
			break;
		case '/':
			put(out, SLICE_LIT("/"));
			break;
		case '=':
			put(out, SLICE_LIT("="));
			break;
		case ',':
			put(out, SLICE_LIT(","));
			break;
		default:
			break;
		}
		chunk = slice_skip(chunk, 1);
	}
}

/* --- a reply's text --- */

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static struct slice cut_chunk(struct slice *rest)
{
	size_t n = 0;
	while (rest->len > 0 && is_blank(rest->ptr[0])) {
		*rest = slice_skip(*rest, 1);
	}
	while (n < rest->len && !is_blank(rest->ptr[n])) {
		n++;
	}
	struct slice chunk = slice_first(*rest, n);
	*rest = slice_skip(*rest, n);
	return chunk;
}

static bool is_mark(char c)
{
	return c > ' ' && c < 0x7F && strchr("\"'()[]<>{}.,;:!?", c) != NULL;
}

static struct slice without_marks(struct slice chunk)
{
	while (chunk.len > 0 && is_mark(chunk.ptr[0])) {
		chunk = slice_skip(chunk, 1);
	}
	while (chunk.len > 0 && is_mark(chunk.ptr[chunk.len - 1])) {
		chunk = slice_first(chunk, chunk.len - 1);
	}
	return chunk;
}

static bool counts(struct slice rest)
{
	struct slice next = find_word(without_marks(cut_chunk(&rest)));
	for (size_t i = 0; i < COUNT_OF(counted); i++) {
		if (slice_eq(next, counted[i])) {
			return true;
		}
	}
	return false;
}

static bool put_address(const struct redact_rules *r, struct redacted *out, struct slice chunk)
{
	char room[REDACT_TAG_MAX];
	if (slice_find_byte(chunk, '@') == chunk.len || !r->is_ours(r->owner, chunk)) {
		return false;
	}
	struct slice tag = r->tag(r->owner, chunk, room);
	if (tag.len == 0) {
		return false;
	}
	put_gap(out);
	put(out, SLICE_LIT("<"));
	put(out, tag);
	put(out, SLICE_LIT(">"));
	return true;
}

static void put_text(const struct redact_rules *r, struct redacted *out, struct slice text)
{
	for (struct slice chunk = cut_chunk(&text); chunk.len > 0; chunk = cut_chunk(&text)) {
		chunk = without_marks(chunk);
		struct slice word = find_word(chunk);
		if (chunk.len == 0 || put_address(r, out, chunk)) {
			continue;
		}
		if (word.len > 0 && is_number(word) && counts(text) && !r->hides(r->owner, word)) {
			put_gap(out);
			put(out, word);
		} else if (is_tellable(r, chunk)) {
			put_chunk(out, chunk);
		} else {
			put_star(out);
		}
	}
}

/* The registered ones, as of RFC 3463 and those behind it: 2, 4 or 5, then numbers within what is registered. */
static bool cut_enhanced(struct slice *text, uint64_t out_parts[ENHANCED_PARTS])
{
	static const uint64_t most[ENHANCED_PARTS] = {5, SUBJECT_MAX, DETAIL_MAX};
	struct slice rest = *text;
	struct slice chunk = cut_chunk(&rest);
	for (size_t i = 0; i < ENHANCED_PARTS; i++) {
		size_t n = slice_find_byte(chunk, '.');
		bool is_last = i + 1 == ENHANCED_PARTS;
		if ((n == chunk.len) != is_last ||
		    !slice_to_u64(slice_first(chunk, n), most[i], &out_parts[i])) {
			return false;
		}
		chunk = slice_skip(chunk, n + 1);
	}
	if (out_parts[0] != 2 && out_parts[0] != 4 && out_parts[0] != 5) {
		return false;
	}
	*text = rest;
	return true;
}

/* The largest of 1, 2, 5, 10, 20, 50 ... that is not above it: more would be room for a message. */
static uint64_t magnitude(uint64_t number)
{
	static const uint64_t steps[] = {2, 5, 10};
	uint64_t m = 1;
	uint64_t tens = 1;
	for (;;) {
		for (size_t i = 0; i < COUNT_OF(steps); i++) {
			if (tens > UINT64_MAX / 10 || tens * steps[i] > number) {
				return number == 0 ? 0 : m;
			}
			m = tens * steps[i];
		}
		tens *= 10;
	}
}

static void put_limit(struct redacted *out, struct slice digits, bool has_gap)
{
	uint64_t number = 0;
	if (has_gap) {
		put_gap(out);
	}
	if (!slice_to_u64(digits, UINT64_MAX, &number)) {
		put(out, SLICE_LIT("*"));
		return;
	}
	put_number(out, magnitude(number));
	put(out, SLICE_LIT("+"));
}

/* "SIZE 35882577" is "size 20000000+". Only of what is known to have a limit. */
static void put_capability(const struct redact_rules *r, struct redacted *out, struct slice text)
{
	struct slice keyword = cut_chunk(&text);
	struct slice word = find_word(keyword);
	bool has_limits = slice_eq(word, SLICE_LIT("size")) || slice_eq(word, SLICE_LIT("limits"));
	put_text(r, out, keyword);
	for (struct slice chunk = cut_chunk(&text); chunk.len > 0; chunk = cut_chunk(&text)) {
		size_t at = slice_find_byte(chunk, '=');
		struct slice value = slice_skip(chunk, at + 1);
		if (has_limits && is_number(chunk)) {
			put_limit(out, chunk, true);
		} else if (has_limits && at < chunk.len && is_number(value) &&
			   tellable(r, slice_first(chunk, at)).len > 0) {
			put_chunk(out, slice_first(chunk, at + 1));
			put_limit(out, value, false);
		} else {
			put_text(r, out, chunk);
		}
	}
}

static void put_code(struct redacted *out, int code, bool is_last)
{
	put_number(out, code < 0 ? 0 : (uint64_t)code % 1000);
	put(out, is_last ? SLICE_LIT(" ") : SLICE_LIT("-"));
}

static void put_bytes(struct redacted *out, uint64_t bytes, struct slice of)
{
	put_gap(out);
	put(out, SLICE_LIT("("));
	put_number(out, bytes);
	put(out, bytes == 1 ? SLICE_LIT(" byte") : SLICE_LIT(" bytes"));
	put(out, of);
	put(out, SLICE_LIT(")"));
}

void redact_reply(const struct redact_rules *r, enum redact_reply kind, int code, bool is_last,
		  struct slice text, struct redacted *out)
{
	uint64_t enhanced[ENHANCED_PARTS];
	out->len = 0;
	put_code(out, code, is_last);
	switch (kind) {
	case REDACT_CHALLENGE:
		put_bytes(out, text.len, (struct slice){0});
		return;
	case REDACT_CAPABILITY:
		put_capability(r, out, text);
		return;
	case REDACT_GREETING: /* the server's name, and whom it greets */
	case REDACT_REPLY:
		break;
	}
	if (cut_enhanced(&text, enhanced)) {
		for (size_t i = 0; i < ENHANCED_PARTS; i++) {
			put(out, i > 0 ? SLICE_LIT(".") : SLICE_LIT(""));
			put_number(out, enhanced[i]);
		}
	}
	put_text(r, out, text);
}

/* --- commands --- */

/* FROM:<...> and TO:<...> */
static bool put_path(const struct redact_rules *r, struct redacted *out, struct slice chunk)
{
	static const struct slice heads[] = {SLICE_INIT("FROM:<"), SLICE_INIT("TO:<")};
	char room[REDACT_TAG_MAX];
	for (size_t i = 0; i < COUNT_OF(heads); i++) {
		if (!slice_starts(chunk, heads[i]) || !slice_ends(chunk, SLICE_LIT(">"))) {
			continue;
		}
		struct slice address = slice_skip(slice_first(chunk, chunk.len - 1), heads[i].len);
		struct slice tag = address.len > 0 ? r->tag(r->owner, address, room) : address;
		put_gap(out);
		put(out, heads[i]);
		put(out, tag.len > 0 || address.len == 0 ? tag : SLICE_LIT("*"));
		put(out, SLICE_LIT(">"));
		return true;
	}
	return false;
}

static struct slice upper(struct slice word, char room[WORD_MOST])
{
	for (size_t i = 0; i < word.len; i++) {
		char c = word.ptr[i];
		room[i] = c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
	}
	return slice_of(room, word.len);
}

static void put_values(struct redacted *out, struct slice values)
{
	char room[WORD_MOST];
	struct slice part;
	do {
		if (!slice_cut_to(&values, ',', &part)) {
			part = values;
			values.len = 0;
		}
		struct slice word = find_name(part);
		put(out, word.len > 0 ? upper(word, room) : SLICE_LIT("*"));
		put(out, values.len > 0 ? SLICE_LIT(",") : SLICE_LIT(""));
	} while (values.len > 0);
}

/* KEY, or KEY=VALUE; of some keys the value may be told. */
static void put_parameter(struct redacted *out, struct slice chunk)
{
	static const struct slice plain[] = {SLICE_INIT("body"), SLICE_INIT("ret"),
					     SLICE_INIT("notify")};
	char room[WORD_MOST];
	uint64_t number;
	size_t at = slice_find_byte(chunk, '=');
	struct slice key = find_name(slice_first(chunk, at));
	struct slice value = slice_skip(chunk, at + 1);
	bool is_plain = false;
	if (key.len == 0) {
		put_star(out);
		return;
	}
	for (size_t i = 0; i < COUNT_OF(plain); i++) {
		is_plain |= slice_eq(key, plain[i]);
	}
	put_gap(out);
	put(out, upper(key, room));
	put(out, at < chunk.len ? SLICE_LIT("=") : SLICE_LIT(""));
	if (slice_eq(key, SLICE_LIT("size")) && slice_to_u64(value, UINT64_MAX, &number)) {
		put_number(out, number);
	} else if (is_plain) {
		put_values(out, value);
	} else if (at < chunk.len) {
		put(out, SLICE_LIT("*"));
	}
}

void redact_command(const struct redact_rules *r, struct slice line, struct redacted *out)
{
	char room[WORD_MOST];
	uint64_t number;
	out->len = 0;
	struct slice verb = cut_chunk(&line);
	struct slice word = find_name(verb);
	bool is_chunk = slice_eq(word, SLICE_LIT("bdat"));
	bool is_dot = slice_eq(verb, SLICE_LIT(".")) && line.len == 0;
	put(out, is_dot ? verb : word.len > 0 ? upper(word, room) : SLICE_LIT("*"));
	for (struct slice chunk = cut_chunk(&line); chunk.len > 0; chunk = cut_chunk(&line)) {
		if (is_chunk && slice_to_u64(chunk, UINT64_MAX, &number)) {
			put_gap(out);
			put_number(out, number);
		} else if (slice_eq(word, SLICE_LIT("ehlo"))) {
			put_star(out); /* this host's name */
		} else if (!put_path(r, out, chunk)) {
			put_parameter(out, chunk);
		}
	}
}

void redact_login(struct slice mechanism, size_t bytes, struct redacted *out)
{
	char room[WORD_MOST];
	out->len = 0;
	if (mechanism.len > 0) {
		put(out, SLICE_LIT("AUTH "));
		for (struct slice rest = mechanism; rest.len > 0; rest = slice_skip(rest, 1)) {
			put(out, upper(find_word(cut_part(&rest)), room));
			put(out, rest.len > 0 ? SLICE_LIT("-") : SLICE_LIT(""));
		}
	}
	put_bytes(out, bytes, (struct slice){0});
}

void redact_content(uint64_t bytes, struct redacted *out)
{
	out->len = 0;
	put_bytes(out, bytes, SLICE_LIT(" of content"));
}
