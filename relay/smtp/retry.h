/*
 * NAME     retry - whether what a delivery ended by may pass when it is tried again
 * RULE     pure. Never for who has an outcome, but for those that the server only asked to wait (design.md promise 2): a
 *          4yz is the server's word that it has not taken the message, a lost answer is not, and 421 behind the content
 *          may stand for either
 * SEE      relay.md B1 to B3, B7; decode.h (what an answer means)
 */
#ifndef RELAY_SMTP_RETRY_H
#define RELAY_SMTP_RETRY_H

#include "relay/smtp/smtp.h"

enum smtp_retry {
	SMTP_RETRY_NOT,	     /* it would not help, or not as long as a job lives (greylisting) */
	SMTP_RETRY_FAILURE,  /* a connection that could not be made, or was lost */
	SMTP_RETRY_PATIENCE, /* too many connections, too many messages in a short time */
};

/* Of the mail under way, as its recipients and the fault tell. `*out_wait_s`: what is known to be needed; 0: nothing is. */
enum smtp_retry smtp_retry_of(const struct smtp_delivery *d, unsigned *out_wait_s);
/* Those whom the server asked to wait are untried again. */
void smtp_retry_reopen(struct smtp_delivery *d);

#endif
