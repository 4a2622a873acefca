/*
 * NAME     language - the mail's own words, dates and numbers, in the language that the job names
 * INPUT    a BCP 47 tag ("de", "de-AT"); what is no tag is English. words.def: phrases in English and German;
 *          months.def: dates in more. What a language lacks is English
 * PURE     tables; nothing is allocated
 */
#ifndef RENDER_HTML_LANGUAGE_H
#define RENDER_HTML_LANGUAGE_H

#include "render/confluence/tree.h"

enum word {
#define WORD(name, ...) WORD_##name,
#include "render/html/words.def"
#undef WORD
	WORDS
};

enum { LANGUAGE_TAG_MAX = 35, LANGUAGE_DATE_TEXT = 48 };

struct language {
	struct slice tag; /* for `lang`; points into what language_of() was given, or is "en" */
	bool rtl;	  /* its script runs from right to left */
	uint8_t words;	  /* column of words.def */
	uint8_t months;	  /* row of months.def */
};

struct language language_of(struct slice tag);
struct slice language_word(const struct language *l, enum word word);
/* What those phrases are in, where that is not the mail's language: else empty. */
struct slice language_of_words(const struct language *l);
bool language_is_tag(struct slice s);
char language_decimal(const struct language *l); /* between 3 and 4 of "3.4" */
/* "14 Jan 2025"; a date that could not be read is shown as it stood. */
struct slice language_date(const struct language *l, const struct node_date *date,
			   char room[LANGUAGE_DATE_TEXT]);

#endif
