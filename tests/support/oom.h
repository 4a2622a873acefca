/*
 * NAME     oom - makes the nth allocation fail, for every n
 * USE      for (unsigned n = 1; ; n++) { oom_arm(n); ... call, and judge its fault ...; if (!oom_disarm()) { break; } }
 * HOW      malloc, calloc and realloc of the test program are wrapped; OpenSSL's secure heap is not
 */
#ifndef TESTS_SUPPORT_OOM_H
#define TESTS_SUPPORT_OOM_H

#include <stdbool.h>

void oom_arm(unsigned nth); /* the nth allocation from now, and no other, fails */
bool oom_disarm(void);	    /* true when it did fail: there may be more */

#endif
