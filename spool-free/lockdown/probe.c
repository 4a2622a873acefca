#include "spool-free/lockdown/probe.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/io_uring.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>

enum { PATH_ROOM = 4096 };

/* folder/name; cut when longer, which the attempt then shows. */
static const char *in_folder(const struct probe_params *p, const char *name, char room[PATH_ROOM])
{
	struct slice parts[] = {slice_of_text(p->folder), SLICE_LIT("/"), slice_of_text(name)};
	size_t len = 0;
	for (size_t i = 0; i < COUNT_OF(parts); i++) {
		struct slice part = slice_first(parts[i], PATH_ROOM - 1 - len);
		memcpy(room + len, part.ptr, part.len);
		len += part.len;
	}
	room[len] = '\0';
	return room;
}

/* Each returns 0 when it was done, -1 with errno when not. */
static int close_if_open(int fd)
{
	return fd < 0 ? -1 : close(fd);
}

static int try_fopen(const struct probe_params *p)
{
	char room[PATH_ROOM];
	FILE *f = fopen(in_folder(p, "fopen", room), "we");
	return f == NULL ? -1 : fclose(f);
}

static int try_temporary(const struct probe_params *p)
{
	char room[PATH_ROOM];
	in_folder(p, "temporary-XXXXXX", room);
	return close_if_open(mkostemp(room, O_CLOEXEC));
}

static int try_nameless(const struct probe_params *p)
{
	return close_if_open(open(p->folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600));
}

/* As tmpfile(3) does it, which no file here may call. */
static int try_tmpfile(UNUSED const struct probe_params *p)
{
	return close_if_open(open(P_tmpdir, O_TMPFILE | O_RDWR | O_EXCL | O_CLOEXEC, 0600));
}

static int try_shared_memory(UNUSED const struct probe_params *p)
{
	int fd = shm_open("/pagepost-probe", O_RDWR | O_CREAT, 0600);
	if (fd < 0) {
		return -1;
	}
	shm_unlink("/pagepost-probe");
	return close(fd);
}

static int try_creat(const struct probe_params *p)
{
	char room[PATH_ROOM];
	return close_if_open(creat(in_folder(p, "creat", room), 0600));
}

static int try_open_write(const struct probe_params *p)
{
	return close_if_open(open(p->victim, O_WRONLY | O_CLOEXEC));
}

static int try_open_both(const struct probe_params *p)
{
	return close_if_open(open(p->victim, O_RDWR | O_CLOEXEC));
}

static int try_open_truncate(const struct probe_params *p)
{
	return close_if_open(open(p->victim, O_RDONLY | O_TRUNC | O_CLOEXEC));
}

static int try_mkdir(const struct probe_params *p)
{
	char room[PATH_ROOM];
	return mkdir(in_folder(p, "mkdir", room), 0700);
}

static int try_symlink(const struct probe_params *p)
{
	char room[PATH_ROOM];
	return symlink("nowhere", in_folder(p, "symlink", room));
}

static int try_rename(const struct probe_params *p)
{
	char room[PATH_ROOM];
	if (rename(p->victim, in_folder(p, "renamed", room)) != 0) {
		return -1;
	}
	return rename(room, p->victim);
}

static int try_link(const struct probe_params *p)
{
	char room[PATH_ROOM];
	return link(p->victim, in_folder(p, "link", room));
}

static int try_fifo(const struct probe_params *p)
{
	char room[PATH_ROOM];
	return mkfifo(in_folder(p, "fifo", room), 0600);
}

static int try_unix_bind(const struct probe_params *p)
{
	char room[PATH_ROOM];
	struct sockaddr_un at = {.sun_family = AF_UNIX};
	struct slice path = slice_of_text(in_folder(p, "s", room));
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (path.len >= sizeof(at.sun_path)) {
		errno = ENAMETOOLONG;
		close_if_open(fd);
		return -1;
	}
	memcpy(at.sun_path, path.ptr, path.len);
	int bound = fd < 0 ? -1 : bind(fd, (struct sockaddr *)&at, sizeof(at));
	int why = errno;
	close_if_open(fd);
	errno = why;
	return bound;
}

static int try_truncate(const struct probe_params *p)
{
	return truncate(p->victim, 0);
}

static int try_memory_file(UNUSED const struct probe_params *p)
{
	return close_if_open(memfd_create("probe", MFD_CLOEXEC));
}

static int try_attribute(const struct probe_params *p)
{
	return setxattr(p->victim, "user.pagepost", "x", 1, 0);
}

static int try_chmod(const struct probe_params *p)
{
	return chmod(p->victim, 0600);
}

static int try_chown(const struct probe_params *p)
{
	return chown(p->victim, getuid(), getgid());
}

static int try_times(const struct probe_params *p)
{
	return utimensat(AT_FDCWD, p->victim, NULL, 0);
}

static int try_io_uring(UNUSED const struct probe_params *p)
{
	struct io_uring_params how = {0};
	return close_if_open((int)syscall(SYS_io_uring_setup, 1, &how));
}

static int try_inherited_truncate(const struct probe_params *p)
{
	return ftruncate(p->inherited, 1);
}

