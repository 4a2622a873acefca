#include "spool-free/base/uuid.h"

#include <string.h>

#include "spool-free/base/hex.h"

/* The five groups of the text: first byte and count (RFC 9562, section 4). */
static const struct {
	size_t first, count;
} groups[] = {{0, 4}, {4, 2}, {6, 2}, {8, 2}, {10, 6}};

struct uuid uuid_v7(struct civil at, const unsigned char random[UUID_RANDOM])
{
	struct uuid u;
	uint64_t ms = at.ms > 0 ? (uint64_t)at.ms : 0;
	for (unsigned i = 0; i < 6; i++) {
		u.bytes[i] = (unsigned char)(ms >> (40 - 8 * i));
	}
	memcpy(u.bytes + 6, random, UUID_RANDOM);
	u.bytes[6] = (unsigned char)(0x70 | (u.bytes[6] & 0x0F));
	u.bytes[8] = (unsigned char)(0x80 | (u.bytes[8] & 0x3F));
	return u;
}

void uuid_text(const struct uuid *u, char out[UUID_TEXT])
{
	for (size_t i = 0; i < COUNT_OF(groups); i++) {
		if (i > 0) {
			*out++ = '-';
		}
		hex_encode(slice_of(u->bytes + groups[i].first, groups[i].count), out);
		out += 2 * groups[i].count;
	}
}

bool uuid_parse(struct slice text, struct uuid *out_uuid)
{
	struct uuid u;
	if (text.len != UUID_TEXT) {
		return false;
	}
	for (size_t i = 0; i < COUNT_OF(groups); i++) {
		if (i > 0) {
			if (text.ptr[0] != '-') {
				return false;
			}
			text = slice_skip(text, 1);
		}
		struct slice digits = slice_first(text, 2 * groups[i].count);
		if (hex_decode(digits, (char *)u.bytes + groups[i].first) != FAULT_NONE) {
			return false;
		}
		text = slice_skip(text, digits.len);
	}
	*out_uuid = u;
	return true;
}
