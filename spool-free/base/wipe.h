/*
 * NAME     wipe - overwrite bytes so that the compiler cannot leave it out
 */
#ifndef SPOOL_FREE_BASE_WIPE_H
#define SPOOL_FREE_BASE_WIPE_H

#include <stddef.h>

void wipe(void *bytes, size_t len); /* NULL with len 0 is fine */

#endif
