/*
 * NAME     house_answers - what the keeper answers of the house's own keys: a day's key for tags, signed receipts, public keys
 * NEEDS    the keys to be there: house_keys_make() before it, where they are not
 * LIMIT    keys of HOUSE_DAYS days before `today`, of it and of the day after it: older tags are nobody's to find
 * FAULTS   travel inside the answer (wire_result_of) with a sentence; only NO_MEMORY is its own
 * THREADS  as the vault
 */
#ifndef CONFIG_KEEPER_HOUSE_ANSWERS_H
#define CONFIG_KEEPER_HOUSE_ANSWERS_H

#include "config/vault/vault.h"
#include "config/keeper/wire.h"

enum { HOUSE_DAYS = 31 };

bool house_is_request(const struct wire_message *request);

MUST_USE enum fault house_answer(const struct vault *v, const struct wire_message *request,
				 int64_t today, struct secret **out_frame);

#endif
