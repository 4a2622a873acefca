/*
 * NAME     account - what is known of an upstream's account beyond its connections: whether it may be used now, how fast,
 *          and what its server taught
 * OWNS     nothing; lives in its route
 * RULE     pure: time and chance are arguments. One breaker for each class of trouble; the one with the wrong password
 *          opens sooner and for longer
 * SEE      relay.md B5 to B7, E6
 */
#ifndef RELAY_SMTP_ACCOUNT_H
#define RELAY_SMTP_ACCOUNT_H

#include "spool-free/base/fault.h"
#include "spool-free/job/outcome.h"
#include "relay/smtp/breaker.h"
#include "relay/smtp/pace.h"
#include "relay/smtp/wear.h"

/* Why a session did not come to its message. */
enum smtp_trouble {
	SMTP_TROUBLE_CONNECT,
	SMTP_TROUBLE_TLS,
	SMTP_TROUBLE_AUTH,
	SMTP_TROUBLE_PROTOCOL,
	SMTP_TROUBLES, /* none of them: the fault says nothing of the server */
};

struct smtp_account_rules {
	struct smtp_breaker_rule usual;
	struct smtp_breaker_rule auth;
};

enum smtp_gate {
	SMTP_GATE_OPEN, /* the next message may go */
	SMTP_GATE_PACE, /* in a while */
	SMTP_GATE_TRY,	/* one is trying whether the server is back: its end decides */
	SMTP_GATE_SHUT, /* a breaker is open */
};

/* All-zero with its pace set is a valid new one. */
struct smtp_account {
	struct smtp_pace pace;
	struct smtp_breaker breakers[SMTP_TROUBLES];
	struct smtp_wear wear;
	unsigned recipients; /* a mail, learned; 0: not known */
};

enum smtp_trouble smtp_trouble_of(enum fault f, enum smtp_phase phase);
struct slice smtp_trouble_name(enum smtp_trouble t);

/* `*out_wait_ms`: until it may be otherwise; for TRY nobody knows, and it is 0. */
enum smtp_gate smtp_account_gate(const struct smtp_account *a, unsigned units, struct instant now,
				 uint64_t *out_wait_ms);
/* A message of so many units goes; if a breaker is due, it is the one that tries. */
void smtp_account_take(struct smtp_account *a, unsigned units, struct instant now);

/*
 * What a message's end says of the breakers; the trouble whose breaker opened, or closed, else SMTP_TROUBLES. Who came as
 * far as to this trouble had none of those before it.
 */
enum smtp_trouble smtp_account_failed(struct smtp_account *a, enum smtp_trouble t,
				      const struct smtp_account_rules *rules, struct instant now,
				      uint64_t chance);
enum smtp_trouble smtp_account_succeeded(struct smtp_account *a);
/* It ended by something that is nobody's trouble, before the session was up. */
void smtp_account_learned_nothing(struct smtp_account *a);

void smtp_account_learn_recipients(struct smtp_account *a, unsigned accepted);
/* Nothing in it differs from a new one, as far as the next message could tell. */
bool smtp_account_is_blank(const struct smtp_account *a, struct instant now);

#endif
