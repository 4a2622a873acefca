/*
 * NAME     smtp - front door of the SMTP client: hand it a message and an upstream, get an outcome per recipient
 * OWNS     its pool of connections. A delivery is the caller's and must live until done()
 * RULE     a message is sent again only while not one content byte's acknowledgement can be missing: after the last
 *          content byte a lost reply is UNCERTAIN (design.md promise 2)
 * THREADS  one smtp_relay a loop; everything on that loop
 */
#ifndef RELAY_SMTP_SMTP_H
#define RELAY_SMTP_SMTP_H

#include "spool-free/base/secret.h"
#include "spool-free/job/job.h"
#include "spool-free/job/outcome.h"
#include "spool-free/job/rope.h"
#include "relay/net/dial.h"
#include "relay/smtp/account.h"
#include "relay/smtp/fair.h"
#include "relay/smtp/findings.h"
#include "relay/smtp/overview.h"

struct smtp_relay;
struct smtp_route;
struct smtp_upstream;

/*
 * Whether nothing may begin at this upstream just now: PAUSED with a sentence, and when to ask again. `some_sent`: of
 * this message some recipients have theirs, and the sentence is for the others. Asked on the relay's loop.
 */
typedef enum fault smtp_hold_fn(void *owner, const struct smtp_upstream *u, bool some_sent,
				struct problem *problem, uint64_t *out_retry_ms);

struct smtp_relay_params {
	struct loop *loop;
	struct dialer *dialer;
	const struct tls_context *tls; /* the operator's trust; an upstream may bring its own */
	struct slice ehlo_name;
	bool chunking;			   /* whether BDAT is used at all */
	unsigned connections_per_upstream; /* more deliveries than that wait their turn */
	unsigned messages_per_connection;  /* 100 */
	unsigned attempts;		   /* where a failure may pass; 0 is one */
	unsigned throttled_attempts;	   /* where the server asked for patience; 0 is one */
	struct smtp_backoff backoff;	   /* between them */
	uint64_t patience_max_ms; /* no account waits longer than that on its server's word */
	struct smtp_account_rules breakers;
	uint64_t idle_ms; /* 30,000: then QUIT */
	uint64_t connect_ms, greeting_ms, command_ms, content_ms,
		final_min_ms; /* design.md section 11 */
	smtp_hold_fn *hold;   /* asked before each mail (hold.h); NULL: none is ever held back */
	void *hold_owner;
};

/* What an account may be asked for at most. 0, and an empty name: what its provider's profile says (profile.def). */
struct smtp_pacing {
	unsigned connections; /* at the same time */
	unsigned per_minute, per_hour;
	unsigned recipients_per_mail;
	struct slice profile; /* name of a row; empty: found by the host's name */
};

struct smtp_upstream {
	struct slice tenant; /* part of the pool's key, unless the account is shared */
	struct slice label;  /* what the log calls it; empty: - */
	bool is_shared; /* the operator's account: its connections serve every tenant, by turns */
	struct smtp_pacing pacing;
	struct slice host;
	uint16_t port;
	enum tls_mode tls;
	struct slice ca_pem;	       /* private CA; empty: none */
	struct slice username;	       /* empty: no AUTH */
	const struct secret *password; /* needed only until done() */
	const struct secret *token;    /* OAuth access token instead of it, or NULL; until done() */
	bool token_may_be_old; /* another one is to be had: a refusal of it says nothing of the account */
	struct slice
		credential;   /* what stays the same while tokens change; empty: the token itself */
	struct tls_pins pins; /* none: any key whose certificate is trusted */
};

struct smtp_delivery;
struct smtp_link;
struct transcript;
typedef void smtp_done_fn(void *owner, struct smtp_delivery *d);
/* It waits and goes on in about so long; 0: it goes on. May be called from inside smtp_relay_send(). */
typedef void smtp_waits_fn(void *owner, struct smtp_delivery *d, uint64_t wait_ms);

