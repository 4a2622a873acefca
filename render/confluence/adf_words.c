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

enum adf_word adf_word_of(struct slice name)
{
	size_t word = name.len < COUNT_OF(begins) ? begins[name.len] : 0;
	if (word == 0) {
		return ADF_OTHER_WORD;
	}
	for (; word < ADF_WORDS && names[word].len == name.len; word++) {
		if (names[word].ptr[0] == name.ptr[0] &&
		    memcmp(names[word].ptr, name.ptr, name.len) == 0) {
			return (enum adf_word)word;
		}
	}
	return ADF_OTHER_WORD;
}

struct slice adf_word_name(enum adf_word word)
{
	return names[word];
}
