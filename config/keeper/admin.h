/*
 * NAME     admin - what an admin's token asks of the keeper: its tenant's records, read and changed
 * RULE     a token reaches its own tenant's things and no others: the tenant is never named in a request
 * SECRETS  are never told; a record that is put without them keeps those it had, as long as where they go to, and what proves
 *          that it is there, stay as they are; a key that signs, its domain and selector
 * OWNS     nothing; a change is made to the vault in memory, saving it is the caller's
 * LIMIT    ADMIN_RECORDS_MAX records of one kind for a tenant, ADMIN_BYTES_MAX in all: no tenant fills the vault
 * FAULTS   travel inside the answer (wire_result_of) with a sentence; only NO_MEMORY and TOO_LARGE are its own
 * THREADS  as the vault
 */
#ifndef CONFIG_KEEPER_ADMIN_H
#define CONFIG_KEEPER_ADMIN_H

#include "config/vault/vault.h"
#include "config/keeper/wire.h"

enum { ADMIN_RECORDS_MAX = 200, ADMIN_BYTES_MAX = 1024 * 1024 };

/* What an audit needs to know of a change; texts lie in `room`. */
struct admin_change {
	bool is_made;  /* there is something to save */
	bool is_begun; /* the vault may be changed in part: without `is_made` it is to be reverted */
	const char *what;
	struct slice tenant;
	struct slice kind;
	struct slice by; /* token- and the first digits of its hash */
	char room[2 * (VAULT_TEXT_MAX + 1)];
};

bool admin_is_change(const struct wire_message *request); /* it may have to be saved */
bool admin_is_request(const struct wire_message *request);

/* `now` is what is written as the time; RFC 3339. */
MUST_USE enum fault admin_answer(struct vault *v, const struct wire_message *request,
				 struct slice now, struct admin_change *out_change,
				 struct secret **out_frame);

#endif
