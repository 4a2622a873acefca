#include "spool-free/base/slice.h"

#include <string.h>

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

struct slice slice_of_text(const char *text)
{
	return text != NULL ? slice_of(text, strlen(text)) : (struct slice){0};
}

bool slice_eq(struct slice a, struct slice b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

bool slice_eq_nocase(struct slice a, struct slice b)
{
	if (a.len != b.len) {
		return false;
	}
	for (size_t i = 0; i < a.len; i++) {
		if (lower(a.ptr[i]) != lower(b.ptr[i])) {
			return false;
		}
	}
	return true;
}

bool slice_starts(struct slice s, struct slice prefix)
{
	return s.len >= prefix.len && slice_eq(slice_first(s, prefix.len), prefix);
}

bool slice_starts_nocase(struct slice s, struct slice prefix)
{
	return s.len >= prefix.len && slice_eq_nocase(slice_first(s, prefix.len), prefix);
}

bool slice_ends(struct slice s, struct slice suffix)
{
	return s.len >= suffix.len && slice_eq(slice_skip(s, s.len - suffix.len), suffix);
}

int slice_compare(struct slice a, struct slice b)
{
	size_t common = a.len < b.len ? a.len : b.len;
	int order = common > 0 ? memcmp(a.ptr, b.ptr, common) : 0;
	if (order != 0) {
		return order;
	}
	return (a.len > b.len) - (a.len < b.len);
}

size_t slice_find_byte(struct slice s, char byte)
{
	const char *at = s.len > 0 ? memchr(s.ptr, byte, s.len) : NULL;
	return at != NULL ? (size_t)(at - s.ptr) : s.len;
}

size_t slice_find(struct slice s, struct slice what)
{
	if (what.len == 0) {
		return 0;
	}
	const char *at = s.len > 0 ? memmem(s.ptr, s.len, what.ptr, what.len) : NULL;
	return at != NULL ? (size_t)(at - s.ptr) : s.len;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

struct slice slice_trim(struct slice s)
{
	while (s.len > 0 && is_blank(s.ptr[0])) {
		s = slice_skip(s, 1);
	}
	while (s.len > 0 && is_blank(s.ptr[s.len - 1])) {
		s.len--;
	}
	return s;
}

bool slice_cut_to(struct slice *rest, char byte, struct slice *out_head)
{
	size_t at = slice_find_byte(*rest, byte);
	if (at == rest->len) {
		return false;
	}
	*out_head = slice_first(*rest, at);
	*rest = slice_skip(*rest, at + 1);
	return true;
}

bool slice_to_u64(struct slice s, uint64_t max, uint64_t *out_value)
{
	uint64_t value = 0;
	if (s.len == 0) {
		return false;
	}
	for (size_t i = 0; i < s.len; i++) {
		char c = s.ptr[i];
		if (c < '0' || c > '9' || __builtin_mul_overflow(value, 10U, &value) ||
		    __builtin_add_overflow(value, (uint64_t)(c - '0'), &value)) {
			return false;
		}
	}
	if (value > max) {
		return false;
	}
	*out_value = value;
	return true;
}
