#include "spool-free/base/base64.h"

#include <string.h>

#include "spool-free/base/base64_avx2.h"
#include "spool-free/base/base64_table.h"

size_t base64_len(size_t bytes)
{
	return (bytes + 2) / 3 * 4;
}

size_t base64_lines_len(size_t bytes)
{
	size_t lines = (bytes + BASE64_LINE_IN - 1) / BASE64_LINE_IN;
	return base64_len(bytes) + 2 * lines;
}

void base64_encode(struct slice in, char *out)
{
	size_t taken = base64_avx2_encode(in, out);
	base64_table_encode(slice_skip(in, taken), out + taken / 3 * 4);
}

void base64_encode_lines(struct slice in, char *out)
{
	size_t taken = base64_avx2_encode_lines(in, out);
	out += taken / BASE64_LINE_IN * BASE64_LINE_OUT;
	in = slice_skip(in, taken);
	while (in.len > 0) {
		struct slice line = slice_first(in, BASE64_LINE_IN);
		base64_table_encode(line, out);
		out += base64_len(line.len);
		memcpy(out, "\r\n", 2);
		out += 2;
		in = slice_skip(in, BASE64_LINE_IN);
	}
}

enum fault base64_decode(struct slice in, char *out, size_t *out_len)
{
	size_t rest;
	size_t taken = base64_avx2_decode(in, out);
	size_t done = taken / 4 * 3;
	enum fault f = base64_table_decode(slice_skip(in, taken), out + done, &rest);
	if (f == FAULT_NONE) {
		*out_len = done + rest;
	}
	return f;
}
