#include "spool-free/base/stack.h"

#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include "spool-free/base/wipe.h"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
static const bool is_sanitized = true;
#else
static const bool is_sanitized = false;
#endif

enum {
	PAGE = 4096,
	FRAME = 1024, /* more than the frames between here and the room that is overwritten take */
	DONTNEED_LOCKED = 24 /* MADV_DONTNEED_LOCKED, Linux 5.18: for pages that are locked too */
};

static __attribute__((noinline)) void overwrite(void)
{
	char room[STACK_OVERWRITTEN];
	wipe(room, sizeof(room));
}

/* The stack grows at once, as for a call that needs so much: whoever watches the stack's pointer (valgrind) sees it. */
static __attribute__((noinline)) void grow(void)
{
	char room[STACK_LOOKED_AT];
	volatile char *deepest = room;
	*deepest = 0;
}

/*
 * The thread's lowest address, or 0. For the first thread the C library would ask /proc, which is closed by then; its stack
 * grows down to there at once, so that all of it can be looked at.
 */
static uintptr_t lowest(uintptr_t here)
{
	pthread_attr_t about;
	struct rlimit limit;
	void *at = NULL;
	size_t size;
	if (gettid() == getpid()) {
		bool fits = getrlimit(RLIMIT_STACK, &limit) == 0 &&
			    limit.rlim_cur >= 4 * STACK_LOOKED_AT && here > STACK_LOOKED_AT;
		if (!fits) {
			return 0;
		}
		grow();
		return here - STACK_LOOKED_AT;
	}
	if (pthread_getattr_np(pthread_self(), &about) != 0) {
		return 0;
	}
	bool known = pthread_attr_getstack(&about, &at, &size) == 0;
	pthread_attr_destroy(&about);
	return known ? (uintptr_t)at : 0;
}

/* Whether there is memory; unknown counts as yes. */
static bool is_used(uintptr_t from, uintptr_t to)
{
	unsigned char pages[STACK_LOOKED_AT / PAGE];
	bool used = mincore((void *)from, to - from, pages) != 0;
	for (size_t i = 0; !used && i < (to - from) / PAGE; i++) {
		used = (pages[i] & 1) != 0;
	}
	return used;
}

static void give_back(uintptr_t from, uintptr_t to)
{
	if (madvise((void *)from, to - from, DONTNEED_LOCKED) != 0 && errno == EINVAL) {
		(void)madvise((void *)from, to - from, MADV_DONTNEED);
	}
}

void stack_wipe(void)
{
	static _Thread_local uintptr_t end; /* the stack's, from the first time on */
	if (is_sanitized) {
		return;
	}
	int was = errno;
	uintptr_t here = (uintptr_t)__builtin_frame_address(0);
	/* Below the page in which the overwritten room ends, this call's own traces with it. */
	uintptr_t deep = (here - STACK_OVERWRITTEN - FRAME) / PAGE * PAGE;
	end = end != 0 ? end : lowest(here);
	uintptr_t from = end > here - STACK_LOOKED_AT ? end : here - STACK_LOOKED_AT;
	from = (from + PAGE - 1) / PAGE * PAGE;
	if (end != 0 && from < deep && is_used(from, deep)) {
		give_back(from, deep + PAGE);
	}
	overwrite();
	errno = was;
}
