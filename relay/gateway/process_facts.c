#include "relay/gateway/process_facts.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "spool-free/base/slice.h"

void process_facts_open(struct process_facts_source *s)
{
	*s = (struct process_facts_source){
		.is_open = true,
		.statm = open("/proc/self/statm", O_RDONLY | O_CLOEXEC),
		.fds = opendir("/proc/self/fd"),
	};
}

void process_facts_close(struct process_facts_source *s)
{
	if (s->is_open && s->statm >= 0) {
		close(s->statm);
	}
	if (s->fds != NULL) {
		closedir(s->fds);
	}
	*s = (struct process_facts_source){0};
}

/* Pages: all, resident, and more. */
static uint64_t read_resident(const struct process_facts_source *s)
{
	char text[256];
	struct slice all;
	struct slice resident;
	uint64_t pages = 0;
	ssize_t n = s->is_open && s->statm >= 0 ? pread(s->statm, text, sizeof(text), 0) : -1;
	struct slice rest = slice_of(text, n > 0 ? (size_t)n : 0);
	if (!slice_cut_to(&rest, ' ', &all) || !slice_cut_to(&rest, ' ', &resident) ||
	    !slice_to_u64(resident, UINT64_MAX / 65536, &pages)) {
		return 0;
	}
	return pages * (uint64_t)sysconf(_SC_PAGESIZE);
}

static uint64_t count_fds(const struct process_facts_source *s)
{
	uint64_t count = 0;
	if (s->fds == NULL) {
		return 0;
	}
	rewinddir(s->fds);
	for (const struct dirent *e = readdir(s->fds); e != NULL; e = readdir(s->fds)) {
		count += e->d_name[0] != '.';
	}
	return count;
}

static uint64_t us_of(struct timeval t)
{
	return (uint64_t)t.tv_sec * 1000000 + (uint64_t)t.tv_usec;
}

struct process_facts process_facts_read(struct process_facts_source *s)
{
	struct rusage used = {0};
	struct rlimit limit = {0, 0};
	struct process_facts facts = {.resident = read_resident(s), .fds = count_fds(s)};
	if (getrusage(RUSAGE_SELF, &used) == 0) {
		facts.cpu_us = us_of(used.ru_utime) + us_of(used.ru_stime);
	}
	if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
		facts.fds_most = limit.rlim_cur;
	}
	return facts;
}
