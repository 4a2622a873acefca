#include "relay/gateway/service.h"

#include <stdlib.h>
#include <string.h>

#include <systemd/sd-daemon.h>

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

void service_stopping(void)
{
	(void)sd_notify(0, "STOPPING=1");
}
