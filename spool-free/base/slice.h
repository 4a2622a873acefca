/*
 * NAME     slice - a borrowed view of bytes, passed by value
 * OWNS     nothing; it dies with what it points into. May hold NUL. {NULL, 0} is the empty slice
 * THREADS  as the bytes below it
 */
#ifndef SPOOL_FREE_BASE_SLICE_H
#define SPOOL_FREE_BASE_SLICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "spool-free/base/macros.h"

struct slice {
	const char *ptr;
	size_t len;
};

/* For expressions, and for initialisers of static tables. */
#define SLICE_LIT(s) ((struct slice){"" s, sizeof(s) - 1})
#define SLICE_INIT(s)                                                                              \
	{                                                                                          \
		"" s, sizeof(s) - 1                                                                \
	}

/* What is shorter than a call stands here, for whoever walks over a text byte by byte. */
static inline struct slice slice_of(const void *ptr, size_t len)
{
	return (struct slice){.ptr = ptr, .len = len};
}

struct slice slice_of_text(const char *text); /* NULL gives the empty slice */

bool slice_eq(struct slice a, struct slice b);
bool slice_eq_nocase(struct slice a, struct slice b); /* ASCII letters only */
bool slice_starts(struct slice s, struct slice prefix);
bool slice_starts_nocase(struct slice s, struct slice prefix);
bool slice_ends(struct slice s, struct slice suffix);
int slice_compare(struct slice a, struct slice b); /* as memcmp, the shorter one first */

/* First place of a byte or of a run of bytes; s.len if there is none. */
size_t slice_find_byte(struct slice s, char byte);
size_t slice_find(struct slice s, struct slice what);

/* Views: positions past the end are clamped to it. */
static inline struct slice slice_first(struct slice s, size_t n)
{
	return slice_of(s.ptr, n < s.len ? n : s.len);
}

static inline struct slice slice_skip(struct slice s, size_t n)
{
	size_t skipped = n < s.len ? n : s.len;
	/* No arithmetic on NULL, not even by nothing. */
	return skipped > 0 ? slice_of(s.ptr + skipped, s.len - skipped) : s;
}

struct slice slice_trim(struct slice s); /* space, tab, CR, LF at both ends */

/*
 * Cuts at the first `byte`: what stood before it goes to `out_head`, `rest` goes on after it.
 * False, and nothing changed, when the byte is not there.
 */
bool slice_cut_to(struct slice *rest, char byte, struct slice *out_head);

/* A whole slice of decimal digits, no sign, at most `max`; false otherwise. */
bool slice_to_u64(struct slice s, uint64_t max, uint64_t *out_value);

#endif
