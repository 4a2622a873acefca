/*
 * NAME     client - the way to the program that converts pictures (pagepost-pictures), and to it alone
 * OWNS     the control socket; the program ends with it, and with the thread that started it
 * START    before the confinement and before the first thread: a program is run. It takes as long as a fork; what comes
 *          until the program is ready waits
 * LIMITS   wire.h; a time for each picture, and one for all of a mail
 * FAULTS   convert: BAD_PICTURE (it cannot be read, or took more than it may), TOO_LARGE (the result, or the source),
 *          DEADLINE, SYSTEM (the program is gone), NO_MEMORY
 * THREADS  pictures_convert() from any
 */
#ifndef RELAY_PICTURES_CLIENT_H
#define RELAY_PICTURES_CLIENT_H

#include "spool-free/base/instant.h"
#include "render/render.h"

enum { PICTURES_PATH_MAX = 4096 };

struct pictures;

struct pictures_params {
	const char *program; /* NULL: beside this program, or where it is installed */
	uint64_t memory;     /* bytes of a process for a picture */
	uint64_t time_ms;    /* of a picture */
	unsigned at_once;
	bool landlock_may_lack;
	bool seccomp_may_lack;
	bool memory_may_lack;
	bool logs; /* the steps of its confinement, to standard error */
};

/* NOT_FOUND: there is no such program; SYSTEM: it cannot be started. */
MUST_USE enum fault pictures_start(const struct pictures_params *p, struct pictures **out_pictures);
/* The same over a socket whose other end is served already; takes the descriptor. For tests. */
MUST_USE enum fault pictures_adopt(int control_fd, uint64_t time_ms,
				   struct pictures **out_pictures);
void pictures_stop(struct pictures **p);

MUST_USE enum fault pictures_convert(struct pictures *p, const struct render_conversion *wanted,
				     struct instant until, struct arena *arena,
				     struct slice *out_bytes);

#endif
