/*
 * NAME     message - reads a MIME message: its structure, sizes, and the text that a reader sees
 * OWNS     nothing; all of the result lies in the arena given
 * LIMITS   MESSAGE_MAX bytes, MESSAGE_DEPTH nested parts, MESSAGE_PARTS parts, MESSAGE_PARENS open parentheses in a row
 *          of header bytes: libetpan 1.9.4 recurses without bounds, so its input is looked through first
 * FAULTS   TOO_LARGE, TOO_DEEP, MALFORMED, NO_MEMORY
 * BOXES    libetpan's MIME parser
 */
#ifndef RELAY_MAILBOX_MESSAGE_H
#define RELAY_MAILBOX_MESSAGE_H

#include "spool-free/base/arena.h"

enum {
	MESSAGE_MAX = 256 * 1024 * 1024,
	MESSAGE_DEPTH = 20,
	MESSAGE_PARTS = 1000,
	MESSAGE_PARENS = 64,
};

struct message_part {
	unsigned depth; /* 0: the message's own body */
	bool is_multipart;
	struct slice type;	 /* "text/html" */
	struct slice name;	 /* file name; empty if none */
	struct slice content_id; /* without < > */
	struct slice content;	 /* decoded; empty for a multipart */
	size_t wire_bytes;	 /* as it came, encoded */
};

struct message_view {
	struct slice subject, from, to, cc, date, message_id; /* decoded to UTF-8 */
	struct message_part *parts;
	size_t part_count;
};

/* `raw` must outlive the result. */
MUST_USE enum fault message_read(struct slice raw, struct arena *arena,
				 struct message_view *out_view);

/* The first part of this type; NULL if there is none. */
const struct message_part *message_find(const struct message_view *m, struct slice type);

#endif
