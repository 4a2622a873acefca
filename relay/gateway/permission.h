/*
 * NAME     permission - what the operator, the tenant and the page's space let a flight do, once its records are open
 * FAULTS   FORBIDDEN with a sentence, which goes to the flight
 * SEE      config/policy/policy.h
 */
#ifndef RELAY_GATEWAY_PERMISSION_H
#define RELAY_GATEWAY_PERMISSION_H

#include "relay/gateway/flight.h"

/* Before anything is opened: the operator's word alone. */
MUST_USE enum fault permission_check_entering(struct flight *f);
/* All that is known before the mail is composed: the job, and the host of the mail server. */
MUST_USE enum fault permission_check_opened(struct flight *f);
/* From is chosen. A preview has no mail server, whose address may be what is wanted: it is not judged by its sender. */
MUST_USE enum fault permission_check_from(struct flight *f);
/* From is to be out of a record. */
bool permission_wants_record_from(const struct flight *f);
/* Pictures on other web servers: whether they may be fetched, where the operator lets it be done; or linked to. */
bool permission_fetches_pictures(const struct flight *f);
bool permission_links_pictures(const struct flight *f);

#endif
