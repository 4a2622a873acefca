/*
 * NAME     selfcheck_mail - the mail of `pagepost selfcheck`: a tenant made for it alone, a mail server in memory, a preview
 *          and a job with canaries in every place, and all of it gone again
 * NEEDS    the vault's credential for such a tenant; a token of the operator's instead sees the preview only. The settings must let
 *          the gateway connect to this machine (relay.allowed_ranges, allowed_ports); else the job is refused, and the row says so
 * FILES    in the folder given: certificates, no canary
 */
#ifndef RELAY_COMMAND_SELFCHECK_MAIL_H
#define RELAY_COMMAND_SELFCHECK_MAIL_H

#include "relay/command/canary.h"
#include "relay/command/selfcheck_report.h"

struct selfcheck_mail {
	const char *settings_file;
	const char *url;
	const char *ca_file;	/* NULL: the system's authorities */
	const char *token_file; /* NULL: a tenant is made */
	const char *folder;
	const char *desk; /* the gateway's socket, where answers are forgotten */
	const uint16_t *ports;
	size_t port_count;
};

/* Sends, and clears up; the canaries are what is to be looked for then. False: none was taken, and a search would show nothing. */
bool selfcheck_mail_send(const struct selfcheck_mail *m, struct canaries *c,
			 struct selfcheck_report *r);

#endif
