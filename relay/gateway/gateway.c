#include "relay/gateway/gateway.h"

struct lane *gateway_lane_of(struct gateway *g, struct slice tenant)
{
	uint32_t hash = 2166136261U; /* FNV-1a: even enough for ids that an operator gives out */
	for (size_t i = 0; i < tenant.len; i++) {
		hash = (hash ^ (unsigned char)tenant.ptr[i]) * 16777619U;
	}
	return &g->lanes[hash % g->lane_count];
}
