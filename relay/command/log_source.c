#include "relay/command/log_source.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "relay/command/log_line.h"

enum { BLOCK = 64 * 1024, LOOK_MS = 100, ARGUMENTS_MAX = 32, CHILD_CANNOT_RUN = 127 };

static void init(struct log_source *s, bool follows)
{
	*s = (struct log_source){.fd = -1, .follows = follows};
	buf_init(&s->read, LOG_LINE_MAX + BLOCK);
}

/* --- a file ------------------------------------------------------------------------------------------ */

enum fault log_source_open(struct log_source *s, const char *path, bool follows, bool from_end,
			   struct problem *p)
{
	init(s, follows);
	if (strcmp(path, "-") == 0) {
		s->fd = STDIN_FILENO;
		return FAULT_NONE;
	}
	s->path = path;
	s->fd = open(path, O_RDONLY | O_CLOEXEC);
	if (s->fd < 0) {
		return problem_set_errno(p, FAULT_NOT_FOUND, "The log cannot be opened");
	}
	if (from_end) {
		(void)lseek(s->fd, 0, SEEK_END);
	}
	return FAULT_NONE;
}

/* Another file has its name, or it was made shorter than what was read of it. */
static bool is_replaced(const struct log_source *s, bool *out_is_shorter)
{
	struct stat open_one, named;
	*out_is_shorter = false;
	if (s->path == NULL || fstat(s->fd, &open_one) != 0) {
		return false;
	}
	off_t at = lseek(s->fd, 0, SEEK_CUR);
	*out_is_shorter = S_ISREG(open_one.st_mode) && at > open_one.st_size;
	return stat(s->path, &named) == 0 &&
	       (named.st_ino != open_one.st_ino || named.st_dev != open_one.st_dev);
}

static void open_anew(struct log_source *s)
{
	int fd = open(s->path, O_RDONLY | O_CLOEXEC);
	if (fd >= 0) {
		close(s->fd);
		s->fd = fd;
	}
}

/* At the end of what there is for now. */
static void wait_for_more(struct log_source *s)
{
	bool is_shorter;
	if (is_replaced(s, &is_shorter)) {
		open_anew(s);
	} else if (is_shorter) {
		(void)lseek(s->fd, 0, SEEK_SET);
	} else {
		(void)poll(NULL, 0, LOOK_MS);
	}
}

/* --- the journal ------------------------------------------------------------------------------------- */

static void become(const struct log_journal *j, bool follows, int out_fd)
{
	const char *args[ARGUMENTS_MAX] = {j->program, "--no-pager", "--quiet", "--output=json"};
	size_t n = 4;
	if (follows) {
		args[n++] = "--follow";
	}
	if (follows && j->since == NULL) {
		args[n++] = "--lines=0";
	}
	if (j->since != NULL) {
		args[n++] = "--since";
		args[n++] = j->since;
	}
	if (j->until != NULL) {
		args[n++] = "--until";
		args[n++] = j->until;
	}
	for (const char *const *m = j->matches; *m != NULL && n < ARGUMENTS_MAX - 1; m++) {
		args[n++] = *m;
	}
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	dup2(out_fd, STDOUT_FILENO);
	execvp(j->program, (char *const *)args);
	_exit(CHILD_CANNOT_RUN);
}

enum fault log_source_open_journal(struct log_source *s, const struct log_journal *j, bool follows,
				   struct problem *p)
{
	int ends[2];
	init(s, follows);
	/* Who started us may ignore it; then no child's end could be waited for. */
	signal(SIGCHLD, SIG_DFL);
	if (pipe2(ends, O_CLOEXEC) != 0) {
		return problem_set_errno(p, FAULT_SYSTEM, "The journal cannot be read");
	}
	s->child = fork();
	if (s->child == 0) {
		become(j, follows, ends[1]);
	}
	close(ends[1]);
	s->fd = ends[0];
	return s->child > 0 ? FAULT_NONE
			    : problem_set_errno(p, FAULT_SYSTEM, "The journal cannot be read");
}

/* Nobody is left who writes. */
static enum fault end_journal(struct log_source *s, struct problem *p)
{
	int status = 0;
	while (waitpid(s->child, &status, 0) < 0 && errno == EINTR) {
	}
	s->child = 0;
	if (WIFEXITED(status) && WEXITSTATUS(status) == CHILD_CANNOT_RUN) {
		return problem_set(p, FAULT_SYSTEM,
				   "There is no journalctl here; name the log's file, or - for "
				   "standard input.");
	}
	return WIFEXITED(status) && WEXITSTATUS(status) == 0
		       ? FAULT_NONE
		       : problem_set(p, FAULT_SYSTEM, "journalctl could not read the journal.");
}

void log_source_close(struct log_source *s)
{
	if (s->fd > STDIN_FILENO) {
		close(s->fd);
	}
	s->fd = -1;
	if (s->child > 0) {
		kill(s->child, SIGTERM);
		while (waitpid(s->child, NULL, 0) < 0 && errno == EINTR) {
		}
		s->child = 0;
	}
	buf_deinit(&s->read);
}

/* --- lines ------------------------------------------------------------------------------------------- */

static enum fault read_block(struct log_source *s, struct problem *p)
{
	char *room;
	enum fault f = buf_reserve(&s->read, BLOCK, &room);
	if (f != FAULT_NONE) {
		return problem_set(p, f, "");
	}
	ssize_t n;
	do {
		n = read(s->fd, room, BLOCK);
	} while (n < 0 && errno == EINTR);
	if (n < 0) {
		return problem_set_errno(p, FAULT_SYSTEM, "The log cannot be read");
	}
	buf_grew(&s->read, (size_t)n);
	if (n == 0 && s->follows && s->path != NULL) {
		wait_for_more(s);
	} else if (n == 0) {
		s->is_over = true;
		return s->child > 0 ? end_journal(s, p) : FAULT_NONE;
	}
	return FAULT_NONE;
}

/* True when a line is told; the last one may lack its end. */
static bool take_line(struct log_source *s, char **out_bytes, size_t *out_len)
{
	struct slice rest = slice_skip(buf_view(&s->read), s->taken);
	size_t end = slice_find_byte(rest, '\n');
	bool is_whole = end < rest.len;
	if (!is_whole && (!s->is_over || rest.len == 0)) {
		if (rest.len >= LOG_LINE_MAX) { /* what is told of it is no event */
			s->skips = true;
			s->taken = s->read.len;
		}
		return false;
	}
	*out_bytes = s->read.ptr + s->taken;
	*out_len = s->skips ? 0 : end;
	s->taken += is_whole ? end + 1 : end;
	s->skips = false;
	s->line++;
	return true;
}

enum fault log_source_next(struct log_source *s, char **out_bytes, size_t *out_len,
			   struct problem *p)
{
	while (!take_line(s, out_bytes, out_len)) {
		if (s->is_over) {
			return FAULT_NOT_FOUND;
		}
		buf_drop(&s->read, s->taken);
		s->taken = 0;
		enum fault f = read_block(s, p);
		if (f != FAULT_NONE) {
			return f;
		}
	}
	return FAULT_NONE;
}
