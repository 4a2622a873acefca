/*
 * NAME     multipart - engine for multipart/form-data over one body that grows in place
 * OWNS     nothing: parts are slices of the body, which must not move. Names are unescaped where
 * they stand TAKES    RFC 2046 5.1.1 and RFC 7578: no preamble but one CRLF, blanks after a
 * boundary, an epilogue of one CRLF. File names as RFC 7578 4.2 and browsers write them (%22 for a
 * quote), with backslashes as curl writes them, or as filename*=UTF-8''... (RFC 8187); of a path
 * only the last step is kept SPEED    a part's bytes are looked at once, at the speed of memmem();
 * a chunk that arrives is searched alone LIMITS   MULTIPART_HEAD_MAX bytes a part head; parts as
 * given FAULTS   BAD_MULTIPART with a sentence, TOO_LARGE past the number of parts
 */
#ifndef RELAY_INTAKE_MULTIPART_H
#define RELAY_INTAKE_MULTIPART_H

#include "spool-free/base/problem.h"

enum { MULTIPART_BOUNDARY_MAX = 70, MULTIPART_HEAD_MAX = 4096 };

struct multipart_part {
	struct slice name;
	bool is_file; /* a file name was given */
	struct slice file_name;
	struct slice type; /* as given; empty when it was not */
	struct slice bytes;
};

enum multipart_step {
	MULTIPART_MORE, /* all that is there was looked at */
	MULTIPART_PART, /* one part is complete; ask again */
	MULTIPART_OVER, /* the closing boundary was read; nothing but a CRLF may follow */
	MULTIPART_BAD,	/* see the problem */
};

struct multipart {
	char delimiter[4 + MULTIPART_BOUNDARY_MAX]; /* CR LF - - boundary */
	size_t delimiter_len;
	enum { AT_START, AT_BOUNDARY_END, IN_HEAD, IN_BYTES, AT_END } place;
	size_t at;	 /* where the present place begins */
	size_t searched; /* up to here there is nothing more to find */
	size_t parts;
	size_t parts_max;
	struct multipart_part part;
};

/* The boundary out of a Content-Type; MEDIA_TYPE when it is no multipart/form-data, BAD_MULTIPART
 * for its boundary. */
MUST_USE enum fault multipart_boundary(struct slice content_type, struct slice *out_boundary,
				       struct problem *problem);
void multipart_init(struct multipart *m, struct slice boundary, size_t parts_max);
/* `len`: all of the body that is there. `out_part` is written with MULTIPART_PART. */
MUST_USE enum multipart_step multipart_next(struct multipart *m, char *body, size_t len,
					    struct multipart_part *out_part,
					    struct problem *problem);
bool multipart_is_over(const struct multipart *m);
/* The body ended before MULTIPART_OVER: names the part that was cut. */
enum fault multipart_truncated(const struct multipart *m, struct problem *problem);

#endif
