/*
 * NAME     vault_table - rows of cells on a terminal, and records as JSON or as lines of key and value
 * OWNS     nothing; cells and texts lie in the arena
 * RULE     what may not reach a terminal is shown as '?'. A secret is never shown: only whether there is one
 * JSON     every key of a kind, always; null where nothing is said; yes and no as booleans; lists as arrays
 */
#ifndef RELAY_COMMAND_VAULT_TABLE_H
#define RELAY_COMMAND_VAULT_TABLE_H

#include "spool-free/base/arena.h"
#include "spool-free/base/json.h"
#include "config/vault/record.h"

enum { VAULT_COLUMNS_MAX = 9 };

struct vault_row {
	struct slice cells[VAULT_COLUMNS_MAX];
	struct slice json; /* what stands for the row there */
};

/* Printed when the width of each column is known. */
struct vault_table {
	struct arena *arena;
	size_t columns;
	size_t count;
	size_t room;
	struct vault_row *rows; /* the first one is the head */
};

MUST_USE enum fault vault_table_start(struct vault_table *t, struct arena *a,
				      const struct slice *head, size_t columns, size_t rows_max);
/* NULL: there is no room. */
struct vault_row *vault_table_row(struct vault_table *t);
/* By the first two cells. */
void vault_table_sort(struct vault_table *t);
void vault_table_print(const struct vault_table *t);

/* Numbers, and what was joined, as texts of the arena; "?" without memory. */
struct slice vault_number_text(struct arena *a, uint64_t number);

/* The record's fields, without the braces around them. */
void vault_json_fields(struct json_writer *w, const struct vault_record *r);
/* A row for each field that says something. */
MUST_USE enum fault vault_table_fields(struct vault_table *t, const struct vault_record *r);

#endif
