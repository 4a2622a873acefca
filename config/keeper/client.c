#include "config/keeper/client.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include "spool-free/base/instant.h"
#include "spool-free/base/wipe.h"
#include "spool-free/lockdown/selfcheck.h"
#include "config/keeper/client_inside.h"

enum { RETRY_PAUSE_MS = 20, CHUNK = 4096, TRIES = 2 };

struct keeper_client {
	struct sockaddr_un address;
	uint64_t timeout_ms;
	int fd;
};

enum fault keeper_client_new(struct slice socket_path, uint64_t timeout_ms,
			     struct keeper_client **out_client)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	if (socket_path.len == 0 || socket_path.len >= sizeof(address.sun_path)) {
		return FAULT_BAD_SETTING;
	}
	memcpy(address.sun_path, socket_path.ptr, socket_path.len);
	struct keeper_client *c = malloc(sizeof(*c));
	if (c == NULL) {
		return FAULT_NO_MEMORY;
	}
	*c = (struct keeper_client){.address = address, .timeout_ms = timeout_ms, .fd = -1};
	*out_client = c;
	return FAULT_NONE;
}

static void hang_up(struct keeper_client *c)
{
	if (c->fd >= 0) {
		close(c->fd);
		c->fd = -1;
	}
}

void keeper_client_free(struct keeper_client **c)
{
	if (*c != NULL) {
		hang_up(*c);
		free(*c);
		*c = NULL;
	}
}

/* --- the stream ---------------------------------------------------------------------------------
 */

/*
 * The socket blocks, with the timeout as the kernel's: a poll before each read would cost more than the
 * keeper's work. A whole question is bounded by the deadline as well, up to one such wait past it.
 */
static enum fault open_socket(const struct keeper_client *c, int *out_fd)
{
	uint64_t ms = c->timeout_ms > 0 ? c->timeout_ms : 1; /* the kernel reads 0 as for ever */
	struct timeval wait = {.tv_sec = (time_t)(ms / 1000),
			       .tv_usec = (suseconds_t)(ms % 1000 * 1000)};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0) {
		return FAULT_SYSTEM;
	}
	if (setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof(wait)) != 0 ||
	    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &wait, sizeof(wait)) != 0) {
		close(fd);
		return FAULT_SYSTEM;
	}
	*out_fd = fd;
	return FAULT_NONE;
}

/* A keeper that is being restarted is waited for: its socket is missing, or refuses, for a moment. */
static enum fault dial(struct keeper_client *c, struct instant deadline)
{
	for (;;) {
		int fd;
		enum fault f = open_socket(c, &fd);
		if (f != FAULT_NONE) {
			return f;
		}
		if (connect(fd, (const struct sockaddr *)&c->address, sizeof(c->address)) == 0) {
			c->fd = fd;
			return FAULT_NONE;
		}
		close(fd);
		uint64_t left = instant_left_ms(deadline, instant_now());
		if (left == 0) {
			return FAULT_KEEPER_DOWN;
		}
		poll(NULL, 0, left < RETRY_PAUSE_MS ? (int)left : RETRY_PAUSE_MS);
	}
}

static enum fault say(struct keeper_client *c, struct slice frame)
{
	while (frame.len > 0) {
		ssize_t n = send(c->fd, frame.ptr, frame.len, MSG_NOSIGNAL);
		if (n < 0 && errno != EINTR) {
			return FAULT_KEEPER_DOWN;
		}
		frame = slice_skip(frame, n > 0 ? (size_t)n : 0);
	}
	return FAULT_NONE;
}

static void wipe_chunk(char (*chunk)[CHUNK])
{
	wipe(*chunk, CHUNK);
}

static enum fault hear(struct keeper_client *c, struct wire_frame *w, struct instant deadline)
{
	CLEANUP(wipe_chunk) char chunk[CHUNK];
	while (!wire_frame_is_whole(w)) {
		ssize_t n = recv(c->fd, chunk, CHUNK, 0);
		if (n == 0 || (n < 0 && errno != EINTR)) {
			return FAULT_KEEPER_DOWN;
		}
		struct slice bytes = slice_of(chunk, n > 0 ? (size_t)n : 0);
		enum fault f = wire_frame_feed(w, &bytes);
		if (f != FAULT_NONE || bytes.len > 0) {
			return f != FAULT_NONE ? f : FAULT_KEEPER_PROTOCOL;
		}
		if (!wire_frame_is_whole(w) && instant_is_past(deadline, instant_now())) {
			return FAULT_KEEPER_DOWN;
		}
	}
	return FAULT_NONE;
}

/* A keeper that ended has closed its side: then there is something to read, and it is the end. */
static bool is_alive(const struct keeper_client *c)
{
	char byte;
	return recv(c->fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) < 0 && errno == EAGAIN;
}

static enum fault exchange(struct keeper_client *c, struct slice frame, struct wire_frame *w,
			   struct instant deadline)
{
	enum fault f = c->fd >= 0 ? FAULT_NONE : dial(c, deadline);
	if (f == FAULT_NONE) {
		f = say(c, frame);
	}
	if (f == FAULT_NONE) {
		f = hear(c, w, deadline);
	}
	return f;
}

