#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "spool-free/base/event.h"
#include "spool-free/lockdown/lockdown.h"
#include "spool-free/lockdown/memory.h"
#include "relay/pictures/wire.h"
#include "relay/pictures/codec/format.h"
#include "relay/pictures/codec/zygote.h"

/*
 * pagepost-pictures MEMORY TIME AT_ONCE LACKING LOG: makes PNG and JPEG of other pictures, for pagepost, which starts it
 * with a socket as descriptor 3. It confines itself before it takes the first request; then this process only watches
 * over the one that takes them, and begins it anew if it should end by a mistake.
 */

enum { MEMORY, TIME, AT_ONCE, LACKING, LOG, ARGUMENTS };
enum {
	MAY_LACK_LANDLOCK = 1,
	MAY_LACK_SECCOMP = 2,
	MAY_LACK_MEMORY = 4,
	CANNOT_RUN = 5,
	BACKOFF_MS = 50,
	BACKOFF_MAX_MS = 5000,
	LOOK_MS = 2,
	THREADS_LOOKS = 2500
};

static void tell_step(void *ctx, enum lockdown_step step, enum lockdown_result result)
{
	(void)ctx;
	event_log(EVENT_LOCKDOWN, EVENT_TEXT("step", lockdown_step_name(step)),
		  EVENT_TEXT("result", lockdown_result_name(result)));
}

static enum fault confine(uint64_t lacking)
{
	/* Fonts, and how they are found. */
	static const char *const readable[] = {"/etc/fonts", "/usr/share/fonts",
					       "/usr/local/share/fonts", "/usr/share/fontconfig",
					       "/var/cache/fontconfig"};
	const struct lockdown_params params = {
		.role = LOCKDOWN_PICTURES,
		.readable = readable,
		.readable_count = COUNT_OF(readable),
		.landlock_may_lack = (lacking & MAY_LACK_LANDLOCK) != 0,
		.seccomp_may_lack = (lacking & MAY_LACK_SECCOMP) != 0,
		.memory_may_lack = (lacking & MAY_LACK_MEMORY) != 0,
	};
	return lockdown_apply(&params, tell_step, NULL);
}

/* What libraries say goes nowhere. */
static bool be_silent(int null)
{
	return null >= 0 && dup2(null, STDIN_FILENO) >= 0 && dup2(null, STDOUT_FILENO) >= 0 &&
	       dup2(null, STDERR_FILENO) >= 0 && close(null) == 0;
}

static void rest(unsigned ms)
{
	const struct timespec time = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000L};
	nanosleep(&time, NULL);
}

/* Libraries look for fonts in threads of their own; the confinement must find one thread only. */
static void wait_for_threads(void)
{
	for (int i = 0; i < THREADS_LOOKS; i++) {
		struct stat tasks;
		/* A folder for each thread, and the two that every folder has. */
		if (stat("/proc/self/task", &tasks) != 0 || tasks.st_nlink <= 3) {
			return;
		}
		rest(LOOK_MS);
	}
}

static int watch(const struct zygote_params *p)
{
	for (unsigned ms = BACKOFF_MS;; ms = 2 * ms < BACKOFF_MAX_MS ? 2 * ms : BACKOFF_MAX_MS) {
		int status = 0;
		pid_t pid = fork();
		if (pid == 0) {
			prctl(PR_SET_PDEATHSIG, SIGKILL);
			_exit(zygote_run(PICTURES_CONTROL_FD, p));
		}
		if (pid > 0 && waitpid(pid, &status, 0) == pid && WIFEXITED(status)) {
			return WEXITSTATUS(status);
		}
		rest(ms);
	}
}

int main(int argc, char **argv)
{
	uint64_t numbers[ARGUMENTS];
	for (int i = 0; i < ARGUMENTS; i++) {
		if (argc != ARGUMENTS + 1 ||
		    !slice_to_u64(slice_of_text(argv[i + 1]), SIZE_MAX, &numbers[i])) {
			fputs("pagepost-pictures: a part of pagepost, which starts it by itself\n",
			      stderr);
			return 2;
		}
	}
	const struct zygote_params p = {.memory = numbers[MEMORY],
					.time_ms = numbers[TIME],
					.at_once = numbers[AT_ONCE],
					.locks_memory = memory_may_lock()};
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	/* Who started it ends later than a terminal or a service manager tells all of them to: it still needs this. */
	signal(SIGTERM, SIG_IGN);
	signal(SIGINT, SIG_IGN);
	if (p.at_once == 0 || p.at_once > PICTURES_AT_ONCE_MAX ||
	    lockdown_close_above(PICTURES_CONTROL_FD) != FAULT_NONE) {
		return CANNOT_RUN;
	}
	if (numbers[LOG] != 0) {
		event_start_in((unsigned)numbers[LOG], STDERR_FILENO, SLICE_LIT("pictures"));
	}
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	format_svg_prepare();
	wait_for_threads();
	if (confine(numbers[LACKING]) != FAULT_NONE || !be_silent(null)) {
		return CANNOT_RUN;
	}
	return watch(&p);
}
