/*
 * NAME     assign - a record's field from the text that an admin entered, by the table of fields
 * TYPES    't' text, 'n' decimal digits, 'b' yes or no, 'l' a list's items with a line end between, '0' to be forgotten. Text is
 *          taken for any of them; whether the value may be is for vault_record_check() to say
 * OWNS     nothing; texts are copied into the arena, a secret is the record's
 * FAULTS   BAD_RECORD with a sentence (no such key, or of another type), NO_MEMORY
 * THREADS  any
 */
#ifndef CONFIG_VAULT_ASSIGN_H
#define CONFIG_VAULT_ASSIGN_H

#include "config/vault/fields.h"

/* What names a record is no matter of this: its tenant, its name, a token's hash. */
MUST_USE enum fault vault_assign(struct vault_record *r, struct slice key, char type,
				 struct slice value, struct arena *into, struct problem *p);

/* NULL for a key that there is not, or that an admin does not set. */
const struct vault_field *vault_assignable(enum vault_kind kind, struct slice key);
/* The type as above of what a field holds; 's' of a secret. */
char vault_field_letter(const struct vault_field *field);

#endif
