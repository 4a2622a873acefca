#include "tests/support/remains.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <check.h>

static char letter(size_t i, unsigned seed)
{
	return (char)('a' + (i * i + seed * (i + 1)) % 26);
}

void remains_write(char *room, size_t len, unsigned seed)
{
	for (size_t i = 0; i < len; i++) {
		room[i] = letter(i, seed);
	}
}

static bool stands_in(const char *bytes, size_t size, size_t len, unsigned seed)
{
	for (size_t at = 0; at + len <= size; at++) {
		size_t i = 0;
		while (i < len && bytes[at + i] == letter(REMAINS_MARKS + i, seed)) {
			i++;
		}
		if (i == len) {
			return true;
		}
	}
	return false;
}

/* In pieces that overlap, into room that holds none of it afterwards. */
static bool stands_between(int memory, uintptr_t begin, uintptr_t end, size_t len, unsigned seed)
{
	static char piece[64 * 1024];
	bool found = false;
	while (!found && begin + len <= end) {
		size_t most = end - begin < sizeof(piece) ? end - begin : sizeof(piece);
		ssize_t n = pread(memory, piece, most, (off_t)begin);
		if (n < (ssize_t)len) {
			return false;
		}
		found = stands_in(piece, (size_t)n, len, seed);
		explicit_bzero(piece, sizeof(piece));
		begin += (size_t)n - len + 1;
	}
	return found;
}

bool remains_are_there(size_t len, unsigned seed)
{
	char *line = NULL;
	size_t room = 0;
	bool found = false;
	ck_assert_uint_gt(len, REMAINS_MARKS);
	len -= REMAINS_MARKS;
	FILE *maps = fopen("/proc/self/maps", "re");
	int memory = open("/proc/self/mem", O_RDONLY | O_CLOEXEC);
	ck_assert(maps != NULL && memory >= 0);
	while (!found && getline(&line, &room, maps) > 0) {
		uintptr_t begin, end;
		char may[5];
		if (sscanf(line, "%" SCNxPTR "-%" SCNxPTR " %4s", &begin, &end, may) == 3 &&
		    may[0] == 'r' && may[1] == 'w' && end - begin <= REMAINS_MAP_MAX) {
			found = stands_between(memory, begin, end, len, seed);
		}
	}
	free(line);
	fclose(maps);
	close(memory);
	return found;
}
