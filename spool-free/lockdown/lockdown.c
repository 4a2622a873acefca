#include "spool-free/lockdown/lockdown.h"

#include <dirent.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "spool-free/lockdown/descriptors.h"
#include "spool-free/lockdown/filter.h"
#include "spool-free/lockdown/landlock.h"
#include "spool-free/lockdown/memory.h"

static enum lockdown_result one_thread(UNUSED const struct lockdown_params *p)
{
	size_t threads = 0;
	DIR *tasks = opendir("/proc/self/task");
	if (tasks == NULL) {
		return LOCKDOWN_FAILED;
	}
	for (const struct dirent *e = readdir(tasks); e != NULL; e = readdir(tasks)) {
		threads += e->d_name[0] != '.' ? 1 : 0;
	}
	closedir(tasks);
	return threads == 1 ? LOCKDOWN_DONE : LOCKDOWN_FAILED;
}

static enum lockdown_result done_if(bool yes)
{
	return yes ? LOCKDOWN_DONE : LOCKDOWN_FAILED;
}

static enum lockdown_result no_new_privileges(UNUSED const struct lockdown_params *p)
{
	return done_if(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0);
}

/* No core even where the pattern is a pipe, no ptrace, no /proc/PID/mem for other processes of the same user. */
static enum lockdown_result not_dumpable(UNUSED const struct lockdown_params *p)
{
	return done_if(prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0);
}

static enum lockdown_result no_core(UNUSED const struct lockdown_params *p)
{
	const struct rlimit none = {0, 0};
	return done_if(setrlimit(RLIMIT_CORE, &none) == 0);
}

/* The only layer that also stops write() to an inherited descriptor of a file. */
static enum lockdown_result file_size(const struct lockdown_params *p)
{
	rlim_t most = p->role == LOCKDOWN_KEEPER ? LOCKDOWN_VAULT_BYTES : 0;
	struct rlimit limit;
	if (getrlimit(RLIMIT_FSIZE, &limit) != 0) {
		return LOCKDOWN_FAILED;
	}
	most = most < limit.rlim_max ? most : limit.rlim_max;
	limit = (struct rlimit){most, most};
	/* A write past the limit then fails with EFBIG instead of ending the process. */
	return done_if(signal(SIGXFSZ, SIG_IGN) != SIG_ERR && setrlimit(RLIMIT_FSIZE, &limit) == 0);
}

static enum lockdown_result seccomp(const struct lockdown_params *p)
{
	return filter_confine(p->role);
}

/* In this order: what comes later could forbid what comes earlier. `remedy` is the sentence for a kernel that lacks the step. */
static const struct {
	struct slice name;
	enum lockdown_result (*take)(const struct lockdown_params *p);
	const char *remedy;
} steps[LOCKDOWN_STEP_COUNT] = {
	[LOCKDOWN_ONE_THREAD] = {SLICE_INIT("one-thread"), one_thread, NULL},
	[LOCKDOWN_NO_NEW_PRIVILEGES] = {SLICE_INIT("no-new-privileges"), no_new_privileges, NULL},
	[LOCKDOWN_NOT_DUMPABLE] = {SLICE_INIT("not-dumpable"), not_dumpable, NULL},
	[LOCKDOWN_NO_CORE] = {SLICE_INIT("no-core"), no_core, NULL},
	[LOCKDOWN_FILE_SIZE] = {SLICE_INIT("file-size"), file_size, NULL},
	[LOCKDOWN_DESCRIPTORS] = {SLICE_INIT("descriptors"), descriptors_confine, NULL},
	[LOCKDOWN_MEMORY] = {SLICE_INIT("memory"), memory_confine,
			     "Memory could go to swap: raise the limit of locked memory to none "
			     "(LimitMEMLOCK=infinity, ulimit -l unlimited), or let the unit or the "
			     "machine have no swap (MemorySwapMax=0, swapoff -a); "
			     "'lockdown.allow_lacking' may do without by \"memory\"."},
	[LOCKDOWN_LANDLOCK] = {SLICE_INIT("landlock"), landlock_confine,
			       "This kernel has no Landlock, it is switched off, or a container "
			       "forbids its calls: run Linux 5.13 or newer with landlock among the "
			       "boot parameter lsm=, and let the container call it; "
			       "'lockdown.allow_lacking' may do without by \"landlock\"."},
	[LOCKDOWN_SECCOMP] = {SLICE_INIT("seccomp"), seccomp,
			      "This kernel has no filter of system calls: run one with "
			      "CONFIG_SECCOMP_FILTER; 'lockdown.allow_lacking' may do without by "
			      "\"seccomp\"."},
};

static bool may_lack(const struct lockdown_params *p, enum lockdown_step s)
{
	return (s == LOCKDOWN_LANDLOCK && p->landlock_may_lack) ||
	       (s == LOCKDOWN_SECCOMP && p->seccomp_may_lack) ||
	       (s == LOCKDOWN_MEMORY && p->memory_may_lack);
}

static enum fault refuse(struct problem *problem, enum lockdown_step s, enum lockdown_result r)
{
	if (r == LOCKDOWN_LACKING && steps[s].remedy != NULL) {
		return problem_set(problem, FAULT_CONFINEMENT, steps[s].remedy);
	}
	problem_set(problem, FAULT_CONFINEMENT, "The confinement's step ");
	if (problem != NULL) {
		problem_add_name(problem, steps[s].name);
		problem_add(problem, " failed; without it nothing is started.");
	}
	return FAULT_CONFINEMENT;
}

enum fault lockdown_apply(const struct lockdown_params *p, lockdown_report_fn *report, void *ctx)
{
	for (enum lockdown_step s = 0; s < LOCKDOWN_STEP_COUNT; s++) {
		enum lockdown_result r = steps[s].take(p);
		if (report != NULL) {
			report(ctx, s, r);
		}
		if (r == LOCKDOWN_FAILED || (r == LOCKDOWN_LACKING && !may_lack(p, s))) {
			return refuse(p->problem, s, r);
		}
	}
	return FAULT_NONE;
}

enum fault lockdown_close_above(int last_kept)
{
	return close_range((unsigned)last_kept + 1, ~0U, 0) == 0 ? FAULT_NONE : FAULT_CONFINEMENT;
}

struct slice lockdown_step_name(enum lockdown_step s)
{
	return steps[s].name;
}

struct slice lockdown_result_name(enum lockdown_result r)
{
	switch (r) {
	case LOCKDOWN_DONE:
		return SLICE_LIT("done");
	case LOCKDOWN_NOT_NEEDED:
		return SLICE_LIT("not-needed");
	case LOCKDOWN_LACKING:
		return SLICE_LIT("lacking");
	case LOCKDOWN_FAILED:
		break;
	}
	return SLICE_LIT("failed");
}
