#include "render/html/flow.h"

#include <string.h>

#include "spool-free/base/sixteen.h"
#include "spool-free/base/text.h"

enum {
	WORD_MAX = 64 * 1024 * 1024,
	WORD_BYTES_MAX = FLOW_BYTES_MAX - FLOW_PREFIX_MAX -
			 16, /* a line's prefixes are no longer */
	ROOM_LEAST = 20,
	WIDE_RUN = 60
};

void flow_init(struct flow *f, struct buf *into, size_t width)
{
	*f = (struct flow){.into = into, .width = width};
	buf_init(&f->word, WORD_MAX);
}

void flow_deinit(struct flow *f)
{
	f->word.len = f->word.room; /* shorter words stood where a longer one did */
	buf_deinit(&f->word);
}

static void put(struct flow *f, struct slice bytes)
{
	if (f->fault == FAULT_NONE) {
		f->fault = buf_add(f->into, bytes);
	}
}

static size_t trimmed(const char *bytes, size_t len)
{
	while (len > 0 && bytes[len - 1] == ' ') {
		len--;
	}
	return len;
}

static void open_line(struct flow *f)
{
	for (; f->gap > 0 && f->lines > 0; f->gap--) {
		put(f, slice_of(f->rest.bytes, trimmed(f->rest.bytes, f->gap_len)));
		put(f, SLICE_LIT("\n"));
	}
	f->gap = 0;
	put(f, slice_of(f->next.bytes, f->next.len));
	f->column = flow_columns(slice_of(f->next.bytes, f->next.len));
	f->line_at = f->into->len;
	f->next = f->rest;
	f->lines++;
	f->open = true;
	f->tight = false;
	f->spaced = false;
}

static void close_line(struct flow *f)
{
	if (!f->open) {
		return;
	}
	size_t indent = flow_columns(slice_of(f->rest.bytes, f->rest.len));
	size_t own = f->column > indent ? f->column - indent : 0;
	f->longest = own > f->longest ? own : f->longest;
	if (f->fault == FAULT_NONE) {
		f->into->len = trimmed(f->into->ptr, f->into->len);
	}
	put(f, SLICE_LIT("\n"));
	f->open = false;
	f->spaced = false;
}

static size_t ascii_run(struct slice text)
{
	size_t i = 0;
	for (; text.len - i >= SIXTEEN; i += SIXTEEN) {
		unsigned wide = sixteen_bits(sixteen_load(text.ptr + i));
		if (wide != 0) {
			return i + sixteen_first(wide);
		}
	}
	while (i < text.len && (unsigned char)text.ptr[i] < 0x80) {
		i++;
	}
	return i;
}

size_t flow_columns(struct slice text)
{
	size_t n = 0;
	while (text.len > 0) {
		size_t ascii = ascii_run(text);
		n += ascii;
		text = slice_skip(text, ascii);
		if (text.len > 0) {
			n += text_columns(text_next(&text));
		}
	}
	return n;
}

static void put_word(struct flow *f, struct slice word, size_t columns)
{
	size_t space = f->open && f->spaced ? 1 : 0;
	bool fits = f->width == SIZE_MAX || (f->column + space + columns <= f->width &&
					     f->into->len - f->line_at + word.len < WORD_BYTES_MAX);
	if (f->open && !fits && f->into->len > f->line_at) {
		close_line(f);
	}
	if (!f->open) {
		open_line(f);
		space = 0;
	}
	f->spaced = false;
	f->column += space + columns;
	/* The usual word costs one look for room. */
	char *at;
	if (f->fault == FAULT_NONE) {
		f->fault = buf_reserve(f->into, space + word.len, &at);
	}
	if (f->fault == FAULT_NONE) {
		*at = ' ';
		memcpy(at + space, word.ptr, word.len);
		buf_grew(f->into, space + word.len);
	}
}

/* A word that no line takes stands on several (RFC 5322, 2.1.1). */
static struct slice put_pieces(struct flow *f, struct slice word)
{
	while (word.len > FLOW_PIECE_MAX) {
		size_t n = FLOW_PIECE_MAX;
		while (n > 1 && ((unsigned char)word.ptr[n] & 0xc0) == 0x80) {
			n--;
		}
		put_word(f, slice_first(word, n), FLOW_PIECE_MAX);
		close_line(f);
		word = slice_skip(word, n);
	}
	return word;
}

