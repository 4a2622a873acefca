/*
 * NAME     ehlo - what a server says it can do, line by line
 * TAKES    keywords in any case; "AUTH" and the older "AUTH="; repeated lines; unknown keywords are
 * passed over SEE      RFC 5321 4.1.1.1; 1870 SIZE, 2920 PIPELINING, 2034, 3030 CHUNKING, 3207,
 * 3461 DSN, 4954, 6152, 6531
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
	bool size;
	uint64_t size_max;   /* 0: no limit was named */
	unsigned mechanisms; /* bits of auth.h */
};

void smtp_ehlo_init(
	struct smtp_ehlo *e); /* forgets everything: after STARTTLS nothing said before counts */
void smtp_ehlo_line(struct smtp_ehlo *e, struct slice line);

#endif
