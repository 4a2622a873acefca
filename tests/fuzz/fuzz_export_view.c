/* A page of HTML that Confluence rendered is judged, and read again it gives the same tree. */
#include "tests/fuzz/judged_page.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice body = slice_of(data, size);
	must(judged_page(PAGE_VIEW, body) == judged_page(PAGE_VIEW, body));
	return 0;
}
