/*
 * NAME     secret - the only home of a credential: locked, undumped, wiped bytes
 * OWNS     its bytes, in OpenSSL's secure heap; secret_free() wipes them
 * LIMIT    SECRET_MAX bytes each; the secure heap's size is fixed when the program starts
 * NEVER    printed, logged, formatted, compared with ==; secret_view() is for the call that needs it
 * THREADS  secret_new, _copy and _free are safe from any thread; one secret has one owner at a time
 */
#ifndef SPOOL_FREE_BASE_SECRET_H
#define SPOOL_FREE_BASE_SECRET_H

#include "spool-free/base/fault.h"
#include "spool-free/base/slice.h"

enum { SECRET_MAX = 128 * 1024 };

struct secret;

/* Once, before the first thread. Where memory cannot be locked it says so by CONFINEMENT. */
MUST_USE enum fault secret_heap_start(void);

MUST_USE enum fault secret_new(struct slice bytes, struct secret **out_secret);
/* `len` bytes that the caller fills through `*out_bytes`. */
MUST_USE enum fault secret_new_room(size_t len, struct secret **out_secret, char **out_bytes);
/* The bytes of all parts, one behind the other. */
MUST_USE enum fault secret_new_parts(const struct slice *parts, size_t count,
				     struct secret **out_secret);
MUST_USE enum fault secret_copy(const struct secret *from, struct secret **out_secret);
void secret_free(struct secret **s);

struct slice secret_view(const struct secret *s);	    /* NULL gives the empty slice */
bool secret_eq(const struct secret *s, struct slice bytes); /* in constant time for equal lengths */

#endif
