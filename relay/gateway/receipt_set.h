/*
 * NAME     receipt_set - the keys that receipts are checked by, as they were told a moment ago: anybody may ask for them, and
 *          the keeper is not to be asked by anybody
 * OWNS     the JSON of the set; receipt_set_free() frees it
 * LIMIT    RECEIPT_SET_MS: a new key is told after that time at the latest
 * THREADS  safe from any thread
 */
#ifndef RELAY_GATEWAY_RECEIPT_SET_H
#define RELAY_GATEWAY_RECEIPT_SET_H

#include "spool-free/base/buf.h"
#include "spool-free/base/instant.h"

enum { RECEIPT_SET_MS = 10 * 1000 };

struct receipt_set;

MUST_USE enum fault receipt_set_new(struct receipt_set **out_set);
void receipt_set_free(struct receipt_set **s);

/* Without memory nothing is kept. */
void receipt_set_keep(struct receipt_set *s, struct slice json, struct instant now);
/* False: it is not known, or was told too long ago. */
MUST_USE bool receipt_set_find(struct receipt_set *s, struct instant now, struct buf *out_json);

#endif
