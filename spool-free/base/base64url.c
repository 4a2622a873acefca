#include "spool-free/base/base64url.h"

static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

void base64url_encode(struct slice in, char *out)
{
	uint32_t bits = 0;
	unsigned count = 0;
	for (size_t i = 0; i < in.len; i++) {
		bits = bits << 8 | (unsigned char)in.ptr[i];
		count += 8;
		while (count >= 6) {
			count -= 6;
			*out++ = letters[bits >> count & 63];
		}
	}
	if (count > 0) {
		*out = letters[bits << (6 - count) & 63];
	}
}

enum fault base64url_add(struct buf *b, struct slice in)
{
	char *at;
	enum fault f = buf_reserve(b, BASE64URL_LEN(in.len), &at);
	if (f == FAULT_NONE) {
		base64url_encode(in, at);
		buf_grew(b, BASE64URL_LEN(in.len));
	}
	return f;
}

/* 64 for what is no letter of it. */
static uint32_t value_of(char c)
{
	if (c >= 'A' && c <= 'Z') {
		return (uint32_t)(c - 'A');
	}
	if (c >= 'a' && c <= 'z') {
		return (uint32_t)(c - 'a' + 26);
	}
	if (c >= '0' && c <= '9') {
		return (uint32_t)(c - '0' + 52);
	}
	return c == '-' ? 62 : c == '_' ? 63 : 64;
}

enum fault base64url_decode(struct slice in, char *out, size_t *out_len)
{
	uint32_t bits = 0;
	unsigned count = 0;
	size_t len = 0;
	for (size_t i = 0; i < in.len; i++) {
		uint32_t value = value_of(in.ptr[i]);
		if (value > 63) {
			return FAULT_MALFORMED;
		}
		bits = bits << 6 | value;
		count += 6;
		if (count >= 8) {
			count -= 8;
			out[len++] = (char)(bits >> count & 0xFF);
		}
	}
	/* A single letter is no byte; what is left of the last one must be zeros, so that each text has one form. */
	if (count >= 6 || (bits & ((UINT32_C(1) << count) - 1)) != 0) {
		return FAULT_MALFORMED;
	}
	*out_len = len;
	return FAULT_NONE;
}
