#include "spool-free/lockdown/filter.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/netlink.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <seccomp.h>

enum {
	GATEWAY = 1 << LOCKDOWN_GATEWAY,
	KEEPER = 1 << LOCKDOWN_KEEPER,
	PICTURES = 1 << LOCKDOWN_PICTURES,
	PICTURE = 1 << LOCKDOWN_PICTURE,
	BOTH = GATEWAY | KEEPER,
	PAINTERS = PICTURES |
		   PICTURE, /* what the one may not, the other made by it may not either */
	ALL = BOTH | PAINTERS,
};

/* Allowed whatever the arguments are. */
static const struct {
	int call;
	unsigned roles;
} calls[] = {
	/* memory */
	{SCMP_SYS(brk), ALL},
	{SCMP_SYS(munmap), ALL},
	{SCMP_SYS(mremap), ALL},
	{SCMP_SYS(madvise), ALL},
	{SCMP_SYS(mincore), BOTH}, /* of a stack, before it is wiped */
	{SCMP_SYS(mlockall),
	 GATEWAY | PICTURES}, /* anew, when free pages were given back; in a child */
	{SCMP_SYS(munlockall), GATEWAY},
	{SCMP_SYS(membarrier), ALL},
	/* threads */
	{SCMP_SYS(futex), ALL},
	{SCMP_SYS(set_robust_list), ALL},
	{SCMP_SYS(rseq), ALL},
	{SCMP_SYS(set_tid_address), ALL},
	{SCMP_SYS(exit), ALL},
	{SCMP_SYS(exit_group), ALL},
	{SCMP_SYS(gettid), ALL},
	{SCMP_SYS(getpid), ALL},
	{SCMP_SYS(sched_yield), ALL},
	{SCMP_SYS(sched_getaffinity), ALL},
	{SCMP_SYS(sched_getparam), ALL},
	{SCMP_SYS(sched_getscheduler), ALL},
	{SCMP_SYS(getrlimit), ALL},
	{SCMP_SYS(getrusage), ALL},
	{SCMP_SYS(getuid), ALL},
	{SCMP_SYS(geteuid), ALL},
	{SCMP_SYS(getgid), ALL},
	{SCMP_SYS(getegid), ALL},
	{SCMP_SYS(uname), ALL},
	{SCMP_SYS(sysinfo), ALL},
	{SCMP_SYS(getcpu), ALL},
	{SCMP_SYS(getrandom), ALL},
	/* signals */
	{SCMP_SYS(rt_sigaction), ALL},
	{SCMP_SYS(rt_sigprocmask), ALL},
	{SCMP_SYS(rt_sigreturn), ALL},
	{SCMP_SYS(sigaltstack), ALL},
	{SCMP_SYS(restart_syscall), ALL},
	/* time and events */
	{SCMP_SYS(clock_gettime), ALL},
	{SCMP_SYS(clock_getres), ALL},
	{SCMP_SYS(clock_nanosleep), ALL},
	{SCMP_SYS(nanosleep), ALL},
	{SCMP_SYS(gettimeofday), ALL},
	{SCMP_SYS(time), ALL},
	{SCMP_SYS(epoll_create1), GATEWAY},
	{SCMP_SYS(epoll_ctl), GATEWAY},
	{SCMP_SYS(epoll_wait), GATEWAY},
	{SCMP_SYS(epoll_pwait), GATEWAY},
	{SCMP_SYS(epoll_pwait2), GATEWAY},
	{SCMP_SYS(poll), ALL},
	{SCMP_SYS(ppoll), ALL},
	{SCMP_SYS(eventfd2), GATEWAY},
	{SCMP_SYS(pipe2), GATEWAY},
	/* descriptors; what may be opened is below */
	{SCMP_SYS(read), ALL},
	{SCMP_SYS(readv), ALL},
	{SCMP_SYS(pread64), ALL},
	{SCMP_SYS(write), ALL},
	{SCMP_SYS(writev), ALL},
	{SCMP_SYS(close), ALL},
	{SCMP_SYS(close_range), ALL},
	{SCMP_SYS(dup), ALL},
	{SCMP_SYS(dup2), ALL},
	{SCMP_SYS(dup3), ALL},
	{SCMP_SYS(lseek), ALL},
	{SCMP_SYS(fadvise64), ALL},
	{SCMP_SYS(fstat), ALL},
	{SCMP_SYS(stat), ALL},
	{SCMP_SYS(lstat), ALL},
	{SCMP_SYS(newfstatat), ALL},
	{SCMP_SYS(statx), ALL},
	{SCMP_SYS(statfs), ALL},
	{SCMP_SYS(fstatfs), ALL},
	{SCMP_SYS(access), ALL},
	{SCMP_SYS(faccessat), ALL},
	{SCMP_SYS(faccessat2), ALL},
	{SCMP_SYS(readlink), ALL},
	{SCMP_SYS(readlinkat), ALL},
	{SCMP_SYS(getdents64), ALL},
	{SCMP_SYS(getcwd), ALL},
	/* sockets; what may be made is below */
	{SCMP_SYS(accept4), BOTH},
	{SCMP_SYS(getsockname), BOTH},
	{SCMP_SYS(getpeername), BOTH},
	{SCMP_SYS(getsockopt), BOTH},
	{SCMP_SYS(setsockopt), BOTH},
	{SCMP_SYS(sendto), BOTH},
	{SCMP_SYS(recvfrom), BOTH},
	{SCMP_SYS(sendmsg), BOTH},
	{SCMP_SYS(recvmsg), GATEWAY | PICTURES},
	{SCMP_SYS(shutdown), GATEWAY},
	{SCMP_SYS(listen), GATEWAY},
	{SCMP_SYS(connect), GATEWAY},
	{SCMP_SYS(sendmmsg), GATEWAY},
	/* a process for each picture, ended when its time is over */
	{SCMP_SYS(wait4), PICTURES},
	{SCMP_SYS(kill), PICTURES},
	{SCMP_SYS(seccomp), PICTURES}, /* it can only take rights away */
	/* the vault is replaced; Landlock says where */
	{SCMP_SYS(openat), KEEPER},
	{SCMP_SYS(fsync), KEEPER},
	{SCMP_SYS(pwrite64), KEEPER},
	{SCMP_SYS(fchown), KEEPER},
	{SCMP_SYS(flock), KEEPER},
	{SCMP_SYS(rename), KEEPER},
	{SCMP_SYS(renameat), KEEPER},
	{SCMP_SYS(renameat2), KEEPER},
	{SCMP_SYS(link), KEEPER},
	{SCMP_SYS(linkat), KEEPER},
	{SCMP_SYS(unlink), KEEPER},
	{SCMP_SYS(unlinkat), KEEPER},
};

