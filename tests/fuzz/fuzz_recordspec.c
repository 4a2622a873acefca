/*
 * The body of a record: whatever it holds, it is refused with a sentence or gives pairs within the limits, whose values lie
 * in the JSON; and which of the two does not depend on what stood there before.
 */
#include <stdlib.h>
#include <string.h>

#include "spool-free/base/text.h"
#include "relay/intake/recordspec.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool truth)
{
	if (!truth) {
		abort();
	}
}

static void judge_pair(const struct keeper_pair *p, const char *bytes, size_t len)
{
	uint64_t number;
	must(p->key.len > 0 && p->key.len <= RECORDSPEC_KEY_MAX);
	switch (p->type) {
	case KEEPER_TEXT:
	case KEEPER_LIST:
		must(p->value.len == 0 ||
		     (p->value.ptr >= bytes && p->value.ptr + p->value.len <= bytes + len));
		must(text_utf8_valid(p->value) == p->value.len);
		break;
	case KEEPER_NUMBER:
		must(slice_to_u64(p->value, UINT64_MAX, &number));
		break;
	case KEEPER_ANSWER:
		must(slice_eq(p->value, SLICE_LIT("yes")) || slice_eq(p->value, SLICE_LIT("no")));
		break;
	case KEEPER_NULL:
		must(p->value.len == 0);
		break;
	case KEEPER_SECRET:
		abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena;
	struct recordspec record = {0};
	struct problem p = {0};
	char *bytes = malloc(size > 0 ? size : 1);
	size_t taken = 0;
	must(bytes != NULL);
	if (size > 0) {
		memcpy(bytes, data, size);
	}
	arena_init(&arena, 64 * 1024);
	enum fault f = recordspec_parse(bytes, size, &arena, &record, &p);
	if (f != FAULT_NONE) {
		must(p.fault == f && p.len > 0 && record.count == 0);
		must(text_is_header_safe(problem_text(&p)));
	}
	must(record.count <= KEEPER_PAIRS_MAX);
	for (size_t i = 0; i < record.count; i++) {
		judge_pair(&record.pairs[i], bytes, size);
		taken += record.pairs[i].key.len + record.pairs[i].value.len;
	}
	must(taken <= KEEPER_CHANGE_MAX);
	arena_deinit(&arena);
	free(bytes);
	return 0;
}
