/*
 * NAME     compose - a job, what its tenant set, and the mail server's record become one
 *          message's particulars
 * PURE     no clock, no chance
 * RULES    From: the tenant's where it is to stand always; else the job's own, else the server's, else the tenant's, else
 *          the sending user's address; its name is the record's, else the sender's. Reply-To: the job's own, else
 *          the sending user where From is another address. Subject: the job's own, else prefix
 *          and title. Envelope sender: the server's return path with the job's id, else
 *          the address of From. Message-ID: with an Idempotency-Key
 *          it is derived from tenant and key, so that a resend can be recognised downstream; else
 *          from the job's id
 * LAYOUT   the job's own header text, button label, CSS and image side, else the tenant's
 * OWNS     nothing; results lie in the job's arena
 * FAULTS   NO_MEMORY; BAD_FIELD when no address for From is known at all, FORBIDDEN when none is in a record that has to be
 */
#ifndef RELAY_GATEWAY_COMPOSE_H
#define RELAY_GATEWAY_COMPOSE_H

#include "spool-free/base/problem.h"
#include "spool-free/job/job.h"
#include "config/keeper/client.h"
#include "render/render.h"

struct composed {
	struct render_input input;
	struct party from;
	struct slice message_id;
	struct slice envelope_id;   /* the job's id: what reports of delivery name the mail by */
	struct mailbox *recipients; /* to, cc, bcc in this order */
	size_t recipient_count;
	struct slice envelope_sender;
};

struct compose_records {
	const struct keeper_tenant *tenant;
	const struct keeper_server
		*server; /* NULL for an account that the job carried, and for a preview */
	bool wants_from; /* From is to be out of one of them, and not the sending user's address */
};

MUST_USE enum fault compose(struct job *job, const struct compose_records *records,
			    struct composed *out, struct problem *problem);

#endif