#define IS(n, value)                                                                               \
	{                                                                                          \
		.arg = (n), .op = SCMP_CMP_EQ, .datum_a = (value)                                  \
	}
#define BELOW(n, value)                                                                            \
	{                                                                                          \
		.arg = (n), .op = SCMP_CMP_LT, .datum_a = (value)                                  \
	}
#define BITS(n, mask, value)                                                                       \
	{                                                                                          \
		.arg = (n), .op = SCMP_CMP_MASKED_EQ, .datum_a = (mask), .datum_b = (value)        \
	}
#define SOCKET_TYPE(n, type) BITS(n, 0xF, type)

enum {
	/* The C library's O_TMPFILE holds O_DIRECTORY too, and its O_LARGEFILE is 0: the kernel's bit alone. */
	TMPFILE_BIT = 020000000,
	WRITING = O_ACCMODE | O_CREAT | O_TRUNC | O_APPEND | TMPFILE_BIT,
	FORK_FLAGS = CLONE_CHILD_CLEARTID | CLONE_CHILD_SETTID | CSIGNAL,
	NETLINK_ADDRESS = sizeof(struct sockaddr_nl),
	PR_NAME_MAPPING = 0x53564d41, /* PR_SET_VMA: newer C libraries name their mappings */
};

/* Allowed when every argument that is named is as it is named. */
static const struct {
	int call;
	unsigned roles;
	unsigned count;
	struct scmp_arg_cmp args[3];
} judged[] = {
	/* files are opened for reading only */
	{SCMP_SYS(openat), GATEWAY | PAINTERS, 1, {BITS(2, WRITING, O_RDONLY)}},
	{SCMP_SYS(open), GATEWAY | PAINTERS, 1, {BITS(1, WRITING, O_RDONLY)}},
	/* pages: no file is shared, nothing is both writable and executable, nothing becomes executable later */
	{SCMP_SYS(mmap), ALL, 2, {BITS(2, PROT_EXEC, 0), BITS(3, MAP_TYPE, MAP_PRIVATE)}},
	{SCMP_SYS(mmap), ALL, 2, {BITS(2, PROT_EXEC, 0), BITS(3, MAP_ANONYMOUS, MAP_ANONYMOUS)}},
	{SCMP_SYS(mmap),
	 ALL,
	 2,
	 {BITS(2, PROT_EXEC | PROT_WRITE, PROT_EXEC),
	  BITS(3, MAP_TYPE | MAP_ANONYMOUS, MAP_PRIVATE)}},
	{SCMP_SYS(mprotect), ALL, 1, {BITS(2, PROT_EXEC, 0)}},
	/* threads, but no processes; the keeper has one thread */
	{SCMP_SYS(clone),
	 GATEWAY | PAINTERS,
	 1,
	 {BITS(0, CLONE_VM | CLONE_THREAD, CLONE_VM | CLONE_THREAD)}},
	{SCMP_SYS(clone), PICTURES, 1, {BITS(0, ~(scmp_datum_t)FORK_FLAGS, 0)}},
	{SCMP_SYS(prlimit64), PICTURES, 1, {IS(0, 0)}},
	{SCMP_SYS(prctl), PICTURES, 1, {IS(0, PR_SET_PDEATHSIG)}},
	{SCMP_SYS(prctl), PICTURES, 1, {IS(0, PR_SET_NO_NEW_PRIVS)}},
	/* flags and locks; but whom a descriptor signals, and with what (SIGKILL too), is not set: that would be kill() */
	{SCMP_SYS(fcntl), ALL, 1, {BELOW(1, F_SETOWN)}},
	{SCMP_SYS(fcntl), ALL, 1, {IS(1, F_DUPFD_CLOEXEC)}},
	/* limits are read, not set */
	{SCMP_SYS(prlimit64), ALL, 1, {IS(2, 0)}},
	{SCMP_SYS(prctl), ALL, 1, {IS(0, PR_SET_NAME)}},
	{SCMP_SYS(prctl), ALL, 1, {IS(0, PR_GET_NAME)}},
	{SCMP_SYS(prctl), ALL, 1, {IS(0, PR_NAME_MAPPING)}},
	{SCMP_SYS(prctl), ALL, 1, {IS(0, PR_GET_DUMPABLE)}},
	{SCMP_SYS(prctl), ALL, 1, {IS(0, PR_GET_NO_NEW_PRIVS)}},
	{SCMP_SYS(prctl), ALL, 1, {IS(0, PR_GET_SECCOMP)}},
	{SCMP_SYS(ioctl), ALL, 1, {IS(1, FIONREAD)}},
	{SCMP_SYS(ioctl), ALL, 1, {IS(1, FIONBIO)}},
	{SCMP_SYS(ioctl), ALL, 1, {IS(1, TCGETS)}},
	{SCMP_SYS(ioctl), ALL, 1, {IS(1, TIOCGWINSZ)}},
	/* sockets */
	{SCMP_SYS(socket), GATEWAY, 2, {IS(0, AF_UNIX), SOCKET_TYPE(1, SOCK_STREAM)}},
	{SCMP_SYS(socket), GATEWAY, 2, {IS(0, AF_UNIX), SOCKET_TYPE(1, SOCK_DGRAM)}},
	{SCMP_SYS(socketpair), GATEWAY, 1, {IS(0, AF_UNIX)}},
	{SCMP_SYS(socket), GATEWAY, 2, {IS(0, AF_INET), SOCKET_TYPE(1, SOCK_STREAM)}},
	{SCMP_SYS(socket), GATEWAY, 2, {IS(0, AF_INET), SOCKET_TYPE(1, SOCK_DGRAM)}},
	{SCMP_SYS(socket), GATEWAY, 2, {IS(0, AF_INET6), SOCKET_TYPE(1, SOCK_STREAM)}},
	{SCMP_SYS(socket), GATEWAY, 2, {IS(0, AF_INET6), SOCKET_TYPE(1, SOCK_DGRAM)}},
	/* getaddrinfo() asks which addresses this machine has */
	{SCMP_SYS(socket),
	 GATEWAY,
	 3,
	 {IS(0, AF_NETLINK), SOCKET_TYPE(1, SOCK_RAW), IS(2, NETLINK_ROUTE)}},
	{SCMP_SYS(bind), GATEWAY, 1, {IS(2, NETLINK_ADDRESS)}},
};

