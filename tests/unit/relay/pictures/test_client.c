#include "relay/pictures/client.h"

#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "relay/pictures/wire.h"
#include "tests/support/check_main.h"

/* A program in place of the real one, which does what no program should. */

enum manner {
	HONEST,
	BAD,
	TOO_LARGE,
	OTHER_MAGIC,
	OTHER_VERDICT,
	NOTHING_MADE,
	MORE_THAN_ASKED,
	MORE_THAN_SAID,
	LESS_THAN_SAID,
	HALF_AN_ANSWER,
	DIES_AT_ONCE,
	DIES_WHILE_READING,
	NEVER_READS,
	NEVER_ANSWERS,
	NEVER_TAKES,
	IS_GONE,
};

enum { MOST = 1000, SOURCE = 3 * 1024 * 1024, PATIENCE_MS = 50, TIME_MS = 20000 };

static char source[SOURCE];

static int take_descriptor(int control)
{
	char byte;
	struct iovec bytes = {.iov_base = &byte, .iov_len = 1};
	union {
		struct cmsghdr head;
		char room[CMSG_SPACE(sizeof(int))];
	} more;
	struct msghdr m = {.msg_iov = &bytes,
			   .msg_iovlen = 1,
			   .msg_control = &more,
			   .msg_controllen = sizeof(more)};
	int fd = -1;
	if (recvmsg(control, &m, 0) == 1 && CMSG_FIRSTHDR(&m) != NULL) {
		memcpy(&fd, CMSG_DATA(CMSG_FIRSTHDR(&m)), sizeof(fd));
	}
	return fd;
}

static void take_source(int fd, struct pictures_request *r)
{
	static char rest[SOURCE];
	size_t have = 0;
	if (recv(fd, r, sizeof(*r), MSG_WAITALL) != sizeof(*r) || r->magic != PICTURES_REQUEST ||
	    r->len > sizeof(rest)) {
		_exit(1);
	}
	for (ssize_t n; have < r->len && (n = read(fd, rest + have, r->len - have)) > 0;) {
		have += (size_t)n;
	}
	if (have != r->len || memcmp(rest, source, have) != 0) {
		_exit(2);
	}
}

static void say(int fd, uint32_t magic, uint32_t verdict, uint32_t len, size_t really)
{
	static const char made[2 * MOST] = "made of it";
	const struct pictures_answer a = {.magic = magic, .verdict = verdict, .len = len};
	if (send(fd, &a, sizeof(a), MSG_NOSIGNAL) != sizeof(a) ||
	    send(fd, made, really, MSG_NOSIGNAL) != (ssize_t)really) {
		_exit(3);
	}
}

static void serve(int fd, enum manner manner)
{
	struct pictures_request r = {0};
	if (manner == NEVER_READS) {
		pause();
	}
	if (manner == DIES_AT_ONCE) {
		return;
	}
	if (manner == DIES_WHILE_READING) {
		_exit(read(fd, &r, sizeof(r)) > 0 ? 0 : 1);
	}
	take_source(fd, &r);
	switch (manner) {
	case HONEST:
		say(fd, PICTURES_ANSWER, PICTURES_DONE, r.longest_side, r.longest_side);
		break;
	case BAD:
		say(fd, PICTURES_ANSWER, PICTURES_BAD, 0, 0);
		break;
	case TOO_LARGE:
		say(fd, PICTURES_ANSWER, PICTURES_TOO_LARGE, 0, 0);
		break;
	case OTHER_MAGIC:
		say(fd, PICTURES_REQUEST, PICTURES_DONE, 10, 10);
		break;
	case OTHER_VERDICT:
		say(fd, PICTURES_ANSWER, 77, 10, 10);
		break;
	case NOTHING_MADE:
		say(fd, PICTURES_ANSWER, PICTURES_DONE, 0, 0);
		break;
	case MORE_THAN_ASKED:
		say(fd, PICTURES_ANSWER, PICTURES_DONE, MOST + 1, MOST + 1);
		break;
	case MORE_THAN_SAID:
		say(fd, PICTURES_ANSWER, PICTURES_DONE, 10, 20);
		break;
	case LESS_THAN_SAID:
		say(fd, PICTURES_ANSWER, PICTURES_DONE, 10, 9);
		break;
	case HALF_AN_ANSWER:
		(void)!write(fd, "PPA1", 4);
		break;
	default:
		pause();
	}
}

static pid_t start(enum manner manner, struct pictures **out)
{
	int pair[2];
	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair), 0);
	pid_t pid = fork();
	ck_assert_int_ge(pid, 0);
	if (pid == 0) {
		close(pair[0]);
		if (manner == IS_GONE) {
			_exit(0);
		}
		if (manner == NEVER_TAKES) {
			pause();
		}
		for (int fd; (fd = take_descriptor(pair[1])) >= 0;) {
			serve(fd, manner);
			close(fd);
		}
		_exit(0);
	}
	close(pair[1]);
	if (manner == IS_GONE) {
		ck_assert_int_eq(waitpid(pid, NULL, 0), pid);
	}
	ck_assert_int_eq(pictures_adopt(pair[0], TIME_MS, out), FAULT_NONE);
	return pid;
}

static void stop(pid_t pid, struct pictures **p)
{
	pictures_stop(p);
	kill(pid, SIGKILL);
	(void)waitpid(pid, NULL, 0);
}

