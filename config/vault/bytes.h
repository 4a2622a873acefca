/*
 * NAME     bytes - numbers (big-endian) and runs of bytes at the front of what is left of a file
 * RULE     that there are as many is the caller's to have looked at
 */
#ifndef CONFIG_VAULT_BYTES_H
#define CONFIG_VAULT_BYTES_H

#include "spool-free/base/slice.h"

/* Of `width` bytes, at most 8. */
uint64_t bytes_take_number(struct slice *s, size_t width);
void bytes_take(struct slice *s, unsigned char *into, size_t n);
void bytes_put_number(char *at, uint64_t number, size_t width);

#endif
