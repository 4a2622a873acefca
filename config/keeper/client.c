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
#include "config/keeper/wire.h"

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

/*
 * Asks, and asks once more over a new connection when a kept one turns out to be dead: every
 * request only reads, so that asking twice does no harm.
 */
static enum fault ask(struct keeper_client *c, const struct wire_message *request,
		      struct wire_frame *w, struct wire_message *out_answer)
{
	CLEANUP(secret_free) struct secret *frame = NULL;
	struct instant deadline = instant_after(instant_now(), c->timeout_ms);
	enum fault f = wire_write(request, WIRE_REQUEST_MAX, &frame);
	if (f != FAULT_NONE) {
		return f == FAULT_TOO_LARGE ? FAULT_NOT_FOUND : f; /* no name is that long */
	}
	f = FAULT_KEEPER_DOWN;
	for (int i = 0; i < TRIES && f == FAULT_KEEPER_DOWN; i++) {
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
	if (f != FAULT_NONE) {
		return f;
	}
	f = wire_frame_read(w, out_answer);
	if (f == FAULT_NONE) {
		f = wire_result_fault(out_answer->code);
	}
	return f;
}

/* --- the questions
 * -------------------------------------------------------------------------------- */

enum fault keeper_ping(struct keeper_client *c, uint64_t *out_generation)
{
	CLEANUP(wire_frame_deinit) struct wire_frame w;
	struct wire_message request = {.code = WIRE_PING};
	struct wire_message answer;
	wire_frame_init(&w, WIRE_ANSWER_MAX);
	enum fault f = ask(c, &request, &w, &answer);
	if (f != FAULT_NONE) {
		return f;
	}
	if (answer.count != 1 || answer.fields[0].len != sizeof(*out_generation)) {
		return FAULT_KEEPER_PROTOCOL;
	}
	*out_generation = wire_get_number(answer.fields[0]);
	return FAULT_NONE;
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
	wire_frame_init(&w, WIRE_ANSWER_MAX);
	enum fault f = ask(c, &request, &w, &answer);
	if (f != FAULT_NONE) {
		return f;
	}
	if (answer.count != 1 || answer.fields[0].len == 0 ||
	    answer.fields[0].len > TENANT_ID_MAX) {
		return FAULT_KEEPER_PROTOCOL;
	}
	memcpy(out_caller->tenant, answer.fields[0].ptr, answer.fields[0].len);
	out_caller->tenant_len = answer.fields[0].len;
	return FAULT_NONE;
}

/* The fields into the arena, in place of those in the frame; what is secret is not kept. */
static enum fault keep_fields(struct slice *fields, size_t count, bool (*is_secret)(size_t at),
			      struct arena *arena)
{
	for (size_t i = 0; i < count; i++) {
		struct slice copy = {0};
		bool is_kept = fields[i].len > 0 && (is_secret == NULL || !is_secret(i));
		enum fault f = is_kept ? arena_copy(arena, fields[i], &copy) : FAULT_NONE;
		if (f != FAULT_NONE) {
			return f;
		}
		fields[i] = copy;
	}
	return FAULT_NONE;
}

static enum fault read_tenant(struct slice *fields, struct arena *arena,
			      struct keeper_tenant *out_tenant)
{
	enum fault f = keep_fields(fields, WIRE_TENANT_FIELDS, NULL, arena);
	if (f == FAULT_NONE) {
		*out_tenant = (struct keeper_tenant){
			.subject_prefix = fields[WIRE_SUBJECT_PREFIX],
			.from_address = fields[WIRE_TENANT_FROM_ADDRESS],
			.from_name = fields[WIRE_TENANT_FROM_NAME],
			.button_label = fields[WIRE_BUTTON_LABEL],
		};
	}
	return f;
}

enum fault keeper_get_tenant(struct keeper_client *c, struct slice tenant, struct arena *arena,
			     struct keeper_tenant *out_tenant)
{
	CLEANUP(wire_frame_deinit) struct wire_frame w;
	struct wire_message answer;
	struct wire_message request = {.code = WIRE_GET_TENANT, .count = 1, .fields = {tenant}};
	wire_frame_init(&w, WIRE_ANSWER_MAX);
	enum fault f = ask(c, &request, &w, &answer);
	if (f != FAULT_NONE) {
		return f;
	}
	if (answer.count != WIRE_TENANT_FIELDS) {
		return FAULT_KEEPER_PROTOCOL;
	}
	return read_tenant(answer.fields, arena, out_tenant);
}

void keeper_server_deinit(struct keeper_server *s)
{
	secret_free(&s->password);
	secret_free(&s->oauth.secret);
	secret_free(&s->oauth.refresh);
	for (size_t i = 0; i < SERVER_DKIM_MAX; i++) {
		secret_free(&s->dkim[i].key);
	}
}

static bool is_server(const struct slice *fields)
{
	size_t pins = fields[WIRE_PINS].len;
	for (size_t i = WIRE_DKIM; i < WIRE_SERVER_FIELDS; i += 3) {
		if ((fields[i].len > 0) != (fields[i + 2].len > 0)) {
			return false;
		}
	}
	return fields[WIRE_PORT].len == 2 && fields[WIRE_TLS].len == 1 &&
	       (unsigned char)fields[WIRE_TLS].ptr[0] <= TLS_IMPLICIT &&
	       fields[WIRE_HAS_PASSWORD].len == 1 && fields[WIRE_IS_OPERATORS].len == 1 &&
	       fields[WIRE_OAUTH_FLOW].len == 1 &&
	       (unsigned char)fields[WIRE_OAUTH_FLOW].ptr[0] <= OAUTH_REFRESH_TOKEN &&
	       fields[WIRE_LIMITS].len == WIRE_LIMITS_LEN && pins % SERVER_PIN == 0 &&
	       pins <= (size_t)SERVER_PINS_MAX * SERVER_PIN;
}

static bool is_secret_field(size_t at)
{
	return at == WIRE_PASSWORD || at == WIRE_OAUTH_SECRET || at == WIRE_OAUTH_REFRESH ||
	       (at >= WIRE_DKIM && (at - WIRE_DKIM) % 3 == 2);
}

static enum fault take_secret(struct slice field, struct secret **out_secret)
{
	return field.len > 0 ? secret_new(field, out_secret) : FAULT_NONE;
}

static enum fault read_secrets(const struct slice *fields, struct keeper_server *s)
{
	enum fault f = FAULT_NONE;
	if (fields[WIRE_HAS_PASSWORD].ptr[0] != 0) {
		f = secret_new(fields[WIRE_PASSWORD], &s->password);
	}
	if (f == FAULT_NONE) {
		f = take_secret(fields[WIRE_OAUTH_SECRET], &s->oauth.secret);
	}
	if (f == FAULT_NONE) {
		f = take_secret(fields[WIRE_OAUTH_REFRESH], &s->oauth.refresh);
	}
	for (size_t i = 0; i < SERVER_DKIM_MAX && f == FAULT_NONE; i++) {
		struct slice key = fields[WIRE_DKIM + 3 * i + 2];
		f = take_secret(key, &s->dkim[s->dkim_count].key);
		s->dkim_count += f == FAULT_NONE && key.len > 0;
	}
	return f;
}

/* Behind read_secrets(), which counted the keys that there are. */
static void read_texts(const struct slice *fields, struct keeper_server *s)
{
	uint32_t limits[WIRE_LIMITS_LEN / WIRE_NUMBER] = {0};
	size_t keys = 0;
	for (size_t i = 0; i < COUNT_OF(limits); i++) {
		struct slice number = slice_skip(fields[WIRE_LIMITS], i * WIRE_NUMBER);
		limits[i] = (uint32_t)wire_get_number(slice_first(number, WIRE_NUMBER));
	}
	s->name = fields[WIRE_NAME];
	s->is_operators = fields[WIRE_IS_OPERATORS].ptr[0] != 0;
	s->host = fields[WIRE_HOST];
	s->port = (uint16_t)wire_get_number(fields[WIRE_PORT]);
	s->tls = fields[WIRE_TLS].ptr[0] == TLS_IMPLICIT ? TLS_IMPLICIT : TLS_STARTTLS;
	s->username = fields[WIRE_USERNAME];
	s->ca_pem = fields[WIRE_CA_PEM];
	s->from_address = fields[WIRE_FROM_ADDRESS];
	s->from_name = fields[WIRE_FROM_NAME];
	s->oauth.flow = (enum oauth_flow)fields[WIRE_OAUTH_FLOW].ptr[0];
	s->oauth.token_url = fields[WIRE_OAUTH_TOKEN_URL];
	s->oauth.client_id = fields[WIRE_OAUTH_CLIENT_ID];
	s->oauth.key_id = fields[WIRE_OAUTH_KEY_ID];
	s->oauth.scope = fields[WIRE_OAUTH_SCOPE];
	s->pins = fields[WIRE_PINS];
	s->profile = fields[WIRE_PROFILE];
	s->limits = (struct server_limits){.connections = limits[0],
					   .per_minute = limits[1],
					   .per_hour = limits[2],
					   .recipients_per_mail = limits[3]};
	for (size_t i = 0; i < SERVER_DKIM_MAX && keys < s->dkim_count; i++) {
		const struct slice *key = &fields[WIRE_DKIM + 3 * i];
		if (key[0].len > 0) {
			s->dkim[keys].domain = key[0];
			s->dkim[keys].selector = key[1];
			keys++;
		}
	}
}

static enum fault read_server(struct slice *fields, struct arena *arena,
			      struct keeper_server *out_server)
{
	struct keeper_server s = {0};
	if (!is_server(fields)) {
		return FAULT_KEEPER_PROTOCOL;
	}
	enum fault f = read_secrets(fields, &s);
	if (f == FAULT_NONE) {
		f = keep_fields(fields, WIRE_SERVER_FIELDS, is_secret_field, arena);
	}
	if (f != FAULT_NONE) {
		keeper_server_deinit(&s);
		return f;
	}
	read_texts(fields, &s);
	*out_server = s;
	return FAULT_NONE;
}

enum fault keeper_open_server(struct keeper_client *c, struct slice tenant, struct slice name,
			      struct arena *arena, struct keeper_server *out_server)
{
	CLEANUP(wire_frame_deinit) struct wire_frame w;
	struct wire_message answer;
	struct wire_message request = {
		.code = WIRE_OPEN_SERVER, .count = 2, .fields = {tenant, name}};
	wire_frame_init(&w, WIRE_ANSWER_MAX);
	enum fault f = ask(c, &request, &w, &answer);
	if (f != FAULT_NONE) {
		return f;
	}
	return answer.count == WIRE_SERVER_FIELDS ? read_server(answer.fields, arena, out_server)
						  : FAULT_KEEPER_PROTOCOL;
}

enum fault keeper_open_job(struct keeper_client *c,
			   const unsigned char token_hash[KEEPER_TOKEN_HASH],
			   const struct keeper_caller *caller, struct slice name,
			   struct arena *arena, struct keeper_opened *out_opened)
{
	CLEANUP(wire_frame_deinit) struct wire_frame w;
	struct wire_message answer;
	struct keeper_opened opened;
	struct wire_message request = {
		.code = WIRE_OPEN_JOB,
		.count = 3,
		.fields = {slice_of(token_hash, KEEPER_TOKEN_HASH),
			   slice_of(caller->tenant, caller->tenant_len), name},
	};
	wire_frame_init(&w, WIRE_ANSWER_MAX);
	enum fault f = ask(c, &request, &w, &answer);
	if (f == FAULT_NONE && answer.count != WIRE_TENANT_FIELDS + WIRE_SERVER_FIELDS) {
		f = FAULT_KEEPER_PROTOCOL;
	}
	if (f == FAULT_NONE) {
		f = read_tenant(answer.fields, arena, &opened.tenant);
	}
	if (f == FAULT_NONE) {
		f = read_server(answer.fields + WIRE_TENANT_FIELDS, arena, &opened.server);
	}
	if (f == FAULT_NONE) {
		*out_opened = opened;
	}
	return f;
}
