/*
 * NAME     input_file - all of a file that a command was given, or of standard input
 * LIMIT    the ceiling of the buffer
 * FAULTS   NOT_FOUND (it cannot be opened or read: errno says why), those of the buffer
 */
#ifndef RELAY_COMMAND_INPUT_FILE_H
#define RELAY_COMMAND_INPUT_FILE_H

#include "spool-free/base/buf.h"

enum { INPUT_FILE_STEP = 64 * 1024 }; /* room that it takes past what there is to read */

/* Behind what `into` has; "-" is standard input. */
MUST_USE enum fault input_file_read(const char *path, struct buf *into);

#endif
