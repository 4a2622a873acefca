/*
 * A page in storage format is judged, and read again it gives the same tree. What is read the quick way the XML parser
 * takes as well-formed, and makes the same tree of.
 */
#include "render/confluence/quick.h"
#include "render/confluence/storage.h"
#include "tests/fuzz/judged_page.h"

/* False when that way does not take the page; else `out_sum` is a number of its tree. */
static bool read_one_way(struct slice body, bool quickly, uint64_t *out_sum)
{
	const struct page page = {.id = SLICE_LIT("1"), .site_url = SLICE_LIT("https://x.example")};
	const struct document_params params = {.page = &page};
	struct reader *r = malloc(sizeof(*r));
	struct arena arena;
	struct document document;
	struct storage_error error = {.line = 0};
	size_t count;
	arena_init(&arena, ARENA_MAX);
	must(r != NULL && reader_init(r, &params, &arena) == FAULT_NONE);
	bool read = quickly && quick_read(body, r);
	if (!quickly) {
		must(storage_read(body, r, &error) == FAULT_NONE);
		read = error.line == 0;
	}
	if (read) {
		must(reader_finish(r, &document) == FAULT_NONE);
		*out_sum = judge(document.root, &count);
	}
	free(r);
	arena_deinit(&arena);
	return read;
}

static void judge_ways(struct slice body)
{
	uint64_t quick;
	uint64_t whole;
	if (read_one_way(body, true, &quick)) {
		must(read_one_way(body, false, &whole) && quick == whole);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice body = slice_of(data, size);
	must(judged_page(PAGE_STORAGE, body) == judged_page(PAGE_STORAGE, body));
	judge_ways(body);
	return 0;
}
