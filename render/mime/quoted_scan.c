#include "render/mime/quoted_scan.h"

enum { STEP = 16 };

static const unsigned char plain[256] = {
	['\t'] = 1,
	[' ' ... '<'] = 1,
	['>' ... '~'] = 1,
};

#if defined(__SSE2__)

#include <emmintrin.h>

static __m128i equal_to(__m128i bytes, char c)
{
	return _mm_cmpeq_epi8(bytes, _mm_set1_epi8(c));
}

/* A bit for each of the sixteen bytes that is not plain. They are compared as signed numbers, so
 * that all from 128 on are less than a blank. */
static unsigned look(const char *at)
{
	__m128i bytes = _mm_loadu_si128((const __m128i *)at);
	__m128i bad = _mm_or_si128(equal_to(bytes, '='), equal_to(bytes, 127));
	__m128i good = _mm_andnot_si128(bad, _mm_cmpgt_epi8(bytes, _mm_set1_epi8(' ' - 1)));
	return 0xFFFF ^ (unsigned)_mm_movemask_epi8(_mm_or_si128(good, equal_to(bytes, '\t')));
}

#else

static unsigned look(const char *at)
{
	unsigned other = 0;
	for (unsigned i = 0; i < STEP; i++) {
		other |= (unsigned)!plain[(unsigned char)at[i]] << i;
	}
	return other;
}

#endif

size_t quoted_plain(const char *at, size_t len)
{
	size_t i = 0;
	for (; len - i >= STEP; i += STEP) {
		unsigned other = look(at + i);
		if (other != 0) {
			return i + (unsigned)__builtin_ctz(other);
		}
	}
	while (i < len && plain[(unsigned char)at[i]]) {
		i++;
	}
	return i;
}

struct quoted_count quoted_count(struct slice text)
{
	struct quoted_count n = {0};
	for (size_t i = 0; (i += quoted_plain(text.ptr + i, text.len - i)) < text.len; i++) {
		n.returns += text.ptr[i] == '\r';
		n.lines += text.ptr[i] == '\n';
		n.octets += text.ptr[i] != '\r' && text.ptr[i] != '\n';
	}
	return n;
}
