/*
 * NAME     answers - what the keeper says to each request: the opened vault and a message in, a frame out
 * OWNS     nothing; every record it opens is wiped before it returns
 * FAULTS   travel inside the answer (wire_result_of); only NO_MEMORY and TOO_LARGE are its own
 * THREADS  as the vault
 */
#ifndef CONFIG_KEEPER_ANSWERS_H
#define CONFIG_KEEPER_ANSWERS_H

#include "config/vault/vault.h"
#include "config/keeper/wire.h"

MUST_USE enum fault keeper_answer(const struct vault *v, const struct wire_message *request,
				  struct secret **out_frame);

#endif
