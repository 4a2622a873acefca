/*
 * NAME     client - the client side of one SMTP connection, without I/O: bytes in, bytes out
 * OWNS     its buffers, in place, and what logging in takes
 * LIMIT    no allocation but for logging in and the reply texts in the message's arena; what is in flight: see the enum below.
 *          Of replies: reply.h
 * RULE     content goes out only to a session that is logged in, and by DATA only behind a 354 with a recipient accepted;
 *          AUTH only under TLS; a reply to a command that has not gone out, or to none, is UPSTREAM_PROTOCOL
 * BDAT     as far as the message's rung allows (ladder.h). Nothing is said behind BDAT LAST before its reply; behind one
 *          that failed comes RSET. A message of more than SMTP_WHOLE_MAX goes in chunks, which stop when nobody is left to
 *          take it
 * USE      init; then, until want says CLOSE: write output() and say wrote(), read and feed(). What went out must be told
 *          before what came in, because it decides what a loss means
 * SEE      RFC 5321, 2920 (PIPELINING), 3030 (CHUNKING), 3207 (STARTTLS), 4954 (AUTH), 1870 (SIZE), 3461 (DSN),
 *          6531 (SMTPUTF8), 8689 (REQUIRETLS), 9422 (LIMITS)
 */
#ifndef RELAY_SMTP_CLIENT_H
#define RELAY_SMTP_CLIENT_H

#include "spool-free/base/problem.h"
#include "spool-free/job/job.h"
#include "spool-free/job/rope.h"
#include "relay/smtp/auth.h"
#include "relay/smtp/decode.h"
#include "relay/smtp/ehlo.h"
#include "relay/smtp/ladder.h"
#include "relay/smtp/reply.h"
#include "relay/smtp/transcript.h"
#include "relay/smtp/witness.h"

enum {
	SMTP_WINDOW = 64,	   /* commands whose replies are due (relay.md B13) */
	SMTP_OUT_SIZE = 16 * 1024, /* one TLS record */
	/* BDAT (relay.md E4): a chunk cannot be taken back once it was announced. */
	SMTP_WHOLE_MAX = 256 * 1024,  /* in one chunk */
	SMTP_FIRST_CHUNK = 64 * 1024, /* of more than that, with the envelope */
	SMTP_CHUNK = 256 * 1024,
	SMTP_CHUNKS = 4, /* in flight, and */
	SMTP_CHUNK_BYTES = 1024 * 1024,
	SMTP_CARRY = 256, /* what a rope gives at least */
};

enum smtp_state {
	SMTP_OPENING,  /* greeting to login */
	SMTP_SECURING, /* 220 to STARTTLS came; the shell makes the handshake */
	SMTP_READY,    /* logged in, no message under way */
	SMTP_ENVELOPE, /* MAIL to DATA */
	SMTP_CONTENT,  /* from 354 or BDAT on, until the last byte is out */
	SMTP_FINAL,    /* answers are due, that to the content last */
	SMTP_CLOSING,  /* QUIT was said; nothing hangs on its answer */
	SMTP_OVER,
	SMTP_STATE_COUNT
};

enum smtp_want {
	SMTP_WANT_IO,	   /* read always, write while there is output */
	SMTP_WANT_TURN,	   /* the same, and smtp_client_turn() when others had theirs */
	SMTP_WANT_TLS,	   /* shake hands, then smtp_client_secured() */
	SMTP_WANT_MESSAGE, /* idle; anything read now means that the server is going */
	SMTP_WANT_CLOSE,
};

/* What a reply belongs to. */
enum smtp_owner {
	SMTP_OWNS_GREETING,
	SMTP_OWNS_EHLO,
	SMTP_OWNS_STARTTLS,
	SMTP_OWNS_AUTH,
	SMTP_OWNS_PROBE,  /* a BDAT that must be refused, */
	SMTP_OWNS_PROBED, /* and a command behind it that must be refused next */
	SMTP_OWNS_RSET,
	SMTP_OWNS_MAIL,
	SMTP_OWNS_RCPT,
	SMTP_OWNS_DATA,
	SMTP_OWNS_CHUNK, /* that is not the last one */
	SMTP_OWNS_FINAL,
	SMTP_OWNS_UNDO, /* the RSET behind an envelope that was all */
	SMTP_OWNER_COUNT
};

/* What the next command of an envelope is. */
enum smtp_turn {
	SMTP_SAY_PROBE,
	SMTP_SAY_RSET,
	SMTP_SAY_MAIL,
	SMTP_SAY_RCPT,
	SMTP_SAY_DATA, /* or BDAT */
	SMTP_SAY_UNDO,
	SMTP_SAY_NOTHING
};

struct smtp_client_params {
	struct slice ehlo_name;	     /* letters, digits, - . [ ] : */
	enum tls_mode tls;	     /* TLS_IMPLICIT: the shell has shaken hands before */
	enum smtp_provider provider; /* as its host name has it */
	struct smtp_witness
		*witness; /* of the session until the first message; NULL: nobody looks */
	/* Empty user name and no token: no AUTH. Needed until the first message is over */
	struct smtp_login login;
	unsigned char chance[SCRAM_CHANCE_LEN]; /* drawn for this connection */
};

/* All of it the caller's, until the message is over. Recipients with an outcome are not asked
 * again. */
