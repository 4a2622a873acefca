/*
 * NAME     banned - calls that this program does not make; included by the compiler into every file
 * WHY      each is unbounded, ambiguous, locale-bound, or writes files; what to use instead
 *          stands in tests/lint/patterns.tsv
 */
#ifndef SPOOL_FREE_BASE_BANNED_H
#define SPOOL_FREE_BASE_BANNED_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

/* With some compilers the fortified headers make macros of these two. */
#undef sprintf
#undef vsprintf

#pragma GCC poison strcpy strcat strncpy strncat sprintf vsprintf strtok strtok_r
#pragma GCC poison atoi atol atoll atof gets mkstemp mktemp tmpfile tmpnam
#pragma GCC poison localtime localtime_r gmtime ctime ctime_r asctime asctime_r

#endif
