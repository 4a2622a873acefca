/*
 * NAME     value - what the values of the vault's records must be like
 * SEE      RFC 1123 2.1 (host names), RFC 4291 (IPv6 addresses), RFC 7468 (PEM), RFC 6376 3.1 (selectors), RFC 6749 3.2
 *          (token endpoints)
 */
#ifndef CONFIG_VAULT_VALUE_H
#define CONFIG_VAULT_VALUE_H

#include "spool-free/base/slice.h"

enum {
	VAULT_NAME_MAX = 64,	  /* tenant ids and server names */
	VAULT_SECRET_MAX = 1024,  /* passwords, clients' secrets */
	VAULT_REFRESH_MAX = 4096, /* refresh tokens */
	VAULT_KEY_MAX = 8 * 1024, /* private keys as PEM */
	VAULT_ASCII_MAX = 1024,	  /* addresses of token endpoints, scopes */
	VAULT_CA_MAX = 16 * 1024,
	VAULT_HASH_HEX = 64,
	VAULT_LIST_MAX = 200, /* lines of a list */
	VAULT_BYTES_MAX = 1024 * 1024 * 1024,
};

bool vault_is_name(struct slice name); /* 1 to VAULT_NAME_MAX of a-z 0-9 - */
bool vault_is_host(
	struct slice host);	      /* a name, or an IP address; relay/net resolves and vets it */
bool vault_is_block(struct slice s);  /* lines of ASCII, at most VAULT_CA_MAX bytes */
bool vault_is_domain(struct slice s); /* labels with dots between, as of a host name */
bool vault_is_https(struct slice url);		 /* https://host[:port][/path][?query] */
bool vault_is_text(struct slice s, size_t most); /* UTF-8; no control but line ends and tabs */
bool vault_is_ascii(struct slice s); /* printable, blanks too; at most VAULT_ASCII_MAX */
bool vault_is_secret(struct slice s, size_t most); /* any bytes but NUL */
bool vault_is_hash(struct slice s);		   /* a SHA-256 as lower-case hexadecimal digits */

#endif
