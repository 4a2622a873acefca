/*
 * NAME     client - asks the keeper; blocking, for worker threads and commands, never for a loop
 * OWNS     its UNIX socket; opened at the first call and again after a loss
 * FAULTS   KEEPER_DOWN (nobody answers, after at most timeout_ms), KEEPER_PROTOCOL, and what the keeper
 *          says: NO_CALLER (unknown token), NOT_FOUND, NO_SERVER, TENANT_SUSPENDED, TENANT_GONE (uninstalled), KEY_HALF,
 *          VAULT_*
 * THREADS  a client serves one thread at a time
 */
#ifndef CONFIG_KEEPER_CLIENT_H
#define CONFIG_KEEPER_CLIENT_H

#include "spool-free/base/arena.h"
#include "spool-free/base/problem.h"
#include "spool-free/base/secret.h"
#include "spool-free/job/job.h"
#include "spool-free/job/receipt_jws.h"
#include "spool-free/job/server.h"
#include "config/policy/policy.h"

struct keeper_client;
struct selfcheck;

enum { KEEPER_TOKEN_HASH = 32, TENANT_ID_MAX = 64 };

/* Who a token belongs to, and what it is good for. */
struct keeper_caller {
	char tenant[TENANT_ID_MAX];
	size_t tenant_len;
	bool may_send;
	bool may_administer;
	bool is_uninstalled; /* nothing is answered but that the app is installed again */
};

/* What a caller proves itself with: a token's SHA-256 and, where the tenant has one, its half of the key. */
struct keeper_proof {
	unsigned char token_hash[KEEPER_TOKEN_HASH];
	struct secret *half; /* NULL: none came */
};

/* One tenant's mail server, for one job. Slices lie in the arena given; the secrets are the receiver's. */
struct keeper_server {
	struct slice name;
	bool is_operators; /* the default server of all tenants, not the tenant's own */
	struct slice host;
	uint16_t port;
	enum tls_mode tls;
	struct slice username;
	struct secret *password; /* NULL, and no OAuth: no AUTH */
	struct slice ca_pem;
	struct slice from_address; /* sender that this server wants; empty: none */
	struct slice from_name;
	struct slice
		return_path; /* reports go to it, with the job's id in it; empty: to the sender */
	struct oauth_client oauth; /* flow OAUTH_NONE: a password, or no AUTH */
	struct slice pins;	   /* SERVER_PIN bytes each, at most SERVER_PINS_MAX; empty: none */
	struct slice profile;	   /* of its provider; empty: found by the host's name */
	struct server_limits limits;
	struct dkim_key dkim[SERVER_DKIM_MAX]; /* the first dkim_count of them */
	size_t dkim_count;
};

/* Wipes and frees the secrets; may be called twice. */
void keeper_server_deinit(struct keeper_server *s);

/* What the tenant set for its mails. Empty slices, false and 0 where nothing was set. */
struct keeper_tenant {
	struct slice subject_prefix;
	struct slice from_address;
	struct slice from_name;
	struct slice button_label;
	struct slice header_text;
	struct slice css;
	uint32_t image_side; /* px */
	uint32_t attached;   /* bytes of files that go along, all together */
	bool always_from;    /* this sender, whatever the job says */
	enum policy_word
		operator_server;    /* the operator's word on this tenant; unset: as for all */
	struct policy_rules policy; /* all-zero: says nothing */
	struct policy_rules space_policy; /* of the job's space */
};

/* What a job needs, in one answer. */
struct keeper_opened {
	struct keeper_tenant tenant;
	struct keeper_server server;
};

MUST_USE enum fault keeper_client_new(struct slice socket_path, uint64_t timeout_ms,
				      struct keeper_client **out_client);
void keeper_client_free(struct keeper_client **c);

MUST_USE enum fault keeper_ping(struct keeper_client *c, uint64_t *out_generation);
/* The keeper tries upon itself what its confinement forbids (spool-free/lockdown/selfcheck.h). FORBIDDEN: no such folder may be named. */
MUST_USE enum fault keeper_probe(struct keeper_client *c, struct slice folder,
				 struct selfcheck *out_found);
MUST_USE enum fault keeper_find_caller(struct keeper_client *c,
				       const unsigned char token_hash[KEEPER_TOKEN_HASH],
				       struct keeper_caller *out_caller);
/* `space`: the key of the job's space, for its policy; may be empty. */
MUST_USE enum fault keeper_get_tenant(struct keeper_client *c, struct slice tenant,
				      struct slice space, struct arena *arena,
				      struct keeper_tenant *out_tenant);
/*
 * Empty name: the tenant's default, else the operator's default server, else NO_SERVER. All if the token still stands for
 * that caller at this moment; else NO_CALLER. Whether it may send is for the asker to look at (keeper_find_caller).
 */
struct keeper_job {
	const struct keeper_proof *proof;
	const struct keeper_caller *caller;
	struct slice server;
	struct slice space;
};
MUST_USE enum fault keeper_open_job(struct keeper_client *c, const struct keeper_job *job,
				    struct arena *arena, struct keeper_opened *out_opened,
				    struct problem *p);

/* --- what an admin's token may do. Each is asked once: a connection that breaks may leave it done or not. --- */

