#include "tests/support/check_main.h"

#include <stdio.h>

int check_main(Suite *suite)
{
	return check_main_skipping(suite, 0);
}

int check_main_skipping(Suite *suite, unsigned skipped)
{
	SRunner *runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	int run = srunner_ntests_run(runner);
	int failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	printf("%d passed, %d failed", run - failed, failed);
	if (skipped > 0) {
		printf(", %u skipped", skipped);
	}
	puts("");
	return failed == 0 ? 0 : 1;
}
