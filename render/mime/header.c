#include "render/mime/header.h"

#include <string.h>

#include "spool-free/base/base64.h"
#include "spool-free/base/text.h"

enum {
	WORD_FRAME = 12,	      /* =?UTF-8?B?...?= */
	WORD_LEAST = WORD_FRAME + 12, /* holds any one character, in Q too */
	LONGEST_PLAIN =
		60, /* a longer run without a blank is encoded, so that lines can be folded */
	QUOTED_NAME_MAX = 60, /* a longer name in quotes could not be folded */
};

/* A field under way; the first fault sticks. `column` counts bytes of the open line. */
struct field {
	struct buf *into;
	size_t start;
	size_t column;
	enum fault fault;
};

static void put(struct field *f, struct slice bytes)
{
	if (f->fault == FAULT_NONE) {
		f->fault = buf_add(f->into, bytes);
		f->column += bytes.len;
	}
}

static struct field begin(struct buf *head, struct slice name)
{
	struct field f = {.into = head, .start = head->len};
	put(&f, name);
	put(&f, SLICE_LIT(":"));
	return f;
}

/* A blank, on a new line where the `wanted` bytes behind it would not fit. */
static void put_blank(struct field *f, size_t wanted)
{
	if (f->column + 1 + wanted > MIME_LINE) {
		put(f, SLICE_LIT("\r\n"));
		f->column = 0;
	}
	put(f, SLICE_LIT(" "));
}

static void put_word(struct field *f, struct slice word)
{
	put_blank(f, word.len);
	put(f, word);
}

