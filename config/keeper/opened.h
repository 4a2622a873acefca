/*
 * NAME     opened - records that were opened for a job, as fields of an answer
 * OWNS     the numbers that its fields point to; texts and secrets are the records'
 * ENGINE   pure
 */
#ifndef CONFIG_KEEPER_OPENED_H
#define CONFIG_KEEPER_OPENED_H

#include "config/vault/record.h"
#include "config/keeper/wire.h"

struct opened_policy {
	unsigned char words[WIRE_POLICY_WORDS_LEN];
	unsigned char limits[WIRE_POLICY_LIMITS_LEN];
};

/* Room for what is not a text. */
struct opened_numbers {
	unsigned char tenant[WIRE_TENANT_NUMBERS_LEN];
	struct opened_policy policy, space_policy;
	unsigned char port[2];
	unsigned char flags[4];
	unsigned char limits[WIRE_LIMITS_LEN];
	char pins[SERVER_PINS_MAX * SERVER_PIN];
};

struct opened_tenant {
	enum vault_answer operator_server;     /* the operator's word on the tenant */
	const struct vault_settings *settings; /* all-zero ones say nothing */
	const struct vault_policy *policy;
	const struct vault_policy *space_policy;
};

/* WIRE_TENANT_FIELDS of them. */
void opened_put_tenant(const struct opened_tenant *t, struct opened_numbers *n,
		       struct slice *fields);
/* WIRE_SERVER_FIELDS of them. */
void opened_put_server(const struct vault_server *s, struct opened_numbers *n,
		       struct slice *fields);

#endif
