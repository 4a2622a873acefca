/*
 * NAME     text - UTF-8 and ASCII questions that several modules ask
 * SEE      RFC 3629; Unicode 15 for the wide and right-to-left ranges
 */
#ifndef SPOOL_FREE_BASE_TEXT_H
#define SPOOL_FREE_BASE_TEXT_H

#include "spool-free/base/slice.h"

enum { TEXT_REPLACEMENT = 0xFFFD, TEXT_UTF8_MAX = 4 };

/* Length of the longest valid UTF-8 start of `s`; s.len when all of it is valid. */
size_t text_utf8_valid(struct slice s);
/*
 * Takes one code point off the front. Invalid bytes give U+FFFD, one byte at a time. `s` must not be empty.
 */
uint32_t text_next(struct slice *s);
/* 1 to 4 bytes; surrogates and values past U+10FFFF are written as U+FFFD. */
size_t text_encode(uint32_t code, char out[TEXT_UTF8_MAX]);

bool text_is_ascii(struct slice s); /* every byte below 0x80 */
/* Valid UTF-8, no control byte but tab, no DEL: fit for a header value or a file name. */
bool text_is_header_safe(struct slice s);
unsigned text_columns(uint32_t code); /* 0 combining, 1, or 2 East Asian wide and emoji */
bool text_is_rtl(uint32_t code);      /* strong right-to-left letter */
bool text_is_letter(uint32_t code);   /* strong left-to-right or right-to-left letter, roughly */

#endif
