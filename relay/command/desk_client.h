/*
 * NAME     desk_client - asks a running gateway at its desk: one request over its UNIX socket, one answer
 * OWNS     the answer's body; desk_client_answer_deinit() frees it
 * LIMIT    DESK_CLIENT_ANSWER_MAX bytes; DESK_CLIENT_MS in which the gateway says nothing
 * FAULTS   SYSTEM (nobody answers there, or by other than HTTP), TOO_LARGE, NO_MEMORY; of an answer with a status from 400 on
 *          the fault that it names. Each with a sentence
 */
#ifndef RELAY_COMMAND_DESK_CLIENT_H
#define RELAY_COMMAND_DESK_CLIENT_H

#include "spool-free/base/buf.h"
#include "spool-free/base/problem.h"

enum { DESK_CLIENT_ANSWER_MAX = 16 * 1024 * 1024, DESK_CLIENT_MS = 120 * 1000 };

struct desk_client_answer {
	int status;
	struct slice body; /* points into `bytes` */
	struct buf bytes;
};

/* `path` begins with a slash and may have a query; `body` may be empty. */
MUST_USE enum fault desk_ask(const char *socket_path, const char *method, const char *path,
			     struct slice body, struct desk_client_answer *out_answer,
			     struct problem *problem);
void desk_client_answer_deinit(struct desk_client_answer *a); /* an all-zero one is empty */

#endif
