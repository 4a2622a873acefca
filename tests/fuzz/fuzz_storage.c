/* A page in storage format is judged, and read again it gives the same tree. */
#include "tests/fuzz/judged_page.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice body = slice_of(data, size);
	must(judged_page(PAGE_STORAGE, body) == judged_page(PAGE_STORAGE, body));
	return 0;
}
