/*
 * What an operator may call a mail server. What is taken has a name of letters, digits and what stands between them, meets a
 * server of that name, and comes to the same target when it is given again: so that `pagepost resume` lifts what a list shows.
 */
#include <assert.h>
#include <string.h>

#include "relay/gateway/pause.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_name(struct slice name)
{
	static const struct slice taken = SLICE_INIT("abcdefghijklmnopqrstuvwxyz0123456789-_.:");
	assert(name.len > 0 && name.len <= RESOLVE_NAME_MAX);
	for (size_t i = 0; i < name.len; i++) {
		assert(slice_find_byte(taken, name.ptr[i]) < taken.len);
	}
	assert(!slice_ends(name, SLICE_LIT(".")));
}

/* As a list of pauses shows it: HOST:PORT, or [ADDRESS]:PORT. */
static void add_shown(const struct pause_target *t, struct buf *into)
{
	bool is_v6 = slice_find_byte(pause_name(t), ':') < t->name_len;
	enum fault f = buf_add_text(into, is_v6 ? "[" : "");
	f = f == FAULT_NONE ? buf_add(into, pause_name(t)) : f;
	f = f == FAULT_NONE ? buf_add_text(into, is_v6 ? "]" : "") : f;
	if (t->port > 0) {
		f = f == FAULT_NONE ? buf_add_byte(into, ':') : f;
		f = f == FAULT_NONE ? buf_add_u64(into, t->port) : f;
	}
	assert(f == FAULT_NONE);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct pause_target t, again;
	struct problem problem = {0};
	CLEANUP(buf_deinit) struct buf shown;
	buf_init(&shown, RESOLVE_NAME_MAX + 16);
	enum fault f = pause_upstream(slice_of((const char *)data, size), &t, &problem);
	if (f != FAULT_NONE) {
		assert(f == FAULT_BAD_FIELD && problem.len > 0);
		return 0;
	}
	check_name(pause_name(&t));
	assert(pause_meets(&t, SLICE_LIT("acme"), pause_name(&t), t.port > 0 ? t.port : 25));
	add_shown(&t, &shown);
	f = pause_upstream(buf_view(&shown), &again, &problem);
	assert(f == FAULT_NONE && pause_is_same(&t, &again));
	return 0;
}
