#include "relay/command/outlet.h"

#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/support/check_main.h"

/*
 * Each case runs in a process of its own whose standard output and error are what its row says; the parent looks at
 * the files afterwards. What goes wrong in the process is told by its status.
 */
enum sink { TO_FILE, TO_SAME_FILE, TO_PIPE, TO_NOTHING };
enum { OUT, ERR, LINES = 5000, MANY = LINES * 10 };

struct row {
	const char *name;
	enum sink out, err;
	bool is_opened;	   /* by outlet_open() */
	size_t disk_holds; /* 0: everything */
	int lines;	   /* of ten bytes, written to each after the limit */
	int status;	   /* of the writer: 1 when a write was refused */
	off_t sizes[2];	   /* of the files afterwards; 0 too when there is none */
};

static const struct row rows[] = {
	{"both are files", TO_FILE, TO_FILE, true, 0, 2, 0, {20, 20}},
	{"one file for both", TO_FILE, TO_SAME_FILE, true, 0, 2, 0, {40, 0}},
	{"more than a pipe holds", TO_FILE, TO_FILE, true, 0, LINES, 0, {MANY, MANY}},
	{"only the log is a file", TO_PIPE, TO_FILE, true, 0, 2, 0, {0, 20}},
	{"only the output is a file", TO_FILE, TO_PIPE, true, 0, 2, 0, {20, 0}},
	{"nothing was written", TO_FILE, TO_FILE, true, 0, 0, 0, {0, 0}},
	{"standard output is closed", TO_NOTHING, TO_FILE, true, 0, 2, 1, {0, 20}},
	{"the disk is full", TO_FILE, TO_FILE, true, 15, LINES, 0, {15, 15}},
	{"without it, files take nothing", TO_FILE, TO_FILE, false, 0, 2, 1, {0, 0}},
	{"without it, the log takes nothing", TO_PIPE, TO_FILE, false, 0, 2, 1, {0, 0}},
};

static char folder[] = "/tmp/pagepost-outlet-XXXXXX";
static const char *const names[] = {"out", "err"};

static void set_up(void)
{
	ck_assert_ptr_nonnull(mkdtemp(folder));
	ck_assert_int_eq(chdir(folder), 0);
}

static void tear_down(void)
{
	unlink(names[OUT]);
	unlink(names[ERR]);
	ck_assert_int_eq(rmdir(folder), 0);
}

static void limit_files(size_t size)
{
	struct rlimit limit = {.rlim_cur = size, .rlim_max = RLIM_INFINITY};
	signal(SIGXFSZ, SIG_IGN);
	if (setrlimit(RLIMIT_FSIZE, &limit) != 0) {
		_exit(2);
	}
}

static int end_of(enum sink to, int which)
{
	int ends[2];
	int fd = STDOUT_FILENO;
	if (to == TO_FILE) {
		fd = open(names[which], O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	} else if (to == TO_PIPE) {
		fd = pipe2(ends, O_CLOEXEC) == 0 ? ends[1] : -1;
	}
	return fd;
}

static void put(enum sink out, enum sink err)
{
	int to_out = end_of(out, OUT);
	int to_err = end_of(err, ERR);
	if (dup2(to_out, STDOUT_FILENO) < 0 || dup2(to_err, STDERR_FILENO) < 0) {
		_exit(2);
	}
	if (out == TO_NOTHING) {
		close(STDOUT_FILENO);
	}
}

static void write_as(const struct row *r)
{
	struct outlet outlet = {{0, 0}};
	int status = 0;
	alarm(60);
	put(r->out, r->err);
	if (r->disk_holds > 0) {
		limit_files(r->disk_holds);
	}
	if (r->is_opened) {
		outlet_open(&outlet);
	}
	limit_files(0);
	for (int i = 0; i < r->lines; i++) {
		for (int fd = STDOUT_FILENO; fd <= STDERR_FILENO; fd++) {
			status |= write(fd, "ten bytes\n", 10) == 10 ? 0 : 1;
		}
	}
	outlet_close(&outlet);
	_exit(status);
}

START_TEST(row)
{
	const struct row *r = &rows[_i];
	int status;
	pid_t writer = fork();
	if (writer == 0) {
		write_as(r);
	}
	ck_assert_int_eq(waitpid(writer, &status, 0), writer);
	ck_assert_msg(WIFEXITED(status), "%s: signal %d", r->name, WTERMSIG(status));
	ck_assert_msg(WEXITSTATUS(status) == r->status, "%s: status %d", r->name,
		      WEXITSTATUS(status));
	for (int i = 0; i < 2; i++) {
		struct stat is = {.st_size = 0};
		(void)stat(names[i], &is);
		ck_assert_msg(is.st_size == r->sizes[i], "%s: file %d has %ld bytes", r->name, i,
			      (long)is.st_size);
	}
}
END_TEST

/* A signal to the whole group is for those who write: what they say about it still arrives. */
START_TEST(signals_to_the_group)
{
	int status;
	struct stat is;
	pid_t writer = fork();
	if (writer == 0) {
		struct outlet outlet;
		setpgid(0, 0);
		signal(SIGTERM, SIG_IGN);
		signal(SIGINT, SIG_IGN);
		signal(SIGHUP, SIG_IGN);
		put(TO_PIPE, TO_FILE);
		outlet_open(&outlet);
		kill(0, SIGTERM);
		kill(0, SIGINT);
		kill(0, SIGHUP);
		ssize_t n = write(STDERR_FILENO, "last", 4);
		outlet_close(&outlet);
		_exit(n == 4 ? 0 : 1);
	}
	ck_assert_int_eq(waitpid(writer, &status, 0), writer);
	ck_assert_int_eq(status, 0);
	ck_assert_int_eq(stat(names[ERR], &is), 0);
	ck_assert_int_eq(is.st_size, 4);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("outlet");
	TCase *t = tcase_create("outlet");
	tcase_add_checked_fixture(t, set_up, tear_down);
	tcase_add_loop_test(t, row, 0, sizeof(rows) / sizeof(rows[0]));
	tcase_add_test(t, signals_to_the_group);
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	return check_main(suite());
}
