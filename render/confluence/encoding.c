#include "render/confluence/encoding.h"

#include "spool-free/base/text.h"

enum order { NOT_UTF16, LOW_FIRST, HIGH_FIRST };

/* Both a page of JSON and one of mark-up begin with an ASCII character, and hold no U+0000 (RFC 4627, section 3). */
static enum order order_of(struct slice bytes)
{
	if (slice_starts(bytes, SLICE_LIT("\xFF\xFE"))) {
		return LOW_FIRST;
	}
	if (slice_starts(bytes, SLICE_LIT("\xFE\xFF"))) {
		return HIGH_FIRST;
	}
	if (bytes.len < 4 || bytes.len % 2 != 0) {
		return NOT_UTF16;
	}
	if (bytes.ptr[0] != 0 && bytes.ptr[1] == 0 && bytes.ptr[2] != 0 && bytes.ptr[3] == 0) {
		return LOW_FIRST;
	}
	bool high = bytes.ptr[0] == 0 && bytes.ptr[1] != 0 && bytes.ptr[2] == 0 &&
		    bytes.ptr[3] != 0;
	return high ? HIGH_FIRST : NOT_UTF16;
}

static uint32_t take_unit(struct slice *bytes, enum order order)
{
	const unsigned char *b = (const unsigned char *)bytes->ptr;
	uint32_t unit = order == LOW_FIRST ? b[0] | (uint32_t)b[1] << 8
					   : (uint32_t)b[0] << 8 | b[1];
	*bytes = slice_skip(*bytes, 2);
	return unit;
}

static uint32_t take_code(struct slice *bytes, enum order order)
{
	uint32_t high = take_unit(bytes, order);
	if (high < 0xD800 || high > 0xDBFF || bytes->len < 2) {
		return high;
	}
	struct slice behind = *bytes;
	uint32_t low = take_unit(&behind, order);
	if (low < 0xDC00 || low > 0xDFFF) {
		return high;
	}
	*bytes = behind;
	return 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00);
}

/* Half a character at the end is nothing. */
static enum fault from_utf16(struct slice bytes, enum order order, struct arena *arena,
			     struct slice *out_text)
{
	char *start = arena_bytes(arena, bytes.len / 2 * 3);
	if (start == NULL) {
		return FAULT_NO_MEMORY;
	}
	char *at = start;
	while (bytes.len >= 2) {
		uint32_t code = take_code(&bytes, order);
		if (code != 0xFEFF || at != start) {
			at += text_encode(code, at);
		}
	}
	*out_text = slice_of(start, (size_t)(at - start));
	return FAULT_NONE;
}

static enum fault mend(struct slice bytes, struct arena *arena, struct slice *out_text)
{
	size_t room;
	if (__builtin_mul_overflow(bytes.len, 3, &room)) {
		return FAULT_NO_MEMORY;
	}
	char *start = arena_bytes(arena, room);
	if (start == NULL) {
		return FAULT_NO_MEMORY;
	}
	char *at = start;
	while (bytes.len > 0) {
		at += text_encode(text_next(&bytes), at);
	}
	*out_text = slice_of(start, (size_t)(at - start));
	return FAULT_NONE;
}

enum fault encoding_to_utf8(struct slice bytes, struct arena *arena, struct slice *out_text)
{
	const struct slice mark = SLICE_LIT("\xEF\xBB\xBF");
	enum order order = order_of(bytes);
	if (order != NOT_UTF16) {
		return from_utf16(bytes, order, arena, out_text);
	}
	if (slice_starts(bytes, mark)) {
		bytes = slice_skip(bytes, mark.len);
	}
	if (text_utf8_valid(bytes) < bytes.len) {
		return mend(bytes, arena, out_text);
	}
	*out_text = bytes;
	return FAULT_NONE;
}
