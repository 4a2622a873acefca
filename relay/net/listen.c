#include "relay/net/listen.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
	ACCEPTS_A_ROUND = 64, /* then the other descriptors get their turn */
	REST_MS = 100,	      /* without free descriptors or memory: until some were given back */
};

struct listener {
	struct loop_watch *watch;
	struct loop_timer *rest;
	int fd;
	listener_fn *fn;
	void *owner;
	bool paused;
	bool *gone; /* set by listener_free() inside the owner's function */
};

static void on_rest_over(void *ctx)
{
	struct listener *l = ctx;
	loop_watch_set(l->watch, !l->paused, false);
}

static void on_readable(void *ctx, bool readable, bool writable)
{
	(void)readable;
	(void)writable;
	struct listener *l = ctx;
	bool gone = false;
	l->gone = &gone;
	for (int i = 0; i < ACCEPTS_A_ROUND && !l->paused; i++) {
		struct address peer = {.len = sizeof(peer.sockaddr)};
		int fd = accept4(l->fd, (struct sockaddr *)&peer.sockaddr, &peer.len,
				 SOCK_NONBLOCK | SOCK_CLOEXEC);
		if (fd >= 0) {
			l->fn(l->owner, fd, &peer);
			if (gone) {
				return;
			}
			continue;
		}
		if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
			loop_watch_set(l->watch, false, false);
			loop_timer_set(l->rest, REST_MS);
		}
		if (errno != ECONNABORTED && errno != EINTR) {
			break;
		}
	}
	l->gone = NULL;
}

enum fault listener_adopt(struct loop *l, int fd, listener_fn *fn, void *owner,
			  struct listener **out_listener)
{
	struct listener *made = calloc(1, sizeof(*made));
	if (made == NULL) {
		close(fd);
		return FAULT_NO_MEMORY;
	}
	*made = (struct listener){.fd = fd, .fn = fn, .owner = owner};
	fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
	CLEANUP(listener_free) struct listener *listener = made;
	enum fault f = loop_watch_new(l, fd, on_readable, made, &made->watch);
	if (f == FAULT_NONE) {
		f = loop_timer_new(l, on_rest_over, made, &made->rest);
	}
	if (f != FAULT_NONE) {
		return f;
	}
	loop_watch_set(made->watch, true, false);
	*out_listener = STEAL(listener);
	return FAULT_NONE;
}

static bool parse_address(const struct listener_params *params, struct address *out_address)
{
	struct sockaddr_in v4 = {.sin_family = AF_INET, .sin_port = htons(params->port)};
	struct sockaddr_in6 v6 = {.sin6_family = AF_INET6, .sin6_port = htons(params->port)};
	*out_address = (struct address){0};
	if (inet_pton(AF_INET, params->address, &v4.sin_addr) == 1) {
		memcpy(&out_address->sockaddr, &v4, sizeof(v4));
		out_address->len = sizeof(v4);
		return true;
	}
	if (inet_pton(AF_INET6, params->address, &v6.sin6_addr) == 1) {
		memcpy(&out_address->sockaddr, &v6, sizeof(v6));
		out_address->len = sizeof(v6);
		return true;
	}
	return false;
}

static bool bind_and_listen(int fd, const struct address *at, bool shared)
{
	const int on = 1;
	const int off = 0;
	if (at->sockaddr.ss_family == AF_INET6) {
		setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof(off));
	}
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (shared && setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &on, sizeof(on)) != 0) {
		return false;
	}
	return bind(fd, (const struct sockaddr *)&at->sockaddr, at->len) == 0 &&
	       listen(fd, SOMAXCONN) == 0;
}

static enum fault refused(struct problem *problem, uint16_t port)
{
	const char *why = "The system refused to listen";
	if (errno == EADDRINUSE) {
		why = "Another program listens already";
	} else if (errno == EADDRNOTAVAIL) {
		why = "This machine has no such address to listen on";
	} else if (errno == EACCES) {
		why = "Listening on a port below 1024 needs a privilege or a socket unit";
	}
	enum fault f = problem_set(problem, FAULT_SYSTEM, why);
	problem_add(problem, " (port ");
	problem_add_number(problem, port);
	problem_add(problem, ").");
	return f;
}

enum fault listener_new(struct loop *l, const struct listener_params *params, listener_fn *fn,
			void *owner, struct listener **out_listener, struct problem *problem)
{
	struct address at;
	if (!parse_address(params, &at)) {
		return problem_set(problem, FAULT_SYSTEM,
				   "The address to listen on must be an IPv4 or IPv6 address.");
	}
	int fd = socket(at.sockaddr.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd < 0) {
		return refused(problem, params->port);
	}
	if (!bind_and_listen(fd, &at, params->shared)) {
		enum fault f = refused(problem, params->port);
		close(fd);
		return f;
	}
	enum fault f = listener_adopt(l, fd, fn, owner, out_listener);
	return f == FAULT_NONE ? f : problem_set(problem, f, "");
}

uint16_t listener_port(const struct listener *l)
{
	struct sockaddr_storage at = {0};
	socklen_t len = sizeof(at);
	if (getsockname(l->fd, (struct sockaddr *)&at, &len) != 0) {
		return 0;
	}
	/* Both families keep the port at the same place (RFC 3493 3.3). */
	return at.ss_family == AF_INET || at.ss_family == AF_INET6
		       ? ntohs(((const struct sockaddr_in *)&at)->sin_port)
		       : 0;
}

void listener_pause(struct listener *l, bool paused)
{
	l->paused = paused;
	loop_timer_cancel(l->rest);
	loop_watch_set(l->watch, !paused, false);
}

void listener_free(struct listener **listener)
{
	struct listener *l = *listener;
	if (l == NULL) {
		return;
	}
	*listener = NULL;
	if (l->gone != NULL) {
		*l->gone = true;
	}
	loop_watch_free(&l->watch);
	loop_timer_free(&l->rest);
	close(l->fd);
	free(l);
}
