/*
 * NAME     vault_google - the JSON file that Google hands out with a service account's key
 * TAKES    client_email, private_key, private_key_id and token_uri; what else stands there is passed over
 * FAULTS   BAD_FIELD with a sentence, VAULT_IO, NO_MEMORY
 */
#ifndef RELAY_COMMAND_VAULT_GOOGLE_H
#define RELAY_COMMAND_VAULT_GOOGLE_H

#include "spool-free/base/arena.h"
#include "spool-free/base/problem.h"
#include "spool-free/job/server.h"

enum { VAULT_GOOGLE_MAX = 16 * 1024 };

/* Sets client, key, its id and, where none was set, the token endpoint. The texts lie in `into`. */
MUST_USE enum fault vault_google_read(const char *file, struct arena *into,
				      struct oauth_client *out_client, struct problem *p);

#endif
