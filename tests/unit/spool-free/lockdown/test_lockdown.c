#include "spool-free/lockdown/lockdown.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <netdb.h>
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/timerfd.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <openssl/ssl.h>

#include "spool-free/lockdown/filter.h"
#include "spool-free/lockdown/landlock.h"
#include "relay/net/dial.h"
#include "tests/support/attempts.h"
#include "tests/support/check_main.h"
#include "tests/support/child.h"

static char folder[] = "/tmp/pagepost-lockdown-XXXXXX";
static char sockets[] = "/tmp/pagepost-sockets-XXXXXX";
static char backups[] = "/tmp/pagepost-backups-XXXXXX";
static char inside[sizeof(folder) + 8];
static char moved[sizeof(folder) + 8];

static void make_path(char *into, const char *name)
{
	memcpy(into, folder, sizeof(folder) - 1);
	memcpy(into + sizeof(folder) - 1, name, strlen(name) + 1);
}

static void setup(void)
{
	static const char start[] = "/tmp/pagepost-lockdown-XXXXXX";
	memcpy(folder, start, sizeof(start));
	static const char other[] = "/tmp/pagepost-sockets-XXXXXX";
	memcpy(sockets, other, sizeof(other));
	ck_assert_ptr_nonnull(mkdtemp(folder));
	ck_assert_ptr_nonnull(mkdtemp(sockets));
	static const char third[] = "/tmp/pagepost-backups-XXXXXX";
	memcpy(backups, third, sizeof(third));
	ck_assert_ptr_nonnull(mkdtemp(backups));
	make_path(inside, "/vault");
	make_path(moved, "/moved");
	int fd = open(inside, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	ck_assert_int_eq(write(fd, "content", 7), 7);
	close(fd);
}

static int drop(const char *path, UNUSED const struct stat *about, UNUSED int type,
		UNUSED struct FTW *where)
{
	return remove(path);
}

static void teardown(void)
{
	nftw(folder, drop, 8, FTW_DEPTH | FTW_PHYS);
	nftw(sockets, drop, 8, FTW_DEPTH | FTW_PHYS);
	nftw(backups, drop, 8, FTW_DEPTH | FTW_PHYS);
}

static struct lockdown_params params(enum lockdown_role role)
{
	return (struct lockdown_params){
		.role = role,
		.writable_folder = role == LOCKDOWN_KEEPER ? folder : NULL,
		.backup_folder = role == LOCKDOWN_KEEPER ? backups : NULL,
		.socket_folder = role == LOCKDOWN_KEEPER ? sockets : NULL,
		.landlock_may_lack = landlock_abi() == 0,
		.memory_may_lack = true,
	};
}

/* Runs `fn` confined; it returns 0 when all was as it must be, else the line that was not. */
struct confined {
	enum lockdown_role role;
	int (*fn)(void);
};

static int enter(void *ctx, UNUSED unsigned char *room)
{
	const struct confined *c = ctx;
	struct lockdown_params p = params(c->role);
	return lockdown_apply(&p, NULL, NULL) == FAULT_NONE ? c->fn() : 1;
}

#define EXPECT(yes)                                                                                \
	do {                                                                                       \
		if (!(yes)) {                                                                      \
			return __LINE__ % 250 + 2;                                                 \
		}                                                                                  \
	} while (0)

static void *nothing(void *ctx)
{
	/* Of its own thread: another's name is written by a file of /proc. */
	*(int *)ctx = pthread_setname_np(pthread_self(), "worker") == 0 ? 7 : 0;
	return NULL;
}

static int threads_work(void)
{
	int mark = 0;
	pthread_t t;
	EXPECT(pthread_create(&t, NULL, nothing, &mark) == 0);
	EXPECT(pthread_join(t, NULL) == 0);
	EXPECT(mark == 7);
	return 0;
}

static int names_resolve(void)
{
	struct addrinfo *found = NULL;
	const struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
	EXPECT(getaddrinfo("localhost", "25", &hints, &found) == 0);
	EXPECT(found != NULL);
	freeaddrinfo(found);
	return 0;
}

static int listener = -1;
static struct sockaddr_in listening;

static int sockets_work(void)
{
	char byte = 0;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	EXPECT(fd >= 0);
	EXPECT(connect(fd, (struct sockaddr *)&listening, sizeof(listening)) == 0 ||
	       errno == EINPROGRESS);
	int taken = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
	EXPECT(taken >= 0);
	EXPECT(send(taken, "x", 1, MSG_NOSIGNAL) == 1);
	EXPECT(fcntl(fd, F_SETFL, 0) == 0);
	EXPECT(recv(fd, &byte, 1, 0) == 1 && byte == 'x');
	EXPECT(socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0) >= 0 || errno == EAFNOSUPPORT);
	EXPECT(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0) >= 0);
	return 0;
}

