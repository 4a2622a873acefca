/*
 * NAME     service - what the service manager hands in and wants to know
 * BOXES    libsystemd: sd_listen_fds(3), sd_notify(3); without a manager all of it does nothing
 */
#ifndef RELAY_GATEWAY_SERVICE_H
#define RELAY_GATEWAY_SERVICE_H

enum service_socket {
	SERVICE_CLIENTS, /* of pagepost.socket: any that has no other name of these */
	SERVICE_DESK,	 /* of pagepost-desk.socket: FileDescriptorName=desk */
};

int service_socket(enum service_socket which); /* a listening socket; -1: none */
void service_ready(void);
void service_stopping(void);

#endif
