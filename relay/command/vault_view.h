/*
 * NAME     vault_view - what a row of each kind of record shows in a list: its columns and their cells
 * OWNS     nothing; cells are literals, texts of the record, or lie in the session's arena
 * RULE     a cell that has nothing to say is "-". Of secrets, only that there is one
 * LIMITS   what a server's or a policy's last cell joins is bounded; a detail that finds no room is left out as a whole
 */
#ifndef RELAY_COMMAND_VAULT_VIEW_H
#define RELAY_COMMAND_VAULT_VIEW_H

#include "relay/command/vault_session.h"
#include "relay/command/vault_table.h"

struct vault_view {
	const char *plural; /* in JSON */
	struct slice head[VAULT_COLUMNS_MAX];
	size_t columns;
	void (*show)(struct vault_session *s, struct slice *cells, const struct vault_record *r);
};

/* Of tenants, tokens, servers, policies and AWS accounts: the kinds that are listed. */
const struct vault_view *vault_view_of(enum vault_kind kind);

#endif
