/*
 * NAME     check_main - the main() of a unit suite: runs it and prints `N passed, N failed`
 * USE      int main(void) { return check_main(suite()); }
 */
#ifndef TESTS_SUPPORT_CHECK_MAIN_H
#define TESTS_SUPPORT_CHECK_MAIN_H

#include <check.h>

int check_main(Suite *suite);
/* As check_main(), and says that so many tests could not be run here. */
int check_main_skipping(Suite *suite, unsigned skipped);

#endif
