#include "relay/gateway/sizes.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

#include "spool-free/base/digest.h"

enum { SALT = 32, TAG_BITS = 24, SIZE_BITS = 40 };

struct sizes {
	unsigned char salt[SALT];
	_Atomic uint64_t places[SIZES_PLACES]; /* tag and size; all zero: empty */
};

enum fault sizes_new(struct sizes **out_sizes)
{
	CLEANUP(sizes_free) struct sizes *s = calloc(1, sizeof(*s));
	if (s == NULL) {
		return FAULT_NO_MEMORY;
	}
	if (getentropy(s->salt, sizeof(s->salt)) != 0) {
		return FAULT_SYSTEM;
	}
	*out_sizes = STEAL(s);
	return FAULT_NONE;
}

void sizes_free(struct sizes **s)
{
	free(*s);
	*s = NULL;
}

/* The place of the job's server, and the tag that stands there when it is this server's. */
static size_t place_of(const struct sizes *s, const struct job *job, uint64_t *out_tag)
{
	unsigned char hash[DIGEST_LEN];
	const struct account *a = &job->account;
	const unsigned char numbers[] = {job->has_account, (unsigned char)(a->port >> 8),
					 (unsigned char)a->port};
	const struct slice parts[] = {
		slice_of(s->salt, sizeof(s->salt)),
		job->tenant,
		slice_of(numbers, sizeof(numbers)),
		job->has_account ? a->host : job->server,
		job->has_account ? a->username : (struct slice){0},
	};
	digest_sha256_parts(parts, COUNT_OF(parts), hash);
	*out_tag = (uint64_t)hash[0] << 16 | (uint64_t)hash[1] << 8 | hash[2];
	return (size_t)(hash[3] << 8 | hash[4]) % SIZES_PLACES;
}

void sizes_keep(struct sizes *s, const struct job *job, uint64_t size)
{
	uint64_t tag;
	_Atomic uint64_t *place = &s->places[place_of(s, job, &tag)];
	uint64_t value = size >> SIZE_BITS == 0 ? size : 0;
	atomic_store_explicit(place, tag << SIZE_BITS | value, memory_order_relaxed);
}

uint64_t sizes_find(const struct sizes *s, const struct job *job)
{
	uint64_t tag;
	const _Atomic uint64_t *place = &s->places[place_of(s, job, &tag)];
	uint64_t value = atomic_load_explicit(place, memory_order_relaxed);
	return value >> SIZE_BITS == tag ? value & ((UINT64_C(1) << SIZE_BITS) - 1) : 0;
}

_Static_assert(TAG_BITS + SIZE_BITS == 64, "tag and size are one word");
