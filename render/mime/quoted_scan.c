#include "render/mime/quoted_scan.h"

static const unsigned char plain[256] = {
	['\t'] = 1,
	[' ' ... '<'] = 1,
	['>' ... '~'] = 1,
};

size_t quoted_plain(const char *at, size_t len)
{
	size_t i = 0;
	for (; len - i >= SIXTEEN; i += SIXTEEN) {
		unsigned other = sixteen_bits(quoted_others(sixteen_load(at + i)));
		if (other != 0) {
			return i + sixteen_first(other);
		}
	}
	while (i < len && plain[(unsigned char)at[i]]) {
		i++;
	}
	return i;
}

/* All ones are -1: taken away, they count in each lane, which holds no more than 127 of them. */
enum { STEPS = 127 };

static size_t sum(sixteen_lanes counts)
{
	size_t n = 0;
	for (int i = 0; i < SIXTEEN; i++) {
		n += (size_t)counts[i];
	}
	return n;
}

static size_t count_wide(struct slice text, struct quoted_count *n)
{
	size_t i = 0;
	while (text.len - i >= SIXTEEN) {
		sixteen_lanes others = {0};
		sixteen_lanes returns = {0};
		sixteen_lanes lines = {0};
		for (int step = 0; step < STEPS && text.len - i >= SIXTEEN; step++, i += SIXTEEN) {
			sixteen_lanes v = sixteen_load(text.ptr + i);
			others -= quoted_others(v);
			returns -= sixteen_equal(v, '\r');
			lines -= sixteen_equal(v, '\n');
		}
		size_t ends = sum(returns) + sum(lines);
		n->returns += sum(returns);
		n->lines += sum(lines);
		n->octets += sum(others) - ends;
	}
	return i;
}

struct quoted_count quoted_count(struct slice text)
{
	struct quoted_count n = {0};
	for (size_t i = count_wide(text, &n); i < text.len; i++) {
		bool end = text.ptr[i] == '\r' || text.ptr[i] == '\n';
		n.returns += text.ptr[i] == '\r';
		n.lines += text.ptr[i] == '\n';
		n.octets += !end && !plain[(unsigned char)text.ptr[i]];
	}
	return n;
}
