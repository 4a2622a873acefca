#include "relay/gateway/service.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

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

void service_alive(void)
{
	(void)sd_notify(0, "WATCHDOG=1");
}
