/*
 * NAME     profile - what an account may be asked for: the provider's row, unless the account's record says it
 * TABLE    profile.def
 * RULE     pure
 */
#ifndef RELAY_SMTP_PROFILE_H
#define RELAY_SMTP_PROFILE_H

#include "relay/smtp/smtp.h"

/* Numbers of 0 are no limit. */
struct smtp_profile {
	struct slice name;
	struct slice domains; /* separated by blanks */
	unsigned connections;
	unsigned per_minute, per_hour;
	unsigned recipients_per_mail;
	bool counts_recipients; /* by minute and hour, not messages */
};

/* The row of this name; else, and for an empty name, the one of the host; never NULL. */
const struct smtp_profile *smtp_profile_find(struct slice name, struct slice host);

/* The row of the upstream, with the numbers that its record sets in place of the row's. */
struct smtp_profile smtp_profile_of(const struct smtp_upstream *u);

#endif
