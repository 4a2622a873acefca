/*
 * NAME     flow - words become lines of plain text: wrapped, behind prefixes, with empty lines between blocks
 * RULE     no blank at the end of a line, never more than two empty lines in a row. A word may come in several
 *          pieces; it is broken behind East Asian punctuation only, else a longer line stands, of up to FLOW_BYTES_MAX bytes
 * OWNS     the word under way; appends to the buf given. The first fault sticks
 * SPEED    a word of ASCII costs one look at each byte and one copy
 */
#ifndef RENDER_HTML_FLOW_H
#define RENDER_HTML_FLOW_H

#include "spool-free/base/buf.h"

enum {
	FLOW_WIDTH = 76,
	FLOW_BYTES_MAX = 990,
	FLOW_PIECE_MAX = 900, /* of a word that is longer; the HTML part breaks it there, too */
	FLOW_PREFIX_MAX = 48, /* deeper blocks go in no further */
	FLOW_DEPTH_MAX = 256,
};

/* What a line begins with. */
struct flow_prefix {
	char bytes[FLOW_PREFIX_MAX + 16];
	size_t len;
};

struct flow_level {
	uint16_t rest_len; /* of the prefixes, before it was pushed */
	uint16_t next_len;
	uint64_t lines;
};

struct flow {
	struct buf *into;
	enum fault fault;
	size_t width;		 /* SIZE_MAX: never wrapped */
	struct flow_prefix rest; /* of every line */
	struct flow_prefix next; /* of the next line: a list's mark may stand there */
	struct flow_level levels[FLOW_DEPTH_MAX];
	unsigned depth;
	uint64_t lines;	 /* begun so far */
	bool open;	 /* a line is begun */
	bool spaced;	 /* a blank is due before the next word */
	size_t column;	 /* of the open line, with its prefix */
	size_t line_at;	 /* where its prefix ends, in `into` */
	size_t longest;	 /* columns of the longest line since flow_measure(), without prefix */
	unsigned gap;	 /* empty lines due before the next line */
	bool tight;	 /* none, whatever is asked for */
	size_t gap_len;	 /* of their prefix */
	struct buf word; /* begun, not ended */
	size_t word_columns;
};

void flow_init(struct flow *f, struct buf *into, size_t width);
void flow_deinit(struct flow *f);

/* Running text: blanks and line ends separate words. */
void flow_text(struct flow *f, struct slice text);
#define flow_lit(f, literal) flow_text((f), SLICE_LIT(literal))
/* Ends the word, then the line, if there is one. */
void flow_word_end(struct flow *f);
void flow_line_end(struct flow *f);
/* A line as it is, blanks kept; its own ends are trimmed only. */
void flow_raw_line(struct flow *f, struct slice indent, struct slice line);
/* `count` of the byte as a line. */
void flow_rule(struct flow *f, char byte, size_t count);

/* The line `-- `, with its blank, behind which readers look for a signature (RFC 3676 4.3). */
void flow_signature(struct flow *f);

/* At least so many empty lines before the next line; not before the very first. */
void flow_gap(struct flow *f, unsigned lines);
void flow_no_gap(struct flow *f);
/* No empty line before the next one, though a block that begins there asks for it. */
void flow_tight(struct flow *f);

/* Lines from now on begin with `rest` behind the prefixes so far; the next one with `first`. */
void flow_push(struct flow *f, struct slice first, struct slice rest);
/* `shown`: a `first` that no line took is written on a line of its own. */
void flow_pop(struct flow *f, bool shown);

void flow_measure(struct flow *f);
size_t flow_room(const struct flow *f); /* columns that a line has behind its prefix */

/* Columns of a text without line ends. */
size_t flow_columns(struct slice text);

#endif
