/*
 * NAME     keeper - the process that holds the opened vault and answers on one UNIX socket
 * VAULT    held.h says how it follows the files and changes them
 * PEERS    processes of its own user, of root, and of one more user, by SO_PEERCRED
 * LIMIT    KEEPER_PEERS connections at a time; further ones wait in the socket's queue
 * FAULTS   of the start: VAULT_*, SYSTEM, with a sentence. A running keeper ends by stop_fd alone
 * THREADS  one
 */
#ifndef CONFIG_KEEPER_KEEPER_H
#define CONFIG_KEEPER_KEEPER_H

#include <sys/types.h>

#include "spool-free/base/problem.h"
#include "config/vault/vault.h"

enum { KEEPER_PEERS = 64 };

struct keeper_params {
	const char *vault_path;
	const struct vault_unlock *
		unlock; /* at the start, and when the master key was changed; lives as long as the keeper */
	const char
		*socket_path; /* made here, and removed at the end; NULL: listen_fd is a listener */
	int listen_fd;
	bool has_peer; /* one more user may ask */
	uid_t peer;
	/* Called once all is open and before the first request: confinement. NULL: none. */
	enum fault (*confine)(void *ctx);
	void *confine_ctx;
	uint64_t retention_ms; /* of what an uninstalled tenant leaves; 0: none */
	int stop_fd;	       /* readable: end */
	/*
	 * Called when `reload_fd` is readable, then the vault is read again; says how long the retention is from then on. NULL: never,
	 * and there is no descriptor.
	 */
	uint64_t (*reload)(void *ctx, uint64_t retention_ms);
	void *reload_ctx;
	int reload_fd;
	int ready_fd; /* gets one byte when requests are answered; -1: nobody waits for it */
	/* Called at least once in twice that time as long as requests are answered. NULL: never. */
	void (*alive)(void *ctx);
	void *alive_ctx;
	uint64_t alive_every_ms;
};

MUST_USE enum fault keeper_run(const struct keeper_params *params, struct problem *p);

bool keeper_peer_is_allowed(uid_t peer, uid_t own, const struct keeper_params *params);

#endif
