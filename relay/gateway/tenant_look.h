/*
 * NAME     tenant_look - whether there is a tenant of that name, before the operator's word on it takes effect at the desk
 * RULE     refused (404) when the keeper says that there is none; while the keeper cannot say, the word counts unseen: in an incident
 *          it may be the keeper that is down
 * FAULTS   NO_MEMORY; the call is answered in any case
 * THREADS  asked and answered on the first lane's loop; the keeper is asked on a worker, before all that waits there
 */
#ifndef RELAY_GATEWAY_TENANT_LOOK_H
#define RELAY_GATEWAY_TENANT_LOOK_H

#include "relay/desk/desk.h"
#include "relay/gateway/gateway.h"

/* `then` gets the gateway and the call, unless there is no such tenant. */
void tenant_look(struct gateway *g, struct desk_call *call, struct slice tenant,
		 desk_handler_fn *then);

#endif
