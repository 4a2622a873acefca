/*
 * NAME     work - one request of the keeper while it is answered: who asks, what was opened for it, what is answered
 * OWNS     what it opened, wiped by work_close()
 * FAULTS   NO_CALLER (an unknown token, or one whose tenant is gone), TENANT_SUSPENDED, FORBIDDEN, and the vault's
 * THREADS  as the vault
 */
#ifndef CONFIG_KEEPER_WORK_H
#define CONFIG_KEEPER_WORK_H

#include "config/vault/vault.h"
#include "config/keeper/opened.h"
#include "config/keeper/wire.h"

struct work {
	const struct vault *vault;
	const struct wire_message *request;
	struct arena arena;
	struct vault_token token;   /* of the caller, once it is open */
	struct vault_tenant tenant; /* the same */
	struct vault_server server; /* with secrets */
	struct secret *half;	    /* that came with the request; NULL: none did */
	struct wire_message answer;
	struct opened_numbers numbers;
	struct problem problem;
};

void work_open(struct work *w, const struct vault *v, const struct wire_message *request);
void work_close(struct work *w);

/* A record that holds no secret. */
MUST_USE enum fault work_find(struct work *w, enum vault_kind kind, struct slice tenant,
			      struct slice name, struct vault_record *out_record);
/* NOT_FOUND leaves `record` as it is. */
MUST_USE enum fault work_find_server(struct work *w, struct slice tenant, struct slice name);

/* The caller behind the first field of the request: token and tenant are open then. */
MUST_USE enum fault work_caller(struct work *w);
/* The tenant of this id, unless it is suspended or uninstalled. */
MUST_USE enum fault work_tenant(struct work *w, struct slice id);
/* A half of the key, if the field holds one. */
MUST_USE enum fault work_half(struct work *w, struct slice field);

/* The answer's frame: what `f` says, with the problem's sentence. */
MUST_USE enum fault work_answer(struct work *w, enum fault f, struct secret **out_frame);

/* The frame of a refusal by itself. */
MUST_USE enum fault work_refusal(enum fault f, const struct problem *p, struct secret **out_frame);

#endif
