/*
 * NAME     operate_metrics - GET /metrics: the page of metric.def's numbers
 * SEE      Prometheus, "Exposition formats", text format 0.0.4
 */
#ifndef RELAY_GATEWAY_OPERATE_METRICS_H
#define RELAY_GATEWAY_OPERATE_METRICS_H

#include "relay/desk/desk.h"
#include "relay/gateway/census.h"

enum { OPERATE_METRICS_MAX = 8 * 1024 * 1024 };

#define OPERATE_METRICS_TYPE "text/plain; version=0.0.4; charset=utf-8"

MUST_USE enum fault operate_metrics_write(const struct census *c, struct buf *into);

#endif
