/*
 * NAME     caller - what a request says about who asks: a bearer token (RFC 6750 2.1)
 * OWNS     nothing; only a token's SHA-256 leaves this place (the vault holds no more than that)
 * FAULTS   NO_CALLER, with a sentence that tells a missing token from one that cannot be ours
 */
#ifndef RELAY_INTAKE_CALLER_H
#define RELAY_INTAKE_CALLER_H

#include "spool-free/base/digest.h"
#include "spool-free/base/problem.h"
#include "spool-free/base/secret.h"

/* "pp_" and 32 random bytes as base64url without padding. */
enum { CALLER_TOKEN_LEN = 3 + 43, CALLER_TOKEN_RANDOM = 32 };

/* The token of an Authorization field; empty when there is none or it is of another scheme. */
struct slice caller_bearer(struct slice authorization);
/* Checks a token's form and gives the hash under which the keeper knows it. */
MUST_USE enum fault caller_token_hash(struct slice token, unsigned char out_hash[DIGEST_LEN],
				      struct problem *problem);
/* A new one out of chance, which is the caller's to wipe. NO_MEMORY. */
MUST_USE enum fault caller_token_make(const unsigned char random[CALLER_TOKEN_RANDOM],
				      struct secret **out_token);

#endif
