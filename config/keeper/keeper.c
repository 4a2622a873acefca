#include "config/keeper/keeper.h"

#include <errno.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "spool-free/base/event.h"
#include "spool-free/base/instant.h"
#include "spool-free/base/local_socket.h"
#include "spool-free/base/stack.h"
#include "spool-free/base/wipe.h"
#include "config/keeper/held.h"

enum {
	STOP = 0, /* places in what is polled */
	LISTENER,
	RELOAD,
	FIRST_PEER,
	CHUNK = 4096,
};

/* A connection: one request is read, its answer is written, then the next one is read. */
struct peer {
	int fd;
	struct wire_frame in;
	struct secret *out;
	size_t out_at;
};

struct keeper {
	const struct keeper_params *params;
	struct held held;
	int listener;
	bool bound; /* the socket's name is ours to remove */
	struct peer peers[KEEPER_PEERS];
	size_t peer_count;
	struct instant alive_due;
};

bool keeper_peer_is_allowed(uid_t peer, uid_t own, const struct keeper_params *params)
{
	return peer == own || peer == 0 || (params->has_peer && peer == params->peer);
}

/* --- the socket ------------------------------------------------------------------------------------ */

static enum fault open_listener(struct keeper *k, struct problem *p)
{
	/* Who may ask is decided by the peer's user; the mode only lets that user reach the question. */
	const struct local_socket socket = {.path = k->params->socket_path,
					    .whose = "keeper",
					    .mode = k->params->has_peer ? 0666 : 0600};
	if (socket.path == NULL) {
		k->listener = k->params->listen_fd;
		return FAULT_NONE;
	}
	enum fault f = local_socket_listen(&socket, &k->listener, p);
	k->bound = f == FAULT_NONE;
	return f;
}

/* --- peers ------------------------------------------------------------------------------------------ */

static void drop_peer(struct keeper *k, size_t index)
{
	struct peer *gone = &k->peers[index];
	close(gone->fd);
	wire_frame_deinit(&gone->in);
	secret_free(&gone->out);
	k->peer_count--;
	k->peers[index] = k->peers[k->peer_count];
	k->peers[k->peer_count] = (struct peer){.fd = -1};
}

