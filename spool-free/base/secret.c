#include "spool-free/base/secret.h"

#include <string.h>

#include <openssl/crypto.h>

enum {
	HEAP_BYTES = 4 * 1024 * 1024, /* power of two; thousands of jobs with a password each */
	HEAP_SMALLEST = 64,
};

struct secret {
	size_t len;
	char bytes[];
};

enum fault secret_heap_start(void)
{
	/* 2 means: there, but not locked into memory. */
	int made = CRYPTO_secure_malloc_init(HEAP_BYTES, HEAP_SMALLEST);
	return made == 1 ? FAULT_NONE : FAULT_CONFINEMENT;
}

enum fault secret_new_room(size_t len, struct secret **out_secret, char **out_bytes)
{
	if (len > SECRET_MAX) {
		return FAULT_TOO_LARGE;
	}
	struct secret *s = OPENSSL_secure_zalloc(sizeof(*s) + len);
	if (s == NULL) {
		return FAULT_NO_MEMORY;
	}
	s->len = len;
	*out_secret = s;
	*out_bytes = s->bytes;
	return FAULT_NONE;
}

enum fault secret_new(struct slice bytes, struct secret **out_secret)
{
	char *room;
	enum fault f = secret_new_room(bytes.len, out_secret, &room);
	if (f != FAULT_NONE) {
		return f;
	}
	for (size_t i = 0; i < bytes.len; i++) {
		room[i] = bytes.ptr[i];
	}
	return FAULT_NONE;
}

enum fault secret_new_parts(const struct slice *parts, size_t count, struct secret **out_secret)
{
	char *at;
	size_t len = 0;
	for (size_t i = 0; i < count; i++) {
		if (__builtin_add_overflow(len, parts[i].len, &len)) {
			return FAULT_TOO_LARGE;
		}
	}
	enum fault f = secret_new_room(len, out_secret, &at);
	for (size_t i = 0; f == FAULT_NONE && i < count; i++) {
		if (parts[i].len > 0) {
			memcpy(at, parts[i].ptr, parts[i].len);
			at += parts[i].len;
		}
	}
	return f;
}

enum fault secret_copy(const struct secret *from, struct secret **out_secret)
{
	return secret_new(secret_view(from), out_secret);
}

void secret_free(struct secret **s)
{
	if (*s != NULL) {
		OPENSSL_secure_clear_free(*s, sizeof(**s) + (*s)->len);
		*s = NULL;
	}
}

struct slice secret_view(const struct secret *s)
{
	return s != NULL ? slice_of(s->bytes, s->len) : (struct slice){0};
}

bool secret_eq(const struct secret *s, struct slice bytes)
{
	struct slice own = secret_view(s);
	return own.len == bytes.len && CRYPTO_memcmp(own.ptr, bytes.ptr, own.len) == 0;
}
