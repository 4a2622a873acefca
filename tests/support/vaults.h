/*
 * NAME     vaults - a small vault with cheap scrypt for tests; every call ends the test when it fails
 * HOLDS    tenants "acme" (its server "main" is its default) and "bare" (nothing), "asleep" (suspended); tokens
 *          VAULTS_TOKEN of acme and VAULTS_SLEEPER of asleep; acme's settings and its server "main", the operator's server
 */
#ifndef TESTS_SUPPORT_VAULTS_H
#define TESTS_SUPPORT_VAULTS_H

#include "config/vault/vault.h"

#define VAULTS_TOKEN	"pp_0123456789012345678901234567890123456789012"
#define VAULTS_SLEEPER	"pp_sleeper9012345678901234567890123456789012"
#define VAULTS_PHRASE	"correct horse battery staple"
#define VAULTS_PASSWORD "s3cr\"et\\ p\xC3\xA4ss\x01"
#define VAULTS_PIN_1	"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define VAULTS_PIN_2	"fedcba9876543210fedcba9876543210fedcba9876543210fedcba9876543298"

enum { VAULTS_LOG_N = 10, VAULTS_ARENA = 256 * 1024, VAULTS_COUNT = 8 };

/* What a vault is on disk. */
struct vaults_files {
	struct buf vault;
	struct buf ledger;
};

/* In static storage: valid until four more of them were made. */
const struct vault_unlock *vaults_by_phrase(const char *phrase);
const struct vault_unlock *vaults_by_credential(char fill);

struct vault *vaults_sample(const struct vault_unlock *unlock);
/* Its next generation, the ledger's too, as both are when a change is done. */
void vaults_encode(struct vault *v, struct vaults_files *out);
void vaults_deinit(struct vaults_files *files);
MUST_USE enum fault vaults_open(const struct vaults_files *files, const struct vault_unlock *u,
				struct vault **out_vault, struct problem *p);
MUST_USE enum fault vaults_refresh(const struct vaults_files *files, struct vault *v,
				   struct problem *p);
/* A tenant's half of the key; the caller's. */
struct secret *vaults_half(char fill);
/* Looks for a record and lets go of it: only whether it opens. */
enum fault vaults_find(const struct vault *v, enum vault_kind kind, const char *tenant,
		       const char *name, const struct secret *half);
void vaults_hash(const char *token, unsigned char out_hash[32], char out_hex[64]);
/*
 * What opens of the sample, a bit each: acme's things, its server without a half, with the halves 'h' and '2'; the others,
 * which are bare, asleep with its token and the operator's server.
 */
enum vaults_bit {
	VAULTS_TENANT = 1,
	VAULTS_SETTINGS = 2,
	VAULTS_OF_TOKEN = 4,
	VAULTS_SERVER = 8,
	VAULTS_SERVER_H = 16,
	VAULTS_SERVER_2 = 32,
	VAULTS_SPLIT = 64,
	VAULTS_OTHERS = 128,
	VAULTS_FRESH = 256, /* a tenant of this name */
	VAULTS_PLAIN = VAULTS_TENANT | VAULTS_SETTINGS | VAULTS_OF_TOKEN,
	VAULTS_WHOLE = VAULTS_OTHERS | VAULTS_PLAIN | VAULTS_SERVER | VAULTS_SERVER_H |
		       VAULTS_SERVER_2,
	VAULTS_BY_H = VAULTS_OTHERS | VAULTS_PLAIN | VAULTS_SERVER_H | VAULTS_SPLIT,
	VAULTS_BY_2 = VAULTS_OTHERS | VAULTS_PLAIN | VAULTS_SERVER_2 | VAULTS_SPLIT,
	VAULTS_BY_BOTH = VAULTS_BY_H | VAULTS_BY_2,
};
unsigned vaults_state(const struct vault *v);
/* acme's token, and what is put for whichever tenant. */
enum fault vaults_find_token(const struct vault *v, const char *token);
void vaults_put_tenant(struct vault *v, const char *id);
void vaults_put_server(struct vault *v, const char *tenant, const char *name,
		       const struct secret *half);
struct vault_record vaults_server(const char *tenant, const char *name, const char *password);
/* By a refresh token, with every other thing that a record may say. */
struct vault_record vaults_oauth_server(const char *tenant, const char *name);

#endif
