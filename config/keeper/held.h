/*
 * NAME     held - the vault as a keeper holds it: it follows the files, answers requests, changes what it is asked to
 * FOLLOWS  before each request it looks whether the files are others. What it cannot take (damaged, missing, an older generation)
 *          it leaves, says so once by an event, and serves what it has
 * CHANGES  under the vault's lock, on the newest files; what could not be saved is undone and answered so: what it holds then
 *          is what the files say. A lock that stays taken is waited for once, since all requests wait meanwhile. While the files are ones that it did not take nothing is changed
 * OWNS     the opened vault; held_close() lets go of all of it
 * THREADS  one
 */
#ifndef CONFIG_KEEPER_HELD_H
#define CONFIG_KEEPER_HELD_H

#include "config/vault/commit.h"
#include "config/keeper/house.h"
#include "config/keeper/recall.h"

struct held {
	const char *path;
	const struct vault_unlock *unlock;
	uint64_t retention_ms;
	struct vault *vault;
	struct commit_stamp seen; /* of the last files that were looked at, taken or not */
	enum fault refused;	  /* what was wrong with them */
	bool is_kept_out;	  /* the last change waited for the lock in vain */
	bool is_unsettled;	  /* it holds what was not saved, and could not be undone yet */
	struct recall recall;
	uint64_t changes; /* how often what it holds became something else; what recall.h goes by */
	struct house house;
	struct instant uses_due; /* when tokens' days are written */
	struct instant sweep_due;
};

/* `path`, `unlock` and `retention_ms` are set. */
MUST_USE enum fault held_open(struct held *h, struct problem *p);
void held_close(struct held *h);

/* A whole request's answer. A fault: the peer does not speak this protocol, or there is no memory. */
MUST_USE enum fault held_answer(struct held *h, const struct wire_frame *in,
				struct secret **out_frame);

/* The files are read again, whatever their stamps say; and from now on another time holds. */
void held_reload(struct held *h, uint64_t retention_ms);

/* What is due by now, and when something may be next, in milliseconds. */
void held_keep_house(struct held *h);
int held_idle_ms(const struct held *h);

#endif
