#include "spool-free/base/base64_avx2.h"

#include "spool-free/base/base64.h"

#if defined(__x86_64__)

#include <immintrin.h>

#define AVX2 __attribute__((target("avx2")))

enum {
	STEP_BYTES = 24,
	STEP_LETTERS = 32,
	STEP_READS = 28, /* an encoding step looks at so many bytes */
	STEP_SPARE = 8,	 /* letters left behind a decoding step, which writes four bytes too many */
};

static bool has_avx2(void)
{
	return __builtin_cpu_supports("avx2");
}

/* ---- encoding ---- */

/*
 * Groups of three bytes a b c, spread to four bytes b a c b each, become four numbers of six bits:
 * two of them move down by a multiplication whose high half is kept, two move up by one whose low
 * half is kept.
 */
AVX2 static inline __m256i six_bits(__m256i spread)
{
	__m256i high = _mm256_and_si256(spread, _mm256_set1_epi32(0x0FC0FC00));
	__m256i low = _mm256_and_si256(spread, _mm256_set1_epi32(0x003F03F0));
	high = _mm256_mulhi_epu16(high, _mm256_set1_epi32(0x04000040));
	low = _mm256_mullo_epi16(low, _mm256_set1_epi32(0x01000010));
	return _mm256_or_si256(high, low);
}

/*
 * Number to letter: each range of the alphabet has its own distance, found by a small index: 13 for
 * A to Z, 0 for a to z, 1 to 10 for the digits, 11 for plus, 12 for slash.
 */
AVX2 static inline __m256i to_letters(__m256i numbers)
{
	const __m256i distances = _mm256_broadcastsi128_si256(_mm_setr_epi8(
		'a' - 26, '0' - 52, '0' - 52, '0' - 52, '0' - 52, '0' - 52, '0' - 52, '0' - 52,
		'0' - 52, '0' - 52, '0' - 52, '+' - 62, '/' - 63, 'A', 0, 0));
	__m256i index = _mm256_subs_epu8(numbers, _mm256_set1_epi8(51));
	__m256i is_upper = _mm256_cmpgt_epi8(_mm256_set1_epi8(26), numbers);
	index = _mm256_or_si256(index, _mm256_and_si256(is_upper, _mm256_set1_epi8(13)));
	return _mm256_add_epi8(numbers, _mm256_shuffle_epi8(distances, index));
}

/* 12 bytes at the front of each half to 32 letters. */
AVX2 static inline __m256i encode_halves(__m256i halves)
{
	const __m256i spread = _mm256_broadcastsi128_si256(
		_mm_setr_epi8(1, 0, 2, 1, 4, 3, 5, 4, 7, 6, 8, 7, 10, 9, 11, 10));
	return to_letters(six_bits(_mm256_shuffle_epi8(halves, spread)));
}

/* 24 bytes, with four more readable behind them, to 32 letters. */
AVX2 static inline __m256i encode_step(const char *bytes)
{
	__m128i first = _mm_loadu_si128((const __m128i *)bytes);
	__m128i second = _mm_loadu_si128((const __m128i *)(bytes + 12));
	return encode_halves(_mm256_set_m128i(second, first));
}

/* The last 12 bytes before `end`, with four more readable before them, to 16 letters. */
AVX2 static inline __m128i encode_tail(const char *end)
{
	__m128i bytes = _mm_srli_si128(_mm_loadu_si128((const __m128i *)(end - 16)), 4);
	return _mm256_castsi256_si128(encode_halves(_mm256_castsi128_si256(bytes)));
}

AVX2 static size_t encode(struct slice in, char *out)
{
	size_t at = 0;
	for (; in.len - at >= STEP_READS; at += STEP_BYTES, out += STEP_LETTERS) {
		_mm256_storeu_si256((__m256i *)out, encode_step(in.ptr + at));
	}
	return at;
}

/*
 * A line is 57 bytes: two whole steps, then the last 12 bytes, three of them a second time, so that
 * no step reads or writes outside its line.
 */
