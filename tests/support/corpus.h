/*
 * NAME     corpus - the pages of ../shared/corpus/storage, real ones and made ones, for tests that take them all
 * USE      int count = corpus_find(); then each by its number. 0: the corpus is not beside this checkout
 */
#ifndef TESTS_SUPPORT_CORPUS_H
#define TESTS_SUPPORT_CORPUS_H

#include "spool-free/base/slice.h"

int corpus_find(void);
const char *corpus_path(int index);
struct slice corpus_read(int index); /* valid until the next call */

/* Fails the test unless every word that a well-formed page shows stands in `dump`, in the same order. */
void corpus_expect_words(struct slice page, struct slice dump, const char *path);

#endif
