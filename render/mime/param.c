#include "render/mime/param.h"

#include "spool-free/base/text.h"

enum {
	PIECE_MAX = 50,	 /* percent octets a line; with ` filename*NN*=` well under 78 */
	ENDING_MAX = 16, /* bytes after the last dot that still are an ending */
};

/* Bidi marks, embeddings, overrides and isolates (Unicode 15, Bidi_Control), and line separators.
 */
static bool is_forbidden(uint32_t code)
{
	return code < 0x20 || (code >= 0x7f && code < 0xa0) || code == '/' || code == '\\' ||
	       code == ':' || code == '*' || code == '?' || code == '"' || code == '<' ||
	       code == '>' || code == '|' || code == 0x061c || code == 0x200e || code == 0x200f ||
	       (code >= 0x2028 && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069) ||
	       code == 0xfeff;
}

static size_t clean(struct slice name, char *into)
{
	size_t n = 0;
	while (name.len > 0) {
		uint32_t code = text_next(&name);
		n += text_encode(is_forbidden(code) ? '_' : code, into + n);
	}
	return n;
}

/* At most `max` bytes, cut in front of a character. */
static struct slice cut_at_character(struct slice s, size_t max)
{
	size_t n = s.len < max ? s.len : max;
	while (n > 0 && n < s.len && ((unsigned char)s.ptr[n] & 0xc0) == 0x80) {
		n--;
	}
	return slice_first(s, n);
}

static struct slice ending_of(struct slice name)
{
	size_t at = name.len;
	while (at > 0 && name.ptr[at - 1] != '.') {
		at--;
	}
	bool good = at > 1 && name.len - at > 0 && name.len - at <= ENDING_MAX;
	return good ? slice_skip(name, at - 1) : (struct slice){0};
}

enum fault mime_file_name(struct arena *a, struct slice name, struct slice *out_name)
{
	/* One invalid byte becomes three of U+FFFD. */
	size_t room;
	if (__builtin_mul_overflow(name.len, (size_t)3, &room)) {
		return FAULT_NO_MEMORY;
	}
	char *made = arena_bytes(a, room + 1);
	if (made == NULL) {
		return FAULT_NO_MEMORY;
	}
	struct slice whole = slice_trim(slice_of(made, clean(name, made)));
	/* Dots alone are a folder; one in front hides the file. */
	while (whole.len > 0 && whole.ptr[0] == '.') {
		whole = slice_skip(whole, 1);
	}
	if (whole.len == 0) {
		*out_name = SLICE_LIT("file");
		return FAULT_NONE;
	}
	if (whole.len <= MIME_FILE_NAME_MAX) {
		*out_name = whole;
		return FAULT_NONE;
	}
	struct slice ending = ending_of(whole);
	struct slice parts[] = {cut_at_character(whole, MIME_FILE_NAME_MAX - ending.len), ending};
	return arena_join(a, parts, COUNT_OF(parts), out_name);
}

/* RFC 2231 7: attribute-char. */
static bool is_attribute_char(unsigned char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '-' || c == '.' || c == '_' || c == '~';
}

static enum fault add_fallback(struct buf *head, struct slice name)
{
	/* A longer name goes in pieces; this one is for readers that know no RFC 2231. */
	struct slice ending = ending_of(name);
	bool cut = name.len > PIECE_MAX;
	struct slice parts[] = {cut ? cut_at_character(name, PIECE_MAX - ending.len) : name,
				cut ? ending : (struct slice){0}};
	enum fault f = buf_add_text(head, ";\r\n filename=\"");
	for (size_t i = 0; i < COUNT_OF(parts); i++) {
		while (f == FAULT_NONE && parts[i].len > 0) {
			uint32_t code = text_next(&parts[i]);
			f = buf_add_byte(head, code < 0x7f ? (char)code : '_');
		}
	}
	return f != FAULT_NONE ? f : buf_add_text(head, "\"");
}

static enum fault add_octet(struct buf *head, unsigned char c)
{
	static const char digits[] = "0123456789ABCDEF";
	char octet[3] = {'%', digits[c >> 4], digits[c & 15]};
	return is_attribute_char(c) ? buf_add_byte(head, (char)c)
				    : buf_add(head, slice_of(octet, sizeof(octet)));
}

static size_t octets_len(struct slice s)
{
	size_t n = 0;
	for (size_t i = 0; i < s.len; i++) {
		n += is_attribute_char((unsigned char)s.ptr[i]) ? 1 : 3;
	}
	return n;
}

/* One piece; characters stay whole, though RFC 2231 would allow otherwise. */
static enum fault add_piece(struct buf *head, struct slice *rest)
{
	enum fault f = FAULT_NONE;
	size_t out = 0;
	while (f == FAULT_NONE && rest->len > 0) {
		struct slice after = *rest;
		(void)text_next(&after);
		struct slice character = slice_first(*rest, rest->len - after.len);
		out += octets_len(character);
		if (out > PIECE_MAX) {
			break;
		}
		for (size_t i = 0; f == FAULT_NONE && i < character.len; i++) {
			f = add_octet(head, (unsigned char)character.ptr[i]);
		}
		*rest = after;
	}
	return f;
}

/* In full, as one parameter or as numbered pieces. */
static enum fault add_extended(struct buf *head, struct slice name)
{
	bool single = octets_len(name) <= PIECE_MAX;
	enum fault f = FAULT_NONE;
	for (uint64_t piece = 0; f == FAULT_NONE && name.len > 0; piece++) {
		f = buf_add_text(head, ";\r\n filename*");
		if (f == FAULT_NONE && !single) {
			f = buf_add_u64(head, piece);
		}
		if (f == FAULT_NONE && !single) {
			f = buf_add_text(head, "*");
		}
		if (f == FAULT_NONE) {
			f = buf_add_text(head, piece == 0 ? "=UTF-8''" : "=");
		}
		if (f == FAULT_NONE) {
			f = add_piece(head, &name);
		}
	}
	return f;
}

enum fault mime_param_file(struct buf *head, struct slice clean_name)
{
	enum fault f = FAULT_NONE;
	/* First, because some readers take the first of two. */
	if (!text_is_ascii(clean_name) || clean_name.len > PIECE_MAX) {
		f = add_extended(head, clean_name);
	}
	return f != FAULT_NONE ? f : add_fallback(head, clean_name);
}