static enum fault finish(struct field *f)
{
	put(f, SLICE_LIT("\r\n"));
	if (f->fault != FAULT_NONE) {
		f->into->len = f->start;
	}
	return f->fault;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* Cuts the next blanks and the next word off the front. */
static bool next_word(struct slice *rest, struct slice *out_blanks, struct slice *out_word)
{
	size_t b = 0;
	while (b < rest->len && is_blank(rest->ptr[b])) {
		b++;
	}
	size_t w = b;
	while (w < rest->len && !is_blank(rest->ptr[w])) {
		w++;
	}
	*out_blanks = slice_first(*rest, b);
	*out_word = slice_of(rest->ptr + b, w - b);
	*rest = slice_skip(*rest, w);
	return out_word->len > 0;
}

/* RFC 2047 5: what looks like an encoded word, but is none, must be encoded itself. */
static bool word_is_plain(struct slice blanks, struct slice word)
{
	return text_is_ascii(word) && word.len <= LONGEST_PLAIN && blanks.len <= 1 &&
	       slice_find(word, SLICE_LIT("=?")) == word.len;
}

/* RFC 2047 5(3): the set that is safe in a phrase too. */
static bool is_q_plain(unsigned char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '!' || c == '*' || c == '+' || c == '-' || c == '/';
}

static size_t q_len(struct slice s)
{
	size_t n = 0;
	for (size_t i = 0; i < s.len; i++) {
		n += is_q_plain((unsigned char)s.ptr[i]) || is_blank(s.ptr[i]) ? 1 : 3;
	}
	return n;
}

/* As many whole characters as fit into `room` encoded bytes. */
static struct slice fitting(bool as_q, struct slice text, size_t room)
{
	struct slice rest = text;
	size_t taken = 0;
	size_t q = 0;
	while (rest.len > 0) {
		struct slice before = rest;
		(void)text_next(&rest);
		struct slice character = slice_first(before, before.len - rest.len);
		size_t upto = taken + character.len;
		q += as_q ? q_len(character) : 0;
		if ((as_q ? q : base64_len(upto)) > room) {
			break;
		}
		taken = upto;
	}
	return slice_first(text, taken);
}

static void put_encoded_word(struct field *f, bool as_q, struct slice text)
{
	char made[MIME_WORD + 1];
	size_t n = 0;
	if (!as_q) {
		base64_encode(text, made);
		n = base64_len(text.len);
	}
	for (size_t i = 0; as_q && i < text.len; i++) {
		unsigned char c = (unsigned char)text.ptr[i];
		if (is_q_plain(c)) {
			made[n++] = (char)c;
		} else if (is_blank((char)c)) {
			made[n++] = '_';
		} else {
			made[n++] = '=';
			made[n++] = "0123456789ABCDEF"[c >> 4];
			made[n++] = "0123456789ABCDEF"[c & 15];
		}
	}
	put(f, as_q ? SLICE_LIT("=?UTF-8?Q?") : SLICE_LIT("=?UTF-8?B?"));
	put(f, slice_of(made, n));
	put(f, SLICE_LIT("?="));
}

/* A run of encoded words; the blanks between them are no part of the text (RFC 2047 6.2). */
static void put_encoded(struct field *f, struct slice text)
{
	bool as_q = q_len(text) <= base64_len(text.len);
	size_t whole = WORD_FRAME + (as_q ? q_len(text) : base64_len(text.len));
	while (text.len > 0 && f->fault == FAULT_NONE) {
		/* What fits into one word is not split: some readers show the seam. */
		put_blank(f, whole <= MIME_WORD ? whole : WORD_LEAST);
		size_t room = MIME_LINE - f->column;
		room = (room < MIME_WORD ? room : MIME_WORD) - WORD_FRAME;
		struct slice part = fitting(as_q, text, room);
		put_encoded_word(f, as_q, part);
		text = slice_skip(text, part.len);
	}
}

/* From the first to the last word that cannot stand as it is; empty when all can. */
static struct slice part_to_encode(struct slice value)
{
	struct slice rest = value;
	struct slice blanks;
	struct slice word;
	const char *from = NULL;
	const char *to = NULL;
	while (next_word(&rest, &blanks, &word)) {
		if (!word_is_plain(blanks, word)) {
			/* Blanks that are more than one would be lost outside an encoded word. */
			from = from == NULL ? (blanks.len > 1 ? blanks.ptr + 1 : word.ptr) : from;
			to = word.ptr + word.len;
		}
	}
	return from != NULL ? slice_of(from, (size_t)(to - from)) : (struct slice){0};
}

static void put_plain_words(struct field *f, struct slice text)
{
	struct slice blanks;
	struct slice word;
	while (next_word(&text, &blanks, &word)) {
		put_word(f, word);
	}
}

enum fault mime_header_add(struct buf *head, struct slice name, struct slice value)
{
	if (!text_is_header_safe(value)) {
		return FAULT_BAD_FIELD;
	}
	value = slice_trim(value);
	struct slice middle = part_to_encode(value);
	size_t before = middle.len > 0 ? (size_t)(middle.ptr - value.ptr) : value.len;
	struct field f = begin(head, name);
	put_plain_words(&f, slice_first(value, before));
	put_encoded(&f, middle);
	put_plain_words(&f, slice_skip(value, before + middle.len));
	return finish(&f);
}

enum fault mime_header_tokens(struct buf *head, struct slice name, struct slice value)
{
	if (!text_is_ascii(value) || !text_is_header_safe(value) || slice_trim(value).len == 0) {
		return FAULT_BAD_FIELD;
	}
	struct field f = begin(head, name);
	put_plain_words(&f, value);
	return finish(&f);
}

/* RFC 5322 3.2.3, with the blank that separates atoms. */
static bool is_atoms(struct slice s)
{
	for (size_t i = 0; i < s.len; i++) {
		unsigned char c = (unsigned char)s.ptr[i];
		if (c <= ' ' ? c != ' ' : c >= 0x7f || strchr("()<>[]:;@\\,.\"", c) != NULL) {
			return false;
		}
	}
	return slice_find(s, SLICE_LIT("  ")) == s.len && slice_find(s, SLICE_LIT("=?")) == s.len;
}

static void put_quoted(struct field *f, struct slice name)
{
	put_blank(f, name.len + 2);
	put(f, SLICE_LIT("\""));
	for (size_t i = 0; i < name.len; i++) {
		if (name.ptr[i] == '"' || name.ptr[i] == '\\') {
			put(f, SLICE_LIT("\\"));
		}
		put(f, slice_of(name.ptr + i, 1));
	}
	put(f, SLICE_LIT("\""));
}

static void put_display_name(struct field *f, struct slice name)
{
	bool plain = text_is_ascii(name) && name.len <= QUOTED_NAME_MAX &&
		     slice_find(name, SLICE_LIT("=?")) == name.len;
	if (plain && is_atoms(name)) {
		put_plain_words(f, name);
	} else if (plain) {
		put_quoted(f, name);
	} else {
		put_encoded(f, name);
	}
}

/*
 * An address beyond ASCII stands in a head of ASCII as the name of a group that has nobody in it (RFC 6857 3.1.6): people read
 * it, and each mail server takes the head.
 */
static void put_wide_party(struct field *f, struct slice name, struct slice address)
{
	if (name.len > 0) {
		put_encoded(f, name);
		put_blank(f, 3);
		put(f, SLICE_LIT("-"));
	}
	put_encoded(f, address);
	put_blank(f, 3);
	put(f, SLICE_LIT(":;"));
}

static void put_party(struct field *f, const struct party *p, bool last)
{
	struct slice name = slice_trim(p->name);
	struct slice address = p->mailbox.address;
	if (!text_is_ascii(address)) {
		put_wide_party(f, name, address);
		put(f, last ? SLICE_LIT("") : SLICE_LIT(","));
		return;
	}
	put_display_name(f, name);
	put_blank(f, address.len + 3);
	put(f, name.len > 0 ? SLICE_LIT("<") : SLICE_LIT(""));
	put(f, address);
	put(f, name.len > 0 ? SLICE_LIT(">") : SLICE_LIT(""));
	put(f, last ? SLICE_LIT("") : SLICE_LIT(","));
}

enum fault mime_header_parties(struct buf *head, struct slice name, const struct party *parties,
			       size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct slice address = parties[i].mailbox.address;
		if (!text_is_header_safe(parties[i].name) || !text_is_header_safe(address) ||
		    address.len == 0) {
			return FAULT_BAD_FIELD;
		}
	}
	if (count == 0) {
		return FAULT_NONE;
	}
	struct field f = begin(head, name);
	for (size_t i = 0; i < count; i++) {
		put_party(&f, &parties[i], i + 1 == count);
	}
	return finish(&f);
}
