/*
 * NAME     keepers - a keeper in a process of its own, beside a vault in a folder of its own; every call ends the test when
 *          it fails
 * HOLDS    the sample of vaults.h, and tokens KEEPERS_ADMIN of acme, KEEPERS_BARE of bare, which send and administer
 * WRITES   the keeper by itself notes which tokens were used; keepers_settle() returns when it did, and it does so again a
 *          minute later at the earliest
 * USE      keepers_setup(&k); keepers_start(&k); ... keepers_teardown(&k);
 */
#ifndef TESTS_SUPPORT_KEEPERS_H
#define TESTS_SUPPORT_KEEPERS_H

#include <limits.h>
#include <sys/types.h>

#include "config/vault/vault.h"
#include "config/keeper/client.h"

#define KEEPERS_ADMIN "pp_admin56789012345678901234567890123456789012345"
#define KEEPERS_BARE  "pp_bare567890123456789012345678901234567890123456"

enum { KEEPERS_PATIENCE_MS = 20 * 1000, KEEPERS_ARENA = 256 * 1024 };

struct keepers {
	char folder[32];
	char vault_path[PATH_MAX];
	char socket_path[PATH_MAX];
	uint64_t retention_ms;
	uint64_t file_max;	 /* larger files cannot be written by the keeper; 0: as ever */
	uint64_t alive_every_ms; /* so often the keeper writes a byte to alive_fd; 0: never */
	int alive_fd;
	pid_t pid;    /* -1: none runs */
	int stop_end; /* closing it ends the keeper */
	struct vault *vault;
	int lock;
};

void keepers_setup(struct keepers *k);
void keepers_teardown(struct keepers *k); /* nothing but the vault's own files may be left */
void keepers_path(const struct keepers *k, const char *name, char out[PATH_MAX]);

/* Returns when requests are answered; false when it ended before. */
bool keepers_start(struct keepers *k);
int keepers_run(const struct keepers *k, int stop_fd, int ready_fd); /* in this process */
int keepers_stop(struct keepers *k);				     /* its status, as of wait(2) */
void keepers_kill(struct keepers *k);
struct keeper_client *keepers_client(const struct keepers *k, uint64_t timeout_ms);
void keepers_settle(struct keepers *k);

/* The vault as a command has it: the newest one under its lock, until it is saved. */
struct vault *keepers_begin(struct keepers *k);
void keepers_end(struct keepers *k);
/* What is in the files; the caller's. */
struct vault *keepers_load(const struct keepers *k);

/* With a half, or NULL; it has to live as long. */
struct keeper_proof keepers_proof(const char *token, struct secret *half);
void keepers_put_token(struct vault *v, const char *token, const char *tenant,
		       enum vault_scope scope);

#endif
