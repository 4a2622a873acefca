#include "tests/support/chunks.h"

void chunks_each(struct slice input, size_t size, bool (*fn)(void *ctx, struct slice chunk),
		 void *ctx)
{
	while (input.len > 0) {
		struct slice chunk = slice_first(input, size);
		input = slice_skip(input, size);
		if (!fn(ctx, chunk)) {
			return;
		}
	}
}
