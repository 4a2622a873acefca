/*
 * NAME     service - what the service manager hands in and wants to know
 * BOXES    libsystemd: sd_listen_fds(3), sd_notify(3), sd_watchdog_enabled(3); without a manager all of it does nothing
 * THREADS  any
 */
#ifndef RELAY_GATEWAY_SERVICE_H
#define RELAY_GATEWAY_SERVICE_H

#include <stdint.h>

enum service_socket {
	SERVICE_CLIENTS, /* of pagepost.socket: any that has no other name of these */
	SERVICE_DESK,	 /* of pagepost-desk.socket: FileDescriptorName=desk */
};

int service_socket(enum service_socket which); /* a listening socket; -1: none */
void service_ready(void); /* after the start, and after each reload, whatever came of it */
void service_reloading(void);
void service_stopping(void);
void service_status(const char *sentence); /* one line for systemctl status */

uint64_t service_watchdog_ms(
	void); /* how long service_alive() may be away at most; 0: nobody waits for it */
void service_alive(void);
/* For a process that can make no socket once it is confined: one to the manager, connected, that does not block; -1: none. */
int service_open(void);
void service_alive_by(int fd);

#endif
