/*
 * A page in Atlassian document format: whatever the bytes are, it becomes what every page must become (judged_page.h),
 * and read again it gives the same tree.
 */
#include "tests/fuzz/judged_page.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice body = slice_of(data, size);
	must(judged_page(PAGE_ATLAS_DOC_FORMAT, body) == judged_page(PAGE_ATLAS_DOC_FORMAT, body));
	return 0;
}
