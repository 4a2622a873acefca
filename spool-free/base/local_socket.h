/*
 * NAME     local_socket - a UNIX socket with a name in a folder: made to listen, or connected to
 * RULE     a name behind which nobody listens is left over from a process that was killed, and is taken; a live one never is
 * OWNS     nothing: the descriptor is the caller's, and so is the name, to remove at the end
 * FAULTS   SYSTEM with a sentence
 * LIMIT    LOCAL_SOCKET_PATH_MAX bytes a path (unix(7))
 */
#ifndef SPOOL_FREE_BASE_LOCAL_SOCKET_H
#define SPOOL_FREE_BASE_LOCAL_SOCKET_H

#include <sys/types.h>

#include "spool-free/base/problem.h"

enum { LOCAL_SOCKET_PATH_MAX = 107 };

struct local_socket {
	const char *path;
	const char *whose; /* "keeper", for the sentences */
	mode_t mode;
};

/* Non-blocking, closed at exec. */
MUST_USE enum fault local_socket_listen(const struct local_socket *s, int *out_fd,
					struct problem *p);
/* Blocking, closed at exec. */
MUST_USE enum fault local_socket_connect(const struct local_socket *s, int *out_fd,
					 struct problem *p);

/* The user at the other end of a connection, as the kernel knows it. */
MUST_USE bool local_socket_peer(int fd, uid_t *out_uid);

#endif