static int events_work(void)
{
	sigset_t set;
	struct epoll_event event = {.events = EPOLLIN};
	int e = epoll_create1(EPOLL_CLOEXEC);
	int n = eventfd(1, EFD_CLOEXEC | EFD_NONBLOCK);
	EXPECT(e >= 0 && n >= 0);
	EXPECT(epoll_ctl(e, EPOLL_CTL_ADD, n, &event) == 0);
	EXPECT(epoll_wait(e, &event, 1, 1000) == 1);
	/* What nothing here uses is not there. */
	EXPECT(timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC) < 0 && errno == EPERM);
	sigemptyset(&set);
	EXPECT(signalfd(-1, &set, SFD_CLOEXEC) < 0 && errno == EPERM);
	return 0;
}

static int memory_works(void)
{
	enum { LARGE = 64 << 20 };
	char *bytes = malloc(LARGE);
	EXPECT(bytes != NULL);
	bytes[LARGE - 1] = 1;
	free(bytes);
	void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	EXPECT(page != MAP_FAILED);
	EXPECT(mlock(page, 4096) == 0 || errno == ENOMEM || errno == EPERM);
	EXPECT(mprotect(page, 4096, PROT_READ) == 0);
	EXPECT(mprotect(page, 4096, PROT_READ | PROT_EXEC) != 0 && errno == EPERM);
	return 0;
}

/* The gateway's own machinery, all of it made while confined. */
struct dialled {
	struct loop *loop;
	enum fault fault;
	struct stream *stream;
};

static void keep_stream(void *owner, enum fault f, UNUSED const char *trouble, struct stream *s)
{
	struct dialled *d = owner;
	d->fault = f;
	d->stream = s;
	loop_stop(d->loop);
}

static void not_signalled(UNUSED void *owner)
{
	abort();
}

static int dialling_works(void)
{
	static const char *const ranges[] = {"127.0.0.0/8", "::1/128"};
	const uint16_t port = ntohs(listening.sin_port);
	struct dialled d = {.fault = FAULT_INTERNAL};
	struct dialer *dialer = NULL;
	struct dial *dial = NULL;
	struct loop_signal *signals = NULL;
	struct problem p = {0};
	EXPECT(loop_new(&d.loop) == FAULT_NONE);
	EXPECT(loop_signal_new(d.loop, SIGTERM, not_signalled, NULL, &signals) == FAULT_NONE);
	const struct dialer_params how = {
		.allowed_ranges = ranges,
		.allowed_range_count = COUNT_OF(ranges),
		.allowed_ports = &port,
		.allowed_port_count = 1,
	};
	EXPECT(dialer_new(&how, &dialer, &p) == FAULT_NONE);
	const struct dial_params to = {
		.loop = d.loop,
		.host = SLICE_LIT("localhost"),
		.port = port,
		.connect_ms = 10000,
		.handshake_ms = 10000,
	};
	EXPECT(dial_start(dialer, &to, keep_stream, &d, &dial) == FAULT_NONE);
	loop_run(d.loop);
	EXPECT(d.fault == FAULT_NONE && d.stream != NULL);
	stream_free(&d.stream);
	dialer_free(&dialer);
	loop_signal_free(&signals);
	loop_free(&d.loop);
	return 0;
}

