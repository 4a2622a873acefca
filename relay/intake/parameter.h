/*
 * NAME     parameter - the `; name=value` tail of Content-Type, Content-Disposition and Prefer
 * SEE      RFC 9110 5.6.6; a quoted value is given without its quotes, its escapes untouched
 */
#ifndef RELAY_INTAKE_PARAMETER_H
#define RELAY_INTAKE_PARAMETER_H

#include "spool-free/base/slice.h"

struct parameter {
	struct slice name;
	struct slice value;
	bool is_quoted;
};

enum parameter_step { PARAMETER_END, PARAMETER_ONE, PARAMETER_BAD };

/* The word before the first ';', without blanks; `rest` goes on at that ';'. */
struct slice parameter_head(struct slice *rest);
/* One parameter off the front of `rest`. */
MUST_USE enum parameter_step parameter_next(struct slice *rest, struct parameter *out_parameter);

#endif