/* Not there, as far as this process can see. */
static const int absent[] = {SCMP_SYS(clone3), SCMP_SYS(openat2)};

static bool add_calls(scmp_filter_ctx filter, unsigned role)
{
	int trouble = 0;
	for (size_t i = 0; trouble == 0 && i < COUNT_OF(calls); i++) {
		if ((calls[i].roles & role) != 0) {
			trouble = seccomp_rule_add(filter, SCMP_ACT_ALLOW, calls[i].call, 0);
		}
	}
	for (size_t i = 0; trouble == 0 && i < COUNT_OF(judged); i++) {
		if ((judged[i].roles & role) != 0) {
			trouble = seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, judged[i].call,
							 judged[i].count, judged[i].args);
		}
	}
	for (size_t i = 0; trouble == 0 && i < COUNT_OF(absent); i++) {
		trouble = seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), absent[i], 0);
	}
	return trouble == 0;
}

/* abort() and its kin signal a thread of this process. */
static bool add_own_signals(scmp_filter_ctx filter)
{
	const struct scmp_arg_cmp own = IS(0, (scmp_datum_t)getpid());
	return seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, SCMP_SYS(tgkill), 1, &own) == 0;
}

enum lockdown_result filter_confine(enum lockdown_role role)
{
	if (prctl(PR_GET_SECCOMP) < 0 && errno == EINVAL) {
		return LOCKDOWN_LACKING;
	}
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
	if (filter == NULL) {
		return LOCKDOWN_FAILED;
	}
	/* Calls in the numbers of another architecture (32 bits, x32) would pass by these rules. */
	bool done = seccomp_attr_set(filter, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS) == 0 &&
		    /* A tree instead of a row: some 8 comparisons a call instead of some 100. */
		    seccomp_attr_set(filter, SCMP_FLTATR_CTL_OPTIMIZE, 2) == 0 &&
		    add_calls(filter, 1U << role) && add_own_signals(filter) &&
		    seccomp_load(filter) == 0;
	seccomp_release(filter);
	return done ? LOCKDOWN_DONE : LOCKDOWN_FAILED;
}