void flow_word_end(struct flow *f)
{
	if (f->word.len > 0) {
		struct slice word = buf_view(&f->word);
		if (word.len > FLOW_PIECE_MAX && f->width != SIZE_MAX) {
			word = put_pieces(f, word);
			f->word_columns = flow_columns(word);
		}
		put_word(f, word, f->word_columns);
		f->word.len = 0;
		f->word_columns = 0;
	}
}

void flow_line_end(struct flow *f)
{
	flow_word_end(f);
	close_line(f);
}

static void add_to_word(struct flow *f, struct slice bytes, size_t columns)
{
	if (f->fault == FAULT_NONE) {
		f->fault = buf_add(&f->word, bytes);
	}
	f->word_columns += columns;
}

/* Behind these a line may end though no blank follows: ideographic comma and full stop, closing marks. */
static bool ends_wide(uint32_t code)
{
	return (code >= 0x3001 && code <= 0x3002) || code == 0xff0c || code == 0xff0e ||
	       code == 0xff01 || code == 0xff1f || code == 0xff1a || code == 0xff1b ||
	       code == 0x300d || code == 0x300f || code == 0xff09 || code == 0x3000;
}

/* Invisible, and of no use in plain text: zero-width space, word joiner, byte order mark, soft hyphen. */
static bool is_dropped(uint32_t code)
{
	return code == 0x200b || code == 0x2060 || code == 0xfeff || code == 0xad;
}

static void take_wide(struct flow *f, struct slice *text)
{
	struct slice before = *text;
	uint32_t code = text_next(text);
	if (is_dropped(code)) {
		return;
	}
	if (code == 0xa0 || code == 0x2007 || code == 0x202f) { /* blanks that do not break */
		add_to_word(f, SLICE_LIT(" "), 1);
		return;
	}
	unsigned columns = text_columns(code);
	if (columns == 2 && f->word_columns >= WIDE_RUN && f->width != SIZE_MAX) {
		flow_word_end(f);
	}
	add_to_word(f, slice_first(before, before.len - text->len), columns);
	if (ends_wide(code)) {
		flow_word_end(f);
	}
}

enum { LETTER, BLANK, WIDE };

static const unsigned char class_of[256] = {
	[' '] = BLANK, ['\n'] = BLANK, ['\t'] = BLANK, ['\r'] = BLANK, [0x80 ... 0xff] = WIDE,
};

/*
 * Whole words of ASCII from the front on, one blank between them and one behind the last, that take no more than `room`:
 * how many bytes they are together, 0 for none. The first byte is no blank.
 */
static size_t find_stretch(struct slice text, size_t room)
{
	size_t found = 0;
	unsigned blank_before = 0;
	for (size_t i = 0; i < text.len && i <= room; i += SIXTEEN) {
		sixteen_lanes v = sixteen_load_some(text.ptr + i, text.len - i);
		unsigned blanks = sixteen_bits(sixteen_equal(v, ' '));
		unsigned stops = sixteen_bits(sixteen_less(v, ' ')) |
				 (blanks & (blanks << 1 | blank_before));
		blank_before = blanks >> (SIXTEEN - 1);
		/* Bits below the first stop, and no further than `room`. */
		blanks &= (stops & -stops) - 1;
		if (room - i < SIXTEEN) {
			blanks &= (2U << (room - i)) - 1;
		}
		if (blanks != 0) {
			found = i + sixteen_last(blanks);
		}
		if ((stops & SIXTEEN_ALL) != 0) {
			break;
		}
	}
	return found;
}

/* Words that come as lines need them, one blank apart, go out without a look at each. */
static void put_stretch(struct flow *f, struct slice *text)
{
	size_t taken = f->column + (f->spaced ? 1 : 0);
	if (!f->open || f->word.len > 0 || taken >= f->width || text->ptr[0] == ' ') {
		return;
	}
	size_t n = find_stretch(*text, f->width - taken);
	if (n > 0) {
		put_word(f, slice_of(text->ptr, n), n);
		f->spaced = true;
		*text = slice_of(text->ptr + n + 1, text->len - n - 1);
	}
}

