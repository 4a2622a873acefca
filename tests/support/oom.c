#include "tests/support/oom.h"

#include <errno.h>
#include <stddef.h>

/*
 * The suites define malloc themselves, which catches libraries too. Where an instrument does that (OOM_BY_WRAP), the
 * linker turns our own calls to __wrap_malloc, and __real_malloc is the instrument's.
 */
#if defined(OOM_BY_WRAP)
#define OURS(name)  __wrap_##name
#define BELOW(name) __real_##name
#else
#define OURS(name)  name
#define BELOW(name) __libc_##name
#endif

void *BELOW(malloc)(size_t size);
void *BELOW(calloc)(size_t count, size_t size);
void *BELOW(realloc)(void *old, size_t size);
__attribute__((visibility("default"))) void *OURS(malloc)(size_t size);
__attribute__((visibility("default"))) void *OURS(calloc)(size_t count, size_t size);
__attribute__((visibility("default"))) void *OURS(realloc)(void *old, size_t size);

static __thread unsigned left;
static __thread bool armed;
static __thread bool failed;

void oom_arm(unsigned nth)
{
	left = nth;
	failed = false;
	armed = true;
}

bool oom_disarm(void)
{
	armed = false;
	return failed;
}

static bool fails_now(void)
{
	if (!armed || left == 0 || --left > 0) {
		return false;
	}
	failed = true;
	errno = ENOMEM;
	return true;
}

void *OURS(malloc)(size_t size)
{
	return fails_now() ? NULL : BELOW(malloc)(size);
}

void *OURS(calloc)(size_t count, size_t size)
{
	return fails_now() ? NULL : BELOW(calloc)(count, size);
}

void *OURS(realloc)(void *old, size_t size)
{
	return fails_now() ? NULL : BELOW(realloc)(old, size);
}
