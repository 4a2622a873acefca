#include "spool-free/base/text.h"

#include <string.h>

struct range {
	uint32_t first;
	uint32_t last;
};

static const struct range zero_width[] = {
#define ZERO(first, last) {first, last},
#define WIDE(first, last)
#define RTL(first, last)
#define LTR(first, last)
#include "spool-free/base/text_ranges.def"
#undef ZERO
#undef WIDE
};

static const struct range wide[] = {
#define ZERO(first, last)
#define WIDE(first, last) {first, last},
#include "spool-free/base/text_ranges.def"
#undef WIDE
#undef RTL
};

static const struct range right_to_left[] = {
#define WIDE(first, last)
#define RTL(first, last) {first, last},
#include "spool-free/base/text_ranges.def"
#undef RTL
#undef LTR
};

static const struct range left_to_right[] = {
#define RTL(first, last)
#define LTR(first, last) {first, last},
#include "spool-free/base/text_ranges.def"
};

static bool is_among(const struct range *ranges, size_t count, uint32_t code)
{
	size_t low = 0;
	size_t high = count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (code > ranges[middle].last) {
			low = middle + 1;
		} else {
			high = middle;
		}
	}
	return low < count && code >= ranges[low].first;
}

/* How many bytes at the front are ASCII, eight at a time. */
static size_t ascii_run(struct slice s)
{
	size_t at = 0;
	while (s.len - at >= sizeof(uint64_t)) {
		uint64_t eight;
		memcpy(&eight, s.ptr + at, sizeof(eight));
		if ((eight & 0x8080808080808080U) != 0) {
			break;
		}
		at += sizeof(eight);
	}
	while (at < s.len && (unsigned char)s.ptr[at] < 0x80) {
		at++;
	}
	return at;
}

/*
 * The form of a code point by its first byte (RFC 3629, section 4): how long it is, and what its
 * second byte may be; that excludes overlong forms, surrogates and values past U+10FFFF. Length 0:
 * no first byte.
 */
struct form {
	unsigned char len, low, high;
};

static struct form form_of(unsigned char first)
{
	if (first < 0x80) {
		return (struct form){.len = 1};
	}
	if (first < 0xC2 || first > 0xF4) {
		return (struct form){.len = 0};
	}
	struct form f = {.len = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4, .low = 0x80, .high = 0xBF};
	if (first == 0xE0) {
		f.low = 0xA0;
	} else if (first == 0xED) {
		f.high = 0x9F;
	} else if (first == 0xF0) {
		f.low = 0x90;
	} else if (first == 0xF4) {
		f.high = 0x8F;
	}
	return f;
}

/* Length of the code point at the front, which is not empty; 0 when it is none. */
static size_t code_len(struct slice s)
{
	const unsigned char *b = (const unsigned char *)s.ptr;
	struct form f = form_of(b[0]);
	if (f.len < 2) {
		return f.len;
	}
	if (f.len > s.len || b[1] < f.low || b[1] > f.high) {
		return 0;
	}
	for (size_t i = 2; i < f.len; i++) {
		if ((b[i] & 0xC0) != 0x80) {
			return 0;
		}
	}
	return f.len;
}

size_t text_utf8_valid(struct slice s)
{
	size_t at = ascii_run(s);
	while (at < s.len) {
		size_t n = code_len(slice_skip(s, at));
		if (n == 0) {
			return at;
		}
		at += n;
		at += ascii_run(slice_skip(s, at));
	}
	return s.len;
}

uint32_t text_next(struct slice *s)
{
	static const unsigned char first_bits[] = {0x00, 0x7F, 0x1F, 0x0F, 0x07};
	const unsigned char *b = (const unsigned char *)s->ptr;
	size_t len = code_len(*s);
	uint32_t code = TEXT_REPLACEMENT;
	if (len > 0) {
		code = b[0] & first_bits[len];
		for (size_t i = 1; i < len; i++) {
			code = code << 6 | (b[i] & 0x3FU);
		}
	}
	*s = slice_skip(*s, len > 0 ? len : 1);
	return code;
}

size_t text_encode(uint32_t code, char out[TEXT_UTF8_MAX])
{
	if (code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF)) {
		code = TEXT_REPLACEMENT;
	}
	if (code < 0x80) {
		out[0] = (char)code;
		return 1;
	}
	size_t len = code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
	for (size_t i = len - 1; i > 0; i--) {
		out[i] = (char)(0x80 | (code & 0x3F));
		code >>= 6;
	}
	static const unsigned char marks[] = {0, 0, 0xC0, 0xE0, 0xF0};
	out[0] = (char)(marks[len] | code);
	return len;
}

bool text_is_ascii(struct slice s)
{
	return ascii_run(s) == s.len;
}

bool text_is_header_safe(struct slice s)
{
	for (size_t i = 0; i < s.len; i++) {
		unsigned char c = (unsigned char)s.ptr[i];
		if ((c < 0x20 && c != '\t') || c == 0x7F) {
			return false;
		}
	}
	return text_utf8_valid(s) == s.len;
}

unsigned text_columns(uint32_t code)
{
	if (code >= 0x20 && code < 0x300) {
		return 1;
	}
	if (is_among(zero_width, COUNT_OF(zero_width), code)) {
		return 0;
	}
	return is_among(wide, COUNT_OF(wide), code) ? 2 : 1;
}

bool text_is_rtl(uint32_t code)
{
	return is_among(right_to_left, COUNT_OF(right_to_left), code);
}

bool text_is_letter(uint32_t code)
{
	if (code < 0x80) { /* most texts begin so */
		return (code | 0x20) >= 'a' && (code | 0x20) <= 'z';
	}
	return is_among(left_to_right, COUNT_OF(left_to_right), code) || text_is_rtl(code);
}
