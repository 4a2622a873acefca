/*
 * Base64: the fast loops and the tables must agree, on what they take and on what they refuse; what was decoded encodes
 * to the same text again.
 */
#include "spool-free/base/base64.h"
#include "spool-free/base/base64_table.h"

static void must(bool truth)
{
	if (!truth) {
		abort();
	}
}

static char *room(size_t len)
{
	char *bytes = malloc(len > 0 ? len : 1);
	must(bytes != NULL);
	return bytes;
}

static void decode_both_ways(struct slice text)
{
	size_t fast_len = 0, table_len = 0;
	char *fast = room(text.len / 4 * 3);
	char *table = room(text.len / 4 * 3);
	char *in_place = room(text.len);
	char *again = room(text.len);
	enum fault f = base64_decode(text, fast, &fast_len);
	must(f == base64_table_decode(text, table, &table_len));
	if (f == FAULT_NONE) {
		must(slice_eq(slice_of(fast, fast_len), slice_of(table, table_len)));
		must(base64_len(fast_len) == text.len);
		base64_encode(slice_of(fast, fast_len), again);
		must(slice_eq(slice_of(again, text.len), text));
		base64_encode(slice_of(fast, fast_len), in_place);
		must(base64_decode(slice_of(in_place, text.len), in_place, &table_len) ==
		     FAULT_NONE);
		must(slice_eq(slice_of(in_place, table_len), slice_of(fast, fast_len)));
	}
	free(fast);
	free(table);
	free(in_place);
	free(again);
}

static void encode_both_ways(struct slice bytes)
{
	size_t len = base64_lines_len(bytes.len);
	char *lines = room(len);
	char line[BASE64_LINE_OUT];
	base64_encode_lines(bytes, lines);
	for (size_t at = 0; bytes.len > 0; bytes = slice_skip(bytes, BASE64_LINE_IN)) {
		struct slice now = slice_first(bytes, BASE64_LINE_IN);
		size_t letters = base64_len(now.len);
		base64_table_encode(now, line);
		must(slice_eq(slice_of(lines + at, letters), slice_of(line, letters)));
		must(lines[at + letters] == '\r' && lines[at + letters + 1] == '\n');
		at += letters + 2;
	}
	free(lines);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice bytes = slice_of(data, size);
	char *text = room(base64_len(size));
	decode_both_ways(bytes);
	encode_both_ways(bytes);
	base64_encode(bytes, text);
	decode_both_ways(slice_of(text, base64_len(size)));
	free(text);
	return 0;
}
