#include "relay/command/input_file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

static enum fault read_all(int fd, struct buf *into)
{
	char *room;
	for (;;) {
		enum fault f = buf_reserve(into, INPUT_FILE_STEP, &room);
		if (f != FAULT_NONE) {
			return f;
		}
		ssize_t n = read(fd, room, INPUT_FILE_STEP);
		if (n == 0) {
			return FAULT_NONE;
		}
		if (n < 0 && errno != EINTR) {
			return FAULT_NOT_FOUND;
		}
		buf_grew(into, n > 0 ? (size_t)n : 0);
	}
}

enum fault input_file_read(const char *path, struct buf *into)
{
	bool from_stdin = strcmp(path, "-") == 0;
	int fd = from_stdin ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0) {
		return FAULT_NOT_FOUND;
	}
	enum fault f = read_all(fd, into);
	int why = errno;
	if (!from_stdin) {
		close(fd);
	}
	errno = why;
	return f;
}
