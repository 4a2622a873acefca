/*
 * NAME     admins - what an admin asks of a keeper, by the frames that a client sends; every call ends the test when it fails
 * HOLDS    the sample of vaults.h, in which acme has a token that administers and one that may only send; and a tenant "other"
 *          with a server "theirs" and a token of its own
 * USE      admins_name(WIRE_PUT_RECORD, ...); admins_say_condition(...); admins_add(...); admins_ask(); or, of all at once,
 *          admins_get(), admins_put(). The answer's fields stand until the next one is asked
 */
#ifndef TESTS_SUPPORT_ADMINS_H
#define TESTS_SUPPORT_ADMINS_H

#include "config/vault/vault.h"
#include "config/keeper/admin.h"
#include "config/keeper/client.h"

#define ADMINS_TOKEN	"pp_admin56789012345678901234567890123456789012345"
#define ADMINS_OF_OTHER "pp_other56789012345678901234567890123456789012345"
#define ADMINS_SENDER	"pp_sends56789012345678901234567890123456789012345"
#define ADMINS_NOW	"2026-11-29T12:00:00.000Z"

struct admins {
	struct vault *vault;
	struct secret *frame;
	struct admin_change change;
	struct wire_message request, answer;
	unsigned char hash[32];
	unsigned char kind;
	unsigned char condition[WIRE_CONDITION_LEN];
};

extern struct admins admins;
extern const struct slice admins_no_half;
extern const char *const admins_only_host[3];

void admins_store(struct vault_record r);
void admins_store_token(const char *token, const char *tenant, enum vault_scope scope);
void admins_setup(void);
void admins_teardown(void);
enum fault admins_ask(void);
void admins_begin(enum wire_operation code, const char *token);
void admins_add(struct slice field);
void admins_name(enum wire_operation code, const char *token, struct slice half,
		 enum keeper_kind of, const char *name);
void admins_say_condition(enum keeper_condition_kind what, uint32_t version);
enum fault admins_get(enum keeper_kind of, const char *name);
enum fault admins_put(enum keeper_kind of, const char *name, enum keeper_condition_kind what,
		      uint32_t version, const char *const *pairs);
struct slice admins_told(const char *key);
void admins_check_told(const char *key, const char *value);
void admins_check_sentence(const char *part);

#endif
