#include "tests/support/oom.h"

#include <errno.h>
#include <stddef.h>

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *old, size_t size);
__attribute__((visibility("default"))) void *malloc(size_t size);
__attribute__((visibility("default"))) void *calloc(size_t count, size_t size);
__attribute__((visibility("default"))) void *realloc(void *old, size_t size);

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

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
void *malloc(size_t size)
{
	return fails_now() ? NULL : __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
	return fails_now() ? NULL : __libc_calloc(count, size);
}

void *realloc(void *old, size_t size)
{
	return fails_now() ? NULL : __libc_realloc(old, size);
}
#endif
