/*
 * NAME     client - asks the keeper; blocking, for worker threads and commands, never for a loop
 * OWNS     its UNIX socket; opened at the first call and again after a loss
 * FAULTS   KEEPER_DOWN (nobody answers, after at most timeout_ms), KEEPER_PROTOCOL, and what the keeper
 *          says: NO_CALLER (unknown token), NOT_FOUND, NO_SERVER, TENANT_SUSPENDED, VAULT_*
 * THREADS  a client serves one thread at a time
 */
#ifndef CONFIG_KEEPER_CLIENT_H
#define CONFIG_KEEPER_CLIENT_H

#include "spool-free/base/arena.h"
#include "spool-free/base/secret.h"
#include "spool-free/job/job.h"
#include "spool-free/job/server.h"

struct keeper_client;

enum { KEEPER_TOKEN_HASH = 32, TENANT_ID_MAX = 64 };

/* Who a token belongs to. */
struct keeper_caller {
	char tenant[TENANT_ID_MAX];
	size_t tenant_len;
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
	struct oauth_client oauth; /* flow OAUTH_NONE: a password, or no AUTH */
	struct slice pins;	   /* SERVER_PIN bytes each, at most SERVER_PINS_MAX; empty: none */
	struct slice profile;	   /* of its provider; empty: found by the host's name */
	struct server_limits limits;
	struct dkim_key dkim[SERVER_DKIM_MAX]; /* the first dkim_count of them */
	size_t dkim_count;
};

/* Wipes and frees the secrets; may be called twice. */
void keeper_server_deinit(struct keeper_server *s);

/* What the tenant set for its mails. Empty slices where nothing was set. */
struct keeper_tenant {
	struct slice subject_prefix;
	struct slice from_address;
	struct slice from_name;
	struct slice button_label;
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
MUST_USE enum fault keeper_find_caller(struct keeper_client *c,
				       const unsigned char token_hash[KEEPER_TOKEN_HASH],
				       struct keeper_caller *out_caller);
MUST_USE enum fault keeper_get_tenant(struct keeper_client *c, struct slice tenant,
				      struct arena *arena, struct keeper_tenant *out_tenant);
/* Empty name: the tenant's default, else the operator's default server, else NO_SERVER. */
MUST_USE enum fault keeper_open_server(struct keeper_client *c, struct slice tenant,
				       struct slice name, struct arena *arena,
				       struct keeper_server *out_server);
/* Both, if the token still stands for that caller at this moment; else NO_CALLER. */
MUST_USE enum fault keeper_open_job(struct keeper_client *c,
				    const unsigned char token_hash[KEEPER_TOKEN_HASH],
				    const struct keeper_caller *caller, struct slice name,
				    struct arena *arena, struct keeper_opened *out_opened);

#endif
