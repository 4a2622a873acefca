#include "spool-free/base/wipe.h"

#include <string.h>

void wipe(void *bytes, size_t len)
{
	if (len > 0) {
		explicit_bzero(bytes, len);
	}
}
