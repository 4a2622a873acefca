#include "spool-free/lockdown/landlock.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/support/attempts.h"
#include "tests/support/check_main.h"
#include "tests/support/child.h"

static bool confine_as(enum lockdown_role role)
{
	const struct lockdown_params p = {.role = role};
	/* Needed, or a privilege. */
	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && landlock_confine(&p) == LOCKDOWN_DONE;
}

static bool confine(void)
{
	return confine_as(LOCKDOWN_GATEWAY);
}

START_TEST(test_alone)
{
	const struct attempts_row *row = &attempts_rows[_i];
	enum probe_result r = attempts_result(confine, (size_t)_i);
	enum probe_result expected = row->landlock ? PROBE_REFUSED : PROBE_DONE;
	ck_assert_msg(r == expected || (row->depends && r != PROBE_DONE), "%s: %d", row->name,
		      (int)r);
}
END_TEST

enum tries { TRY_CONNECT, TRY_BIND, TRY_SIGNAL, TRY_ETC, TRY_HOME };

struct
try {
	enum lockdown_role role;
	enum tries what;
};

static int errno_of(int result)
{
	return result < 0 ? errno : 0;
}

static int make_try(void *ctx, unsigned char *room)
{
	const struct try *t = ctx;
	struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (!confine_as(t->role)) {
		return 1;
	}
	switch (t->what) {
	case TRY_CONNECT:
		at.sin_port = htons(1);
		room[0] = (unsigned char)errno_of(connect(fd, (struct sockaddr *)&at, sizeof(at)));
		break;
	case TRY_BIND:
		room[0] = (unsigned char)errno_of(bind(fd, (struct sockaddr *)&at, sizeof(at)));
		break;
	case TRY_SIGNAL:
		room[0] = (unsigned char)errno_of(kill(getppid(), 0));
		break;
	case TRY_ETC:
		room[0] = (unsigned char)errno_of(open("/etc/passwd", O_RDONLY | O_CLOEXEC));
		break;
	case TRY_HOME:
		room[0] = (unsigned char)errno_of(open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
		break;
	}
	return 0;
}

static const struct {
	struct try try;
	int abi; /* from which on it is confined */
	int error;
} tries[] = {
	{{LOCKDOWN_GATEWAY, TRY_CONNECT}, 4, ECONNREFUSED},
	{{LOCKDOWN_GATEWAY, TRY_BIND}, 4, 0},
	{{LOCKDOWN_KEEPER, TRY_CONNECT}, 4, EACCES},
	{{LOCKDOWN_KEEPER, TRY_BIND}, 4, EACCES},
	{{LOCKDOWN_GATEWAY, TRY_SIGNAL}, 6, EPERM},
	{{LOCKDOWN_KEEPER, TRY_SIGNAL}, 6, EPERM},
	{{LOCKDOWN_GATEWAY, TRY_ETC}, 1, 0},
	{{LOCKDOWN_GATEWAY, TRY_HOME}, 1, EACCES},
	{{LOCKDOWN_KEEPER, TRY_HOME}, 1, EACCES},
	{{LOCKDOWN_PICTURES, TRY_CONNECT}, 4, EACCES},
	{{LOCKDOWN_PICTURES, TRY_BIND}, 4, EACCES},
	{{LOCKDOWN_PICTURES, TRY_SIGNAL}, 6, EPERM},
	{{LOCKDOWN_PICTURES, TRY_ETC}, 1, EACCES},
	{{LOCKDOWN_PICTURES, TRY_HOME}, 1, EACCES},
};

START_TEST(test_tries)
{
	struct try t = tries[_i].try;
	unsigned char room[1] = {0};
	if (landlock_abi() < tries[_i].abi) {
		return; /* this kernel cannot; main() says so */
	}
	ck_assert_int_eq(child_run(make_try, &t, room, sizeof(room)).status, 0);
	ck_assert_int_eq(room[0], tries[_i].error);
}
END_TEST

static Suite *suite(void)
{
	Suite *all = suite_create("landlock");
	TCase *t = tcase_create("landlock");
	tcase_add_checked_fixture(t, attempts_setup, attempts_teardown);
	tcase_add_loop_test(t, test_alone, 0, PROBE_ATTEMPTS);
	tcase_add_loop_test(t, test_tries, 0, COUNT_OF(tries));
	suite_add_tcase(all, t);
	return all;
}

int main(void)
{
	if (attempts_are_watched()) {
		return 0;
	}
	if (landlock_abi() < 3) {
		puts("skip: this kernel has no Landlock of ABI 3 (Linux 6.2)");
		puts("0 passed, 0 failed, 1 skipped");
		return 0;
	}
	return check_main(suite());
}
