/*
 * NAME     ehlo - what a server says it can do, line by line
 * TAKES    keywords in any case; "AUTH" and the older "AUTH="; repeated lines; unknown keywords are
 *          passed over
 * MASKED   a middle-box that overwrites words it does not know by stars or X lets the other words
 *          through as well, and breaks what they promise: then nothing of ESMTP's extras counts
 * SEE      RFC 5321 4.1.1.1; 1870 SIZE, 2920 PIPELINING, 2034, 3030 CHUNKING and BINARYMIME, 3207,
 *          3461 DSN, 4954, 6152, 6531, 8689 REQUIRETLS, 9422 LIMITS
 */
#ifndef RELAY_SMTP_EHLO_H
#define RELAY_SMTP_EHLO_H

#include "spool-free/base/slice.h"

struct smtp_ehlo {
	bool past_greeting; /* the first line names the server and is no keyword */
	bool pipelining;
	bool starttls;
	bool eightbitmime;
	bool enhanced_codes;
	bool smtputf8;
	bool chunking;
	bool dsn;
	bool binarymime; /* noted; no message of ours needs it */
	bool requiretls;
	bool masked; /* no PIPELINING and no CHUNKING, whatever was said */
	bool size;
	uint64_t size_max; /* 0: no limit was named */
	/* 0: not said */
	uint64_t recipients_max, domains_max, mails_max;
	unsigned mechanisms; /* bits of auth.h */
};

void smtp_ehlo_init(
	struct smtp_ehlo *e); /* forgets everything: after STARTTLS nothing said before counts */
void smtp_ehlo_line(struct smtp_ehlo *e, struct slice line);
/* A greeting, or a keyword, that a middle-box has overwritten. */
bool smtp_ehlo_is_mask(struct slice word);

#endif
