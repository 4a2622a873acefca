/*
 * NAME     route - which resource a request asks for; a new resource is one row of the table
 * SEE      design.md section 6; RFC 9110 15.5.6 (405 names the methods that are allowed)
 * FAULTS   NOT_FOUND, METHOD
 */
#ifndef RELAY_INTAKE_ROUTE_H
#define RELAY_INTAKE_ROUTE_H

#include "relay/intake/http_head.h"
#include "relay/intake/intake.h"

/* What a request's body is read as. */
enum route_body {
	ROUTE_BODY_NONE,
	ROUTE_BODY_JOB,	  /* upload.h */
	ROUTE_BODY_CHECK, /* checkspec.h; there need not be any */
};

struct route {
	enum intake_route name;
	enum route_body body;
	struct slice id; /* what stands for {id}; points into the path */
};

enum { ROUTE_ALLOW_MAX = 64 };

/* HEAD is answered where GET is. On METHOD `allow` is what the answer's Allow field says. */
MUST_USE enum fault route_find(enum http_method method, struct slice path, struct route *out_route,
			       struct buf *allow);

#endif
