#include "spool-free/lockdown/descriptors.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/support/attempts.h"
#include "tests/support/check_main.h"
#include "tests/support/child.h"

static bool is_open(int fd)
{
	return fcntl(fd, F_GETFD) >= 0;
}

static int look(UNUSED void *ctx, UNUSED unsigned char *room)
{
	char path[] = "/tmp/pagepost-descriptors-XXXXXX";
	const struct lockdown_params p = {.role = LOCKDOWN_GATEWAY};
	int pair[2];
	int written = mkostemp(path, O_CLOEXEC);
	int read_only = open(path, O_RDONLY | O_CLOEXEC);
	int appended = open(path, O_WRONLY | O_APPEND | O_CLOEXEC);
	int folder = open("/tmp", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	unlink(path);
	if (written < 0 || read_only < 0 || appended < 0 || folder < 0 ||
	    socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0 ||
	    dup2(written, STDERR_FILENO) != STDERR_FILENO) {
		return 1;
	}
	if (descriptors_confine(&p) != LOCKDOWN_DONE) {
		return 2;
	}
	struct stat about;
	struct stat null;
	if (is_open(written) || is_open(appended) || is_open(folder)) {
		return 3;
	}
	if (!is_open(read_only) || !is_open(pair[0]) || !is_open(pair[1])) {
		return 4;
	}
	/* What libraries print goes on into nothing, and is no error. */
	return fstat(STDERR_FILENO, &about) == 0 && stat("/dev/null", &null) == 0 &&
			       about.st_rdev == null.st_rdev && write(STDERR_FILENO, "x", 1) == 1
		       ? 0
		       : 5;
}

START_TEST(test_files_open_for_writing_are_closed)
{
	ck_assert_int_eq(child_run(look, NULL, NULL, 0).status, 0);
}
END_TEST

static Suite *suite(void)
{
	Suite *all = suite_create("descriptors");
	TCase *t = tcase_create("descriptors");
	tcase_add_test(t, test_files_open_for_writing_are_closed);
	suite_add_tcase(all, t);
	return all;
}

int main(void)
{
	return attempts_are_watched() ? 0 : check_main(suite());
}
