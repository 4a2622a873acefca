/*
 * NAME     wire_operate - the settings of what the operator asks with, as operate.h wants them
 */
#ifndef RELAY_GATEWAY_WIRE_OPERATE_H
#define RELAY_GATEWAY_WIRE_OPERATE_H

#include "config/settings/settings.h"
#include "relay/gateway/gateway.h"

MUST_USE enum fault wire_operate(const struct settings *s, struct gateway *g,
				 struct problem *problem);

#endif
