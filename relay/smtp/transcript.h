/*
 * NAME     transcript - the dialogue of one mail as a debug log may have it: each line said and heard, redacted (redact.h)
 * OWNS     nothing; the mail's addresses and its login are the delivery's
 * RULE     content never comes here, nor a line that logs in: of both only how long they are
 * USE      every function may be called with NULL: mostly nobody reads along
 * THREADS  its delivery's
 */
#ifndef RELAY_SMTP_TRANSCRIPT_H
#define RELAY_SMTP_TRANSCRIPT_H

#include "spool-free/base/secret.h"
#include "spool-free/job/job.h"
#include "relay/smtp/redact.h"
#include "relay/smtp/words.h"

enum { TRANSCRIPT_LINE = 2048 };

enum transcript_side { TRANSCRIPT_SAYS, TRANSCRIPT_HEARS, TRANSCRIPT_NOTES };

/* Filled by its owner but for the parts marked private. */
struct transcript {
	void *owner;
	void (*line)(void *owner, enum transcript_side side, struct slice text);
	/* As in struct redact_rules. */
	struct slice (*tag)(void *owner, struct slice address, char room[REDACT_TAG_MAX]);
	/* What no word of a server may tell; each may be empty */
	struct slice username, sender;
	const struct secret *password, *token;
	const struct mailbox *recipients;
	size_t recipient_count;

	size_t len; /* private: of the command that is being made */
	bool is_cut;
	/* What was found out of each word of the table: of a thousand addresses, once */
	unsigned char known[WORDS_COUNT];
	char said[TRANSCRIPT_LINE];
};

/* A part of a command; at its CRLF it is told. */
void transcript_say(struct transcript *t, struct slice words);
/* A line that logs in: the mechanism's name, if it begins so, and the length without its end. */
void transcript_login(struct transcript *t, struct slice mechanism, size_t bytes);
void transcript_content(struct transcript *t, uint64_t bytes);
/* A line of a reply behind its code. */
void transcript_hear(struct transcript *t, enum redact_reply kind, int code, bool is_last,
		     struct slice text);
/* What is no line: "TLSv1.3". `word` is ours. */
void transcript_note(struct transcript *t, struct slice word);

#endif
