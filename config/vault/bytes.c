#include "config/vault/bytes.h"

#include <string.h>

uint64_t bytes_take_number(struct slice *s, size_t width)
{
	uint64_t n = 0;
	for (size_t i = 0; i < width; i++) {
		n = n << 8 | (unsigned char)s->ptr[i];
	}
	*s = slice_skip(*s, width);
	return n;
}

void bytes_take(struct slice *s, unsigned char *into, size_t n)
{
	memcpy(into, s->ptr, n);
	*s = slice_skip(*s, n);
}

void bytes_put_number(char *at, uint64_t number, size_t width)
{
	for (size_t i = width; i > 0; i--) {
		at[i - 1] = (char)(number & 0xFF);
		number >>= 8;
	}
}
