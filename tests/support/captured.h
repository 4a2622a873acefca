/*
 * NAME     captured - what a call writes to standard output, in a pipe (64 KiB at most)
 */
#ifndef TESTS_SUPPORT_CAPTURED_H
#define TESTS_SUPPORT_CAPTURED_H

#include "spool-free/base/buf.h"

struct captured {
	int before, read_end;
};

void captured_begin(struct captured *c);
void captured_end(struct captured *c, struct buf *into); /* `into` is initialised here */

#endif
