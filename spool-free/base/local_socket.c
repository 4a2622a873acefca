#include "spool-free/base/local_socket.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

enum { BACKLOG = 128 };

/* "The keeper's socket cannot be made (Permission denied)." */
static enum fault refuse(struct problem *p, const struct local_socket *s, const char *what)
{
	const char *why = strerrordesc_np(errno);
	(void)problem_set(p, FAULT_SYSTEM, "The ");
	problem_add(p, s->whose);
	problem_add(p, what);
	problem_add(p, " (");
	problem_add(p, why != NULL ? why : "unknown error");
	problem_add(p, ").");
	return FAULT_SYSTEM;
}

static enum fault address_of(const struct local_socket *s, struct sockaddr_un *out_address,
			     struct problem *p)
{
	size_t len = strlen(s->path);
	_Static_assert(LOCAL_SOCKET_PATH_MAX < sizeof(out_address->sun_path), "unix(7)");
	if (len == 0 || len > LOCAL_SOCKET_PATH_MAX) {
		(void)problem_set(p, FAULT_SYSTEM, "The path of the ");
		problem_add(p, s->whose);
		problem_add(p, "'s socket must have 1 to 107 bytes.");
		return FAULT_SYSTEM;
	}
	*out_address = (struct sockaddr_un){.sun_family = AF_UNIX};
	memcpy(out_address->sun_path, s->path, len);
	return FAULT_NONE;
}

static bool is_left_over(const struct sockaddr_un *address)
{
	struct stat st;
	if (lstat(address->sun_path, &st) != 0 || !S_ISSOCK(st.st_mode)) {
		return false;
	}
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0) {
		return false;
	}
	bool refused = connect(fd, (const struct sockaddr *)address, sizeof(*address)) != 0 &&
		       errno == ECONNREFUSED;
	close(fd);
	return refused;
}

static enum fault bind_to(int fd, const struct local_socket *s, struct problem *p)
{
	struct sockaddr_un address;
	enum fault f = address_of(s, &address, p);
	if (f != FAULT_NONE) {
		return f;
	}
	if (is_left_over(&address)) {
		unlink(s->path);
	}
	if (bind(fd, (const struct sockaddr *)&address, sizeof(address)) != 0) {
		if (errno != EADDRINUSE) {
			return refuse(p, s, "'s socket cannot be made");
		}
		(void)problem_set(p, FAULT_SYSTEM, "The ");
		problem_add(p, s->whose);
		problem_add(p, "'s socket is in use: another ");
		problem_add(p, s->whose);
		problem_add(p, " runs, or a file is in its place.");
		return FAULT_SYSTEM;
	}
	/* Who may ask is decided by the peer's user; the mode only lets that user reach the question. */
	if (chmod(s->path, s->mode) != 0 || listen(fd, BACKLOG) != 0) {
		f = refuse(p, s, "'s socket cannot be opened");
		unlink(s->path);
	}
	return f;
}

enum fault local_socket_listen(const struct local_socket *s, int *out_fd, struct problem *p)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0) {
		return refuse(p, s, "'s socket cannot be made");
	}
	enum fault f = bind_to(fd, s, p);
	if (f != FAULT_NONE) {
		close(fd);
		return f;
	}
	*out_fd = fd;
	return FAULT_NONE;
}

enum fault local_socket_connect(const struct local_socket *s, int *out_fd, struct problem *p)
{
	struct sockaddr_un address;
	enum fault f = address_of(s, &address, p);
	if (f != FAULT_NONE) {
		return f;
	}
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0 || connect(fd, (const struct sockaddr *)&address, sizeof(address)) != 0) {
		f = refuse(p, s, " does not answer at its socket");
		if (fd >= 0) {
			close(fd);
		}
		return f;
	}
	*out_fd = fd;
	return FAULT_NONE;
}

bool local_socket_peer(int fd, uid_t *out_uid)
{
	struct ucred who;
	socklen_t len = sizeof(who);
	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &who, &len) != 0) {
		return false;
	}
	*out_uid = who.uid;
	return true;
}
