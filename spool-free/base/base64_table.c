#include "spool-free/base/base64_table.h"

#include <string.h>

static const char letters[64] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/* Value + 1 of a letter, so that what is left out is 0: no letter. */
static const unsigned char values[256] = {
	['A'] = 1,  ['B'] = 2,	['C'] = 3,  ['D'] = 4,	['E'] = 5,  ['F'] = 6,	['G'] = 7,
	['H'] = 8,  ['I'] = 9,	['J'] = 10, ['K'] = 11, ['L'] = 12, ['M'] = 13, ['N'] = 14,
	['O'] = 15, ['P'] = 16, ['Q'] = 17, ['R'] = 18, ['S'] = 19, ['T'] = 20, ['U'] = 21,
	['V'] = 22, ['W'] = 23, ['X'] = 24, ['Y'] = 25, ['Z'] = 26, ['a'] = 27, ['b'] = 28,
	['c'] = 29, ['d'] = 30, ['e'] = 31, ['f'] = 32, ['g'] = 33, ['h'] = 34, ['i'] = 35,
	['j'] = 36, ['k'] = 37, ['l'] = 38, ['m'] = 39, ['n'] = 40, ['o'] = 41, ['p'] = 42,
	['q'] = 43, ['r'] = 44, ['s'] = 45, ['t'] = 46, ['u'] = 47, ['v'] = 48, ['w'] = 49,
	['x'] = 50, ['y'] = 51, ['z'] = 52, ['0'] = 53, ['1'] = 54, ['2'] = 55, ['3'] = 56,
	['4'] = 57, ['5'] = 58, ['6'] = 59, ['7'] = 60, ['8'] = 61, ['9'] = 62, ['+'] = 63,
	['/'] = 64,
};

void base64_table_encode(struct slice in, char *out)
{
	const unsigned char *b = (const unsigned char *)in.ptr;
	size_t at = 0;
	for (; in.len - at >= 3; at += 3, out += 4) {
		out[0] = letters[b[at] >> 2];
		out[1] = letters[(b[at] & 3) << 4 | b[at + 1] >> 4];
		out[2] = letters[(b[at + 1] & 15) << 2 | b[at + 2] >> 6];
		out[3] = letters[b[at + 2] & 63];
	}
	if (in.len - at == 1) {
		out[0] = letters[b[at] >> 2];
		out[1] = letters[(b[at] & 3) << 4];
		memcpy(out + 2, "==", 2);
	} else if (in.len - at == 2) {
		out[0] = letters[b[at] >> 2];
		out[1] = letters[(b[at] & 3) << 4 | b[at + 1] >> 4];
		out[2] = letters[(b[at + 1] & 15) << 2];
		out[3] = '=';
	}
}

/* Four letters to three bytes; false when one is none. */
static bool decode_four(const unsigned char *four, char *out)
{
	unsigned a = values[four[0]], b = values[four[1]], c = values[four[2]], d = values[four[3]];
	if (a == 0 || b == 0 || c == 0 || d == 0) {
		return false;
	}
	unsigned all = (a - 1) << 18 | (b - 1) << 12 | (c - 1) << 6 | (d - 1);
	out[0] = (char)(all >> 16);
	out[1] = (char)(all >> 8);
	out[2] = (char)all;
	return true;
}

/*
 * The last four letters may end in padding; the bits it leaves over must be zero, so that one text
 * stands for one run of bytes (RFC 4648, 3.5).
 */
static bool decode_last(const unsigned char *last, char out[3], size_t *out_len)
{
	unsigned char four[4];
	size_t padding = last[3] != '=' ? 0 : last[2] != '=' ? 1 : 2;
	memcpy(four, last, 4);
	memset(four + 4 - padding, 'A', padding);
	if (!decode_four(four, out)) {
		return false;
	}
	*out_len = 3 - padding;
	for (size_t i = *out_len; i < 3; i++) {
		if (out[i] != 0) {
			return false;
		}
	}
	return true;
}

enum fault base64_table_decode(struct slice in, char *out, size_t *out_len)
{
	const unsigned char *from = (const unsigned char *)in.ptr;
	const unsigned char *end = from + in.len;
	char *to = out;
	char last[3];
	size_t last_len;
	if (in.len == 0) {
		*out_len = 0;
		return FAULT_NONE;
	}
	if (in.len % 4 != 0) {
		return FAULT_MALFORMED;
	}
	for (; end - from > 4; from += 4, to += 3) {
		if (!decode_four(from, to)) {
			return FAULT_MALFORMED;
		}
	}
	if (!decode_last(from, last, &last_len)) {
		return FAULT_MALFORMED;
	}
	memcpy(to, last, last_len);
	*out_len = (size_t)(to - out) + last_len;
	return FAULT_NONE;
}
