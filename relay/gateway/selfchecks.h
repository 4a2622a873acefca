/*
 * NAME     selfchecks - what `pagepost selfcheck` asks of the running gateway, at its desk
 * ROUTES   POST /selfcheck, a folder made for this alone as the body: the gateway tries upon itself what its confinement forbids,
 *          on a worker and on the first loop, and tells what became of it (spool-free/lockdown/selfcheck.h)
 *          POST /forget, a job's id as the body: its answer goes before its time
 * THREADS  the first lane's loop
 */
#ifndef RELAY_GATEWAY_SELFCHECKS_H
#define RELAY_GATEWAY_SELFCHECKS_H

#include "relay/desk/desk.h"

desk_handler_fn selfchecks_run, selfchecks_forget;

#endif