struct smtp_message {
	struct slice sender; /* empty: the null sender */
	const struct mailbox *recipients;
	size_t recipient_count;
	/* Nothing is sent: MAIL, RCPT, RSET. Who was accepted stays UNTRIED, with the reply. No
	 * content is needed, and no more recipients than one transaction takes are asked. */
	bool envelope_only;
	const struct rope *content;
	enum smtp_rung rung;
	struct delivery_status status; /* asked for where the server offers DSN */
	struct slice envelope_id;      /* ENVID: letters and digits; may be empty */
	bool require_tls;
	struct recipient_outcome *results;
	struct arena *arena;
};

/* A reply that is due. */
struct smtp_due {
	enum smtp_owner owner;
	size_t recipient;
	uint64_t after; /* it may come once so many bytes went out */
	uint64_t bytes; /* of a chunk */
};

struct smtp_client {
	struct smtp_client_params params;
	enum smtp_state state;
	bool secure;
	bool unclean;	   /* the next transaction begins with RSET */
	bool masked;	   /* a middle-box has overwritten the greeting */
	unsigned messages; /* that were begun on this connection */
	uint64_t transactions;
	struct smtp_ehlo ehlo;
	struct smtp_auth auth; /* wiped once logged in */
	unsigned mechanism;    /* bit of auth.h: what was tried last */
	struct scram_binding binding;

	struct smtp_due due[SMTP_WINDOW];
	unsigned due_first, due_count;
	uint64_t said, sent; /* bytes that were made, and that went out */
	uint64_t
		progress; /* rises with every whole reply, write and change of state: a drip of bytes is none */

	struct transcript *transcript; /* the shell's; NULL: nobody reads along */
	bool has_message;
	struct smtp_message message;
	enum smtp_turn turn;
	/* The transaction is for those below `batch_end`: LIMITS may allow no more */
	size_t next_recipient, batch_end;
	size_t accepted; /* in this transaction */
	bool mail_refused;
	bool lone_dot;	/* 354 came though nobody was accepted */
	bool not_taken; /* the server's word says so, though all content is out */
	struct rope_cursor cursor;
	uint64_t content_from; /* `said` when the content began */
	uint64_t content_sent;
	bool content_made; /* with the dot, or with the last chunk */

	bool chunked;		      /* BDAT, not DATA */
	bool stopped;		      /* nobody is left to take it: no more chunks */
	uint64_t to_read, chunk_left; /* bytes of the content, and of the chunk, still to be made */
	size_t carry_at, carry_len;
	char carry[SMTP_CARRY];	 /* read from the rope beyond the end of a chunk */
	enum smtp_lesson lesson; /* of the last message */
	bool try_again;		 /* of the last message: another try at once is worth while */
	bool moves_on; /* the same, only because LIMITS let this connection take no more */

	/* Of the last message: mails that it took beyond the first one; the last may still have to come */
	unsigned splits;

	enum smtp_phase phase; /* where the dialogue is, or was when the fault struck */
	enum fault fault;      /* of the last message, or of the session before the first one */
	struct problem problem;
	struct smtp_scene scene;
	const struct smtp_cause *cause; /* of that fault, when a reply explains it */
	int fault_code;			/* of the reply that the fault came from; 0: none */
	bool said_farewell;		/* 421 between two messages */
	unsigned recipients_max; /* so many were accepted when one more was too many; 0: never */
	/* Code 0, or the last reply of this transaction if it was a refusal */
	struct smtp_reply refusal;
	enum smtp_phase refused_at;

	struct secret *line; /* an AUTH line; `out_at` counts in it */
	size_t out_at, out_len,
		out_high; /* `out_high`: so much of it was ever written since it was wiped */
	char out[SMTP_OUT_SIZE];
	struct smtp_reply_parser replies;
};

void smtp_client_init(struct smtp_client *c, const struct smtp_client_params *params);
void smtp_client_deinit(struct smtp_client *c); /* wipes */

/* Any time no message is under way; waits for the login. Over when smtp_client_busy() says false.
 */
void smtp_client_send(struct smtp_client *c, const struct smtp_message *m);
bool smtp_client_busy(const struct smtp_client *c);
void smtp_client_quit(struct smtp_client *c); /* when no message is under way */

void smtp_client_feed(struct smtp_client *c, struct slice bytes);
struct slice smtp_client_output(struct smtp_client *c);
void smtp_client_wrote(struct smtp_client *c, size_t n);
/* What names the TLS session, once it is up: before secured(), or before the first feed() with implicit TLS. */
void smtp_client_bind(struct smtp_client *c, const struct scram_binding *binding);
void smtp_client_secured(struct smtp_client *c);
void smtp_client_turn(struct smtp_client *c); /* some milliseconds of work */
/* The connection is gone, or its time is up: UPSTREAM_LOST, _TLS, _CERT, DEADLINE. */
void smtp_client_lost(struct smtp_client *c, enum fault why);

enum smtp_want smtp_client_want(const struct smtp_client *c);
enum smtp_phase smtp_client_phase(const struct smtp_client *c); /* of what is due next */
bool smtp_client_awaits(const struct smtp_client *c);		/* replies are due */
/* All content bytes are out and no answer came: the message must not be sent again. */
bool smtp_client_uncertain(const struct smtp_client *c);
uint64_t smtp_client_content_sent(const struct smtp_client *c);

#endif
