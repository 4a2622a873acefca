/*
 * NAME     stage - what is done with a request, in this order
 */
#ifndef RELAY_GATEWAY_STAGE_H
#define RELAY_GATEWAY_STAGE_H

enum stage {
	STAGE_CALLER,  /* who is it */
	STAGE_ADMIT,   /* may it come in: decided on the head */
	STAGE_RECORD,  /* an admin's request: the keeper does it, and nothing else follows */
	STAGE_ENTER,   /* the job is here: policy, repeated key */
	STAGE_OPEN,    /* the tenant's record and mail server, for this one job */
	STAGE_RENDER,  /* page and attachments become a message */
	STAGE_TOKEN,   /* an OAuth token, for a server that wants one */
	STAGE_SEND,    /* through the upstream */
	STAGE_RECEIPT, /* of what was sent, where one is asked for */
	STAGE_ANSWER,  /* and out of the table of flights */
	STAGE_COUNT
};

#endif
