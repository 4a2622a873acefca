#include "relay/smtp/saslname.h"

#include <string.h>

static struct slice written(struct slice letter)
{
	switch (letter.ptr[0]) {
	case ',':
		return SLICE_LIT("=2C");
	case '=':
		return SLICE_LIT("=3D");
	default:
		return letter;
	}
}

size_t smtp_saslname_write(struct slice name, char *into)
{
	size_t len = 0;
	for (size_t i = 0; i < name.len; i++) {
		struct slice next = written(slice_of(name.ptr + i, 1));
		if (into != NULL) {
			memcpy(into + len, next.ptr, next.len);
		}
		len += next.len;
	}
	return len;
}