static const struct {
	const char *name;
	enum manner manner;
	enum fault fault;
} rows[] = {
	{"as it should", HONEST, FAULT_NONE},
	{"it cannot be read", BAD, FAULT_BAD_PICTURE},
	{"the result is too large", TOO_LARGE, FAULT_TOO_LARGE},
	{"another protocol", OTHER_MAGIC, FAULT_BAD_PICTURE},
	{"a verdict that is none", OTHER_VERDICT, FAULT_BAD_PICTURE},
	{"a result of nothing", NOTHING_MADE, FAULT_BAD_PICTURE},
	{"more than was asked for", MORE_THAN_ASKED, FAULT_TOO_LARGE},
	{"more than was said", MORE_THAN_SAID, FAULT_NONE},
	{"less than was said", LESS_THAN_SAID, FAULT_BAD_PICTURE},
	{"half an answer", HALF_AN_ANSWER, FAULT_BAD_PICTURE},
	{"it dies at once", DIES_AT_ONCE, FAULT_BAD_PICTURE},
	{"it dies while it reads", DIES_WHILE_READING, FAULT_BAD_PICTURE},
	{"it never reads", NEVER_READS, FAULT_DEADLINE},
	{"it never answers", NEVER_ANSWERS, FAULT_DEADLINE},
	{"it never takes a request", NEVER_TAKES, FAULT_DEADLINE},
	{"it is gone", IS_GONE, FAULT_SYSTEM},
};

static enum fault ask(struct pictures *p, enum manner manner, struct arena *a, struct slice *out)
{
	bool hangs = manner == NEVER_READS || manner == NEVER_ANSWERS || manner == NEVER_TAKES;
	const struct render_conversion wanted = {
		.bytes = slice_of(source, sizeof(source)), .longest_side = 11, .most = MOST};
	return pictures_convert(
		p, &wanted, instant_after(instant_now(), hangs ? PATIENCE_MS : TIME_MS), a, out);
}

START_TEST(manner_row)
{
	struct pictures *p;
	struct arena a;
	struct slice made = {0};
	memset(source, 's', sizeof(source));
	arena_init(&a, 4 * SOURCE);
	pid_t pid = start(rows[_i].manner, &p);
	enum fault f = ask(p, rows[_i].manner, &a, &made);
	ck_assert_msg(f == rows[_i].fault, "%s: %s", rows[_i].name, fault_slug(f).ptr);
	ck_assert(f != FAULT_NONE || slice_starts(made, SLICE_LIT("made of it")));
	/* Whatever became of that one, the next has the same way. */
	ck_assert_int_eq(ask(p, rows[_i].manner, &a, &made) == FAULT_NONE,
			 rows[_i].fault == FAULT_NONE);
	stop(pid, &p);
	arena_deinit(&a);
}
END_TEST

START_TEST(source_too_large)
{
	struct pictures *p;
	struct arena a;
	struct slice made;
	arena_init(&a, SOURCE);
	pid_t pid = start(HONEST, &p);
	const struct render_conversion wanted = {
		.bytes = slice_of(source, PICTURES_SOURCE_MAX + 1UL), .most = MOST};
	ck_assert_int_eq(
		pictures_convert(p, &wanted, instant_after(instant_now(), TIME_MS), &a, &made),
		FAULT_TOO_LARGE);
	stop(pid, &p);
	arena_deinit(&a);
}
END_TEST

START_TEST(no_room_for_the_result)
{
	struct pictures *p;
	struct arena a;
	struct slice made;
	memset(source, 's', sizeof(source));
	arena_init(&a, 8);
	pid_t pid = start(HONEST, &p);
	ck_assert_int_eq(ask(p, HONEST, &a, &made), FAULT_NO_MEMORY);
	stop(pid, &p);
	arena_deinit(&a);
}
END_TEST

START_TEST(no_program)
{
	const struct pictures_params params = {.program = "/nonexistent/pagepost-pictures",
					       .memory = 1,
					       .time_ms = 1,
					       .at_once = 1};
	struct pictures *p = NULL;
	ck_assert_int_eq(pictures_start(&params, &p), FAULT_NOT_FOUND);
	ck_assert_ptr_null(p);
}
END_TEST

/* One that is no such program ends at once: its socket does too. */
START_TEST(another_program)
{
	const struct pictures_params params = {
		.program = "/bin/true", .memory = 1, .time_ms = TIME_MS, .at_once = 1};
	struct pictures *p = NULL;
	struct arena a;
	struct slice made;
	arena_init(&a, SOURCE);
	ck_assert_int_eq(pictures_start(&params, &p), FAULT_NONE);
	enum fault f = ask(p, HONEST, &a, &made);
	ck_assert(f == FAULT_SYSTEM || f == FAULT_BAD_PICTURE);
	pictures_stop(&p);
	arena_deinit(&a);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("client");
	TCase *t = tcase_create("rows");
	tcase_add_loop_test(t, manner_row, 0, COUNT_OF(rows));
	tcase_add_test(t, source_too_large);
	tcase_add_test(t, no_room_for_the_result);
	tcase_add_test(t, no_program);
	tcase_add_test(t, another_program);
	suite_add_tcase(s, t);
	return check_main(s);
}
