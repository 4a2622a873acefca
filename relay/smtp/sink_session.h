/*
 * NAME     sink_session - the server's side of SMTP, without any I/O: what `pagepost sink` speaks
 * SEE      RFC 5321; 3207 STARTTLS; 4954 AUTH (PLAIN, LOGIN, under TLS only); 2920 PIPELINING; 1870 SIZE;
 *          6152 8BITMIME; 6531 SMTPUTF8; 2034 ENHANCEDSTATUSCODES; 3030 CHUNKING; 3461 DSN (its grammar: no report is
 *          ever made); 8689 REQUIRETLS; 9422 LIMITS
 * STRICT   CRLF only, no blanks where the grammar has none: it stands in for the strictest upstream in tests
 * LIMIT    line SINK_LINE_MAX, recipients and size as the policy says, content of all sessions together: `room`
 * THREADS  one owner; a policy and its room are shared by the sessions of one loop
 */
#ifndef RELAY_SMTP_SINK_SESSION_H
#define RELAY_SMTP_SINK_SESSION_H

#include "spool-free/base/buf.h"
#include "spool-free/base/secret.h"
#include "relay/smtp/undot.h"

enum {
	SINK_LINE_MAX = 12288, /* RFC 4954 4: the longest of all command lines */
	SINK_RECIPIENTS_MAX = 1000,
	SINK_OUTPUT_MAX = 1024 * 1024,
	SINK_BAD_COMMANDS_MAX = 50,
	SINK_CHUNK_MAX = 1024 * 1024 * 1024, /* bytes of one BDAT */
};

/* What need not be offered: bits. */
enum {
	SINK_PIPELINING = 1,
	SINK_EIGHT_BIT = 2,
	SINK_UTF8 = 4,
	SINK_CHUNKING = 8,
	SINK_DSN = 16,
	SINK_REQUIRE_TLS = 32,
};
/* Of "chunking" and the like, as EHLO has them; 0: there is none of this name. */
unsigned sink_extension(struct slice name);

/* One message that was taken. Dies when the function it was given to returns. */
struct sink_message {
	struct slice sender;
	struct slice recipients; /* separated by commas */
	size_t recipient_count;
	struct slice content; /* empty when the policy does not keep it */
	size_t size;
};

struct sink_policy {
	struct slice host_name;
	bool offers_tls;
	struct slice user; /* empty: no AUTH, and none is asked for */
	const struct secret *password;
	size_t size_max;
	unsigned without;      /* extensions that are not offered */
	size_t recipients_max; /* of a mail; it is offered (LIMITS). 0: SINK_RECIPIENTS_MAX */
	const struct slice *refused, *deferred; /* recipients that get 550 and 450 */
	size_t refused_count, deferred_count;
	bool drops_after_dot; /* takes the message and closes without an answer */
	bool keeps_content;
	size_t *room; /* bytes of content that may still be kept */
	void (*taken)(void *ctx, const struct sink_message *m);
	void *ctx;
};

enum sink_want {
	SINK_WANTS_INPUT,
	SINK_WANTS_TLS,
	SINK_WANTS_END
}; /* each after the output went out */

enum sink_state {
	SINK_COMMANDS,
	SINK_AUTH_PLAIN,
	SINK_AUTH_USER,
	SINK_AUTH_PASSWORD,
	SINK_CONTENT,
	SINK_CHUNK,
	SINK_TLS,
	SINK_END
};

/* How the lines of content by BDAT look. */
struct sink_lines {
	size_t len;
	bool after_cr, has_bare, has_long;
};

struct sink_session {
	const struct sink_policy *policy;
	enum sink_state state;
	bool is_tls, has_hello, is_extended, is_authenticated, has_sender, takes_utf8;
	bool user_matches; /* of AUTH LOGIN's first answer */
	unsigned bad_commands;
	struct buf line; /* wiped after each: it may hold a password */
	struct buf output;
	struct buf envelope; /* the sender, then the recipients and their commas */
	size_t sender_len;
	size_t recipient_count;
	struct undot undot;
	uint64_t chunk_left;
	bool chunk_is_last;
	bool has_chunks, chunks_failed; /* in this transaction */
	const char *refusal;		/* of the chunk that is being read; NULL: it is taken */
	struct sink_lines lines;
	struct buf content;
	size_t content_size;
	enum fault content_fault; /* TOO_LARGE, NO_MEMORY */
};

/* The greeting stands in the output at once. */
MUST_USE enum fault sink_session_init(struct sink_session *s, const struct sink_policy *policy,
				      bool is_tls);
void sink_session_deinit(struct sink_session *s);

/* A fault ends the session: the output, if any, still goes out. */
MUST_USE enum fault sink_session_feed(struct sink_session *s, struct slice bytes);
struct slice sink_session_output(const struct sink_session *s);
void sink_session_wrote(struct sink_session *s, size_t n);
enum sink_want sink_session_want(const struct sink_session *s);
void sink_session_secured(struct sink_session *s); /* TLS is up */

#endif