/* The relay's own, while a delivery is under way: nothing is allocated for it. */
struct smtp_errand {
	struct smtp_relay *relay;
	struct smtp_node among;	      /* all deliveries of the relay */
	struct smtp_route *route;     /* while it waits there */
	struct smtp_fair_place place; /* in that one's queue, or in none */
	struct loop_timer *timer;     /* its deadline while it waits, or the end of a back-off */
	struct smtp_node pause;	      /* among all that back off, or in no ring */
	struct instant due;	      /* the end of the back-off */
	struct loop_task told;
	bool retried;	   /* on a fresh connection, at once */
	unsigned attempts; /* that have begun */
	/* The mail under way: a server may take fewer recipients at once than there are */
	size_t first, count;
	unsigned units; /* what it takes of the account's pace */
	struct instant began;
	bool is_told_to_wait;
};

/* Filled by the caller but for the parts marked out. Slices must live until done(). */
struct smtp_delivery {
	struct smtp_upstream upstream;
	struct slice sender; /* MAIL FROM; empty is the null sender */
	const struct mailbox *recipients;
	size_t recipient_count;
	/* MAIL, RCPT, RSET, and no message: who was accepted stays UNTRIED, with the server's code and text */
	bool envelope_only;
	const struct rope *message;    /* NULL with envelope_only, or the one whose size is told */
	struct delivery_status status; /* asked for where the server offers DSN */
	struct slice envelope_id;      /* what reports name the message by (ENVID); may be empty */
	bool require_tls;	       /* by REQUIRETLS, or not at all */
	struct instant deadline;
	struct arena *arena; /* for reply texts */
	smtp_done_fn *done;
	smtp_waits_fn *waits;	       /* may be NULL */
	struct transcript *transcript; /* of its dialogue, redacted; NULL: none is made */
	void *owner;

	struct recipient_outcome *results; /* out: recipient_count of them, given by the caller */
	enum fault
		fault; /* out: FAULT_NONE when each recipient has an outcome, or some were sent it */
	enum smtp_phase phase; /* out: where the fault struck */
	/* out: the fault in a sentence; without one, why recipients are UNTRIED yet though others were sent it */
	struct problem problem;
	const struct smtp_cause *cause; /* out: what stands behind it; NULL without a fault */
	bool status_ignored; /* out: `status` was asked for, and the server does not offer DSN */
	/* out: recipients without an outcome may be tried again at once, and differently than before */
	bool try_again;
	uint64_t size_max;     /* out: bytes that the server takes of a message; 0: not said */
	uint64_t content_sent; /* out: bytes of the message that went out so far */
	struct tls_facts *tls; /* out, unless NULL: what the handshake showed, good or bad */
	struct smtp_findings
		*findings;	   /* out, unless NULL: each step of a new connection (checkup.h) */
	uint64_t retry_after_ms;   /* out: when another try makes sense; 0: not known */
	int code;		   /* out: of the reply that the fault came from; 0: none */
	struct smtp_errand errand; /* the relay's, while under way */
};

/* What the log calls it: never a host that is not the operator's own. */
static inline struct slice smtp_label(const struct smtp_upstream *u)
{
	return u->label.len > 0 ? u->label : SLICE_LIT("-");
}

MUST_USE enum fault smtp_relay_new(const struct smtp_relay_params *params,
				   struct smtp_relay **out_relay);
/* What may change while it runs: counts, pauses and times. All else stays as it is in `into`. */
void smtp_relay_params_take(struct smtp_relay_params *into, const struct smtp_relay_params *from);
/* For what begins from now on. */
void smtp_relay_set(struct smtp_relay *r, const struct smtp_relay_params *params);
void smtp_relay_send(
	struct smtp_relay *r,
	struct smtp_delivery *d); /* done() is called exactly once, never from inside */
void smtp_relay_close_idle(
	struct smtp_relay *r); /* QUIT on idle connections, now and from now on */
/*
 * The process is to end at `until`: idle connections go, and nothing is tried again any more. Who waits for a turn or for
 * another attempt that cannot come before hears STOPPING at once.
 */
void smtp_relay_drain(struct smtp_relay *r, struct instant until);
/*
 * It ends now: each delivery is told what it is. STOPPING, where not all of the content went out; UNCERTAIN, where all of
 * it did and nobody answered.
 */
void smtp_relay_give_up(struct smtp_relay *r);
/* Something was paused: whoever waits for it, or has not said MAIL yet, ends by PAUSED; from the loop. */
void smtp_relay_release(struct smtp_relay *r);
void smtp_relay_free(struct smtp_relay **r); /* no delivery may be under way */

#endif
