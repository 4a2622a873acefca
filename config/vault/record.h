/*
 * NAME     record - what the vault holds about tenants, tokens and servers, as libconfig text in the seal
 * BOXES    libconfig for records. Its strings live in its own heap until it is destroyed, which is at once;
 *          the tree's strings are wiped before. Its scanner's buffer is out of reach: the program's free() wipes
 *          it. libconfig checks no allocation: without memory the process ends
 * OWNS     a server's secrets; slices point into the arena given to vault_record_read()
 * STRICT   an unknown key, a wrong type, a missing key and a value past its limit are refused by name. A key that was
 *          added later is never needed, so that records of before are read
 * FAULTS   BAD_RECORD with a sentence, NO_MEMORY
 * THREADS  any; libconfig keeps no globals
 */
#ifndef CONFIG_VAULT_RECORD_H
#define CONFIG_VAULT_RECORD_H

#include "spool-free/base/arena.h"
#include "spool-free/base/problem.h"
#include "spool-free/base/secret.h"
#include "spool-free/job/job.h"
#include "spool-free/job/server.h"
#include "config/vault/format.h"
#include "config/vault/value.h"

enum {
	VAULT_TEXT_MAX = 255, /* names that people read, user names */
	VAULT_CONNECTIONS_MAX = 1000,
	VAULT_RATE_MAX = 1000 * 1000,
	VAULT_RETURN_LOCAL_MAX = 27, /* RFC 5321 4.5.3.1.1: 64, with "+" and a UUID behind it */
};

/* The operator's default server: a record of no tenant, under this name. */
#define VAULT_OPERATOR_SERVER "operator"

enum vault_state { VAULT_ACTIVE, VAULT_SUSPENDED, VAULT_UNINSTALLED };
enum vault_auth { VAULT_AUTH_PASSWORD, VAULT_AUTH_OAUTH };
enum vault_scope { VAULT_SCOPE_SEND, VAULT_SCOPE_ADMIN, VAULT_SCOPE_BOTH };
enum vault_answer { VAULT_UNSAID, VAULT_YES, VAULT_NO };

/* How a tenant's mails are and where they go: what the site's admin sets. */
struct vault_settings {
	struct slice tenant;
	struct slice from_name;
	struct slice from_address;
	enum vault_answer always_from; /* this sender, whatever the job says */
	struct slice subject_prefix;
	struct slice header_text; /* a line above the page's title */
	struct slice button_label;
	struct slice css;
	uint32_t image_side;	     /* px; larger pictures are scaled down to it; 0: not said */
	uint32_t attached;	     /* bytes of files that go along, all together; 0: not said */
	struct slice default_server; /* name of one of its servers; empty: the operator's */
};

struct vault_tenant {
	struct slice id;
	enum vault_state state;
	struct slice created; /* RFC 3339, as all times here */
	enum vault_answer
		operator_server;  /* may it use the operator's; not said: as the settings have it */
	struct slice region;	  /* where its data is to be; a word of the operator's */
	struct slice uninstalled; /* since when it is */
	struct vault_settings before; /* in records of format 1, which are taken apart at once */
};

/* The token itself is nowhere: only its SHA-256. */
struct vault_token {
	struct slice hash; /* hexadecimal */
	struct slice tenant;
	struct slice label;
	struct slice created;
	struct slice last_used; /* a day, such as 2026-11-29; empty: never */
	enum vault_scope scope;
};

enum vault_from {
	VAULT_FROM_UNSAID,
	VAULT_FROM_ANY,
	VAULT_FROM_OWN,
	VAULT_FROM_SERVER,
	VAULT_FROM_LIST,
};

/*
 * Who may send what to whom, of a tenant or of one of its spaces; what is not said is allowed. Lists are
 * lines. A limit is kept with 1 added to it, so that 0 says nothing.
 */
struct vault_policy {
	struct slice tenant;
	struct slice space;	   /* its key; empty: the tenant's own */
	enum vault_answer enforce; /* over the spaces' policies; not said is yes */
	struct slice groups;
	struct slice spaces;
	struct slice recipient_domains;
	enum vault_from from;
	struct slice senders;
	uint32_t recipients;
	uint32_t attachments;
	uint32_t attachment_bytes;
	enum vault_answer job_accounts;
	struct slice upstream_hosts;
	enum vault_answer external_images;
	enum vault_answer operator_server; /* it may be used */
};

/*
 * The house's own keys, made by the keeper when one is first needed: there is at most one such record, and it is the
 * operator's. As hexadecimal digits, since a record is text.
 */
struct vault_house {
	struct secret *log_key;	    /* what tags in the log are keyed by, day by day */
	struct secret *receipt_key; /* Ed25519 seed: signs receipts */
	struct slice
		receipt_keys_before; /* public keys that signed before, the newest first; lines */
};

/* An account of Amazon Web Services whose alarms a page may show. */
struct vault_aws {
	struct slice tenant;
	struct slice name;
	struct slice role_arn;
	struct slice region;
	struct slice label;
	struct slice external_id;
};

struct vault_server {
	struct slice tenant; /* empty: the operator's */
	struct slice name;
	struct slice host;
	uint16_t port;
	enum tls_mode tls;
	struct slice username; /* empty: no AUTH */
	struct secret *password;
	struct slice ca_pem;
	struct slice from_name;
	struct slice from_address;
	struct slice
		return_path; /* where reports go to, "+" and the job's id behind its local part; empty: to From */
	enum vault_auth auth;
	struct oauth_client oauth;
	struct slice pins[SERVER_PINS_MAX]; /* hexadecimal */
	struct slice profile;		    /* empty: found by the host's name */
	struct server_limits limits;
	struct dkim_key dkim[SERVER_DKIM_MAX]; /* each whole or empty */
};

struct vault_record {
	enum vault_kind kind;
	union {
		struct vault_tenant tenant;
		struct vault_token token;
		struct vault_server server;
		struct vault_settings settings;
		struct vault_policy policy;
		struct vault_aws aws;
		struct vault_house house;
	};
};

/*
 * Names one record: a tenant by `name`, a token by `name` (hash in hexadecimal), settings by `tenant`, a server and an
 * AWS account by both, a policy by both or, when it is the tenant's own, by `tenant`; the house's keys by neither.
 */
struct vault_key_name {
	enum vault_kind kind;
	struct slice tenant;
	struct slice name;
};

struct vault_key_name vault_name_of(const struct vault_record *r);
struct slice vault_tenant_of(const struct vault_record *r); /* empty: the operator */

/* Frees the secrets that there are. */
void vault_record_deinit(struct vault_record *r);

struct slice vault_kind_name(enum vault_kind kind); /* tenant, token, server … */

/* Same rules for what an admin enters and for what was read: lengths, names, port, words. */
MUST_USE enum fault vault_record_check(const struct vault_record *r, struct problem *p);

/* `text` must be followed by a NUL. */
MUST_USE enum fault vault_record_read(enum vault_kind kind, struct slice text, struct arena *into,
				      struct vault_record *out_record, struct problem *p);
/*
 * A secret as large as it will be sealed: 4 bytes of length, the text, NUL bytes up to the padding.
 */
MUST_USE enum fault vault_record_write(const struct vault_record *r, struct secret **out_padded,
				       struct problem *p);
/* The text inside such a secret's bytes; BAD_RECORD when its length cannot be. */
MUST_USE enum fault vault_record_text(struct slice padded, struct slice *out_text);

#endif
