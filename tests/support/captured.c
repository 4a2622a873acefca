#include "tests/support/captured.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { MOST = 65536 };

static void must(bool ok)
{
	if (!ok) {
		abort();
	}
}

void captured_begin(struct captured *c)
{
	int ends[2];
	fflush(stdout);
	c->before = dup(STDOUT_FILENO);
	must(c->before >= 0 && pipe(ends) == 0 && dup2(ends[1], STDOUT_FILENO) >= 0);
	close(ends[1]);
	c->read_end = ends[0];
}

void captured_end(struct captured *c, struct buf *into)
{
	char *room;
	ssize_t n;
	fflush(stdout);
	must(dup2(c->before, STDOUT_FILENO) >= 0);
	close(c->before);
	buf_init(into, 4 * (size_t)MOST);
	do {
		must(buf_reserve(into, MOST, &room) == FAULT_NONE);
		n = read(c->read_end, room, MOST);
		buf_grew(into, n > 0 ? (size_t)n : 0);
	} while (n > 0);
	close(c->read_end);
}
