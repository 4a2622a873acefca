/*
 * NAME     sixteen - looks at sixteen bytes at once
 * USE      a question gives a lane of all ones for each byte that it is true of; answers are joined by `|` and `&`,
 *          turned by `~`; sixteen_bits() makes them a number, bit 0 for the first byte
 * SPEED    SSE2, which every x86-64 has; elsewhere the compiler's vectors, and a slower sixteen_bits()
 */
#ifndef SPOOL_FREE_BASE_SIXTEEN_H
#define SPOOL_FREE_BASE_SIXTEEN_H

#include <stdint.h>
#include <string.h>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

enum { SIXTEEN = 16, SIXTEEN_ALL = 0xFFFF };

typedef signed char sixteen_lanes __attribute__((vector_size(SIXTEEN)));

static inline sixteen_lanes sixteen_load(const char *at)
{
	sixteen_lanes v;
	memcpy(&v, at, sizeof(v));
	return v;
}

/* Up to eight bytes as a number that has them in memory's order on a machine with the low byte first. */
static inline uint64_t sixteen_load_part(const char *at, size_t n)
{
	uint64_t whole = 0;
	uint32_t low;
	uint32_t high;
	if (n >= sizeof(whole)) {
		memcpy(&whole, at, sizeof(whole));
		return whole;
	}
	if (n >= sizeof(low)) { /* two that overlap */
		memcpy(&low, at, sizeof(low));
		memcpy(&high, at + n - sizeof(high), sizeof(high));
		return low | (uint64_t)high << 8 * (n - sizeof(high));
	}
	for (size_t i = 0; i < n; i++) {
		whole |= (uint64_t)(unsigned char)at[i] << 8 * i;
	}
	return whole;
}

/* No more than `n` bytes, which may be fewer than sixteen; zeros stand for the others. */
static inline sixteen_lanes sixteen_load_some(const char *at, size_t n)
{
	enum { HALF = SIXTEEN / 2 };
	if (n >= SIXTEEN) {
		return sixteen_load(at);
	}
	if (__BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__) {
		char some[SIXTEEN] = {0};
		memcpy(some, at, n);
		return sixteen_load(some);
	}
	uint64_t pair __attribute__((vector_size(SIXTEEN))) = {
		sixteen_load_part(at, n), n > HALF ? sixteen_load_part(at + HALF, n - HALF) : 0};
	return (sixteen_lanes)pair;
}

static inline void sixteen_store(char *at, sixteen_lanes v)
{
	memcpy(at, &v, sizeof(v));
}

static inline sixteen_lanes sixteen_equal(sixteen_lanes v, char c)
{
	return (sixteen_lanes)(v == (signed char)c);
}

/* Compared as signed numbers: all from 128 on are less than anything of ASCII. */
static inline sixteen_lanes sixteen_less(sixteen_lanes v, char c)
{
	return (sixteen_lanes)(v < (signed char)c);
}

unsigned sixteen_bits_anywhere(sixteen_lanes v); /* the same on any machine */

#if defined(__SSE2__)

static inline unsigned sixteen_bits(sixteen_lanes v)
{
	return (unsigned)_mm_movemask_epi8((__m128i)v);
}

#else

static inline unsigned sixteen_bits(sixteen_lanes v)
{
	return sixteen_bits_anywhere(v);
}

#endif

/* The place of the first bit that is set, and of the last; some bit is. */
static inline unsigned sixteen_first(unsigned bits)
{
	return (unsigned)__builtin_ctz(bits);
}

static inline unsigned sixteen_last(unsigned bits)
{
	return 31 - (unsigned)__builtin_clz(bits);
}

#endif
