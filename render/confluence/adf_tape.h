/*
 * NAME     adf_tape - a JSON text as a row of cells, made in one pass: whatever order its members come in, they can
 *          be looked up without parsing anything twice
 * SHAPE    a cell a value, in the order of the text; an array or object says where the cell behind it stands. Behind an
 *          object's cell come its members' values, each with the number of its key; one whose key has no number has a
 *          cell of the key's text before it (ADF_KEY)
 * OWNS     nothing: cells lie in the arena; text is a view of the JSON, or, where there were escapes, of the arena
 * TAKES    any valid UTF-8. What stands in strings is taken as it is: raw control characters, wrong escapes, lone
 *          surrogates (U+FFFD). Where the structure is wrong the tape ends, and all that is open is closed
 * LIMITS   no depth; 16 bytes a cell, at most a cell for each two bytes; time linear in the text; below 4 GiB
 * FAULTS   NO_MEMORY
 * SEE      RFC 8259; render-spec.md section 9
 */
#ifndef RENDER_CONFLUENCE_ADF_TAPE_H
#define RENDER_CONFLUENCE_ADF_TAPE_H

#include "spool-free/base/arena.h"
#include "render/confluence/adf_words.h"

enum adf_kind {
	ADF_NULL,
	ADF_TRUE,
	ADF_FALSE,
	ADF_NUMBER,
	ADF_STRING,
	ADF_ARRAY,
	ADF_OBJECT,
	ADF_KEY, /* no value of its own: the next cell's name */
};

struct adf_cell {
	const char *ptr; /* of a string or key: its text; of a number: as written */
	uint32_t len;	 /* ARRAY, OBJECT: number of the cell behind it */
	uint8_t kind;	 /* enum adf_kind */
	uint8_t key;	 /* enum adf_word; ADF_NO_WORD: an element of an array */
	uint8_t word;	 /* of the string behind the key `type`: enum adf_word; else ADF_NO_WORD */
	uint8_t padding;
};

struct adf_tape {
	struct adf_cell *cells; /* the outermost value is the first; NULL when there is none */
	uint32_t count;
	const char *wrong; /* what first was not JSON, or NULL */
	size_t wrong_at;   /* its place in the text */
};

MUST_USE enum fault adf_tape_read(struct slice json, struct arena *arena,
				  struct adf_tape *out_tape);

/* The cell behind a value. */
static inline uint32_t adf_tape_next(const struct adf_tape *t, uint32_t at)
{
	const struct adf_cell *c = &t->cells[at];
	return c->kind == ADF_ARRAY || c->kind == ADF_OBJECT ? c->len : at + 1;
}

/* A member's value, the last one of that name; 0, which no member is, when it is not there or `at` is no object. */
uint32_t adf_tape_member(const struct adf_tape *t, uint32_t at, enum adf_word key);
/* The text of a string; empty for all else, and for 0. */
struct slice adf_tape_text(const struct adf_tape *t, uint32_t at);
/* The same, also of a number. */
struct slice adf_tape_scalar(const struct adf_tape *t, uint32_t at);
/* The name of the member whose value is `at`. */
struct slice adf_tape_key(const struct adf_tape *t, uint32_t at);

#endif
