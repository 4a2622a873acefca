#include "spool-free/base/tag.h"

#include "spool-free/base/digest.h"
#include "spool-free/base/wipe.h"

enum { BITS_A_LETTER = 5, BYTES_USED = 7 };

static const int64_t MS_A_DAY = 86400000;

static void put_letters(const unsigned char digest[DIGEST_LEN], char out[TAG_LEN])
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz234567";
	uint64_t bits = 0;
	for (size_t i = 0; i < BYTES_USED; i++) {
		bits = bits << 8 | digest[i];
	}
	bits >>= BYTES_USED * 8 - TAG_LEN * BITS_A_LETTER;
	for (size_t i = TAG_LEN; i > 0; i--) {
		out[i - 1] = letters[bits & 31];
		bits >>= BITS_A_LETTER;
	}
}

enum fault tag_of(const unsigned char key[TAG_KEY], struct slice text, char out[TAG_LEN])
{
	char small[TAG_TEXT_MAX];
	unsigned char digest[DIGEST_LEN];
	text = slice_first(text, sizeof(small));
	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];
		small[i] = c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
	}
	enum fault f = digest_hmac(DIGEST_SHA256, slice_of(key, TAG_KEY), slice_of(small, text.len),
				   digest);
	if (f == FAULT_NONE) {
		put_letters(digest, out);
	}
	wipe(small, sizeof(small));
	wipe(digest, sizeof(digest));
	return f;
}

uint32_t tag_day(struct civil at)
{
	return at.ms > 0 ? (uint32_t)(at.ms / MS_A_DAY) : 0;
}