/* The numbers are those of the vault's kinds. */
enum keeper_kind {
	KEEPER_TOKEN = 2,
	KEEPER_SERVER = 3,
	KEEPER_SETTINGS = 4,
	KEEPER_POLICY = 5, /* named by a space's key; without a name, the tenant's own */
	KEEPER_AWS = 6,
};

enum {
	KEEPER_PAIRS_MAX = 64,
	KEEPER_NAMES_MAX = 200,	       /* records of one kind that a tenant may have */
	KEEPER_CHANGE_MAX = 60 * 1024, /* bytes of all pairs together */
};

/* What a value is, as a byte on the wire. */
enum keeper_type {
	KEEPER_TEXT = 't',
	KEEPER_NUMBER = 'n', /* decimal digits */
	KEEPER_ANSWER = 'b', /* "yes" or "no" */
	KEEPER_LIST = 'l',   /* items with a line end between */
	KEEPER_NULL = '0',   /* to be forgotten; on the way back never */
	KEEPER_SECRET = 's', /* on the way back only: there is one, and its value is empty */
};

/* One key of a record. Which there are: config/vault/fields.c, and the manual. */
struct keeper_pair {
	struct slice key;
	enum keeper_type type;
	struct slice value; /* of what is secret on the way in, points into wiped memory */
};

struct keeper_document {
	uint32_t version;
	size_t count;
	struct keeper_pair pairs[KEEPER_PAIRS_MAX];
};

/* RFC 9110 13.1: what must hold of the record for a change to be made. */
enum keeper_condition_kind {
	KEEPER_IF_NEW, /* there is none; else NO_PRECONDITION, so that nobody overwrites unknowingly */
	KEEPER_IF_ABSENT,  /* If-None-Match: *; else PRECONDITION */
	KEEPER_IF_VERSION, /* If-Match: "<version>"; else PRECONDITION */
	KEEPER_IF_ANY,	   /* If-Match: * (there is one), or a removal that does not care */
};

struct keeper_condition {
	enum keeper_condition_kind kind;
	uint32_t version;
};

struct keeper_target {
	const struct keeper_proof *proof;
	enum keeper_kind kind;
	struct slice name; /* empty for settings, and for the tenant's own policy */
};

MUST_USE enum fault keeper_get_record(struct keeper_client *c, const struct keeper_target *target,
				      struct arena *arena, struct keeper_document *out_document,
				      struct problem *p);
/* The names, sorted; at most KEEPER_NAMES_MAX. `target->name` is not looked at. */
MUST_USE enum fault keeper_list_records(struct keeper_client *c, const struct keeper_target *target,
					struct arena *arena, struct slice **out_names,
					size_t *out_count, struct problem *p);
struct keeper_put {
	struct keeper_condition condition;
	const struct keeper_pair *pairs;
	size_t count;
	uint32_t version; /* out: that it has now */
	bool is_new;	  /* out: there was none */
};
/*
 * The record becomes what the pairs say. A secret that they leave out stays, as long as where it goes to, and what proves that
 * it is there, stay as they are. BAD_RECORD with the sentence, PRECONDITION, NO_PRECONDITION, VAULT_FULL; CONFLICT while
 * another change is made.
 */
MUST_USE enum fault keeper_put_record(struct keeper_client *c, const struct keeper_target *target,
				      struct keeper_put *put, struct problem *p);
MUST_USE enum fault keeper_remove_record(struct keeper_client *c,
					 const struct keeper_target *target,
					 struct keeper_condition condition, struct problem *p);

/* What happened to the app on the tenant's site. */
enum keeper_event {
	KEEPER_INSTALLED, /* again, within the retention time: all is as it was */
	KEEPER_UNINSTALLED,
};
MUST_USE enum fault keeper_tell_event(struct keeper_client *c, const struct keeper_proof *proof,
				      enum keeper_event event, struct problem *p);
/* Every record of the tenant, at once and for good. */
MUST_USE enum fault keeper_shred_tenant(struct keeper_client *c, const struct keeper_proof *proof,
					struct problem *p);

enum keeper_half_change {
	KEEPER_HALF_ADD, /* `fresh` fits, besides that of the proof when the tenant has one already */
	KEEPER_HALF_KEEP, /* only that of the proof fits */
	KEEPER_HALF_DROP, /* secrets are sealed without a half again */
};
MUST_USE enum fault keeper_change_half(struct keeper_client *c, const struct keeper_proof *proof,
				       enum keeper_half_change change, const struct secret *fresh,
				       struct problem *p);

/* --- the house's own keys; the first one to be asked for makes them, which may be a CONFLICT while the vault is being changed --- */

enum { KEEPER_DAY_KEY = 32 };

/* What tags in the log of that day, in days since 1970-01-01, are keyed by. NOT_FOUND but for today, the 31 days before it, and tomorrow. */
MUST_USE enum fault keeper_tag_key(struct keeper_client *c, uint32_t day,
				   unsigned char out_key[KEEPER_DAY_KEY], struct problem *p);
/* A claim as receipt_is_claim() has it; adds a compact JWS of at most RECEIPT_JWS_MAX bytes. */
MUST_USE enum fault keeper_sign_receipt(struct keeper_client *c, struct slice claim,
					struct buf *out_receipt, struct problem *p);
/* Which keys receipts are checked by. */
MUST_USE enum fault keeper_receipt_keys(struct keeper_client *c, struct receipt_keys *out_keys,
					struct problem *p);

#endif
