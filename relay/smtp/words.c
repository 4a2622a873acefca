#include "relay/smtp/words.h"

#include <string.h>

enum { PART_LEAST = 3 };

static const struct slice words[] = {
#define WORD(w) SLICE_INIT(w),
#include "relay/smtp/words.def"
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

_Static_assert((size_t)WORDS_COUNT == COUNT_OF(words), "each word has a place");

size_t words_place(struct slice text)
{
	char room[WORDS_MAX];
	size_t low = 0;
	size_t high = WORDS_COUNT;
	if (text.len == 0 || text.len > sizeof(room)) {
		return WORDS_COUNT;
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
	return WORDS_COUNT;
}

struct slice words_find(struct slice text)
{
	size_t place = words_place(text);
	return place < WORDS_COUNT ? words[place] : (struct slice){0};
}

bool words_is_number(struct slice s)
{
	for (size_t i = 0; i < s.len; i++) {
		if (!is_digit(s.ptr[i])) {
			return false;
		}
	}
	return s.len > 0;
}

struct slice words_find_name(struct slice text)
{
	struct slice word = words_find(text);
	return words_is_number(word) ? (struct slice){0} : word;
}

bool words_is_part(struct slice text, struct slice word)
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

struct slice words_upper(struct slice word, char room[WORDS_MAX])
{
	for (size_t i = 0; i < word.len; i++) {
		char c = word.ptr[i];
		room[i] = c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
	}
	return slice_of(room, word.len);
}

/* --- the pieces of a line --- */

static bool is_separator(char c)
{
	return c == '-' || c == '/' || c == '=' || c == ',';
}

struct slice words_cut_part(struct slice *rest)
{
	size_t n = 0;
	while (n < rest->len && !is_separator(rest->ptr[n])) {
		n++;
	}
	struct slice part = slice_first(*rest, n);
	*rest = slice_skip(*rest, n);
	return part;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

struct slice words_cut_chunk(struct slice *rest)
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

struct slice words_without_marks(struct slice chunk)
{
	while (chunk.len > 0 && is_mark(chunk.ptr[0])) {
		chunk = slice_skip(chunk, 1);
	}
	while (chunk.len > 0 && is_mark(chunk.ptr[chunk.len - 1])) {
		chunk = slice_first(chunk, chunk.len - 1);
	}
	return chunk;
}

bool words_count(struct slice rest)
{
	struct slice next = words_find(words_without_marks(words_cut_chunk(&rest)));
	for (size_t i = 0; i < COUNT_OF(counted); i++) {
		if (slice_eq(next, counted[i])) {
			return true;
		}
	}
	return false;
}