/* A refusal may come with a sentence. */
static enum fault read_answer(const struct wire_frame *w, struct wire_message *out_answer,
			      struct problem *p)
{
	enum fault f = wire_frame_read(w, out_answer);
	if (f == FAULT_NONE) {
		f = wire_result_fault(out_answer->code);
	}
	if (f != FAULT_NONE && out_answer->count == 1 && p != NULL) {
		problem_set_text(p, f, out_answer->fields[0]);
	}
	return f;
}

/*
 * A question is asked once more over a new connection when a kept one turns out to be dead: that does no harm. A change
 * may have been made before its connection broke, so that it is begun anew only while nothing was heard of a dead one.
 */
static enum fault ask(struct keeper_client *c, const struct wire_message *request,
		      struct wire_frame *w, struct wire_message *out_answer, struct problem *p)
{
	CLEANUP(secret_free) struct secret *frame = NULL;
	struct instant deadline = instant_after(instant_now(), c->timeout_ms);
	enum fault f = wire_write(request, WIRE_REQUEST_MAX, &frame);
	if (f != FAULT_NONE) {
		return f;
	}
	if (client_is_change(request->code) && c->fd >= 0 && !is_alive(c)) {
		hang_up(c);
	}
	int tries = client_is_change(request->code) ? 1 : TRIES;
	f = FAULT_KEEPER_DOWN;
	*out_answer = (struct wire_message){0};
	for (int i = 0; i < tries && f == FAULT_KEEPER_DOWN; i++) {
		bool was_kept = c->fd >= 0;
		wire_frame_deinit(w);
		f = exchange(c, secret_view(frame), w, deadline);
		if (f != FAULT_NONE) {
			hang_up(c);
		}
		if (!was_kept || instant_is_past(deadline, instant_now())) {
			break;
		}
	}
	return f == FAULT_NONE ? read_answer(w, out_answer, p) : f;
}

enum fault client_ask(struct keeper_client *c, const struct wire_message *request,
		      struct wire_frame *w, struct wire_message *out_answer, struct problem *p)
{
	wire_frame_init(w, WIRE_ANSWER_MAX);
	return ask(c, request, w, out_answer, p);
}

/* --- the questions ---------------------------------------------------------------------------------- */

enum fault keeper_ping(struct keeper_client *c, uint64_t *out_generation)
{
	CLEANUP(wire_frame_deinit) struct wire_frame w;
	struct wire_message request = {.code = WIRE_PING};
	struct wire_message answer;
	enum fault f = client_ask(c, &request, &w, &answer, NULL);
	if (f != FAULT_NONE) {
		return f;
	}
	if (answer.count != 1 || answer.fields[0].len != sizeof(*out_generation)) {
		return FAULT_KEEPER_PROTOCOL;
	}
	*out_generation = wire_get_number(answer.fields[0]);
	return FAULT_NONE;
}

enum fault keeper_probe(struct keeper_client *c, struct slice folder, struct selfcheck *out_found)
{
	CLEANUP(wire_frame_deinit) struct wire_frame w;
	struct wire_message request = {.code = WIRE_PROBE, .count = 1, .fields = {folder}};
	struct wire_message answer;
	enum fault f = client_ask(c, &request, &w, &answer, NULL);
	if (f != FAULT_NONE) {
		return f;
	}
	return answer.count == 1 && selfcheck_read(answer.fields[0], out_found) == FAULT_NONE
		       ? FAULT_NONE
		       : FAULT_KEEPER_PROTOCOL;
}

enum fault keeper_find_caller(struct keeper_client *c,
			      const unsigned char token_hash[KEEPER_TOKEN_HASH],
			      struct keeper_caller *out_caller)
{
	CLEANUP(wire_frame_deinit) struct wire_frame w;
	struct wire_message answer;
	struct wire_message request = {
		.code = WIRE_FIND_CALLER,
		.count = 1,
		.fields = {slice_of(token_hash, KEEPER_TOKEN_HASH)},
	};
	enum fault f = client_ask(c, &request, &w, &answer, NULL);
	if (f != FAULT_NONE) {
		return f;
	}
	if (answer.count != 2 || answer.fields[0].len == 0 ||
	    answer.fields[0].len > TENANT_ID_MAX || answer.fields[1].len != 1) {
		return FAULT_KEEPER_PROTOCOL;
	}
	unsigned flags = (unsigned char)answer.fields[1].ptr[0];
	*out_caller = (struct keeper_caller){
		.tenant_len = answer.fields[0].len,
		.may_send = (flags & WIRE_MAY_SEND) != 0,
		.may_administer = (flags & WIRE_MAY_ADMINISTER) != 0,
		.is_uninstalled = (flags & WIRE_IS_UNINSTALLED) != 0,
	};
	memcpy(out_caller->tenant, answer.fields[0].ptr, answer.fields[0].len);
	return FAULT_NONE;
}
