/*
 * NAME     operate_status - GET /status: the gateway as it is now, in JSON
 */
#ifndef RELAY_GATEWAY_OPERATE_STATUS_H
#define RELAY_GATEWAY_OPERATE_STATUS_H

#include "relay/gateway/census.h"

enum { OPERATE_STATUS_MAX = 4 * 1024 * 1024 };

MUST_USE enum fault operate_status_write(const struct census *c, struct civil now,
					 struct buf *into);

#endif