static int try_inherited_map(const struct probe_params *p)
{
	void *page = mmap(NULL, 1, PROT_READ | PROT_WRITE, MAP_SHARED, p->inherited, 0);
	return page == MAP_FAILED ? -1 : munmap(page, 1);
}

static int try_inherited_write(const struct probe_params *p)
{
	return write(p->inherited, "x", 1) == 1 ? 0 : -1;
}

static int try_fork(UNUSED const struct probe_params *p)
{
	pid_t child = (pid_t)syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);
	if (child == 0) {
		_exit(0);
	}
	return child < 0 || waitpid(child, NULL, 0) != child ? -1 : 0;
}

/* Run for real it would end this process: a program that is not there tells as much. */
static int try_run(const struct probe_params *p)
{
	char room[PATH_ROOM];
	char *const nothing[] = {NULL};
	execve(in_folder(p, "no-such-program", room), nothing, nothing);
	return errno == ENOENT ? 0 : -1;
}

static int try_writable_code(UNUSED const struct probe_params *p)
{
	void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	return page == MAP_FAILED ? -1 : munmap(page, 4096);
}

static int try_trace(UNUSED const struct probe_params *p)
{
	/* No such process is ESRCH, once ptrace itself is allowed. */
	return ptrace(PTRACE_ATTACH, 0x7FFFFFFF, NULL, NULL) == 0 || errno == ESRCH ? 0 : -1;
}

static int try_raw_socket(UNUSED const struct probe_params *p)
{
	return close_if_open(socket(AF_PACKET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
}

static int try_unlink(const struct probe_params *p)
{
	return unlink(p->victim);
}

static const struct {
	struct slice name;
	int (*try)(const struct probe_params *p);
	enum { FILES, PROCESS } on; /* what it would do something to */
} attempts[] = {
	{SLICE_INIT("fopen for writing"), try_fopen, FILES},
	{SLICE_INIT("temporary file"), try_temporary, FILES},
	{SLICE_INIT("file without a name"), try_nameless, FILES},
	{SLICE_INIT("tmpfile"), try_tmpfile, FILES},
	{SLICE_INIT("shared memory"), try_shared_memory, FILES},
	{SLICE_INIT("creat"), try_creat, FILES},
	{SLICE_INIT("open for writing"), try_open_write, FILES},
	{SLICE_INIT("open for reading and writing"), try_open_both, FILES},
	{SLICE_INIT("mkdir"), try_mkdir, FILES},
	{SLICE_INIT("symlink"), try_symlink, FILES},
	{SLICE_INIT("rename"), try_rename, FILES},
	{SLICE_INIT("link"), try_link, FILES},
	{SLICE_INIT("fifo"), try_fifo, FILES},
	{SLICE_INIT("UNIX socket in a folder"), try_unix_bind, FILES},
	{SLICE_INIT("file in memory"), try_memory_file, FILES},
	{SLICE_INIT("extended attribute"), try_attribute, FILES},
	{SLICE_INIT("chmod"), try_chmod, FILES},
	{SLICE_INIT("chown"), try_chown, FILES},
	{SLICE_INIT("times"), try_times, FILES},
	{SLICE_INIT("io_uring"), try_io_uring, FILES},
	{SLICE_INIT("write to an inherited descriptor"), try_inherited_write, FILES},
	{SLICE_INIT("shared mapping of an inherited descriptor"), try_inherited_map, FILES},
	{SLICE_INIT("ftruncate of an inherited descriptor"), try_inherited_truncate, FILES},
	{SLICE_INIT("fork"), try_fork, PROCESS},
	{SLICE_INIT("run a program"), try_run, PROCESS},
	{SLICE_INIT("writable code"), try_writable_code, PROCESS},
	{SLICE_INIT("trace a process"), try_trace, PROCESS},
	{SLICE_INIT("packet socket"), try_raw_socket, PROCESS},
	{SLICE_INIT("open that truncates"), try_open_truncate, FILES},
	{SLICE_INIT("truncate"), try_truncate, FILES},
	{SLICE_INIT("unlink"), try_unlink, FILES},
};
_Static_assert(COUNT_OF(attempts) == PROBE_ATTEMPTS, "probe.h says how many there are");

struct slice probe_name(size_t attempt)
{
	return attempts[attempt].name;
}

bool probe_is_write(size_t attempt)
{
	return attempts[attempt].on == FILES;
}

struct slice probe_result_name(enum probe_result r)
{
	switch (r) {
	case PROBE_REFUSED:
		return SLICE_LIT("refused");
	case PROBE_CLOSED:
		return SLICE_LIT("closed");
	case PROBE_DONE:
		return SLICE_LIT("done");
	case PROBE_UNCLEAR:
		break;
	}
	return SLICE_LIT("unclear");
}

enum probe_result probe_try(size_t attempt, const struct probe_params *p)
{
	errno = 0;
	if (attempts[attempt].try(p) == 0) {
		return PROBE_DONE;
	}
	switch (errno) {
	case EPERM:
	case EACCES:
	case EFBIG:
	case ENOSYS:
	case EROFS: /* as the service manager mounts it for a unit */
		return PROBE_REFUSED;
	case EBADF:
		return PROBE_CLOSED;
	default:
		return PROBE_UNCLEAR;
	}
}
