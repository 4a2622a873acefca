#include "spool-free/base/hex.h"

void hex_encode(struct slice in, char *out)
{
	static const char digits[] = "0123456789abcdef";
	for (size_t i = 0; i < in.len; i++) {
		unsigned char byte = (unsigned char)in.ptr[i];
		out[2 * i] = digits[byte >> 4];
		out[2 * i + 1] = digits[byte & 15];
	}
}

/* 16 for what is no digit. */
static unsigned value_of(char c)
{
	if (c >= '0' && c <= '9') {
		return (unsigned)(c - '0');
	}
	if (c >= 'a' && c <= 'f') {
		return (unsigned)(c - 'a' + 10);
	}
	return c >= 'A' && c <= 'F' ? (unsigned)(c - 'A' + 10) : 16;
}

enum fault hex_decode(struct slice in, char *out)
{
	if (in.len % 2 != 0) {
		return FAULT_MALFORMED;
	}
	for (size_t i = 0; i < in.len; i += 2) {
		unsigned high = value_of(in.ptr[i]);
		unsigned low = value_of(in.ptr[i + 1]);
		if ((high | low) > 15) {
			return FAULT_MALFORMED;
		}
		out[i / 2] = (char)(high << 4 | low);
	}
	return FAULT_NONE;
}
