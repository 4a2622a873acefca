#include "relay/command/render_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "relay/command/command.h"

int render_complain(const char *path, const char *what)
{
	fprintf(stderr, "pagepost render: %s: %s\n", path, what);
	return EXIT_USAGE;
}

struct slice render_file_name(const char *path)
{
	const char *slash = strrchr(path, '/');
	return slice_of_text(slash != NULL ? slash + 1 : path);
}

static bool read_fd(int fd, struct arena *arena, struct slice *out_bytes)
{
	struct stat st;
	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode) || st.st_size > RENDER_FILE_MAX) {
		return false;
	}
	char *bytes = arena_bytes(arena, (size_t)st.st_size + 1);
	size_t have = 0;
	for (ssize_t n = 1; bytes != NULL && have < (size_t)st.st_size && n > 0;
	     have += (size_t)(n > 0 ? n : 0)) {
		n = read(fd, bytes + have, (size_t)st.st_size - have);
	}
	*out_bytes = slice_of(bytes, have);
	return bytes != NULL;
}

bool render_file_read(const char *path, struct arena *arena, struct slice *out_bytes)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0) {
		(void)render_complain(path, strerror(errno));
		return false;
	}
	bool good = read_fd(fd, arena, out_bytes);
	close(fd);
	if (!good) {
		(void)render_complain(path, "is no regular file of at most 64 MiB");
	}
	return good;
}
