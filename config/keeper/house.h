/*
 * NAME     house - what a keeper does without being asked: the day each token was last used, and tenants whose retention
 *          time after an uninstallation is over
 * WHY      a write of the vault for each use of a token would be one a job: uses are gathered, and written together
 * OWNS     its list of uses; house_deinit() wipes and frees it. Saving the vault is the caller's
 * LIMIT    HOUSE_USES tokens between two writes; further ones are noted when they are used again
 * THREADS  one owner at a time
 */
#ifndef CONFIG_KEEPER_HOUSE_H
#define CONFIG_KEEPER_HOUSE_H

#include "spool-free/base/instant.h"
#include "config/vault/vault.h"

enum { HOUSE_USES = 8192, HOUSE_HASH = 32, HOUSE_SWEEP = 64 };

struct house_use;

struct house {
	struct house_use *uses; /* a table of 2 * HOUSE_USES places; NULL until one is noted */
	size_t count;
	int64_t day; /* since when they are gathered; days since 1970 */
	size_t unsaved;
};

void house_deinit(struct house *h); /* an all-zero one is empty */

/* A token was good for something. Cheap: it is called with each request. */
void house_note_use(struct house *h, struct slice token_hash, struct civil now);
bool house_has_news(const struct house *h); /* there are uses to be written */

/* Writes the uses into the tokens' records; how many records changed. They stay news until they are saved. */
MUST_USE enum fault house_write_uses(const struct house *h, struct vault *v, size_t *out_changed);
void house_uses_are_saved(struct house *h);

/* Tenants that were shredded at once. */
struct house_gone {
	size_t count;
	struct {
		char id[VAULT_NAME_MAX];
		size_t len;
	} tenants[HOUSE_SWEEP];
};

/* Shreds tenants that were uninstalled longer ago; the rest of more than HOUSE_SWEEP is for the next time. */
MUST_USE enum fault house_sweep(struct vault *v, struct civil now, uint64_t retention_ms,
				struct house_gone *out_gone);

#endif