static int tls_works(void)
{
	SSL_CTX *c = SSL_CTX_new(TLS_client_method());
	EXPECT(c != NULL);
	EXPECT(SSL_CTX_set_default_verify_paths(c) == 1);
	SSL *s = SSL_new(c);
	EXPECT(s != NULL);
	SSL_set_bio(s, BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
	EXPECT(SSL_connect(s) == -1 && SSL_get_error(s, -1) == SSL_ERROR_WANT_READ);
	SSL_free(s);
	SSL_CTX_free(c);
	return 0;
}

static int files_are_closed(void)
{
	EXPECT(open("/etc/hosts", O_RDONLY | O_CLOEXEC) >= 0 || errno == ENOENT);
	EXPECT(landlock_abi() == 0 || (open(inside, O_RDONLY | O_CLOEXEC) < 0 && errno == EACCES));
	EXPECT(landlock_abi() == 0 ||
	       (open("/proc/self/maps", O_RDONLY | O_CLOEXEC) < 0 && errno == EACCES));
	return 0;
}

static int state_is_told(void)
{
	struct rlimit core;
	struct rlimit file;
	EXPECT(prctl(PR_GET_DUMPABLE) == 0);
	EXPECT(prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1);
	EXPECT(getrlimit(RLIMIT_CORE, &core) == 0 && core.rlim_max == 0);
	EXPECT(getrlimit(RLIMIT_FSIZE, &file) == 0 && file.rlim_max == 0);
	core.rlim_cur = 0;
	EXPECT(setrlimit(RLIMIT_CORE, &core) != 0 && errno == EPERM);
	EXPECT(prctl(PR_SET_DUMPABLE, 1, 0, 0, 0) != 0 && errno == EPERM);
	EXPECT(kill(getppid(), 0) != 0 && errno == EPERM);
	return 0;
}

static int vault_is_replaced(void)
{
	int fd = open(moved, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	EXPECT(fd >= 0);
	EXPECT(flock(fd, LOCK_EX) == 0);
	EXPECT(write(fd, "new", 3) == 3);
	EXPECT(ftruncate(fd, 2) < 0 && errno == EPERM); /* files are replaced whole */
	EXPECT(fsync(fd) == 0);
	EXPECT(rename(moved, inside) == 0);
	int folder_fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	EXPECT(folder_fd >= 0 && fsync(folder_fd) == 0);
	EXPECT(link(inside, moved) == 0);
	EXPECT(unlink(moved) == 0);
	return 0;
}

static int ledgers_copy_is_replaced(void)
{
	char path[sizeof(backups) + 2];
	char fresh[sizeof(backups) + 2];
	memcpy(path, backups, sizeof(backups) - 1);
	memcpy(path + sizeof(backups) - 1, "/k", 3);
	memcpy(fresh, path, sizeof(path));
	fresh[sizeof(backups)] = 'n';
	int fd = open(fresh, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	EXPECT(fd >= 0 && write(fd, "new", 3) == 3 && fsync(fd) == 0);
	EXPECT(rename(fresh, path) == 0);
	int folder_fd = open(backups, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	EXPECT(folder_fd >= 0 && fsync(folder_fd) == 0);
	EXPECT(access(path, F_OK) == 0);
	fd = open(path, O_WRONLY | O_CLOEXEC | O_NOFOLLOW);
	EXPECT(fd >= 0 && pwrite(fd, "000", 3, 0) == 3);
	return 0;
}

static int socket_is_removed(void)
{
	char path[sizeof(sockets) + 2];
	memcpy(path, sockets, sizeof(sockets) - 1);
	memcpy(path + sizeof(sockets) - 1, "/s", 3);
	EXPECT(access(path, F_OK) == 0);
	EXPECT(landlock_abi() == 0 || open(path, O_RDONLY | O_CLOEXEC) < 0);
	EXPECT(unlink(path) == 0);
	EXPECT(landlock_abi() == 0 || (creat(path, 0600) < 0 && errno == EACCES));
	return 0;
}

static int keeper_is_alone(void)
{
	pthread_t thread;
	EXPECT(pthread_create(&thread, NULL, nothing, NULL) != 0);
	EXPECT(epoll_create1(EPOLL_CLOEXEC) < 0 && errno == EPERM);
	EXPECT(socket(AF_UNIX, SOCK_STREAM, 0) < 0 && errno == EPERM);
	EXPECT(listener >= 0 && listen(listener, 1) < 0 && errno == EPERM);
	return 0;
}

static int keeper_stays_inside(void)
{
	struct rlimit file;
	EXPECT(socket(AF_INET, SOCK_STREAM, 0) < 0 && errno == EPERM);
	EXPECT(socket(AF_INET6, SOCK_DGRAM, 0) < 0 && errno == EPERM);
	EXPECT(memfd_create("x", 0) < 0 && errno == EPERM);
	EXPECT(fork() < 0 && errno == EPERM);
	EXPECT(mkdir(moved, 0700) != 0 && errno == EPERM);
	EXPECT(getrlimit(RLIMIT_FSIZE, &file) == 0 && file.rlim_max <= LOCKDOWN_VAULT_BYTES);
	if (landlock_abi() > 0) {
		EXPECT(open("/tmp/pagepost-outside", O_WRONLY | O_CREAT, 0600) < 0 &&
		       errno == EACCES);
		EXPECT(rename(inside, "/tmp/pagepost-outside") != 0 &&
		       (errno == EACCES || errno == EXDEV));
		EXPECT(open("/etc/hostname", O_WRONLY) < 0);
	}
	return 0;
}

/* A process is made, is given less, and is ended. */
static int pictures_work(void)
{
	struct rlimit limit = {1000, 1000};
	int status;
	pid_t child = fork();
	EXPECT(child >= 0);
	if (child == 0) {
		bool less = setrlimit(RLIMIT_NOFILE, &limit) == 0 &&
			    filter_confine(LOCKDOWN_PICTURE) == LOCKDOWN_DONE &&
			    setrlimit(RLIMIT_NOFILE, &limit) != 0 && fork() < 0 && errno == EPERM;
		for (; less;) {
			pause();
		}
		_exit(1);
	}
	EXPECT(waitpid(child, &status, WNOHANG) == 0);
	EXPECT(kill(child, SIGKILL) == 0 && waitpid(child, &status, 0) == child);
	EXPECT(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
	return 0;
}

static int pictures_see_nothing(void)
{
	struct rlimit file;
	EXPECT(socket(AF_INET, SOCK_STREAM, 0) < 0 && errno == EPERM);
	EXPECT(socket(AF_UNIX, SOCK_STREAM, 0) < 0 && errno == EPERM);
	EXPECT(getrlimit(RLIMIT_FSIZE, &file) == 0 && file.rlim_max == 0);
	if (landlock_abi() > 0) {
		EXPECT(open("/etc/passwd", O_RDONLY | O_CLOEXEC) < 0 && errno == EACCES);
		EXPECT(open("/usr/lib", O_RDONLY | O_DIRECTORY | O_CLOEXEC) < 0 && errno == EACCES);
		EXPECT(open(inside, O_RDONLY | O_CLOEXEC) < 0 && errno == EACCES);
	}
	return 0;
}

static const struct {
	const char *name;
	struct confined run;
} works[] = {
	{"threads", {LOCKDOWN_GATEWAY, threads_work}},
	{"names", {LOCKDOWN_GATEWAY, names_resolve}},
	{"sockets", {LOCKDOWN_GATEWAY, sockets_work}},
	{"events", {LOCKDOWN_GATEWAY, events_work}},
	{"memory", {LOCKDOWN_GATEWAY, memory_works}},
	{"TLS", {LOCKDOWN_GATEWAY, tls_works}},
	{"dialling", {LOCKDOWN_GATEWAY, dialling_works}},
	{"files", {LOCKDOWN_GATEWAY, files_are_closed}},
	{"state", {LOCKDOWN_GATEWAY, state_is_told}},
	{"keeper: alone", {LOCKDOWN_KEEPER, keeper_is_alone}},
	{"keeper: memory", {LOCKDOWN_KEEPER, memory_works}},
	{"keeper: vault", {LOCKDOWN_KEEPER, vault_is_replaced}},
	{"keeper: the copy of the key ledger", {LOCKDOWN_KEEPER, ledgers_copy_is_replaced}},
	{"keeper: socket", {LOCKDOWN_KEEPER, socket_is_removed}},
	{"keeper: outside", {LOCKDOWN_KEEPER, keeper_stays_inside}},
	{"pictures: threads", {LOCKDOWN_PICTURES, threads_work}},
	{"pictures: processes", {LOCKDOWN_PICTURES, pictures_work}},
	{"pictures: outside", {LOCKDOWN_PICTURES, pictures_see_nothing}},
};

START_TEST(test_works)
{
	socklen_t len = sizeof(listening);
	struct confined run = works[_i].run;
	listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	listening = (struct sockaddr_in){.sin_family = AF_INET};
	listening.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	struct sockaddr_un own = {.sun_family = AF_UNIX};
	memcpy(own.sun_path, sockets, sizeof(sockets) - 1);
	memcpy(own.sun_path + sizeof(sockets) - 1, "/s", 3);
	int keeper = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	ck_assert_int_eq(bind(keeper, (struct sockaddr *)&own, sizeof(own)), 0);
	ck_assert_int_eq(bind(listener, (struct sockaddr *)&listening, len), 0);
	ck_assert_int_eq(listen(listener, 1), 0);
	ck_assert_int_eq(getsockname(listener, (struct sockaddr *)&listening, &len), 0);
	struct child_end end = child_run(enter, &run, NULL, 0);
	ck_assert_msg(end.status == 0, "%s: line %d (of 250 each), signal %d", works[_i].name,
		      end.status - 2, end.signal);
	close(listener);
	close(keeper);
}
END_TEST

static int aborts(void)
{
	abort();
}

START_TEST(test_abort_ends)
{
	struct confined run = {LOCKDOWN_GATEWAY, aborts};
	struct child_end end = child_run(enter, &run, NULL, 0);
	ck_assert_int_eq(end.signal, SIGABRT);
}
END_TEST

static int read_what_is_listed(UNUSED void *ctx, UNUSED unsigned char *room)
{
	const char *const readable[] = {"/nonexistent", inside};
	struct lockdown_params p = params(LOCKDOWN_GATEWAY);
	p.readable = readable;
	p.readable_count = COUNT_OF(readable);
	if (lockdown_apply(&p, NULL, NULL) != FAULT_NONE) {
		return 1;
	}
	return open(inside, O_RDONLY | O_CLOEXEC) >= 0 ? 0 : 2;
}

START_TEST(test_listed_files_are_read)
{
	ck_assert_int_eq(child_run(read_what_is_listed, NULL, NULL, 0).status, 0);
}
END_TEST

struct told {
	unsigned char *room;
	size_t count;
};

static void note_step(void *ctx, enum lockdown_step step, enum lockdown_result result)
{
	struct told *t = ctx;
	t->room[t->count++] = (unsigned char)(step * 16 + result);
}

static int report_steps(UNUSED void *ctx, unsigned char *room)
{
	struct told t = {.room = room};
	struct lockdown_params p = params(LOCKDOWN_GATEWAY);
	return lockdown_apply(&p, note_step, &t) == FAULT_NONE ? 0 : 1;
}

START_TEST(test_steps_are_told)
{
	unsigned char room[LOCKDOWN_STEP_COUNT];
	memset(room, 0xFF, sizeof(room));
	ck_assert_int_eq(child_run(report_steps, NULL, room, sizeof(room)).status, 0);
	for (unsigned s = 0; s < LOCKDOWN_STEP_COUNT; s++) {
		bool lacks = s == LOCKDOWN_LANDLOCK && landlock_abi() == 0;
		if (s == LOCKDOWN_MEMORY && room[s] != s * 16 + LOCKDOWN_DONE) {
			ck_assert_uint_ne(room[s], s * 16 + LOCKDOWN_FAILED);
			continue; /* as this machine has swap or not */
		}
		ck_assert_uint_eq(room[s], s * 16 + (lacks ? LOCKDOWN_LACKING : LOCKDOWN_DONE));
	}
}
END_TEST

static void *wait_for_end(void *ctx)
{
	return pause() == 0 ? ctx : NULL;
}

static int confine_late(UNUSED void *ctx, unsigned char *room)
{
	struct told t = {.room = room};
	struct lockdown_params p = params(LOCKDOWN_GATEWAY);
	pthread_t thread;
	struct problem problem = {0};
	p.problem = &problem;
	if (pthread_create(&thread, NULL, wait_for_end, NULL) != 0) {
		return 9;
	}
	if (lockdown_apply(&p, note_step, &t) != FAULT_CONFINEMENT || t.count != 1) {
		return 1;
	}
	return slice_eq(problem_text(&problem),
			SLICE_LIT("The confinement's step 'one-thread' failed; without it nothing "
				  "is started."))
		       ? 0
		       : 2;
}

START_TEST(test_second_thread_refuses)
{
	unsigned char room[LOCKDOWN_STEP_COUNT] = {0};
	ck_assert_int_eq(child_run(confine_late, NULL, room, sizeof(room)).status, 0);
	ck_assert_uint_eq(room[0], LOCKDOWN_ONE_THREAD * 16 + LOCKDOWN_FAILED);
}
END_TEST

static int confine_twice(UNUSED void *ctx, UNUSED unsigned char *room)
{
	struct lockdown_params p = params(LOCKDOWN_GATEWAY);
	if (lockdown_apply(&p, NULL, NULL) != FAULT_NONE) {
		return 1;
	}
	return lockdown_apply(&p, NULL, NULL) == FAULT_CONFINEMENT ? 0 : 2;
}

START_TEST(test_confinement_cannot_be_taken_again)
{
	ck_assert_int_eq(child_run(confine_twice, NULL, NULL, 0).status, 0);
}
END_TEST

static int close_inherited(UNUSED void *ctx, unsigned char *room)
{
	int channel = dup(0) + 1; /* child_run()'s pipe, whose other end was closed */
	int low = dup(0);
	int high = fcntl(0, F_DUPFD, 500);
	if (lockdown_close_above(channel) != FAULT_NONE) {
		return 1;
	}
	room[0] = fcntl(low, F_GETFD) < 0 && fcntl(high, F_GETFD) < 0 && fcntl(0, F_GETFD) >= 0;
	return 0;
}

START_TEST(test_descriptors_are_closed)
{
	unsigned char room[1] = {0};
	ck_assert_int_eq(child_run(close_inherited, NULL, room, sizeof(room)).status, 0);
	ck_assert_uint_eq(room[0], 1);
}
END_TEST

START_TEST(test_names)
{
	for (enum lockdown_step s = 0; s < LOCKDOWN_STEP_COUNT; s++) {
		ck_assert_uint_gt(lockdown_step_name(s).len, 0);
	}
	ck_assert(slice_eq(lockdown_step_name(LOCKDOWN_SECCOMP), SLICE_LIT("seccomp")));
	ck_assert(slice_eq(lockdown_result_name(LOCKDOWN_DONE), SLICE_LIT("done")));
	ck_assert(slice_eq(lockdown_result_name(LOCKDOWN_NOT_NEEDED), SLICE_LIT("not-needed")));
	ck_assert(slice_eq(lockdown_result_name(LOCKDOWN_LACKING), SLICE_LIT("lacking")));
	ck_assert(slice_eq(lockdown_result_name(LOCKDOWN_FAILED), SLICE_LIT("failed")));
}
END_TEST

static Suite *suite(void)
{
	Suite *all = suite_create("lockdown");
	TCase *t = tcase_create("lockdown");
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_loop_test(t, test_works, 0, COUNT_OF(works));
	tcase_add_test(t, test_abort_ends);
	tcase_add_test(t, test_listed_files_are_read);
	tcase_add_test(t, test_steps_are_told);
	tcase_add_test(t, test_second_thread_refuses);
	tcase_add_test(t, test_confinement_cannot_be_taken_again);
	tcase_add_test(t, test_descriptors_are_closed);
	tcase_add_test(t, test_names);
	suite_add_tcase(all, t);
	return all;
}

int main(void)
{
	return attempts_are_watched() ? 0 : check_main(suite());
}
