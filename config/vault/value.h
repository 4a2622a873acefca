/*
 * NAME     value - what the values of the vault's records must be like
 * SEE      RFC 1123 2.1 (host names), RFC 4291 (IPv6 addresses), RFC 7468 (PEM)
 */
#ifndef CONFIG_VAULT_VALUE_H
#define CONFIG_VAULT_VALUE_H

#include "spool-free/base/slice.h"

enum {
	VAULT_NAME_MAX = 64, /* tenant ids and server names */
	VAULT_SECRET_MAX = 1024,
	VAULT_CA_MAX = 16 * 1024,
	VAULT_HASH_HEX = 64,
};

bool vault_is_name(struct slice name); /* 1 to VAULT_NAME_MAX of a-z 0-9 - */
bool vault_is_host(
	struct slice host);	     /* a name, or an IP address; relay/net resolves and vets it */
bool vault_is_block(struct slice s); /* lines of ASCII, at most VAULT_CA_MAX bytes */
bool vault_is_password(struct slice s);
bool vault_is_hash(struct slice s); /* a SHA-256 as lower-case hexadecimal digits */

#endif
