/*
 * NAME     quoted_scan - finds, sixteen bytes at a time, what quoted-printable text must change
 * PLAIN    a byte that stands as it is anywhere in a line (blanks at its end excepted)
 * SEE      RFC 2045 6.7
 */
#ifndef RENDER_MIME_QUOTED_SCAN_H
#define RENDER_MIME_QUOTED_SCAN_H

#include "spool-free/base/slice.h"

struct quoted_count {
	size_t octets;	/* neither plain nor part of a line end */
	size_t returns; /* CR */
	size_t lines;	/* LF */
};

struct quoted_count quoted_count(struct slice text);
/* How many plain bytes stand at the front. */
size_t quoted_plain(const char *at, size_t len);
/*
 * The same, and they are copied; of `len` bytes, behind which more may be read: `readable` in all. Up to sixteen bytes
 * behind the copy may be written too.
 */
size_t quoted_copy(const char *at, size_t len, size_t readable, char *into);

#endif