void flow_text(struct flow *f, struct slice text)
{
	while (text.len > 0) {
		put_stretch(f, &text);
		size_t n = 0;
		while (n < text.len && class_of[(unsigned char)text.ptr[n]] == LETTER) {
			n++;
		}
		struct slice run = slice_first(text, n);
		bool ended = n < text.len && class_of[(unsigned char)text.ptr[n]] == BLANK;
		text = slice_of(text.ptr + n, text.len - n);
		if (ended && f->word.len == 0 && n > 0 && n <= FLOW_PIECE_MAX) {
			put_word(f, run, n);
		} else if (n > 0) {
			add_to_word(f, run, n);
		}
		if (ended) {
			flow_word_end(f);
			f->spaced = true;
			text = slice_of(text.ptr + 1, text.len - 1);
		} else if (text.len > 0) {
			take_wide(f, &text);
		}
	}
}

void flow_raw_line(struct flow *f, struct slice indent, struct slice line)
{
	flow_line_end(f);
	open_line(f);
	put(f, indent);
	put(f, line);
	f->column += indent.len + line.len;
	close_line(f);
}

void flow_rule(struct flow *f, char byte, size_t count)
{
	flow_line_end(f);
	open_line(f);
	for (size_t i = 0; i < count; i++) {
		put(f, slice_of(&byte, 1));
	}
	close_line(f);
}

void flow_signature(struct flow *f)
{
	flow_line_end(f);
	open_line(f);
	put(f, SLICE_LIT("-- \n"));
	f->open = false;
}

void flow_tight(struct flow *f)
{
	flow_no_gap(f);
	f->tight = true;
}

void flow_gap(struct flow *f, unsigned lines)
{
	flow_line_end(f);
	if (f->tight) {
		return;
	}
	f->gap_len = f->gap == 0 || f->rest.len < f->gap_len ? f->rest.len : f->gap_len;
	f->gap = lines > f->gap ? lines : f->gap;
}

void flow_no_gap(struct flow *f)
{
	flow_line_end(f);
	f->gap = 0;
}

static void append(struct flow_prefix *to, struct slice more)
{
	if (to->len + more.len <= FLOW_PREFIX_MAX && more.len > 0) {
		memcpy(to->bytes + to->len, more.ptr, more.len);
		to->len += more.len;
	}
}

void flow_push(struct flow *f, struct slice first, struct slice rest)
{
	f->depth++;
	if (f->depth > FLOW_DEPTH_MAX) {
		return;
	}
	f->levels[f->depth - 1] = (struct flow_level){
		.rest_len = (uint16_t)f->rest.len,
		.next_len = (uint16_t)f->next.len,
		.lines = f->lines,
	};
	/* A mark that finds no room is still shown; only lines behind it stand less far in. */
	struct flow_prefix *next = &f->next;
	size_t room = sizeof(next->bytes) - next->len;
	if (first.len > 0 && first.len <= room) {
		memcpy(next->bytes + next->len, first.ptr, first.len);
		next->len += first.len;
	}
	append(&f->rest, rest);
}

void flow_pop(struct flow *f, bool shown)
{
	flow_line_end(f);
	if (f->depth-- > FLOW_DEPTH_MAX) {
		return;
	}
	const struct flow_level *l = &f->levels[f->depth];
	bool taken = f->lines > l->lines;
	if (!taken && shown) {
		open_line(f);
		close_line(f);
		taken = true;
	}
	f->rest.len = l->rest_len;
	if (taken) {
		f->next = f->rest;
	} else {
		f->next.len = l->next_len;
	}
}

void flow_measure(struct flow *f)
{
	f->longest = 0;
}

size_t flow_room(const struct flow *f)
{
	size_t used = flow_columns(slice_of(f->rest.bytes, f->rest.len));
	return f->width > used + ROOM_LEAST ? f->width - used : ROOM_LEAST;
}
