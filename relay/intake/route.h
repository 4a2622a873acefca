/*
 * NAME     route - which resource a request asks for, and with what token; a new resource is one row of the table
 * NAMES    the segment that names a thing: of a mail server letters and digits, of a space whatever its key may hold, where
 *          percent-encoding is taken back. What cannot be such a name is NOT_FOUND, with `hint` for who mistyped it
 * SEE      design.md section 6; RFC 9110 15.5.6 (405 names the methods that are allowed); RFC 3986 2.1, 2.3
 * FAULTS   NOT_FOUND, METHOD
 */
#ifndef RELAY_INTAKE_ROUTE_H
#define RELAY_INTAKE_ROUTE_H

#include "relay/intake/http_head.h"
#include "relay/intake/intake.h"

/* What a request's body is read as. */
enum route_body {
	ROUTE_BODY_NONE,
	ROUTE_BODY_JOB,	   /* upload.h */
	ROUTE_BODY_CHECK,  /* checkspec.h; there need not be any */
	ROUTE_BODY_RECORD, /* recordspec.h */
};

enum { ROUTE_ALLOW_MAX = 64, ROUTE_NAME_MAX = JOB_NAME_MAX };

/* May not be moved: `id` may point into it. */
struct route {
	enum intake_route name;
	enum route_body body;
	enum intake_scope scope;
	enum keeper_kind kind; /* of a route to records */
	struct slice id;       /* what stands for {id} */
	const char
		*hint; /* NOT_FOUND: what the name must be; NULL: nothing is known of such a path */
	char decoded[ROUTE_NAME_MAX];
};

/* HEAD is answered where GET is. On METHOD `allow` is what the answer's Allow field says; else it is empty. */
MUST_USE enum fault route_find(enum http_method method, struct slice path, struct route *out_route,
			       struct buf *allow);

#endif
