/* The keeper's protocol: a frame read whole and byte by byte says the same, and what was read is written the same. */
#include <assert.h>
#include <string.h>

#include "config/keeper/wire.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct outcome_of_feeding {
	enum fault fault;
	size_t taken;
	bool is_whole;
};

static struct outcome_of_feeding feed(struct wire_frame *w, struct slice all, size_t step)
{
	struct outcome_of_feeding o = {0};
	while (o.taken < all.len && o.fault == FAULT_NONE && !wire_frame_is_whole(w)) {
		struct slice part = slice_first(slice_skip(all, o.taken), step);
		struct slice rest = part;
		o.fault = wire_frame_feed(w, &rest);
		o.taken += part.len - rest.len;
	}
	o.is_whole = wire_frame_is_whole(w);
	return o;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice all = slice_of(data, size);
	struct wire_frame whole, bytes;
	struct wire_message m, n;
	struct secret *again;
	wire_frame_init(&whole, WIRE_ANSWER_MAX);
	wire_frame_init(&bytes, WIRE_ANSWER_MAX);
	struct outcome_of_feeding a = feed(&whole, all, all.len + 1);
	struct outcome_of_feeding b = feed(&bytes, all, 1);
	assert(a.fault == b.fault && a.is_whole == b.is_whole);
	assert(a.fault != FAULT_NONE || a.taken == b.taken);
	if (a.is_whole) {
		enum fault f = wire_frame_read(&whole, &m);
		assert(f == wire_frame_read(&bytes, &n));
		if (f == FAULT_NONE) {
			assert(m.count == n.count && m.code == n.code);
			assert(wire_write(&m, WIRE_ANSWER_MAX, &again) == FAULT_NONE);
			assert(slice_eq(secret_view(again), slice_first(all, a.taken)));
			secret_free(&again);
		}
	}
	wire_frame_deinit(&whole);
	wire_frame_deinit(&bytes);
	return 0;
}
