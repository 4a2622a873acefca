#include "spool-free/base/buf.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "spool-free/base/wipe.h"

enum { SMALLEST = 64 };

void buf_init(struct buf *b, size_t ceiling)
{
	*b = (struct buf){.ceiling = ceiling};
}

void buf_deinit(struct buf *b)
{
	wipe(b->ptr, b->len);
	free(b->ptr);
	*b = (struct buf){.ceiling = b->ceiling};
}

void buf_clear(struct buf *b)
{
	wipe(b->ptr, b->len);
	b->len = 0;
}

static enum fault grow(struct buf *b, size_t wanted)
{
	size_t room = b->room > 0 ? b->room : SMALLEST;
	while (room < wanted) {
		if (__builtin_mul_overflow(room, 2U, &room)) {
			return FAULT_TOO_LARGE;
		}
	}
	room = room < b->ceiling ? room : b->ceiling;
	char *bigger = malloc(room);
	if (bigger == NULL) {
		return FAULT_NO_MEMORY;
	}
	if (b->ptr != NULL) {
		memcpy(bigger, b->ptr, b->len);
		wipe(b->ptr, b->len);
	}
	free(b->ptr);
	b->ptr = bigger;
	b->room = room;
	return FAULT_NONE;
}

enum fault buf_reserve(struct buf *b, size_t n, char **out_at)
{
	size_t wanted;
	if (__builtin_add_overflow(b->len, n, &wanted) || wanted > b->ceiling) {
		return FAULT_TOO_LARGE;
	}
	if (wanted > b->room || b->ptr == NULL) {
		enum fault f = grow(b, wanted);
		if (f != FAULT_NONE) {
			return f;
		}
	}
	*out_at = b->ptr + b->len;
	return FAULT_NONE;
}

void buf_grew(struct buf *b, size_t n)
{
	assert(n <= b->room - b->len);
	b->len += n;
}

enum fault buf_add_growing(struct buf *b, struct slice bytes)
{
	char *at;
	if (bytes.len == 0) {
		return FAULT_NONE;
	}
	enum fault f = buf_reserve(b, bytes.len, &at);
	if (f != FAULT_NONE) {
		return f;
	}
	memcpy(at, bytes.ptr, bytes.len);
	b->len += bytes.len;
	return FAULT_NONE;
}

enum fault buf_add_byte(struct buf *b, char byte)
{
	return buf_add(b, slice_of(&byte, 1));
}

enum fault buf_add_text(struct buf *b, const char *literal)
{
	return buf_add(b, slice_of_text(literal));
}

enum fault buf_add_u64(struct buf *b, uint64_t number)
{
	char digits[20];
	size_t at = sizeof(digits);
	do {
		digits[--at] = (char)('0' + number % 10);
		number /= 10;
	} while (number > 0);
	return buf_add(b, slice_of(digits + at, sizeof(digits) - at));
}

void buf_drop(struct buf *b, size_t n)
{
	assert(n <= b->len);
	if (n == 0) {
		return;
	}
	size_t left = b->len - n;
	memmove(b->ptr, b->ptr + n, left);
	wipe(b->ptr + left, n);
	b->len = left;
}

struct slice buf_view(const struct buf *b)
{
	return slice_of(b->ptr, b->len);
}
