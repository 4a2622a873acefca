/*
 * NAME     rope - a message as a row of pieces with its exact size known before sending
 * OWNS     the list of pieces (in an arena); never the bytes, which must outlive the rope
 * PROOF    a rope holds nothing but CRLF line ends, no NUL, no line over 998 bytes, and no line that begins with a
 *          dot: rope_add() refuses the rest. So DATA needs no stuffing and smuggling has no vector (RFC 5321 2.3.8,
 *          4.1.1.4, 4.5.2). Writers encode a leading dot (quoted-printable `=2E`)
 * FAULTS   MALFORMED for bytes that break the proof, NO_MEMORY
 */
#ifndef SPOOL_FREE_JOB_ROPE_H
#define SPOOL_FREE_JOB_ROPE_H

#include "spool-free/base/arena.h"

enum { ROPE_LINE_MAX = 998 };

struct rope_piece;

struct rope {
	struct arena *arena;
	struct rope_piece *first;
	struct rope_piece *last;
	uint64_t size;	 /* bytes on the wire, without the final dot */
	size_t line_len; /* of the line that is open at the end */
	bool after_cr;
	bool eight_bit; /* some byte is beyond ASCII (RFC 6152) */
};

void rope_init(struct rope *r, struct arena *arena);
/* Literal bytes; a CRLF may be split between two calls. */
MUST_USE enum fault rope_add(struct rope *r, struct slice bytes);
/* `bytes` will go out as base64 lines; must begin at a line start. No encoded copy ever exists. */
MUST_USE enum fault rope_add_base64(struct rope *r, struct slice bytes);
/* Whole lines, in front of all that is there. */
MUST_USE enum fault rope_put_first(struct rope *r, struct slice lines);
/* The message must end with CRLF. */
MUST_USE enum fault rope_close(const struct rope *r);

/* Reads a rope from its start, any number of times. */
struct rope_cursor {
	const struct rope_piece *piece;
	size_t at; /* bytes of the piece's own that are out */
};

void rope_rewind(const struct rope *r, struct rope_cursor *c);
/* Fills `room` as far as whole units go (a base64 line is one unit of 78; room must be >= 256). 0 at the end. */
size_t rope_read(struct rope_cursor *c, char *room, size_t size);
bool rope_at_end(const struct rope_cursor *c);

#endif