static void accept_peer(struct keeper *k)
{
	uid_t who;
	int fd = accept4(k->listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	if (fd < 0) {
		return;
	}
	if (!local_socket_peer(fd, &who)) {
		close(fd);
		return;
	}
	if (!keeper_peer_is_allowed(who, geteuid(), k->params)) {
		event_log(EVENT_KEEPER_STRANGER, EVENT_NUMBER("uid", who));
		close(fd);
		return;
	}
	struct peer *peer = &k->peers[k->peer_count++];
	*peer = (struct peer){.fd = fd};
	wire_frame_init(&peer->in, WIRE_REQUEST_MAX);
}

/* False: the connection is over. */
static bool flush(struct peer *peer)
{
	while (peer->out != NULL) {
		struct slice rest = slice_skip(secret_view(peer->out), peer->out_at);
		ssize_t n = send(peer->fd, rest.ptr, rest.len, MSG_NOSIGNAL);
		if (n < 0) {
			return errno == EAGAIN || errno == EINTR;
		}
		peer->out_at += (size_t)n;
		if ((size_t)n == rest.len) {
			secret_free(&peer->out);
		}
	}
	return true;
}

static bool answer(struct keeper *k, struct peer *peer)
{
	if (held_answer(&k->held, &peer->in, &peer->out) != FAULT_NONE) {
		return false;
	}
	peer->out_at = 0;
	wire_frame_deinit(&peer->in);
	return flush(peer);
}

static void wipe_chunk(char (*chunk)[CHUNK])
{
	wipe(*chunk, CHUNK);
}

static bool hear(struct keeper *k, struct peer *peer)
{
	CLEANUP(wipe_chunk) char chunk[CHUNK];
	ssize_t n = recv(peer->fd, chunk, CHUNK, 0);
	if (n <= 0) {
		return n < 0 && (errno == EAGAIN || errno == EINTR);
	}
	struct slice bytes = slice_of(chunk, (size_t)n);
	/* A peer waits for its answer: whoever says more speaks another protocol. */
	if (wire_frame_feed(&peer->in, &bytes) != FAULT_NONE || bytes.len > 0) {
		return false;
	}
	return !wire_frame_is_whole(&peer->in) || answer(k, peer);
}

/* Backwards, since a dropped peer's place is taken by the last one. */
static void serve_peers(struct keeper *k, const struct pollfd *polled)
{
	for (size_t i = k->peer_count; i > 0; i--) {
		struct peer *peer = &k->peers[i - 1];
		short got = polled[FIRST_PEER + i - 1].revents;
		if (got == 0) {
			continue;
		}
		bool goes_on = peer->out != NULL ? flush(peer) : hear(k, peer);
		if (!goes_on || ((got & (POLLHUP | POLLERR)) != 0 && (got & POLLIN) == 0)) {
			drop_peer(k, i - 1);
		}
	}
}

static size_t fill_polls(const struct keeper *k, struct pollfd *polled)
{
	const struct keeper_params *p = k->params;
	polled[STOP] = (struct pollfd){.fd = p->stop_fd, .events = POLLIN};
	polled[LISTENER] = (struct pollfd){.fd = k->peer_count < KEEPER_PEERS ? k->listener : -1,
					   .events = POLLIN};
	polled[RELOAD] = (struct pollfd){.fd = p->reload != NULL ? p->reload_fd : -1,
					 .events = POLLIN};
	for (size_t i = 0; i < k->peer_count; i++) {
		polled[FIRST_PEER + i] = (struct pollfd){
			.fd = k->peers[i].fd,
			.events = k->peers[i].out != NULL ? POLLOUT : POLLIN,
		};
	}
	return FIRST_PEER + k->peer_count;
}

static void tell_ready(const struct keeper *k)
{
	event_log(EVENT_KEEPER_UP, EVENT_NUMBER("generation", vault_generation(k->held.vault)));
	if (k->params->ready_fd >= 0 && write(k->params->ready_fd, "1", 1) != 1) {
		event_log(EVENT_KEEPER_UP, EVENT_FAULT(FAULT_SYSTEM));
	}
}

/* What was asked for several times by now is done once. */
static void reload(struct keeper *k)
{
	const struct keeper_params *p = k->params;
	char waste[CHUNK];
	ssize_t n = read(p->reload_fd, waste, sizeof(waste));
	if (n > 0) {
		held_reload(&k->held, p->reload(p->reload_ctx, k->held.retention_ms));
	}
}

static int wait_ms(const struct keeper *k)
{
	int idle = held_idle_ms(&k->held);
	uint64_t every = k->params->alive_every_ms;
	return k->params->alive != NULL && every < (uint64_t)idle ? (int)every : idle;
}

static void tell_alive(struct keeper *k)
{
	const struct keeper_params *p = k->params;
	struct instant now = instant_now();
	if (p->alive != NULL && instant_is_past(k->alive_due, now)) {
		p->alive(p->alive_ctx);
		k->alive_due = instant_after(now, p->alive_every_ms);
	}
}

static enum fault serve(struct keeper *k, struct problem *p)
{
	struct pollfd polled[FIRST_PEER + KEEPER_PEERS];
	tell_ready(k);
	for (;;) {
		tell_alive(k);
		size_t count = fill_polls(k, polled);
		int n = poll(polled, count, wait_ms(k));
		if (n < 0 && errno != EINTR) {
			return problem_set_errno(p, FAULT_SYSTEM,
						 "The keeper cannot wait for requests");
		}
		if (n > 0 && polled[STOP].revents != 0) {
			return FAULT_NONE;
		}
		if (n > 0 && polled[RELOAD].revents != 0) {
			reload(k);
		}
		if (n > 0) {
			serve_peers(k, polled);
			stack_wipe();
		}
		if (n > 0 && polled[LISTENER].revents != 0) {
			accept_peer(k);
		}
		held_keep_house(&k->held);
	}
}

static void close_keeper(struct keeper *k)
{
	while (k->peer_count > 0) {
		drop_peer(k, k->peer_count - 1);
	}
	held_close(&k->held);
	if (k->bound) {
		unlink(k->params->socket_path);
	}
	if (k->params->socket_path != NULL && k->listener >= 0) {
		close(k->listener);
	}
}

enum fault keeper_run(const struct keeper_params *params, struct problem *p)
{
	struct keeper k = {
		.params = params,
		.held = {.path = params->vault_path,
			 .unlock = params->unlock,
			 .retention_ms = params->retention_ms},
		.listener = -1,
	};
	enum fault f = held_open(&k.held, p);
	if (f == FAULT_NONE) {
		f = open_listener(&k, p);
	}
	if (f == FAULT_NONE && params->confine != NULL) {
		f = params->confine(params->confine_ctx);
	}
	if (f == FAULT_NONE) {
		f = serve(&k, p);
		event_log(EVENT_STOP, EVENT_FAULT(f));
	}
	close_keeper(&k);
	return f;
}
