#include "relay/command/desk_client.h"

#include <errno.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "spool-free/base/json.h"
#include "spool-free/base/local_socket.h"

enum { REQUEST_MAX = 64 * 1024, HEAD_END = 4, FIRST_BAD = 400 };

static void close_fd(int *fd)
{
	if (*fd >= 0) {
		close(*fd);
	}
}

void desk_client_answer_deinit(struct desk_client_answer *a)
{
	buf_deinit(&a->bytes);
	*a = (struct desk_client_answer){0};
}

static enum fault lost(struct problem *problem)
{
	return problem_set(problem, FAULT_SYSTEM,
			   "The gateway closed its socket without a whole answer.");
}

static enum fault write_request(const char *method, const char *path, struct slice body,
				struct buf *into)
{
	const char *const parts[] = {method, " ", path,
				     " HTTP/1.1\r\nHost: gateway\r\nContent-Length: "};
	enum fault f = FAULT_NONE;
	for (size_t i = 0; f == FAULT_NONE && i < COUNT_OF(parts); i++) {
		f = buf_add_text(into, parts[i]);
	}
	f = f == FAULT_NONE ? buf_add_u64(into, body.len) : f;
	f = f == FAULT_NONE ? buf_add_text(into, "\r\n\r\n") : f;
	return f == FAULT_NONE ? buf_add(into, body) : f;
}

static enum fault send_all(int fd, struct slice bytes, struct problem *problem)
{
	while (bytes.len > 0) {
		ssize_t n = send(fd, bytes.ptr, bytes.len, MSG_NOSIGNAL);
		if (n < 0 && (errno == EPIPE || errno == ECONNRESET)) {
			return FAULT_NONE; /* it may have said why */
		}
		if (n < 0 && errno != EINTR) {
			return problem_set_errno(problem, FAULT_SYSTEM,
						 "The gateway cannot be asked");
		}
		bytes = slice_skip(bytes, n > 0 ? (size_t)n : 0);
	}
	return FAULT_NONE;
}

/* Until the other end closes. */
static enum fault receive_all(int fd, struct buf *into, struct problem *problem)
{
	enum { PIECE = 16 * 1024 };
	struct pollfd polled = {.fd = fd, .events = POLLIN};
	for (;;) {
		char *at;
		int ready = poll(&polled, 1, DESK_CLIENT_MS);
		if (ready == 0) {
			return problem_set(problem, FAULT_SYSTEM,
					   "The gateway did not answer within two minutes.");
		}
		enum fault f = buf_reserve(into, PIECE, &at);
		if (f != FAULT_NONE) {
			return problem_set(problem, f, "The gateway's answer is too large.");
		}
		ssize_t n = ready > 0 ? recv(fd, at, PIECE, 0) : -1;
		if (n < 0 && errno == EINTR) {
			continue;
		}
		if (n == 0 || (n < 0 && errno == ECONNRESET)) {
			return FAULT_NONE; /* whether it is whole is seen by its length */
		}
		if (n < 0) {
			return lost(problem);
		}
		buf_grew(into, (size_t)n);
	}
}

static bool find_length(struct slice head, uint64_t *out_length)
{
	static const struct slice name = SLICE_INIT("content-length:");
	struct slice line;
	while (slice_cut_to(&head, '\n', &line)) {
		if (slice_starts_nocase(line, name)) {
			return slice_to_u64(slice_trim(slice_skip(line, name.len)),
					    DESK_CLIENT_ANSWER_MAX, out_length);
		}
	}
	return false;
}

static enum fault read_answer(struct desk_client_answer *a, struct problem *problem)
{
	static const struct slice version = SLICE_INIT("HTTP/1.1 ");
	struct slice all = buf_view(&a->bytes);
	size_t end = slice_find(all, SLICE_LIT("\r\n\r\n"));
	uint64_t status = 0;
	uint64_t length = 0;
	if (end == all.len || !slice_starts(all, version) ||
	    !slice_to_u64(slice_first(slice_skip(all, version.len), 3), 599, &status) ||
	    !find_length(slice_first(all, end + 2), &length)) {
		return lost(problem);
	}
	a->status = (int)status;
	a->body = slice_skip(all, end + HEAD_END);
	return a->body.len == length ? FAULT_NONE : lost(problem);
}

/* --- problem+json --- */

static enum fault fault_of(struct slice type)
{
	static const struct slice prefix = SLICE_INIT("urn:pagepost:problem:");
	for (enum fault f = FAULT_NONE; f < FAULT_COUNT; f++) {
		if (f != FAULT_NONE && slice_starts(type, prefix) &&
		    slice_eq(slice_skip(type, prefix.len), fault_slug(f))) {
			return f;
		}
	}
	return FAULT_SYSTEM;
}

static enum fault read_problem(struct desk_client_answer *a, struct problem *problem)
{
	struct json j;
	struct slice type = {0};
	struct slice detail = {0};
	/* The bytes are ours to change. */
	json_init(&j, a->bytes.ptr + (a->body.ptr - a->bytes.ptr), a->body.len);
	struct json_token t = json_next(&j);
	for (t = json_next(&j); t.kind == JSON_KEY; t = json_next(&j)) {
		struct slice key = t.text;
		struct json_token value = json_next(&j);
		if (value.kind == JSON_STRING && slice_eq(key, SLICE_LIT("type"))) {
			type = value.text;
		} else if (value.kind == JSON_STRING && slice_eq(key, SLICE_LIT("detail"))) {
			detail = value.text;
		} else if (value.kind != JSON_STRING && value.kind != JSON_NUMBER) {
			break;
		}
	}
	enum fault f = fault_of(type);
	problem_set_text(problem, f, detail.len > 0 ? detail : fault_title(f));
	return f;
}

static void add_remedy(struct problem *problem, int why)
{
	if (why == EACCES || why == EPERM) {
		problem_add(problem, " Root and the gateway's own user may ask it.");
	} else if (why == ENOENT || why == ECONNREFUSED) {
		problem_add(problem, " Is it running, with the settings that -c names "
				     "(gateway.socket)?");
	}
}

enum fault desk_ask(const char *socket_path, const char *method, const char *path,
		    struct slice body, struct desk_client_answer *out_answer,
		    struct problem *problem)
{
	const struct local_socket socket = {.path = socket_path, .whose = "gateway"};
	CLEANUP(close_fd) int fd = -1;
	CLEANUP(buf_deinit) struct buf request;
	CLEANUP(desk_client_answer_deinit) struct desk_client_answer a = {0};
	buf_init(&request, REQUEST_MAX);
	buf_init(&a.bytes, DESK_CLIENT_ANSWER_MAX);
	errno = 0;
	enum fault f = local_socket_connect(&socket, &fd, problem);
	if (f != FAULT_NONE) {
		add_remedy(problem, errno);
		return f;
	}
	f = write_request(method, path, body, &request);
	if (f != FAULT_NONE) {
		return problem_set(problem, f, "The request to the gateway is too large.");
	}
	f = send_all(fd, buf_view(&request), problem);
	if (f == FAULT_NONE) {
		f = receive_all(fd, &a.bytes, problem);
	}
	if (f == FAULT_NONE) {
		f = read_answer(&a, problem);
	}
	if (f == FAULT_NONE && a.status >= FIRST_BAD) {
		f = read_problem(&a, problem);
	}
	if (f != FAULT_NONE) {
		return f;
	}
	*out_answer = a;
	a = (struct desk_client_answer){0};
	return FAULT_NONE;
}
