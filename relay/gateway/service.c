#include "relay/gateway/service.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include <systemd/sd-daemon.h>

#include "spool-free/base/buf.h"

enum { NOTICE_MAX = 512 };

static enum service_socket which_is(const char *name)
{
	return name != NULL && strcmp(name, "desk") == 0 ? SERVICE_DESK : SERVICE_CLIENTS;
}

int service_socket(enum service_socket which)
{
	char **names = NULL;
	int found = -1;
	int count = sd_listen_fds_with_names(0, &names);
	for (int i = 0; i < count; i++) {
		if (found < 0 && which_is(names[i]) == which) {
			found = SD_LISTEN_FDS_START + i;
		}
		free(names[i]);
	}
	free(names);
	return found;
}

void service_ready(void)
{
	(void)sd_notify(0, "READY=1");
}

/* The moment makes it certain that a READY=1 is the answer to this reload, and not to one before. */
void service_reloading(void)
{
	struct timespec now;
	struct buf notice;
	buf_init(&notice, NOTICE_MAX);
	if (clock_gettime(CLOCK_MONOTONIC, &now) == 0 &&
	    buf_add_text(&notice, "RELOADING=1\nMONOTONIC_USEC=") == FAULT_NONE &&
	    buf_add_u64(&notice, (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000) ==
		    FAULT_NONE &&
	    buf_add_byte(&notice, '\0') == FAULT_NONE) {
		(void)sd_notify(0, buf_view(&notice).ptr);
	}
	buf_deinit(&notice);
}

void service_stopping(void)
{
	(void)sd_notify(0, "STOPPING=1");
}

void service_status(const char *sentence)
{
	struct buf notice;
	buf_init(&notice, NOTICE_MAX);
	if (buf_add_text(&notice, "STATUS=") == FAULT_NONE &&
	    buf_add_text(&notice, sentence) == FAULT_NONE &&
	    buf_add_byte(&notice, '\0') == FAULT_NONE) {
		(void)sd_notify(0, buf_view(&notice).ptr);
	}
	buf_deinit(&notice);
}

uint64_t service_watchdog_ms(void)
{
	uint64_t us = 0;
	return sd_watchdog_enabled(0, &us) > 0 ? us / 1000 : 0;
}

static const char alive[] = "WATCHDOG=1";

void service_alive(void)
{
	(void)sd_notify(0, alive);
}

/* A path, or the name of an abstract socket behind an @ (sd_notify(3), unix(7)). */
int service_open(void)
{
	struct sockaddr_un at = {.sun_family = AF_UNIX};
	struct slice name = slice_of_text(getenv("NOTIFY_SOCKET"));
	if (name.len < 2 || name.len >= sizeof(at.sun_path)) {
		return -1;
	}
	memcpy(at.sun_path, name.ptr, name.len);
	if (at.sun_path[0] == '@') {
		at.sun_path[0] = '\0';
	}
	socklen_t len = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + name.len);
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd >= 0 && connect(fd, (const struct sockaddr *)&at, len) != 0) {
		close(fd);
		return -1;
	}
	return fd;
}

void service_alive_by(int fd)
{
	(void)send(fd, alive, sizeof(alive) - 1, MSG_NOSIGNAL);
}
