/*
 * NAME     words - the words and numbers of mail servers that may be told (words.def), and how a line falls into them
 * PURE     what is found is the table's own, in small letters, never a copy of the line; chunks and parts are views of it
 */
#ifndef RELAY_SMTP_WORDS_H
#define RELAY_SMTP_WORDS_H

#include "spool-free/base/slice.h"

enum { WORDS_MAX = 32 }; /* bytes of the longest */

enum {
	WORDS_COUNT = 0 /* in the table */
#define WORD(w) +1
#include "relay/smtp/words.def"
#undef WORD
};

/* A word's place in the table, in any case; WORDS_COUNT: it is not there. */
size_t words_place(struct slice text);
/* The table's word, or none. */
struct slice words_find(struct slice text);
/* The same, but no number. */
struct slice words_find_name(struct slice text);
/* In capitals, in `room`; `word` is the table's. */
struct slice words_upper(struct slice word, char room[WORDS_MAX]);
/* Digits alone. */
bool words_is_number(struct slice s);
/* Whether `word` in small letters is a part of `text`: of three letters or more anywhere in it, else a word of its own. */
bool words_is_part(struct slice text, struct slice word);

/* Takes the next chunk between blanks from `rest`; empty at its end. */
struct slice words_cut_chunk(struct slice *rest);
/* Takes what stands before the next of - / = and , from a chunk; the separator stays. */
struct slice words_cut_part(struct slice *rest);
/* A chunk without quotes, brackets and punctuation around it. */
struct slice words_without_marks(struct slice chunk);
/* Whether `rest` begins with what is counted, so that a number before it is a limit or a time. */
bool words_count(struct slice rest);

#endif
