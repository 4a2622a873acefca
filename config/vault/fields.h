/*
 * NAME     fields - the keys of each kind of record: their type, their place in the struct, what their values must be
 * RULE     a new key is one row; reading, writing and checking follow from it
 * SEE      record.h
 */
#ifndef CONFIG_VAULT_FIELDS_H
#define CONFIG_VAULT_FIELDS_H

#include "config/vault/record.h"

enum vault_field_type {
	FIELD_NAME,    /* [a-z0-9-] */
	FIELD_LINE,    /* header-safe UTF-8 */
	FIELD_ASCII,   /* one line of it */
	FIELD_HEX,     /* a SHA-256 */
	FIELD_HOST,    /* a host name or an address */
	FIELD_DOMAIN,  /* labels with dots between */
	FIELD_HTTPS,   /* an address */
	FIELD_MAILBOX, /* local@domain */
	FIELD_BLOCK,   /* ASCII text of several lines */
	FIELD_LINES,   /* a list: lines as of FIELD_LINE */
	FIELD_MAILBOXES,
	FIELD_HOSTS,  /* hosts; with a dot before it, a domain and all below it */
	FIELD_TEXT,   /* UTF-8 of several lines, at most `most` bytes */
	FIELD_SECRET, /* at most `most` bytes */
	FIELD_PORT,
	FIELD_COUNT, /* at most `most`; 0 is as good as none */
	FIELD_LIMIT, /* at most `most`; kept with 1 added, and 0 is none */
	FIELD_WORD,  /* one of `words`; stored as their index, and 0 is as good as none */
};

struct vault_field {
	const char *key;
	enum vault_field_type type;
	bool needed;
	size_t offset; /* in the kind's struct */
	const char *const *words;
	uint32_t most;
};

/* Types whose value is a slice come first. */
bool vault_field_is_text(const struct vault_field *field);

/* How a sentence about one begins: "The AWS account's", "An AWS account record". */
const char *vault_kind_whose(enum vault_kind kind);
const char *vault_kind_record(enum vault_kind kind);

/* The largest body, padded: what a job needs of all kinds goes into one answer of the keeper. */
size_t vault_kind_most(enum vault_kind kind);
/* Ends with a row without a key; fewer than 64. */
const struct vault_field *vault_fields_of(enum vault_kind kind);

struct slice vault_field_text(const struct vault_record *r, const struct vault_field *field);
/* NULL: there is none. */
struct secret *vault_field_secret(const struct vault_record *r, const struct vault_field *field);
/* Of a port, a count, a word. */
uint32_t vault_field_number(const struct vault_record *r, const struct vault_field *field);

void vault_field_set_text(struct vault_record *r, const struct vault_field *field, struct slice s);
void vault_field_set_secret(struct vault_record *r, const struct vault_field *field,
			    struct secret *s); /* in place of none */
void vault_field_set_number(struct vault_record *r, const struct vault_field *field,
			    uint32_t number);

/* "The server's 'port' " and `why`; BAD_RECORD. */
enum fault vault_field_refuse(const struct vault_record *r, const struct vault_field *field,
			      const char *why, struct problem *p);

/* "... must be "one" or "another"." */
enum fault vault_field_refuse_word(const struct vault_record *r, const struct vault_field *field,
				   struct problem *p);

#endif
