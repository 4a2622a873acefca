/*
 * NAME     check - a flight that looks at a tenant's mail server instead of sending: POST /v1/tenant/servers/{name}/check
 * LIMIT    CHECK_TENANT_MAX of a tenant and CHECK_LANE_MAX of a lane at once (PACED, BUSY); SMTP_CHECKUP_MS each
 * RULE     a check leaves nothing behind: it has its own connection, sends no mail, and its report is not kept
 * THREADS  the tenant's lane
 */
#ifndef RELAY_GATEWAY_CHECK_H
#define RELAY_GATEWAY_CHECK_H

#include "relay/gateway/flight.h"

enum { CHECK_TENANT_MAX = 3, CHECK_LANE_MAX = 64, CHECK_REPORT_MAX = 64 * 1024 };

/* `done` gets the flight, once, from the loop. */
MUST_USE enum fault check_start(struct flight *f, const struct smtp_upstream *upstream,
				smtp_checkup_fn *done);
/* Writes f->report and ends the check. */
void check_give_up(const struct lane *l); /* those of a lane end at once */
MUST_USE enum fault check_end(struct flight *f);

#endif
