/*
 * Lines of a log as somebody brings them. What is read as an event is written as text that is read as the same event, and as
 * JSON that is; and a terminal gets no control characters.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "relay/command/log_line.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

typedef enum fault put_fn(const struct log_line *l, struct buf *into);

/* JSON may hold any character but those. */
static void check_tame(struct slice line, bool is_ascii)
{
	assert(line.len > 0 && line.ptr[line.len - 1] == '\n');
	for (size_t i = 0; i + 1 < line.len; i++) {
		assert((unsigned char)line.ptr[i] >= ' ');
		assert(!is_ascii || (line.ptr[i] >= ' ' && line.ptr[i] != 0x7F));
	}
}

static bool is_same(const struct log_line *a, const struct log_line *b)
{
	bool same = a->at.ms == b->at.ms && memcmp(a->time, b->time, sizeof(a->time)) == 0 &&
		    a->level == b->level && slice_eq(a->event, b->event) && a->count == b->count;
	for (size_t i = 0; i < a->count && same; i++) {
		same = slice_eq(a->fields[i].key, b->fields[i].key) &&
		       slice_eq(a->fields[i].value, b->fields[i].value);
	}
	return same;
}

/* What is written the second time is what was written the first time. */
static void check_again(const struct log_line *l, put_fn *put)
{
	struct log_line first, second;
	CLEANUP(buf_deinit) struct buf once;
	CLEANUP(buf_deinit) struct buf kept;
	CLEANUP(buf_deinit) struct buf twice;
	buf_init(&once, 8 * LOG_LINE_MAX);
	buf_init(&kept, 8 * LOG_LINE_MAX);
	buf_init(&twice, 8 * LOG_LINE_MAX);
	enum fault f = put(l, &once);
	assert(f == FAULT_NONE);
	check_tame(buf_view(&once), put == log_line_put_text);
	f = buf_add(&kept, buf_view(&once));
	assert(f == FAULT_NONE);
	bool is_event = log_line_read(&first, once.ptr, once.len);
	assert(is_event);
	f = put(&first, &twice);
	assert(f == FAULT_NONE && slice_eq(buf_view(&twice), buf_view(&kept)));
	is_event = log_line_read(&second, twice.ptr, twice.len);
	assert(is_event && is_same(&first, &second));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct log_line l;
	char *bytes = malloc(size + 1);
	if (bytes == NULL) {
		return 0;
	}
	memcpy(bytes, data, size);
	if (log_line_read(&l, bytes, size)) {
		check_again(&l, log_line_put_text);
		check_again(&l, log_line_put_json);
	}
	free(bytes);
	return 0;
}
