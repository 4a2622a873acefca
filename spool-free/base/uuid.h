/*
 * NAME     uuid - UUIDv7 (RFC 9562 5.7): time-ordered ids; time and chance are arguments
 */
#ifndef SPOOL_FREE_BASE_UUID_H
#define SPOOL_FREE_BASE_UUID_H

#include "spool-free/base/instant.h"
#include "spool-free/base/slice.h"

enum { UUID_TEXT = 36, UUID_RANDOM = 10 };

struct uuid {
	unsigned char bytes[16];
};

struct uuid uuid_v7(struct civil at, const unsigned char random[UUID_RANDOM]);
void uuid_text(const struct uuid *u, char out[UUID_TEXT]);
bool uuid_parse(struct slice text, struct uuid *out_uuid);

#endif
