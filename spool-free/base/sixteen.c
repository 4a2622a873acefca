#include "spool-free/base/sixteen.h"

unsigned sixteen_bits_anywhere(sixteen_lanes v)
{
	unsigned bits = 0;
	for (unsigned i = 0; i < SIXTEEN; i++) {
		bits |= (unsigned)(v[i] < 0) << i;
	}
	return bits;
}
