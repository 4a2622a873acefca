/*
 * NAME     tag_keys - the day's key for the tags that stand in the log (spool-free/base/tag.h)
 * OWNS     the keys of at most two days, wiped with it
 * CHANGES  at midnight UTC, and no job waits for it: from an hour before on, the next day's key is asked for. Where that came
 *          to nothing, the key of the day before serves until the new one is there, for at most a day; so a tag in a
 *          line of the log is of that line's day or of the day before
 * FAULTS   none: without a key a tag is "-", and event log.unkeyed tells it, once
 * THREADS  safe from any thread; who asks the keeper waits for it: a worker
 */
#ifndef RELAY_GATEWAY_TAG_KEYS_H
#define RELAY_GATEWAY_TAG_KEYS_H

#include "spool-free/base/tag.h"

struct tag_keys;

enum { TAG_KEYS_RETRY_MS = 1000, TAG_KEYS_AHEAD_MS = 3600 * 1000 };

/* Asks the keeper for a day's key. */
typedef enum fault tag_keys_ask_fn(void *ctx, uint32_t day, unsigned char out_key[TAG_KEY]);

MUST_USE enum fault tag_keys_new(struct tag_keys **out_keys);
void tag_keys_free(struct tag_keys **k);

/* Asks for what is wanted at `now`, if anything is; mostly nothing is. */
void tag_keys_refresh(struct tag_keys *k, struct civil now, tag_keys_ask_fn *ask, void *ctx);

/* The tag, in `room`; "-" without a key. NULL is none. */
struct slice tag_keys_tag(struct tag_keys *k, struct civil now, struct slice text,
			  char room[TAG_LEN]);

#endif
