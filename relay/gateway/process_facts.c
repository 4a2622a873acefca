#include "relay/gateway/process_facts.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/resource.h>
#include <unistd.h>

#include "spool-free/base/slice.h"

enum { POLL_BLOCK = 256, FDS_MOST = 1 << 20 };

void process_facts_open(struct process_facts_source *s)
{
	*s = (struct process_facts_source){
		.is_open = true,
		.statm = open("/proc/self/statm", O_RDONLY | O_CLOEXEC),
	};
}

void process_facts_close(struct process_facts_source *s)
{
	if (s->is_open && s->statm >= 0) {
		close(s->statm);
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

/* A folder that is open is closed by the confinement, and none can be opened behind it: poll(2) tells which are no descriptors. */
static uint64_t count_fds(uint64_t most)
{
	struct pollfd block[POLL_BLOCK];
	uint64_t count = 0;
	for (uint64_t first = 0; first < most; first += POLL_BLOCK) {
		nfds_t n = most - first < POLL_BLOCK ? (nfds_t)(most - first) : POLL_BLOCK;
		for (nfds_t i = 0; i < n; i++) {
			block[i] = (struct pollfd){.fd = (int)(first + i)};
		}
		if (poll(block, n, 0) < 0) {
			return 0;
		}
		for (nfds_t i = 0; i < n; i++) {
			count += (block[i].revents & POLLNVAL) == 0;
		}
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
	struct process_facts facts = {.resident = read_resident(s)};
	if (getrusage(RUSAGE_SELF, &used) == 0) {
		facts.cpu_us = us_of(used.ru_utime) + us_of(used.ru_stime);
	}
	if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
		facts.fds_most = limit.rlim_cur;
		facts.fds = count_fds(facts.fds_most < FDS_MOST ? facts.fds_most : FDS_MOST);
	}
	return facts;
}