AVX2 static size_t encode_lines(struct slice in, char *out)
{
	size_t at = 0;
	for (; in.len - at >= BASE64_LINE_IN; at += BASE64_LINE_IN, out += BASE64_LINE_OUT) {
		const char *line = in.ptr + at;
		_mm256_storeu_si256((__m256i *)out, encode_step(line));
		_mm256_storeu_si256((__m256i *)(out + 32), encode_step(line + 24));
		_mm_storeu_si128((__m128i *)(out + 60), encode_tail(line + BASE64_LINE_IN));
		out[76] = '\r';
		out[77] = '\n';
	}
	return at;
}

/* ---- decoding ---- */

/*
 * A letter is right when the sets that its low and its high half-byte may stand for share no bit;
 * the same high half-byte gives the distance to its number, with slash apart because it shares one
 * with plus.
 */
AVX2 static inline bool to_numbers(__m256i letters, __m256i *out_numbers)
{
	const __m256i low_sets = _mm256_broadcastsi128_si256(
		_mm_setr_epi8(0x15, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x13,
			      0x1A, 0x1B, 0x1B, 0x1B, 0x1A));
	const __m256i high_sets = _mm256_broadcastsi128_si256(
		_mm_setr_epi8(0x10, 0x10, 0x01, 0x02, 0x04, 0x08, 0x04, 0x08, 0x10, 0x10, 0x10,
			      0x10, 0x10, 0x10, 0x10, 0x10));
	const __m256i distances = _mm256_broadcastsi128_si256(
		_mm_setr_epi8(0, 16, 19, 4, -65, -65, -71, -71, 0, 0, 0, 0, 0, 0, 0, 0));
	const __m256i slash = _mm256_set1_epi8('/');
	__m256i high = _mm256_and_si256(_mm256_srli_epi32(letters, 4), _mm256_set1_epi8(0x0F));
	__m256i low = _mm256_and_si256(letters, _mm256_set1_epi8(0x0F));
	if (!_mm256_testz_si256(_mm256_shuffle_epi8(low_sets, low),
				_mm256_shuffle_epi8(high_sets, high))) {
		return false;
	}
	__m256i is_slash = _mm256_cmpeq_epi8(letters, slash);
	__m256i distance = _mm256_shuffle_epi8(distances, _mm256_add_epi8(is_slash, high));
	*out_numbers = _mm256_add_epi8(letters, distance);
	return true;
}

/* Four numbers of six bits join to three bytes; each half's twelve bytes come to its front. */
AVX2 static inline __m256i to_bytes(__m256i numbers)
{
	const __m256i gather = _mm256_broadcastsi128_si256(
		_mm_setr_epi8(2, 1, 0, 6, 5, 4, 10, 9, 8, 14, 13, 12, -1, -1, -1, -1));
	__m256i pairs = _mm256_maddubs_epi16(numbers, _mm256_set1_epi32(0x01400140));
	__m256i fours = _mm256_madd_epi16(pairs, _mm256_set1_epi32(0x00011000));
	return _mm256_shuffle_epi8(fours, gather);
}

/* In place this is safe: a step has read its 32 letters before it writes 28 bytes, none behind
 * them. */
AVX2 static size_t decode(struct slice in, char *out)
{
	size_t at = 0;
	for (; in.len - at >= STEP_LETTERS + STEP_SPARE; at += STEP_LETTERS, out += STEP_BYTES) {
		__m256i numbers;
		if (!to_numbers(_mm256_loadu_si256((const __m256i *)(in.ptr + at)), &numbers)) {
			break;
		}
		__m256i bytes = to_bytes(numbers);
		_mm_storeu_si128((__m128i *)out, _mm256_castsi256_si128(bytes));
		_mm_storeu_si128((__m128i *)(out + 12), _mm256_extracti128_si256(bytes, 1));
	}
	return at;
}

size_t base64_avx2_encode(struct slice in, char *out)
{
	return has_avx2() ? encode(in, out) : 0;
}

size_t base64_avx2_encode_lines(struct slice in, char *out)
{
	return has_avx2() ? encode_lines(in, out) : 0;
}

size_t base64_avx2_decode(struct slice in, char *out)
{
	return has_avx2() ? decode(in, out) : 0;
}

#else

size_t base64_avx2_encode(struct slice in UNUSED, char *out UNUSED)
{
	return 0;
}

size_t base64_avx2_encode_lines(struct slice in UNUSED, char *out UNUSED)
{
	return 0;
}

size_t base64_avx2_decode(struct slice in UNUSED, char *out UNUSED)
{
	return 0;
}

#endif
