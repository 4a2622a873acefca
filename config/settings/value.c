#include "config/settings/value.h"

#include <arpa/inet.h>
#include <string.h>

struct unit {
	struct slice name;
	uint64_t worth;
};

/* From small to large. */
static const struct unit sizes[] = {
	{SLICE_INIT("B"), 1},
	{SLICE_INIT("KiB"), 1024},
	{SLICE_INIT("MiB"), 1024 * 1024},
	{SLICE_INIT("GiB"), 1024 * 1024 * 1024},
};
static const struct unit times[] = {
	{SLICE_INIT("ms"), 1},
	{SLICE_INIT("s"), 1000},
	{SLICE_INIT("min"), 60 * 1000},
	{SLICE_INIT("h"), 60 * 60 * 1000},
	{SLICE_INIT("d"), 24 * 60 * 60 * 1000},
};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool parse_with_unit(struct slice text, const struct unit *units, size_t count,
			    uint64_t *out_value)
{
	size_t digits = 0;
	uint64_t number;
	text = slice_trim(text);
	while (digits < text.len && is_digit(text.ptr[digits])) {
		digits++;
	}
	struct slice unit = slice_trim(slice_skip(text, digits));
	if (!slice_to_u64(slice_first(text, digits), UINT64_MAX, &number)) {
		return false;
	}
	for (size_t i = 0; i < count; i++) {
		if (slice_eq(unit, units[i].name)) {
			return !__builtin_mul_overflow(number, units[i].worth, out_value);
		}
	}
	return false;
}

static void add_with_unit(struct problem *p, uint64_t value, const struct unit *units, size_t count)
{
	size_t best = 0;
	for (size_t i = 0; i < count; i++) {
		if (value > 0 && value % units[i].worth == 0) {
			best = i;
		}
	}
	problem_add_number(p, value / units[best].worth);
	problem_add(p, " ");
	problem_add(p, units[best].name.ptr);
}

bool settings_parse_size(struct slice text, uint64_t *out_bytes)
{
	return parse_with_unit(text, sizes, COUNT_OF(sizes), out_bytes);
}

bool settings_parse_duration(struct slice text, uint64_t *out_ms)
{
	return parse_with_unit(text, times, COUNT_OF(times), out_ms);
}

void settings_add_size(struct problem *p, uint64_t bytes)
{
	add_with_unit(p, bytes, sizes, COUNT_OF(sizes));
}

void settings_add_duration(struct problem *p, uint64_t ms)
{
	add_with_unit(p, ms, times, COUNT_OF(times));
}

/* Bytes of the address, 4 or 16; 0 when the text is none. */
static size_t parse_address(struct slice text, unsigned char out[16])
{
	char copy[INET6_ADDRSTRLEN];
	if (text.len == 0 || text.len >= sizeof(copy) || slice_find_byte(text, '\0') < text.len) {
		return 0;
	}
	memcpy(copy, text.ptr, text.len);
	copy[text.len] = '\0';
	if (inet_pton(AF_INET, copy, out) == 1) {
		return 4;
	}
	return inet_pton(AF_INET6, copy, out) == 1 ? 16 : 0;
}

bool settings_is_address(struct slice text)
{
	unsigned char bytes[16];
	return parse_address(text, bytes) > 0;
}

bool settings_is_loopback(struct slice text)
{
	static const unsigned char v6[16] = {[15] = 1};
	static const unsigned char mapped[12] = {[10] = 0xFF, [11] = 0xFF};
	unsigned char bytes[16];
	size_t size = parse_address(text, bytes);
	if (size == 4) {
		return bytes[0] == 127;
	}
	return size == 16 &&
	       (memcmp(bytes, v6, sizeof(v6)) == 0 ||
		(memcmp(bytes, mapped, sizeof(mapped)) == 0 && bytes[sizeof(mapped)] == 127));
}

bool settings_is_range(struct slice text)
{
	unsigned char bytes[16];
	struct slice address;
	uint64_t bits;
	if (!slice_cut_to(&text, '/', &address) || text.len > 3) {
		return false;
	}
	size_t size = parse_address(address, bytes);
	if (size == 0 || !slice_to_u64(text, size * 8, &bits)) {
		return false;
	}
	for (size_t i = bits; i < size * 8; i++) {
		if ((bytes[i / 8] >> (7 - i % 8) & 1) != 0) {
			return false;
		}
	}
	return true;
}

static bool is_name_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c);
}

static bool is_label(struct slice s)
{
	if (s.len == 0 || s.len > 63 || s.ptr[0] == '-' || s.ptr[s.len - 1] == '-') {
		return false;
	}
	for (size_t i = 0; i < s.len; i++) {
		if (!is_name_letter(s.ptr[i]) && s.ptr[i] != '-') {
			return false;
		}
	}
	return true;
}

bool settings_is_host(struct slice text)
{
	struct slice label;
	if (text.len > 253) {
		return false;
	}
	while (slice_cut_to(&text, '.', &label)) {
		if (!is_label(label)) {
			return false;
		}
	}
	return is_label(text);
}

bool settings_is_domain(struct slice text)
{
	struct slice whole = text.len > 0 && text.ptr[0] == '.' ? slice_skip(text, 1) : text;
	return settings_is_host(whole) && slice_find_byte(whole, '.') < whole.len;
}

bool settings_is_user(struct slice text)
{
	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];
		bool small = (c >= 'a' && c <= 'z') || c == '_';
		if (!small && (i == 0 || (!is_digit(c) && c != '-'))) {
			return false;
		}
	}
	return text.len > 0;
}

bool settings_is_path(struct slice text)
{
	for (size_t i = 0; i < text.len; i++) {
		if ((unsigned char)text.ptr[i] < ' ' || text.ptr[i] == 0x7F) {
			return false;
		}
	}
	return text.len > 0;
}
