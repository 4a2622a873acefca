#include "relay/command/inherited.h"

#include <stdlib.h>
#include <unistd.h>

#include "spool-free/lockdown/lockdown.h"

enum { MOST = 256 };

unsigned inherited_count(struct slice listen_pid, struct slice listen_fds, uint64_t own_pid)
{
	uint64_t pid;
	uint64_t count;
	if (!slice_to_u64(listen_pid, INT32_MAX, &pid) || pid != own_pid ||
	    !slice_to_u64(listen_fds, MOST, &count)) {
		return 0;
	}
	return (unsigned)count;
}

enum fault inherited_close(void)
{
	unsigned count = inherited_count(slice_of_text(getenv("LISTEN_PID")),
					 slice_of_text(getenv("LISTEN_FDS")), (uint64_t)getpid());
	return lockdown_close_above(STDERR_FILENO + (int)count);
}
