/*
 * NAME     vault_input - passphrases, passwords, credentials and certificates for `pagepost vault` and `keeper`
 * RULE     a terminal does not show what is typed and is asked on standard error; otherwise one line of
 *          standard input is taken each time, no byte more. What was read lives in secrets only
 * FAULTS   BAD_FIELD (too long, not equal, too short, cancelled), VAULT_IO, with a sentence
 */
#ifndef RELAY_COMMAND_VAULT_INPUT_H
#define RELAY_COMMAND_VAULT_INPUT_H

#include "spool-free/base/arena.h"
#include "spool-free/base/problem.h"
#include "spool-free/base/secret.h"

enum { PASSPHRASE_MIN = 8 };

MUST_USE enum fault vault_input_line(const char *prompt, struct secret **out_line,
				     struct problem *p);
/* The same for what may be longer: at most VAULT_REFRESH_MAX bytes. */
MUST_USE enum fault vault_input_long_line(const char *prompt, struct secret **out_line,
					  struct problem *p);
/* Asked twice on a terminal; at least PASSPHRASE_MIN bytes. */
MUST_USE enum fault vault_input_new_passphrase(struct secret **out_phrase, struct problem *p);

/* The same, for a file that one tenant goes into. */
MUST_USE enum fault vault_input_export_passphrase(struct secret **out_phrase, struct problem *p);

MUST_USE enum fault vault_input_credential(const char *file, struct secret **out_bytes,
					   struct problem *p);
/* The same; where there is no such file, one is made: 32 random bytes, for its owner alone. */
MUST_USE enum fault vault_input_new_credential(const char *file, struct secret **out_bytes,
					       struct problem *p);
/* The whole of a file, at most `most` bytes, in a secret that may be changed at `*out_room`. */
MUST_USE enum fault vault_input_file(const char *file, size_t most, struct secret **out_whole,
				     char **out_room, size_t *out_len, struct problem *p);
/* --half-file: a tenant's half of its key, VAULT_HALF raw bytes. */
MUST_USE enum fault vault_input_half(const char *file, struct secret **out_half, struct problem *p);
/* The text of a file that is no secret. */
MUST_USE enum fault vault_input_text(const char *file, size_t most, struct arena *into,
				     struct slice *out_text, struct problem *p);
/* Of a file: all of it, or its one line without the line's end. */
MUST_USE enum fault vault_input_secret(const char *file, size_t most, struct secret **out_secret,
				       struct problem *p);
MUST_USE enum fault vault_input_secret_line(const char *file, size_t most, struct secret **out_line,
					    struct problem *p);
MUST_USE enum fault vault_input_certificates(const char *file, struct arena *into,
					     struct slice *out_pem, struct problem *p);

#endif
