/*
 * NAME     status_show - a gateway's status as lines for people
 * PURE     the size of the terminal, and the status before, are arguments
 */
#ifndef RELAY_COMMAND_STATUS_SHOW_H
#define RELAY_COMMAND_STATUS_SHOW_H

#include "spool-free/base/buf.h"
#include "relay/command/status_read.h"

struct status_view {
	const struct status *before; /* NULL: no rates are known */
	uint64_t between_ms;	     /* that one and this */
	unsigned columns;	     /* 0: lines are as long as they are */
	unsigned rows;		     /* 0: all */
	bool bold;		     /* heads stand out */
	struct slice trouble;	     /* why there is nothing newer; empty: there is */
};

MUST_USE enum fault status_show(const struct status *s, const struct status_view *view,
				struct buf *into);

#endif
