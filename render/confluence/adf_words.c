#include "render/confluence/adf_words.h"

#include <string.h>

static const struct slice names[ADF_WORDS] = {
#define ADF_LENGTH(n)
#define ADF_WORD(name) [ADF_W_##name] = SLICE_INIT(#name),
#include "render/confluence/adf_words.def"
#undef ADF_WORD
#undef ADF_LENGTH
};

static const uint8_t begins[] = {
#define ADF_LENGTH(n) [n] = ADF_FROM_##n,
#define ADF_WORD(name)
#include "render/confluence/adf_words.def"
#undef ADF_WORD
#undef ADF_LENGTH
};

_Static_assert(ADF_WORDS <= UINT8_MAX, "a word is kept in a byte");

static uint32_t four(const char *at)
{
	uint32_t bytes;
	memcpy(&bytes, at, sizeof(bytes));
	return bytes;
}

/* Both of that length: their first four bytes and their last four, and what may stand between. */
static bool is_same(const char *a, const char *b, size_t len)
{
	if (len < sizeof(uint32_t)) {
		return memcmp(a, b, len) == 0;
	}
	size_t last = len - sizeof(uint32_t);
	return four(a) == four(b) && four(a + last) == four(b + last) &&
	       (len <= 2 * sizeof(uint32_t) || memcmp(a, b, len) == 0);
}

enum adf_word adf_word_of(struct slice name)
{
	size_t word = name.len < COUNT_OF(begins) ? begins[name.len] : 0;
	if (word == 0) {
		return ADF_OTHER_WORD;
	}
	for (; word < ADF_WORDS && names[word].len == name.len; word++) {
		if (is_same(names[word].ptr, name.ptr, name.len)) {
			return (enum adf_word)word;
		}
	}
	return ADF_OTHER_WORD;
}

struct slice adf_word_name(enum adf_word word)
{
	return names[word];
}
