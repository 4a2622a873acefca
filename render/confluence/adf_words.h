/*
 * NAME     adf_words - the names that ADF uses, as numbers: a name is compared once, when it is read
 * TABLE    adf_words.def, by length; a new name is a row there
 * PURE     no state
 */
#ifndef RENDER_CONFLUENCE_ADF_WORDS_H
#define RENDER_CONFLUENCE_ADF_WORDS_H

#include "spool-free/base/slice.h"

enum adf_word {
	ADF_NO_WORD,	/* no name at all: an element of an array, the outermost value */
	ADF_OTHER_WORD, /* a name without a row */
/* A length takes the number of the first name behind it, and leaves it to that one. */
#define ADF_LENGTH(n)  ADF_FROM_##n, ADF_BEFORE_##n = ADF_FROM_##n - 1,
#define ADF_WORD(name) ADF_W_##name,
#include "render/confluence/adf_words.def"
#undef ADF_WORD
#undef ADF_LENGTH
	ADF_WORDS
};

enum adf_word adf_word_of(struct slice name);	/* ADF_OTHER_WORD when it has no row */
struct slice adf_word_name(enum adf_word word); /* empty for the two that are no rows */

#endif
