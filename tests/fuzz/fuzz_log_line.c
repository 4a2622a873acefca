/*
 * A line of a log that anybody may have written to: what is read of it is told without a control character, as one line; and
 * what was told is read again and told the same.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "relay/command/log_line.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

typedef enum fault put_fn(const struct log_line *l, struct buf *into);

static bool read_copy(struct slice text, struct log_line *l, char **out_bytes)
{
	*out_bytes = malloc(text.len + 1);
	assert(*out_bytes != NULL);
	memcpy(*out_bytes, text.ptr, text.len);
	return log_line_read(l, *out_bytes, text.len);
}

/* JSON may have DEL, and letters beyond ASCII. */
static void check_line(struct slice told, bool is_text)
{
	for (size_t i = 0; i < told.len; i++) {
		unsigned char c = (unsigned char)told.ptr[i];
		assert((c >= ' ' && (c < 0x7f || !is_text)) || (c == '\n' && i + 1 == told.len));
	}
}

static void check(const struct log_line *l, put_fn *put)
{
	struct log_line again;
	char *bytes;
	CLEANUP(buf_deinit) struct buf told;
	CLEANUP(buf_deinit) struct buf twice;
	buf_init(&told, 16 * LOG_LINE_MAX);
	buf_init(&twice, 16 * LOG_LINE_MAX);
	enum fault f = put(l, &told);
	assert(f == FAULT_NONE);
	check_line(buf_view(&told), put == log_line_put_text);
	if (read_copy(buf_view(&told), &again, &bytes)) {
		f = put(&again, &twice);
		assert(f == FAULT_NONE && slice_eq(buf_view(&told), buf_view(&twice)));
	} else {
		assert(false);
	}
	free(bytes);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct log_line l;
	char *bytes;
	if (size <= LOG_LINE_MAX && read_copy(slice_of((const char *)data, size), &l, &bytes)) {
		check(&l, log_line_put_text);
		check(&l, log_line_put_json);
		free(bytes);
	} else if (size <= LOG_LINE_MAX) {
		free(bytes);
	}
	return 0;
}
