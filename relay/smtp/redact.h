/*
 * NAME     redact - lines of an SMTP dialogue, made fit for a debug log: what was said, and none of what a user gave
 * RULE     each byte of the result comes from a table of our own (words.def), is a tag, or a count. Nothing of a line is
 *          copied, so that a server that says a secret back, in whatever form, says it to nobody. What is not in the tables
 *          is "*"; several in a row are one
 * KEEPS    of commands: verbs, parameters, sizes; addresses as tags. Of replies: the code, the enhanced code where it is a
 *          registered form, words of the table in small letters, a number of the table before a word that counts (seconds,
 *          messages), the tag of an address that this mail is for; of EHLO's lines also a limit's magnitude. Of logging in: the
 *          mechanism's name and byte counts
 * HIDES    besides, each word that is a part of what hides() knows: user name, password, addresses of this mail
 * LIMIT    REDACT_MAX bytes; what is longer ends by " ..."
 * PURE     but for what the caller's functions do
 */
#ifndef RELAY_SMTP_REDACT_H
#define RELAY_SMTP_REDACT_H

#include "spool-free/base/slice.h"

enum { REDACT_MAX = 192, REDACT_TAG_MAX = 16 };

struct redact_rules {
	void *owner;
	/* The tag of an address, into `room`; empty: none, and "*" stands for it. */
	struct slice (*tag)(void *owner, struct slice address, char room[REDACT_TAG_MAX]);
	/* Whether this is an address of the mail that is under way. */
	bool (*is_ours)(void *owner, struct slice address);
	/* Whether this word of the table may not be told here. A server says many: the answer must cost little. */
	bool (*hides)(void *owner, struct slice word);
};

struct redacted {
	size_t len;
	char text[REDACT_MAX];
};

/* Without its line end. Never of a line that logs in. */
void redact_command(const struct redact_rules *r, struct slice line, struct redacted *out);

enum redact_reply {
	REDACT_REPLY,
	REDACT_GREETING, /* of EHLO: its first line, or of the session */
	REDACT_CAPABILITY,
	REDACT_CHALLENGE, /* 334 */
};

/* `text` is the line behind its code. `is_last` of the reply. */
void redact_reply(const struct redact_rules *r, enum redact_reply kind, int code, bool is_last,
		  struct slice text, struct redacted *out);
/* "AUTH PLAIN (42 bytes)"; with an empty mechanism "(42 bytes)". */
void redact_login(struct slice mechanism, size_t bytes, struct redacted *out);
/* "(1234 bytes of content)" */
void redact_content(uint64_t bytes, struct redacted *out);

#endif
