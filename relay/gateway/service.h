/*
 * NAME     service - what the service manager hands in and wants to know
 * BOXES    libsystemd: sd_listen_fds(3), sd_notify(3); without a manager all of it does nothing
 */
#ifndef RELAY_GATEWAY_SERVICE_H
#define RELAY_GATEWAY_SERVICE_H

int service_listening_fd(void); /* the socket of pagepost.socket; -1: none */
void service_ready(void);
void service_stopping(void);

#endif
