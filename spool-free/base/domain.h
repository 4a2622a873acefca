/*
 * NAME     domain - names of hosts, as far as one lies below another
 * RULE     pure; ASCII letters alike in both cases, a host's last dot (that of the root) counts for nothing
 * SEE      RFC 1034 3.1
 */
#ifndef SPOOL_FREE_BASE_DOMAIN_H
#define SPOOL_FREE_BASE_DOMAIN_H

#include "spool-free/base/slice.h"

/* The domain itself, or a name below it; nothing is within the empty one. */
bool domain_holds(struct slice domain, struct slice host);

#endif
