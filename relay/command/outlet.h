/*
 * NAME     outlet - keeps standard output and error writable for a process that may write no file
 * OWNS     a child for each of the two that is a regular file: it copies what comes through a pipe, and
 *          ends when the last writer has gone
 * LIMIT    the child holds no secret: outlet_open() is called before one is read
 * FAULTS   none: what cannot be diverted stays as it is
 * THREADS  called while there is but one
 *
 * The confinement sets RLIMIT_FSIZE (setrlimit(2)), which also holds for files that are open already. Without
 * this, `pagepost serve 2>log` would say nothing from then on.
 */
#ifndef RELAY_COMMAND_OUTLET_H
#define RELAY_COMMAND_OUTLET_H

#include <sys/types.h>

enum { OUTLET_FDS = 2 };

struct outlet {
	pid_t copiers[OUTLET_FDS]; /* of standard output and error; 0: needs none */
};

/* Diverts standard output and error through pipes where they are regular files. */
void outlet_open(struct outlet *out_outlet);

/* Closes what was diverted, and waits until all of it is written. */
void outlet_close(struct outlet *o);

#endif
