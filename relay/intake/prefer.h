/*
 * NAME     prefer - how long a client wants to wait for the answer: Prefer: wait=N
 * SEE      RFC 7240 2 (the first of a repeated preference counts; what is not understood is passed over), 4.3
 */
#ifndef RELAY_INTAKE_PREFER_H
#define RELAY_INTAKE_PREFER_H

#include "relay/intake/http_head.h"

/* In milliseconds, at most `max_ms`; `usual_ms` when nothing is said. */
uint64_t prefer_wait_ms(const struct http_head *h, uint64_t usual_ms, uint64_t max_ms);

#endif
