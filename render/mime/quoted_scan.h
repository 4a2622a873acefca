/*
 * NAME     quoted_scan - finds, sixteen bytes at a time, what quoted-printable text must change
 * PLAIN    a byte that stands as it is anywhere in a line (blanks at its end excepted)
 * SEE      RFC 2045 6.7
 */
#ifndef RENDER_MIME_QUOTED_SCAN_H
#define RENDER_MIME_QUOTED_SCAN_H

#include "spool-free/base/sixteen.h"
#include "spool-free/base/slice.h"

struct quoted_count {
	size_t octets;	/* neither plain nor part of a line end */
	size_t returns; /* CR */
	size_t lines;	/* LF */
};

struct quoted_count quoted_count(struct slice text);
/* How many plain bytes stand at the front. */
size_t quoted_plain(const char *at, size_t len);

/* Lanes of bytes that are not plain; those from 128 on are less than a blank. */
static inline sixteen_lanes quoted_others(sixteen_lanes v)
{
	return (sixteen_less(v, ' ') & ~sixteen_equal(v, '\t')) | sixteen_equal(v, '=') |
	       sixteen_equal(v, 127);
}

#endif
